#include "usb/bulk_only.h"

#include "host/hcd.h"
#include "host/usbh.h"
#include "host/usbh_pvt.h"
#include "tusb.h"

#include <string.h>

enum {
    COMMAND_BYTES = 31,
    STATUS_BYTES = 13,
    COMMAND_SIGNATURE = 0x43425355,
    STATUS_SIGNATURE = 0x53425355,
    FROM_DEVICE = 0x80,
    PASSED = 0,
    FAILED = 1,
    RESET_REQUEST = 0xff,
    ATTEMPTS = 3,
    PIECE = 32768, /* of one transfer of TinyUSB, which counts in 16 bits; whole packets */
};

static struct {
    uint8_t device; /* TinyUSB's number; 0: none */
    uint8_t interface, in, out;
    bool configured;
    uint32_t tag;
    /* of the transfer under way */
    volatile bool ended;
    xfer_result_t result;
    uint32_t moved;
} transport;

static uint8_t wrapper[32] __attribute__((aligned(4)));

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned n = 0; n < 4; n++)
        at[n] = (uint8_t)(value >> (8 * n));
}

/* ---- Transfers: one at a time, each waited for ---- */

static xfer_result_t move(uint8_t endpoint, void *bytes, uint32_t length)
{
    transport.ended = false;
    transport.moved = 0;
    if (!transport.device || !usbh_edpt_claim(transport.device, endpoint))
        return XFER_RESULT_FAILED;
    if (!usbh_edpt_xfer(transport.device, endpoint, bytes, (uint16_t)length)) {
        usbh_edpt_release(transport.device, endpoint);
        return XFER_RESULT_FAILED;
    }
    return usb_host_wait(&transport.ended) ? transport.result : XFER_RESULT_FAILED;
}

static void control_ended(tuh_xfer_t *transfer)
{
    transport.result = transfer->result;
    transport.ended = true;
}

static bool control(uint8_t type, uint8_t request, uint16_t index)
{
    const tusb_control_request_t setup = {
        .bmRequestType = type, .bRequest = request, .wIndex = index};
    tuh_xfer_t transfer = {
        .daddr = transport.device, .setup = &setup, .complete_cb = control_ended};
    transport.ended = false;
    return transport.device && tuh_control_xfer(&transfer) && usb_host_wait(&transport.ended) &&
           transport.result == XFER_RESULT_SUCCESS;
}

/* ---- Recovery ---- */

static bool clear_halt(uint8_t endpoint)
{
    enum { TO_ENDPOINT = 0x02 };
    return control(TO_ENDPOINT, TUSB_REQ_CLEAR_FEATURE, endpoint) &&
           hcd_edpt_clear_stall(USB_HOST_PORT, transport.device, endpoint);
}

/* 5.3.4 */
static bool reset(void)
{
    enum { CLASS_TO_INTERFACE = 0x21 };
    return control(CLASS_TO_INTERFACE, RESET_REQUEST, transport.interface) &&
           clear_halt(transport.in) && clear_halt(transport.out);
}

/* ---- A command: wrapper, data, status (5.3) ---- */

static bool send_wrapper(const struct bulk_only_command *command)
{
    memset(wrapper, 0, sizeof wrapper);
    put32(wrapper, COMMAND_SIGNATURE);
    put32(wrapper + 4, ++transport.tag);
    put32(wrapper + 8, command->length);
    wrapper[12] = command->to_host ? FROM_DEVICE : 0;
    wrapper[14] = command->block_length;
    memcpy(wrapper + 15, command->block, command->block_length);
    return move(transport.out, wrapper, COMMAND_BYTES) == XFER_RESULT_SUCCESS;
}

/* A stall ends the data and is cleared: the status then tells why. */
static bool move_data(const struct bulk_only_command *command)
{
    uint8_t endpoint = command->to_host ? transport.in : transport.out;
    uint8_t *at = command->data;
    for (uint32_t left = command->length; left;) {
        uint32_t piece = left < PIECE ? left : PIECE;
        xfer_result_t result = move(endpoint, at, piece);
        if (result == XFER_RESULT_STALLED)
            return clear_halt(endpoint);
        if (result != XFER_RESULT_SUCCESS)
            return false;
        if (transport.moved < piece)
            return true;
        at += piece;
        left -= piece;
    }
    return true;
}

