/*
 * MDMA (RM0399 chapter 14): sixteen channels between all memories, the TCMs included, started by
 * software or by the ends of other blocks' work, with blocks, repeated blocks and linked lists.
 *
 * Time: the engine serves one channel at a time. It takes a chunk (a buffer of TLEN + 1 bytes, or
 * several, or several repeated blocks, where nobody is told of each), waits as long as its bursts
 * take on the bus, the memories and their other masters being as busy as they are, and moves the
 * bytes at the end of that time. Channels are arbitrated between chunks.
 */
#include "sim/soc/mdma.h"
#include "sim/soc/classes.h"

#include <string.h>

enum {
    NODE_WORDS = 10,
    CHUNK_BUFFERS = 16,
    CHUNK_BLOCKS = 64
}; /* at most, where nobody is told of each */

/* Bus cycles: to begin a request, to begin a burst, of a burst's beat, to read a node of a list. */
enum { REQUEST_CYCLES = 8, BURST_CYCLES = 3, BEAT_CYCLES = 1, NODE_CYCLES = 16 };

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

static enum trigger_mode trigger_mode(const struct mdma_channel *c)
{
    return (enum trigger_mode)(CREG(c, TCR) >> 28 & 3);
}

/* Flags and interrupts. */

static void update_irq(struct mdma *mdma)
{
    uint32_t pending = 0;
    for (unsigned n = 0; n < CHANNELS; n++) {
        const struct mdma_channel *c = &mdma->channel[n];
        if (CREG(c, ISR) & (CREG(c, CR) & CR_ENABLES) >> 1)
            pending |= 1u << n;
    }
    REG(&mdma->block, GISR0) = pending;
    block_irq(&mdma->block, 0, pending != 0);
}

static void raise_flags(struct mdma_channel *c, uint32_t flags)
{
    if ((CREG(c, ISR) & flags) == flags)
        return;
    CREG(c, ISR) |= flags;
    update_irq(c->mdma);
}

/* A request is taken up; it is done, or given up. */
static void set_active(struct mdma_channel *c, bool active)
{
    const struct sim *sim = block_sim(&c->mdma->block);
    if (active && !c->active)
        sim_trace_begin(sim, "MDMA", c->n, "request", CREG(c, DAR), CREG(c, BNDTR) & BNDTR_BNDT);
    else if (c->active && !active)
        sim_trace_end(sim, "MDMA", c->n);
    c->active = active;
}

static void stop(struct mdma_channel *c)
{
    CREG(c, CR) &= ~(uint32_t)CR_EN;
    set_active(c, false);
    c->requested = false;
}

bool mdma_fail(struct mdma_channel *c, uint32_t esr)
{
    CREG(c, ESR) = esr;
    stop(c);
    raise_flags(c, ISR_TEIF);
    return false;
}

/* The course of a transfer. */

/* ESR.ASE and BSE (14.5.4): addresses and lengths must fit the widths. */
static bool sizes_valid(struct mdma_channel *c)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    unsigned unit = packed(c) && to.size > from.size ? to.size : from.size;
    uint32_t esr = 0;
    if (from.address % from.size || to.address % to.size)
        esr |= ESR_ASE;
    if (bytes_left(c) > 65536 || bytes_left(c) % unit || buffer_length(c) % unit)
        esr |= ESR_BSE;
    return !esr || mdma_fail(c, esr);
}

static void tell_job(struct mdma_channel *c)
{
    c->job = (struct bus_job){c->n, CREG(c, SAR), CREG(c, DAR), bytes_left(c)};
}

static void begin_block(struct mdma_channel *c)
{
    c->block_length = bytes_left(c);
    tell_job(c);
}

/* The next node of the list: ten words into TCR to MDR (14.4.7). */
static bool load_node(struct mdma_channel *c)
{
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t node[NODE_WORDS], address = CREG(c, LAR);
    const uint8_t *memory = bus_memory(&sim->bus, MASTER_MDMA, address, sizeof node);
    if (memory)
        memcpy(node, memory, sizeof node);
    for (unsigned n = 0; !memory && n < NODE_WORDS; n++)
        if (bus_read(&sim->bus, MASTER_MDMA, address + 4 * n, 4, &node[n]) != BUS_OK)
            return mdma_fail(c, ((address + 4 * n) & 0x7f) | ESR_TELD);
    for (unsigned n = 0; n < NODE_WORDS; n++)
        if (TCR + 4 * n != 0x2c)
            CREG(c, TCR + 4 * n) = node[n];
    CREG(c, LAR) &= 0xfffffff8;
    CREG(c, TBR) &= 0x0003003f;
    begin_block(c);
    return true;
}

/* MAR and MDR: the write that takes the request back, once what it asked for is done. */
static bool acknowledge(struct mdma_channel *c)
{
    set_active(c, false);
    if (!CREG(c, MAR))
        return true;
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t address = CREG(c, MAR) & ~3u;
    sim_hash_mix(sim, (uint64_t)address << 32 | CREG(c, MDR));
    if (bus_write(&sim->bus, MASTER_MDMA, address, 4, CREG(c, MDR)) == BUS_OK)
        return true;
    return mdma_fail(c, (address & 0x7f) | ESR_TED | ESR_TEMD);
}

