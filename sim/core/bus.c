#include "sim/core/bus.h"

#include "sim/core/traffic.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const char *bus_master_name(enum bus_master master)
{
    static const char *const names[MASTER_COUNT] = {
        "Cortex-M7", "Cortex-M4", "DMA1",     "DMA2",     "BDMA",   "MDMA",   "DMA2D",
        "LTDC",      "USB1 OTG",  "USB2 OTG", "Ethernet", "SDMMC1", "SDMMC2", "debugger",
    };
    return (unsigned)master < MASTER_COUNT ? names[master] : "?";
}

void bus_init(struct bus *bus)
{
    *bus = (struct bus){0};
}

bool ram_init_notes(struct ram *ram)
{
    uint32_t pages = ram->size >> BUS_PAGE_SHIFT;
    ram->page_watch = calloc(1, pages);
    ram->page_granted = calloc(1, pages);
    ram->page_masters = calloc(pages, sizeof *ram->page_masters);
    ram->traffic = calloc(1, sizeof *ram->traffic);
    if (!ram->page_watch || !ram->page_granted || !ram->page_masters || !ram->traffic)
        return false;
    for (uint32_t page = 0; page < pages; page++)
        ram->page_masters[page] = MASTER_BIT(MASTER_DEBUG); /* no touch of its is the first */
    return true;
}

bool ram_init(struct ram *ram, const char *name, uint32_t size)
{
    *ram = (struct ram){.name = name, .size = size};
    ram->bytes = calloc(1, size);
    return ram->bytes && ram_init_notes(ram);
}

void ram_free(struct ram *ram)
{
    if (ram->mapped)
        munmap(ram->bytes, ram->size);
    else
        free(ram->bytes);
    free(ram->page_watch);
    free(ram->page_granted);
    free(ram->page_masters);
    free(ram->traffic);
    *ram = (struct ram){0};
}

static struct bus_region *add(struct bus *bus, struct bus_region region)
{
    if (bus->region_count == BUS_REGIONS_MAX)
        abort(); /* a wiring error of ours, found by the first test that builds the board */
    region.enabled = true;
    bus->regions[bus->region_count] = region;
    return &bus->regions[bus->region_count++];
}

struct bus_region *bus_add_ram(struct bus *bus, uint32_t base, uint32_t size, uint32_t masters,
                               struct ram *ram, uint32_t ram_offset)
{
    return add(
        bus,
        (struct bus_region){
            .base = base, .size = size, .masters = masters, .ram = ram, .ram_offset = ram_offset});
}

struct bus_region *bus_add_device(struct bus *bus, uint32_t base, uint32_t size, uint32_t masters,
                                  const struct bus_device *device)
{
    return add(
        bus, (struct bus_region){.base = base, .size = size, .masters = masters, .device = device});
}

static void map_changed(struct bus *bus)
{
    memset(bus->hint, 0, sizeof bus->hint);
    if (bus->map_changed)
        bus->map_changed(bus->map_ctx);
}

void bus_enable(struct bus *bus, struct bus_region *region, bool enabled)
{
    if (region->enabled == enabled)
        return;
    region->enabled = enabled;
    map_changed(bus);
}

void bus_retarget(struct bus *bus, struct bus_region *region, struct ram *ram, uint32_t offset)
{
    region->ram = ram;
    region->ram_offset = offset;
    map_changed(bus);
}

static bool holds(const struct bus_region *region, enum bus_master master, uint32_t address)
{
    return address - region->base < region->size && region->enabled &&
           (region->masters & MASTER_BIT(master));
}

struct bus_region *bus_find(struct bus *bus, enum bus_master master, uint32_t address)
{
    uint8_t *hint = &bus->hint[master][(address >> BUS_PAGE_SHIFT ^ address >> 24) % BUS_HINTS];
    if (holds(&bus->regions[*hint], master, address))
        return &bus->regions[*hint];
    for (unsigned n = 0; n < bus->region_count; n++) {
        if (!holds(&bus->regions[n], master, address))
            continue;
        *hint = (uint8_t)n;
        return &bus->regions[n];
    }
    return NULL;
}

static uint32_t load(const uint8_t *bytes, unsigned size)
{
    uint32_t value = 0;
    memcpy(&value, bytes, size);
    return value;
}

/* --- Who uses a page --- */

void bus_first_touch(struct bus *bus, struct ram *ram, uint32_t page, enum bus_master master)
{
    ram->page_masters[page] |= (uint16_t)MASTER_BIT(master);
    if (ram_page_is_shared(ram, page) && bus->page_shared)
        bus->page_shared(bus->share_ctx, ram, page, master);
}

