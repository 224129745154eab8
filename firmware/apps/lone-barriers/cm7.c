/* The M7 tells; the M4 listens, and says what it heard. */
#include "chip/boot.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/transfer.h"
#include "lone-barriers/rpmsg.h"

static volatile uint32_t look;

/* What is set is used at once. The start-up sets all of it anew. */
static void settings(void)
{
    static const struct memory_region region = {0x24010000, 10, MEMORY_NORMAL_UNCACHED};
    reg_write(SCB_CSSELR, 1);
    data_sync_barrier();
    cache_enable();
    look = CACHED[0];
    memory_protect(&region, 1);
    look = *(volatile uint32_t *)0x24010000;
}

/* What is invalidated is read at once. */
static void invalidations(void)
{
    look = CACHED[8] + CACHED[16];
    cache_invalidate(&CACHED[8], 32);
    look = CACHED[8];
    hsem_port.invalidate(&hsem_port, &CACHED[16], 32);
    look = CACHED[16];
}

/* What is cleaned is told of at once. */
static void cleans(void)
{
    meet();
    CACHED[0] = 1;
    cache_clean(&CACHED[0], 32);
    MAP->flag[0] = 1;
    meet();
    CACHED[24] = 2;
    hsem_port.clean(&hsem_port, &CACHED[24], 32);
    MAP->flag[1] = 1;
}

static void ring(const struct duet_port *port, unsigned step)
{
    meet();
    MAP->data[step] = step + 1;
    port->notify(port);
}

/* The M4 must sleep by now to be woken. */
static void wake(const struct duet_port *port, uint32_t sleep)
{
    while (MAP->sleeps != sleep)
        for (uint32_t start = example_cycles(); example_cycles() - start < 20000;)
            continue;
    port->notify(port);
    meet();
}

static struct duet_notify notify;

static void raise(void)
{
    static const struct duet_notify_config config = {
        .memory = {.port = &hsem_port, .policy = DUET_NON_CACHEABLE}, .shared = &MAP->notify};
    must(duet_notify_open(&notify, &config), "the notification");
    meet();
    meet();
    duet_notify_raise(&notify, LINE_RAISED);
    meet();
}

/* Who stores and then looks, and who looks after the other's store: one of the two sees the other. The
 * M7 takes a message while the M4 asks for room, and asks for a message while the M4 sends one. */
static void store_then_look(void)
{
    static const struct duet_ring_config config = BACK_CONFIG(&notify);
    static struct duet_ring back;
    uint32_t word;
    must(duet_ring_open_consumer(&back, &config), "the ring back");
    while (duet_ring_used(&back) <= 0)
        continue;
    meet();
    must(duet_ring_receive(&back, &word, sizeof word), "a message");
    pass(5);
    meet();
    while (duet_ring_receive(&back, &word, sizeof word) > 0)
        continue;
    duet_ring_set_wake(&back, 0);
    (void)duet_notify_take(&notify, BIT(LINE_BACK));
    meet();
    duet_ring_set_wake(&back, 1);
    uint32_t there = duet_ring_receive(&back, &word, sizeof word) > 0;
    pass(5);
    meet();
    say("%s", there || duet_notify_take(&notify, BIT(LINE_BACK)) ? "told" : "not told");
}

/* A ring without a bell, read as a stream. */
static void stream(void)
{
    static const struct duet_ring_config config = {
        .memory = {.port = &hsem_port, .policy = DUET_NON_CACHEABLE},
        .shared = &MAP->ends,
        .data = MAP->bytes,
        .size = RING_BYTES,
    };
    static struct duet_ring ring;
    static const uint8_t chunk[CHUNK] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    must(duet_ring_open_producer(&ring, &config), "the ring");
    for (int sent = 0; sent < 20 * CHUNK;) {
        int length = duet_ring_write(&ring, chunk + sent % CHUNK, CHUNK - (uint32_t)sent % CHUNK);
        sent += length > 0 ? length : 0;
    }
}

/* A copy by this core, of which nobody is told but by a flag. */
static void copy(void)
{
    static const struct duet_mover_config config = {.port = &hsem_port};
    static const struct duet_transfer transfer = {.to = MAP->moved,
                                                  .from = MAP->block,
                                                  .row = sizeof MAP->block,
                                                  .rows = 1,
                                                  .to_policy = DUET_NON_CACHEABLE,
                                                  .from_policy = DUET_NON_CACHEABLE};
    static struct duet_mover mover;
    for (uint32_t n = 0; n < BLOCK_WORDS; n++)
        MAP->block[n] = n + 1;
    duet_mover_open(&mover, &config);
    meet();
    must(duet_mover_start(&mover, &transfer), "the copy");
    must(duet_mover_wait(&mover, 1000), "the copy's end");
    MAP->flag[2] = 1;
}

/* An end takes up what it finds, also where the other core put it there, as when the ends change places. */
static void take_up(void)
{
    static const struct duet_ring_config config = {
        .memory = {.port = &hsem_port, .policy = DUET_MAINTAINED},
        .shared = CACHED_ENDS,
        .data = (uint8_t *)(CACHED_ENDS + 1),
        .size = RING_BYTES,
    };
    static struct duet_ring ring;
    look = *(volatile uint32_t *)&CACHED_ENDS->producer.position;
    meet();
    meet();
    must(duet_ring_open_producer(&ring, &config), "the ring");
    say("taken up: %lu", (unsigned long)ring.position);
    meet();
}

/* The M4 goes on, as at the start. */
static void release(void)
{
    meet();
    MAP->data[3] = 4;
    (void)boot_release_m4();
}

int main(void)
{
    bool again = MAP->restarts == RESTARTED;
    settings();
    *MAP = (struct map){.restarts = again};
    example_start();
    if (again) {
        say("started again");
        example_end();
    }
    invalidations();
    cleans();
    ring(&hsem_port, 0);
    ring(&exti_port, 1);
    ring(&sev_port, 2);
    meet();
    wake(&hsem_port, 1);
    wake(&sev_port, 2);
    wake(&hsem_port, 3);
    wake(&sev_port, 4);
    raise();
    store_then_look();
    meet();
    stream();
    copy();
    rpmsg_steps();
    release();
    take_up();
    meet();
    MAP->restarts = RESTARTED;
    boot_restart();
}