static bool take_status(void)
{
    memset(wrapper, 0, sizeof wrapper);
    xfer_result_t result = move(transport.in, wrapper, STATUS_BYTES);
    if (result == XFER_RESULT_STALLED && clear_halt(transport.in))
        result = move(transport.in, wrapper, STATUS_BYTES);
    return result == XFER_RESULT_SUCCESS && transport.moved == STATUS_BYTES &&
           get32(wrapper) == STATUS_SIGNATURE && get32(wrapper + 4) == transport.tag;
}

static enum bulk_only_outcome attempt(struct bulk_only_command *command)
{
    if (!send_wrapper(command) || !move_data(command) || !take_status())
        return BULK_ONLY_BROKEN;
    uint32_t residue = get32(wrapper + 8);
    if (wrapper[12] > FAILED || residue > command->length)
        return BULK_ONLY_BROKEN;
    command->moved = command->length - residue;
    return wrapper[12] == PASSED ? BULK_ONLY_PASSED : BULK_ONLY_FAILED;
}

enum bulk_only_outcome bulk_only_do(struct bulk_only_command *command)
{
    for (unsigned n = 0; n < ATTEMPTS && bulk_only_present(); n++) {
        command->moved = 0;
        enum bulk_only_outcome outcome = attempt(command);
        if (outcome != BULK_ONLY_BROKEN)
            return outcome;
        if (!bulk_only_present() || !reset())
            break;
    }
    return BULK_ONLY_BROKEN;
}

bool bulk_only_present(void)
{
    return transport.device && transport.configured;
}

/* ---- TinyUSB's class driver ---- */

static bool start(void)
{
    memset(&transport, 0, sizeof transport);
    return true;
}

static bool open_endpoint(uint8_t device, const tusb_desc_endpoint_t *endpoint)
{
    if (endpoint->bmAttributes.xfer != TUSB_XFER_BULK || tu_edpt_packet_size(endpoint) == 0)
        return true; /* none of ours */
    uint8_t *place =
        tu_edpt_dir(endpoint->bEndpointAddress) == TUSB_DIR_IN ? &transport.in : &transport.out;
    if (*place || !tu_edpt_number(endpoint->bEndpointAddress) || !tuh_edpt_open(device, endpoint))
        return false;
    *place = endpoint->bEndpointAddress;
    return true;
}

static bool open_interface(uint8_t port, uint8_t device, const tusb_desc_interface_t *interface,
                           uint16_t length)
{
    const uint8_t *at = (const uint8_t *)interface, *end = at + length;
    (void)port;
    if (transport.device || interface->bInterfaceClass != TUSB_CLASS_MSC ||
        interface->bInterfaceSubClass != 6 || interface->bInterfaceProtocol != 0x50)
        return false;
    transport.in = transport.out = 0;
    for (at += at[0]; at < end; at += at[0]) /* descriptors.c has looked through them */
        if (at[1] == TUSB_DESC_ENDPOINT && !open_endpoint(device, (const tusb_desc_endpoint_t *)at))
            return false;
    if (!transport.in || !transport.out)
        return false;
    transport.device = device;
    transport.interface = interface->bInterfaceNumber;
    return true;
}

static bool configure(uint8_t device, uint8_t interface)
{
    transport.configured = device == transport.device;
    usbh_driver_set_config_complete(device, interface);
    return true;
}

static bool transfer_ended(uint8_t device, uint8_t endpoint, xfer_result_t result, uint32_t moved)
{
    (void)device, (void)endpoint;
    transport.result = result;
    transport.moved = moved;
    transport.ended = true;
    return true;
}

static void close_device(uint8_t device)
{
    if (device == transport.device)
        start();
}

const usbh_class_driver_t *usbh_app_driver_get_cb(uint8_t *count)
{
    static const usbh_class_driver_t driver = {
        .name = "mass storage",
        .init = start,
        .deinit = start,
        .open = open_interface,
        .set_config = configure,
        .xfer_cb = transfer_ended,
        .close = close_device,
    };
    *count = 1;
    return &driver;
}
