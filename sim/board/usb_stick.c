#include "sim/board/usb_stick.h"

#include <string.h>

enum {
    OUT_ENDPOINT = 0x02,
    IN_ENDPOINT = 0x81,
    COMMAND_WRAPPER = 31,
    STATUS_WRAPPER = 13,
    PASSED = 0,
    FAILED = 1,
    PHASE_ERROR = 2,
    RESET_REQUEST = 0xff, /* class, to the interface */
    GET_MAX_LUN = 0xfe,
    CLASS_OUT = 0x21,
    CLASS_IN = 0xa1,
    BUFFER = 32 * 1024,
    READ_RATE = 35000000,
    WRITE_RATE = 25000000,
};

#define COMMAND_TIME (40 * SIM_US)  /* its controller thinks */
#define START_TIME   (150 * SIM_MS) /* from power until its memory is ready */

static const struct usb_model stick_model = {
    .vendor = 0x1209, /* pid.codes, a number for tests */
    .product = 0x0001,
    .release = 0x0100,
    .interface_class = 0x08,
    .interface_subclass = 0x06, /* SCSI, transparent */
    .interface_protocol = 0x50, /* bulk-only */
    .manufacturer = "Duet",
    .product_name = "USB stick",
    .serial = "0123456789AB",
    .endpoint_count = 2,
    .endpoints = {{IN_ENDPOINT, 2, 512, 64, 0}, {OUT_ENDPOINT, 2, 512, 64, 0}},
    .milliamperes = 200,
};

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned n = 0; n < 4; n++)
        at[n] = (uint8_t)(value >> 8 * n);
}

static sim_time now_of(const struct usb_stick *stick)
{
    return sim_now(stick->gadget.sim);
}

/* ---- Its memory takes its time ---- */

static sim_time time_of(uint64_t bytes, uint64_t rate)
{
    return sim_cycles_to_time(bytes, rate);
}

static void use_memory(struct usb_stick *stick, sim_time time)
{
    sim_time now = now_of(stick);
    stick->memory_free = (stick->memory_free > now ? stick->memory_free : now) + time;
}

/* Until when the buffer has no room for another packet; a time past: it has. */
static sim_time buffer_free(const struct usb_stick *stick)
{
    sim_time full = time_of(BUFFER, stick->config.write_rate);
    return stick->memory_free > full ? stick->memory_free - full : 0;
}

/* ---- Status ---- */

static void end_command(struct usb_stick *stick, uint8_t status)
{
    stick->status = status;
    stick->state = STICK_STATUS;
    if (stick->command.sectors && stick->command.direction == SCSI_FROM_HOST && status == PASSED)
        stick->statistics.writes++;
}

/* What the host wanted to move and will not: it learns that by a STALL (6.7.2, 6.7.3). */
static void end_early(struct usb_stick *stick, uint8_t endpoint, uint8_t status)
{
    usb_gadget_halt(&stick->gadget, endpoint);
    end_command(stick, status);
}

static enum usb_answer give_status(struct usb_stick *stick, uint8_t *data, unsigned *length)
{
    if (stick->memory_free > now_of(stick))
        return USB_NAK;
    put32(data, 0x53425355);
    put32(data + 4, stick->tag);
    put32(data + 8, (uint32_t)(stick->expected - stick->moved));
    data[12] = stick->status;
    *length = STATUS_WRAPPER;
    return USB_ACK;
}

/* ---- Commands ---- */

/* Not what a wrapper is (6.2): both endpoints stall until the host has reset the device (6.6.1). */
static enum usb_answer breaks(struct usb_stick *stick)
{
    stick->state = STICK_BROKEN;
    usb_gadget_halt(&stick->gadget, IN_ENDPOINT);
    usb_gadget_halt(&stick->gadget, OUT_ENDPOINT);
    return USB_STALL;
}

static bool is_wrapper(const uint8_t *data, unsigned length)
{
    return length == COMMAND_WRAPPER && get32(data) == 0x43425355 && !(data[12] & 0x7f) &&
           data[13] == 0 && data[14] >= 1 && data[14] <= SCSI_COMMAND_MAX;
}

/* The thirteen cases (6.7): what the host expects to move against what the device intends to. */
static void meet(struct usb_stick *stick, bool to_host)
{
    struct scsi_command *command = &stick->command;
    enum scsi_direction wanted = to_host ? SCSI_TO_HOST : SCSI_FROM_HOST;
    uint8_t endpoint = to_host ? IN_ENDPOINT : OUT_ENDPOINT;
    bool agreed = command->direction == wanted;
    uint8_t status = command->failed                                 ? FAILED
                     : command->length > stick->expected             ? PHASE_ERROR
                     : command->direction != SCSI_NO_DATA && !agreed ? PHASE_ERROR
                                                                     : PASSED;
    stick->status = status;
    stick->limit = command->length < stick->expected ? command->length : stick->expected;
    if (stick->expected == 0)
        end_command(stick, status);
    else if (command->failed || !agreed)
        end_early(stick, endpoint, status);
    else
        stick->state = to_host ? STICK_DATA_IN : STICK_DATA_OUT;
}

