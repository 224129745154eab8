#include "sim/board/usb_pc.h"

#include <stdio.h>
#include <string.h>

enum {
    DEVICE = 1,
    CONFIGURATION = 2,
    STRING = 3,
    INTERFACE = 4,
    ENDPOINT = 5,
    REPORT = 0x22,
    DEVICE_SIZE = 18,
    CONFIGURATION_SIZE = 9,
    CLASS_HID = 3,
    CLASS_BY_INTERFACES = 0xef,
    OUR_ADDRESS = 1,
    ATTEMPTS = 3,
};

/* USB 2.0 7.1.7.3 and 7.1.7.5: until a contact counts, how long a root port resets, and until the device
 * has to answer; 9.2.6.3: until it has to know its address. */
#define CONTACT_TIME  (100 * SIM_MS)
#define RESET_TIME    (50 * SIM_MS)
#define RECOVERY_TIME (10 * SIM_MS)
#define ADDRESS_TIME  (2 * SIM_MS)
/* From the end of a transfer to the next: the computer hears of it by an interrupt, and thinks. */
#define SOFTWARE_TIME (1 * SIM_MS)

enum step {
    FIRST_RESET,
    FIRST_LOOK,
    SECOND_RESET,
    SET_ADDRESS,
    GET_DEVICE,
    GET_CONFIGURATION_HEAD,
    GET_CONFIGURATION,
    GET_LANGUAGES,
    GET_MANUFACTURER,
    GET_NAME,
    GET_SERIAL,
    SET_CONFIGURATION,
    SET_IDLE,
    GET_REPORT_DESCRIPTOR,
    CONFIGURED,
};

static unsigned u16(const uint8_t *bytes)
{
    return bytes[0] + 256u * bytes[1];
}

static void go_on_in(struct usb_pc *pc, sim_time delay)
{
    event_in(&pc->sim->events, &pc->next, delay);
}

/* ---- What it says ---- */

static bool wrong(struct usb_pc *pc, const char *why)
{
    snprintf(pc->why, sizeof pc->why, "%s", why);
    return false;
}

static bool take_first_look(struct usb_pc *pc)
{
    const struct usb_pc_transfer *t = &pc->transfer;
    if (t->done < 8 || t->data[1] != DEVICE)
        return wrong(pc, "is not one");
    unsigned packet = t->data[7];
    if (packet != 8 && packet != 16 && packet != 32 && packet != 64)
        return wrong(pc, "bMaxPacketSize0 is none of 8, 16, 32 and 64");
    if (pc->found.speed == USB_SPEED_HIGH && packet != 64)
        return wrong(pc, "bMaxPacketSize0 is not 64 at high speed");
    pc->packet = (uint8_t)packet;
    return true;
}

static bool take_address(struct usb_pc *pc)
{
    pc->address = OUR_ADDRESS;
    return true;
}

static bool take_device(struct usb_pc *pc)
{
    const uint8_t *d = pc->transfer.data;
    if (pc->transfer.done != DEVICE_SIZE || d[0] != DEVICE_SIZE || d[1] != DEVICE)
        return wrong(pc, "has not 18 bytes, or is not one");
    pc->found.device_class = d[4];
    pc->found.vendor = (uint16_t)u16(&d[8]);
    pc->found.product = (uint16_t)u16(&d[10]);
    pc->found.release = (uint16_t)u16(&d[12]);
    memcpy(pc->strings, &d[14], sizeof pc->strings);
    return d[17] || wrong(pc, "has no configuration");
}

static bool take_head(struct usb_pc *pc)
{
    const uint8_t *d = pc->transfer.data;
    if (pc->transfer.done != CONFIGURATION_SIZE || d[1] != CONFIGURATION)
        return wrong(pc, "has not 9 bytes, or is not one");
    return u16(&d[2]) >= CONFIGURATION_SIZE || wrong(pc, "wTotalLength is less than 9");
}

