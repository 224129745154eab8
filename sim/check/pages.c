/* Which pages are watched, and what is known of each. */
#include <stdlib.h>

#include "sim/check/internal.h"

/* The table of a memory's pages; memory_count: it has none yet. */
static unsigned memory_of(const struct check *check, const struct ram *ram)
{
    unsigned n = 0;
    while (n < check->memory_count && check->memories[n].ram != ram)
        n++;
    return n;
}

struct check_page *page_find(const struct check *check, const struct ram *ram, uint32_t number)
{
    unsigned n = memory_of(check, ram);
    return n < check->memory_count ? check->memories[n].pages[number] : NULL;
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        abort(); /* out of host memory */
    return memory;
}

static bool leads_to(const struct bus_region *region, const struct ram *ram, uint32_t offset,
                     enum bus_master master)
{
    return region->ram == ram && region->enabled && (region->masters & MASTER_BIT(master)) &&
           offset >= region->ram_offset && offset - region->ram_offset < region->size;
}

/* As the M7 sees it, else as the M4; of the D2 SRAMs' addresses the higher, which is the manual's. */
static uint32_t address_of(const struct bus *bus, const struct ram *ram, uint32_t offset)
{
    for (enum bus_master core = MASTER_CM7; core <= MASTER_CM4; core++) {
        uint32_t best = 0;
        for (unsigned n = 0; n < bus->region_count; n++) {
            const struct bus_region *region = &bus->regions[n];
            uint32_t address = region->base + (offset - region->ram_offset);
            if (leads_to(region, ram, offset, core) && address > best)
                best = address;
        }
        if (best)
            return best;
    }
    return offset;
}

static struct memory *memory_make(struct check *check, const struct ram *ram)
{
    unsigned n = memory_of(check, ram);
    if (n < check->memory_count)
        return &check->memories[n];
    if (n == MEMORIES_MAX)
        abort(); /* the chip has fewer: the error is ours */
    uint32_t pages = ram->size >> BUS_PAGE_SHIFT;
    check->memories[n] = (struct memory){ram, allocate(pages, sizeof(struct check_page *)), pages};
    check->memory_count++;
    return &check->memories[n];
}

struct check_page *page_make(struct check *check, struct ram *ram, uint32_t number)
{
    struct check_page **page = &memory_make(check, ram)->pages[number];
    if (!*page) {
        *page = allocate(1, sizeof **page);
        (*page)->ram = ram;
        (*page)->number = number;
        (*page)->address = address_of(check->world.bus, ram, number * BUS_PAGE_SIZE);
    }
    return *page;
}

static bool is_watched(const struct check_page *page)
{
    return page->cached_count || page->lost_count || page->words;
}

void page_update_watch(struct check *check, struct check_page *page)
{
    uint8_t *watch = &page->ram->page_watch[page->number];
    bool was = *watch & WATCH_CHECK, is = is_watched(page);
    if (was == is)
        return;
    *watch = (uint8_t)(is ? *watch | WATCH_CHECK : *watch & ~WATCH_CHECK);
    if (page->ram->page_masters[page->number] & MASTER_BIT(MASTER_CM4))
        check->world.changed(check->world.ctx, MASTER_CM4);
}

static void free_page(struct check_page *page)
{
    if (!page)
        return;
    for (unsigned n = 0; n < PAGE_LINES; n++)
        free(page->lost[n]);
    free(page->words);
    free(page);
}

void pages_free(struct check *check)
{
    for (unsigned n = 0; n < check->memory_count; n++) {
        struct memory *memory = &check->memories[n];
        for (uint32_t page = 0; page < memory->page_count; page++)
            free_page(memory->pages[page]);
        free(memory->pages);
    }
}

/* The M7 caches lines of it, or both cores use it: the M7's own accesses matter in the second case. */
unsigned check_watches(const struct check *check, enum bus_master core, const struct ram *ram,
                       uint32_t number)
{
    const struct check_page *page = page_find(check, ram, number);
    if (!page || !is_watched(page))
        return 0;
    if (page->words && !page->stores_only)
        return CPU_WATCH_LOADS | CPU_WATCH_STORES;
    if (core == MASTER_CM7)
        return page->words ? CPU_WATCH_STORES : 0;
    return CPU_WATCH_STORES | (page->cached_count || page->lost_count ? CPU_WATCH_LOADS : 0);
}

/* ---- Which pages get words ---------------------------------------------------------------------- */

static struct check_page *watch_words(struct check *check, struct ram *ram, uint32_t number)
{
    struct check_page *page = page_make(check, ram, number);
    if (!page->words)
        page->words = allocate(PAGE_WORDS, sizeof *page->words);
    page_update_watch(check, page);
    return page;
}

/* Memory that programs share, by where it is: SRAM4; for the M4 the AXI SRAM, too, and for the M7 what
 * the MPU keeps out of its cache. The first stores there matter to whoever comes second. */
static bool is_for_sharing(const struct check *check, enum bus_master core, uint32_t address)
{
    uint32_t memory = address >> 24;
    if (memory == 0x38 || (core == MASTER_CM4 && memory == 0x24))
        return true;
    return core == MASTER_CM7 && (memory == 0x24 || memory == 0x30 || memory == 0x10) &&
           check->world.uncached(check->world.ctx, address);
}

void check_page_used(struct check *check, enum bus_master core, struct ram *ram, uint32_t number,
                     uint32_t address)
{
    const struct check_page *page = page_find(check, ram, number);
    if ((!page || !page->words) && is_for_sharing(check, core, address))
        watch_words(check, ram, number);
}

static void share_between_cores(struct check *check, struct ram *ram, uint32_t number)
{
    struct check_page *page = page_find(check, ram, number);
    if (page && page->words && !page->stores_only)
        return;
    watch_words(check, ram, number)->stores_only = false;
    for (enum bus_master core = MASTER_CM7; core <= MASTER_CM4; core++)
        check->world.changed(check->world.ctx, core);
}

/* What a core stores past its cache, and a DMA may fetch. Pictures in the SDRAM are too many. */
static void share_with_dma(struct check *check, struct ram *ram, uint32_t number,
                           enum bus_master core)
{
    struct check_page *page = page_make(check, ram, number);
    bool is_tcm = page->address >> 24 == 0x20 || page->address >> 24 == 0;
    if (page->words || page->address >> 28 > 3)
        return;
    if (core == MASTER_CM7 && !is_tcm && !check->world.uncached(check->world.ctx, page->address))
        return;
    watch_words(check, ram, number)->stores_only = true;
    check->world.changed(check->world.ctx, core);
}

void check_page_shared(struct check *check, struct ram *ram, uint32_t number)
{
    unsigned cores = ram->page_masters[number] & (MASTER_BIT(MASTER_CM7) | MASTER_BIT(MASTER_CM4));
    if (cores == (MASTER_BIT(MASTER_CM7) | MASTER_BIT(MASTER_CM4)))
        share_between_cores(check, ram, number);
    else if (cores)
        share_with_dma(check, ram, number,
                       cores & MASTER_BIT(MASTER_CM7) ? MASTER_CM7 : MASTER_CM4);
}
