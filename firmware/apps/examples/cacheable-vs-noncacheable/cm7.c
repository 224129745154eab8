/* The M7 reads what the M4 wrote, and sends messages, and counts its cycles. */
#include "cacheable-vs-noncacheable/cacheable-vs-noncacheable.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"

static const char *const name_of[POLICIES] = {"not cached", "cached"};
static const struct duet_memory memory[POLICIES] = {
    [CACHED] = {.port = &link_port, .policy = DUET_MAINTAINED},
    [UNCACHED] = {.port = &link_port, .policy = DUET_NON_CACHEABLE},
};
static struct duet_ring_config config[POLICIES];
static struct duet_ring ring[POLICIES];

/* What the MPU says and what the library is told are the same, or the data are wrong. */
static void open_rings(void)
{
    static const struct memory_region regions[] = {
        {SHARED_BASE, 16, MEMORY_NORMAL_UNCACHED},
        {0x30000000, HALF_LOG2, MEMORY_NORMAL_UNCACHED},
        {0x30000000 + (1 << HALF_LOG2), HALF_LOG2, MEMORY_NORMAL_WRITE_BACK},
    };
    memory_protect(regions, sizeof regions / sizeof regions[0]);
    for (int policy = 0; policy < POLICIES; policy++) {
        config[policy] = (struct duet_ring_config){
            .memory = memory[policy],
            .shared = &HALF(policy)->ends,
            .data = HALF(policy)->ring,
            .size = RING_BYTES,
            .notify = &link_notify,
            .line = LINE_TAKEN,
        };
        must(duet_ring_open_producer(&ring[policy], &config[policy]), "the ring");
    }
}

static uint32_t wrong_words(const uint32_t *words, uint32_t round)
{
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < BLOCK_BYTES / 4; n++)
        wrong += words[n] != word_of(round, n);
    return wrong;
}

/* Invalidated before the first reading: the M4 has written since. The second hits the cache. */
static void read_block(int policy, uint32_t round)
{
    const uint32_t *words = (const uint32_t *)(const void *)HALF(policy)->block;
    uint32_t before = example_cycles();
    if (policy == CACHED)
        link_port.invalidate(&link_port, words, BLOCK_BYTES);
    uint32_t wrong = wrong_words(words, round);
    uint32_t first = example_cycles() - before;
    wrong += wrong_words(words, round);
    uint32_t second = example_cycles() - before - first;
    say("%s: %lu words wrong, first reading %lu cycles, second %lu", name_of[policy],
        (unsigned long)wrong, (unsigned long)first, (unsigned long)second);
}

/* One call that sends a message which has room; the waits between do not count. */
static uint32_t send_message(struct duet_ring *to, const uint32_t *words)
{
    for (;;) {
        uint32_t before = example_cycles();
        int length = duet_ring_send(to, words, MESSAGE_BYTES);
        uint32_t passed = example_cycles() - before;
        if (length == MESSAGE_BYTES)
            return passed;
        duet_notify_wait(&link_notify, BIT(LINE_TAKEN), 1000);
    }
}

static void send_messages(int policy)
{
    uint32_t words[MESSAGE_BYTES / 4], cycles = 0;
    for (uint32_t message = 0; message < MESSAGES; message++) {
        for (uint32_t n = 0; n < MESSAGE_BYTES / 4; n++)
            words[n] = word_of(message, n);
        cycles += send_message(&ring[policy], words);
    }
    say("%s: %lu cycles to send a message", name_of[policy], (unsigned long)(cycles / MESSAGES));
}

int main(void)
{
    *MAP = (struct map){0}; /* SRAM4 keeps what was in it over a reset */
    link_start(NULL, 0, open_rings);
    for (uint32_t round = 1; round <= POLICIES; round++) {
        MAP->asked = round;
        while (MAP->written != round)
            continue;
        data_memory_barrier();
        for (int policy = 0; policy < POLICIES; policy++)
            read_block(policy, round);
    }
    for (int policy = 0; policy < POLICIES; policy++)
        send_messages(policy);
    example_sleep(20); /* the M4 has taken them all */
    say("done");
    example_end();
}
