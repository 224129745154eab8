/*
 * What joins the blocks: the address map (RM0399 chapter 2), the door through which every register
 * access goes, clock gates, resets and DMA acknowledgements.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/soc/block.h"
#include "sim/soc/timer_pins.h"
#include "sim/soc/unclocked.h"

/* A row at work: the bus device that answers at its address. */
struct soc_slot {
    struct soc *soc;
    const struct soc_row *row;
    struct block *block; /* NULL: not modelled */
    struct bus_device device;
};

static bool gate_open(const struct soc_slot *slot)
{
    const struct soc *soc = slot->soc;
    return !slot->row->gate || !soc->gate_open || soc->gate_open(soc->rcc, slot->row->gate);
}

/* True if the access goes no further: nothing is modelled, or its clock does not run. */
static bool refused(struct soc_slot *slot, uint32_t offset, uint32_t value, const char *verb)
{
    struct reporter *reporter = &slot->soc->sim->reporter;
    const char *name = slot->row->name;
    if (!slot->block) {
        complain(reporter, COMPLAINT_UNMODELLED, name, 0,
                 "%s is not modelled: it reads 0 and forgets what is written (first %s at +0x%x)",
                 name, verb, offset);
        return true;
    }
    if (!gate_open(slot) && !unclocked_works(name, offset)) {
        if (unclocked_forgiven(name, offset, value))
            return true;
        complain(
            reporter, COMPLAINT_GUEST, name, UINT64_MAX,
            "%s is used while its clock is off in the RCC (no core that runs has enabled it): it "
            "reads 0 and forgets what is written (first %s at +0x%x)",
            name, verb, offset);
        return true;
    }
    if (!slot->block->reg_at[offset / 4]) {
        complain(reporter, COMPLAINT_UNMODELLED, name, offset / 4,
                 "%s has no register at +0x%x: it reads 0 and forgets what is written (first %s)",
                 name, offset & ~3u, verb);
        return true;
    }
    return false;
}

/* For a debugger, whose look at a block is no mistake of the guest's. */
static bool is_there(const struct soc_slot *slot, uint32_t offset)
{
    return slot->block && gate_open(slot) && slot->block->reg_at[offset / 4];
}

static struct block_access access_of(uint32_t offset, const struct bus_access *access)
{
    unsigned shift = offset & 3;
    uint32_t mask = access->size == 4 ? 0xffffffffu : (1u << (8 * access->size)) - 1;
    return (struct block_access){access->master, access->size, shift, mask << (8 * shift)};
}

static bool too_narrow(struct block *block, const struct block_access *access)
{
    if (access->size == 4 || access->master == MASTER_DEBUG)
        return false;
    if (block->class->words_asked)
        block_complain(block, COMPLAINT_GUEST, UINT64_MAX - 1,
                       "%s has to be accessed by words: an access of %u bytes may do anything",
                       block->row->name, access->size);
    if (!block->class->words_only)
        return false;
    block_complain(block, COMPLAINT_GUEST, UINT64_MAX - 1,
                   "%s takes words only: an access of %u bytes gets a bus fault and does nothing",
                   block->row->name, access->size);
    return true;
}

static uint32_t read_register(struct block *block, uint32_t offset,
                              const struct block_access *access)
{
    if (!block->class->read || access->master == MASTER_DEBUG)
        return REG(block, offset);
    return block->class->read(block, offset, access);
}

static enum bus_status slot_read(void *ctx, uint32_t address, const struct bus_access *access,
                                 uint32_t *value)
{
    struct soc_slot *slot = ctx;
    uint32_t offset = address - slot->row->base;
    *value = 0;
    bool looks = access->master == MASTER_DEBUG;
    if (looks ? !is_there(slot, offset) : refused(slot, offset, 0, "read"))
        return BUS_OK;
    struct block_access how = access_of(offset, access);
    if (too_narrow(slot->block, &how))
        return BUS_ERROR;
    uint32_t word = read_register(slot->block, offset & ~3u, &how);
    *value = (word & how.lanes) >> (8 * how.shift);
    return BUS_OK;
}

