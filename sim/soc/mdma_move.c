#include "sim/soc/mdma.h"

#include <string.h>

enum { BUFFER_MAX = 128 };

/* ---- The two sides ---- */

static int32_t step_of(uint32_t mode, unsigned increment_size)
{
    if (mode == FIXED)
        return 0;
    return mode == DECREMENT ? -(int32_t)increment_size : (int32_t)increment_size;
}

struct mdma_side mdma_source(const struct mdma_channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    unsigned size = 1u << (tcr >> 4 & 3);
    return (struct mdma_side){.address = CREG(c, SAR),
                              .size = size,
                              .step = step_of(tcr & 3, 1u << (tcr >> 8 & 3)),
                              .burst = size << (tcr >> 12 & 7),
                              .tcm = CREG(c, TBR) & TBR_SBUS};
}

struct mdma_side mdma_destination(const struct mdma_channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    unsigned size = 1u << (tcr >> 6 & 3);
    return (struct mdma_side){.address = CREG(c, DAR),
                              .size = size,
                              .step = step_of(tcr >> 2 & 3, 1u << (tcr >> 10 & 3)),
                              .burst = size << (tcr >> 15 & 7),
                              .tcm = CREG(c, TBR) & TBR_DBUS};
}

/* ---- Accesses ---- */

bool mdma_in_tcm(uint32_t address)
{
    return address < 0x00010000 || address - 0x20000000 < 0x00020000;
}

/* The AHB port leads to the TCMs only and is of 32 bits (15.5.6, SSIZE and DSIZE). */
static bool port_reaches(const struct mdma_side *side)
{
    return mdma_in_tcm(side->address) == side->tcm && !(side->tcm && side->size > 4);
}

static bool access_bus(struct mdma_channel *c, const struct mdma_side *side, bool write,
                       uint64_t *value)
{
    struct sim *sim = block_sim(&c->mdma->block);
    unsigned part = side->size > 4 ? 4 : side->size;
    bool done = port_reaches(side);
    for (unsigned n = 0; done && n < side->size; n += part) {
        uint32_t word = (uint32_t)(*value >> (8 * n));
        enum bus_status status;
        if (write)
            status = bus_write(&sim->bus, MASTER_MDMA, side->address + n, part, word);
        else
            status = bus_read(&sim->bus, MASTER_MDMA, side->address + n, part, &word);
        done = status == BUS_OK;
        if (!write)
            *value |= (uint64_t)word << (8 * n);
    }
    return done || mdma_fail(c, (side->address & ESR_TEA) | (write ? ESR_TED : 0u));
}

static bool write_item(struct mdma_channel *c, const struct mdma_side *to, uint64_t value)
{
    struct sim *sim = block_sim(&c->mdma->block);
    sim_hash_mix(sim, (uint64_t)to->address << 32 ^ value);
    sim->dma_bytes[MASTER_MDMA] += to->size;
    return access_bus(c, to, true, &value);
}

/* CCR.BEX, HEX, WEX: within the destination's items, where they are wide enough. */
static uint64_t exchange(uint32_t cr, uint64_t value, unsigned size)
{
    if (cr & CR_BEX && size >= 2)
        value = (value & 0x00ff00ff00ff00ffu) << 8 | (value >> 8 & 0x00ff00ff00ff00ffu);
    if (cr & CR_HEX && size >= 4)
        value = (value & 0x0000ffff0000ffffu) << 16 | (value >> 16 & 0x0000ffff0000ffffu);
    if (cr & CR_WEX && size == 8)
        value = value << 32 | value >> 32;
    return value;
}

/* TCR.PAM: a source item in a destination item of another width. */
static uint64_t align_item(const struct mdma_channel *c, uint64_t value, unsigned from, unsigned to)
{
    unsigned mode = CREG(c, TCR) >> 26 & 3;
    unsigned wider = 8 * (to > from ? to - from : 0), narrower = 8 * (from > to ? from - to : 0);
    if (mode == 2)
        return wider ? value << wider : value >> narrower;
    if (mode == 1 && wider) {
        unsigned shift = 64 - 8 * from;
        return (uint64_t)((int64_t)(value << shift) >> shift);
    }
    return value;
}

/* Item by item: any widths, steps and exchanges. */
static bool move_buffer(struct mdma_channel *c, uint32_t length)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    uint8_t buffer[BUFFER_MAX + 8] = {0};
    for (uint32_t n = 0; n < length; n += from.size) {
        uint64_t value = 0;
        if (!access_bus(c, &from, false, &value))
            return false;
        memcpy(&buffer[n], &value, from.size);
        from.address += (uint32_t)from.step;
    }
    unsigned unit = packed(c) ? to.size : from.size;
    for (uint32_t n = 0; n < length; n += unit) {
        uint64_t value = 0;
        memcpy(&value, &buffer[n], unit);
        if (!packed(c))
            value = align_item(c, value, from.size, to.size);
        value = exchange(CREG(c, CR), value, to.size);
        if (to.size < 8)
            value &= (1ull << (8 * to.size)) - 1;
        if (!write_item(c, &to, value))
            return false;
        to.address += (uint32_t)to.step;
    }
    CREG(c, SAR) = from.address;
    CREG(c, DAR) = to.address;
    return true;
}

