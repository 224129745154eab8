/*
 * I2C1 to I2C4 (RM0399 chapter 51): master, and slave to another of the chip's own blocks.
 *
 * The bus moves by whole bytes: an event marks the end of each byte's ninth clock, at the rate that
 * TIMINGR and the kernel clock give. Between bytes the master holds the clock (HOLD) for as long as
 * software, or the slave, has not done its part.
 */
#include "sim/soc/i2c.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    OAR1 = 0x08,
    OAR2 = 0x0c,
    TIMINGR = 0x10,
    TIMEOUTR = 0x14,
    ISR = 0x18,
    ICR = 0x1c,
    PECR = 0x20,
    RXDR = 0x24,
    TXDR = 0x28,
};

enum {
    CR1_PE = 1 << 0,
    CR1_TXIE = 1 << 1,
    CR1_RXIE = 1 << 2,
    CR1_TCIE = 1 << 6,
    CR1_ERRIE = 1 << 7,
    CR1_TXDMAEN = 1 << 14,
    CR1_RXDMAEN = 1 << 15,
    CR1_NOSTRETCH = 1 << 17,
    CR1_WUPEN = 1 << 18,
    CR1_GCEN = 1 << 19,
    CR1_UNMODELLED = 1 << 16 | 1 << 22 | 1 << 23, /* SBC, ALERTEN, PECEN */
    CR2_RD_WRN = 1 << 10,
    CR2_ADD10 = 1 << 11,
    CR2_HEAD10R = 1 << 12,
    CR2_START = 1 << 13,
    CR2_STOP = 1 << 14,
    CR2_NACK = 1 << 15,
    CR2_NBYTES_SHIFT = 16,
    CR2_RELOAD = 1 << 24,
    CR2_AUTOEND = 1 << 25,
    CR2_SELF_CLEARING = CR2_START | CR2_STOP | CR2_NACK,
    OAR_EN = 1 << 15,
    OAR1_OA1MODE = 1 << 10,
    TIMEOUTR_TIDLE = 1 << 12,
    TIMEOUTR_TIMOUTEN = 1 << 15,
    ISR_TXE = 1 << 0,
    ISR_TXIS = 1 << 1,
    ISR_RXNE = 1 << 2,
    ISR_ADDR = 1 << 3,
    ISR_NACKF = 1 << 4,
    ISR_STOPF = 1 << 5,
    ISR_TC = 1 << 6,
    ISR_TCR = 1 << 7,
    ISR_OVR = 1 << 10,
    ISR_TIMEOUT = 1 << 12,
    ISR_ERRORS = 0x3f00,
    ISR_BUSY = 1 << 15,
    ISR_DIR = 1 << 16,
    ISR_ADDCODE_SHIFT = 17,
    ICR_FLAGS = 0x3f38,
};

