// Both ends of a ring, with notification and a region; see fuzz.h.
#include "fuzz.h"

#include "duet/region.h"
#include "duet/ring.h"

#define DATA 96u

struct map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
    struct duet_ring_shared ring;
    uint8_t data[DATA] __attribute__((aligned(DUET_LINE)));
};

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct map, data, 1, DUET_NON_CACHEABLE)};

static struct end {
    struct duet_region_config region_config;
    struct duet_notify_config notify_config;
    struct duet_ring_config ring_config;
    struct duet_region region;
    struct duet_notify notify;
    struct duet_ring ring; // end 0 produces
} ends[2];

static int messages; // or a stream of bytes

// A message is its own length, over and over.
static void check_message(const uint8_t *message, int length)
{
    for (int i = 0; i < length && messages && fuzz_damages == 0; i++)
        FUZZ_CHECK(message[i] == length);
}

static void move(struct end *end, int waits)
{
    struct duet_ring *ring = &end->ring;
    uint32_t count = fuzz_byte() % (DATA + 4);
    uint8_t message[DATA + 4];
    int got;

    memset(message, (int)count, sizeof(message));
    if (ring->is_producer)
        got = waits ? duet_ring_send_wait(ring, message, count, 50)
                    : duet_ring_put(ring, message, count, messages);
    else
        got = waits ? duet_ring_receive_wait(ring, message, count, 50)
                    : duet_ring_get(ring, message, count, messages);
    FUZZ_CHECK(got <= (int)count);
    if (!ring->is_producer)
        check_message(message, got);
}

static void open_ring(uint32_t number)
{
    struct end *end = &ends[number];

    FUZZ_CHECK((number ? duet_ring_open_consumer(&end->ring, &end->ring_config)
                       : duet_ring_open_producer(&end->ring, &end->ring_config)) == DUET_OK);
}

static void fuzz_act(uint32_t number)
{
    struct end *end = &ends[number];
    uint32_t what = fuzz_byte();

    switch (what & 15) {
    case 0:
        duet_region_peer(&end->region);
        break;
    case 1:
        duet_notify_take(&end->notify, UINT32_MAX);
        duet_notify_raise(&end->notify, what >> 3);
        break;
    case 2:
        duet_notify_interrupt(&end->notify);
        duet_notify_wait(&end->notify, what >> 4, 50);
        break;
    case 3:
        open_ring(number);
        break;
    case 4:
        duet_ring_reset(&end->ring);
        break;
    case 5:
        duet_ring_set_wake(&end->ring, what >> 4);
        break;
    case 6:
        if (number == 1)
            FUZZ_CHECK(duet_ring_next_length(&end->ring) < (int)DATA);
        break;
    case 7:
    case 8:
        FUZZ_CHECK(duet_ring_used(&end->ring) < (int)DATA);
        break;
    default:
        move(end, (what & 15) == 9 && messages);
    }
}

static void open_end(uint32_t number)
{
    struct map *map = (struct map *)(void *)fuzz_memory;
    struct end *end = &ends[number];

    end->region_config = (struct duet_region_config){.memory = fuzz_memory_of(number),
                                                     .base = map,
                                                     .size = sizeof(*map),
                                                     .parts = parts,
                                                     .part_count = 1};
    end->notify_config =
        (struct duet_notify_config){.memory = fuzz_memory_of(number), .shared = &map->notify};
    end->ring_config = (struct duet_ring_config){.memory = fuzz_memory_of(number),
                                                 .shared = &map->ring,
                                                 .data = map->data,
                                                 .size = DATA,
                                                 .notify = &end->notify};
    FUZZ_CHECK(duet_region_open(&end->region, &end->region_config) == DUET_OK);
    FUZZ_CHECK(duet_notify_open(&end->notify, &end->notify_config) == DUET_OK);
    open_ring(number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_begin(data, size, sizeof(struct map));
    messages = (int)(fuzz_byte() & 1);
    memset(ends, 0, sizeof(ends));
    open_end(0);
    open_end(1);
    fuzz_run();
    return 0;
}