static enum bus_status slot_write(void *ctx, uint32_t address, const struct bus_access *access,
                                  uint32_t value)
{
    struct soc_slot *slot = ctx;
    uint32_t offset = address - slot->row->base;
    if (refused(slot, offset, value, "write"))
        return BUS_OK;
    struct block_access how = access_of(offset, access);
    if (too_narrow(slot->block, &how))
        return BUS_ERROR;
    uint32_t word = (value << (8 * how.shift)) & how.lanes;
    if (slot->block->class->write)
        slot->block->class->write(slot->block, offset & ~3u, word, &how);
    else
        block_store(slot->block, offset & ~3u, word, &how);
    return BUS_OK;
}

static unsigned slot_read_fifo(void *ctx, uint32_t address, uint32_t *words, unsigned count)
{
    struct soc_slot *slot = ctx;
    if (!slot->block || !slot->block->class->read_fifo || !gate_open(slot))
        return 0;
    return slot->block->class->read_fifo(slot->block, address - slot->row->base, words, count);
}

static bool number_registers(struct block *block)
{
    const struct block_class *class = block->class;
    for (unsigned n = 0; n < class->reg_count; n++) {
        const struct reg *reg = &class->regs[n];
        for (unsigned k = 0; k < (reg->count ? reg->count : 1u); k++) {
            uint32_t offset = reg->offset + k * reg->stride;
            if (offset % 4 || offset >= block->row->size)
                return false;
            block->reg_at[offset / 4] = reg;
        }
    }
    return true;
}

static struct block *create_block(struct soc *soc, const struct soc_row *row)
{
    struct block *block = calloc(1, row->class->size);
    if (!block)
        return NULL;
    block->class = row->class;
    block->row = row;
    block->soc = soc;
    block->regs = calloc(row->size / 4, sizeof *block->regs);
    block->reg_at = calloc(row->size / 4, sizeof *block->reg_at);
    if (!block->regs || !block->reg_at)
        return block; /* soc_destroy() takes it from here */
    if (!number_registers(block))
        complain(&soc->sim->reporter, COMPLAINT_BOARD, row->name, 0,
                 "the register table of %s does not fit its block", row->name);
    return block;
}

static bool create_blocks(struct soc *soc)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++) {
        const struct soc_row *row = &stm32h747_rows[n];
        struct soc_slot *slot = &soc->slots[n];
        *slot = (struct soc_slot){.soc = soc, .row = row};
        slot->device = (struct bus_device){row->name, slot, slot_read, slot_write, slot_read_fifo};
        bus_add_device(&soc->sim->bus, row->base, row->size, MASTERS_ALL, &slot->device);
        if (!row->class)
            continue;
        slot->block = soc->blocks[n] = create_block(soc, row);
        if (!slot->block || !slot->block->regs || !slot->block->reg_at)
            return false;
    }
    return true;
}

/* Masters that reach each memory (RM0399 table 3). The BDMA lives in D3 and sees nothing else; SDMMC1
 * sees what is in D1. */
enum {
    TCM_MASTERS = MASTER_BIT(MASTER_CM7) | MASTER_BIT(MASTER_MDMA) | MASTER_BIT(MASTER_DEBUG),
    D1_D2_MASTERS = MASTERS_ALL & ~MASTER_BIT(MASTER_BDMA),
    D2_MASTERS = D1_D2_MASTERS & ~MASTER_BIT(MASTER_SDMMC1),
    D3_MASTERS = MASTERS_ALL & ~MASTER_BIT(MASTER_SDMMC1),
};

enum {
    KIB = 1024,
    FLASH_SIZE = 2048 * KIB,
    SYSTEM_BANK_SIZE = 128 * KIB,
};

