/* What goes wrong with a stick, on purpose. */
#include "sim/board/usb_stick.h"

/* ---- The hand ---- */

/* It comes at once, but not amidst a transaction: after the status of so many WRITE commands, or when
 * so many sectors have come after them. */
void stick_look_for_the_hand(struct usb_stick *stick)
{
    const struct usb_stick_faults *faults = &stick->config.faults;
    bool idle = stick->state == STICK_COMMAND;
    if (!faults->pull || event_pending(&stick->pull))
        return;
    if (stick->writes_before < faults->pull_commands) {
        stick->sectors_before = stick->statistics.sectors_written;
        return;
    }
    uint64_t sectors = stick->statistics.sectors_written - stick->sectors_before;
    if (faults->pull_sectors ? sectors >= faults->pull_sectors : idle)
        event_in(&stick->gadget.sim->events, &stick->pull, 0);
}

static void pull(void *ctx)
{
    struct usb_stick *stick = ctx;
    stick->config.faults.pull = false;
    if (stick->config.faults.pulled)
        stick->config.faults.pulled(stick->config.faults.ctx);
}

/* ---- Its controller ---- */

bool stick_hangs(const struct usb_stick *stick)
{
    uint64_t after = stick->config.faults.hang_after;
    return after && stick->statistics.commands >= after && stick->state == STICK_COMMAND;
}

bool stick_stalls(const struct usb_stick *stick)
{
    uint64_t every = stick->config.faults.stall_every;
    return every && stick->statistics.commands % every == 0;
}

/* ---- Its descriptors ---- */

/* splitmix64 */
static uint64_t random_number(struct usb_stick *stick)
{
    uint64_t z = stick->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(struct usb_stick *stick, unsigned limit)
{
    return (unsigned)(random_number(stick) % limit);
}

static void change_bytes(struct usb_stick *stick, uint8_t *data, unsigned length, unsigned count)
{
    while (length && count--)
        data[below(stick, length)] = (uint8_t)random_number(stick);
}

/* Lengths and types are what parsers trust: most often the first bytes of a descriptor are wrong. */
static void change_heads(struct usb_stick *stick, uint8_t *data, unsigned length)
{
    for (unsigned at = 0, step; at + 1 < length; at += step) {
        step = data[at] > 1 ? data[at] : 2;
        if (below(stick, 2))
            data[at + below(stick, 2)] = (uint8_t)random_number(stick);
    }
}

/* Each answer of a descriptor in one of five ways, the first being the truth. */
unsigned stick_spoil(void *ctx, const struct usb_setup *setup, uint8_t *data, unsigned length)
{
    enum { GET_DESCRIPTOR = 6, LONGEST = 512 };
    struct usb_stick *stick = ctx;
    if (!stick->config.faults.garbage || setup->request != GET_DESCRIPTOR)
        return length;
    switch (below(stick, 5)) {
    case 1:
        change_bytes(stick, data, length, 1 + below(stick, 4));
        break;
    case 2:
        change_heads(stick, data, length);
        break;
    case 3:
        return below(stick, length + 1);
    case 4:
        length = below(stick, LONGEST);
        change_bytes(stick, data, length, 2 * length);
        break;
    }
    return length;
}

void stick_faults_init(struct usb_stick *stick)
{
    stick->random = stick->config.faults.garbage;
    event_init(&stick->pull, "USB stick pulled", pull, stick);
}
