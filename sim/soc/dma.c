/*
 * DMA1 and DMA2 (RM0399 chapter 16): eight streams with a FIFO of four words each.
 *
 * Time: a request is answered some bus cycles after it rose. As long as it stays high, up to
 * RUN_ITEMS items are served in one event, and the controller is busy for as long as their beats
 * take on the bus, and for what the memory and its other masters add (sim/core/traffic.h); so a
 * peripheral whose FIFO fills faster than that overruns. Streams are arbitrated between runs, by
 * priority and then by number.
 */
#include "sim/soc/block.h"
#include "sim/soc/bus_port.h"
#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"

enum { STREAMS = 8, FIFO_BYTES = 16, RUN_ITEMS = 16, STREAM_STRIDE = 0x18 };

/* Bus cycles: from the request to the first beat, of a single access, of a burst's next beat. */
enum { REQUEST_CYCLES = 4, ACCESS_CYCLES = 2, BEAT_CYCLES = 1 };

enum {
    LISR = 0x00,
    HISR = 0x04,
    LIFCR = 0x08,
    HIFCR = 0x0c,
    S0CR = 0x10,
    /* from a stream's first register */
    CR = 0x00,
    NDTR = 0x04,
    PAR = 0x08,
    M0AR = 0x0c,
    M1AR = 0x10,
    FCR = 0x14,
};

enum {
    CR_EN = 1 << 0,
    CR_DMEIE = 1 << 1,
    CR_TEIE = 1 << 2,
    CR_HTIE = 1 << 3,
    CR_TCIE = 1 << 4,
    CR_PFCTRL = 1 << 5,
    CR_DIR = 3 << 6,
    CR_CIRC = 1 << 8,
    CR_PINC = 1 << 9,
    CR_MINC = 1 << 10,
    CR_PSIZE = 3 << 11,
    CR_MSIZE = 3 << 13,
    CR_PINCOS = 1 << 15,
    CR_DBM = 1 << 18,
    CR_CT = 1 << 19,
    CR_PBURST = 3 << 21,
    CR_MBURST = 3 << 23,
    CR_ALWAYS = CR_EN | CR_DMEIE | CR_TEIE | CR_HTIE | CR_TCIE, /* writable while enabled */
    CR_WRITABLE = 0x01ffffff,
    FCR_FTH = 3 << 0,
    FCR_DMDIS = 1 << 2,
    FCR_FS_SHIFT = 3,
    FCR_FEIE = 1 << 7,
    FCR_WRITABLE = FCR_FTH | FCR_DMDIS | FCR_FEIE,
    FLAG_FE = 1 << 0,
    FLAG_DME = 1 << 2,
    FLAG_TE = 1 << 3,
    FLAG_HT = 1 << 4,
    FLAG_TC = 1 << 5,
    FLAGS = 0x3d,
};

enum direction { P2M, M2P, M2M, RESERVED };

static const struct reg dma_regs[] = {
    {LISR, "LISR", 0, 0, 0, 0},
    {HISR, "HISR", 0, 0, 0, 0},
    {LIFCR, "LIFCR", 0, 0, 0, 0},
    {HIFCR, "HIFCR", 0, 0, 0, 0},
    {S0CR + CR, "S%uCR", 0, CR_WRITABLE, STREAMS, STREAM_STRIDE},
    {S0CR + NDTR, "S%uNDTR", 0, 0xffff, STREAMS, STREAM_STRIDE},
    {S0CR + PAR, "S%uPAR", 0, 0xffffffff, STREAMS, STREAM_STRIDE},
    {S0CR + M0AR, "S%uM0AR", 0, 0xffffffff, STREAMS, STREAM_STRIDE},
    {S0CR + M1AR, "S%uM1AR", 0, 0xffffffff, STREAMS, STREAM_STRIDE},
    {S0CR + FCR, "S%uFCR", 0x21, FCR_WRITABLE, STREAMS, STREAM_STRIDE},
};

struct dma;

