/* The memory-mapped mode of the QUADSPI (RM0399 24.3.7): the flashes in the address map, to be read. */
#include "sim/soc/quadspi_internal.h"

enum { WINDOW = 0x90000000, WINDOW_SIZE = 0x10000000 };

static bool reads_memory(const struct quadspi *q)
{
    const struct quadspi_chip *chip = &q->wires.chip[0];
    return REG(&q->block, QSPI_CR) & CR_EN && quadspi_mode(q) == MODE_MAPPED &&
           chip->reads_memory && chip->reads_memory(chip->ctx, (uint8_t)REG(&q->block, QSPI_CCR));
}

/* Beyond DCR.FSIZE an access is a bus error. */
static void fit_memory(struct quadspi *q)
{
    uint64_t end = quadspi_memory_end(q);
    uint32_t whole = q->wires.memory->size, size = end < whole ? (uint32_t)end : whole;
    if (q->memory->size == size)
        return;
    q->memory->size = size;
    bus_retarget(&block_sim(&q->block)->bus, q->memory, q->wires.memory, 0);
}

void quadspi_update_window(struct quadspi *q)
{
    bool open = reads_memory(q) && quadspi_dual(q); /* both side by side are plain memory */
    if (quadspi_mode(q) == MODE_MAPPED && REG(&q->block, QSPI_CR) & CR_EN)
        REG(&q->block, QSPI_SR) |= SR_BUSY;
    if (open)
        fit_memory(q);
    if (q->memory->enabled != open)
        bus_enable(&block_sim(&q->block)->bus, q->memory, open);
}

/* Memory-mapped mode with one of the flashes: a command for each access. */
static uint32_t read_single(struct quadspi *q, uint32_t address, unsigned size)
{
    uint32_t value = 0;
    quadspi_begin_command(q, address);
    for (unsigned n = 0; n < size; n++) {
        const struct quadspi_chip *chip = quadspi_next_chip(q);
        value |= (uint32_t)(chip->read ? chip->read(chip->ctx) : 0xff) << (8 * n);
    }
    quadspi_end_command(q);
    return value;
}

static enum bus_status closed_read(void *ctx, uint32_t address, const struct bus_access *access,
                                   uint32_t *value)
{
    struct quadspi *q = ctx;
    *value = 0;
    if (reads_memory(q) && address - WINDOW >= quadspi_memory_end(q)) {
        block_complain(&q->block, COMPLAINT_GUEST, 0x1002,
                       "0x%08x is read beyond the flash's size in DCR.FSIZE", address);
        return BUS_ERROR;
    }
    if (reads_memory(q)) {
        *value = read_single(q, address - WINDOW, access->size);
        return BUS_OK;
    }
    block_complain(&q->block, COMPLAINT_GUEST, 0x1000,
                   "0x%08x is read while memory-mapped mode is off or its command reads no "
                   "memory: set CCR.FMODE to 3 with a read command",
                   address);
    return BUS_ERROR;
}

static enum bus_status closed_write(void *ctx, uint32_t address, const struct bus_access *access,
                                    uint32_t value)
{
    struct quadspi *q = ctx;
    (void)value, (void)access;
    block_complain(&q->block, COMPLAINT_GUEST, 0x1001,
                   "0x%08x is written: the flash is programmed by commands, in indirect mode",
                   address);
    return BUS_ERROR;
}

void quadspi_mapped_init(struct quadspi *q)
{
    struct bus *bus = &block_sim(&q->block)->bus;
    uint32_t masters = MASTERS_ALL & ~(MASTER_BIT(MASTER_BDMA) | MASTER_BIT(MASTER_DEBUG));
    q->closed = (struct bus_device){
        .name = "QUADSPI", .ctx = q, .read = closed_read, .write = closed_write};
    q->read_only = (struct bus_device){.name = "QUADSPI", .ctx = q, .write = closed_write};
    q->memory = bus_add_ram(bus, WINDOW, 0, masters, NULL, 0);
    q->memory->device = &q->read_only;
    bus_enable(bus, q->memory, false);
    bus_add_device(bus, WINDOW, WINDOW_SIZE, masters, &q->closed);
}

bool quadspi_attach(struct soc *soc, const struct quadspi_bus *wires)
{
    struct quadspi *q = (struct quadspi *)soc_block(soc, "QUADSPI");
    if (!q || q->wires.memory)
        return false;
    struct bus *bus = &block_sim(&q->block)->bus;
    q->wires = *wires;
    q->memory->size = wires->memory->size;
    bus_retarget(bus, q->memory, wires->memory, 0);
    bus_add_ram(bus, WINDOW, wires->memory->size, MASTER_BIT(MASTER_DEBUG), wires->memory, 0);
    return true;
}
