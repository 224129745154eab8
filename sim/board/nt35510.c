/* Novatek NT35510, of the panel's later revisions. Identification: data sheet 6.1. */
#include "sim/board/panel.h"

const struct panel_model nt35510_model = {
    .name = "NT35510",
    .id = {0x00, 0x80, 0x00},
    .supplier = {0x55, 0x10, 0x00, 0x00, 0xff},
    .colour_format = 0x77,
};
