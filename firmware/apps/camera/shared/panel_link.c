#include "shared/panel_link.h"

#include <stdlib.h>

const struct panel_mode panel_modes[PANEL_MODES] = {
    {640, 480, 30},
    {320, 240, 60},
    {800, 480, 30},
};

enum touch_stroke touch_stroke_of(int to_right, int to_bottom)
{
    int wide = abs(to_right), high = abs(to_bottom);
    if (wide >= TOUCH_STROKE_PIXELS && wide >= 2 * high)
        return to_right > 0 ? STROKE_RIGHT : STROKE_LEFT;
    if (high >= TOUCH_STROKE_PIXELS && high >= 2 * wide)
        return to_bottom > 0 ? STROKE_DOWN : STROKE_UP;
    return STROKE_NONE;
}
