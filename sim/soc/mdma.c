/*
 * MDMA (RM0399 chapter 14): sixteen channels between all memories, the TCMs included, started by
 * software or by the ends of other blocks' work, with blocks, repeated blocks and linked lists.
 *
 * Time: the engine serves one channel at a time. It takes a chunk (a buffer of TLEN + 1 bytes, or
 * several, or several repeated blocks, where nobody is told of each), waits as long as its bursts
 * take on the bus, the memories and their other masters being as busy as they are, and moves the
 * bytes at the end of that time. Channels are arbitrated between chunks.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

#include <string.h>

enum { CHANNELS = 16, STRIDE = 0x40, BUFFER_MAX = 128, NODE_WORDS = 10 };
enum { CHUNK_BUFFERS = 16, CHUNK_BLOCKS = 64 }; /* at most, where nobody is told of each */

/* Bus cycles: to begin a request, to begin a burst, of a burst's beat, to read a node of a list. */
enum { REQUEST_CYCLES = 8, BURST_CYCLES = 3, BEAT_CYCLES = 1, NODE_CYCLES = 16 };

enum {
    GISR0 = 0x00,
    C0 = 0x40,
    /* from a channel's first register */
    ISR = 0x00,
    IFCR = 0x04,
    ESR = 0x08,
    CR = 0x0c,
    TCR = 0x10,
    BNDTR = 0x14,
    SAR = 0x18,
    DAR = 0x1c,
    BRUR = 0x20,
    LAR = 0x24,
    TBR = 0x28,
    MAR = 0x30,
    MDR = 0x34,
};

enum {
    ISR_TEIF = 1 << 0,
    ISR_CTCIF = 1 << 1,
    ISR_BRTIF = 1 << 2,
    ISR_BTIF = 1 << 3,
    ISR_TCIF = 1 << 4,
    ISR_FLAGS = 0x1f,
    ISR_CRQA = 1 << 16,
    ESR_TED = 1 << 7,
    ESR_TELD = 1 << 8,
    ESR_TEMD = 1 << 9,
    ESR_ASE = 1 << 10,
    ESR_BSE = 1 << 11,
    CR_EN = 1 << 0,
    CR_ENABLES = 0x3e, /* TEIE to TCIE, in the order of the flags */
    CR_BTIE = 1 << 4,
    CR_TCIE = 1 << 5,
    CR_BEX = 1 << 12,
    CR_HEX = 1 << 13,
    CR_WEX = 1 << 14,
    CR_SWRQ = 1 << 16,
    CR_WRITABLE = 0x70ff,
    TCR_PKE = 1 << 25,
    TCR_SWRM = 1 << 30,
    BNDTR_BNDT = 0x1ffff,
    BNDTR_BRSUM = 1 << 18,
    BNDTR_BRDUM = 1 << 19,
    BNDTR_BRC_SHIFT = 20,
    TBR_SBUS = 1 << 16,
    TBR_DBUS = 1 << 17,
};

enum trigger_mode { TRIGGER_BUFFER, TRIGGER_BLOCK, TRIGGER_REPEATED, TRIGGER_LIST };
enum increment { FIXED = 0, INCREMENT = 2, DECREMENT = 3 };

