#include "sim/board/usb_device.h"

#include <string.h>

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11,
    TO_HOST = 0x80,
    KIND = 0x60, /* of a request: 0 standard */
    RECIPIENT = 0x1f,
    TO_DEVICE = 0,
    TO_INTERFACE = 1,
    TO_ENDPOINT = 2,
    ENDPOINT_HALT = 0,
    NO_ANSWER = -1,
};

/* ---- Endpoints ---- */

static struct usb_endpoint *endpoint_of(struct usb_gadget *gadget, uint8_t address)
{
    return address & USB_IN_BIT ? &gadget->in[address & 15] : &gadget->out[address & 15];
}

static const struct usb_endpoint_model *model_of(const struct usb_gadget *gadget, uint8_t address)
{
    for (unsigned n = 0; n < gadget->model->endpoint_count; n++)
        if (gadget->model->endpoints[n].address == address)
            return &gadget->model->endpoints[n];
    return NULL;
}

unsigned usb_gadget_packet_size(const struct usb_gadget *gadget, uint8_t address)
{
    const struct usb_endpoint_model *model = model_of(gadget, address);
    if (!model)
        return 0;
    return gadget->speed == USB_SPEED_HIGH ? model->high : model->full;
}

void usb_gadget_halt(struct usb_gadget *gadget, uint8_t address)
{
    endpoint_of(gadget, address)->halted = true;
}

static void refresh(struct usb_endpoint *endpoint)
{
    endpoint->data1 = endpoint->halted = endpoint->waiting = false;
    endpoint->length = 0;
}

static void refresh_all(struct usb_gadget *gadget)
{
    for (unsigned n = 0; n < 16; n++) {
        refresh(&gadget->in[n]);
        refresh(&gadget->out[n]);
    }
}

/* ---- Standard requests (9.4). Each returns the length of its answer, or NO_ANSWER for STALL ---- */

static int ask_function(struct usb_gadget *gadget)
{
    if (!gadget->function->request)
        return NO_ANSWER;
    return gadget->function->request(gadget->ctx, &gadget->setup, gadget->control_data);
}

static int get_descriptor(struct usb_gadget *gadget)
{
    uint8_t type = (uint8_t)(gadget->setup.value >> 8), index = (uint8_t)gadget->setup.value;
    bool can_high = gadget->device.speed == USB_SPEED_HIGH;
    unsigned length =
        usb_descriptor(gadget->model, gadget->speed, can_high, type, index, gadget->control_data);
    return length ? (int)length : ask_function(gadget);
}

static int set_configuration(struct usb_gadget *gadget)
{
    if (gadget->setup.value > 1)
        return NO_ANSWER;
    gadget->configuration = (uint8_t)gadget->setup.value;
    refresh_all(gadget);
    if (gadget->function->configured)
        gadget->function->configured(gadget->ctx, gadget->configuration);
    return 0;
}

static bool known_recipient(const struct usb_gadget *gadget)
{
    const struct usb_setup *setup = &gadget->setup;
    switch (setup->type & RECIPIENT) {
    case TO_DEVICE:
        return true;
    case TO_INTERFACE:
        return gadget->configuration && setup->index == 0;
    case TO_ENDPOINT:
        return !(setup->index & 0x7f) ||
               (gadget->configuration && model_of(gadget, (uint8_t)setup->index));
    }
    return false;
}

static int get_status(struct usb_gadget *gadget)
{
    bool of_endpoint = (gadget->setup.type & RECIPIENT) == TO_ENDPOINT;
    if (!known_recipient(gadget))
        return NO_ANSWER;
    gadget->control_data[0] =
        of_endpoint && endpoint_of(gadget, (uint8_t)gadget->setup.index)->halted;
    gadget->control_data[1] = 0;
    return 2;
}

