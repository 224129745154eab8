/*
 * What hangs on the wires of I2C1 to I2C4 (RM0399 chapter 50), byte by byte: the block makes the
 * clock, so a device only answers. All functions run at the board time at which the ninth clock of
 * the byte ends, and may raise wires (interrupt pins) and schedule events.
 */
#ifndef SIM_SOC_I2C_H
#define SIM_SOC_I2C_H

#include "sim/soc/soc.h"

/* A device on the bus. The owner keeps it alive as long as the SoC; `next` is the bus's. */
struct i2c_device {
    const char *name; /* "OV5640", static storage */
    void *ctx;
    uint16_t address; /* 7 bits, not shifted: 0x3c for the 8-bit address 0x78; 10 bits if ten_bit */
    bool ten_bit;
    /* A START or repeated START with this device's address; `read`: the master wants to read.
     * True: ACK. NULL: always ACK. */
    bool (*start)(void *ctx, bool read);
    /* A byte from the master. True: ACK; after false the master stops. NULL: never ACK. */
    bool (*write)(void *ctx, uint8_t byte);
    /* The next byte for the master. Called once a byte, when the byte begins to be clocked out, so
     * never for a byte that the master does not take. NULL: 0xff, an open bus. */
    uint8_t (*read)(void *ctx);
    /* STOP, or the bus was let go by a reset of the master. Not called at a repeated START. */
    void (*stop)(void *ctx);
    struct i2c_device *next;
};

/* Puts a device on the bus of I2C `instance` (1 to 4). More than one device may have an address: the
 * first that ACKs is talked to. False: no such block in this SoC. */
bool i2c_attach(struct soc *soc, unsigned instance, struct i2c_device *device);
/* Takes it off again (a test that unplugs); false: it was not there. */
bool i2c_detach(struct soc *soc, unsigned instance, struct i2c_device *device);

/* Wires two of the chip's own buses together: each block hears the other, reaches the other's devices
 * and may be its slave. False: no such block, or they are joined already. */
bool i2c_join(struct soc *soc, unsigned one, unsigned other);

#endif
