#include "sim/host/scene.h"

#include "sim/host/canvas.h"

#include <stdio.h>
#include <string.h>

/* Lengths are in heights of the picture, from its upper left corner; colours as 0xrrggbb. */
enum {
    SKY_TOP = 0x2a62b0,
    SKY_LOW = 0xf6c9a0,
    SUN = 0xfff4d0,
    CLOUD = 0xf3f6fa,
    INK = 0x1c2733,
    PAPER = 0xfbf7ee,
    SIGNAL = 0xd8412f,
};

static uint32_t mix(uint32_t a, uint32_t b, double share)
{
    uint32_t mixed = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        double from = a >> shift & 0xff, to = b >> shift & 0xff;
        mixed |= (uint32_t)(from + (to - from) * share + 0.5) << shift;
    }
    return mixed;
}

static void draw_sky(struct canvas *canvas)
{
    for (unsigned y = 0; y < canvas->height; y++) {
        double down = (y + 0.5) / canvas->height / 0.78;
        canvas_row(canvas, y, mix(SKY_TOP, SKY_LOW, down < 1 ? down * down * (3 - 2 * down) : 1));
    }
    double x = canvas->aspect * 0.72, y = 0.46;
    canvas_glow(canvas, x, y, 0.42, SUN, 0.75);
    canvas_disc(canvas, x, y, 0.085, SUN, 1);
}

/* Three ridges, the near ones darker. */
static void draw_hills(struct canvas *canvas)
{
    static const struct {
        double base, height, waves, phase;
        uint32_t colour;
    } ridges[] = {
        {0.66, 0.060, 0.9, 0.10, 0x8ea6b8},
        {0.75, 0.055, 1.3, 0.45, 0x5f8a76},
        {0.85, 0.045, 0.7, 0.80, 0x3c6a4c},
    };
    for (size_t n = 0; n < sizeof ridges / sizeof *ridges; n++)
        for (unsigned column = 0; column < canvas->width; column++) {
            double x = (column + 0.5) / canvas->height * ridges[n].waves + ridges[n].phase;
            double bump =
                canvas_sine(x) + 0.4 * canvas_sine(2.3 * x + 0.2) + 0.12 * canvas_sine(7.1 * x);
            canvas_column(canvas, column, ridges[n].base - ridges[n].height * bump,
                          ridges[n].colour);
        }
}

enum { TICKS = 12 };
static const double dial_x = 0.24, dial_y = 0.27, dial_radius = 0.17;

static void draw_dial(struct canvas *canvas)
{
    canvas_disc(canvas, dial_x, dial_y + 0.008, dial_radius + 0.016, INK, 0.25);
    canvas_disc(canvas, dial_x, dial_y, dial_radius + 0.010, INK, 1);
    canvas_disc(canvas, dial_x, dial_y, dial_radius, PAPER, 1);
    for (unsigned n = 0; n < TICKS; n++) {
        double x = canvas_sine(n / (double)TICKS), y = -canvas_sine(n / (double)TICKS + 0.25);
        double inner = dial_radius * (n % 3 ? 0.86 : 0.78), outer = dial_radius * 0.92;
        canvas_line(canvas, dial_x + x * inner, dial_y + y * inner, dial_x + x * outer,
                    dial_y + y * outer, n % 3 ? 0.003 : 0.005, INK, 1);
    }
}

static bool draw_still(struct scene *scene, unsigned width, unsigned height)
{
    picture_free(&scene->still);
    if (!picture_create(&scene->still, width, height))
        return false;
    struct canvas canvas = canvas_on(scene->still.rgb, width, height);
    draw_sky(&canvas);
    draw_hills(&canvas);
    draw_dial(&canvas);
    return true;
}

/* `turn` is in whole turns, clockwise from the top. */
static void draw_hand(struct canvas *canvas, double turn, double length, double thickness,
                      uint32_t colour)
{
    double x = canvas_sine(turn), y = -canvas_sine(turn + 0.25);
    canvas_line(canvas, dial_x - x * length * 0.16, dial_y - y * length * 0.16, dial_x + x * length,
                dial_y + y * length, thickness, colour, 1);
}

