/* A stick in memory, and commands to it by bulk-only transport. */
#ifndef SIM_TEST_BOARD_STICK_HOST_H
#define SIM_TEST_BOARD_STICK_HOST_H

#include "sim/board/usb_stick.h"
#include "sim/test/board/usb_host.h"

enum { TEST_SECTORS = 2048, DATA_OUT = 2, DATA_IN = 1, IN_ADDRESS = 0x81, OUT_ADDRESS = 0x02 };

struct stick_host {
    struct sim sim;
    struct usb_stick stick;
    struct usb_host host;
    uint8_t *bytes;
    uint32_t sector_size;
    uint64_t bad_sector; /* cannot be read nor written; UINT64_MAX: none */
    unsigned pulls;
    /* of the last command */
    uint32_t residue;
    uint8_t status;
    int moved; /* bytes of data, or why none */
};

static inline bool stick_read(void *ctx, uint64_t sector, uint8_t *bytes)
{
    struct stick_host *s = ctx;
    memcpy(bytes, s->bytes + sector * s->sector_size, s->sector_size);
    return sector != s->bad_sector;
}

static inline bool stick_write(void *ctx, uint64_t sector, const uint8_t *bytes)
{
    struct stick_host *s = ctx;
    if (sector == s->bad_sector)
        return false;
    memcpy(s->bytes + sector * s->sector_size, bytes, s->sector_size);
    return true;
}

static inline void stick_pulled(void *ctx)
{
    ((struct stick_host *)ctx)->pulls++;
}

/* Plugged and configured; its memory is ready and the unit attention told. */
static inline struct stick_host *stick_start(struct usb_stick_config config)
{
    struct stick_host *s = calloc(1, sizeof *s);
    assert_non_null(s);
    sim_init(&s->sim);
    s->sector_size = config.disk.sector_size ? config.disk.sector_size : 512;
    s->bytes = calloc(TEST_SECTORS, s->sector_size);
    s->bad_sector = UINT64_MAX;
    config.disk = (struct disk){s,          s->sector_size, TEST_SECTORS, config.disk.read_only,
                                stick_read, stick_write};
    config.faults.pulled = stick_pulled;
    config.faults.ctx = s;
    usb_stick_init(&s->stick, &s->sim, &config);
    host_start(&s->host, &s->sim, &s->stick.gadget.device,
               config.full_speed ? USB_SPEED_FULL : USB_SPEED_HIGH);
    host_configure(&s->host);
    return s;
}

static inline void stick_end(struct stick_host *s)
{
    event_cancel(&s->sim.events, &s->stick.pull);
    sim_free(&s->sim);
    free(s->bytes);
    free(s);
}

static inline int stick_wrapper(struct stick_host *s, const uint8_t *cdb, unsigned cdb_length,
                                uint8_t flags, uint32_t length)
{
    uint8_t wrapper[31] = {'U', 'S', 'B', 'C', 1, 2, 3, 4};
    memcpy(&wrapper[8], &length, 4);
    wrapper[12] = flags;
    wrapper[14] = (uint8_t)cdb_length;
    memcpy(&wrapper[15], cdb, cdb_length);
    return host_out(&s->host, 2, USB_OUT, wrapper, 31);
}

/* The status wrapper; a stall before it is cleared, as 6.7 has it. */
static inline void stick_status(struct stick_host *s)
{
    uint8_t wrapper[USB_PACKET_MAX];
    int length = host_in(&s->host, 1, wrapper);
    if (length == HOST_STALLED) {
        host_clear_halt(&s->host, IN_ADDRESS);
        length = host_in(&s->host, 1, wrapper);
    }
    assert_int_equal(length, 13);
    assert_memory_equal(wrapper, "USBS\1\2\3\4", 8);
    memcpy(&s->residue, &wrapper[8], 4);
    s->status = wrapper[12];
}

static inline int stick_send(struct stick_host *s, const uint8_t *data, unsigned length)
{
    unsigned done = 0;
    while (done < length) {
        unsigned part = length - done < s->host.size ? length - done : s->host.size;
        int sent = host_out(&s->host, 2, USB_OUT, data + done, part);
        if (sent == HOST_STALLED)
            host_clear_halt(&s->host, OUT_ADDRESS);
        if (sent < 0)
            return done ? (int)done : sent;
        done += part;
    }
    return (int)done;
}

/* A whole command. `flags`: DATA_IN or DATA_OUT is what the host wants to do. */
static inline void stick_command(struct stick_host *s, const uint8_t *cdb, unsigned cdb_length,
                                 unsigned flags, void *data, uint32_t length)
{
    bool in = flags == DATA_IN;
    assert_int_equal(stick_wrapper(s, cdb, cdb_length, in ? 0x80 : 0, length), 31);
    s->moved = 0;
    if (length && in) {
        s->moved = host_read(&s->host, 1, data, length, s->host.size);
        if (s->moved == HOST_STALLED)
            host_clear_halt(&s->host, IN_ADDRESS);
    } else if (length) {
        s->moved = stick_send(s, data, length);
    }
    stick_status(s);
}

static inline uint32_t stick_sense(struct stick_host *s)
{
    const uint8_t cdb[6] = {3, 0, 0, 0, 18};
    uint8_t sense[18];
    stick_command(s, cdb, 6, DATA_IN, sense, 18);
    assert_int_equal(s->moved, 18);
    return (uint32_t)(sense[2] << 16 | sense[12] << 8 | sense[13]);
}

static inline void stick_no_data(struct stick_host *s, uint8_t operation, uint8_t byte4)
{
    const uint8_t cdb[10] = {operation, 0, 0, 0, byte4};
    stick_command(s, cdb, operation < 0x20 ? 6 : 10, 0, NULL, 0);
}

/* Past its start and its unit attention. */
static inline void stick_make_ready(struct stick_host *s)
{
    host_wait(&s->host, 200 * SIM_MS);
    stick_no_data(s, 0, 0);
    assert_int_equal(stick_sense(s), 0x062800);
}

static inline void stick_transfer(struct stick_host *s, uint8_t operation, uint32_t sector,
                                  unsigned count, uint8_t *data, uint32_t length)
{
    const uint8_t cdb[10] = {operation,
                             0,
                             (uint8_t)(sector >> 24),
                             (uint8_t)(sector >> 16),
                             (uint8_t)(sector >> 8),
                             (uint8_t)sector,
                             0,
                             (uint8_t)(count >> 8),
                             (uint8_t)count,
                             0};
    stick_command(s, cdb, 10, operation == 0x28 ? DATA_IN : DATA_OUT, data, length);
}

#endif
