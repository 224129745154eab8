/*
 * One side of a DMA: a master's accesses that stay in one region for long. The bus remembers one
 * region a master; a DMA goes back and forth between two, so each side remembers its own.
 */
#ifndef SIM_SOC_BUS_PORT_H
#define SIM_SOC_BUS_PORT_H

#include "sim/core/sim.h"

#include <string.h>

struct bus_port {
    struct sim *sim;
    enum bus_master master;
    struct bus_region *region; /* used last; NULL: look it up. Forget it when a transfer begins. */
};

/* 1, 2 or 4 bytes of memory; with the size open, memcpy() would be a call. */
static inline uint32_t bytes_load(const uint8_t *bytes, unsigned size)
{
    uint32_t word;
    uint16_t half;
    switch (size) {
    case 4:
        memcpy(&word, bytes, 4);
        return word;
    case 2:
        memcpy(&half, bytes, 2);
        return half;
    default:
        return *bytes;
    }
}

static inline void bytes_store(uint8_t *bytes, uint32_t value, unsigned size)
{
    uint16_t half = (uint16_t)value;
    switch (size) {
    case 4:
        memcpy(bytes, &value, 4);
        break;
    case 2:
        memcpy(bytes, &half, 2);
        break;
    default:
        *bytes = (uint8_t)value;
    }
}

static inline bool bus_port_holds(const struct bus_port *port, uint32_t address)
{
    const struct bus_region *region = port->region;
    return region && address - region->base < region->size && region->enabled;
}

static inline bool bus_port_find(struct bus_port *port, uint32_t address)
{
    if (!bus_port_holds(port, address))
        port->region = bus_find(&port->sim->bus, port->master, address);
    return port->region != NULL;
}

/* Accesses of 1, 2 or 4 bytes; the low bits of the address are ignored, as AHB does. */
static inline enum bus_status bus_port_read(struct bus_port *port, uint32_t address, unsigned size,
                                            uint32_t *value)
{
    address &= ~(size - 1);
    *value = 0;
    if (!bus_port_find(port, address))
        return BUS_ERROR;
    const struct bus_region *region = port->region;
    if (region->ram) {
        uint32_t offset = region->ram_offset + (address - region->base);
        if (!region->device)
            bus_note(&port->sim->bus, region->ram, offset, size, port->master, false);
        *value = bytes_load(&region->ram->bytes[offset], size);
        return BUS_OK;
    }
    const struct bus_access access = {port->master, size};
    return region->device->read(region->device->ctx, address, &access, value);
}

/* Counts the bytes and mixes them into the run's hash. */
static inline enum bus_status bus_port_write(struct bus_port *port, uint32_t address, unsigned size,
                                             uint32_t value)
{
    address &= ~(size - 1);
    if (!bus_port_find(port, address))
        return BUS_ERROR;
    sim_hash_mix(port->sim, (uint64_t)address << 32 | value);
    port->sim->dma_bytes[port->master] += size;
    const struct bus_region *region = port->region;
    if (region->device) {
        const struct bus_access access = {port->master, size};
        return region->device->write(region->device->ctx, address, &access, value);
    }
    uint32_t offset = region->ram_offset + (address - region->base);
    if (region->ram->page_watch[offset >> BUS_PAGE_SHIFT])
        return bus_write(&port->sim->bus, port->master, address, size, value);
    bus_touch(&port->sim->bus, region->ram, offset >> BUS_PAGE_SHIFT, port->master);
    bytes_store(&region->ram->bytes[offset], value, size);
    return BUS_OK;
}

/* `length` bytes from an address on are plain RAM that nobody watches; less than a page. */
static inline bool bus_port_plain(struct bus_port *port, uint32_t address, uint32_t length)
{
    if (address % 4 || !bus_port_find(port, address) || !port->region->ram || port->region->device)
        return false;
    const struct bus_region *region = port->region;
    uint32_t offset = region->ram_offset + (address - region->base);
    return length <= region->size - (address - region->base) &&
           !region->ram->page_watch[offset >> BUS_PAGE_SHIFT] &&
           !region->ram->page_watch[(offset + length - 1) >> BUS_PAGE_SHIFT];
}

/* As `count` writes of one word each to an address for which bus_port_plain() holds. */
static inline void bus_port_write_words(struct bus_port *port, uint32_t address,
                                        const uint32_t *words, unsigned count)
{
    const struct bus_region *region = port->region;
    if (!count)
        return;
    for (unsigned n = 0; n < count; n++)
        sim_hash_mix(port->sim, (uint64_t)(address + 4 * n) << 32 | words[n]);
    port->sim->dma_bytes[port->master] += 4 * count;
    uint32_t offset = region->ram_offset + (address - region->base);
    bus_touch(&port->sim->bus, region->ram, offset >> BUS_PAGE_SHIFT, port->master);
    bus_touch(&port->sim->bus, region->ram, (offset + 4 * count - 1) >> BUS_PAGE_SHIFT,
              port->master);
    memcpy(&region->ram->bytes[offset], words, 4 * count);
}

/* The master does `bursts` at this side from now on: the time that the memory there, and the other
 * masters at it, make them take beyond their own. 0 where no memory is. */
static inline sim_time bus_port_take(struct bus_port *port, const struct traffic_bursts *bursts)
{
    struct bus_region *region = port->region;
    if (!region || !region->ram)
        return 0;
    return traffic_take(port->sim, region->ram, port->master, sim_now(port->sim), bursts);
}

#endif