/* What is fixed from EN on is decoded once. NDTR counts in the register itself. */
struct stream {
    struct dma *dma;
    unsigned n;
    const struct wire *request;
    bool enabled;
    uint8_t flags;
    enum direction direction;
    bool direct;
    unsigned priority;
    unsigned psize, msize, pburst, mburst; /* bytes and beats */
    unsigned threshold;                    /* bytes */
    uint32_t pstep, mstep;
    bool whole_words;    /* from one register to memory that follows: serve_fifo() */
    uint32_t programmed; /* NDTR as written: what circular mode reloads */
    uint32_t half;       /* NDTR at which half is done */
    bool half_told;
    uint32_t par, mar;   /* next addresses */
    uint32_t fetch_left; /* M2P: bytes of the buffer still to read */
    struct bus_port peripheral, memory;
    struct bus_job job;
    uint8_t fifo[FIFO_BYTES];
    unsigned head, tail; /* bytes ever put and taken */
};

/* What a run did at one side. */
struct load {
    unsigned bursts, bytes;
};

struct dma {
    struct block block;
    enum bus_master master;
    struct event event;
    sim_time busy_until;
    uint32_t cycles; /* of the run at hand */
    struct load at_memory, at_peripheral;
    unsigned enabled; /* a bit a stream */
    struct stream stream[STREAMS];
};

static uint32_t *stream_reg(struct stream *s, uint32_t reg)
{
    return &REG(&s->dma->block, S0CR + s->n * STREAM_STRIDE + reg);
}

static unsigned mux_channel(const struct stream *s)
{
    return (unsigned)(s->dma->block.row->instance - 1) * STREAMS + s->n;
}

/* Flags and interrupts. */

static void update_irq(struct stream *s)
{
    uint32_t cr = *stream_reg(s, CR);
    bool level = (s->flags & FLAG_TC && cr & CR_TCIE) || (s->flags & FLAG_HT && cr & CR_HTIE) ||
                 (s->flags & FLAG_TE && cr & CR_TEIE) || (s->flags & FLAG_DME && cr & CR_DMEIE) ||
                 (s->flags & FLAG_FE && *stream_reg(s, FCR) & FCR_FEIE);
    block_irq(&s->dma->block, s->n, level);
    /* MDMA triggers 0 to 15 are the transfer-complete flags (table "MDMA requests"). */
    wire_set(&s->dma->block.soc->mdma_trigger[mux_channel(s)], (s->flags & FLAG_TC) != 0);
}

static void raise_flags(struct stream *s, unsigned flags)
{
    s->flags |= (uint8_t)flags;
    update_irq(s);
}

static unsigned flag_shift(unsigned n)
{
    static const uint8_t shift[4] = {0, 6, 16, 22};
    return shift[n & 3];
}

/* The FIFO. Items are powers of two and never mixed between runs, so none wraps within itself. */

static unsigned fifo_level(const struct stream *s)
{
    return s->head - s->tail;
}

static void fifo_put(struct stream *s, uint32_t value, unsigned size)
{
    bytes_store(&s->fifo[s->head % FIFO_BYTES], value, size);
    s->head += size;
}

static uint32_t fifo_take(struct stream *s, unsigned size)
{
    uint32_t value = bytes_load(&s->fifo[s->tail % FIFO_BYTES], size);
    s->tail += size;
    return value;
}

/* FCR.FS */
static uint32_t fifo_status(const struct stream *s)
{
    unsigned level = fifo_level(s);
    if (level == 0)
        return 4;
    return level == FIFO_BYTES ? 5 : level / 4;
}

/* For reports: what the stream is about, by the buffer that has begun. */
static void tell_job(struct stream *s)
{
    bool from_memory = s->direction == M2P;
    s->job = (struct bus_job){.n = s->n,
                              .from = from_memory ? s->mar : s->par,
                              .to = from_memory ? s->par : s->mar,
                              .bytes = *stream_reg(s, NDTR) * s->psize};
}

/* Beats. Each returns false after a bus error, which has disabled the stream. */

/* For the timeline: a buffer's transfer begins; it is over, or given up. */
static void trace_begin(struct stream *s)
{
    const struct block *block = &s->dma->block;
    uint32_t cr = *stream_reg(s, CR);
    if (s->enabled)
        sim_trace_begin(block_sim(block), block->row->name, s->n,
                        cr & CR_DBM && cr & CR_CT ? "buffer 1" : "buffer 0", s->mar,
                        *stream_reg(s, NDTR) * s->psize);
}

