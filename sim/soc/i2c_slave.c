/* The slave's role of I2C1 to I2C4 (RM0399 50.4.8), to another block of the chip on the same wires. */
#include "sim/soc/i2c_internal.h"

enum { SMBUS_HOST = 0x08, SMBUS_DEVICE_DEFAULT = 0x61 };

/* 0000 xxx and 1111 xxx */
static bool is_reserved(unsigned address)
{
    return address < 8 || address >= 0x78;
}

static bool matches_oar2(uint32_t oar2, unsigned address)
{
    unsigned masked = oar2 >> 8 & 7, ignored = (1u << masked) - 1;
    if (!(oar2 & OAR_EN) || (masked && is_reserved(address)))
        return false;
    return ((address ^ (oar2 >> 1 & 0x7f)) & ~ignored) == 0;
}

static bool own_address(const struct i2c *s, unsigned address, bool ten_bit)
{
    uint32_t cr1 = REG(&s->block, CR1), oar1 = REG(&s->block, OAR1);
    if (!(cr1 & CR1_PE))
        return false;
    if (oar1 & OAR_EN && ((oar1 & OAR1_OA1MODE) != 0) == ten_bit &&
        address == (ten_bit ? oar1 & 0x3ff : oar1 >> 1 & 0x7f))
        return true;
    if (ten_bit)
        return false;
    if ((address == 0 && cr1 & CR1_GCEN) || (address == SMBUS_HOST && cr1 & CR1_SMBHEN) ||
        (address == SMBUS_DEVICE_DEFAULT && cr1 & CR1_SMBDEN))
        return true;
    return matches_oar2(REG(&s->block, OAR2), address);
}

bool i2c_slave_address(struct i2c *s, struct i2c *master, unsigned address, bool ten_bit, bool read)
{
    s->master = NULL;
    if (!own_address(s, address, ten_bit))
        return false;
    s->master = master;
    s->involved = s->first = true;
    s->giving = read;
    s->refused = false;
    clear_cr2(s, CR2_NACK | CR2_PECBYTE);
    clear_flags(s, ISR_DIR | 0x7fu << ISR_ADDCODE_SHIFT);
    unsigned code = ten_bit ? 0x78 | address >> 8 : address;
    set_flags(s, ISR_ADDR | (read ? ISR_DIR : 0u) | code << ISR_ADDCODE_SHIFT);
    i2c_update(s);
    return true;
}

static bool never_stretches(const struct i2c *s)
{
    return REG(&s->block, CR1) & CR1_NOSTRETCH;
}

bool i2c_slave_stretches(const struct i2c *s)
{
    if (never_stretches(s))
        return false;
    if (isr(s) & ISR_ADDR)
        return true;
    return s->giving ? isr(s) & ISR_TXE && !s->refused : isr(s) & ISR_RXNE;
}

bool i2c_slave_wants_byte(const struct i2c *s)
{
    bool waits_for_software = isr(s) & ISR_ADDR && !never_stretches(s);
    return s->asked || (s->master && s->giving && !s->refused && !waits_for_software);
}

/* What NOSTRETCH brings with it: a byte that was not written in time, or a first one of which nobody
 * can tell whether it was meant for this transfer. */
static bool underruns(const struct i2c *s)
{
    return isr(s) & ISR_TXE || (s->first && never_stretches(s) && isr(s) & ISR_STOPF);
}

uint8_t i2c_slave_give(struct i2c *s)
{
    bool empty = isr(s) & ISR_TXE;
    if (underruns(s))
        set_flags(s, ISR_OVR);
    s->first = false;
    set_flags(s, ISR_TXE);
    i2c_update(s);
    return empty ? 0xff : (uint8_t)REG(&s->block, TXDR);
}

bool i2c_slave_take(struct i2c *s, uint8_t byte)
{
    bool ack = !(REG(&s->block, CR2) & CR2_NACK);
    clear_cr2(s, CR2_NACK);
    if (isr(s) & ISR_RXNE) {
        set_flags(s, ISR_OVR);
        ack = false;
    } else {
        REG(&s->block, RXDR) = byte;
        set_flags(s, ISR_RXNE);
    }
    i2c_update(s);
    return ack;
}

void i2c_slave_refused(struct i2c *s)
{
    s->refused = true;
    set_flags(s, ISR_NACKF);
    i2c_update(s);
}

void i2c_slave_stopped(struct i2c *s)
{
    if (s->involved) {
        clear_cr2(s, CR2_NACK | CR2_PECBYTE);
        set_flags(s, ISR_STOPF);
    }
    s->master = NULL;
    s->involved = false;
}

void i2c_slave_release(struct i2c *s)
{
    if (s->master)
        s->master->slave = NULL;
    s->master = NULL;
    s->involved = s->asked = false;
}