static const struct reg i2c_regs[] = {
    {CR1, "CR1", 0, 0x00ffdfff, 0, 0},
    {CR2, "CR2", 0, 0x07ffffff, 0, 0},
    {OAR1, "OAR1", 0, 0x87ff, 0, 0},
    {OAR2, "OAR2", 0, 0x87fe, 0, 0},
    {TIMINGR, "TIMINGR", 0, 0xf0ffffff, 0, 0},
    {TIMEOUTR, "TIMEOUTR", 0, 0x8fff9fff, 0, 0},
    {ISR, "ISR", ISR_TXE, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
    {PECR, "PECR", 0, 0, 0, 0},
    {RXDR, "RXDR", 0, 0, 0, 0},
    {TXDR, "TXDR", 0, 0xff, 0, 0},
};

enum state { IDLE, ADDRESSING, HOLD, SENDING, RECEIVING, STOPPING };

struct i2c {
    struct block block;
    struct event byte_over, timed_out;
    struct i2c_device *devices;
    struct i2c *joined; /* another block on the same wires */

    /* As a master. */
    enum state state;
    unsigned periods; /* SCL periods that the pending event stands for */
    bool reading;
    unsigned left; /* of NBYTES: not yet begun */
    uint8_t shift;
    bool shift_full; /* received, but RXDR is still taken */
    struct i2c_device *device;
    struct i2c *slave; /* whom the joined block answers for */

    /* As a slave. */
    struct i2c *master; /* NULL: not addressed */
    bool giving;        /* the master reads */
    bool refused;       /* it has sent NACK: nothing more is asked of us */
};

static uint32_t isr(const struct i2c *i)
{
    return REG(&i->block, ISR);
}

static void set_flags(struct i2c *i, uint32_t flags)
{
    REG(&i->block, ISR) |= flags;
}

static void clear_flags(struct i2c *i, uint32_t flags)
{
    REG(&i->block, ISR) &= ~flags;
}

/* TXIS: the next byte is wanted now. */
static bool wants_byte(const struct i2c *i)
{
    if (!(isr(i) & ISR_TXE))
        return false;
    if (i->master)
        return i->giving && !i->refused && !(isr(i) & ISR_ADDR);
    return (i->state == HOLD || i->state == SENDING) && !i->reading && i->left;
}

static void update(struct i2c *i)
{
    uint32_t cr1 = REG(&i->block, CR1);
    if (wants_byte(i))
        set_flags(i, ISR_TXIS);
    else
        clear_flags(i, ISR_TXIS);
    uint32_t flags = isr(i);
    /* ADDRIE, NACKIE and STOPIE stand at the place of their flags; the others do not. */
    bool event = (flags & ISR_TXIS && cr1 & CR1_TXIE) || (flags & ISR_RXNE && cr1 & CR1_RXIE) ||
                 (flags & cr1 & (ISR_ADDR | ISR_NACKF | ISR_STOPF)) ||
                 (flags & (ISR_TC | ISR_TCR) && cr1 & CR1_TCIE);
    block_irq(&i->block, 0, event);
    block_irq(&i->block, 1, flags & ISR_ERRORS && cr1 & CR1_ERRIE);
    block_exti(&i->block, 0, flags & ISR_ADDR && cr1 & CR1_WUPEN);
    block_dma(&i->block, 0, flags & ISR_RXNE && cr1 & CR1_RXDMAEN);
    block_dma(&i->block, 1, flags & ISR_TXIS && cr1 & CR1_TXDMAEN);
}

/* Time: an SCL period is SCLL and SCLH in prescaled clocks, and the synchronisation of both edges
 * (51.4.5), which depends on the wires; two clocks each here. */
static void wait_periods(struct i2c *i, unsigned periods)
{
    uint32_t timing = REG(&i->block, TIMINGR);
    uint64_t cycles = ((timing & 255) + 1 + (timing >> 8 & 255) + 1) * ((timing >> 28) + 1) + 4;
    sim_time time = sim_cycles_to_time(periods * cycles, block_kernel_hz(&i->block));
    i->periods = periods;
    if (time != SIM_NEVER)
        event_in(&block_sim(&i->block)->events, &i->byte_over, time);
}

static void advance(struct i2c *i);

/* The slave's side, called by the master of the same wires. */

static bool own_address(const struct i2c *s, unsigned address, bool ten_bit)
{
    uint32_t oar1 = REG(&s->block, OAR1), oar2 = REG(&s->block, OAR2);
    if (!(REG(&s->block, CR1) & CR1_PE))
        return false;
    if (oar1 & OAR_EN && ((oar1 & OAR1_OA1MODE) != 0) == ten_bit &&
        address == (ten_bit ? oar1 & 0x3ff : oar1 >> 1 & 0x7f))
        return true;
    if (ten_bit)
        return false;
    if (address == 0)
        return REG(&s->block, CR1) & CR1_GCEN;
    unsigned ignored = (1u << (oar2 >> 8 & 7)) - 1; /* OA2MSK */
    return oar2 & OAR_EN && ((address ^ (oar2 >> 1 & 0x7f)) & ~ignored) == 0;
}

static bool slave_address(struct i2c *s, struct i2c *master, unsigned address, bool ten_bit,
                          bool read)
{
    if (!own_address(s, address, ten_bit))
        return false;
    s->master = master;
    s->giving = read;
    s->refused = false;
    clear_flags(s, ISR_DIR | 0x7fu << ISR_ADDCODE_SHIFT);
    unsigned code = ten_bit ? 0x78 | address >> 8 : address;
    set_flags(s, ISR_ADDR | ISR_BUSY | (read ? ISR_DIR : 0u) | code << ISR_ADDCODE_SHIFT);
    update(s);
    return true;
}

/* The slave stretches the clock: software has not yet done what the next byte needs. */
static bool slave_stretches(const struct i2c *s)
{
    if (REG(&s->block, CR1) & CR1_NOSTRETCH)
        return false;
    if (isr(s) & ISR_ADDR)
        return true;
    return s->giving ? isr(s) & ISR_TXE && !s->refused : isr(s) & ISR_RXNE;
}

static uint8_t slave_give(struct i2c *s)
{
    if (isr(s) & ISR_TXE) { /* underrun, NOSTRETCH only */
        set_flags(s, ISR_OVR);
        update(s);
        return 0xff;
    }
    set_flags(s, ISR_TXE);
    update(s);
    return (uint8_t)REG(&s->block, TXDR);
}

static bool slave_take(struct i2c *s, uint8_t byte)
{
    bool ack = !(REG(&s->block, CR2) & CR2_NACK);
    REG(&s->block, CR2) &= ~(uint32_t)CR2_NACK;
    if (isr(s) & ISR_RXNE) {
        set_flags(s, ISR_OVR);
    } else {
        REG(&s->block, RXDR) = byte;
        set_flags(s, ISR_RXNE);
    }
    update(s);
    return ack;
}

static void slave_refused(struct i2c *s)
{
    s->refused = true;
    set_flags(s, ISR_NACKF);
    update(s);
}

static void slave_stopped(struct i2c *s)
{
    s->master = NULL;
    clear_flags(s, ISR_BUSY);
    set_flags(s, ISR_STOPF);
    update(s);
}

/* The master's side. */

static void leave_hold(struct i2c *i, enum state state)
{
    event_cancel(&block_sim(&i->block)->events, &i->timed_out);
    i->state = state;
}

static void enter_hold(struct i2c *i)
{
    uint32_t timeout = REG(&i->block, TIMEOUTR);
    i->state = HOLD;
    if (timeout & TIMEOUTR_TIMOUTEN && !(timeout & TIMEOUTR_TIDLE)) {
        sim_time time =
            sim_cycles_to_time(((timeout & 0xfff) + 1) * 2048ull, block_kernel_hz(&i->block));
        if (time != SIM_NEVER)
            event_in(&block_sim(&i->block)->events, &i->timed_out, time);
    }
    advance(i);
    update(i);
}

static void begin_start(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    clear_flags(i, ISR_TC | ISR_TCR);
    set_flags(i, ISR_BUSY);
    i->reading = cr2 & CR2_RD_WRN;
    i->left = cr2 >> CR2_NBYTES_SHIFT & 255;
    i->shift_full = false;
    leave_hold(i, ADDRESSING);
    /* START and one byte; ten bits: one more, and for a read RESTART and the header again. */
    unsigned periods = 10;
    if (cr2 & CR2_ADD10 && !(i->reading && cr2 & CR2_HEAD10R))
        periods += i->reading ? 19 : 9;
    wait_periods(i, periods);
}

static void begin_stop(struct i2c *i)
{
    clear_flags(i, ISR_TC | ISR_TCR);
    leave_hold(i, STOPPING);
    wait_periods(i, 1);
}

static bool answer(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    bool ten_bit = cr2 & CR2_ADD10;
    unsigned address = ten_bit ? cr2 & 0x3ff : cr2 >> 1 & 0x7f;
    i->device = NULL;
    i->slave = NULL;
    for (struct i2c_device *d = i->devices; d; d = d->next) {
        if (d->address != address || d->ten_bit != ten_bit)
            continue;
        if (!d->start || d->start(d->ctx, i->reading)) {
            i->device = d;
            return true;
        }
    }
    if (i->joined && slave_address(i->joined, i, address, ten_bit, i->reading))
        i->slave = i->joined;
    return i->slave != NULL;
}

static void address_over(struct i2c *i)
{
    bool ack = answer(i);
    REG(&i->block, CR2) &= ~(uint32_t)CR2_START;
    if (ack) {
        enter_hold(i);
    } else {
        set_flags(i, ISR_NACKF);
        begin_stop(i);
    }
}

static void sent(struct i2c *i)
{
    bool ack;
    if (i->slave)
        ack = slave_take(i->slave, i->shift);
    else
        ack = i->device && i->device->write && i->device->write(i->device->ctx, i->shift);
    if (ack) {
        enter_hold(i);
    } else {
        set_flags(i, ISR_NACKF);
        begin_stop(i);
    }
}

static void deliver(struct i2c *i)
{
    i->shift_full = false;
    REG(&i->block, RXDR) = i->shift;
    set_flags(i, ISR_RXNE);
}

static void received(struct i2c *i)
{
    bool last = !i->left && !(REG(&i->block, CR2) & CR2_RELOAD);
    if (last && i->slave)
        slave_refused(i->slave);
    i->shift_full = true;
    enter_hold(i);
}

static void stopped(struct i2c *i)
{
    i->state = IDLE;
    REG(&i->block, CR2) &= ~(uint32_t)(CR2_STOP | CR2_START);
    clear_flags(i, ISR_BUSY);
    set_flags(i, ISR_STOPF);
    struct i2c_device *device = i->device;
    struct i2c *slave = i->slave;
    i->device = NULL;
    i->slave = NULL;
    if (device && device->stop)
        device->stop(device->ctx);
    if (slave)
        slave_stopped(slave);
}

static void byte_over(void *ctx)
{
    struct i2c *i = ctx;
    switch (i->state) {
    case ADDRESSING:
        address_over(i);
        break;
    case SENDING:
        sent(i);
        break;
    case RECEIVING:
        received(i);
        break;
    case STOPPING:
        stopped(i);
        break;
    default:
        break;
    }
    update(i);
}

/* All of NBYTES is through: what CR2 says comes next (51.4.8, "transfer management"). */
static void block_complete(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    if (cr2 & CR2_RELOAD)
        set_flags(i, ISR_TCR);
    else if (cr2 & CR2_AUTOEND)
        begin_stop(i);
    else if (cr2 & CR2_START)
        begin_start(i);
    else
        set_flags(i, ISR_TC);
}

static void send_next(struct i2c *i)
{
    if (isr(i) & ISR_TXE)
        return;
    i->shift = (uint8_t)REG(&i->block, TXDR);
    set_flags(i, ISR_TXE);
    i->left--;
    leave_hold(i, SENDING);
    wait_periods(i, 9);
}

static void receive_next(struct i2c *i)
{
    if (i->slave)
        i->shift = slave_give(i->slave);
    else if (i->device && i->device->read)
        i->shift = i->device->read(i->device->ctx);
    else
        i->shift = 0xff;
    i->left--;
    leave_hold(i, RECEIVING);
    wait_periods(i, 9);
}

/* In HOLD: goes on as far as software and the slave allow. */
static void advance(struct i2c *i)
{
    if (i->state != HOLD)
        return;
    if (i->shift_full) {
        if (isr(i) & ISR_RXNE)
            return;
        deliver(i);
    }
    if (i->slave && slave_stretches(i->slave))
        return;
    if (REG(&i->block, CR2) & CR2_STOP)
        begin_stop(i);
    else if (!i->left)
        block_complete(i);
    else if (i->reading)
        receive_next(i);
    else
        send_next(i);
}

/* The clock was held for longer than TIMEOUTR allows: the master lets the bus go (51.4.12). */
static void timed_out(void *ctx)
{
    struct i2c *i = ctx;
    set_flags(i, ISR_TIMEOUT);
    i->shift_full = false;
    begin_stop(i);
    update(i);
}

/* Software has touched a register: whoever waits for that goes on. */
static void registers_changed(struct i2c *i)
{
    advance(i);
    update(i);
    if (i->master) {
        advance(i->master);
        update(i->master);
    }
}

/* Registers. */

/* PE = 0: the block lets go of everything; configuration stays (51.4.6). */
static void disable(struct i2c *i)
{
    struct event_queue *events = &block_sim(&i->block)->events;
    event_cancel(events, &i->byte_over);
    event_cancel(events, &i->timed_out);
    if (i->state != IDLE)
        stopped(i);
    i->master = NULL;
    i->left = 0;
    i->shift_full = false;
    REG(&i->block, CR2) &= ~(uint32_t)CR2_SELF_CLEARING;
    REG(&i->block, ISR) = ISR_TXE;
}

static void write_cr1(struct i2c *i, uint32_t value, const struct block_access *access)
{
    block_store(&i->block, CR1, value, access);
    if (REG(&i->block, CR1) & CR1_UNMODELLED)
        block_complain(&i->block, COMPLAINT_UNMODELLED, CR1,
                       "%s: slave byte control, SMBus alert and PEC (CR1.SBC, ALERTEN, PECEN) are "
                       "not modelled",
                       i->block.row->name);
    if (!(REG(&i->block, CR1) & CR1_PE))
        disable(i);
}

static void write_cr2(struct i2c *i, uint32_t merged)
{
    uint32_t before = REG(&i->block, CR2);
    /* Setting is all that software can do to these: writing 0 has no effect (51.7.2). */
    REG(&i->block, CR2) = (merged & 0x07ffffff) | (before & CR2_SELF_CLEARING);
    if (!(REG(&i->block, CR1) & CR1_PE)) {
        REG(&i->block, CR2) &= ~(uint32_t)CR2_SELF_CLEARING;
        return;
    }
    unsigned count = merged >> CR2_NBYTES_SHIFT & 255;
    if (i->state == HOLD && isr(i) & ISR_TCR && count) {
        clear_flags(i, ISR_TCR);
        i->left = count;
    }
    if (i->state == IDLE && merged & CR2_START)
        begin_start(i);
    else if (i->state == IDLE && !i->master)
        REG(&i->block, CR2) &= ~(uint32_t)CR2_STOP;
    else if (i->state == HOLD && isr(i) & ISR_TC && merged & (CR2_START | CR2_STOP))
        merged &CR2_STOP ? begin_stop(i) : begin_start(i);
}

static void i2c_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct i2c *i = (struct i2c *)block;
    switch (offset) {
    case CR1:
        write_cr1(i, value, access);
        break;
    case CR2:
        write_cr2(i, block_merge(block, offset, value, access));
        break;
    case ISR:
        set_flags(i, value & ISR_TXE); /* flushes TXDR */
        break;
    case ICR:
        clear_flags(i, value & ICR_FLAGS);
        break;
    case TXDR:
        block_store(block, offset, value, access);
        clear_flags(i, ISR_TXE | ISR_TXIS);
        break;
    default:
        block_store(block, offset, value, access);
    }
    registers_changed(i);
}

