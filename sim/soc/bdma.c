/*
 * BDMA (RM0399 chapter 17): eight channels of the D3 domain, without FIFO. Each item is read in one
 * width and written in the other at once.
 */
#include "sim/soc/block.h"
#include "sim/soc/bus_port.h"
#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"

enum { CHANNELS = 8, STRIDE = 0x14, RUN_ITEMS = 16, REQUEST_CYCLES = 4, ITEM_CYCLES = 5 };

enum {
    ISR = 0x00,
    IFCR = 0x04,
    C0 = 0x08,
    /* from a channel's first register */
    CCR = 0x00,
    CNDTR = 0x04,
    CPAR = 0x08,
    CM0AR = 0x0c,
    CM1AR = 0x10,
};

enum {
    CCR_EN = 1 << 0,
    CCR_ENABLES = 0xe, /* TCIE, HTIE, TEIE at the place of their flags */
    CCR_DIR = 1 << 4,
    CCR_CIRC = 1 << 5,
    CCR_PINC = 1 << 6,
    CCR_MINC = 1 << 7,
    CCR_MEM2MEM = 1 << 14,
    CCR_DBM = 1 << 15,
    CCR_CT = 1 << 16,
    CCR_WRITABLE = 0x1ffff,
    CCR_RUNNING = CCR_EN | CCR_ENABLES | CCR_CIRC | CCR_DBM, /* writable while enabled (17.6.3) */
    FLAG_TC = 1 << 1,
    FLAG_HT = 1 << 2,
    FLAG_TE = 1 << 3,
};

static const struct reg bdma_regs[] = {
    {ISR, "ISR", 0, 0, 0, 0},
    {IFCR, "IFCR", 0, 0, 0, 0},
    {C0 + CCR, "CCR%u", 0, CCR_WRITABLE, CHANNELS, STRIDE},
    {C0 + CNDTR, "CNDTR%u", 0, 0xffff, CHANNELS, STRIDE},
    {C0 + CPAR, "CPAR%u", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + CM0AR, "CM0AR%u", 0, 0xffffffff, CHANNELS, STRIDE},
    {C0 + CM1AR, "CM1AR%u", 0, 0xffffffff, CHANNELS, STRIDE},
};

struct channel {
    const struct wire *request;
    uint8_t flags;
    uint32_t reload, half; /* CNDTR at EN, and where half of it is done */
    uint32_t par, mar;     /* next addresses */
    struct bus_port peripheral, memory;
    struct bus_job job; /* for reports: the buffer */
    bool traced;        /* the timeline has been told of the buffer at hand */
};

struct bdma {
    struct block block;
    struct event event;
    struct channel channel[CHANNELS];
};

static uint32_t *channel_reg(struct bdma *d, unsigned n, uint32_t reg)
{
    return &REG(&d->block, C0 + n * STRIDE + reg);
}

static void update_irq(struct bdma *d, unsigned n)
{
    block_irq(&d->block, n, d->channel[n].flags & *channel_reg(d, n, CCR) & CCR_ENABLES);
}

static void raise_flags(struct bdma *d, unsigned n, unsigned flags)
{
    d->channel[n].flags |= (uint8_t)flags;
    update_irq(d, n);
}

/* A buffer's transfer is over, or given up. */
static void trace_end(struct bdma *d, unsigned n)
{
    if (d->channel[n].traced)
        sim_trace_end(block_sim(&d->block), "BDMA", n);
    d->channel[n].traced = false;
}

static void trace_begin(struct bdma *d, unsigned n)
{
    struct channel *c = &d->channel[n];
    uint32_t ccr = *channel_reg(d, n, CCR);
    trace_end(d, n);
    c->traced = true;
    sim_trace_begin(block_sim(&d->block), "BDMA", n, ccr & CCR_CT ? "buffer 1" : "buffer 0", c->mar,
                    c->reload << (ccr >> 8 & 3));
}

/* The lower bits of an address are ignored (17.6.5, 17.6.6). */
static uint32_t aligned(uint32_t address, unsigned size)
{
    return address & ~((1u << size) - 1);
}

static void begin_buffer(struct bdma *d, unsigned n)
{
    struct channel *c = &d->channel[n];
    uint32_t ccr = *channel_reg(d, n, CCR);
    bool second = ccr & CCR_CT; /* whatever DBM is (17.4.5) */
    c->par = aligned(*channel_reg(d, n, CPAR), ccr >> 8 & 3);
    c->mar = aligned(*channel_reg(d, n, second ? CM1AR : CM0AR), ccr >> 10 & 3);
    *channel_reg(d, n, CNDTR) = c->reload;
    c->half = c->reload / 2;
    bool out = ccr & CCR_DIR;
    c->job = (struct bus_job){n, out ? c->mar : c->par, out ? c->par : c->mar,
                              c->reload << (ccr >> 8 & 3)};
    trace_begin(d, n);
}

