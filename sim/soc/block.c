#include "sim/soc/block.h"

void block_store(struct block *block, uint32_t offset, uint32_t value,
                 const struct block_access *access)
{
    const struct reg *reg = block->reg_at[offset / 4];
    uint32_t mask = reg ? reg->writable & access->lanes : 0;
    block->regs[offset / 4] = (block->regs[offset / 4] & ~mask) | (value & mask);
}

static void change_line(struct soc *soc, enum soc_core core, unsigned irq, bool level)
{
    uint8_t *sources = &soc->irq_sources[core][irq];
    bool before = *sources != 0;
    *sources = (uint8_t)(level ? *sources + 1 : *sources - 1);
    if (before != (*sources != 0))
        soc->cores.set_irq(soc->cores.ctx, core, irq, level);
}

void block_irq(struct block *block, unsigned n, bool level)
{
    uint16_t line = block->row->irq[n];
    if (block->irq[n] == level || !line)
        return;
    block->irq[n] = level;
    if (line & 0x1000)
        change_line(block->soc, SOC_CM7, line & 0xfffu, level);
    if (line & 0x2000)
        change_line(block->soc, SOC_CM4, line & 0xfffu, level);
}

void block_dma(struct block *block, unsigned n, bool level)
{
    unsigned request = block->row->dma[n];
    if (request)
        wire_set(&block->soc->dma_request[request >> 7][request & 0x7f], level);
}

uint64_t block_bus_hz(const struct block *block)
{
    return soc_clock_hz(block->soc, block->row->bus_clock);
}

uint64_t block_kernel_hz(const struct block *block)
{
    return soc_clock_hz(block->soc, block->row->kernel_clock);
}
