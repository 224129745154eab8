#include "sim/host/web_order.h"

#include "sim/host/file.h"
#include "sim/host/json.h"

#include <inttypes.h>
#include <string.h>

enum { STEP_MAX = 10000, SECTOR = 512 };
#define STICK_MAX ((uint64_t)8 << 30)

static bool parse_step(struct web_order *order, const struct json_value *value,
                       struct failure *failure)
{
    if (value->kind != JSON_NUMBER || !(value->number >= 1 && value->number <= STEP_MAX))
        return failed(failure, "\"step\" is a time from 1 to %d milliseconds", STEP_MAX);
    order->step = (sim_time)value->number * SIM_MS;
    return true;
}

static bool parse_pace(struct web_order *order, const struct json_value *value,
                       struct failure *failure)
{
    bool is_text = value->kind == JSON_STRING;
    order->real = is_text && strcmp(value->string, "real") == 0;
    return order->real || (is_text && strcmp(value->string, "max") == 0) ||
           failed(failure, "\"pace\" is real or max");
}

/* An order about board time. *found: there is one. */
static bool parse_time_order(struct web_order *order, const struct json_object *object, bool *found,
                             struct failure *failure)
{
    static const struct {
        const char *name;
        enum web_order_kind kind;
    } orders[] = {{"hold", WEB_HOLD}, {"go", WEB_GO}, {"step", WEB_STEP}, {"pace", WEB_PACE}};
    *found = false;
    if (object->count != 1)
        return true;
    const struct json_value *value = &object->members[0].value;
    for (size_t n = 0; n < sizeof orders / sizeof *orders && !*found; n++)
        if (strcmp(object->members[0].name, orders[n].name) == 0) {
            order->kind = orders[n].kind;
            *found = true;
        }
    if (*found && order->kind == WEB_STEP)
        return parse_step(order, value, failure);
    if (*found && order->kind == WEB_PACE)
        return parse_pace(order, value, failure);
    return true;
}

bool web_order_parse(struct web_order *order, const char *text, size_t size,
                     struct failure *failure)
{
    struct json_object object;
    bool found;
    *order = (struct web_order){.kind = WEB_ACTION};
    if (!json_read(&object, text, size, failure))
        return false;
    bool done = parse_time_order(order, &object, &found, failure);
    json_free(&object);
    if (found || !done)
        return done;
    return action_parse(&order->action, text, size, false, failure);
}

void web_order_free(struct web_order *order)
{
    action_free(&order->action);
}

/* ---- Uploads ---- */

static bool parse_kind(struct web_upload_head *head, const struct json_value *value,
                       struct failure *failure)
{
    static const char *const kinds[] = {"stick", "camera", "browser"};
    for (unsigned n = 0; value && value->kind == JSON_STRING && n < 3; n++)
        if (strcmp(value->string, kinds[n]) == 0) {
            head->kind = (enum web_upload_kind)n;
            return true;
        }
    return failed(failure, "\"upload\" is stick, camera or browser");
}

/* What can be no stick is refused before it is sent, and before another stick is pulled out for it. */
static bool parse_size(struct web_upload_head *head, const struct json_value *size,
                       struct failure *failure)
{
    uint64_t most = head->kind == WEB_STICK ? STICK_MAX : FILE_SIZE_MAX;
    if (!size || size->kind != JSON_NUMBER || !(size->number >= 0))
        return failed(failure, "\"size\" is the file's, in bytes");
    if (size->number < 1)
        return failed(failure, "%s: is empty", head->name);
    if (size->number > (double)most)
        return failed(failure, "%s: is larger than %" PRIu64 " MB, the most that %s may have",
                      head->name, most >> 20, head->kind == WEB_STICK ? "a stick" : "a picture");
    head->size = (uint64_t)size->number;
    return head->kind != WEB_STICK || head->size % SECTOR == 0 ||
           failed(failure, "%s: is no image of a stick: %" PRIu64 " bytes are no whole sectors",
                  head->name, head->size);
}

static bool parse_file(struct web_upload_head *head, const struct json_object *object,
                       struct failure *failure)
{
    const struct json_value *name = json_member(object, "name");
    if (!name || name->kind != JSON_STRING)
        return failed(failure, "\"name\" is the file's");
    snprintf(head->name, sizeof head->name, "%s", name->string);
    return parse_size(head, json_member(object, "size"), failure);
}

bool web_upload_parse(struct web_upload_head *head, const char *text, size_t size,
                      struct failure *failure)
{
    struct json_object object;
    *head = (struct web_upload_head){0};
    if (!json_read(&object, text, size, failure))
        return false;
    bool done = parse_kind(head, json_member(&object, "upload"), failure) &&
                (head->kind == WEB_BROWSER || parse_file(head, &object, failure));
    json_free(&object);
    return done;
}
