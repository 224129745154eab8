/* What is the same on both cores. */
#include "cached-link/cached-link.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"

#ifdef DUET_STM32H7_CORE_M7
enum { OWN_BELL = HSEM_RINGS_CM7, PEER_BELL = HSEM_RINGS_CM4, OWN_IRQ = IRQ_HSEM_CM7 };
enum { SENDS_THERE = 1 };
#else
enum { OWN_BELL = HSEM_RINGS_CM4, PEER_BELL = HSEM_RINGS_CM7, OWN_IRQ = IRQ_HSEM_CM4 };
enum { SENDS_THERE = 0 };
#endif

/* One for both cores: what statistics call latency is from one core to the other. */
static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

static const struct duet_stm32h7 chip = {
    .own = OWN_BELL,
    .peer = PEER_BELL,
    .microseconds = microseconds,
    .sleep = 1,
};
const struct duet_port port = DUET_STM32H7_PORT_MDMA(hsem, chip);

static const struct duet_notify_config notify_config = {
    .memory = LINK_MEMORY,
    .shared = &MAP->notify,
};
static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct map, notify, 1, POLICY),
    DUET_REGION_PART(struct map, there, 2, POLICY),
    DUET_REGION_PART(struct map, back, 3, POLICY),
};
static const struct duet_region_config region_config = {
    .memory = LINK_MEMORY,
    .base = MAP,
    .size = sizeof(struct map),
    .parts = parts,
    .part_count = sizeof parts / sizeof parts[0],
};

#define RING(name, end, rings)                                                                     \
    {                                                                                              \
        .memory = LINK_MEMORY, .shared = &MAP->name.ends, .data = MAP->name.bytes,                 \
        .size = RING_BYTES, .notify = &notify, .line = (rings),                                    \
        .observer = duet_statistics_observe, .statistics = &MAP->name.end,                         \
    }
#define POOL(name, rings)                                                                          \
    {                                                                                              \
        .control = LINK_MEMORY, .pixels = LINK_MEMORY, .shared = &MAP->name.shared,                \
        .buffers = MAP->name.pixels[0], .count = FRAMES, .stride = FRAME_BYTES, .notify = &notify, \
        .line = (rings),                                                                           \
    }

static const struct duet_ring_config sends[2] = {RING(back, sent, LINE_BACK),
                                                 RING(there, sent, LINE_THERE)};
static const struct duet_ring_config takes[2] = {RING(there, received, LINE_THERE),
                                                 RING(back, received, LINE_BACK)};
const struct duet_frame_config pictures_config = POOL(pictures, LINE_PICTURES);
const struct duet_frame_config drawings_config = POOL(drawings, LINE_DRAWINGS);

struct duet_notify notify;
struct duet_region region;
struct duet_ring there, back;

void hsem_handler(void);

void hsem_handler(void)
{
    duet_notify_interrupt(&notify);
}

static void open_ring(int (*open)(struct duet_ring *, const struct duet_ring_config *),
                      struct duet_ring *ring, const struct duet_ring_config *config)
{
    duet_statistics_open(config->statistics, &config->memory);
    must(open(ring, config), "a ring");
}

void cached_link_start(void (*open_pools)(void))
{
    example_start();
    timer_join(TIMER_CM7);
    duet_stm32h7_start_hsem(&chip);
    must(duet_notify_open(&notify, &notify_config), "the notification");
    open_ring(duet_ring_open_producer, SENDS_THERE ? &there : &back, &sends[SENDS_THERE]);
    open_ring(duet_ring_open_consumer, SENDS_THERE ? &back : &there, &takes[SENDS_THERE]);
    open_pools();
    irq_enable(OWN_IRQ, 5);
    must(duet_region_open(&region, &region_config), "the region");
    must(duet_region_wait_peer(&region, PATIENCE_US), "the other core");
    duet_notify_take(&notify, BIT(LINE_LAST) | BIT(LINE_ROOM)); /* all are pending from the start */
}

/* A message of one word each way, so that it takes both to go on. */
void meet(void)
{
    uint32_t word = 0;
    must(duet_ring_send_wait(SENDS_THERE ? &there : &back, &word, sizeof word, PATIENCE_US),
         "the word of this core");
    must(duet_ring_receive_wait(SENDS_THERE ? &back : &there, &word, sizeof word, PATIENCE_US),
         "the word of the other core");
}

void meet_at_last(void)
{
    duet_notify_raise(&notify, LINE_LAST);
    if (!duet_notify_wait(&notify, BIT(LINE_LAST), PATIENCE_US))
        must(DUET_TIMEOUT, "the end of the other core");
}

/* Of 1 to MESSAGE_WORDS words. */
static uint32_t words_of(uint32_t number)
{
    return 1 + number * 7 % MESSAGE_WORDS;
}

void send_messages(struct duet_ring *ring)
{
    uint32_t words[MESSAGE_WORDS];
    for (uint32_t number = 0; number < MESSAGES; number++) {
        for (uint32_t n = 0; n < words_of(number); n++)
            words[n] = word_of(number, n);
        must(duet_ring_send_wait(ring, words, 4 * words_of(number), PATIENCE_US), "a message");
    }
}

uint32_t take_messages(struct duet_ring *ring)
{
    uint32_t words[MESSAGE_WORDS], wrong = 0;
    for (uint32_t number = 0; number < MESSAGES; number++) {
        int length = duet_ring_receive_wait(ring, words, sizeof words, PATIENCE_US);
        must(length, "a message's arrival");
        wrong += (uint32_t)length != 4 * words_of(number);
        for (uint32_t n = 0; n < words_of(number); n++)
            wrong += words[n] != word_of(number, n);
    }
    return wrong;
}

void acquire_frame(struct duet_frame_sender *sender, uint32_t line, struct duet_frame *frame,
                   enum duet_frame_user user)
{
    uint32_t start = example_microseconds();
    while (duet_frame_acquire(sender, frame, user) != DUET_OK) {
        duet_notify_wait(&notify, BIT(line), PATIENCE_US / 10);
        if (example_microseconds() - start > PATIENCE_US)
            must(DUET_TIMEOUT, "a free frame");
    }
}

void send_frame(struct duet_frame_sender *sender, uint32_t line, uint32_t number)
{
    struct duet_frame frame;
    acquire_frame(sender, line, &frame, DUET_BY_CPU);
    uint32_t *words = (uint32_t *)(void *)frame.data;
    for (uint32_t n = 0; n < FRAME_BYTES / 4; n++)
        words[n] = word_of(number, n);
    frame.length = FRAME_BYTES;
    must(duet_frame_send(sender, &frame), "a frame");
}

uint32_t wrong_pixels(const struct duet_frame *frame, uint32_t number)
{
    const uint32_t *words = (const uint32_t *)(const void *)frame->data;
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < FRAME_BYTES / 4; n++)
        wrong += words[n] != word_of(number, n);
    return wrong;
}

void receive_frame(struct duet_frame_receiver *receiver, uint32_t line, struct duet_frame *frame,
                   enum duet_frame_user user)
{
    uint32_t start = example_microseconds();
    while (duet_frame_receive(receiver, frame, DUET_EVERY_FRAME, user) != DUET_OK) {
        duet_notify_wait(&notify, BIT(line), PATIENCE_US / 10);
        if (example_microseconds() - start > PATIENCE_US)
            must(DUET_TIMEOUT, "a frame's arrival");
    }
}
