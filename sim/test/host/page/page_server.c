/* page_server ADDR:PORT [IMAGE]: the live page without a board: a picture that moves and carries its
 * number, LEDs, console, the files of an image, and an echo of what is ordered. For the tests in a browser
 * and of what comes to it. Prints its address; ends with its input. */
#include "sim/board/board.h"
#include "sim/host/scratch.h"
#include "sim/host/web.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

static void say(struct web *web, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct web *web, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    web_console(web, (const uint8_t *)text, (size_t)size);
}

/* A file that a browser brought: its name, size and the sum of its bytes. It is gone then. */
static void say_file(struct web *web, const char *what, const char *path)
{
    unsigned long size = 0, sum = 0;
    FILE *file = fopen(path, "rb");
    for (int byte; file && (byte = fgetc(file)) != EOF; size++)
        sum += (unsigned)byte;
    if (file)
        fclose(file);
    say(web, "%s %s %lu %lu\r\n", what, scratch_name(path), size, sum);
    unlink(path);
}

/* What a browser's camera sees: its size and the colour in the middle. */
static void say_browser(struct web *web, struct live_picture *browser)
{
    uint64_t number;
    const struct picture *picture = live_picture_take(browser, &number);
    const uint8_t *middle =
        &picture->rgb[(picture->height / 2 * picture->width + picture->width / 2) * 3];
    say(web, "browser %ux%u %d %d %d\r\n", picture->width, picture->height, middle[0] / 64,
        middle[1] / 64, middle[2] / 64);
}

static void echo_camera(struct web *web, const struct action *action, struct live_picture *browser)
{
    if (action->scratch)
        say_file(web, "camera", action->source);
    else if (strcmp(action->source, "browser") == 0)
        say_browser(web, browser);
    else
        say(web, "camera %s\r\n", action->source);
}

static void echo_plug(struct web *web, const struct action *action)
{
    if (action->plug.scratch)
        say_file(web, "plugged", action->plug.image);
    else
        say(web, "plugged %s\r\n", action->again ? "again" : "fresh");
}

static void echo_action(struct web *web, const struct action *action, struct live_picture *browser)
{
    switch (action->kind) {
    case ACTION_TYPE:
        say(web, "typed %.*s\r\n", (int)action->typed_count, (const char *)action->typed);
        break;
    case ACTION_TOUCH:
        say(web, "touched %u %u by %u\r\n", action->x, action->y, action->finger);
        break;
    case ACTION_LIFT:
        say(web, "lifted %u\r\n", action->finger);
        break;
    case ACTION_PLUG:
        echo_plug(web, action);
        break;
    case ACTION_UNPLUG:
        say(web, "pulled\r\n");
        break;
    case ACTION_CAMERA:
        echo_camera(web, action, browser);
        break;
    case ACTION_RESET:
        say(web, "reset\r\n");
        break;
    default:
        say(web, "%s %s\r\n", action->kind == ACTION_PRESS ? "pressed" : "released",
            action->button);
    }
}

static void echo(struct web *web, const struct web_order *order, struct web_status *status,
                 struct live_picture *browser)
{
    switch (order->kind) {
    case WEB_ACTION:
        echo_action(web, &order->action, browser);
        break;
    case WEB_HOLD:
    case WEB_GO:
        status->held = order->kind == WEB_HOLD;
        break;
    case WEB_STEP:
        status->time += order->step;
        status->held = true;
        break;
    case WEB_PACE:
        status->real = order->real;
        break;
    }
}

static void tick(struct web *web, struct web_status *status, unsigned n)
{
    static uint8_t rgb[PANEL_WIDTH * PANEL_HEIGHT * 3];
    if (n % 3 == 0 && web_wants_picture(web)) { /* 33 a second, as a camera at 30 */
        paint(rgb, n / 3);
        web_picture(web, rgb);
    }
    if (!status->held)
        status->time += 10 * SIM_MS;
    status->led[1] = n / 50 % 2;
    status->frames = n / 3;
    status->notified[0] = status->time / (20 * SIM_MS); /* 50 a second */
    if (n % 10 == 0)
        web_status(web, status);
}

/* The stick's image, if one is named. */
static void show_stick(struct web *web, const char *path)
{
    struct connector_view view = {.state = CONNECTOR_PLUGGED,
                                  .name = "test.img",
                                  .sector_size = 512,
                                  .descriptor = path ? open(path, O_RDONLY | O_CLOEXEC) : -1};
    struct stat status;
    if (view.descriptor < 0 || fstat(view.descriptor, &status) != 0)
        return;
    view.sectors = (uint64_t)status.st_size / 512;
    web_stick(web, &view);
    close(view.descriptor);
}

int main(int argc, char **argv)
{
    struct failure failure;
    struct live_picture browser;
    live_picture_init(&browser);
    struct web *web = web_start(argc > 1 ? argv[1] : "127.0.0.1:0", &browser, &failure);
    if (!web) {
        fprintf(stderr, "%s\n", failure.text);
        return 2;
    }
    printf("%s\n", web_url(web));
    fflush(stdout);
    say(web, "hello <b>board</b> & \xc3\xa9\r\n");
    show_stick(web, argc > 2 ? argv[2] : NULL);
    struct web_status status = {.speed = 1,
                                .load = {0.0625, -1},
                                .panel = true,
                                .led = {true, false, false, true},
                                .camera = "scene",
                                .real = true};
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (unsigned n = 0; poll(&input, 1, 10) == 0; n++) {
        struct web_order order;
        while (web_next_order(web, &order)) {
            echo(web, &order, &status, &browser);
            web_order_free(&order);
        }
        tick(web, &status, n);
    }
    web_stop(web);
    live_picture_free(&browser);
    return 0;
}
