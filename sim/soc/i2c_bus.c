/*
 * The wires of I2C1 to I2C4: devices of the board, and other blocks of the chip that are wired to the
 * same two lines (i2c_join()). Blocks that wait for the bus begin together when it is free, and
 * the lower address wins (RM0399 50.4.9); arbitration in the data is not modelled.
 */
#include "sim/soc/i2c_internal.h"

struct i2c *i2c_bus_master(struct i2c *i)
{
    struct i2c *one = i;
    do {
        if (one->state != IDLE)
            return one;
        one = one->next_joined;
    } while (one != i);
    return NULL;
}

void i2c_bus_started(struct i2c *master)
{
    struct i2c *one = master;
    do {
        if (enabled(one))
            set_flags(one, ISR_BUSY);
        i2c_update(one);
        one = one->next_joined;
    } while (one != master);
}

static struct i2c_device *answering_device(struct i2c *i, unsigned address, bool ten_bit, bool read)
{
    for (struct i2c_device *d = i->devices; d; d = d->next) {
        if (d->address != address || d->ten_bit != ten_bit)
            continue;
        if (!d->start || d->start(d->ctx, read))
            return d;
    }
    return NULL;
}

/* Each slave hears the address, so that one which was addressed before is so no longer. */
bool i2c_bus_answer(struct i2c *master, unsigned address, bool ten_bit, bool read)
{
    struct i2c *one = master;
    master->device = NULL;
    master->slave = NULL;
    do {
        if (!master->device)
            master->device = answering_device(one, address, ten_bit, read);
        if (one != master && i2c_slave_address(one, master, address, ten_bit, read))
            master->slave = one;
        one = one->next_joined;
    } while (one != master);
    return master->device || master->slave;
}

static bool waits(const struct i2c *i)
{
    return enabled(i) && i->state == IDLE && REG(&i->block, CR2) & CR2_START;
}

/* The address byte as it goes over the wires, where a 0 wins. */
static unsigned first_byte(const struct i2c *i)
{
    uint32_t cr2 = REG(&i->block, CR2);
    if (cr2 & CR2_ADD10)
        return 0xf0 | (cr2 >> 7 & 6);
    return (cr2 & 0xfe) | (cr2 & CR2_RD_WRN ? 1 : 0);
}

static void lose_arbitration(struct i2c *i)
{
    clear_cr2(i, CR2_START);
    set_flags(i, ISR_ARLO);
    i2c_update(i);
}

static void begin_waiting(struct i2c *i)
{
    struct i2c *winner = NULL, *one = i;
    do {
        if (waits(one) && (!winner || first_byte(one) < first_byte(winner)))
            winner = one;
        one = one->next_joined;
    } while (one != i);
    if (!winner)
        return;
    for (one = winner->next_joined; one != winner; one = one->next_joined)
        if (waits(one))
            lose_arbitration(one);
    i2c_master_start(winner);
    i2c_update(winner);
}

void i2c_bus_stopped(struct i2c *master)
{
    struct i2c_device *device = master->device;
    master->device = NULL;
    master->slave = NULL;
    if (device && device->stop)
        device->stop(device->ctx);
    struct i2c *one = master;
    do {
        clear_flags(one, ISR_BUSY);
        if (one != master)
            i2c_slave_stopped(one);
        i2c_update(one);
        one = one->next_joined;
    } while (one != master);
    begin_waiting(master);
}

/* ---- What is soldered ---- */

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

static void forget_device(struct i2c *i, const struct i2c_device *device)
{
    struct i2c *one = i;
    do {
        if (one->device == device)
            one->device = NULL;
        one = one->next_joined;
    } while (one != i);
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
        forget_device(i, device);
        return true;
    }
    return false;
}

bool i2c_join(struct soc *soc, unsigned one, unsigned other)
{
    struct i2c *a = find(soc, one), *b = find(soc, other);
    if (!a || !b)
        return false;
    for (const struct i2c *in_ring = a->next_joined; in_ring != a; in_ring = in_ring->next_joined)
        if (in_ring == b)
            return false;
    if (a == b)
        return false;
    struct i2c *after = a->next_joined; /* two rings become one */
    a->next_joined = b->next_joined;
    b->next_joined = after;
    return true;
}
