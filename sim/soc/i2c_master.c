/*
 * The master's role of I2C1 to I2C4 (RM0399 50.4.9). The bus moves by whole bytes: an event marks the
 * end of each byte's ninth clock, at the rate that TIMINGR and the kernel clock give. Between bytes
 * the master holds the clock (HOLD) for as long as software, or the slave, has not done its part.
 */
#include "sim/soc/i2c_internal.h"

enum { START_PERIODS = 10 }; /* START and the first byte */

/* Time: an SCL period is SCLL and SCLH in prescaled clocks, and the synchronisation of both edges,
 * which depends on the wires; two clocks each here. */
static void wait_periods(struct i2c *i, unsigned periods)
{
    uint32_t timing = REG(&i->block, TIMINGR);
    uint64_t cycles = ((timing & 255) + 1 + (timing >> 8 & 255) + 1) * ((timing >> 28) + 1) + 4;
    sim_time time = sim_cycles_to_time(periods * cycles, block_kernel_hz(&i->block));
    i->periods = periods;
    if (time != SIM_NEVER)
        event_in(&block_sim(&i->block)->events, &i->byte_over, time);
}

void i2c_master_clock_changed(struct i2c *i)
{
    if (i->state != IDLE && i->state != HOLD && !event_pending(&i->byte_over))
        wait_periods(i, i->periods);
}

static void leave_hold(struct i2c *i, enum i2c_state state)
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
    i2c_master_advance(i);
    i2c_update(i);
}

void i2c_master_start(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    clear_flags(i, ISR_TC | ISR_TCR);
    i->reading = cr2 & CR2_RD_WRN;
    i->left = cr2 >> CR2_NBYTES_SHIFT & 255;
    i->shift_full = false;
    bool second_byte = cr2 & CR2_ADD10 && !(i->reading && cr2 & CR2_HEAD10R);
    i->turns = second_byte && i->reading;
    leave_hold(i, ADDRESSING);
    i2c_bus_started(i);
    wait_periods(i, second_byte ? START_PERIODS + 9 : START_PERIODS);
}

/* RESTART and the header again, to read (50.4.9). */
static void turn_round(struct i2c *i)
{
    i->turns = false;
    leave_hold(i, ADDRESSING);
    wait_periods(i, START_PERIODS);
}

static void begin_stop(struct i2c *i)
{
    clear_flags(i, ISR_TC | ISR_TCR);
    leave_hold(i, STOPPING);
    wait_periods(i, 1);
}

static void refused(struct i2c *i)
{
    set_flags(i, ISR_NACKF);
    begin_stop(i);
}

static void address_over(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    bool ten_bit = cr2 & CR2_ADD10;
    bool ack = i2c_bus_answer(i, ten_bit ? cr2 & 0x3ff : cr2 >> 1 & 0x7f, ten_bit,
                              i->reading && !i->turns);
    if (!i->turns || !ack)
        clear_cr2(i, CR2_START);
    if (ack)
        enter_hold(i);
    else
        refused(i);
}

static void sent(struct i2c *i)
{
    bool ack;
    if (i->slave)
        ack = i2c_slave_take(i->slave, i->shift);
    else
        ack = i->device && i->device->write && i->device->write(i->device->ctx, i->shift);
    if (ack)
        enter_hold(i);
    else
        refused(i);
}

static void deliver(struct i2c *i)
{
    i->shift_full = false;
    REG(&i->block, RXDR) = i->shift;
    set_flags(i, ISR_RXNE);
}

static void received(struct i2c *i)
{
    bool last = (!i->left && !(REG(&i->block, CR2) & CR2_RELOAD)) || REG(&i->block, CR2) & CR2_STOP;
    if (last && i->slave)
        i2c_slave_refused(i->slave);
    i->shift_full = true;
    enter_hold(i);
}

void i2c_master_release(struct i2c *i)
{
    event_cancel(&block_sim(&i->block)->events, &i->byte_over);
    leave_hold(i, IDLE);
    clear_cr2(i, CR2_STOP);
    i->shift_full = false;
    i2c_bus_stopped(i); /* a START that waits goes on from there */
}

void i2c_master_byte_over(void *ctx)
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
        set_flags(i, ISR_STOPF);
        i2c_master_release(i);
        break;
    default:
        break;
    }
    i2c_update(i);
}

/* All of NBYTES is through: what CR2 says comes next (50.4.7, "Hardware transfer management"). */
static void block_complete(struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    if (cr2 & CR2_RELOAD)
        set_flags(i, ISR_TCR);
    else if (cr2 & CR2_AUTOEND)
        begin_stop(i);
    else if (cr2 & CR2_START)
        i2c_master_start(i);
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
        i->shift = i2c_slave_give(i->slave);
    else if (i->device && i->device->read)
        i->shift = i->device->read(i->device->ctx);
    else
        i->shift = 0xff;
    i->left--;
    leave_hold(i, RECEIVING);
    wait_periods(i, 9);
}

void i2c_master_advance(struct i2c *i)
{
    if (i->state != HOLD)
        return;
    if (i->shift_full) {
        if (isr(i) & ISR_RXNE)
            return;
        deliver(i);
    }
    if (i->slave && i2c_slave_stretches(i->slave))
        return;
    if (i->turns)
        turn_round(i);
    else if (REG(&i->block, CR2) & CR2_STOP)
        begin_stop(i);
    else if (!i->left)
        block_complete(i);
    else if (i->reading)
        receive_next(i);
    else
        send_next(i);
}

void i2c_master_command(struct i2c *i, uint32_t merged)
{
    unsigned count = merged >> CR2_NBYTES_SHIFT & 255;
    if (i->state != HOLD)
        return;
    if (isr(i) & ISR_TCR && count) {
        clear_flags(i, ISR_TCR);
        i->left = count;
    } else if (isr(i) & ISR_TC && merged & CR2_STOP) {
        begin_stop(i);
    } else if (isr(i) & ISR_TC && merged & CR2_START) {
        i2c_master_start(i);
    }
}

/* The clock was held for longer than TIMEOUTR allows: the master lets the bus go (50.4.14). */
void i2c_master_timed_out(void *ctx)
{
    struct i2c *i = ctx;
    set_flags(i, ISR_TIMEOUT);
    clear_cr2(i, CR2_START);
    i->shift_full = false;
    begin_stop(i);
    i2c_update(i);
}