static void trace_end(const struct stream *s)
{
    if (s->enabled)
        sim_trace_end(block_sim(&s->dma->block), s->dma->block.row->name, s->n);
}

static void set_enabled(struct stream *s, bool enabled)
{
    if (!enabled)
        trace_end(s);
    s->enabled = enabled;
    s->dma->enabled = (s->dma->enabled & ~(1u << s->n)) | (unsigned)enabled << s->n;
}

static void stop(struct stream *s)
{
    set_enabled(s, false);
    *stream_reg(s, CR) &= ~(uint32_t)CR_EN;
}

static bool bus_failed(struct stream *s)
{
    stop(s);
    s->head = s->tail = 0;
    raise_flags(s, FLAG_TE);
    return false;
}

static bool read_peripheral(struct stream *s)
{
    uint32_t value;
    if (bus_port_read(&s->peripheral, s->par, s->psize, &value) != BUS_OK)
        return bus_failed(s);
    fifo_put(s, value, s->psize);
    s->par += s->pstep;
    return true;
}

static bool write_peripheral(struct stream *s)
{
    uint32_t value = fifo_take(s, s->psize);
    if (bus_port_write(&s->peripheral, s->par, s->psize, value) != BUS_OK)
        return bus_failed(s);
    s->par += s->pstep;
    return true;
}

static unsigned burst_cycles(unsigned beats)
{
    return ACCESS_CYCLES + (beats - 1) * BEAT_CYCLES;
}

static void count_bursts(struct stream *s, struct load *load, unsigned bursts, unsigned beats,
                         unsigned size)
{
    s->dma->cycles += bursts * burst_cycles(beats);
    load->bursts += bursts;
    load->bytes += bursts * beats * size;
}

static bool write_memory(struct stream *s, unsigned beats)
{
    count_bursts(s, &s->dma->at_memory, 1, beats, s->msize);
    while (beats--) {
        uint32_t value = fifo_take(s, s->msize);
        if (bus_port_write(&s->memory, s->mar, s->msize, value) != BUS_OK)
            return bus_failed(s);
        s->mar += s->mstep;
    }
    return true;
}

/* Empties the FIFO as far as whole bursts go. */
static bool drain(struct stream *s)
{
    unsigned burst = s->mburst * s->msize;
    while (fifo_level(s) >= burst) {
        if (!write_memory(s, s->mburst))
            return false;
    }
    return true;
}

/* Empties it all; the last item is written with the memory's width even if it is not complete, so
 * that memory beyond the good data gets what stands in the FIFO (16.3.14, "FIFO flush"). */
static bool flush(struct stream *s)
{
    while (s->head != s->tail) {
        if (fifo_level(s) < s->msize)
            s->head = s->tail + s->msize;
        if (!write_memory(s, 1))
            return false;
    }
    return true;
}

/* Reads ahead from memory into the free part of the FIFO. */
static bool fill(struct stream *s)
{
    unsigned room = s->direct ? s->msize : FIFO_BYTES;
    while (s->fetch_left && fifo_level(s) + s->msize <= room) {
        uint32_t value;
        count_bursts(s, &s->dma->at_memory, 1, 1, s->msize);
        if (bus_port_read(&s->memory, s->mar, s->msize, &value) != BUS_OK)
            return bus_failed(s);
        fifo_put(s, value, s->msize);
        s->mar += s->mstep;
        s->fetch_left -= s->msize < s->fetch_left ? s->msize : s->fetch_left;
    }
    return true;
}

/* The course of a transfer. */

/* Addresses and the memory side's count for a buffer that begins. */
static void begin_buffer(struct stream *s)
{
    uint32_t cr = *stream_reg(s, CR);
    bool second = cr & CR_DBM && cr & CR_CT;
    s->par = *stream_reg(s, PAR);
    s->mar = *stream_reg(s, second ? M1AR : M0AR);
    s->fetch_left = *stream_reg(s, NDTR) * s->psize;
    s->half = *stream_reg(s, NDTR) / 2;
    s->half_told = false;
    tell_job(s);
}

/* HTIF: half has reached the destination (16.3.19), what the FIFO still has for memory not counted. */
static void tell_half(struct stream *s)
{
    uint32_t waiting = s->direction == M2P ? 0 : fifo_level(s);
    if (s->half_told || *stream_reg(s, NDTR) * s->psize + waiting > s->half * s->psize)
        return;
    s->half_told = true;
    raise_flags(s, FLAG_HT);
}