static const struct reg mdma_regs[] = {
    {GISR0, "GISR0", 0, 0, 0, 0},
    {C0 + ISR, "C%uISR", 0, 0, CHANNELS, STRIDE},
    {C0 + IFCR, "C%uIFCR", 0, 0, CHANNELS, STRIDE},
    {C0 + ESR, "C%uESR", 0, 0, CHANNELS, STRIDE},
    {C0 + CR, "C%uCR", 0, CR_WRITABLE, CHANNELS, STRIDE},
    {C0 + TCR, "C%uTCR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + BNDTR, "C%uBNDTR", 0, 0xfffdffff, CHANNELS, STRIDE},
    {C0 + SAR, "C%uSAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + DAR, "C%uDAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + BRUR, "C%uBRUR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + LAR, "C%uLAR", 0, 0xfffffff8, CHANNELS, STRIDE},
    {C0 + TBR, "C%uTBR", 0, 0x0003003f, CHANNELS, STRIDE},
    {C0 + MAR, "C%uMAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + MDR, "C%uMDR", 0, 0xffffffff, CHANNELS, STRIDE},
};

struct mdma;

struct channel {
    struct mdma *mdma;
    unsigned n;
    uint32_t *regs;        /* this channel's part of the block's registers */
    bool requested;        /* latched: a trigger's edge or SWRQ */
    bool active;           /* between the request and the end of what it asked for */
    struct bus_job job;    /* for reports: the block */
    uint32_t block_length; /* BNDT at the beginning of the block, for repetition */
};

struct mdma {
    struct block block;
    struct event event;
    struct channel *current; /* whose chunk is on the bus while the event is pending */
    uint32_t chunk;          /* its bytes */
    uint32_t blocks;         /* how many such chunks, each of them a repeated block */
    struct channel channel[CHANNELS];
};

/* One side of a channel's transfer, decoded. */
struct side {
    uint32_t address;
    unsigned size; /* 1, 2, 4 or 8 */
    int32_t step;
    unsigned burst; /* bytes */
    bool tcm;       /* by the AHB port, which leads to the TCMs only */
};

#define CREG(channel, offset) ((channel)->regs[(offset) / 4])

static int32_t step_of(uint32_t mode, unsigned increment_size)
{
    if (mode == FIXED)
        return 0;
    return mode == DECREMENT ? -(int32_t)increment_size : (int32_t)increment_size;
}

static struct side source_of(const struct channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    unsigned size = 1u << (tcr >> 4 & 3);
    return (struct side){.address = CREG(c, SAR),
                         .size = size,
                         .step = step_of(tcr & 3, 1u << (tcr >> 8 & 3)),
                         .burst = size << (tcr >> 12 & 7),
                         .tcm = CREG(c, TBR) & TBR_SBUS};
}

static struct side destination_of(const struct channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    unsigned size = 1u << (tcr >> 6 & 3);
    return (struct side){.address = CREG(c, DAR),
                         .size = size,
                         .step = step_of(tcr >> 2 & 3, 1u << (tcr >> 10 & 3)),
                         .burst = size << (tcr >> 15 & 7),
                         .tcm = CREG(c, TBR) & TBR_DBUS};
}

static enum trigger_mode trigger_mode(const struct channel *c)
{
    return (enum trigger_mode)(CREG(c, TCR) >> 28 & 3);
}

static uint32_t bytes_left(const struct channel *c)
{
    return CREG(c, BNDTR) & BNDTR_BNDT;
}

static uint32_t buffer_length(const struct channel *c)
{
    uint32_t length = (CREG(c, TCR) >> 18 & 0x7f) + 1;
    return length < bytes_left(c) ? length : bytes_left(c);
}

static bool packed(const struct channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    return tcr & TCR_PKE || (tcr >> 4 & 3) == (tcr >> 6 & 3);
}

/* Flags and interrupts. */

static void update_irq(struct mdma *mdma)
{
    uint32_t pending = 0;
    for (unsigned n = 0; n < CHANNELS; n++) {
        const struct channel *c = &mdma->channel[n];
        if (CREG(c, ISR) & (CREG(c, CR) & CR_ENABLES) >> 1)
            pending |= 1u << n;
    }
    REG(&mdma->block, GISR0) = pending;
    block_irq(&mdma->block, 0, pending != 0);
}

static void raise_flags(struct channel *c, uint32_t flags)
{
    if ((CREG(c, ISR) & flags) == flags)
        return;
    CREG(c, ISR) |= flags;
    update_irq(c->mdma);
}

/* A request is taken up; it is done, or given up. */
static void set_active(struct channel *c, bool active)
{
    const struct sim *sim = block_sim(&c->mdma->block);
    if (active && !c->active)
        sim_trace_begin(sim, "MDMA", c->n, "request", CREG(c, DAR), CREG(c, BNDTR) & BNDTR_BNDT);
    else if (c->active && !active)
        sim_trace_end(sim, "MDMA", c->n);
    c->active = active;
}

static void stop(struct channel *c)
{
    CREG(c, CR) &= ~(uint32_t)CR_EN;
    set_active(c, false);
    c->requested = false;
}

static bool fail(struct channel *c, uint32_t esr)
{
    CREG(c, ESR) = esr;
    stop(c);
    raise_flags(c, ISR_TEIF);
    return false;
}

/* Accesses. */

static bool in_tcm(uint32_t address)
{
    return address < 0x00010000 || address - 0x20000000 < 0x00020000;
}

static bool access_bus(struct channel *c, const struct side *side, bool write, uint64_t *value)
{
    struct sim *sim = block_sim(&c->mdma->block);
    unsigned part = side->size > 4 ? 4 : side->size;
    bool done = in_tcm(side->address) == side->tcm;
    for (unsigned n = 0; done && n < side->size; n += part) {
        uint32_t word = (uint32_t)(*value >> (8 * n));
        enum bus_status status;
        if (write)
            status = bus_write(&sim->bus, MASTER_MDMA, side->address + n, part, word);
        else
            status = bus_read(&sim->bus, MASTER_MDMA, side->address + n, part, &word);
        done = status == BUS_OK;
        if (!write)
            *value |= (uint64_t)word << (8 * n);
    }
    return done || fail(c, (side->address & 0x7f) | (write ? ESR_TED : 0u));
}

static bool write_item(struct channel *c, const struct side *to, uint64_t value)
{
    struct sim *sim = block_sim(&c->mdma->block);
    sim_hash_mix(sim, (uint64_t)to->address << 32 ^ value);
    sim->dma_bytes[MASTER_MDMA] += to->size;
    return access_bus(c, to, true, &value);
}

/* CCR.BEX, HEX, WEX: within the destination's items, where they are wide enough. */
static uint64_t exchange(uint32_t cr, uint64_t value, unsigned size)
{
    if (cr & CR_BEX && size >= 2)
        value = (value & 0x00ff00ff00ff00ffu) << 8 | (value >> 8 & 0x00ff00ff00ff00ffu);
    if (cr & CR_HEX && size >= 4)
        value = (value & 0x0000ffff0000ffffu) << 16 | (value >> 16 & 0x0000ffff0000ffffu);
    if (cr & CR_WEX && size == 8)
        value = value << 32 | value >> 32;
    return value;
}

/* TCR.PAM: a source item in a destination item of another width. */
static uint64_t align_item(const struct channel *c, uint64_t value, unsigned from, unsigned to)
{
    unsigned mode = CREG(c, TCR) >> 26 & 3;
    unsigned wider = 8 * (to > from ? to - from : 0), narrower = 8 * (from > to ? from - to : 0);
    if (mode == 2)
        return wider ? value << wider : value >> narrower;
    if (mode == 1 && wider) {
        unsigned shift = 64 - 8 * from;
        return (uint64_t)((int64_t)(value << shift) >> shift);
    }
    return value;
}

/* Item by item: any widths, steps and exchanges. */
static bool move_buffer(struct channel *c, uint32_t length)
{
    struct side from = source_of(c), to = destination_of(c);
    uint8_t buffer[BUFFER_MAX + 8] = {0};
    for (uint32_t n = 0; n < length; n += from.size) {
        uint64_t value = 0;
        if (!access_bus(c, &from, false, &value))
            return false;
        memcpy(&buffer[n], &value, from.size);
        from.address += (uint32_t)from.step;
    }
    unsigned unit = packed(c) ? to.size : from.size;
    for (uint32_t n = 0; n < length; n += unit) {
        uint64_t value = 0;
        memcpy(&value, &buffer[n], unit);
        if (!packed(c))
            value = align_item(c, value, from.size, to.size);
        value = exchange(CREG(c, CR), value, to.size);
        if (to.size < 8)
            value &= (1ull << (8 * to.size)) - 1;
        if (!write_item(c, &to, value))
            return false;
        to.address += (uint32_t)to.step;
    }
    CREG(c, SAR) = from.address;
    CREG(c, DAR) = to.address;
    return true;
}

/* Bytes that lie `step` apart, one after the other; eight at a time, which are hashed as one word. */
static void gather_bytes(uint8_t *sink, const uint8_t *source, uint32_t length, size_t step)
{
    for (; length >= 8; length -= 8, sink += 8, source += 8 * step) {
        uint64_t eight = 0;
#pragma GCC unroll 8
        for (unsigned n = 0; n < 8; n++)
            eight |= (uint64_t)source[n * step] << (8 * n);
        memcpy(sink, &eight, sizeof eight);
    }
    for (; length; length--, source += step)
        *sink++ = *source;
}

static void gather(uint8_t *sink, const uint8_t *source, uint32_t length, const struct side *from)
{
    if (from->step == (int32_t)from->size)
        memcpy(sink, source, length);
    else if (from->size == 1)
        gather_bytes(sink, source, length, (size_t)from->step);
    else
        for (uint32_t n = 0; n < length; n += from->size, source += from->step)
            memcpy(&sink[n], source, from->size);
}

/* Both sides of so many bytes that go from plain memory to plain memory as they are. */
struct plain {
    struct side from;
    const struct bus_region *source, *sink;
    uint32_t length, taken, span; /* bytes; what SAR moves on by; from the first byte to the last */
};

static bool is_plain(struct channel *c, uint32_t length, struct plain *plain)
{
    struct side from = source_of(c), to = destination_of(c);
    if (!packed(c) || CREG(c, CR) & (CR_BEX | CR_HEX | CR_WEX) || from.step < (int)from.size ||
        to.step != (int)to.size || in_tcm(from.address) != from.tcm || in_tcm(to.address) != to.tcm)
        return false;
    struct bus *bus = &block_sim(&c->mdma->block)->bus;
    plain->from = from;
    plain->length = length;
    plain->taken = length / from.size * (uint32_t)from.step;
    plain->span = plain->taken - (uint32_t)from.step + from.size;
    plain->source = bus_find(bus, MASTER_MDMA, from.address);
    plain->sink = bus_find(bus, MASTER_MDMA, to.address);
    return plain->source && plain->sink && !plain->sink->device;
}

static void hash_written(struct sim *sim, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    uint64_t value;
    sim_hash_mix(sim, (uint64_t)address << 32 | length);
    for (; length >= sizeof value; bytes += sizeof value, length -= (uint32_t)sizeof value) {
        memcpy(&value, bytes, sizeof value);
        sim_hash_mix(sim, value);
    }
    if (!length)
        return;
    value = 0;
    memcpy(&value, bytes, length);
    sim_hash_mix(sim, value);
}

/* A write would be read again. */
static bool overlaps(const struct plain *plain, uint32_t from, uint32_t to)
{
    if (plain->source->ram != plain->sink->ram)
        return false;
    from += plain->source->ram_offset - plain->source->base;
    to += plain->sink->ram_offset - plain->sink->base;
    return to < from + plain->span && from < to + plain->length;
}

/* At once. False: it reaches beyond the memory at hand, or must go item by item. */
static bool move_plainly(struct channel *c, const struct plain *plain)
{
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t from = CREG(c, SAR), to = CREG(c, DAR);
    if (!bus_region_holds(plain->source, from, plain->span) ||
        !bus_region_holds(plain->sink, to, plain->length) || overlaps(plain, from, to))
        return false;
    const uint8_t *source =
        bus_region_memory(&sim->bus, plain->source, from, plain->span, MASTER_MDMA, false);
    uint8_t *sink = bus_region_memory(&sim->bus, plain->sink, to, plain->length, MASTER_MDMA, true);
    gather(sink, source, plain->length, &plain->from);
    hash_written(sim, to, sink, plain->length);
    sim->dma_bytes[MASTER_MDMA] += plain->length;
    CREG(c, SAR) = from + plain->taken;
    CREG(c, DAR) = to + plain->length;
    return true;
}

static bool move_chunk(struct channel *c, uint32_t length)
{
    struct plain plain;
    if (is_plain(c, length, &plain) && move_plainly(c, &plain)) {
        CREG(c, BNDTR) -= length;
        return true;
    }
    while (length) {
        uint32_t part = buffer_length(c) < length ? buffer_length(c) : length;
        if (!move_buffer(c, part))
            return false;
        CREG(c, BNDTR) -= part;
        length -= part;
    }
    return true;
}

/* The course of a transfer. */

/* ESR.ASE and BSE (14.5.4): addresses and lengths must fit the widths. */
static bool sizes_valid(struct channel *c)
{
    struct side from = source_of(c), to = destination_of(c);
    unsigned unit = packed(c) && to.size > from.size ? to.size : from.size;
    uint32_t esr = 0;
    if (from.address % from.size || to.address % to.size)
        esr |= ESR_ASE;
    if (bytes_left(c) > 65536 || bytes_left(c) % unit || buffer_length(c) % unit)
        esr |= ESR_BSE;
    return !esr || fail(c, esr);
}

static void tell_job(struct channel *c)
{
    c->job = (struct bus_job){c->n, CREG(c, SAR), CREG(c, DAR), bytes_left(c)};
}

static void begin_block(struct channel *c)
{
    c->block_length = bytes_left(c);
    tell_job(c);
}

/* The next node of the list: ten words into TCR to MDR (14.4.7). */
static bool load_node(struct channel *c)
{
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t node[NODE_WORDS], address = CREG(c, LAR);
    const uint8_t *memory = bus_memory(&sim->bus, MASTER_MDMA, address, sizeof node);
    if (memory)
        memcpy(node, memory, sizeof node);
    for (unsigned n = 0; !memory && n < NODE_WORDS; n++)
        if (bus_read(&sim->bus, MASTER_MDMA, address + 4 * n, 4, &node[n]) != BUS_OK)
            return fail(c, ((address + 4 * n) & 0x7f) | ESR_TELD);
    for (unsigned n = 0; n < NODE_WORDS; n++)
        if (TCR + 4 * n != 0x2c)
            CREG(c, TCR + 4 * n) = node[n];
    CREG(c, LAR) &= 0xfffffff8;
    CREG(c, TBR) &= 0x0003003f;
    begin_block(c);
    return true;
}

/* MAR and MDR: the write that takes the request back, once what it asked for is done. */
static bool acknowledge(struct channel *c)
{
    set_active(c, false);
    if (!CREG(c, MAR))
        return true;
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t address = CREG(c, MAR) & ~3u;
    sim_hash_mix(sim, (uint64_t)address << 32 | CREG(c, MDR));
    if (bus_write(&sim->bus, MASTER_MDMA, address, 4, CREG(c, MDR)) == BUS_OK)
        return true;
    return fail(c, (address & 0x7f) | ESR_TED | ESR_TEMD);
}

static uint32_t updated(uint32_t address, uint32_t offset, bool subtract)
{
    return subtract ? address - offset : address + offset;
}

static void repeat_block(struct channel *c)
{
    uint32_t bndtr = CREG(c, BNDTR), brur = CREG(c, BRUR);
    CREG(c, SAR) = updated(CREG(c, SAR), brur & 0xffff, bndtr & BNDTR_BRSUM);
    CREG(c, DAR) = updated(CREG(c, DAR), brur >> 16, bndtr & BNDTR_BRDUM);
    CREG(c, BNDTR) = (bndtr & ~(uint32_t)BNDTR_BNDT) - (1u << BNDTR_BRC_SHIFT) + c->block_length;
    tell_job(c);
}

/* Of repeated blocks that go together all but the last, in which more may happen: how many. */
static uint32_t move_blocks(struct channel *c, uint32_t length, uint32_t count)
{
    struct plain plain;
    uint32_t moved = 0;
    if (count < 2 || !is_plain(c, length, &plain))
        return 0;
    for (; moved < count - 1 && move_plainly(c, &plain); moved++)
        repeat_block(c);
    if (moved)
        raise_flags(c, ISR_TCIF | ISR_BTIF);
    return moved;
}

static void end_block(struct channel *c)
{
    enum trigger_mode mode = trigger_mode(c);
    if (CREG(c, BNDTR) >> BNDTR_BRC_SHIFT) {
        repeat_block(c);
        raise_flags(c, ISR_BTIF);
        if (mode == TRIGGER_BLOCK)
            acknowledge(c);
        return;
    }
    bool last = !CREG(c, LAR);
    raise_flags(c, ISR_BTIF | ISR_BRTIF);
    if ((mode != TRIGGER_LIST && mode != TRIGGER_BUFFER) || (last && mode == TRIGGER_LIST))
        if (!acknowledge(c))
            return;
    if (last) {
        stop(c);
        sim_trace_mark(block_sim(&c->mdma->block), "MDMA", c->n, "transfer complete");
        raise_flags(c, ISR_CTCIF);
    } else {
        load_node(c);
    }
}

static void end_chunk(struct channel *c)
{
    raise_flags(c, ISR_TCIF);
    if (trigger_mode(c) == TRIGGER_BUFFER && !acknowledge(c))
        return;
    if (!bytes_left(c))
        end_block(c);
}

/* The engine. */

static bool triggered(const struct channel *c)
{
    unsigned line = CREG(c, TBR) & 0x3f;
    return !(CREG(c, TCR) & TCR_SWRM) && line < SOC_MDMA_TRIGGERS &&
           c->mdma->block.soc->mdma_trigger[line].level;
}

static bool ready(const struct channel *c)
{
    return CREG(c, CR) & CR_EN && (c->active || c->requested || triggered(c));
}

static struct channel *arbitrate(struct mdma *mdma)
{
    struct channel *best = NULL;
    for (unsigned n = 0; n < CHANNELS; n++) {
        struct channel *c = &mdma->channel[n];
        if (ready(c) && (!best || (CREG(c, CR) >> 6 & 3) > (CREG(best, CR) >> 6 & 3)))
            best = c;
    }
    return best;
}

static uint32_t side_cycles(const struct side *side, uint32_t length)
{
    uint32_t bursts = (length + side->burst - 1) / side->burst;
    return bursts * BURST_CYCLES + length / side->size * BEAT_CYCLES;
}

/* What the memory at a side, and the other masters there, make the chunk take beyond that. */
static sim_time side_delay(struct mdma *mdma, const struct side *side)
{
    struct sim *sim = block_sim(&mdma->block);
    struct bus_region *region = bus_find(&sim->bus, MASTER_MDMA, side->address);
    if (!region || !region->ram)
        return 0;
    uint32_t length = mdma->chunk;
    unsigned bytes = side->burst < length ? side->burst : length;
    uint32_t cycles = BURST_CYCLES + bytes / side->size * BEAT_CYCLES;
    const struct traffic_bursts bursts = {
        .count = (length + side->burst - 1) / side->burst * mdma->blocks,
        .bytes = bytes,
        .own = sim_cycles_to_time(cycles, block_bus_hz(&mdma->block)),
    };
    return traffic_take(sim, region->ram, MASTER_MDMA, sim_now(sim), &bursts);
}

/* A buffer, or several of one block where nobody hears of each. */
static uint32_t chunk_bytes(const struct channel *c)
{
    bool each = trigger_mode(c) == TRIGGER_BUFFER || CREG(c, CR) & CR_TCIE;
    uint32_t most = buffer_length(c) * (each ? 1 : CHUNK_BUFFERS);
    return most < bytes_left(c) ? most : bytes_left(c);
}

/* Repeated blocks of one buffer each go together where nobody hears of each. */
static uint32_t chunk_blocks(const struct channel *c)
{
    enum trigger_mode mode = trigger_mode(c);
    bool each =
        mode == TRIGGER_BUFFER || mode == TRIGGER_BLOCK || CREG(c, CR) & (CR_TCIE | CR_BTIE);
    uint32_t blocks = (CREG(c, BNDTR) >> BNDTR_BRC_SHIFT) + 1;
    if (each || buffer_length(c) < c->block_length)
        return 1;
    return blocks < CHUNK_BLOCKS ? blocks : CHUNK_BLOCKS;
}

/* How long the chunks at hand take, `cycles` before them included. SIM_NEVER: the clock stands. */
static sim_time chunk_time(struct mdma *mdma, const struct channel *c, uint32_t cycles)
{
    struct side from = source_of(c), to = destination_of(c);
    uint32_t sides = side_cycles(&from, mdma->chunk) + side_cycles(&to, mdma->chunk);
    bool last = mdma->chunk == bytes_left(c) && mdma->blocks > CREG(c, BNDTR) >> BNDTR_BRC_SHIFT;
    cycles += sides * mdma->blocks + (last && CREG(c, LAR) ? NODE_CYCLES : 0);
    sim_time time = sim_cycles_to_time(cycles ? cycles : 1, block_bus_hz(&mdma->block));
    if (time == SIM_NEVER)
        return time;
    return time + side_delay(mdma, &from) + side_delay(mdma, &to);
}

static void schedule(struct mdma *mdma)
{
    struct channel *c;
    while (!event_pending(&mdma->event) && (c = arbitrate(mdma))) {
        uint32_t begin = c->active ? 0 : REQUEST_CYCLES;
        set_active(c, true);
        c->requested = false;
        if (!sizes_valid(c))
            continue;
        mdma->current = c;
        mdma->chunk = chunk_bytes(c);
        mdma->blocks = chunk_blocks(c);
        sim_time time = chunk_time(mdma, c, begin);
        if (time == SIM_NEVER)
            return;
        event_in(&block_sim(&mdma->block)->events, &mdma->event, time);
    }
}

static void chunk_over(void *ctx)
{
    struct mdma *mdma = ctx;
    struct channel *c = mdma->current;
    mdma->current = NULL;
    if (c)
        block_sim(&mdma->block)->bus.job[MASTER_MDMA] = &c->job;
    for (uint32_t n = c ? move_blocks(c, mdma->chunk, mdma->blocks) : 0; c && n < mdma->blocks; n++)
        if (CREG(c, CR) & CR_EN && c->active && move_chunk(c, mdma->chunk))
            end_chunk(c);
    schedule(mdma);
}

static void trigger_changed(void *ctx, unsigned line, bool level)
{
    struct mdma *mdma = ctx;
    if (!level)
        return;
    for (unsigned n = 0; n < CHANNELS; n++) {
        struct channel *c = &mdma->channel[n];
        if (CREG(c, CR) & CR_EN && !(CREG(c, TCR) & TCR_SWRM) && (CREG(c, TBR) & 0x3f) == line)
            c->requested = true;
    }
    schedule(mdma);
}

/* Registers. */

static void abandon(struct channel *c)
{
    if (c->mdma->current == c) {
        event_cancel(&block_sim(&c->mdma->block)->events, &c->mdma->event);
        c->mdma->current = NULL;
    }
    stop(c);
    raise_flags(c, ISR_CTCIF);
}

static void write_cr(struct channel *c, uint32_t value)
{
    uint32_t before = CREG(c, CR);
    uint32_t mask = before & CR_EN ? (uint32_t)(CR_EN | CR_ENABLES) : (uint32_t)CR_WRITABLE;
    CREG(c, CR) = (before & ~mask) | (value & mask);
    if (~before & value & CR_EN) {
        CREG(c, ESR) = 0;
        begin_block(c);
    } else if (before & ~value & CR_EN) {
        abandon(c);
    }
    if (value & CR_SWRQ && CREG(c, CR) & CR_EN && CREG(c, TCR) & TCR_SWRM)
        c->requested = true;
    update_irq(c->mdma);
    schedule(c->mdma);
}

static void mdma_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct mdma *mdma = (struct mdma *)block;
    if (offset < C0)
        return;
    struct channel *c = &mdma->channel[(offset - C0) / STRIDE];
    uint32_t reg = (offset - C0) % STRIDE;
    switch (reg) {
    case IFCR:
        CREG(c, ISR) &= ~(value & ISR_FLAGS);
        update_irq(mdma);
        break;
    case CR:
        write_cr(c, block_merge(block, offset, value, access));
        break;
    default:
        if (!(CREG(c, CR) & CR_EN))
            block_store(block, offset, value, access);
    }
}

static uint32_t mdma_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct mdma *mdma = (struct mdma *)block;
    (void)access;
    uint32_t value = REG(block, offset);
    if (offset >= C0 && (offset - C0) % STRIDE == ISR) {
        const struct channel *c = &mdma->channel[(offset - C0) / STRIDE];
        value |= CREG(c, CR) & CR_EN && (c->active || c->requested) ? (uint32_t)ISR_CRQA : 0;
    }
    return value;
}

static void mdma_clock_changed(struct block *block)
{
    schedule((struct mdma *)block);
}

static void mdma_init(struct block *block)
{
    struct mdma *mdma = (struct mdma *)block;
    event_init(&mdma->event, "MDMA chunk", chunk_over, mdma);
    for (unsigned n = 0; n < CHANNELS; n++) {
        mdma->channel[n].mdma = mdma;
        mdma->channel[n].n = n;
        mdma->channel[n].regs = &block->regs[(C0 + n * STRIDE) / 4];
    }
    for (unsigned n = 0; n < SOC_MDMA_TRIGGERS; n++)
        wire_connect(&block->soc->mdma_trigger[n], trigger_changed, mdma, n);
}

static void mdma_reset(struct block *block)
{
    struct mdma *mdma = (struct mdma *)block;
    event_cancel(&block_sim(block)->events, &mdma->event);
    mdma->current = NULL;
    for (unsigned n = 0; n < CHANNELS; n++) {
        set_active(&mdma->channel[n], false);
        mdma->channel[n].requested = false;
    }
    update_irq(mdma);
}

const struct block_class mdma_class = {
    .name = "MDMA",
    .regs = mdma_regs,
    .reg_count = sizeof mdma_regs / sizeof mdma_regs[0],
    .size = sizeof(struct mdma),
    .init = mdma_init,
    .reset = mdma_reset,
    .read = mdma_read,
    .write = mdma_write,
    .clock_changed = mdma_clock_changed,
};
