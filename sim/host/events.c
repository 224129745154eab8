#include "sim/host/events.h"

#include "sim/host/json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const sim_time line_patience = 20 * SIM_MS;

void events_open(struct events *events, FILE *to)
{
    *events = (struct events){.to = to};
}

static void write_later(struct events *events)
{
    if (events->later_length)
        fwrite(events->later, 1, events->later_length, events->to);
    events->later_length = 0;
}

static void write_time(FILE *to, sim_time time)
{
    fprintf(to, "{\"t\":%" PRIu64 ".%" PRIu64, time / SIM_US, time % SIM_US / (SIM_US / 10));
}

static void write_line(struct events *events)
{
    if (events->length == 0)
        return;
    write_time(events->to, events->last);
    fputs(",\"console\":\"", events->to);
    json_write_string(events->to, events->line, events->length);
    fputs("\"}\n", events->to);
    events->length = 0;
    write_later(events);
}

void events_close(struct events *events)
{
    if (events->to) {
        write_line(events);
        fflush(events->to);
    }
    free(events->later);
    *events = (struct events){0};
}

/* While a line is open its time is not known yet: what happens meanwhile waits behind it. */
static void add(struct events *events, sim_time time, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add(struct events *events, sim_time time, const char *format, ...)
{
    if (!events->to)
        return;
    events_tick(events, time);
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *line = NULL;
    size_t size = 0;
    FILE *to = events->length ? open_memstream(&line, &size) : events->to;
    if (!to || length < 0)
        abort(); /* out of host memory */
    write_time(to, time);
    fprintf(to, ",%s}\n", text);
    if (!events->length)
        return;
    fclose(to);
    if (events->later_length + size > events->later_capacity) {
        events->later_capacity = 2 * (events->later_length + size);
        events->later = realloc(events->later, events->later_capacity);
        if (!events->later)
            abort(); /* out of host memory */
    }
    memcpy(events->later + events->later_length, line, size);
    events->later_length += size;
    free(line);
}

void events_led(struct events *events, sim_time time, unsigned led, bool on)
{
    add(events, time, "\"led\":\"LED%u\",\"on\":%s", led, on ? "true" : "false");
}

void events_panel(struct events *events, sim_time time, bool on)
{
    add(events, time, "\"panel\":\"%s\"", on ? "on" : "off");
}

void events_frame(struct events *events, sim_time time, uint64_t number)
{
    add(events, time, "\"frame\":%" PRIu64, number);
}

void events_card(struct events *events, sim_time time, bool inserted)
{
    add(events, time, "\"card\":\"%s\"", inserted ? "inserted" : "ejected");
}

void events_stick(struct events *events, sim_time time, bool plugged)
{
    add(events, time, "\"stick\":\"%s\"", plugged ? "plugged" : "unplugged");
}

/* ---- A host in the USB connector ---- */

void events_usb_attached(struct events *events, sim_time time, bool attached)
{
    add(events, time, "\"usb\":\"%s\"", attached ? "attached" : "detached");
}

/* A string of the device, as one of JSON. */
static char *quoted(const char *text)
{
    char *line = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&line, &size);
    if (!to)
        abort(); /* out of host memory */
    json_write_string(to, (const uint8_t *)text, strlen(text));
    fclose(to);
    return line;
}

void events_usb_configured(struct events *events, sim_time time, const struct usb_pc_found *found)
{
    static const char *const speeds[] = {"high", "full", "low"};
    char *manufacturer = quoted(found->manufacturer), *name = quoted(found->name);
    char *serial = quoted(found->serial);
    add(events, time,
        "\"usb\":\"configured\",\"speed\":\"%s\",\"vendor\":\"%04x\",\"product\":\"%04x\","
        "\"release\":\"%04x\",\"class\":\"%s\",\"interfaces\":%u,\"manufacturer\":\"%s\","
        "\"name\":\"%s\",\"serial\":\"%s\"",
        speeds[found->speed], found->vendor, found->product, found->release,
        usb_pc_class_name(found->device_class), found->interfaces, manufacturer, name, serial);
    free(manufacturer);
    free(name);
    free(serial);
}

void events_usb_failed(struct events *events, sim_time time, const char *why)
{
    add(events, time, "\"usb\":\"failed\",\"why\":\"%s\"", why);
}

void events_usb_report(struct events *events, sim_time time, const uint8_t *bytes, unsigned count)
{
    char text[2 * USB_PC_REPORT + 1] = "";
    for (unsigned n = 0; n < count && n < USB_PC_REPORT; n++)
        snprintf(&text[2 * n], 3, "%02x", bytes[n]);
    add(events, time, "\"usb\":\"report\",\"bytes\":\"%s\"", text);
}

/* ---- Console ---- */

void events_console(struct events *events, sim_time time, const uint8_t *bytes, size_t count)
{
    if (!events->to)
        return;
    events_tick(events, time);
    if (count && events->later_length)
        write_later(events); /* it came before this byte, which is the line's last so far */
    for (size_t n = 0; n < count; n++) {
        events->line[events->length++] = bytes[n];
        events->last = time;
        if (bytes[n] == '\n' || events->length == EVENTS_LINE_MAX)
            write_line(events);
    }
}

void events_tick(struct events *events, sim_time time)
{
    if (events->to && events->length && time - events->last >= line_patience)
        write_line(events);
}