static void end_buffer(struct stream *s)
{
    uint32_t cr = *stream_reg(s, CR);
    if (s->direction != M2P && !flush(s))
        return;
    tell_half(s);
    s->tail = s->head;
    if (!(cr & (CR_CIRC | CR_DBM)) || cr & CR_PFCTRL || s->direction == M2M) {
        stop(s);
        if (s->direction != M2M)
            dmamux_finished(s->dma->block.soc, 0, mux_channel(s));
    } else {
        if (cr & CR_DBM)
            *stream_reg(s, CR) = cr ^ CR_CT;
        *stream_reg(s, NDTR) = s->programmed;
        trace_end(s);
        begin_buffer(s);
        trace_begin(s);
    }
    raise_flags(s, FLAG_TC);
}

/* One request's worth on the peripheral's side: a burst of PBURST beats. */
static bool serve_item(struct stream *s)
{
    uint32_t *ndtr = stream_reg(s, NDTR);
    unsigned beats = s->pburst < *ndtr ? s->pburst : *ndtr;
    count_bursts(s, &s->dma->at_peripheral, 1, beats, s->psize);
    for (unsigned n = 0; n < beats; n++) {
        if (s->direction == M2P) {
            if ((fifo_level(s) < s->psize && !fill(s)) || !write_peripheral(s))
                return false;
        } else {
            if ((fifo_level(s) + s->psize > FIFO_BYTES && !flush(s)) || !read_peripheral(s))
                return false;
        }
    }
    *ndtr -= beats;
    return true;
}

static bool serve_memory(struct stream *s)
{
    if (s->direction == M2P)
        return fifo_level(s) > s->threshold || fill(s);
    return fifo_level(s) < s->threshold || drain(s);
}

static bool ready(const struct stream *s)
{
    return s->enabled && (s->direction == M2M || s->request->level);
}

/* Words from a peripheral's FIFO to memory, as many as whole drains of the stream's own FIFO take:
 * what serve_item() and serve_memory() would do, at once. The items served; 0: one by one. */
static unsigned serve_fifo(struct stream *s, unsigned items)
{
    uint32_t *ndtr = stream_reg(s, NDTR), words[RUN_ITEMS];
    unsigned unit = s->threshold / 4;
    unsigned left = *ndtr > s->half ? *ndtr - s->half : *ndtr;
    unsigned count = left < items ? left : items;
    count -= count % unit;
    if (!count || fifo_level(s) || !bus_port_find(&s->peripheral, s->par) ||
        !bus_port_plain(&s->memory, s->mar, 4 * count))
        return 0;
    const struct bus_device *device = s->peripheral.region->device;
    if (!device || !device->read_fifo)
        return 0;
    count = device->read_fifo(device->ctx, s->par, words, count);
    unsigned out = count - count % unit;
    if (out)
        bus_port_write_words(&s->memory, s->mar, words, out);
    for (unsigned n = out; n < count; n++)
        fifo_put(s, words[n], 4);
    s->mar += 4 * out;
    count_bursts(s, &s->dma->at_peripheral, count, 1, 4);
    count_bursts(s, &s->dma->at_memory, out / s->mburst, s->mburst, 4);
    *ndtr -= count;
    return count;
}

static void serve_run(struct stream *s)
{
    bool fast = s->whole_words && !dmamux_heeds(s->dma->block.soc, 0, mux_channel(s));
    for (unsigned n = 0; n < RUN_ITEMS && ready(s); n++) {
        unsigned whole = fast ? serve_fifo(s, RUN_ITEMS - n) : 0;
        if (whole) {
            n += whole - 1;
            tell_half(s);
            if (!*stream_reg(s, NDTR))
                end_buffer(s);
            continue;
        }
        if (!serve_item(s))
            return;
        if (s->direction != M2M)
            dmamux_served(s->dma->block.soc, 0, mux_channel(s));
        /* The peripheral's answer may have switched the stream off. */
        if (!s->enabled || !serve_memory(s))
            return;
        tell_half(s);
        if (!*stream_reg(s, NDTR))
            end_buffer(s);
    }
}

