/* Sending by the FDCAN: dedicated buffers, FIFO or queue, and the events of what was sent (RM0399 61.4.19 to
 * 61.4.21). */
#include "sim/soc/fdcan.h"

enum {
    CCCR_DAR = 1 << 6,
    TXBC_QUEUE = 1 << 30,
    NONE = -1,
    ACK_ERROR = 3, /* PSR.LEC */
    PSR_EP = 1 << 5,
    PSR_EW = 1 << 6,
    WARNING = 96,
    PASSIVE = 128,
};

static uint32_t reg(const struct fdcan *can, uint32_t offset)
{
    return REG(&can->block, offset);
}

/* ---- Which buffers there are ---- */

static unsigned dedicated(const struct fdcan *can)
{
    return reg(can, FDCAN_TXBC) >> 16 & 0x3f;
}

static unsigned ring_size(const struct fdcan *can)
{
    unsigned size = reg(can, FDCAN_TXBC) >> 24 & 0x3f, room = 32 - dedicated(can) % 33;
    return size < room ? size : room;
}

static bool is_queue(const struct fdcan *can)
{
    return reg(can, FDCAN_TXBC) & TXBC_QUEUE;
}

static uint32_t place_of(const struct fdcan *can, unsigned buffer)
{
    static const uint8_t data[8] = {8, 12, 16, 20, 24, 32, 48, 64};
    unsigned bytes = 8u + data[reg(can, FDCAN_TXESC) & 7];
    return (reg(can, FDCAN_TXBC) & 0xfffc) + buffer * bytes;
}

/* The first free one of a queue; 32: none. */
static unsigned free_in_queue(const struct fdcan *can)
{
    for (unsigned n = dedicated(can); n < dedicated(can) + ring_size(can); n++)
        if (!(reg(can, FDCAN_TXBRP) >> n & 1))
            return n;
    return 32;
}

uint32_t fdcan_tx_status(const struct fdcan *can)
{
    unsigned size = ring_size(can), first = dedicated(can);
    if (is_queue(can)) {
        unsigned put = free_in_queue(can);
        return put == 32 ? 1u << 21 : put << 16;
    }
    unsigned get = size ? first + can->tx_first : 0;
    unsigned put = size ? first + (can->tx_first + can->tx_fill) % size : 0;
    return (size - can->tx_fill) | get << 8 | put << 16 | (uint32_t)(can->tx_fill == size) << 21;
}

/* ---- Requests ---- */

static bool in_fifo(const struct fdcan *can, unsigned buffer)
{
    return !is_queue(can) && buffer >= dedicated(can);
}

static void count_fifo(struct fdcan *can)
{
    unsigned size = ring_size(can);
    while (can->tx_fill < size) {
        unsigned next = dedicated(can) + (can->tx_first + can->tx_fill) % size;
        if (!(reg(can, FDCAN_TXBRP) >> next & 1))
            break;
        can->tx_fill++;
    }
}

void fdcan_request(struct fdcan *can, uint32_t buffers)
{
    unsigned all = dedicated(can) + ring_size(can);
    if (!fdcan_runs(can))
        return;
    buffers &= all < 32 ? (1u << all) - 1 : 0xffffffffu;
    REG(&can->block, FDCAN_TXBTO) &= ~buffers;
    REG(&can->block, FDCAN_TXBCF) &= ~buffers;
    REG(&can->block, FDCAN_TXBRP) |= buffers;
    if (!is_queue(can))
        count_fifo(can);
    fdcan_go_on(can);
}

/* A buffer is done with; in a FIFO the next one's turn. */
static void release(struct fdcan *can, unsigned buffer)
{
    unsigned size = ring_size(can);
    REG(&can->block, FDCAN_TXBRP) &= ~(1u << buffer);
    while (can->tx_fill && size && in_fifo(can, buffer)) {
        if (reg(can, FDCAN_TXBRP) >> (dedicated(can) + can->tx_first) & 1)
            return;
        can->tx_first = (can->tx_first + 1) % size;
        if (--can->tx_fill == 0)
            fdcan_raise(can, FDCAN_TFE);
    }
}

