#include "sim/host/input.h"

#include "sim/host/file.h"
#include "sim/host/json.h"
#include "sim/host/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_button(struct action *action, const struct json_value *value,
                         struct failure *failure)
{
    static const char *const buttons[] = {"WAKEUP", "SELECT", "DOWN", "LEFT", "RIGHT", "UP"};
    if (value->kind == JSON_STRING)
        for (size_t n = 0; n < sizeof buttons / sizeof *buttons; n++)
            if (strcmp(value->string, buttons[n]) == 0) {
                strcpy(action->button, buttons[n]);
                return true;
            }
    return failed(failure, "no such button; there are WAKEUP, SELECT, DOWN, LEFT, RIGHT and UP");
}

static bool parse_finger(struct action *action, const struct json_value *value,
                         struct failure *failure)
{
    bool is_number = value && value->kind == JSON_NUMBER;
    if (!value || value->kind == JSON_TRUE || value->kind == JSON_NULL)
        return true;
    if (!is_number || (value->number != 0 && value->number != 1))
        return failed(failure, "a finger is 0 or 1");
    action->finger = value->number > 0;
    return true;
}

static bool parse_touch(struct action *action, const struct json_value *value,
                        struct failure *failure)
{
    bool two = value->kind == JSON_NUMBERS && value->count == 2;
    if (!two || !(value->numbers[0] >= 0 && value->numbers[0] < PANEL_WIDTH) ||
        !(value->numbers[1] >= 0 && value->numbers[1] < PANEL_HEIGHT))
        return failed(failure, "\"touch\" is a place on the panel: [0 to %d, 0 to %d]",
                      PANEL_WIDTH - 1, PANEL_HEIGHT - 1);
    action->x = (unsigned)value->numbers[0];
    action->y = (unsigned)value->numbers[1];
    return true;
}

static bool parse_typed(struct action *action, const struct json_value *value,
                        struct failure *failure)
{
    if (value->kind != JSON_STRING)
        return failed(failure, "\"type\" is a string");
    action->typed = malloc(value->length + 1);
    if (!action->typed)
        return failed(failure, "out of memory");
    memcpy(action->typed, value->string, value->length);
    action->typed_count = value->length;
    return true;
}

static bool parse_screenshot(struct action *action, const struct json_value *value,
                             struct failure *failure)
{
    if (value->kind != JSON_STRING || !value->length || memchr(value->string, 0, value->length))
        return failed(failure,
                      "\"screenshot\" is a string, the file that gets the panel's picture");
    action->typed = malloc(value->length + 1);
    if (!action->typed)
        return failed(failure, "out of memory");
    memcpy(action->typed, value->string, value->length);
    action->typed[value->length] = 0;
    return true;
}

/* True: what was pulled out last. */
static bool parse_plug(struct action *action, const struct json_value *value,
                       struct failure *failure)
{
    bool card = action->kind == ACTION_INSERT;
    action->again = !card && value->kind == JSON_TRUE;
    if (action->again)
        return true;
    if (value->kind != JSON_STRING)
        return failed(failure, card ? "\"insert\" is a string as --card takes it"
                                    : "\"plug\" is a string as --stick takes it, or true");
    return plug_parse(&action->plug, card ? PLUG_CARD : PLUG_STICK, value->string, failure);
}

/* True: what it saw first. */
static bool parse_camera(struct action *action, const struct json_value *value,
                         struct failure *failure)
{
    if (value->kind == JSON_TRUE)
        return true;
    if (value->kind != JSON_STRING || !*value->string)
        return failed(failure, "\"camera\" is a string as --camera takes it, or true");
    action->source = strdup(value->string);
    return action->source || failed(failure, "out of memory");
}

/* "PA6=1" */
static bool parse_pin(struct action *action, const struct json_value *value,
                      struct failure *failure)
{
    const char *text = value->kind == JSON_STRING ? value->string : "";
    char port, more;
    int level;
    bool good = sscanf(text, "P%c%u=%d%c", &port, &action->pin, &level, &more) == 3 &&
                port >= 'A' && port < 'A' + SOC_PORTS && action->pin < SOC_PINS &&
                (level == 0 || level == 1);
    if (!good)
        return failed(failure, "\"pin\" is a pin of the chip and its level: \"PA6=1\"");
    action->port = (unsigned)(port - 'A');
    action->level = level;
    return true;
}