static struct stream *arbitrate(struct dma *dma)
{
    struct stream *best = NULL;
    for (unsigned left = dma->enabled; left; left &= left - 1) {
        struct stream *s = &dma->stream[__builtin_ctz(left)];
        if (ready(s) && (!best || s->priority > best->priority))
            best = s;
    }
    return best;
}

/* Sees to it that the next run comes when somebody is ready. */
static void schedule(struct dma *dma, uint32_t delay_cycles)
{
    struct event_queue *events = &block_sim(&dma->block)->events;
    if (event_pending(&dma->event) || !arbitrate(dma))
        return;
    sim_time delay = sim_cycles_to_time(delay_cycles, block_bus_hz(&dma->block));
    if (delay == SIM_NEVER)
        return;
    sim_time when = events->now + delay;
    event_at(events, &dma->event, when > dma->busy_until ? when : dma->busy_until);
}

static sim_time side_delay(struct dma *dma, struct bus_port *port, const struct load *load,
                           unsigned size)
{
    if (!load->bursts)
        return 0;
    struct traffic_bursts bursts = {.count = load->bursts, .bytes = load->bytes / load->bursts};
    unsigned beats = (bursts.bytes + size - 1) / size;
    bursts.own = sim_cycles_to_time(burst_cycles(beats), block_bus_hz(&dma->block));
    return bus_port_take(port, &bursts);
}

static void run(void *ctx)
{
    struct dma *dma = ctx;
    struct stream *s = arbitrate(dma);
    if (!s)
        return;
    dma->cycles = 0;
    dma->at_memory = dma->at_peripheral = (struct load){0};
    block_sim(&dma->block)->bus.job[dma->master] = &s->job;
    serve_run(s);
    sim_time now = sim_now(block_sim(&dma->block));
    sim_time taken = sim_cycles_to_time(dma->cycles, block_bus_hz(&dma->block));
    dma->busy_until = now;
    if (taken != SIM_NEVER)
        dma->busy_until += taken + side_delay(dma, &s->memory, &dma->at_memory, s->msize) +
                           side_delay(dma, &s->peripheral, &dma->at_peripheral, s->psize);
    schedule(dma, 0);
}

static void request_changed(void *ctx, unsigned n, bool level)
{
    struct dma *dma = ctx;
    if (level && dma->stream[n].enabled)
        schedule(dma, REQUEST_CYCLES);
}

/* EN */

/* What the hardware settles when EN rises (16.5.5, 16.5.10): it reads so from then on. */
static void settle(struct stream *s)
{
    uint32_t *cr = stream_reg(s, CR), *fcr = stream_reg(s, FCR);
    if ((*cr & CR_DIR) >> 6 == M2M) {
        *cr &= ~(uint32_t)CR_PFCTRL;
        *fcr |= FCR_DMDIS;
    }
    if (!(*fcr & FCR_DMDIS))
        *cr = (*cr & ~(uint32_t)(CR_MSIZE | CR_PBURST | CR_MBURST | CR_PINCOS)) | (*cr & CR_PSIZE)
                                                                                      << 2;
    if (*cr & CR_PBURST)
        *cr &= ~(uint32_t)CR_PINCOS;
    if (*cr & CR_DBM)
        *cr |= CR_CIRC;
    if (*cr & CR_PFCTRL)
        *cr &= ~(uint32_t)CR_CIRC;
}

static void decode(struct stream *s)
{
    static const uint8_t beats[4] = {1, 4, 8, 16};
    uint32_t cr = *stream_reg(s, CR), fcr = *stream_reg(s, FCR);
    s->direction = (enum direction)(cr >> 6 & 3);
    s->direct = !(fcr & FCR_DMDIS);
    s->priority = cr >> 16 & 3;
    s->psize = 1u << (cr >> 11 & 3);
    s->msize = 1u << (cr >> 13 & 3);
    s->pburst = beats[cr >> 21 & 3];
    s->mburst = beats[cr >> 23 & 3];
    s->threshold = s->direct ? s->psize : 4 * ((fcr & FCR_FTH) + 1);
    s->pstep = cr & CR_PINC ? (cr & CR_PINCOS ? 4 : s->psize) : 0;
    s->mstep = cr & CR_MINC ? s->msize : 0;
    s->whole_words = s->direction == P2M && s->psize == 4 && s->msize == 4 && s->pburst == 1 &&
                     !s->pstep && s->mstep;
    /* For a fetch that refills at the threshold, the whole FIFO minus it must be free. */
    if (s->direction == M2P)
        s->threshold = s->direct ? 0 : s->threshold;
}

