/* Descriptors of a USB device, written from its model (USB 2.0 9.6). */
#include "sim/board/usb_device.h"

#include <string.h>

enum { MANUFACTURER = 1, PRODUCT, SERIAL, ENDPOINT = 5, INTERFACE = 4, ENGLISH = 0x0409 };

static uint8_t *put16(uint8_t *to, unsigned value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    return to + 2;
}

static unsigned device_descriptor(const struct usb_model *model, enum usb_speed speed, uint8_t *to)
{
    const uint8_t packet = (uint8_t)usb_control_packet(speed);
    const uint8_t head[] = {18,    USB_DEVICE_DESCRIPTOR, 0x00, 0x02, model->device_class, 0, 0,
                            packet};
    uint8_t *at = (uint8_t *)memcpy(to, head, sizeof head) + sizeof head;
    at = put16(at, model->vendor);
    at = put16(at, model->product);
    at = put16(at, model->release);
    const uint8_t tail[] = {MANUFACTURER, PRODUCT, model->serial ? SERIAL : 0, 1};
    memcpy(at, tail, sizeof tail);
    return 18;
}

static unsigned qualifier_descriptor(const struct usb_model *model, uint8_t *to)
{
    const uint8_t packet = (uint8_t)usb_control_packet(USB_SPEED_FULL);
    const uint8_t all[] = {
        10, USB_QUALIFIER_DESCRIPTOR, 0x00, 0x02, model->device_class, 0, 0, packet, 1, 0};
    memcpy(to, all, sizeof all);
    return sizeof all;
}

static uint8_t *put_endpoint(const struct usb_endpoint_model *endpoint, bool high, uint8_t *to)
{
    const uint8_t head[] = {7, ENDPOINT, endpoint->address, endpoint->attributes};
    uint8_t *at = (uint8_t *)memcpy(to, head, sizeof head) + sizeof head;
    at = put16(at, high ? endpoint->high : endpoint->full);
    *at++ = endpoint->interval;
    return at;
}

/* With all that belongs to it: one interface, its class's descriptor, its endpoints. */
static unsigned configuration_descriptor(const struct usb_model *model, uint8_t type, bool high,
                                         uint8_t *to)
{
    const uint8_t configuration[] = {
        9, type, 0, 0, 1, 1, 0, 0x80, (uint8_t)(model->milliamperes / 2)};
    const uint8_t interface[] = {9,
                                 INTERFACE,
                                 0,
                                 0,
                                 model->endpoint_count,
                                 model->interface_class,
                                 model->interface_subclass,
                                 model->interface_protocol,
                                 0};
    uint8_t *at = (uint8_t *)memcpy(to, configuration, sizeof configuration) + sizeof configuration;
    at = (uint8_t *)memcpy(at, interface, sizeof interface) + sizeof interface;
    if (model->class_descriptor)
        at = (uint8_t *)memcpy(at, model->class_descriptor, model->class_descriptor_size) +
             model->class_descriptor_size;
    for (unsigned n = 0; n < model->endpoint_count; n++)
        at = put_endpoint(&model->endpoints[n], high, at);
    put16(to + 2, (unsigned)(at - to));
    return (unsigned)(at - to);
}

static const char *string_of(const struct usb_model *model, uint8_t index)
{
    return index == MANUFACTURER ? model->manufacturer
           : index == PRODUCT    ? model->product_name
           : index == SERIAL     ? model->serial
                                 : NULL;
}

static unsigned string_descriptor(const struct usb_model *model, uint8_t index, uint8_t *to)
{
    const char *text = string_of(model, index);
    unsigned length = index == 0 ? 4 : text ? 2 + 2 * (unsigned)strlen(text) : 0;
    if (length == 0)
        return 0;
    to[0] = (uint8_t)length;
    to[1] = USB_STRING_DESCRIPTOR;
    if (index == 0)
        put16(to + 2, ENGLISH);
    else
        for (unsigned n = 0; text[n]; n++)
            put16(to + 2 + 2 * n, (unsigned char)text[n]);
    return length;
}

unsigned usb_descriptor(const struct usb_model *model, enum usb_speed speed, bool can_high,
                        uint8_t type, uint8_t index, uint8_t *to)
{
    bool high = speed == USB_SPEED_HIGH;
    switch (type) {
    case USB_DEVICE_DESCRIPTOR:
        return device_descriptor(model, speed, to);
    case USB_CONFIGURATION_DESCRIPTOR:
        return index ? 0 : configuration_descriptor(model, type, high, to);
    case USB_STRING_DESCRIPTOR:
        return string_descriptor(model, index, to);
    case USB_QUALIFIER_DESCRIPTOR: /* only devices of both speeds have these two */
        return can_high ? qualifier_descriptor(model, to) : 0;
    case USB_OTHER_SPEED_DESCRIPTOR:
        return can_high && !index ? configuration_descriptor(model, type, !high, to) : 0;
    }
    return 0;
}