/* What the factory wrote into the system memory: unique id, flash size, sensor calibration. */
static void write_factory_data(struct ram *system_flash)
{
    static const struct {
        uint32_t offset, value;
    } words[] = {
        {0x1e800, 0x00380028},                   /* unique id: wafer position, */
        {0x1e804, 0x31345116},                   /* lot */
        {0x1e808, 0x38363735}, {0x1e820, 12180}, /* TS_CAL1 at 30 degrees, 16 bit, 3.3 V */
        {0x1e840, 15960},                        /* TS_CAL2 at 110 degrees */
        {0x1e860, 24270},                        /* VREFINT_CAL */
        {0x1e880, 2048},                         /* flash size in KB */
    };
    memset(system_flash->bytes, 0xff, system_flash->size);
    for (size_t n = 0; n < sizeof words / sizeof words[0]; n++)
        memcpy(&system_flash->bytes[words[n].offset], &words[n].value, 4);
}

static bool create_memories(struct soc *soc)
{
    struct soc_memories *m = &soc->memory;
    bool done =
        ram_init(&m->itcm, "ITCM", 64 * KIB) && ram_init(&m->dtcm, "DTCM", 128 * KIB) &&
        ram_init(&m->axi_sram, "AXI SRAM", 512 * KIB) && ram_init(&m->sram1, "SRAM1", 128 * KIB) &&
        ram_init(&m->sram2, "SRAM2", 128 * KIB) && ram_init(&m->sram3, "SRAM3", 32 * KIB) &&
        ram_init(&m->sram4, "SRAM4", 64 * KIB) && ram_init(&m->backup, "backup SRAM", 4 * KIB) &&
        ram_init(&m->flash, "flash", FLASH_SIZE) &&
        ram_init(&m->system_flash, "system memory", 2 * SYSTEM_BANK_SIZE);
    if (!done)
        return false;
    memset(m->flash.bytes, 0xff, FLASH_SIZE);
    write_factory_data(&m->system_flash);
    return true;
}

static enum bus_status read_only(void *ctx, uint32_t address, const struct bus_access *access,
                                 uint32_t value)
{
    (void)ctx, (void)address, (void)access, (void)value;
    return BUS_ERROR_LATE;
}

static const struct bus_device rom = {.name = "read-only memory", .write = read_only};

/* --- D2's SRAMs while D2 is in DStop --- */

static enum bus_status sleeping_read(void *ctx, uint32_t address, const struct bus_access *access,
                                     uint32_t *value)
{
    struct soc *soc = ctx;
    *value = 0;
    if (access->master == MASTER_DEBUG)
        return bus_read(&soc->sim->bus, MASTER_DEBUG, address, access->size, value);
    complain(&soc->sim->reporter, COMPLAINT_GUEST, "RCC", address >> 28,
             "0x%08x is used while D2 is in DStop: the Cortex-M4 is in CStop and the Cortex-M7 has "
             "enabled nothing there (RCC_AHB2ENR.SRAM1EN to SRAM3EN); a real chip hangs, here it "
             "reads 0 and forgets what is written",
             address);
    return BUS_OK;
}

static enum bus_status sleeping_write(void *ctx, uint32_t address, const struct bus_access *access,
                                      uint32_t value)
{
    return sleeping_read(ctx, address, access, &value);
}

/* Before the SRAMs in the map, and open while they cannot be reached from D1. */
static void map_sleeping_d2(struct soc *soc)
{
    enum { D2_SRAM_SIZE = 288 * KIB };
    uint32_t masters = MASTER_BIT(MASTER_CM7) | MASTER_BIT(MASTER_MDMA) | MASTER_BIT(MASTER_DMA2D);
    soc->sleeping_d2 = (struct bus_device){
        .name = "D2", .ctx = soc, .read = sleeping_read, .write = sleeping_write};
    for (unsigned n = 0; n < 2; n++) {
        soc->d2_gate[n] = bus_add_device(&soc->sim->bus, n ? 0x30000000 : 0x10000000, D2_SRAM_SIZE,
                                         masters, &soc->sleeping_d2);
        bus_enable(&soc->sim->bus, soc->d2_gate[n], false);
    }
}

