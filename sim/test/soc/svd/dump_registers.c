/* Prints every register of every modelled block: address, block, name, value after power-on. */
#include <stdio.h>

#include "sim/soc/block.h"

static void ignore_irq(void *ctx, enum soc_core core, unsigned irq, bool level)
{
    (void)ctx, (void)core, (void)irq, (void)level;
}

static void ignore(void *ctx, enum soc_core core)
{
    (void)ctx, (void)core;
}

static void ignore_hold(void *ctx, enum soc_core core, bool held)
{
    (void)ctx, (void)core, (void)held;
}

int main(void)
{
    static struct sim sim;
    const struct soc_cores cores = {NULL, ignore_irq, ignore, ignore, ignore_hold, ignore, ignore};
    sim_init(&sim);
    struct soc *soc = soc_create(&sim, &cores);
    if (!soc)
        return 1;
    for (unsigned n = 0; n < stm32h747_row_count; n++) {
        const struct block *block = soc->blocks[n];
        for (uint32_t offset = 0; block && offset < block->row->size; offset += 4) {
            if (!block->reg_at[offset / 4])
                continue;
            char name[48];
            reg_name(block->reg_at[offset / 4], offset, name, sizeof name);
            printf("%08x %s %s %08x\n", block->row->base + offset, block->row->name, name,
                   REG(block, offset));
        }
    }
    soc_destroy(soc);
    sim_free(&sim);
    return 0;
}
