/*
 * The arithmetic of the JPEG codec: one conversion between samples in minimum coded units, as the
 * block's FIFOs carry them, and a baseline JPEG stream (ITU-T T.81). libjpeg does the work, a row of
 * units at a time.
 *
 * Samples: unit by unit, in each the blocks of component 0, then of 1 and so on, each of 8 by 8
 * samples row by row, unsigned, chroma around 128.
 */
#ifndef SIM_SOC_JPEG_CODEC_H
#define SIM_SOC_JPEG_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JPEG_COMPONENTS = 4, JPEG_QUANTISERS = 4, JPEG_HUFFMANS = 2 };

struct jpeg_shape {
    unsigned width, height; /* pixels, at least 1 */
    unsigned components;    /* 1 to 4 */
    struct jpeg_component {
        uint8_t horizontal, vertical; /* sampling factors, 1 to 4 */
        uint8_t quantiser, dc, ac;    /* numbers of its tables */
    } component[JPEG_COMPONENTS];
};

struct jpeg_huffman {
    uint8_t bits[16];    /* how many codes of 1 to 16 bits */
    uint8_t symbol[256]; /* in the order of the codes */
};

struct jpeg_tables {
    uint8_t quantiser[JPEG_QUANTISERS][64]; /* in zigzag order */
    struct jpeg_huffman dc[JPEG_HUFFMANS], ac[JPEG_HUFFMANS];
};

struct jpeg_codec;

/* The encoder of one picture; `header`: markers before and after the coded segment. NULL: out of
 * memory. What is wrong with the arguments shows as jpeg_codec_error(). */
struct jpeg_codec *jpeg_encoder(const struct jpeg_shape *shape, const struct jpeg_tables *tables,
                                bool header);
/* The decoder of one picture, which begins with its headers. NULL: out of memory. */
struct jpeg_codec *jpeg_decoder(void);
void jpeg_codec_free(struct jpeg_codec *codec); /* NULL is allowed */

/* Takes input; `count` is a multiple of 4, what comes after the picture's end is ignored. */
void jpeg_codec_feed(struct jpeg_codec *codec, const uint8_t *bytes, size_t count);
/* Bytes of output that wait, and takes up to `count` of them. */
size_t jpeg_codec_pending(const struct jpeg_codec *codec);
size_t jpeg_codec_take(struct jpeg_codec *codec, uint8_t *bytes, size_t count);

/* All output of the picture is made; some may wait. */
bool jpeg_codec_finished(const struct jpeg_codec *codec);
/* Why it cannot go on; NULL: it can. */
const char *jpeg_codec_error(const struct jpeg_codec *codec);
/* Decoder: what the headers said; false: they are not over. */
bool jpeg_decoder_header(const struct jpeg_codec *codec, struct jpeg_shape *shape,
                         struct jpeg_tables *tables);

#endif
