#include "chip/cm7_memory.h"

#include "chip/cortex_m.h"

enum {
    RASR_ENABLE = 1,
    RASR_FULL_ACCESS = 3 << 24,
    RASR_EXECUTE_NEVER = 1 << 28,
    RASR_TEX1 = 1 << 19,
    RASR_SHAREABLE = 1 << 18,
    RASR_CACHEABLE = 1 << 17,
    RASR_BUFFERABLE = 1 << 16,
};

static uint32_t attributes(enum memory_policy policy)
{
    switch (policy) {
    case MEMORY_NORMAL_UNCACHED:
        return RASR_FULL_ACCESS | RASR_EXECUTE_NEVER | RASR_TEX1 | RASR_SHAREABLE;
    case MEMORY_NORMAL_WRITE_BACK:
        return RASR_FULL_ACCESS | RASR_EXECUTE_NEVER | RASR_TEX1 | RASR_CACHEABLE | RASR_BUFFERABLE;
    case MEMORY_NO_ACCESS:
        break;
    }
    return RASR_EXECUTE_NEVER;
}

void memory_protect(const struct memory_region *regions, unsigned count)
{
    unsigned available = reg_read(MPU_TYPE) >> 8 & 0xff;
    reg_write(MPU_CTRL, 0); /* an access goes by what the MPU says when it is made */
    for (unsigned n = 0; n < available; n++) {
        reg_write(MPU_RNR, n);
        reg_write(MPU_RASR, 0);
        if (n >= count)
            continue;
        reg_write(MPU_RBAR, regions[n].base);
        reg_write(MPU_RASR, attributes((enum memory_policy)regions[n].policy) | RASR_ENABLE |
                                (uint32_t)(regions[n].size_log2 - 1) << 1);
    }
    reg_write(MPU_CTRL, BIT(0) | BIT(2)); /* ENABLE, PRIVDEFENA */
    data_sync_barrier();
    instruction_sync_barrier();
}

/* By set and way, with the geometry that the core tells (CCSIDR). */
static void invalidate_whole_data_cache(void)
{
    reg_write(SCB_CSSELR, 0);
    data_sync_barrier();
    uint32_t geometry = reg_read(SCB_CCSIDR);
    uint32_t sets = (geometry >> 13 & 0x7fff) + 1, ways = (geometry >> 3 & 0x3ff) + 1;
    for (uint32_t set = 0; set < sets; set++)
        for (uint32_t way = 0; way < ways; way++)
            reg_write(SCB_DCISW, set << 5 | way << 30);
    data_sync_barrier();
}

void cache_enable(void)
{
    reg_write(SCB_ICIALLU, 0);
    data_sync_barrier(); /* nothing was fetched through the cache: one ISB at the end will do */
    reg_set(SCB_CCR, SCB_CCR_IC);
    invalidate_whole_data_cache();
    reg_set(SCB_CCR, SCB_CCR_DC);
    data_sync_barrier();
    instruction_sync_barrier();
}

static void by_line(uint32_t operation, const volatile void *start, size_t bytes)
{
    uint32_t line = (uint32_t)start & ~(uint32_t)(CACHE_LINE - 1);
    uint32_t end = (uint32_t)start + (uint32_t)bytes;
    data_sync_barrier();
    for (; line < end; line += CACHE_LINE)
        reg_write(operation, line);
    data_sync_barrier(); /* done; instructions are another matter, so no ISB (B2.2.7) */
}

void cache_clean(const volatile void *start, size_t bytes)
{
    by_line(SCB_DCCMVAC, start, bytes);
}

void cache_invalidate(const volatile void *start, size_t bytes)
{
    by_line(SCB_DCIMVAC, start, bytes);
}
