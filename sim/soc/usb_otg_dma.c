/* USB OTG in buffer DMA mode: packets to and from memory. Addresses count without their lowest two bits. */
#include "sim/soc/usb_otg.h"

#include <string.h>

/* What its bursts take of the memory there hinders the others (sim/core/traffic.h); it is itself ahead
 * of the wire by a packet and need not wait. HBSTLEN is not looked at: bursts of 16 bytes. */
static void take_bursts(struct usb *u, unsigned length)
{
    enum { BURST = 16 };
    const struct traffic_bursts bursts = {(length + BURST - 1) / BURST, BURST,
                                          sim_cycles_to_time(BURST / 4, block_bus_hz(&u->block))};
    if (length)
        bus_port_take(&u->memory, &bursts);
}

bool usb_memory_read(struct usb *u, uint32_t from, struct usb_transaction *t)
{
    from &= ~3u;
    for (unsigned k = 0; k < t->length; k += 4) {
        uint32_t word;
        if (bus_port_read(&u->memory, from + k, 4, &word) != BUS_OK)
            return false;
        memcpy(&t->data[k], &word, t->length - k < 4 ? t->length - k : 4);
    }
    take_bursts(u, t->length);
    return true;
}

/* Whole words at once where nobody watches the page, else one by one; the last bytes alone. */
bool usb_memory_write(struct usb *u, uint32_t to, const struct usb_transaction *t)
{
    uint32_t whole = t->length & ~3u;
    uint32_t words[USB_PACKET_MAX / 4];
    to &= ~3u;
    memcpy(words, t->data, whole);
    if (whole && whole < BUS_PAGE_SIZE && bus_port_plain(&u->memory, to, whole)) {
        bus_port_write_words(&u->memory, to, words, whole / 4);
    } else {
        for (uint32_t k = 0; k < whole; k += 4)
            if (bus_port_write(&u->memory, to + k, 4, words[k / 4]) != BUS_OK)
                return false;
    }
    for (uint32_t k = whole; k < t->length; k++)
        if (bus_port_write(&u->memory, to + k, 1, t->data[k]) != BUS_OK)
            return false;
    take_bursts(u, t->length);
    return true;
}