static void draw_clock(struct canvas *canvas, double seconds)
{
    char digits[32];
    draw_hand(canvas, seconds / 43200 + 10.0 / 12, dial_radius * 0.52, 0.0085, INK);
    draw_hand(canvas, seconds / 3600 + 9.0 / 60, dial_radius * 0.80, 0.0060, INK);
    draw_hand(canvas, seconds / 60, dial_radius * 0.86, 0.0028, SIGNAL);
    canvas_disc(canvas, dial_x, dial_y, 0.011, SIGNAL, 1);
    uint64_t hundredths = (uint64_t)(seconds * 100);
    snprintf(digits, sizeof digits, "%02u:%02u.%02u", (unsigned)(hundredths / 6000 % 100),
             (unsigned)(hundredths / 100 % 60), (unsigned)(hundredths % 100));
    canvas_line(canvas, dial_x - 0.135, 0.525, dial_x + 0.135, 0.525, 0.047, INK, 0.72);
    canvas_digits(canvas, dial_x, 0.525, 0.052, digits, PAPER);
}

/* Each cloud is a row of discs; it drifts and comes back on the other side. */
static void draw_cloud(struct canvas *canvas, double x, double y, double size)
{
    static const struct {
        double x, y, radius;
    } puffs[] = {{-0.9, 0.1, 0.42}, {-0.35, -0.15, 0.60}, {0.3, -0.05, 0.52}, {0.85, 0.12, 0.38}};
    for (size_t n = 0; n < sizeof puffs / sizeof *puffs; n++)
        canvas_disc(canvas, x + puffs[n].x * size, y + puffs[n].y * size, puffs[n].radius * size,
                    CLOUD, 1);
}

static void draw_clouds(struct canvas *canvas, double seconds)
{
    double span = canvas->aspect + 0.5;
    for (unsigned n = 0; n < 2; n++) {
        double way = seconds * (0.035 + 0.02 * n) + 0.9 * n + 0.55;
        way -= span * (double)(uint64_t)(way / span);
        draw_cloud(canvas, way - 0.25, 0.13 + 0.17 * n, 0.095 - 0.02 * n);
    }
}

static void draw_balloon(struct canvas *canvas, double seconds)
{
    double x = canvas->aspect * 0.60 + 0.20 * canvas_sine(seconds / 9);
    double y = 0.36 + 0.10 * canvas_sine(seconds / 6 + 0.1), radius = 0.105;
    static const uint32_t stripes[] = {0xc7362b, 0xf3b33d, 0xd94f35, 0xf8d27a};
    for (int side = -1; side <= 1; side += 2)
        canvas_line(canvas, x + side * radius * 0.75, y + radius * 0.68, x + side * 0.020,
                    y + radius * 1.75, 0.0022, INK, 1);
    canvas_line(canvas, x, y + radius * 0.3, x, y + radius * 1.22, 0.03, stripes[1], 1);
    for (unsigned n = 0; n < 4; n++) /* nested ellipses of the same height make the stripes */
        canvas_ellipse(canvas, x, y, radius * (1 - 0.27 * n), radius, stripes[n]);
    canvas_disc(canvas, x - radius * 0.35, y - radius * 0.4, radius * 0.28, 0xffffff, 0.18);
    canvas_line(canvas, x - 0.012, y + radius * 1.86, x + 0.012, y + radius * 1.86, 0.017, 0x6b4428,
                1);
}

bool scene_draw(struct scene *scene, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    if (scene->still.width != width || scene->still.height != height)
        if (!draw_still(scene, width, height))
            return false;
    memcpy(rgb, scene->still.rgb, (size_t)width * height * 3);
    struct canvas canvas = canvas_on(rgb, width, height);
    double seconds = (double)(time / SIM_US) / 1e6;
    draw_clouds(&canvas, seconds);
    draw_balloon(&canvas, seconds);
    draw_clock(&canvas, seconds);
    return true;
}

void scene_free(struct scene *scene)
{
    picture_free(&scene->still);
}