static uint32_t i2c_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct i2c *i = (struct i2c *)block;
    uint32_t value = REG(block, offset);
    (void)access;
    if (offset == RXDR && isr(i) & ISR_RXNE) {
        clear_flags(i, ISR_RXNE);
        registers_changed(i);
    }
    return offset == ICR ? 0 : value;
}

static void i2c_clock_changed(struct block *block)
{
    struct i2c *i = (struct i2c *)block;
    if (i->state != IDLE && i->state != HOLD && !event_pending(&i->byte_over))
        wait_periods(i, i->periods);
}

static void i2c_init(struct block *block)
{
    struct i2c *i = (struct i2c *)block;
    event_init(&i->byte_over, block->row->name, byte_over, i);
    event_init(&i->timed_out, "I2C timeout", timed_out, i);
}

static void i2c_reset(struct block *block)
{
    struct i2c *i = (struct i2c *)block;
    disable(i);
    update(i);
}

static struct i2c *find(struct soc *soc, unsigned instance)
{
    static const char *const names[] = {"I2C1", "I2C2", "I2C3", "I2C4"};
    return instance - 1 < 4 ? (struct i2c *)soc_block(soc, names[instance - 1]) : NULL;
}

bool i2c_attach(struct soc *soc, unsigned instance, struct i2c_device *device)
{
    struct i2c *i = find(soc, instance);
    if (!i)
        return false;
    struct i2c_device **place = &i->devices;
    while (*place)
        place = &(*place)->next;
    device->next = NULL;
    *place = device;
    return true;
}

bool i2c_detach(struct soc *soc, unsigned instance, struct i2c_device *device)
{
    struct i2c *i = find(soc, instance);
    if (!i)
        return false;
    for (struct i2c_device **place = &i->devices; *place; place = &(*place)->next) {
        if (*place != device)
            continue;
        *place = device->next;
        if (i->device == device)
            i->device = NULL;
        return true;
    }
    return false;
}

bool i2c_join(struct soc *soc, unsigned one, unsigned other)
{
    struct i2c *a = find(soc, one), *b = find(soc, other);
    if (!a || !b || a == b)
        return false;
    a->joined = b;
    b->joined = a;
    return true;
}

const struct block_class i2c_class = {
    .name = "I2C",
    .regs = i2c_regs,
    .reg_count = sizeof i2c_regs / sizeof i2c_regs[0],
    .size = sizeof(struct i2c),
    .init = i2c_init,
    .reset = i2c_reset,
    .read = i2c_read,
    .write = i2c_write,
    .clock_changed = i2c_clock_changed,
};