static uint32_t updated(uint32_t address, uint32_t offset, bool subtract)
{
    return subtract ? address - offset : address + offset;
}

void mdma_repeat_block(struct mdma_channel *c)
{
    uint32_t bndtr = CREG(c, BNDTR), brur = CREG(c, BRUR);
    CREG(c, SAR) = updated(CREG(c, SAR), brur & 0xffff, bndtr & BNDTR_BRSUM);
    CREG(c, DAR) = updated(CREG(c, DAR), brur >> 16, bndtr & BNDTR_BRDUM);
    CREG(c, BNDTR) = (bndtr & ~(uint32_t)BNDTR_BNDT) - (1u << BNDTR_BRC_SHIFT) + c->block_length;
    tell_job(c);
}

static void end_block(struct mdma_channel *c)
{
    enum trigger_mode mode = trigger_mode(c);
    if (CREG(c, BNDTR) >> BNDTR_BRC_SHIFT) {
        mdma_repeat_block(c);
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

static void end_chunk(struct mdma_channel *c)
{
    raise_flags(c, ISR_TCIF);
    if (trigger_mode(c) == TRIGGER_BUFFER && !acknowledge(c))
        return;
    if (!bytes_left(c))
        end_block(c);
}

/* The engine. */

static bool triggered(const struct mdma_channel *c)
{
    unsigned line = CREG(c, TBR) & 0x3f;
    return !(CREG(c, TCR) & TCR_SWRM) && line < SOC_MDMA_TRIGGERS &&
           c->mdma->block.soc->mdma_trigger[line].level;
}

static bool ready(const struct mdma_channel *c)
{
    return CREG(c, CR) & CR_EN && (c->active || c->requested || triggered(c));
}

static struct mdma_channel *arbitrate(struct mdma *mdma)
{
    struct mdma_channel *best = NULL;
    for (unsigned n = 0; n < CHANNELS; n++) {
        struct mdma_channel *c = &mdma->channel[n];
        if (ready(c) && (!best || (CREG(c, CR) >> 6 & 3) > (CREG(best, CR) >> 6 & 3)))
            best = c;
    }
    return best;
}

static uint32_t side_cycles(const struct mdma_side *side, uint32_t length)
{
    uint32_t bursts = (length + side->burst - 1) / side->burst;
    return bursts * BURST_CYCLES + length / side->size * BEAT_CYCLES;
}

/* What the memory at a side, and the other masters there, make the chunk take beyond that. */
static sim_time side_delay(struct mdma *mdma, const struct mdma_side *side)
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
static uint32_t chunk_bytes(const struct mdma_channel *c)
{
    bool each = trigger_mode(c) == TRIGGER_BUFFER || CREG(c, CR) & CR_TCIE;
    uint32_t most = buffer_length(c) * (each ? 1 : CHUNK_BUFFERS);
    return most < bytes_left(c) ? most : bytes_left(c);
}

/* Repeated blocks of one buffer each go together where nobody hears of each. */
static uint32_t chunk_blocks(const struct mdma_channel *c)
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
static sim_time chunk_time(struct mdma *mdma, const struct mdma_channel *c, uint32_t cycles)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
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
    struct mdma_channel *c;
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
    struct mdma_channel *c = mdma->current;
    mdma->current = NULL;
    if (!c) {
        schedule(mdma);
        return;
    }
    block_sim(&mdma->block)->bus.job[MASTER_MDMA] = &c->job;
    uint32_t moved = mdma_move_blocks(c, mdma->chunk, mdma->blocks);
    if (moved)
        raise_flags(c, ISR_TCIF | ISR_BTIF);
    for (uint32_t n = moved; n < mdma->blocks; n++)
        if (CREG(c, CR) & CR_EN && c->active && mdma_move(c, mdma->chunk))
            end_chunk(c);
    schedule(mdma);
}

static void trigger_changed(void *ctx, unsigned line, bool level)
{
    struct mdma *mdma = ctx;
    if (!level)
        return;
    for (unsigned n = 0; n < CHANNELS; n++) {
        struct mdma_channel *c = &mdma->channel[n];
        if (CREG(c, CR) & CR_EN && !(CREG(c, TCR) & TCR_SWRM) && (CREG(c, TBR) & 0x3f) == line)
            c->requested = true;
    }
    schedule(mdma);
}

/* Registers. */

static void abandon(struct mdma_channel *c)
{
    if (c->mdma->current == c) {
        event_cancel(&block_sim(&c->mdma->block)->events, &c->mdma->event);
        c->mdma->current = NULL;
    }
    stop(c);
    raise_flags(c, ISR_CTCIF);
}

static void write_cr(struct mdma_channel *c, uint32_t value)
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
    struct mdma_channel *c = &mdma->channel[(offset - C0) / STRIDE];
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
        const struct mdma_channel *c = &mdma->channel[(offset - C0) / STRIDE];
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