static void give_up(struct fdcan *can, unsigned buffer)
{
    release(can, buffer);
    REG(&can->block, FDCAN_TXBCF) |= 1u << buffer;
    if (reg(can, FDCAN_TXBCIE) >> buffer & 1)
        fdcan_raise(can, FDCAN_TCF);
}

/* What is on the wire goes to its end, and is given up if nobody acknowledges it. */
void fdcan_cancel(struct fdcan *can, uint32_t buffers)
{
    for (unsigned n = 0; n < 32; n++)
        if (buffers >> n & reg(can, FDCAN_TXBRP) >> n & 1 && (int)n != can->sending)
            give_up(can, n);
    if (can->sending != NONE)
        REG(&can->block, FDCAN_TXBCR) |= buffers & 1u << can->sending;
}

/* ---- On the wire ---- */

static void load(struct fdcan *can, unsigned buffer, struct fdcan_frame *frame)
{
    uint32_t at = place_of(can, buffer);
    frame->id = *fdcan_word(can, at);
    frame->control = *fdcan_word(can, at + 4);
    for (unsigned n = 0; n < 16; n++)
        frame->data[n] = *fdcan_word(can, at + 8 + 4 * n);
}

/* The arbitration that the frame would win: a standard identifier goes before an extended one that
 * begins like it. */
static uint32_t priority(uint32_t id)
{
    return (id & FRAME_ID) << 1 | !!(id & FRAME_EXTENDED);
}

/* Of a FIFO only the oldest may go. */
static int next_buffer(struct fdcan *can)
{
    int best = NONE;
    for (unsigned n = 0; n < 32; n++) {
        if (!(reg(can, FDCAN_TXBRP) >> n & 1))
            continue;
        if (in_fifo(can, n) && n != dedicated(can) + can->tx_first)
            continue;
        if (best == NONE || priority(*fdcan_word(can, place_of(can, n))) <
                                priority(*fdcan_word(can, place_of(can, (unsigned)best))))
            best = (int)n;
    }
    return best;
}

/* Bits outside the data phase, and in it (ISO 11898-1, figures of the frame formats). */
static sim_time time_of(const struct fdcan *can, const struct fdcan_frame *frame)
{
    enum { CLASSIC = 47, FD = 30, EXTENSION = 20, FD_FIXED = 28 };
    unsigned bytes = frame->id & FRAME_REMOTE ? 0 : fdcan_dlc_bytes(frame->control >> FRAME_DLC);
    unsigned extension = frame->id & FRAME_EXTENDED ? EXTENSION : 0;
    bool fd = frame->control & FRAME_FD;
    uint64_t slow = (fd ? FD : CLASSIC) + extension + (fd ? 0 : 8 * bytes);
    uint64_t fast = fd ? FD_FIXED + 8 * bytes : 0;
    sim_time data = sim_cycles_to_time(fast, fdcan_bit_hz(can, frame->control & FRAME_FAST));
    sim_time time = sim_cycles_to_time(slow, fdcan_bit_hz(can, false));
    return time == SIM_NEVER || data == SIM_NEVER ? SIM_NEVER : time + data;
}

void fdcan_go_on(struct fdcan *can)
{
    struct fdcan_frame frame;
    if (!fdcan_runs(can) || can->sending != NONE)
        return;
    int buffer = next_buffer(can);
    if (buffer == NONE)
        return;
    load(can, (unsigned)buffer, &frame);
    sim_time time = time_of(can, &frame);
    if (time == SIM_NEVER)
        return;
    can->sending = buffer;
    event_in(&block_sim(&can->block)->events, &can->sent, time);
}

/* ---- Events ---- */

static unsigned events_size(const struct fdcan *can)
{
    unsigned size = reg(can, FDCAN_TXEFC) >> 16 & 0x3f;
    return size < 32 ? size : 32;
}

