/* Orise Tech OTM8009A, of the panel's first revision. Identification: data sheet 5.2.45 to 5.2.52. */
#include "sim/board/panel.h"

const struct panel_model otm8009a_model = {
    .name = "OTM8009A",
    .id = {0x40, 0x00, 0x00},
    .supplier = {0x01, 0x8b, 0x80, 0x09, 0xff},
    .colour_format = 0x77,
};
