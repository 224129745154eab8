/*
 * MDMA (RM0399 chapter 15): sixteen channels between all memories, the TCMs included, started by
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

enum { NODE_WORDS = 10, BLOCK_MAX = 65536 };
enum { REQUEST_CYCLES = 8 }; /* bus cycles to begin a request */

static const struct reg mdma_regs[] = {
    {GISR0, "GISR0", 0, 0, 0, 0},
    {C0 + ISR, "C%uISR", 0, 0, CHANNELS, STRIDE},
    {C0 + IFCR, "C%uIFCR", 0, 0, CHANNELS, STRIDE},
    {C0 + ESR, "C%uESR", 0, 0, CHANNELS, STRIDE},
    {C0 + CR, "C%uCR", 0, CR_WRITABLE, CHANNELS, STRIDE},
    {C0 + TCR, "C%uTCR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + BNDTR, "C%uBNDTR", 0, BNDTR_WRITABLE, CHANNELS, STRIDE},
    {C0 + SAR, "C%uSAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + DAR, "C%uDAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + BRUR, "C%uBRUR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + LAR, "C%uLAR", 0, LAR_WRITABLE, CHANNELS, STRIDE},
    {C0 + TBR, "C%uTBR", 0, TBR_WRITABLE, CHANNELS, STRIDE},
    {C0 + MAR, "C%uMAR", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + MDR, "C%uMDR", 0, 0xffffffff, CHANNELS, STRIDE},
};

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
    c->requested = c->stopping = false;
}

/* TED and TEA tell of the last error, the others stay until CTEIF (15.5.4). */
bool mdma_fail(struct mdma_channel *c, uint32_t esr)
{
    CREG(c, ESR) = (CREG(c, ESR) & ESR_KINDS) | esr;
    stop(c);
    raise_flags(c, ISR_TEIF);
    return false;
}

/* The course of a transfer. */

/* ESR.ASE and BSE (15.3.15): what is wrong with one side of the buffer at hand. */
static uint32_t size_error(const struct mdma_channel *c, const struct mdma_side *side, bool counts)
{
    uint32_t esr = 0;
    if (side->address % side->size)
        esr |= ESR_ASE;
    if (counts && (bytes_left(c) > BLOCK_MAX || buffer_length(c) % side->size))
        esr |= ESR_BSE;
    return esr ? esr | (side->address & ESR_TEA) : 0;
}

/* Where items are padded the destination's width has no say in the number of bytes. */
static bool sizes_valid(struct mdma_channel *c)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    uint32_t esr = size_error(c, &from, true);
    if (esr)
        return mdma_fail(c, esr);
    esr = size_error(c, &to, packed(c));
    return !esr || mdma_fail(c, esr | ESR_TED);
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

/* The next node of the list: ten words into TCR to MDR (15.3.12), by the AXI port alone. An error
 * there leaves TEA as it is (15.5.4). */
static bool load_node(struct mdma_channel *c)
{
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t node[NODE_WORDS], address = CREG(c, LAR);
    if (mdma_in_tcm(address))
        return mdma_fail(c, (CREG(c, ESR) & ESR_TEA) | ESR_TELD);
    const uint8_t *memory = bus_memory(&sim->bus, MASTER_MDMA, address, sizeof node);
    if (memory)
        memcpy(node, memory, sizeof node);
    for (unsigned n = 0; !memory && n < NODE_WORDS; n++)
        if (bus_read(&sim->bus, MASTER_MDMA, address + 4 * n, 4, &node[n]) != BUS_OK)
            return mdma_fail(c, (CREG(c, ESR) & ESR_TEA) | ESR_TELD);
    for (unsigned n = 0; n < NODE_WORDS; n++)
        if (TCR + 4 * n != 0x2c)
            CREG(c, TCR + 4 * n) = node[n];
    CREG(c, BNDTR) &= BNDTR_WRITABLE;
    CREG(c, LAR) &= LAR_WRITABLE;
    CREG(c, TBR) &= TBR_WRITABLE;
    begin_block(c);
    return true;
}

/* MAR and MDR: the write that takes a hardware request back, once what it asked for is done. Software's
 * has no such answer (15.5.5, SWRQ). */
static bool acknowledge(struct mdma_channel *c)
{
    set_active(c, false);
    if (!CREG(c, MAR) || CREG(c, TCR) & TCR_SWRM)
        return true;
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t address = CREG(c, MAR) & ~3u;
    sim_hash_mix(sim, (uint64_t)address << 32 | CREG(c, MDR));
    if (bus_write(&sim->bus, MASTER_MDMA, address, 4, CREG(c, MDR)) == BUS_OK)
        return true;
    return mdma_fail(c, (address & ESR_TEA) | ESR_TED | ESR_TEMD);
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

static bool wanted(const struct mdma_channel *c)
{
    return CREG(c, CR) & CR_EN && (c->active || c->requested || triggered(c));
}

/* A block of no bytes is not served (15.5.7). */
static bool ready(const struct mdma_channel *c)
{
    return wanted(c) && bytes_left(c);
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
        mdma_choose_chunk(c);
        sim_time time = mdma_chunk_time(c, begin);
        if (time == SIM_NEVER)
            return;
        mdma->begun = sim_now(block_sim(&mdma->block));
        event_in(&block_sim(&mdma->block)->events, &mdma->event, time);
    }
}

static void suspend(struct mdma_channel *c)
{
    stop(c);
    raise_flags(c, ISR_CTCIF);
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
    if (c->stopping)
        suspend(c);
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

/* Of the chunk at hand, the buffer that is under way is the last. */
static void cut_chunk(struct mdma *mdma)
{
    uint32_t buffer = buffer_length(mdma->current);
    uint32_t count = mdma->blocks > 1 ? mdma->blocks : (mdma->chunk + buffer - 1) / buffer;
    sim_time each = (mdma->event.when - mdma->begun) / count + 1;
    struct sim *sim = block_sim(&mdma->block);
    uint32_t done = (uint32_t)((sim_now(sim) - mdma->begun) / each) + 1;
    if (done >= count)
        return;
    if (mdma->blocks > 1)
        mdma->blocks = done;
    else
        mdma->chunk = done * buffer;
    event_at(&sim->events, &mdma->event, mdma->begun + done * each);
}

/* Software clears EN: a buffer under way is completed first, and until then EN reads 1 and the registers
 * are locked (15.3.14, 15.5.5). */
static void abandon(struct mdma_channel *c)
{
    struct mdma *mdma = c->mdma;
    if (mdma->current == c && event_pending(&mdma->event)) {
        CREG(c, CR) |= CR_EN;
        if (!c->stopping)
            cut_chunk(mdma);
        c->stopping = true;
        return;
    }
    if (mdma->current == c)
        mdma->current = NULL;
    suspend(c);
}

static void write_cr(struct mdma_channel *c, uint32_t value)
{
    uint32_t before = CREG(c, CR);
    uint32_t mask = before & CR_EN ? (uint32_t)(CR_EN | CR_ENABLES) : (uint32_t)CR_WRITABLE;
    CREG(c, CR) = (before & ~mask) | (value & mask);
    if (~before & value & CR_EN)
        tell_job(c);
    else if (before & ~value & CR_EN)
        abandon(c);
    /* CRQA is one bit: a request while one is served is none. */
    if (value & CR_SWRQ && CREG(c, CR) & CR_EN && CREG(c, TCR) & TCR_SWRM && !c->active)
        c->requested = true;
    update_irq(c->mdma);
    schedule(c->mdma);
}

static void clear_flags(struct mdma_channel *c, uint32_t value)
{
    CREG(c, ISR) &= ~(value & ISR_FLAGS);
    if (value & ISR_TEIF)
        CREG(c, ESR) &= ~(uint32_t)ESR_KINDS;
    update_irq(c->mdma);
}

static void mdma_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct mdma *mdma = (struct mdma *)block;
    if (offset < C0)
        return;
    struct mdma_channel *c = &mdma->channel[(offset - C0) / STRIDE];
    uint32_t reg = (offset - C0) % STRIDE;
    if (reg == IFCR) {
        clear_flags(c, value);
    } else if (reg == CR) {
        write_cr(c, block_merge(block, offset, value, access));
    } else if (!(CREG(c, CR) & CR_EN)) {
        block_store(block, offset, value, access);
        if (reg == BNDTR)
            c->block_length = bytes_left(c);
    }
}

static uint32_t mdma_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct mdma *mdma = (struct mdma *)block;
    (void)access;
    uint32_t value = REG(block, offset);
    if (offset >= C0 && (offset - C0) % STRIDE == ISR) {
        const struct mdma_channel *c = &mdma->channel[(offset - C0) / STRIDE];
        value |= wanted(c) ? (uint32_t)ISR_CRQA : 0;
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
        mdma->channel[n].requested = mdma->channel[n].stopping = false;
        mdma->channel[n].block_length = 0;
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
