#include "sim/soc/block.h"

#include <stdio.h>
#include <string.h>

void reg_name(const struct reg *reg, uint32_t offset, char *text, size_t size)
{
    const char *place = strchr(reg->name, '%');
    unsigned number = reg->stride ? (offset - reg->offset) / reg->stride : 0;
    if (!place) {
        snprintf(text, size, "%s", reg->name);
        return;
    }
    unsigned first = place[1] == 'u' ? 0 : (unsigned)(place[1] - '0');
    snprintf(text, size, "%.*s%u%s", (int)(place - reg->name), reg->name, first + number,
             strchr(place, 'u') + 1);
}

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

void block_irq_core(struct block *block, unsigned n, enum soc_core core, bool level)
{
    uint16_t line = block->row->irq[n];
    uint8_t bit = (uint8_t)(1u << core);
    if (!!(block->irq[n] & bit) == level || !(line & 0x1000u << core))
        return;
    block->irq[n] ^= bit;
    change_line(block->soc, core, line & 0xfffu, level);
}

void block_irq(struct block *block, unsigned n, bool level)
{
    block_irq_core(block, n, SOC_CM7, level);
    block_irq_core(block, n, SOC_CM4, level);
    if (n < sizeof block->row->exti)
        block_exti(block, n, level);
}

void block_dma(struct block *block, unsigned n, bool level)
{
    unsigned request = block->row->dma[n];
    if (request)
        wire_set(&block->soc->dma_request[request >> 7][request & 0x7f], level);
}

void block_exti(struct block *block, unsigned n, bool level)
{
    unsigned line = block->row->exti[n];
    if (line)
        wire_set(&block->soc->exti_line[line - 1], level);
}

void block_mdma(struct block *block, unsigned n, bool level)
{
    unsigned trigger = block->row->mdma[n];
    if (trigger)
        wire_set(&block->soc->mdma_trigger[trigger - 1], level);
}

static void reset_registers(struct block *block)
{
    const struct block_class *class = block->class;
    bool all = block->soc->power_on || !class->survives;
    for (unsigned n = 0; n < class->reg_count; n++) {
        const struct reg *reg = &class->regs[n];
        for (unsigned k = 0; k < (reg->count ? reg->count : 1u); k++) {
            uint32_t offset = reg->offset + k * reg->stride;
            if (all || !class->survives(block, offset))
                REG(block, offset) = reg->reset;
        }
    }
}

void block_reset(struct block *block)
{
    reset_registers(block);
    for (unsigned n = 0; n < BLOCK_IRQS_MAX; n++)
        block_irq(block, n, false);
    for (unsigned n = 0; n < BLOCK_DMA_MAX; n++)
        block_dma(block, n, false);
    if (block->class->reset)
        block->class->reset(block);
}

/* It sleeps with the cores that have enabled it (9.5.11). */
static bool is_gated(const struct block *block)
{
    const struct soc *soc = block->soc;
    return soc->sleep_gates && block->row->gate && !soc->gate_open(soc->rcc, block->row->gate);
}

uint64_t block_bus_hz(const struct block *block)
{
    return is_gated(block) ? 0 : soc_clock_hz(block->soc, block->row->bus_clock);
}

uint64_t block_kernel_hz(const struct block *block)
{
    /* The RTC's gate is that of its registers alone. */
    if (block->row->kernel_clock != CLOCK_RTC && is_gated(block))
        return 0;
    return soc_clock_hz(block->soc, block->row->kernel_clock);
}