static void end_buffer(struct bdma *d, unsigned n)
{
    uint32_t *ccr = channel_reg(d, n, CCR);
    trace_end(d, n);
    if (*ccr & CCR_DBM)
        *ccr ^= CCR_CT;
    if (*ccr & (CCR_CIRC | CCR_DBM) && !(*ccr & CCR_MEM2MEM))
        begin_buffer(d, n);
    else if (!(*ccr & CCR_MEM2MEM))
        dmamux_finished(d->block.soc, 1, n);
    raise_flags(d, n, FLAG_TC);
}

static bool ready(struct bdma *d, unsigned n)
{
    uint32_t ccr = *channel_reg(d, n, CCR);
    return ccr & CCR_EN && *channel_reg(d, n, CNDTR) &&
           (ccr & CCR_MEM2MEM || d->channel[n].request->level);
}

/* 17.4.6: a narrow item is padded with zeros, a wide one loses its upper part. */
static bool move_item(struct bdma *d, unsigned n)
{
    struct channel *c = &d->channel[n];
    uint32_t ccr = *channel_reg(d, n, CCR), value;
    unsigned psize = 1u << (ccr >> 8 & 3), msize = 1u << (ccr >> 10 & 3);
    bool out = ccr & CCR_DIR, done;
    if (out)
        done = bus_port_read(&c->memory, c->mar, msize, &value) == BUS_OK &&
               bus_port_write(&c->peripheral, c->par, psize, value) == BUS_OK;
    else
        done = bus_port_read(&c->peripheral, c->par, psize, &value) == BUS_OK &&
               bus_port_write(&c->memory, c->mar, msize, value) == BUS_OK;
    c->par += ccr & CCR_PINC ? psize : 0;
    c->mar += ccr & CCR_MINC ? msize : 0;
    return done;
}

/* False: the channel stops here. */
static bool serve(struct bdma *d, unsigned n)
{
    uint32_t *left = channel_reg(d, n, CNDTR);
    if (!move_item(d, n)) {
        *channel_reg(d, n, CCR) &= ~(uint32_t)CCR_EN;
        trace_end(d, n);
        raise_flags(d, n, FLAG_TE);
        return false;
    }
    --*left;
    if (*left == d->channel[n].half)
        raise_flags(d, n, FLAG_HT);
    if (!(*channel_reg(d, n, CCR) & CCR_MEM2MEM))
        dmamux_served(d->block.soc, 1, n);
    if (!*left)
        end_buffer(d, n);
    return true;
}

static int arbitrate(struct bdma *d)
{
    int best = -1;
    uint32_t priority = 0;
    for (unsigned n = 0; n < CHANNELS; n++) {
        uint32_t own = *channel_reg(d, n, CCR) >> 12 & 3;
        if (!ready(d, n) || (best >= 0 && own <= priority))
            continue;
        best = (int)n;
        priority = own;
    }
    return best;
}

/* After so many cycles, and `delay` on top. */
static void schedule(struct bdma *d, uint32_t cycles, sim_time delay)
{
    sim_time time = sim_cycles_to_time(cycles, block_bus_hz(&d->block));
    if (!event_pending(&d->event) && time != SIM_NEVER && arbitrate(d) >= 0)
        event_in(&block_sim(&d->block)->events, &d->event, time + delay);
}

static void run(void *ctx)
{
    struct bdma *d = ctx;
    int n = arbitrate(d);
    uint32_t cycles = 0;
    unsigned served = 0;
    if (n >= 0)
        block_sim(&d->block)->bus.job[MASTER_BDMA] = &d->channel[n].job;
    for (; n >= 0 && served < RUN_ITEMS && ready(d, (unsigned)n); served++) {
        cycles += ITEM_CYCLES;
        if (!serve(d, (unsigned)n))
            break;
    }
    sim_time delay = 0;
    if (served) {
        const struct traffic_bursts bursts = {
            served, 4, sim_cycles_to_time(ITEM_CYCLES, block_bus_hz(&d->block))};
        delay = bus_port_take(&d->channel[n].memory, &bursts);
    }
    schedule(d, cycles, delay);
}

