/* What the files of I2C1 to I2C4 share: i2c.c registers, i2c_master.c and i2c_slave.c the two roles,
 * i2c_bus.c the wires. */
#ifndef SIM_SOC_I2C_INTERNAL_H
#define SIM_SOC_I2C_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/i2c.h"

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
    CR1_FILTERS = 0x1f << 8, /* DNF, ANFOFF */
    CR1_TXDMAEN = 1 << 14,
    CR1_RXDMAEN = 1 << 15,
    CR1_NOSTRETCH = 1 << 17,
    CR1_WUPEN = 1 << 18,
    CR1_GCEN = 1 << 19,
    CR1_SMBHEN = 1 << 20,
    CR1_SMBDEN = 1 << 21,
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
    CR2_PECBYTE = 1 << 26,
    CR2_SELF_CLEARING = CR2_START | CR2_STOP | CR2_NACK | CR2_PECBYTE,
    OAR_EN = 1 << 15,
    OAR1_OA1MODE = 1 << 10,
    TIMEOUTR_A = 0x1fff, /* TIMEOUTA, TIDLE */
    TIMEOUTR_TIDLE = 1 << 12,
    TIMEOUTR_TIMOUTEN = 1 << 15,
    TIMEOUTR_B = 0x0fff0000,
    ISR_TXE = 1 << 0,
    ISR_TXIS = 1 << 1,
    ISR_RXNE = 1 << 2,
    ISR_ADDR = 1 << 3,
    ISR_NACKF = 1 << 4,
    ISR_STOPF = 1 << 5,
    ISR_TC = 1 << 6,
    ISR_TCR = 1 << 7,
    ISR_ARLO = 1 << 9,
    ISR_OVR = 1 << 10,
    ISR_TIMEOUT = 1 << 12,
    ISR_ERRORS = 0x3f00,
    ISR_BUSY = 1 << 15,
    ISR_DIR = 1 << 16,
    ISR_ADDCODE_SHIFT = 17,
    ICR_FLAGS = 0x3f38,
};
#define TIMEOUTR_TEXTEN 0x80000000u

enum i2c_state { IDLE, ADDRESSING, HOLD, SENDING, RECEIVING, STOPPING };

struct i2c {
    struct block block;
    struct event byte_over, timed_out;
    struct i2c_device *devices; /* at its own pins */
    struct i2c *next_joined;    /* a ring of the blocks on the same wires; alone, itself */

    /* As a master. */
    enum i2c_state state;
    unsigned periods; /* SCL periods that the pending event stands for */
    bool reading;
    bool turns;    /* ten bits, to read: addressed to write so far, RESTART follows */
    unsigned left; /* of NBYTES: not yet begun */
    uint8_t shift;
    bool shift_full; /* received, but RXDR is still taken */
    struct i2c_device *device;
    struct i2c *slave; /* whom another block of the chip answers as */

    /* As a slave. */
    struct i2c *master; /* NULL: not addressed */
    bool involved;      /* addressed since the bus was last free */
    bool giving;        /* the master reads */
    bool refused;       /* it has sent NACK: nothing more is asked of us */
    bool first;         /* no byte has been given yet */
    bool asked;         /* software has set TXIS itself */
};

static inline uint32_t isr(const struct i2c *i)
{
    return REG(&i->block, ISR);
}

static inline bool enabled(const struct i2c *i)
{
    return REG(&i->block, CR1) & CR1_PE;
}

static inline void set_flags(struct i2c *i, uint32_t flags)
{
    REG(&i->block, ISR) |= flags;
}

static inline void clear_flags(struct i2c *i, uint32_t flags)
{
    REG(&i->block, ISR) &= ~flags;
}

static inline void clear_cr2(struct i2c *i, uint32_t bits)
{
    REG(&i->block, CR2) &= ~bits;
}

/* i2c.c: TXIS, interrupts and DMA requests follow the flags. */
void i2c_update(struct i2c *i);

/* ---- i2c_master.c ---- */

/* START is set and the bus is free. */
void i2c_master_start(struct i2c *i);
/* In HOLD: goes on as far as software and the slave allow. */
void i2c_master_advance(struct i2c *i);
/* Software has written CR2 (`merged`) while the block has the bus. */
void i2c_master_command(struct i2c *i, uint32_t merged);
/* Lets go of the bus at once, in any state. */
void i2c_master_release(struct i2c *i);
/* The clock may run again: an event that could not be set is. */
void i2c_master_clock_changed(struct i2c *i);
void i2c_master_byte_over(void *ctx);
void i2c_master_timed_out(void *ctx);

/* ---- i2c_slave.c: called by the master of the same wires ---- */

/* True: ACK, it is addressed from now on. */
bool i2c_slave_address(struct i2c *s, struct i2c *master, unsigned address, bool ten_bit,
                       bool read);
/* It holds the clock: its software has not yet done what the next byte needs. */
bool i2c_slave_stretches(const struct i2c *s);
uint8_t i2c_slave_give(struct i2c *s);
bool i2c_slave_take(struct i2c *s, uint8_t byte); /* true: ACK */
void i2c_slave_refused(struct i2c *s);
/* A byte for TXDR is wanted of it. */
bool i2c_slave_wants_byte(const struct i2c *s);
/* STOP: it is addressed no longer. */
void i2c_slave_stopped(struct i2c *s);
/* The block is switched off in the middle. */
void i2c_slave_release(struct i2c *s);

/* ---- i2c_bus.c ---- */

/* Who has the bus; NULL: it is free. */
struct i2c *i2c_bus_master(struct i2c *i);
/* A START by `master`: all on the wires see that the bus is busy. */
void i2c_bus_started(struct i2c *master);
/* The address is over: finds who answers, sets master->device or slave. False: nobody. */
bool i2c_bus_answer(struct i2c *master, unsigned address, bool ten_bit, bool read);
/* STOP: the bus is free, slaves hear of it, and who waited for it begins. */
void i2c_bus_stopped(struct i2c *master);

#endif