static bool parse_time_member(struct action *action, const struct json_object *object,
                              struct failure *failure)
{
    const struct json_value *t = json_member(object, "t");
    if (!t || t->kind != JSON_NUMBER || !(t->number >= 0 && t->number <= 1.8e13))
        return failed(failure, "\"t\" is missing, or is not the board time in microseconds");
    action->time = (sim_time)(t->number * 1e6 + 0.5);
    return true;
}

static bool parse_what(struct action *action, const char *name, const struct json_value *value,
                       struct failure *failure)
{
    switch (action->kind) {
    case ACTION_PRESS:
    case ACTION_RELEASE:
        return parse_button(action, value, failure);
    case ACTION_TOUCH:
        return parse_touch(action, value, failure);
    case ACTION_LIFT:
        return parse_finger(action, value, failure);
    case ACTION_TYPE:
        return parse_typed(action, value, failure);
    case ACTION_PLUG:
    case ACTION_INSERT:
        return parse_plug(action, value, failure);
    case ACTION_CAMERA:
        return parse_camera(action, value, failure);
    case ACTION_PIN:
        return parse_pin(action, value, failure);
    case ACTION_UNPLUG:
    case ACTION_EJECT:
    case ACTION_RESET:
        return true;
    case ACTION_SCREENSHOT:
        return parse_screenshot(action, value, failure);
    case ACTION_KINDS:
        break;
    }
    return failed(failure, "unknown \"%s\"", name);
}

static const char *const names[ACTION_KINDS] = {"press",  "release", "touch",     "lift",  "type",
                                                "plug",   "unplug",  "insert",    "eject", "pin",
                                                "camera", "reset",   "screenshot"};
static const char names_in_words[] =
    "press, release, touch, lift, type, plug, unplug, insert, eject, pin, camera, reset, "
    "screenshot";

/* ACTION_KINDS: no such action. */
static enum action_kind kind_named(const char *name)
{
    unsigned kind = 0;
    while (kind < ACTION_KINDS && strcmp(name, names[kind]) != 0)
        kind++;
    return (enum action_kind)kind;
}

static bool parse_member(struct action *action, const char *name, const struct json_value *value,
                         bool *found, struct failure *failure)
{
    enum action_kind kind = kind_named(name);
    if (kind < ACTION_KINDS) {
        if (*found)
            return failed(failure, "one line is one action; begin a new line");
        *found = true;
        action->kind = kind;
        return parse_what(action, name, value, failure);
    }
    if (strcmp(name, "finger") == 0)
        return parse_finger(action, value, failure);
    return strcmp(name, "t") == 0 ||
           failed(failure, "unknown \"%s\"; there are t, %s", name, names_in_words);
}

/* The page names no files of this machine, and is not told what is in them. */
static bool check_untimed(const struct action *action, struct failure *failure)
{
    if (action->plug.image)
        return failed(failure, "files are plugged in by --stick, --card and --input");
    if (action->source && strcmp(action->source, "scene") != 0)
        return failed(failure, "files are put before the camera by --camera and --input");
    if (action->kind == ACTION_SCREENSHOT)
        return failed(failure, "files are written by --screenshot and --input");
    return true;
}

static bool parse_object(struct action *action, const struct json_object *object, bool timed,
                         struct failure *failure)
{
    bool found = false;
    if (timed && !parse_time_member(action, object, failure))
        return false;
    for (size_t n = 0; n < object->count; n++)
        if (!parse_member(action, object->members[n].name, &object->members[n].value, &found,
                          failure))
            return false;
    if (!found)
        return failed(failure, "nothing is done here; say one of %s", names_in_words);
    if (!timed)
        return check_untimed(action, failure);
    return !action->plug.image || plug_check(&action->plug, failure);
}

bool action_parse(struct action *action, const char *text, size_t size, bool timed,
                  struct failure *failure)
{
    struct json_object object;
    *action = (struct action){0};
    if (!json_read(&object, text, size, failure))
        return false;
    bool done = parse_object(action, &object, timed, failure);
    json_free(&object);
    if (!done)
        action_free(action);
    return done;
}

void action_free(struct action *action)
{
    free(action->typed);
    plug_free(&action->plug);
    free(action->source);
    *action = (struct action){0};
}

