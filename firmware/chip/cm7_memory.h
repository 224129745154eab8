/*
 * The M7's MPU and caches (PM0253 chapters 4.6 and 4.8). M7 only.
 *
 * Cache duty, for buffers that another master reads or writes: clean before the other reads,
 * invalidate before and after the other writes. Ranges are rounded out to lines of 32 bytes, so a
 * buffer must begin and end on a line of its own.
 */
#ifndef CHIP_CM7_MEMORY_H
#define CHIP_CM7_MEMORY_H

#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 32 };

enum memory_policy {
    MEMORY_NORMAL_UNCACHED,   /* TEX 1, C 0, B 0, shareable: both cores and DMAs see one truth */
    MEMORY_NORMAL_WRITE_BACK, /* TEX 1, C 1, B 1 */
    MEMORY_NO_ACCESS,
};

/* One MPU region: base is a multiple of the size, which is 2^size_log2 bytes (5 to 32). Of regions
 * that overlap the one with the higher number wins. */
struct memory_region {
    uint32_t base;
    uint8_t size_log2;
    uint8_t policy; /* enum memory_policy */
};

/* Programs regions 0 … count - 1, turns the others off and the MPU on; the default map stays for
 * privileged code elsewhere. At most 16. */
void memory_protect(const struct memory_region *regions, unsigned count);
void cache_enable(void); /* both; invalidates them first */
void cache_clean(const volatile void *start, size_t bytes);
void cache_invalidate(const volatile void *start, size_t bytes);

#endif
