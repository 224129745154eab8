#include "sim/soc/mdma.h"

enum { CHUNK_BUFFERS = 16, CHUNK_BLOCKS = 64 }; /* at most, where nobody is told of each */

/* Bus cycles: to begin a burst, of a burst's beat, to read a node of a list. */
enum { BURST_CYCLES = 3, BEAT_CYCLES = 1, NODE_CYCLES = 16 };

static uint32_t side_cycles(const struct mdma_side *side, uint32_t length)
{
    uint32_t bursts = (length + side->burst - 1) / side->burst;
    return bursts * BURST_CYCLES + length / side->size * BEAT_CYCLES;
}

/* What the memory at a side, and the other masters there, make the chunk take beyond that. */
static sim_time side_delay(struct mdma *mdma, const struct mdma_side *side)
{
    struct sim *sim = block_sim(&mdma->block);
    struct bus_region *region = bus_find(&sim->bus, MASTER_MDMA, side->address);
    if (!region || !region->ram)
        return 0;
    uint32_t length = mdma->chunk;
    unsigned bytes = side->burst < length ? side->burst : length;
    uint32_t cycles = BURST_CYCLES + bytes / side->size * BEAT_CYCLES;
    const struct traffic_bursts bursts = {
        .count = (length + side->burst - 1) / side->burst * mdma->blocks,
        .bytes = bytes,
        .own = sim_cycles_to_time(cycles, block_bus_hz(&mdma->block)),
    };
    return traffic_take(sim, region->ram, MASTER_MDMA, sim_now(sim), &bursts);
}

/* What is left of the block when its last buffer is not whole items: that one fails (15.3.15). */
static uint32_t odd_buffer(const struct mdma_channel *c)
{
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    uint32_t left = bytes_left(c);
    return left % from.size || (packed(c) && left % to.size) ? left % buffer_length(c) : 0;
}

/* A buffer, or several of one block where nobody hears of each. */
static uint32_t chunk_bytes(const struct mdma_channel *c)
{
    bool each = trigger_mode(c) == TRIGGER_BUFFER || CREG(c, CR) & CR_TCIE;
    uint32_t most = buffer_length(c) * (each ? 1 : CHUNK_BUFFERS);
    return most < bytes_left(c) ? most : bytes_left(c) - odd_buffer(c);
}

/* Repeated blocks of one buffer each go together where nobody hears of each. */
static uint32_t chunk_blocks(const struct mdma_channel *c)
{
    enum trigger_mode mode = trigger_mode(c);
    bool each =
        mode == TRIGGER_BUFFER || mode == TRIGGER_BLOCK || CREG(c, CR) & (CR_TCIE | CR_BTIE);
    uint32_t blocks = (CREG(c, BNDTR) >> BNDTR_BRC_SHIFT) + 1;
    if (each || buffer_length(c) < c->block_length)
        return 1;
    return blocks < CHUNK_BLOCKS ? blocks : CHUNK_BLOCKS;
}

void mdma_choose_chunk(struct mdma_channel *c)
{
    c->mdma->chunk = chunk_bytes(c);
    c->mdma->blocks = chunk_blocks(c);
}

sim_time mdma_chunk_time(struct mdma_channel *c, uint32_t cycles)
{
    struct mdma *mdma = c->mdma;
    struct mdma_side from = mdma_source(c), to = mdma_destination(c);
    uint32_t sides = side_cycles(&from, mdma->chunk) + side_cycles(&to, mdma->chunk);
    bool last = mdma->chunk == bytes_left(c) && mdma->blocks > CREG(c, BNDTR) >> BNDTR_BRC_SHIFT;
    cycles += sides * mdma->blocks + (last && CREG(c, LAR) ? NODE_CYCLES : 0);
    sim_time time = sim_cycles_to_time(cycles ? cycles : 1, block_bus_hz(&mdma->block));
    if (time == SIM_NEVER)
        return time;
    return time + side_delay(mdma, &from) + side_delay(mdma, &to);
}