static void take_endpoint(struct usb_pc *pc, const uint8_t *d)
{
    bool high = pc->found.speed == USB_SPEED_HIGH;
    if (pc->report_endpoint || d[2] < 0x80 || (d[3] & 3) != 3)
        return;
    unsigned interval = d[6] ? d[6] : 1;
    pc->report_endpoint = d[2];
    pc->report_size = (uint16_t)(u16(&d[4]) & 0x7ff);
    pc->report_interval = interval * SIM_MS;
    if (high)
        pc->report_interval = ((sim_time)1 << ((interval < 16 ? interval : 16) - 1)) * 125 * SIM_US;
}

/* The device's class is that of its first interface, where it names none itself. */
static bool take_configuration(struct usb_pc *pc)
{
    const uint8_t *d = pc->transfer.data;
    unsigned size = pc->transfer.done, class = 256, step;
    if (size != pc->transfer.wanted)
        return wrong(pc, "is shorter than its wTotalLength");
    pc->configuration = d[5];
    pc->found.interfaces = d[4];
    for (unsigned at = 0; at < size; at += step) {
        step = d[at];
        if (step < 2 || at + step > size)
            return wrong(pc, "one descriptor in it has a bLength that cannot be");
        if (d[at + 1] == INTERFACE && step >= 9) {
            class = d[at + 5];
            pc->report_interface =
                class == CLASS_HID && !pc->report_endpoint ? d[at + 2] : pc->report_interface;
            if (!pc->found.device_class || pc->found.device_class == CLASS_BY_INTERFACES)
                pc->found.device_class = (uint8_t) class;
        } else if (d[at + 1] == ENDPOINT && step >= 7 && class == CLASS_HID) {
            take_endpoint(pc, &d[at]);
        }
    }
    return true;
}

static bool take_languages(struct usb_pc *pc)
{
    const struct usb_pc_transfer *t = &pc->transfer;
    pc->language = t->done >= 4 && t->data[1] == STRING ? (uint16_t)u16(&t->data[2]) : 0;
    return true;
}

/* What is not ASCII is "?". */
static bool take_string(struct usb_pc *pc)
{
    const struct usb_pc_transfer *t = &pc->transfer;
    char *to = pc->step == GET_MANUFACTURER ? pc->found.manufacturer
               : pc->step == GET_NAME       ? pc->found.name
                                            : pc->found.serial;
    unsigned count = 0;
    if (t->done < 2 || t->data[1] != STRING)
        return true;
    for (unsigned at = 2; at + 1 < t->done && count < USB_PC_STRING - 1; at += 2) {
        unsigned letter = u16(&t->data[at]);
        to[count++] = letter >= ' ' && letter < 0x7f ? (char)letter : '?';
    }
    to[count] = 0;
    return true;
}

static bool take_configured(struct usb_pc *pc)
{
    if (pc->listener.configured)
        pc->listener.configured(pc->listener.ctx, &pc->found);
    return true;
}

/* ---- What it is asked. False: not this one ---- */

static bool ask(struct usb_pc *pc, unsigned type, unsigned request, unsigned value, unsigned index,
                unsigned length)
{
    const uint8_t setup[8] = {(uint8_t)type,         (uint8_t)request,      (uint8_t)value,
                              (uint8_t)(value >> 8), (uint8_t)index,        (uint8_t)(index >> 8),
                              (uint8_t)length,       (uint8_t)(length >> 8)};
    usb_pc_ask(pc, setup);
    return true;
}

static bool ask_first_look(struct usb_pc *pc)
{
    return ask(pc, 0x80, 6, DEVICE << 8, 0, 64);
}

static bool ask_address(struct usb_pc *pc)
{
    return ask(pc, 0, 5, OUR_ADDRESS, 0, 0);
}

static bool ask_device(struct usb_pc *pc)
{
    return ask(pc, 0x80, 6, DEVICE << 8, 0, DEVICE_SIZE);
}

static bool ask_head(struct usb_pc *pc)
{
    return ask(pc, 0x80, 6, CONFIGURATION << 8, 0, CONFIGURATION_SIZE);
}

static bool ask_configuration(struct usb_pc *pc)
{
    unsigned total = u16(&pc->transfer.data[2]);
    return ask(pc, 0x80, 6, CONFIGURATION << 8, 0, total < USB_PC_DATA ? total : USB_PC_DATA);
}