static bool write_screenshot(struct board *board, const char *path, struct failure *failure)
{
    static uint8_t rgb[PANEL_WIDTH * PANEL_HEIGHT * 3];
    board_panel_picture(board, rgb);
    return picture_write_png(path, rgb, PANEL_WIDTH, PANEL_HEIGHT, failure);
}

/* The black button: the whole chip, by its NRST pin. */
static void reset(struct machine *machine)
{
    machine_reset(machine);
    machine_run(machine, machine_time(machine)); /* up to the reset vectors */
}

bool action_do(const struct action *action, const struct hands *hands, struct failure *failure)
{
    struct board *board = machine_board(hands->machine);
    switch (action->kind) {
    case ACTION_PRESS:
    case ACTION_RELEASE:
        board_press(board, action->button, action->kind == ACTION_PRESS);
        break;
    case ACTION_TOUCH:
        board_touch(board, action->finger, action->x, action->y);
        break;
    case ACTION_LIFT:
        board_lift(board, action->finger);
        break;
    case ACTION_TYPE:
        board_type(board, action->typed, action->typed_count);
        break;
    case ACTION_PLUG:
        return action->again ? connector_plug_again(hands->connector, failure)
                             : connector_plug(hands->connector, &action->plug, failure);
    case ACTION_UNPLUG:
        connector_unplug(hands->connector);
        break;
    case ACTION_INSERT:
        return connector_insert(hands->connector, &action->plug, failure);
    case ACTION_EJECT:
        connector_eject(hands->connector);
        break;
    case ACTION_PIN:
        board_drive_pin(board, action->port, action->pin, action->level);
        break;
    case ACTION_CAMERA:
        return camera_change(hands->camera, action->source, action->scratch, failure);
    case ACTION_RESET:
        reset(hands->machine);
        break;
    case ACTION_SCREENSHOT:
        return write_screenshot(board, (const char *)action->typed, failure);
    case ACTION_KINDS:
        break;
    }
    return true;
}

static bool add_line(struct input *input, const char *line, size_t size, struct failure *failure)
{
    if (strspn(line, " \t\r") >= size)
        return true;
    if ((input->count & (input->count - 1)) == 0) { /* at powers of two */
        size_t capacity = input->count ? 2 * input->count : 1;
        struct action *actions = realloc(input->actions, capacity * sizeof *actions);
        if (!actions)
            return failed(failure, "out of memory");
        input->actions = actions;
    }
    if (!action_parse(&input->actions[input->count], line, size, true, failure))
        return false;
    input->count++;
    return true;
}

/* Merge sort of two sorted halves: equal times keep their order. */
static void sort(struct action *actions, struct action *space, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2, left = 0, right = half;
    sort(actions, space, half);
    sort(actions + half, space, count - half);
    for (size_t n = 0; n < count; n++) {
        bool from_left =
            right == count || (left < half && actions[left].time <= actions[right].time);
        space[n] = actions[from_left ? left++ : right++];
    }
    memcpy(actions, space, count * sizeof *actions);
}

static bool read_lines(struct input *input, const struct file *file, struct failure *failure)
{
    const char *at = (const char *)file->bytes, *end = at + file->size;
    for (unsigned line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        char where[32];
        snprintf(where, sizeof where, "line %u", line);
        if (!add_line(input, at, size, failure))
            return failed_in(failure, where);
        at = stop ? stop + 1 : end;
    }
    struct action *space = malloc((input->count + 1) * sizeof *space);
    if (!space)
        return failed(failure, "out of memory");
    sort(input->actions, space, input->count);
    free(space);
    return true;
}

bool input_read(struct input *input, const char *path, struct failure *failure)
{
    struct file file;
    *input = (struct input){0};
    if (!file_read(&file, path, failure))
        return failed_in(failure, "--input");
    bool done = read_lines(input, &file, failure);
    file_free(&file);
    if (done)
        return true;
    input_free(input);
    failed_in(failure, path);
    return failed_in(failure, "--input");
}

void input_free(struct input *input)
{
    for (size_t n = 0; n < input->count; n++)
        action_free(&input->actions[n]);
    free(input->actions);
    *input = (struct input){0};
}

sim_time input_due(const struct input *input)
{
    return input->next < input->count ? input->actions[input->next].time : SIM_NEVER;
}

bool input_do(struct input *input, sim_time now, const struct hands *hands, struct failure *failure)
{
    while (input_due(input) <= now)
        if (!action_do(&input->actions[input->next++], hands, failure))
            return false;
    return true;
}
