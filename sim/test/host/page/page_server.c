/* The live page without a board: a picture that moves and carries its number, LEDs, console, and an
 * echo of what is typed. For the test in a browser. Prints its address; ends with its input. */
#include "sim/host/web.h"

#include "sim/board/board.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAND = 40 };

/* A gradient, four corner colours, and a bar whose place tells the frame. */
static void paint(uint8_t *rgb, unsigned frame)
{
    for (unsigned y = 0; y < PANEL_HEIGHT; y++)
        for (unsigned x = 0; x < PANEL_WIDTH; x++, rgb += 3) {
            bool bar = x / BAND == frame % (PANEL_WIDTH / BAND) && y / BAND == 6;
            rgb[0] = bar ? 255 : (uint8_t)(x * 255 / PANEL_WIDTH);
            rgb[1] = bar ? 255 : (uint8_t)(y * 255 / PANEL_HEIGHT);
            rgb[2] = bar ? 255 : (uint8_t)(255 - x * 255 / PANEL_WIDTH);
        }
}

static void echo(struct web *web, const struct action *action)
{
    char text[512];
    int size = 0;
    if (action->kind == ACTION_TYPE)
        size = snprintf(text, sizeof text, "typed %.*s\r\n", (int)action->typed_count,
                        (const char *)action->typed);
    else if (action->kind == ACTION_TOUCH)
        size = snprintf(text, sizeof text, "touched %u %u\r\n", action->x, action->y);
    else if (action->kind == ACTION_LIFT)
        size = snprintf(text, sizeof text, "lifted\r\n");
    else
        size = snprintf(text, sizeof text, "%s %s\r\n",
                        action->kind == ACTION_PRESS ? "pressed" : "released", action->button);
    web_console(web, (const uint8_t *)text, (size_t)size);
}

int main(int argc, char **argv)
{
    static uint8_t rgb[PANEL_WIDTH * PANEL_HEIGHT * 3];
    struct failure failure;
    struct web *web = web_start(argc > 1 ? argv[1] : "127.0.0.1:0", &failure);
    if (!web) {
        fprintf(stderr, "%s\n", failure.text);
        return 2;
    }
    printf("%s\n", web_url(web));
    fflush(stdout);
    static const char hello[] = "hello <b>board</b> & \xc3\xa9\r\n";
    web_console(web, (const uint8_t *)hello, sizeof hello - 1);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (unsigned tick = 0; poll(&input, 1, 10) == 0; tick++) {
        struct action action;
        while (web_next_action(web, &action)) {
            echo(web, &action);
            action_free(&action);
        }
        if (tick % 3 == 0 && web_wants_picture(web)) { /* 33 a second, as a camera at 30 */
            paint(rgb, tick / 3);
            web_picture(web, rgb);
        }
        struct web_status status = {.time = tick * 10 * SIM_MS,
                                    .speed = 1,
                                    .load = {0.0625, -1},
                                    .panel = true,
                                    .led = {true, tick / 50 % 2, false, true},
                                    .frames = tick / 3};
        if (tick % 10 == 0)
            web_status(web, &status);
    }
    web_stop(web);
    return 0;
}
