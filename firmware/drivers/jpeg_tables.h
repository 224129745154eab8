/* The tables of ITU-T T.81 annex K, for luminance (0) and chrominance (1). Data for drivers/jpeg.c. */
#ifndef DRIVERS_JPEG_TABLES_H
#define DRIVERS_JPEG_TABLES_H

#include <stdint.h>

enum { JPEG_DC_SYMBOLS = 12, JPEG_AC_SYMBOLS = 162, JPEG_COEFFICIENTS = 64 };

/* How many codes of 1 to 16 bits, and the symbols in the order of their codes. */
struct jpeg_dc_table {
    uint8_t bits[16], symbols[JPEG_DC_SYMBOLS];
};
struct jpeg_ac_table {
    uint8_t bits[16], symbols[JPEG_AC_SYMBOLS];
};

extern const struct jpeg_dc_table jpeg_dc[2];
extern const struct jpeg_ac_table jpeg_ac[2];
extern const uint8_t jpeg_quantisers[2][JPEG_COEFFICIENTS]; /* quality 50, in zigzag order */

#endif