void soc_d2_sleeps(struct soc *soc, bool sleeps)
{
    for (unsigned n = 0; n < 2; n++)
        bus_enable(&soc->sim->bus, soc->d2_gate[n], sleeps);
}

static void map_sram(struct soc *soc, struct ram *ram, uint32_t base, uint32_t masters)
{
    bus_add_ram(&soc->sim->bus, base, ram->size, masters, ram, 0);
}

static void map_memories(struct soc *soc)
{
    struct bus *bus = &soc->sim->bus;
    struct soc_memories *m = &soc->memory;
    map_sram(soc, &m->itcm, 0x00000000, TCM_MASTERS);
    map_sram(soc, &m->dtcm, 0x20000000, TCM_MASTERS);
    soc->cm4_alias =
        bus_add_ram(bus, 0x00000000, FLASH_SIZE / 2, MASTER_BIT(MASTER_CM4), &m->flash, 0);
    soc->flash_region = bus_add_ram(bus, 0x08000000, FLASH_SIZE, D1_D2_MASTERS, &m->flash, 0);
    soc->cm4_alias->device = soc->flash_region->device = &rom;
    map_sram(soc, &m->axi_sram, 0x24000000, D1_D2_MASTERS);
    map_sleeping_d2(soc);
    for (uint32_t base = 0x10000000; base <= 0x30000000; base += 0x20000000) {
        map_sram(soc, &m->sram1, base, D2_MASTERS);
        map_sram(soc, &m->sram2, base + 0x20000, D2_MASTERS);
        map_sram(soc, &m->sram3, base + 0x40000, D2_MASTERS);
    }
    map_sram(soc, &m->sram4, 0x38000000, D3_MASTERS);
    map_sram(soc, &m->backup, 0x38800000, D3_MASTERS);
    for (uint32_t bank = 0; bank < 2; bank++)
        bus_add_ram(bus, 0x1ff00000 + bank * 0x40000, SYSTEM_BANK_SIZE, D1_D2_MASTERS,
                    &m->system_flash, bank * SYSTEM_BANK_SIZE)
            ->device = &rom;
}

struct soc *soc_create(struct sim *sim, const struct soc_cores *cores)
{
    struct soc *soc = calloc(1, sizeof *soc);
    if (!soc)
        return NULL;
    soc->sim = sim;
    soc->cores = *cores;
    soc->hse_hz = 25000000;
    soc->vdd_millivolts = 3300;
    soc->slots = calloc(stm32h747_row_count, sizeof *soc->slots);
    soc->blocks = calloc(stm32h747_row_count, sizeof *soc->blocks);
    if (!soc->slots || !soc->blocks || !create_memories(soc)) {
        soc_destroy(soc);
        return NULL;
    }
    map_memories(soc);
    if (!create_blocks(soc)) {
        soc_destroy(soc);
        return NULL;
    }
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && soc->blocks[n]->class->init)
            soc->blocks[n]->class->init(soc->blocks[n]);
    timer_pins_connect(soc);
    soc_reset(soc, true);
    return soc;
}

static void free_memories(struct soc_memories *m)
{
    struct ram *all[] = {&m->itcm,  &m->dtcm,  &m->axi_sram, &m->sram1, &m->sram2,
                         &m->sram3, &m->sram4, &m->backup,   &m->flash, &m->system_flash};
    for (size_t n = 0; n < sizeof all / sizeof all[0]; n++)
        ram_free(all[n]);
}

void soc_destroy(struct soc *soc)
{
    if (!soc)
        return;
    for (unsigned n = 0; soc->blocks && n < stm32h747_row_count; n++) {
        if (!soc->blocks[n])
            continue;
        if (soc->blocks[n]->class->destroy)
            soc->blocks[n]->class->destroy(soc->blocks[n]);
        free(soc->blocks[n]->regs);
        free(soc->blocks[n]->reg_at);
        free(soc->blocks[n]);
    }
    free(soc->blocks);
    free(soc->slots);
    free_memories(&soc->memory);
    free(soc);
}