static int clear_halt(struct usb_gadget *gadget, uint8_t address)
{
    refresh(endpoint_of(gadget, address));
    if (gadget->function->halt_cleared)
        gadget->function->halt_cleared(gadget->ctx, address);
    return 0;
}

/* Of features there is only ENDPOINT_HALT: no stick wakes its host. */
static int change_feature(struct usb_gadget *gadget, bool set)
{
    const struct usb_setup *setup = &gadget->setup;
    uint8_t address = (uint8_t)setup->index;
    if ((setup->type & RECIPIENT) != TO_ENDPOINT || setup->value != ENDPOINT_HALT ||
        !known_recipient(gadget))
        return NO_ANSWER;
    if (!(address & 0x7f))
        return 0;
    if (!set)
        return clear_halt(gadget, address);
    usb_gadget_halt(gadget, address);
    return 0;
}

static int answer_byte(struct usb_gadget *gadget, uint8_t value)
{
    gadget->control_data[0] = value;
    return 1;
}

static int standard_request(struct usb_gadget *gadget)
{
    switch (gadget->setup.request) {
    case GET_STATUS:
        return get_status(gadget);
    case CLEAR_FEATURE:
    case SET_FEATURE:
        return change_feature(gadget, gadget->setup.request == SET_FEATURE);
    case SET_ADDRESS: /* takes effect after the status stage */
        return gadget->setup.value < 128 ? 0 : NO_ANSWER;
    case GET_DESCRIPTOR:
        return get_descriptor(gadget);
    case GET_CONFIGURATION:
        return answer_byte(gadget, gadget->configuration);
    case SET_CONFIGURATION:
        return set_configuration(gadget);
    case GET_INTERFACE:
        return gadget->configuration ? answer_byte(gadget, 0) : NO_ANSWER;
    case SET_INTERFACE:
        return gadget->configuration && gadget->setup.value == 0 ? 0 : NO_ANSWER;
    }
    return NO_ANSWER;
}

/* ---- Control transfers (8.5.3): SETUP, data, status ---- */

static unsigned control_packet(const struct usb_gadget *gadget)
{
    return usb_control_packet(gadget->speed);
}

static int obey(struct usb_gadget *gadget)
{
    return gadget->setup.type & KIND ? ask_function(gadget) : standard_request(gadget);
}

static void begin_answer(struct usb_gadget *gadget, int length)
{
    if (length < 0) {
        gadget->stage = CONTROL_STALLED;
        return;
    }
    unsigned all = (unsigned)length;
    if (gadget->function->spoil)
        all = gadget->function->spoil(gadget->ctx, &gadget->setup, gadget->control_data, all);
    gadget->length = all < gadget->setup.length ? all : gadget->setup.length;
    gadget->stage = CONTROL_DATA_IN;
}

static enum usb_answer take_setup(struct usb_gadget *gadget, const struct usb_transaction *t)
{
    const uint8_t *bytes = t->data;
    gadget->setup = (struct usb_setup){
        .type = bytes[0],
        .request = bytes[1],
        .value = (uint16_t)(bytes[2] | bytes[3] << 8),
        .index = (uint16_t)(bytes[4] | bytes[5] << 8),
        .length = (uint16_t)(bytes[6] | bytes[7] << 8),
    };
    gadget->in[0].data1 = true;
    gadget->out[0].data1 = true;
    gadget->done = gadget->length = 0;
    if (gadget->setup.length && gadget->setup.type & TO_HOST)
        begin_answer(gadget, obey(gadget));
    else if (gadget->setup.length > USB_CONTROL_MAX)
        gadget->stage = CONTROL_STALLED;
    else if (gadget->setup.length)
        gadget->stage = CONTROL_DATA_OUT;
    else
        gadget->stage = obey(gadget) < 0 ? CONTROL_STALLED : CONTROL_STATUS_IN;
    return USB_ACK;
}