/* Table "FIFO threshold configurations": a memory burst must fit the threshold a whole number of
 * times; and no burst is longer than the FIFO. */
static bool fifo_configuration_valid(const struct stream *s)
{
    unsigned burst = s->mburst * s->msize;
    if (s->direct)
        return true;
    return s->pburst * s->psize <= FIFO_BYTES && burst <= FIFO_BYTES &&
           (s->mburst == 1 || s->threshold % burst == 0);
}

/* A burst that crosses a boundary of 1 KB is an AHB error that no flag tells (16.3.13). */
static void check_bursts(struct stream *s)
{
    uint32_t burst = s->mburst * s->msize, first = s->mar, bytes = *stream_reg(s, NDTR) * s->psize;
    if (s->mburst == 1 || !s->mstep || first % burst == 0 ||
        first >> 10 == (first + bytes - 1) >> 10)
        return;
    block_complain(&s->dma->block, COMPLAINT_GUEST, STREAMS + s->n,
                   "stream %u: bursts of %u bytes from 0x%08x on cross a boundary of 1 KB; align "
                   "the address to %u",
                   s->n, (unsigned)burst, (unsigned)first, (unsigned)burst);
}

static void enable(struct stream *s)
{
    uint32_t *cr = stream_reg(s, CR);
    settle(s);
    decode(s);
    if (s->direction == RESERVED || s->psize > 4 || s->msize > 4) {
        block_complain(&s->dma->block, COMPLAINT_GUEST, s->n,
                       "S%uCR enables a stream with a reserved DIR, PSIZE or MSIZE", s->n);
        *cr &= ~(uint32_t)CR_EN;
        return;
    }
    if (!fifo_configuration_valid(s)) {
        *cr &= ~(uint32_t)CR_EN;
        raise_flags(s, FLAG_FE);
        return;
    }
    if (*cr & CR_PFCTRL)
        *stream_reg(s, NDTR) = 0xffff;
    else if (!*stream_reg(s, NDTR))
        *stream_reg(s, NDTR) = s->programmed;
    set_enabled(s, *stream_reg(s, NDTR) != 0);
    s->head = s->tail = 0;
    s->peripheral.region = s->memory.region = NULL;
    begin_buffer(s);
    check_bursts(s);
    trace_begin(s);
    block_sim(&s->dma->block)->bus.job[s->dma->master] = &s->job;
    if (s->enabled && s->direction == M2P && !fill(s))
        return;
    schedule(s->dma, REQUEST_CYCLES);
}

/* Software cleared EN: what is in the FIFO still goes to memory, and TCIF tells that it is done. */
static void disable(struct stream *s)
{
    bool was = s->enabled;
    set_enabled(s, false);
    if (!was || (s->direction != M2P && !flush(s)))
        return;
    s->head = s->tail = 0;
    raise_flags(s, FLAG_TC);
}

/* Registers. */

static void write_cr(struct stream *s, uint32_t value)
{
    uint32_t *cr = stream_reg(s, CR);
    uint32_t before = *cr;
    uint32_t mask = before & CR_EN ? CR_ALWAYS : CR_WRITABLE;
    *cr = (before & ~mask) | (value & mask);
    if (~before & *cr & CR_EN)
        enable(s);
    else if (before & ~*cr & CR_EN)
        disable(s);
    update_irq(s);
}

static void write_fcr(struct stream *s, uint32_t value)
{
    uint32_t mask = *stream_reg(s, CR) & CR_EN ? FCR_FEIE : FCR_WRITABLE;
    *stream_reg(s, FCR) = (*stream_reg(s, FCR) & ~mask) | (value & mask);
    update_irq(s);
}

/* M0AR and M1AR: locked while enabled, but for the buffer that is not in use in double-buffer mode.
 * The one in use is a transfer error (16.3.11). */
