/*
 * I2C1 to I2C4 (RM0399 chapter 50): registers, interrupts and DMA requests. The master's role is in
 * i2c_master.c, the slave's in i2c_slave.c, the wires are in i2c_bus.c. Not modelled: slave byte
 * control, PEC, SMBus alert, time-outs of an idle bus and of extended clocks.
 */
#include "sim/soc/classes.h"
#include "sim/soc/i2c_internal.h"

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

/* TXIS: the next byte is wanted now. */
static bool wants_byte(const struct i2c *i)
{
    if (!(isr(i) & ISR_TXE))
        return false;
    if ((i->state == HOLD || i->state == SENDING) && !i->reading && i->left)
        return true;
    return i2c_slave_wants_byte(i);
}

void i2c_update(struct i2c *i)
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

/* Software has touched a register: whoever waits for that goes on. */
static void registers_changed(struct i2c *i)
{
    i2c_master_advance(i);
    i2c_update(i);
    if (i->master) {
        i2c_master_advance(i->master);
        i2c_update(i->master);
    }
}

/* PE = 0: the block lets go of everything; configuration stays (50.4.6). */
static void disable(struct i2c *i)
{
    struct i2c *master = i->master;
    i2c_slave_release(i);
    if (i->state != IDLE)
        i2c_master_release(i);
    i->left = 0;
    clear_cr2(i, CR2_SELF_CLEARING);
    REG(&i->block, ISR) = ISR_TXE;
    if (master) {
        i2c_master_advance(master);
        i2c_update(master);
    }
}

/* Bits that software may change now (50.7.1 to 50.7.6: "can be written only when"). */
static uint32_t unlocked(const struct i2c *i, uint32_t offset)
{
    uint32_t value = REG(&i->block, offset), locked = 0;
    if (offset == CR1 && value & CR1_PE)
        locked = CR1_NOSTRETCH | CR1_FILTERS;
    else if ((offset == OAR1 || offset == OAR2) && value & OAR_EN)
        locked = ~(uint32_t)OAR_EN;
    else if (offset == TIMEOUTR)
        locked = (value & TIMEOUTR_TIMOUTEN ? (uint32_t)TIMEOUTR_A : 0) |
                 (value & TIMEOUTR_TEXTEN ? (uint32_t)TIMEOUTR_B : 0);
    return ~locked;
}

static void store(struct i2c *i, uint32_t offset, uint32_t value, const struct block_access *access)
{
    struct block_access free_bits = *access;
    free_bits.lanes &= unlocked(i, offset);
    block_store(&i->block, offset, value, &free_bits);
}

static void write_cr1(struct i2c *i, uint32_t value, const struct block_access *access)
{
    store(i, CR1, value, access);
    if (REG(&i->block, CR1) & CR1_UNMODELLED)
        block_complain(&i->block, COMPLAINT_UNMODELLED, CR1,
                       "%s: slave byte control, SMBus alert and PEC (CR1.SBC, ALERTEN, PECEN) are "
                       "not modelled",
                       i->block.row->name);
    if (!(REG(&i->block, CR1) & CR1_PE))
        disable(i);
}

static void write_timeoutr(struct i2c *i, uint32_t value, const struct block_access *access)
{
    store(i, TIMEOUTR, value, access);
    if (REG(&i->block, TIMEOUTR) & (TIMEOUTR_TEXTEN | TIMEOUTR_TIDLE))
        block_complain(&i->block, COMPLAINT_UNMODELLED, TIMEOUTR,
                       "%s: time-outs of an idle bus and of extended clocks (TIMEOUTR.TIDLE, "
                       "TEXTEN) are not modelled",
                       i->block.row->name);
}

static void write_timingr(struct i2c *i, uint32_t value, const struct block_access *access)
{
    if (enabled(i))
        block_complain(&i->block, COMPLAINT_GUEST, TIMINGR,
                       "%s: TIMINGR is written while PE is set: clear PE first",
                       i->block.row->name);
    block_store(&i->block, TIMINGR, value, access);
}

static void write_cr2(struct i2c *i, uint32_t merged)
{
    /* Setting is all that software can do to these: writing 0 has no effect (50.7.2). */
    REG(&i->block, CR2) = (merged & 0x07ffffff) | (REG(&i->block, CR2) & CR2_SELF_CLEARING);
    if (!enabled(i)) {
        clear_cr2(i, CR2_SELF_CLEARING);
        return;
    }
    if (i->state != IDLE) {
        i2c_master_command(i, merged);
        return;
    }
    clear_cr2(i, CR2_STOP);
    if (merged & CR2_START && !i2c_bus_master(i))
        i2c_master_start(i);
}

static void write_icr(struct i2c *i, uint32_t value)
{
    clear_flags(i, value & ICR_FLAGS);
    if (value & ISR_ADDR) { /* also gives up a START that waits (50.7.8) */
        if (i->state == IDLE)
            clear_cr2(i, CR2_START);
    }
}

static void write_isr(struct i2c *i, uint32_t value)
{
    set_flags(i, value & ISR_TXE); /* flushes TXDR */
    if (value & ISR_TXIS && REG(&i->block, CR1) & CR1_NOSTRETCH && enabled(i))
        i->asked = true;
}

static void write_txdr(struct i2c *i, uint32_t value, const struct block_access *access)
{
    if (!(isr(i) & ISR_TXE))
        return;
    block_store(&i->block, TXDR, value, access);
    i->asked = false;
    if (enabled(i))
        clear_flags(i, ISR_TXE);
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
    case TIMINGR:
        write_timingr(i, value, access);
        break;
    case TIMEOUTR:
        write_timeoutr(i, value, access);
        break;
    case ISR:
        write_isr(i, value);
        break;
    case ICR:
        write_icr(i, value);
        break;
    case TXDR:
        write_txdr(i, value, access);
        break;
    default:
        store(i, offset, value, access);
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
    i2c_master_clock_changed((struct i2c *)block);
}

static void i2c_init(struct block *block)
{
    struct i2c *i = (struct i2c *)block;
    event_init(&i->byte_over, block->row->name, i2c_master_byte_over, i);
    event_init(&i->timed_out, "I2C timeout", i2c_master_timed_out, i);
    i->next_joined = i;
}

static void i2c_reset(struct block *block)
{
    struct i2c *i = (struct i2c *)block;
    disable(i);
    i2c_update(i);
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
