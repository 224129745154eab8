#include "duet/region.h"
#include "duet/status.h"
#include "shared.h"

static struct duet_region_card *card(const struct duet_region *region, uint32_t core)
{
    struct duet_region_shared *shared = region->config->base;

    return &shared->card[core];
}

static struct duet_region_card *own_card(const struct duet_region *region)
{
    return card(region, region->config->memory.port->core);
}

static const struct duet_region_card *peer_card(const struct duet_region *region)
{
    return card(region, region->config->memory.port->core ^ 1u);
}

static void publish(const struct duet_region *region)
{
    shared_publish(&region->config->memory, own_card(region), sizeof(struct duet_region_card));
    duet_fence();
}

static void write_word(const struct duet_region *region, uint32_t *word, uint32_t value)
{
    shared_store(word, value);
    publish(region);
}

static int layout_is_valid(const struct duet_region_config *config)
{
    uint32_t end = sizeof(struct duet_region_shared);

    for (uint32_t i = 0; i < config->part_count; i++) {
        const struct duet_region_part *part = &config->parts[i];

        if (part->offset % DUET_LINE != 0 || part->size % DUET_LINE != 0 || part->size == 0 ||
            part->offset < end || part->offset > config->size ||
            part->size > config->size - part->offset)
            return 0;
        end = part->offset + part->size;
    }
    return config->size >= end && config->size % DUET_LINE == 0;
}

// FNV-1a over the words, so that both cores compute it from their own tables.
static uint32_t hash_word(uint32_t hash, uint32_t word)
{
    for (int shift = 0; shift < 32; shift += 8)
        hash = (hash ^ ((word >> shift) & 0xFF)) * 16777619u;
    return hash;
}

uint32_t duet_region_layout(const struct duet_region_config *config)
{
    uint32_t hash = hash_word(2166136261u, config->size);

    for (uint32_t i = 0; i < config->part_count; i++) {
        hash = hash_word(hash, config->parts[i].offset);
        hash = hash_word(hash, config->parts[i].size);
        hash = hash_word(hash, config->parts[i].kind);
        hash = hash_word(hash, (uint32_t)config->parts[i].policy);
    }
    return hash;
}

int duet_region_open(struct duet_region *region, const struct duet_region_config *config)
{
    const struct duet_port *port = config->memory.port;

    if (!port || port->core > 1 || !config->base || (uintptr_t)config->base % DUET_LINE != 0 ||
        (config->part_count && !config->parts) || !layout_is_valid(config))
        return DUET_INVALID;
    *region = (struct duet_region){.config = config, .peer_beat_time = port->clock(port)};

    struct duet_region_card *own = own_card(region);

    region->epoch = shared_load(&own->epoch) + 1; // nobody else writes it: no cache duty
    if (region->epoch == 0)
        region->epoch = 1;
    write_word(region, &own->open, 0);
    shared_store(&own->seen, 0);
    shared_store(&own->magic, DUET_REGION_MAGIC);
    shared_store(&own->version, DUET_REGION_VERSION);
    shared_store(&own->layout, duet_region_layout(config));
    shared_store(&own->size, config->size);
    shared_store(&own->beats, 0);
    write_word(region, &own->epoch, region->epoch);
    write_word(region, &own->open, 1);
    return DUET_OK;
}

void duet_region_close(struct duet_region *region)
{
    write_word(region, &own_card(region)->open, 0);
    region->peer_epoch = 0;
}

int duet_region_peer(struct duet_region *region)
{
    const struct duet_region_card *peer = peer_card(region);
    uint32_t known = region->peer_epoch;

    shared_fetch(&region->config->memory, peer, sizeof(*peer));
    if (shared_load(&peer->magic) != DUET_REGION_MAGIC || shared_load(&peer->open) != 1)
        return DUET_DOWN;
    duet_fence();
    if (shared_load(&peer->version) != DUET_REGION_VERSION ||
        shared_load(&peer->layout) != duet_region_layout(region->config))
        return DUET_MISMATCH;

    uint32_t epoch = shared_load(&peer->epoch);

    if (epoch != known && epoch != 0) {
        region->peer_epoch = epoch;
        write_word(region, &own_card(region)->seen, epoch);
        if (known != 0)
            return DUET_RESTARTED;
    }
    return shared_load(&peer->seen) == region->epoch && epoch != 0 ? DUET_OK : DUET_DOWN;
}

int duet_region_wait_peer(struct duet_region *region, uint32_t timeout_us)
{
    const struct duet_port *port = region->config->memory.port;
    uint32_t start = port->clock(port);

    for (;;) {
        int status = duet_region_peer(region);

        if (status == DUET_OK || status == DUET_MISMATCH)
            return status;
        if (port->clock(port) - start >= timeout_us)
            return DUET_TIMEOUT;
    }
}

void duet_region_beat(struct duet_region *region)
{
    region->beats++;
    write_word(region, &own_card(region)->beats, region->beats);
}

uint32_t duet_region_silence(struct duet_region *region)
{
    const struct duet_region_card *peer = peer_card(region);
    uint32_t now = region->config->memory.port->clock(region->config->memory.port);

    shared_fetch(&region->config->memory, peer, sizeof(*peer));

    uint32_t beats = shared_load(&peer->beats);

    if (beats != region->peer_beats) {
        region->peer_beats = beats;
        region->peer_beat_time = now;
    }
    return now - region->peer_beat_time;
}

void *duet_region_part(const struct duet_region *region, uint32_t number)
{
    if (number >= region->config->part_count)
        return NULL;
    return (uint8_t *)region->config->base + region->config->parts[number].offset;
}