/* Page by page. */
static void note(struct bus *bus, const struct bus_region *region, uint32_t offset, uint32_t length,
                 enum bus_master master, bool write)
{
    uint32_t end = offset + length;
    while (!region->device && offset < end) {
        uint32_t page_end = (offset | (BUS_PAGE_SIZE - 1)) + 1;
        uint32_t part = (page_end < end ? page_end : end) - offset;
        bus_note(bus, region->ram, offset, part, master, write);
        offset += part;
    }
}

/* --- Accesses --- */

enum bus_status bus_read_region(struct bus *bus, const struct bus_region *region,
                                enum bus_master master, uint32_t address, unsigned size,
                                uint32_t *value)
{
    if (region->ram) {
        uint32_t offset = region->ram_offset + (address - region->base);
        note(bus, region, offset, size, master, false);
        *value = load(&region->ram->bytes[offset], size);
        return BUS_OK;
    }
    const struct bus_access access = {master, size};
    return region->device->read(region->device->ctx, address, &access, value);
}

enum bus_status bus_read(struct bus *bus, enum bus_master master, uint32_t address, unsigned size,
                         uint32_t *value)
{
    const struct bus_region *region = bus_find(bus, master, address);
    *value = 0;
    return region ? bus_read_region(bus, region, master, address, size, value) : BUS_ERROR;
}

void bus_tell_watchers(struct bus *bus, struct ram *ram, uint32_t offset, uint32_t length,
                       enum bus_master master)
{
    uint32_t end = offset + length;
    while (offset < end) {
        uint32_t page_end = (offset | (BUS_PAGE_SIZE - 1)) + 1;
        uint32_t part = (page_end < end ? page_end : end) - offset;
        uint8_t watch = ram->page_watch[offset >> BUS_PAGE_SHIFT];
        if (watch && bus->watched_write)
            bus->watched_write(bus->watch_ctx, ram, offset, part, watch, master);
        offset += part;
    }
}

enum bus_status bus_write_region(struct bus *bus, const struct bus_region *region,
                                 enum bus_master master, uint32_t address, unsigned size,
                                 uint32_t value)
{
    if (region->device) {
        const struct bus_access access = {master, size};
        return region->device->write(region->device->ctx, address, &access, value);
    }
    uint32_t offset = region->ram_offset + (address - region->base);
    note(bus, region, offset, size, master, true);
    bus_tell_watchers(bus, region->ram, offset, size, master);
    memcpy(&region->ram->bytes[offset], &value, size);
    return BUS_OK;
}

enum bus_status bus_write(struct bus *bus, enum bus_master master, uint32_t address, unsigned size,
                          uint32_t value)
{
    const struct bus_region *region = bus_find(bus, master, address);
    return region ? bus_write_region(bus, region, master, address, size, value) : BUS_ERROR;
}

const uint8_t *bus_memory(struct bus *bus, enum bus_master master, uint32_t address,
                          uint32_t length)
{
    struct bus_region *region = bus_find(bus, master, address);
    if (!region || !bus_region_holds(region, address, length))
        return NULL;
    return bus_region_memory(bus, region, address, length, master, false);
}

uint8_t *bus_memory_for_write(struct bus *bus, enum bus_master master, uint32_t address,
                              uint32_t length)
{
    struct bus_region *region = bus_find(bus, master, address);
    if (!region || region->device || !bus_region_holds(region, address, length))
        return NULL;
    return bus_region_memory(bus, region, address, length, master, true);
}

enum bus_status bus_copy_out(struct bus *bus, enum bus_master master, uint32_t address, void *to,
                             uint32_t length)
{
    const uint8_t *memory = bus_memory(bus, master, address, length);
    if (memory) {
        memcpy(to, memory, length);
        return BUS_OK;
    }
    for (uint32_t n = 0; n < length; n++) {
        uint32_t value;
        enum bus_status status = bus_read(bus, master, address + n, 1, &value);
        if (status != BUS_OK)
            return status;
        ((uint8_t *)to)[n] = (uint8_t)value;
    }
    return BUS_OK;
}

enum bus_status bus_copy_in(struct bus *bus, enum bus_master master, uint32_t address,
                            const void *from, uint32_t length)
{
    uint8_t *memory = bus_memory_for_write(bus, master, address, length);
    if (memory) {
        memcpy(memory, from, length);
        return BUS_OK;
    }
    for (uint32_t n = 0; n < length; n++) {
        enum bus_status status = bus_write(bus, master, address + n, 1, ((const uint8_t *)from)[n]);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}

bool bus_watch(struct bus *bus, enum bus_master master, uint32_t address, uint8_t set,
               uint8_t clear)
{
    struct bus_region *region = bus_find(bus, master, address);
    if (!region || !region->ram)
        return false;
    uint32_t offset = region->ram_offset + (address - region->base);
    uint8_t *watch = &region->ram->page_watch[offset >> BUS_PAGE_SHIFT];
    *watch = (uint8_t)((*watch & ~clear) | set);
    return true;
}
