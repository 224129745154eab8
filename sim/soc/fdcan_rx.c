/* The FDCAN's acceptance filters and receive FIFOs: RM0399 61.4.16 to 61.4.18. */
#include "sim/soc/fdcan.h"

enum { RANGE, DUAL, MASKED, RANGE_UNMASKED }; /* EFT; of SFT the last one is "off" */
enum { OFF, TO_FIFO0, TO_FIFO1, REJECT, MARK, MARK_TO_FIFO0, MARK_TO_FIFO1, TO_BUFFER };
enum { GFC_REJECT_REMOTE_EXTENDED = 1, GFC_REJECT_REMOTE_STANDARD = 2 };
enum { FIFO_OVERWRITES = 31, NOT_MATCHED = -1, STANDARD_SHIFT = 18 };

static uint32_t reg(const struct fdcan *can, uint32_t offset)
{
    return REG(&can->block, offset);
}

/* ---- FIFOs ---- */

static unsigned element_bytes(uint32_t code)
{
    static const uint8_t data[8] = {8, 12, 16, 20, 24, 32, 48, 64};
    return 8u + data[code & 7];
}

static unsigned fifo_size(const struct fdcan *can, unsigned n)
{
    unsigned size = reg(can, FDCAN_RXF0C + 0x10 * n) >> 16 & 0x7f;
    return size < 64 ? size : 64;
}

uint32_t fdcan_fifo_status(const struct fdcan *can, unsigned n)
{
    const struct fdcan_ring *ring = &can->fifo[n];
    unsigned size = fifo_size(can, n), put = size ? (ring->get + ring->fill) % size : 0;
    return ring->fill | ring->get << 8 | put << 16 | (uint32_t)(size && ring->fill == size) << 24 |
           (uint32_t)ring->lost << 25;
}

/* The reader names the last element that it has read. */
void fdcan_fifo_acknowledge(struct fdcan *can, unsigned n, uint32_t index)
{
    struct fdcan_ring *ring = &can->fifo[n];
    unsigned size = fifo_size(can, n);
    if (!size || index >= size)
        return;
    unsigned read = (index + size - ring->get) % size + 1;
    ring->fill -= read < ring->fill ? read : ring->fill;
    ring->get = (index + 1) % size;
}

static void put_element(struct fdcan *can, uint32_t at, unsigned bytes,
                        const struct fdcan_frame *frame, int filter)
{
    uint32_t matched = filter == NOT_MATCHED ? 0x80000000u : (uint32_t)filter << 24;
    uint32_t kept = frame->control & (15u << FRAME_DLC | FRAME_FD | FRAME_FAST);
    unsigned length = fdcan_dlc_bytes(frame->control >> FRAME_DLC);
    *fdcan_word(can, at) = frame->id;
    *fdcan_word(can, at + 4) = matched | kept | fdcan_timestamp(can);
    for (unsigned n = 0; 4 * n < length && 4 * n + 8 < bytes; n++)
        *fdcan_word(can, at + 8 + 4 * n) = frame->data[n];
}

/* False: it is full, and what comes is lost. */
static bool make_room(struct fdcan *can, unsigned n, unsigned size)
{
    struct fdcan_ring *ring = &can->fifo[n];
    ring->lost = false;
    if (ring->fill < size)
        return true;
    if (size && reg(can, FDCAN_RXF0C + 0x10 * n) >> FIFO_OVERWRITES) {
        ring->get = (ring->get + 1) % size;
        ring->fill--;
        return true;
    }
    ring->lost = true;
    fdcan_raise(can, (uint32_t)FDCAN_RF0L << 4 * n);
    return false;
}

static void put_into_fifo(struct fdcan *can, unsigned n, const struct fdcan_frame *frame,
                          int filter)
{
    struct fdcan_ring *ring = &can->fifo[n];
    uint32_t config = reg(can, FDCAN_RXF0C + 0x10 * n), watermark = config >> 24 & 0x7f;
    unsigned size = fifo_size(can, n), bytes = element_bytes(reg(can, FDCAN_RXESC) >> 4 * n);
    if (!make_room(can, n, size))
        return;
    unsigned put = (ring->get + ring->fill) % size;
    put_element(can, (config & 0xfffc) + put * bytes, bytes, frame, filter);
    ring->fill++;
    fdcan_raise(can, ((uint32_t)FDCAN_RF0N | (ring->fill == watermark ? FDCAN_RF0W : 0) |
                      (ring->fill == size ? FDCAN_RF0F : 0))
                         << 4 * n);
}