static bool ask_languages(struct usb_pc *pc)
{
    return (pc->strings[0] || pc->strings[1] || pc->strings[2]) &&
           ask(pc, 0x80, 6, STRING << 8, 0, 255);
}

static bool ask_string(struct usb_pc *pc)
{
    unsigned index = pc->strings[pc->step - GET_MANUFACTURER];
    return index && pc->language && ask(pc, 0x80, 6, STRING << 8 | index, pc->language, 255);
}

static bool ask_configure(struct usb_pc *pc)
{
    return ask(pc, 0, 9, pc->configuration, 0, 0);
}

static bool ask_idle(struct usb_pc *pc)
{
    return pc->report_endpoint && ask(pc, 0x21, 10, 0, pc->report_interface, 0);
}

static bool ask_report_descriptor(struct usb_pc *pc)
{
    return pc->report_endpoint && ask(pc, 0x81, 6, REPORT << 8, pc->report_interface, USB_PC_DATA);
}

static const struct {
    const char *what; /* NULL: a reset */
    bool (*ask)(struct usb_pc *pc);
    bool (*take)(struct usb_pc *pc); /* NULL: nothing to take */
    bool optional;
    sim_time pause; /* before the next */
} steps[] = {
    [FIRST_RESET] = {0},
    [FIRST_LOOK] = {"device descriptor at address 0", ask_first_look, take_first_look, false, 0},
    [SECOND_RESET] = {0},
    [SET_ADDRESS] = {"SET_ADDRESS", ask_address, take_address, false, ADDRESS_TIME},
    [GET_DEVICE] = {"device descriptor", ask_device, take_device, false, 0},
    [GET_CONFIGURATION_HEAD] = {"configuration descriptor's head", ask_head, take_head, false, 0},
    [GET_CONFIGURATION] = {"configuration descriptor", ask_configuration, take_configuration, false,
                           0},
    [GET_LANGUAGES] = {"string descriptor 0", ask_languages, take_languages, true, 0},
    [GET_MANUFACTURER] = {"manufacturer's string", ask_string, take_string, true, 0},
    [GET_NAME] = {"product's string", ask_string, take_string, true, 0},
    [GET_SERIAL] = {"serial number's string", ask_string, take_string, true, 0},
    [SET_CONFIGURATION] = {"SET_CONFIGURATION", ask_configure, take_configured, false, 0},
    [SET_IDLE] = {"SET_IDLE", ask_idle, NULL, true, 0},
    [GET_REPORT_DESCRIPTOR] = {"report descriptor", ask_report_descriptor, NULL, true, 0},
};

/* ---- Steps ---- */

static void next_step(struct usb_pc *pc, sim_time pause)
{
    pc->step++;
    go_on_in(pc, pause);
}

static void tell_attached(struct usb_pc *pc, bool attached)
{
    if (pc->told == attached)
        return;
    pc->told = attached;
    if (pc->listener.attached)
        pc->listener.attached(pc->listener.ctx, attached);
}

static void begin_reset(struct usb_pc *pc)
{
    tell_attached(pc, true);
    pc->resets = true;
    pc->address = 0;
    pc->report_data1 = false;
    if (pc->step == FIRST_RESET) {
        pc->packet = 64; /* until it says */
        pc->report_endpoint = 0;
        pc->language = 0;
        pc->found = (struct usb_pc_found){0};
    }
    pc->bus->reset(pc->bus->ctx, true);
    go_on_in(pc, RESET_TIME);
}

static void end_reset(struct usb_pc *pc)
{
    pc->resets = false;
    pc->bus->reset(pc->bus->ctx, false);
    pc->found.speed = pc->bus->speed(pc->bus->ctx);
    next_step(pc, RECOVERY_TIME);
}

static void begin_step(struct usb_pc *pc)
{
    if (!steps[pc->step].what)
        begin_reset(pc);
    else if (steps[pc->step].ask(pc))
        go_on_in(pc, 0);
    else
        next_step(pc, 0);
}