static void write_memory_address(struct stream *s, uint32_t reg, uint32_t value)
{
    uint32_t cr = *stream_reg(s, CR);
    if (!(cr & CR_EN)) {
        *stream_reg(s, reg) = value;
    } else if (cr & CR_DBM) {
        if ((reg == M1AR) == ((cr & CR_CT) != 0))
            bus_failed(s);
        else
            *stream_reg(s, reg) = value;
    }
}

static void write_stream(struct stream *s, uint32_t reg, uint32_t value)
{
    bool locked = *stream_reg(s, CR) & CR_EN;
    switch (reg) {
    case CR:
        write_cr(s, value);
        break;
    case NDTR:
        if (!locked)
            *stream_reg(s, NDTR) = s->programmed = value & 0xffff;
        break;
    case PAR:
        if (!locked)
            *stream_reg(s, PAR) = value;
        break;
    case FCR:
        write_fcr(s, value);
        break;
    default:
        write_memory_address(s, reg, value);
    }
}

static void clear_flags(struct dma *dma, unsigned first, uint32_t value)
{
    for (unsigned n = first; n < first + 4; n++) {
        struct stream *s = &dma->stream[n];
        unsigned mask = value >> flag_shift(n) & FLAGS;
        if (!(s->flags & mask))
            continue;
        s->flags &= (uint8_t)~mask;
        update_irq(s);
    }
}

static void dma_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct dma *dma = (struct dma *)block;
    if (offset == LIFCR || offset == HIFCR) {
        clear_flags(dma, offset == LIFCR ? 0 : 4, value);
    } else if (offset >= S0CR && offset < S0CR + STREAMS * STREAM_STRIDE) {
        struct stream *s = &dma->stream[(offset - S0CR) / STREAM_STRIDE];
        write_stream(s, (offset - S0CR) % STREAM_STRIDE, block_merge(block, offset, value, access));
    }
}

static uint32_t dma_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct dma *dma = (struct dma *)block;
    (void)access;
    if (offset == LISR || offset == HISR) {
        uint32_t value = 0;
        for (unsigned n = 0; n < 4; n++)
            value |= (uint32_t)dma->stream[n + (offset == HISR ? 4 : 0)].flags << flag_shift(n);
        return value;
    }
    if (offset >= S0CR && (offset - S0CR) % STREAM_STRIDE == FCR) {
        const struct stream *s = &dma->stream[(offset - S0CR) / STREAM_STRIDE];
        return (REG(block, offset) & FCR_WRITABLE) | fifo_status(s) << FCR_FS_SHIFT;
    }
    return offset == LIFCR || offset == HIFCR ? 0 : REG(block, offset);
}

static void dma_clock_changed(struct block *block)
{
    schedule((struct dma *)block, REQUEST_CYCLES);
}

static void dma_init(struct block *block)
{
    struct dma *dma = (struct dma *)block;
    dma->master = block->row->instance == 1 ? MASTER_DMA1 : MASTER_DMA2;
    event_init(&dma->event, block->row->name, run, dma);
    for (unsigned n = 0; n < STREAMS; n++) {
        struct stream *s = &dma->stream[n];
        s->dma = dma;
        s->n = n;
        s->peripheral.sim = s->memory.sim = block_sim(block);
        s->peripheral.master = s->memory.master = dma->master;
        struct wire *request = dmamux_output(block->soc, 0, mux_channel(s));
        s->request = request;
        wire_connect(request, request_changed, dma, n);
    }
}

static void dma_reset(struct block *block)
{
    struct dma *dma = (struct dma *)block;
    event_cancel(&block_sim(block)->events, &dma->event);
    dma->busy_until = 0;
    for (unsigned n = 0; n < STREAMS; n++) {
        struct stream *s = &dma->stream[n];
        set_enabled(s, false);
        s->flags = 0;
        s->programmed = 0;
        s->head = s->tail = 0;
        memset(s->fifo, 0, sizeof s->fifo);
        update_irq(s);
    }
}

const struct block_class dma_class = {
    .name = "DMA",
    .regs = dma_regs,
    .reg_count = sizeof dma_regs / sizeof dma_regs[0],
    .size = sizeof(struct dma),
    .words_asked = true, /* 16.5 */
    .init = dma_init,
    .reset = dma_reset,
    .read = dma_read,
    .write = dma_write,
    .clock_changed = dma_clock_changed,
};