static enum usb_answer take_control_data(struct usb_gadget *gadget, const struct usb_transaction *t)
{
    if (t->data1 != gadget->out[0].data1)
        return USB_ACK; /* once more: the ACK was lost */
    unsigned room = gadget->setup.length - gadget->done;
    unsigned length = t->length < room ? t->length : room;
    memcpy(&gadget->control_data[gadget->done], t->data, length);
    gadget->done += length;
    gadget->out[0].data1 = !gadget->out[0].data1;
    if (gadget->done == gadget->setup.length || t->length < control_packet(gadget))
        gadget->stage = obey(gadget) < 0 ? CONTROL_STALLED : CONTROL_STATUS_IN;
    return USB_ACK;
}

/* The host ends an answer by the status stage, also one that it does not want to the end. */
static enum usb_answer take_control_out(struct usb_gadget *gadget, const struct usb_transaction *t)
{
    switch (gadget->stage) {
    case CONTROL_DATA_OUT:
        return take_control_data(gadget, t);
    case CONTROL_DATA_IN:
    case CONTROL_STATUS_OUT:
        gadget->stage = CONTROL_STATUS_OUT;
        return USB_ACK;
    case CONTROL_IDLE:
    case CONTROL_STATUS_IN:
    case CONTROL_STALLED:
        break;
    }
    return USB_STALL;
}

static enum usb_answer give_control_in(struct usb_gadget *gadget, struct usb_transaction *t)
{
    unsigned left = gadget->length - gadget->done;
    t->data1 = gadget->in[0].data1;
    t->length = 0;
    if (gadget->stage == CONTROL_DATA_IN) {
        t->length = left < control_packet(gadget) ? left : control_packet(gadget);
        memcpy(t->data, &gadget->control_data[gadget->done], t->length);
        return USB_ACK;
    }
    if (gadget->stage != CONTROL_STATUS_IN)
        return USB_STALL;
    t->data1 = true;
    return USB_ACK;
}

/* The host has it: data go on, a status stage ends the transfer. */
static void control_taken(struct usb_gadget *gadget)
{
    const struct usb_setup *setup = &gadget->setup;
    if (gadget->stage == CONTROL_DATA_IN) {
        unsigned left = gadget->length - gadget->done;
        gadget->done += left < control_packet(gadget) ? left : control_packet(gadget);
        gadget->in[0].data1 = !gadget->in[0].data1;
    } else if (gadget->stage == CONTROL_STATUS_IN) {
        if (!(setup->type & KIND) && setup->request == SET_ADDRESS)
            gadget->address = (uint8_t)setup->value;
        gadget->stage = CONTROL_IDLE;
    }
}

static enum usb_answer control(struct usb_gadget *gadget, struct usb_transaction *t)
{
    switch (t->token) {
    case USB_SETUP:
        return t->length == 8 ? take_setup(gadget, t) : USB_SILENCE;
    case USB_OUT:
        return take_control_out(gadget, t);
    case USB_PING:
        return gadget->stage == CONTROL_STALLED ? USB_STALL : USB_ACK;
    case USB_IN:
        return give_control_in(gadget, t);
    }
    return USB_SILENCE;
}

/* ---- The other endpoints ---- */

static enum usb_answer take_out(struct usb_gadget *gadget, struct usb_endpoint *endpoint,
                                const struct usb_transaction *t)
{
    if (endpoint->halted)
        return USB_STALL;
    if (t->data1 != endpoint->data1)
        return USB_ACK; /* once more: the ACK was lost */
    if (!gadget->function->out)
        return USB_NAK;
    enum usb_answer answer = gadget->function->out(gadget->ctx, t->endpoint, t->data, t->length);
    if (answer == USB_ACK || answer == USB_NYET)
        endpoint->data1 = !endpoint->data1;
    return answer == USB_NYET && gadget->speed != USB_SPEED_HIGH ? USB_ACK : answer;
}