static void request_changed(void *ctx, unsigned n, bool level)
{
    struct bdma *d = ctx;
    if (level && *channel_reg(d, n, CCR) & CCR_EN)
        schedule(d, REQUEST_CYCLES, 0);
}

/* Registers. */

/* After a transfer error EN stays 0 until TEIF is cleared (17.4.7). */
static void write_ccr(struct bdma *d, unsigned n, uint32_t value)
{
    if (d->channel[n].flags & FLAG_TE)
        value &= ~(uint32_t)CCR_EN;
    uint32_t *ccr = channel_reg(d, n, CCR), before = *ccr;
    uint32_t mask = before & CCR_EN ? (uint32_t)CCR_RUNNING : (uint32_t)CCR_WRITABLE;
    *ccr = (before & ~mask) | (value & mask);
    update_irq(d, n);
    if (before & ~*ccr & CCR_EN)
        trace_end(d, n);
    if (!(~before & *ccr & CCR_EN))
        return;
    if ((*ccr >> 8 & 3) == 3 || (*ccr >> 10 & 3) == 3) {
        block_complain(&d->block, COMPLAINT_GUEST, n,
                       "CCR%u enables a channel with a reserved PSIZE or MSIZE", n);
        *ccr &= ~(uint32_t)CCR_EN;
        return;
    }
    struct channel *c = &d->channel[n];
    c->reload = *channel_reg(d, n, CNDTR);
    c->peripheral.region = c->memory.region = NULL;
    begin_buffer(d, n);
    schedule(d, REQUEST_CYCLES, 0);
}

/* Addresses are not locked (17.6.5 to 17.6.7); they count when a buffer begins. */
static void write_channel(struct bdma *d, unsigned n, uint32_t reg, uint32_t value)
{
    if (reg == CCR)
        write_ccr(d, n, value);
    else if (reg != CNDTR)
        *channel_reg(d, n, reg) = value;
    else if (!(*channel_reg(d, n, CCR) & CCR_EN))
        *channel_reg(d, n, reg) = value & 0xffff;
}

static void clear_flags(struct bdma *d, uint32_t value)
{
    for (unsigned n = 0; n < CHANNELS; n++) {
        uint32_t bits = value >> (4 * n) & 15;
        d->channel[n].flags &= (uint8_t) ~(bits & 1 ? 15 : bits);
        update_irq(d, n);
    }
}

static void bdma_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct bdma *d = (struct bdma *)block;
    if (offset == IFCR)
        clear_flags(d, value);
    else if (offset >= C0 && offset < C0 + CHANNELS * STRIDE)
        write_channel(d, (offset - C0) / STRIDE, (offset - C0) % STRIDE,
                      block_merge(block, offset, value, access));
}

static uint32_t bdma_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct bdma *d = (struct bdma *)block;
    uint32_t value = 0;
    (void)access;
    if (offset != ISR)
        return offset == IFCR ? 0 : REG(block, offset);
    for (unsigned n = 0; n < CHANNELS; n++)
        if (d->channel[n].flags)
            value |= (d->channel[n].flags | 1u) << (4 * n);
    return value;
}

static void bdma_clock_changed(struct block *block)
{
    schedule((struct bdma *)block, REQUEST_CYCLES, 0);
}

static void bdma_init(struct block *block)
{
    struct bdma *d = (struct bdma *)block;
    event_init(&d->event, "BDMA", run, d);
    for (unsigned n = 0; n < CHANNELS; n++) {
        struct channel *c = &d->channel[n];
        c->peripheral.sim = c->memory.sim = block_sim(block);
        c->peripheral.master = c->memory.master = MASTER_BDMA;
        struct wire *request = dmamux_output(block->soc, 1, n);
        c->request = request;
        wire_connect(request, request_changed, d, n);
    }
}

static void bdma_reset(struct block *block)
{
    struct bdma *d = (struct bdma *)block;
    event_cancel(&block_sim(block)->events, &d->event);
    for (unsigned n = 0; n < CHANNELS; n++) {
        trace_end(d, n);
        d->channel[n].flags = 0;
    }
}

const struct block_class bdma_class = {
    .name = "BDMA",
    .regs = bdma_regs,
    .reg_count = sizeof bdma_regs / sizeof bdma_regs[0],
    .size = sizeof(struct bdma),
    .words_asked = true, /* 17.6 */
    .init = bdma_init,
    .reset = bdma_reset,
    .read = bdma_read,
    .write = bdma_write,
    .clock_changed = bdma_clock_changed,
};
