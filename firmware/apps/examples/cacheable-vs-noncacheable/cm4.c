/* The M4 writes blocks for the M7 to read, and takes messages. It has no cache. */
#include "cacheable-vs-noncacheable/cacheable-vs-noncacheable.h"
#include "chip/cortex_m.h"

static struct duet_ring_config config[POLICIES];
static struct duet_ring ring[POLICIES];

static void open_rings(void)
{
    for (int policy = 0; policy < POLICIES; policy++) {
        config[policy] = (struct duet_ring_config){
            .memory = LINK_MEMORY,
            .shared = &HALF(policy)->ends,
            .data = HALF(policy)->ring,
            .size = RING_BYTES,
            .notify = &link_notify,
            .line = LINE_TAKEN,
        };
        must(duet_ring_open_consumer(&ring[policy], &config[policy]), "the ring");
    }
}

static void write_block(uint32_t *words, uint32_t round)
{
    for (uint32_t n = 0; n < BLOCK_BYTES / 4; n++)
        words[n] = word_of(round, n);
}

static uint32_t take_messages(struct duet_ring *from)
{
    uint32_t words[MESSAGE_BYTES / 4], wrong = 0, taken = 0;
    while (taken < MESSAGES) {
        int length = duet_ring_receive_wait(from, words, sizeof words, PATIENCE_US);
        if (length != MESSAGE_BYTES)
            continue;
        for (uint32_t n = 0; n < MESSAGE_BYTES / 4; n++)
            wrong += words[n] != word_of(taken, n);
        taken++;
    }
    return wrong;
}

int main(void)
{
    link_start(NULL, 0, open_rings);
    for (uint32_t round = 1; round <= POLICIES; round++) {
        while (MAP->asked != round)
            continue;
        for (int policy = 0; policy < POLICIES; policy++)
            write_block((uint32_t *)(void *)HALF(policy)->block, round);
        data_memory_barrier();
        MAP->written = round;
    }
    for (int policy = 0; policy < POLICIES; policy++)
        say("%d messages of %d bytes, %lu words wrong", MESSAGES, MESSAGE_BYTES,
            (unsigned long)take_messages(&ring[policy]));
    example_end();
}