static void put_into_buffer(struct fdcan *can, unsigned n, const struct fdcan_frame *frame,
                            int filter)
{
    unsigned bytes = element_bytes(reg(can, FDCAN_RXESC) >> 8);
    put_element(can, (reg(can, FDCAN_RXBC) & 0xfffc) + n * bytes, bytes, frame, filter);
    REG(&can->block, n < 32 ? FDCAN_NDAT1 : FDCAN_NDAT2) |= 1u << n % 32;
    fdcan_raise(can, FDCAN_DRX);
}

/* ---- Filters ---- */

struct filter {
    unsigned type, action;
    uint32_t id1, id2;
};

static struct filter standard_filter(struct fdcan *can, unsigned n)
{
    uint32_t word = *fdcan_word(can, (reg(can, FDCAN_SIDFC) & 0xfffc) + 4 * n);
    struct filter filter = {word >> 30, word >> 27 & 7, word >> 16 & 0x7ff, word & 0x7ff};
    if (filter.type == RANGE_UNMASKED)
        filter.action = OFF;
    return filter;
}

static struct filter extended_filter(struct fdcan *can, unsigned n)
{
    uint32_t at = (reg(can, FDCAN_XIDFC) & 0xfffc) + 8 * n;
    uint32_t first = *fdcan_word(can, at), second = *fdcan_word(can, at + 4);
    return (struct filter){second >> 30, first >> 29, first & FRAME_ID, second & FRAME_ID};
}

static bool matches(const struct fdcan *can, const struct filter *filter, uint32_t id,
                    bool extended)
{
    uint32_t masked = extended && filter->type == RANGE ? id & reg(can, FDCAN_XIDAM) : id;
    if (filter->action == OFF)
        return false;
    if (filter->action == TO_BUFFER)
        return id == filter->id1;
    switch (filter->type) {
    case DUAL:
        return id == filter->id1 || id == filter->id2;
    case MASKED:
        return ((id ^ filter->id1) & filter->id2) == 0;
    default:
        return masked >= filter->id1 && masked <= filter->id2;
    }
}

/* 61.5.28: what a message of high priority was, and where it went. */
static void mark(struct fdcan *can, const struct filter *filter, int n, bool extended)
{
    unsigned fifo = filter->action - MARK; /* 0: to none */
    unsigned index = 0;
    if (fifo && fifo_size(can, fifo - 1))
        index = (can->fifo[fifo - 1].get + can->fifo[fifo - 1].fill) % fifo_size(can, fifo - 1);
    REG(&can->block, FDCAN_HPMS) =
        index | (fifo ? (fifo + 1) << 6 : 0u) | (uint32_t)n << 8 | (uint32_t)extended << 15;
    fdcan_raise(can, FDCAN_HPM);
}

static void act(struct fdcan *can, const struct fdcan_frame *frame, const struct filter *filter,
                int n)
{
    bool extended = frame->id & FRAME_EXTENDED;
    if (filter->action >= MARK && filter->action <= MARK_TO_FIFO1)
        mark(can, filter, n, extended);
    if (filter->action == TO_FIFO0 || filter->action == MARK_TO_FIFO0)
        put_into_fifo(can, 0, frame, n);
    else if (filter->action == TO_FIFO1 || filter->action == MARK_TO_FIFO1)
        put_into_fifo(can, 1, frame, n);
    else if (filter->action == TO_BUFFER)
        put_into_buffer(can, filter->id2 & 0x3f, frame, n);
}

/* The first filter that matches decides; without one GFC does. */
void fdcan_receive(struct fdcan *can, const struct fdcan_frame *frame)
{
    bool extended = frame->id & FRAME_EXTENDED;
    uint32_t gfc = reg(can, FDCAN_GFC);
    uint32_t id = extended ? frame->id & FRAME_ID : frame->id >> STANDARD_SHIFT & 0x7ff;
    unsigned count = reg(can, extended ? FDCAN_XIDFC : FDCAN_SIDFC) >> 16 & 0xff;
    if (frame->id & FRAME_REMOTE &&
        gfc & (extended ? GFC_REJECT_REMOTE_EXTENDED : GFC_REJECT_REMOTE_STANDARD))
        return;
    for (unsigned n = 0; n < count; n++) {
        struct filter filter = extended ? extended_filter(can, n) : standard_filter(can, n);
        if (!matches(can, &filter, id, extended))
            continue;
        act(can, frame, &filter, (int)n);
        return;
    }
    unsigned rest = gfc >> (extended ? 2 : 4) & 3;
    if (rest < 2)
        put_into_fifo(can, rest, frame, NOT_MATCHED);
}
