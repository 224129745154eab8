/*
 * A device's configuration is looked through before TinyUSB believes it: 0.18 goes by the lengths and the
 * numbers of endpoints and interfaces that a device gives, beyond its own arrays, and for ever where a
 * length is 0. The build gives two of its names another meaning (firmware/CMakeLists.txt): for transfers, and
 * for the length of an interface, its stack comes here.
 */
#include "host/hcd.h"
#include "tusb.h"

enum {
    ASSOCIATION_BYTES = 8,
    INTERFACE_BYTES = 9,
    ENDPOINT_BYTES = 7,
    ENDPOINTS = 16,
    CONTROL_IN = 0x80,
};

bool descriptors_transfer(uint8_t port, uint8_t device, uint8_t endpoint, uint8_t *buffer,
                          uint16_t length);
uint16_t tinyusb_interface_length(const tusb_desc_interface_t *interface, uint8_t count,
                                  uint16_t most);

/* What a device was last asked for by its endpoint 0. */
static struct {
    const uint8_t *bytes;
    uint16_t length;
} answer;

/* In place of hcd_edpt_xfer(). */
bool descriptors_transfer(uint8_t port, uint8_t device, uint8_t endpoint, uint8_t *buffer,
                          uint16_t length)
{
    if (endpoint == CONTROL_IN && length) {
        answer.bytes = buffer;
        answer.length = length;
    }
    return hcd_edpt_xfer(port, device, endpoint, buffer, length);
}

/* An association counts interfaces from the one behind it on. */
static bool is_sound_association(const uint8_t *at, uint32_t left)
{
    const uint8_t *next = at + at[0];
    return at[0] >= ASSOCIATION_BYTES && left >= (uint32_t)at[0] + INTERFACE_BYTES &&
           next[1] == TUSB_DESC_INTERFACE && at[3] >= 1 && next[2] + at[3] <= CFG_TUH_INTERFACE_MAX;
}

/* `left` bytes are there from it on. */
static bool is_sound_descriptor(const uint8_t *at, uint32_t left)
{
    if (left < 2 || at[0] < 2 || at[0] > left)
        return false;
    switch (at[1]) {
    case TUSB_DESC_INTERFACE_ASSOCIATION:
        return is_sound_association(at, left);
    case TUSB_DESC_INTERFACE:
        return at[0] >= INTERFACE_BYTES && at[2] < CFG_TUH_INTERFACE_MAX;
    case TUSB_DESC_ENDPOINT:
        return at[0] >= ENDPOINT_BYTES && tu_edpt_number(at[2]) < ENDPOINTS;
    default:
        return true;
    }
}

static bool is_sound(const uint8_t *configuration, uint32_t room)
{
    uint32_t total = configuration[2] | (uint32_t)configuration[3] << 8;
    if (total > room)
        return false;
    for (uint32_t at = 0; at < total; at += configuration[at])
        if (!is_sound_descriptor(configuration + at, total - at))
            return false;
    return true;
}

/* How many bytes belong to an interface; 0: TinyUSB gives the device up. */
uint16_t tu_desc_get_interface_total_len(const tusb_desc_interface_t *interface, uint8_t count,
                                         uint16_t most)
{
    if (answer.length < INTERFACE_BYTES || !is_sound(answer.bytes, answer.length))
        return 0;
    uint16_t length = tinyusb_interface_length(interface, count, most);
    return length <= most ? length : 0;
}