/* Three times, as other computers do. */
static void step_failed(struct usb_pc *pc)
{
    char text[sizeof pc->why + 64];
    if (++pc->attempts < ATTEMPTS) {
        pc->step = FIRST_RESET;
        go_on_in(pc, CONTACT_TIME);
        return;
    }
    snprintf(text, sizeof text, "%s: %s", steps[pc->step].what, pc->why);
    if (pc->listener.failed)
        pc->listener.failed(pc->listener.ctx, text);
}

static void end_step(struct usb_pc *pc, enum usb_pc_outcome outcome, sim_time pause)
{
    static const char *const outcomes[] = {
        [USB_PC_GOES_ON] = "",          [USB_PC_DONE] = "",
        [USB_PC_STALLED] = "STALL",     [USB_PC_SILENT] = "no answer",
        [USB_PC_NAKED] = "NAK for 5 s", [USB_PC_BABBLED] = "more data than there may be"};
    wrong(pc, outcomes[outcome]);
    bool done = outcome == USB_PC_DONE && (!steps[pc->step].take || steps[pc->step].take(pc));
    if (done || (steps[pc->step].optional && outcome == USB_PC_STALLED))
        next_step(pc, pause + SOFTWARE_TIME + steps[pc->step].pause);
    else
        step_failed(pc);
}

/* ---- Reports of a human interface device ---- */

static void take_report(struct usb_pc *pc, const struct usb_transaction *t)
{
    if (t->data1 != pc->report_data1)
        return;
    pc->report_data1 = !pc->report_data1;
    unsigned count = t->length < USB_PC_REPORT ? t->length : USB_PC_REPORT;
    if (count == pc->last_count && !memcmp(pc->last, t->data, count))
        return;
    pc->last_count = count;
    memcpy(pc->last, t->data, count);
    if (pc->listener.report)
        pc->listener.report(pc->listener.ctx, pc->last, count);
}

static void ask_report(struct usb_pc *pc)
{
    struct usb_transaction t = {
        .token = USB_IN, .address = pc->address, .endpoint = pc->report_endpoint & 15};
    enum usb_answer answer = pc->bus->transact(pc->bus->ctx, &t);
    if (answer == USB_ACK)
        take_report(pc, &t);
    if (answer != USB_STALL)
        go_on_in(pc, pc->report_interval);
}

/* ---- All ---- */

static void go_on(void *ctx)
{
    struct usb_pc *pc = ctx;
    if (pc->resets) {
        end_reset(pc);
    } else if (pc->step == CONFIGURED) {
        if (pc->report_endpoint)
            ask_report(pc);
    } else if (!pc->transfer.active) {
        begin_step(pc);
    } else {
        sim_time pause;
        enum usb_pc_outcome outcome = usb_pc_transact(pc, &pause);
        if (outcome == USB_PC_GOES_ON)
            go_on_in(pc, pause);
        else
            end_step(pc, outcome, pause);
    }
}

static void attached(void *ctx, const struct usb_bus *bus)
{
    struct usb_pc *pc = ctx;
    event_cancel(&pc->sim->events, &pc->next);
    pc->bus = bus;
    pc->step = FIRST_RESET;
    pc->attempts = pc->last_count = 0;
    pc->resets = pc->transfer.active = false;
    if (bus)
        go_on_in(pc, CONTACT_TIME);
    else
        tell_attached(pc, false);
}

void usb_pc_init(struct usb_pc *pc, struct sim *sim, const struct usb_pc_listener *listener)
{
    *pc = (struct usb_pc){.end = {pc, attached}, .sim = sim, .listener = *listener};
    event_init(&pc->next, "USB host of a device", go_on, pc);
}

const char *usb_pc_class_name(uint8_t code)
{
    static const struct {
        uint8_t code;
        const char *name;
    } classes[] = {{0x01, "audio"}, {0x02, "communication"}, {0x03, "human interface"},
                   {0x06, "image"}, {0x07, "printer"},       {0x08, "mass storage"},
                   {0x09, "hub"},   {0x0a, "data"},          {0x0b, "smart card"},
                   {0x0e, "video"}, {0xe0, "wireless"},      {0xfe, "application"},
                   {0xff, "vendor"}};
    for (size_t n = 0; n < sizeof classes / sizeof classes[0]; n++)
        if (classes[n].code == code)
            return classes[n].name;
    return "unknown";
}