/* Bytes that lie `step` apart, one after the other; eight at a time, which are hashed as one word. */
static void gather_bytes(uint8_t *sink, const uint8_t *source, uint32_t length, size_t step)
{
    for (; length >= 8; length -= 8, sink += 8, source += 8 * step) {
        uint64_t eight = 0;
#pragma GCC unroll 8
        for (unsigned n = 0; n < 8; n++)
            eight |= (uint64_t)source[n * step] << (8 * n);
        memcpy(sink, &eight, sizeof eight);
    }
    for (; length; length--, source += step)
        *sink++ = *source;
}

static void gather(uint8_t *sink, const uint8_t *source, uint32_t length,
                   const struct mdma_side *from)
{
    if (from->step == (int32_t)from->size)
        memcpy(sink, source, length);
    else if (from->size == 1)
        gather_bytes(sink, source, length, (size_t)from->step);
    else
        for (uint32_t n = 0; n < length; n += from->size, source += from->step)
            memcpy(&sink[n], source, from->size);
}

/* Both sides of so many bytes that go from plain memory to plain memory as they are. */
struct plain {
    struct mdma_side from;
    const struct bus_region *source, *sink;
    uint32_t length, taken, span; /* bytes; what SAR moves on by; from the first byte to the last */
};

static bool is_plain(struct mdma_channel *c, uint32_t length, struct plain *plain)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    if (!packed(c) || CREG(c, CR) & (CR_BEX | CR_HEX | CR_WEX) || from.step < (int)from.size ||
        to.step != (int)to.size || !port_reaches(&from) || !port_reaches(&to))
        return false;
    struct bus *bus = &block_sim(&c->mdma->block)->bus;
    plain->from = from;
    plain->length = length;
    plain->taken = length / from.size * (uint32_t)from.step;
    plain->span = plain->taken - (uint32_t)from.step + from.size;
    plain->source = bus_find(bus, MASTER_MDMA, from.address);
    plain->sink = bus_find(bus, MASTER_MDMA, to.address);
    return plain->source && plain->sink && !plain->sink->device;
}

static void hash_written(struct sim *sim, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    uint64_t value;
    sim_hash_mix(sim, (uint64_t)address << 32 | length);
    for (; length >= sizeof value; bytes += sizeof value, length -= (uint32_t)sizeof value) {
        memcpy(&value, bytes, sizeof value);
        sim_hash_mix(sim, value);
    }
    if (!length)
        return;
    value = 0;
    memcpy(&value, bytes, length);
    sim_hash_mix(sim, value);
}

/* A write would be read again. */
static bool overlaps(const struct plain *plain, uint32_t from, uint32_t to)
{
    if (plain->source->ram != plain->sink->ram)
        return false;
    from += plain->source->ram_offset - plain->source->base;
    to += plain->sink->ram_offset - plain->sink->base;
    return to < from + plain->span && from < to + plain->length;
}

/* At once. False: it reaches beyond the memory at hand, or must go item by item. */
static bool move_plainly(struct mdma_channel *c, const struct plain *plain)
{
    struct sim *sim = block_sim(&c->mdma->block);
    uint32_t from = CREG(c, SAR), to = CREG(c, DAR);
    if (!bus_region_holds(plain->source, from, plain->span) ||
        !bus_region_holds(plain->sink, to, plain->length) || overlaps(plain, from, to))
        return false;
    const uint8_t *source =
        bus_region_memory(&sim->bus, plain->source, from, plain->span, MASTER_MDMA, false);
    uint8_t *sink = bus_region_memory(&sim->bus, plain->sink, to, plain->length, MASTER_MDMA, true);
    gather(sink, source, plain->length, &plain->from);
    hash_written(sim, to, sink, plain->length);
    sim->dma_bytes[MASTER_MDMA] += plain->length;
    CREG(c, SAR) = from + plain->taken;
    CREG(c, DAR) = to + plain->length;
    return true;
}

bool mdma_move(struct mdma_channel *c, uint32_t length)
{
    struct plain plain;
    if (is_plain(c, length, &plain) && move_plainly(c, &plain)) {
        CREG(c, BNDTR) -= length;
        return true;
    }
    while (length) {
        uint32_t part = buffer_length(c) < length ? buffer_length(c) : length;
        if (!move_buffer(c, part))
            return false;
        CREG(c, BNDTR) -= part;
        length -= part;
    }
    return true;
}

uint32_t mdma_move_blocks(struct mdma_channel *c, uint32_t length, uint32_t count)
{
    struct plain plain;
    uint32_t moved = 0;
    if (count < 2 || !is_plain(c, length, &plain))
        return 0;
    for (; moved < count - 1 && move_plainly(c, &plain); moved++)
        mdma_repeat_block(c);
    return moved;
}