static enum usb_answer give_in(struct usb_gadget *gadget, struct usb_endpoint *endpoint,
                               struct usb_transaction *t)
{
    uint8_t address = (uint8_t)(t->endpoint | USB_IN_BIT);
    if (endpoint->halted)
        return USB_STALL;
    if (!endpoint->waiting) {
        if (!gadget->function->in)
            return USB_NAK;
        enum usb_answer answer =
            gadget->function->in(gadget->ctx, address, endpoint->data, &endpoint->length);
        if (answer != USB_ACK)
            return answer;
        endpoint->waiting = true;
    }
    t->data1 = endpoint->data1;
    t->length = endpoint->length;
    memcpy(t->data, endpoint->data, endpoint->length);
    return USB_ACK;
}

static enum usb_answer ping(struct usb_gadget *gadget, const struct usb_endpoint *endpoint,
                            uint8_t address)
{
    if (endpoint->halted)
        return USB_STALL;
    bool takes = !gadget->function->takes || gadget->function->takes(gadget->ctx, address);
    return takes ? USB_ACK : USB_NAK;
}

static enum usb_answer transact(void *ctx, struct usb_transaction *t)
{
    struct usb_gadget *gadget = ctx;
    uint8_t address = (uint8_t)(t->endpoint | (t->token == USB_IN ? USB_IN_BIT : 0));
    struct usb_endpoint *endpoint = endpoint_of(gadget, address);
    if (t->address != gadget->address)
        return USB_SILENCE;
    if (t->endpoint == 0)
        return control(gadget, t);
    if (!gadget->configuration || t->token == USB_SETUP || !model_of(gadget, address))
        return USB_SILENCE;
    if (t->token == USB_IN)
        return give_in(gadget, endpoint, t);
    return t->token == USB_PING ? ping(gadget, endpoint, address) : take_out(gadget, endpoint, t);
}

static void acknowledged(void *ctx, unsigned number)
{
    struct usb_gadget *gadget = ctx;
    struct usb_endpoint *endpoint = &gadget->in[number & 15];
    if (number == 0) {
        control_taken(gadget);
    } else if (endpoint->waiting) {
        endpoint->waiting = false;
        endpoint->data1 = !endpoint->data1;
        if (gadget->function->taken)
            gadget->function->taken(gadget->ctx, (uint8_t)(number | USB_IN_BIT));
    }
}

/* ---- The wire's side ---- */

static void reset(void *ctx, enum usb_speed speed)
{
    struct usb_gadget *gadget = ctx;
    bool was_configured = gadget->configuration;
    gadget->speed = speed;
    gadget->address = gadget->configuration = 0;
    gadget->stage = CONTROL_IDLE;
    refresh_all(gadget);
    if (was_configured && gadget->function->configured)
        gadget->function->configured(gadget->ctx, false);
}

static void power(void *ctx, bool on)
{
    struct usb_gadget *gadget = ctx;
    reset(gadget, gadget->device.speed);
    if (gadget->function->power)
        gadget->function->power(gadget->ctx, on);
}

static sim_time ready(void *ctx, const struct usb_transaction *t)
{
    struct usb_gadget *gadget = ctx;
    uint8_t address = (uint8_t)(t->endpoint | (t->token == USB_IN ? USB_IN_BIT : 0));
    return gadget->function->ready ? gadget->function->ready(gadget->ctx, address) : 0;
}

void usb_gadget_init(struct usb_gadget *gadget, struct sim *sim, const struct usb_model *model,
                     const struct usb_function *function, void *ctx, enum usb_speed speed)
{
    *gadget = (struct usb_gadget){.sim = sim, .model = model, .function = function, .ctx = ctx};
    gadget->device = (struct usb_device){.ctx = gadget,
                                         .name = model->product_name,
                                         .speed = speed,
                                         .power = power,
                                         .reset = reset,
                                         .transact = transact,
                                         .acknowledged = acknowledged,
                                         .ready = ready};
    gadget->speed = speed;
}