/* Before there is an RCC everything runs from the HSI, as after reset. */
enum { HSI_HZ = 64000000 };

uint64_t soc_clock_hz(struct soc *soc, enum soc_clock clock)
{
    if (clock == CLOCK_NONE)
        return 0;
    if (!soc->known_hz[clock])
        soc->known_hz[clock] = soc->clock_hz ? soc->clock_hz(soc->rcc, clock) : HSI_HZ;
    return soc->known_hz[clock];
}

/* A burst's first cycle, and its data at the width of the memory's port: AXI SRAM and flash have 64
 * bits, the others 32 (RM0399 2.1). Flash at its 4 wait states. */
static void set_memory_speeds(struct soc *soc)
{
    struct soc_memories *m = &soc->memory;
    const struct {
        struct ram *ram;
        unsigned latency, bytes; /* in bus cycles, and of a cycle */
    } speeds[] = {{&m->axi_sram, 1, 8}, {&m->sram1, 1, 4},  {&m->sram2, 1, 4}, {&m->sram3, 1, 4},
                  {&m->sram4, 1, 4},    {&m->backup, 1, 4}, {&m->flash, 5, 8}};
    uint64_t hz = soc_clock_hz(soc, CLOCK_HCLK);
    sim_time cycle = hz ? SIM_S / hz : 0;
    for (size_t n = 0; n < sizeof speeds / sizeof speeds[0]; n++) {
        speeds[n].ram->traffic->latency = speeds[n].latency * cycle;
        speeds[n].ram->traffic->byte_time = cycle / speeds[n].bytes;
    }
}

void soc_reset(struct soc *soc, bool power_on)
{
    soc->power_on = power_on;
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n])
            block_reset(soc->blocks[n]);
    memset(soc->known_hz, 0, sizeof soc->known_hz);
    set_memory_speeds(soc);
    soc->power_on = false;
}

struct block *soc_block(struct soc *soc, const char *name)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (!strcmp(stm32h747_rows[n].name, name))
            return soc->blocks[n];
    return NULL;
}

void soc_reset_gate(struct soc *soc, uint16_t gate)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && stm32h747_rows[n].gate == gate)
            block_reset(soc->blocks[n]);
}

void soc_gates_changed(struct soc *soc)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && soc->blocks[n]->class->clock_changed)
            soc->blocks[n]->class->clock_changed(soc->blocks[n]);
}

void soc_clocks_changed(struct soc *soc)
{
    memset(soc->known_hz, 0, sizeof soc->known_hz);
    set_memory_speeds(soc);
    soc_gates_changed(soc);
    if (!soc->cores.clock_changed)
        return;
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc->cores.clock_changed(soc->cores.ctx, core);
}

static void tell_served(struct block *block, uint8_t request)
{
    for (unsigned n = 0; n < BLOCK_DMA_MAX; n++)
        if (block->row->dma[n] == request)
            block->class->dma_served(block, n);
}

void soc_dma_served(struct soc *soc, unsigned mux, unsigned request)
{
    uint8_t wanted = (uint8_t)(mux << 7 | request);
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && soc->blocks[n]->class->dma_served)
            tell_served(soc->blocks[n], wanted);
}

static void tell_finished(struct block *block, uint8_t request)
{
    for (unsigned n = 0; n < BLOCK_DMA_MAX; n++)
        if (block->row->dma[n] == request)
            block->class->dma_finished(block, n);
}

void soc_dma_finished(struct soc *soc, unsigned mux, unsigned request)
{
    uint8_t wanted = (uint8_t)(mux << 7 | request);
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && soc->blocks[n]->class->dma_finished)
            tell_finished(soc->blocks[n], wanted);
}