uint32_t fdcan_event_status(const struct fdcan *can)
{
    const struct fdcan_ring *ring = &can->events;
    unsigned size = events_size(can), put = size ? (ring->get + ring->fill) % size : 0;
    return ring->fill | ring->get << 8 | put << 16 | (uint32_t)(size && ring->fill == size) << 24 |
           (uint32_t)ring->lost << 25;
}

void fdcan_event_acknowledge(struct fdcan *can, uint32_t index)
{
    struct fdcan_ring *ring = &can->events;
    unsigned size = events_size(can);
    if (!size || index >= size)
        return;
    unsigned read = (index + size - ring->get) % size + 1;
    ring->fill -= read < ring->fill ? read : ring->fill;
    ring->get = (index + 1) % size;
}

static void note_event(struct fdcan *can, const struct fdcan_frame *frame)
{
    struct fdcan_ring *ring = &can->events;
    unsigned size = events_size(can);
    ring->lost = ring->fill == size;
    if (ring->lost) {
        fdcan_raise(can, FDCAN_TEFL);
        return;
    }
    uint32_t at = (reg(can, FDCAN_TXEFC) & 0xfffc) + (ring->get + ring->fill) % size * 8;
    uint32_t kept = frame->control & (0xff000000u | FRAME_FD | FRAME_FAST | 15u << FRAME_DLC);
    *fdcan_word(can, at) = frame->id;
    *fdcan_word(can, at + 4) = kept | 1u << 22 /* sent */ | fdcan_timestamp(can);
    ring->fill++;
    fdcan_raise(can, FDCAN_TEFN |
                         (ring->fill == (reg(can, FDCAN_TXEFC) >> 24 & 0x3f) ? FDCAN_TEFW : 0) |
                         (ring->fill == size ? FDCAN_TEFF : 0));
}

/* ---- The end of a frame ---- */

static void went_well(struct fdcan *can, unsigned buffer)
{
    struct fdcan_frame frame;
    load(can, buffer, &frame);
    REG(&can->block, FDCAN_PSR) &= ~7u;
    release(can, buffer);
    REG(&can->block, FDCAN_TXBTO) |= 1u << buffer;
    if (reg(can, FDCAN_TXBTIE) >> buffer & 1)
        fdcan_raise(can, FDCAN_TC);
    if (frame.control & FRAME_EVENT)
        note_event(can, &frame);
    fdcan_receive(can, &frame);
}

/* Error counting by ISO 11898-1: eight a frame until the unit is error passive. */
static void nobody_acknowledged(struct fdcan *can, unsigned buffer)
{
    uint32_t *ecr = &REG(&can->block, FDCAN_ECR), *psr = &REG(&can->block, FDCAN_PSR);
    uint32_t before = *psr, errors = *ecr & 0xff;
    errors += errors < PASSIVE ? 8 : 0;
    *ecr = (*ecr & ~0xffu) | errors;
    *psr = (*psr & ~7u) | ACK_ERROR | (errors >= WARNING ? PSR_EW : 0) |
           (errors >= PASSIVE ? PSR_EP : 0);
    fdcan_raise(can, FDCAN_PEA | (*psr & ~before & PSR_EW ? FDCAN_EW : 0) |
                         (*psr & ~before & PSR_EP ? FDCAN_EP : 0));
    if (reg(can, FDCAN_CCCR) & CCCR_DAR || reg(can, FDCAN_TXBCR) >> buffer & 1)
        give_up(can, buffer);
}

void fdcan_sent(void *ctx)
{
    struct fdcan *can = ctx;
    unsigned buffer = (unsigned)can->sending;
    can->sending = NONE;
    if (fdcan_loops_back(can))
        went_well(can, buffer);
    else
        nobody_acknowledged(can, buffer);
    REG(&can->block, FDCAN_TXBCR) &= ~(1u << buffer);
    fdcan_go_on(can);
}
