// Both ends of a ring, notification and a region, against a peer that writes anything.
#include "fuzz.h"

#include "duet/region.h"
#include "duet/ring.h"

struct map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
    struct duet_ring_shared ring;
    uint8_t data[96] __attribute__((aligned(DUET_LINE)));
};

static const struct duet_port port = FUZZ_PORT(0);
static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct map, data, 1, DUET_NON_CACHEABLE)};

static void use(struct duet_ring *ring, struct duet_region *region, struct duet_notify *notify,
                int is_producer)
{
    uint8_t message[64];
    int got;

    while (fuzz_next < fuzz_end) {
        uint32_t what = fuzz_byte(), count = fuzz_byte() % sizeof(message);
        int whole = (int)(what >> 3 & 1);

        memset(message, (int)count, sizeof(message));
        switch (what & 7) {
        case 0:
            duet_region_peer(region);
            break;
        case 1:
            duet_notify_take(notify, UINT32_MAX);
            duet_notify_raise(notify, count);
            break;
        case 2:
            if (whole)
                duet_ring_reset(ring);
            else
                duet_ring_set_wake(ring, count);
            break;
        case 3:
            got = duet_ring_used(ring);
            FUZZ_CHECK(got < (int)sizeof(((struct map *)0)->data));
            break;
        case 4:
            if (!is_producer)
                FUZZ_CHECK(duet_ring_next_length(ring) < 96);
            duet_notify_wait(notify, 1, 50);
            got = is_producer ? duet_ring_send_wait(ring, message, count, 50)
                              : duet_ring_receive_wait(ring, message, count, 50);
            FUZZ_CHECK(got <= (int)count);
            break;
        default:
            got = is_producer ? duet_ring_put(ring, message, count, whole)
                              : duet_ring_get(ring, message, count, whole);
            FUZZ_CHECK(got <= (int)count);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct duet_region region;
    struct duet_notify notify;
    struct duet_ring ring;

    fuzz_begin(data, size, sizeof(struct map));

    struct map *map = (struct map *)(void *)fuzz_memory;
    const struct duet_memory memory = {.port = &port, .policy = DUET_NON_CACHEABLE};
    const struct duet_region_config region_config = {
        .memory = memory, .base = map, .size = sizeof(*map), .parts = parts, .part_count = 1};
    const struct duet_notify_config notify_config = {.memory = memory, .shared = &map->notify};
    const struct duet_ring_config config = {.memory = memory,
                                            .shared = &map->ring,
                                            .data = map->data,
                                            .size = sizeof(map->data),
                                            .notify = &notify};
    int is_producer = (int)(fuzz_byte() & 1);

    FUZZ_CHECK(duet_region_open(&region, &region_config) == DUET_OK);
    FUZZ_CHECK(duet_notify_open(&notify, &notify_config) == DUET_OK);
    if (is_producer)
        duet_ring_open_producer(&ring, &config);
    else
        duet_ring_open_consumer(&ring, &config);
    use(&ring, &region, &notify, is_producer);
    fuzz_finish();
    return 0;
}
