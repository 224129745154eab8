#include "shared/panel_link.h"

const struct panel_mode panel_modes[PANEL_MODES] = {
    {640, 480, 30},
    {320, 240, 60},
    {800, 480, 30},
};
