/*
 * How long packets take on the wire (USB 2.0 5.8.4 and table 5-10; 7.1.18, 7.1.19). At high speed a
 * bulk packet costs 55 bytes of time beside its data, so 13 of 512 bytes fit into a microframe; at full
 * speed 13 bytes, 19 of 64 bytes in a frame. Stuffed bits, which depend on the data, are not counted.
 */
#include "sim/soc/usb_otg.h"

/* Bits of a packet beside its data, of the pause after it, and how long a host waits in vain. */
struct format {
    unsigned token, data, handshake, pause, time_out, start_of_frame;
    unsigned kilobits; /* in a second */
};

/* Synchronisation, packet id, address or checksum, end of packet. */
static const struct format formats[] = {
    [USB_SPEED_HIGH] = {32 + 24 + 8, 32 + 24 + 8, 32 + 8 + 8, 88, 816, 32 + 24 + 40, 480000},
    [USB_SPEED_FULL] = {8 + 24 + 3, 8 + 24 + 3, 8 + 8 + 3, 5, 18, 8 + 24 + 3, 12000},
    [USB_SPEED_LOW] = {8 + 24 + 3, 8 + 24 + 3, 8 + 8 + 3, 5, 18, 3, 1500},
};

static sim_time bits_time(const struct format *format, unsigned bits)
{
    return bits * SIM_MS / format->kilobits;
}

sim_time usb_start_of_frame_time(enum usb_speed speed)
{
    const struct format *format = &formats[speed];
    return bits_time(format, format->start_of_frame + format->pause);
}

static bool brings_data(const struct usb_transaction *t, enum usb_answer answer)
{
    if (t->token == USB_IN)
        return answer == USB_ACK || answer == USB_GARBLED;
    return t->token != USB_PING;
}

sim_time usb_transaction_time(enum usb_speed speed, const struct usb_transaction *t,
                              enum usb_answer answer, bool handshake)
{
    const struct format *format = &formats[speed];
    unsigned bits = format->token + format->pause;
    if (brings_data(t, answer))
        bits += format->data + 8 * t->length + format->pause;
    if (answer == USB_SILENCE)
        bits += format->time_out;
    else if (handshake)
        bits += format->handshake + format->pause;
    return bits_time(format, bits);
}