static void begin_command(struct usb_stick *stick, const uint8_t *wrapper)
{
    stick->tag = get32(wrapper + 4);
    stick->expected = get32(wrapper + 8);
    stick->moved = 0;
    stick->loaded = false;
    stick->statistics.commands++;
    scsi_decode(&stick->scsi, now_of(stick), wrapper + 15, wrapper[14], &stick->command);
    if (stick_stalls(stick)) {
        scsi_fail(&stick->scsi, SENSE_ABORTED);
        stick->command.failed = true;
    }
    use_memory(stick, COMMAND_TIME);
    stick->data_at = stick->memory_free;
    meet(stick, wrapper[12] & 0x80);
}

/* ---- Data to the host ---- */

static bool load_sector(struct usb_stick *stick)
{
    const struct disk *disk = &stick->config.disk;
    uint64_t sector = stick->command.sector + stick->moved / disk->sector_size;
    stick->loaded = disk->read(disk->ctx, sector, stick->sector);
    stick->statistics.sectors_read += stick->loaded;
    return stick->loaded;
}

/* The bytes that follow `moved`, at most `length` and within a sector; NULL: they cannot be read. */
static const uint8_t *next_bytes(struct usb_stick *stick, unsigned *length)
{
    uint32_t size = stick->config.disk.sector_size;
    uint32_t at = (uint32_t)(stick->moved % size);
    if (!stick->command.sectors)
        return &stick->command.answer[stick->moved];
    if (!stick->loaded && !load_sector(stick))
        return NULL;
    *length = *length < size - at ? *length : size - at;
    return &stick->sector[at];
}

/* The memory reads on while the wire is busy with what was read before. */
static bool data_are_there(struct usb_stick *stick)
{
    return !stick->command.sectors || stick->loaded ||
           stick->data_at + time_of(stick->config.disk.sector_size, stick->config.read_rate) <=
               now_of(stick);
}

static enum usb_answer give_data(struct usb_stick *stick, uint8_t *data, unsigned *length)
{
    unsigned most = usb_gadget_packet_size(&stick->gadget, IN_ENDPOINT);
    uint64_t left = stick->limit - stick->moved;
    if (!data_are_there(stick))
        return USB_NAK;
    *length = left < most ? (unsigned)left : most;
    const uint8_t *bytes = next_bytes(stick, length);
    if (!bytes) {
        scsi_fail(&stick->scsi, SENSE_READ_ERROR);
        end_early(stick, IN_ENDPOINT, FAILED);
        return USB_STALL;
    }
    memcpy(data, bytes, *length);
    return USB_ACK;
}

static void data_taken(struct usb_stick *stick, unsigned length)
{
    uint32_t size = stick->config.disk.sector_size;
    stick->moved += length;
    if (stick->command.sectors && stick->moved % size == 0) {
        stick->loaded = false;
        stick->data_at += time_of(size, stick->config.read_rate);
    }
    if (stick->moved < stick->limit)
        return;
    use_memory(stick, 0);
    bool short_packet = stick->moved % usb_gadget_packet_size(&stick->gadget, IN_ENDPOINT);
    if (stick->limit < stick->expected && !short_packet)
        end_early(stick, IN_ENDPOINT, stick->status);
    else
        end_command(stick, stick->status);
}

/* ---- Data from the host ---- */

static bool store_sector(struct usb_stick *stick)
{
    const struct disk *disk = &stick->config.disk;
    uint64_t sector = stick->command.sector + stick->moved / disk->sector_size - 1;
    use_memory(stick, time_of(disk->sector_size, stick->config.write_rate));
    if (!disk->write(disk->ctx, sector, stick->sector))
        return false;
    stick->statistics.sectors_written++;
    return true;
}

/* A packet may hold several sectors, or a part of one. False: a sector could not be written. */
static bool store(struct usb_stick *stick, const uint8_t *data, unsigned length)
{
    uint32_t size = stick->config.disk.sector_size;
    while (length) {
        uint32_t at = (uint32_t)(stick->moved % size);
        uint32_t part = length < size - at ? length : size - at;
        memcpy(&stick->sector[at], data, part);
        stick->moved += part;
        data += part;
        length -= part;
        if (stick->moved % size == 0 && !store_sector(stick))
            return false;
    }
    return true;
}

static enum usb_answer take_data(struct usb_stick *stick, const uint8_t *data, unsigned length)
{
    uint64_t left = stick->limit - stick->moved;
    if (buffer_free(stick) > now_of(stick))
        return USB_NAK;
    if (!store(stick, data, length < left ? length : (unsigned)left)) {
        stick->moved -= stick->config.disk.sector_size;
        scsi_fail(&stick->scsi, SENSE_WRITE_ERROR);
        end_early(stick, OUT_ENDPOINT, FAILED);
        return USB_ACK;
    }
    if (stick->moved == stick->limit) {
        if (stick->limit < stick->expected)
            end_early(stick, OUT_ENDPOINT, stick->status);
        else
            end_command(stick, stick->status);
    }
    stick_look_for_the_hand(stick);
    return buffer_free(stick) > now_of(stick) ? USB_NYET : USB_ACK;
}

/* ---- Endpoints ---- */

static enum usb_answer out(void *ctx, uint8_t endpoint, const uint8_t *data, unsigned length)
{
    struct usb_stick *stick = ctx;
    (void)endpoint;
    if (stick_hangs(stick))
        return USB_NAK;
    if (stick->state == STICK_DATA_OUT)
        return take_data(stick, data, length);
    if (stick->state != STICK_COMMAND || !is_wrapper(data, length))
        return breaks(stick);
    begin_command(stick, data);
    return USB_ACK;
}

static bool takes(void *ctx, uint8_t endpoint)
{
    const struct usb_stick *stick = ctx;
    (void)endpoint;
    return !stick_hangs(stick) &&
           (stick->state != STICK_DATA_OUT || buffer_free(stick) <= now_of(stick));
}

static enum usb_answer in(void *ctx, uint8_t endpoint, uint8_t *data, unsigned *length)
{
    struct usb_stick *stick = ctx;
    (void)endpoint;
    if (stick_hangs(stick))
        return USB_NAK;
    if (stick->state == STICK_DATA_IN)
        return give_data(stick, data, length);
    return stick->state == STICK_STATUS ? give_status(stick, data, length) : USB_NAK;
}

static void taken(void *ctx, uint8_t endpoint)
{
    struct usb_stick *stick = ctx;
    if (stick->state == STICK_STATUS) {
        stick->state = STICK_COMMAND;
        stick->writes_before = stick->statistics.writes;
        stick_look_for_the_hand(stick);
    } else if (stick->state == STICK_DATA_IN) {
        data_taken(stick, stick->gadget.in[endpoint & 15].length);
    }
}

static sim_time ready(void *ctx, uint8_t endpoint)
{
    const struct usb_stick *stick = ctx;
    if (stick_hangs(stick))
        return now_of(stick) + SIM_MS;
    if (endpoint == OUT_ENDPOINT)
        return stick->state == STICK_DATA_OUT ? buffer_free(stick) : 0;
    if (stick->state == STICK_DATA_IN)
        return stick->data_at + time_of(stick->config.disk.sector_size, stick->config.read_rate);
    return stick->state == STICK_STATUS ? stick->memory_free : 0;
}

/* ---- Requests, resets, power ---- */

static void begin(struct usb_stick *stick)
{
    stick->state = STICK_COMMAND;
    stick->loaded = false;
}

static int request(void *ctx, const struct usb_setup *setup, uint8_t *data)
{
    struct usb_stick *stick = ctx;
    if (setup->index != 0 || setup->value != 0)
        return -1;
    if (setup->type == CLASS_OUT && setup->request == RESET_REQUEST && setup->length == 0) {
        begin(stick);
        return 0;
    }
    if (setup->type == CLASS_IN && setup->request == GET_MAX_LUN && setup->length == 1) {
        data[0] = 0;
        return 1;
    }
    return -1;
}

static void halt_cleared(void *ctx, uint8_t endpoint)
{
    struct usb_stick *stick = ctx;
    if (stick->state == STICK_BROKEN)
        usb_gadget_halt(&stick->gadget, endpoint);
}

static void configured(void *ctx, bool yes)
{
    (void)yes;
    begin(ctx);
}

static void power(void *ctx, bool on)
{
    struct usb_stick *stick = ctx;
    begin(stick);
    if (on)
        scsi_power_on(&stick->scsi, now_of(stick) + START_TIME, stick->config.faults.empty);
    event_cancel(&stick->gadget.sim->events, &stick->pull);
}

static const struct usb_function stick_function = {
    .request = request,
    .out = out,
    .takes = takes,
    .in = in,
    .taken = taken,
    .configured = configured,
    .halt_cleared = halt_cleared,
    .power = power,
    .ready = ready,
    .spoil = stick_spoil,
};

void usb_stick_init(struct usb_stick *stick, struct sim *sim, const struct usb_stick_config *config)
{
    memset(stick, 0, sizeof *stick);
    stick->config = *config;
    if (!stick->config.read_rate)
        stick->config.read_rate = READ_RATE;
    if (!stick->config.write_rate)
        stick->config.write_rate = WRITE_RATE;
    stick->scsi = (struct scsi_disk){.disk = &stick->config.disk,
                                     .product = stick_model.product_name,
                                     .serial = stick_model.serial};
    stick_faults_init(stick);
    usb_gadget_init(&stick->gadget, sim, &stick_model, &stick_function, stick,
                    config->full_speed ? USB_SPEED_FULL : USB_SPEED_HIGH);
}
