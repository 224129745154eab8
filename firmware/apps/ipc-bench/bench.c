/* The plan of the measurement, the clock that both cores read, and the table. */
#include "ipc-bench/bench.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

#include <stdio.h>

#ifdef DUET_STM32H7_CORE_M7
#include "chip/cm7_memory.h"
#endif

/* Twelve messages of 1 byte, so that the others begin at a multiple of four in a ring. */
enum { REPEATS = 8, WARM_UPS = 4, BULK_MESSAGES = 300, BULK_BYTES = 496 };
enum { STAMPS_PER_US = 240 };

struct map {
    volatile uint32_t arrived[2]; /* at barriers, by core */
    volatile uint32_t stamp;      /* when the message that is on its way was begun */
    volatile uint32_t latency;    /* the shortest of the repeats, by the receiver */
};

#define MAP ((struct map *)LINK_FREE)

static const uint32_t sizes[] = {1, 16, 64, 256, BULK_BYTES, LONGEST};

/* Areas of 6 KB: SRAM4 lies between the link and the console's ring. The cached ones are MPU
 * regions. */
static const struct place places[] = {
    {"SRAM4", "not cached", {(uint8_t *)0x38008000, (uint8_t *)0x38009800}, DUET_NON_CACHEABLE},
    {"SRAM4", "cached", {(uint8_t *)0x38004000, (uint8_t *)0x38005800}, DUET_MAINTAINED},
    {"SRAM1", "not cached", {(uint8_t *)0x30010000, (uint8_t *)0x30011800}, DUET_NON_CACHEABLE},
    {"SRAM1", "cached", {(uint8_t *)0x30000000, (uint8_t *)0x30001800}, DUET_MAINTAINED},
    {"AXI SRAM", "not cached", {(uint8_t *)0x24010000, (uint8_t *)0x24011800}, DUET_NON_CACHEABLE},
    {"AXI SRAM", "cached", {(uint8_t *)0x24000000, (uint8_t *)0x24001800}, DUET_MAINTAINED},
};

void barrier(void)
{
    uint32_t own = MAP->arrived[!IS_CM7] + 1;
    data_memory_barrier(); /* what came before is there when the other core goes on */
    MAP->arrived[!IS_CM7] = own;
    while ((int32_t)(MAP->arrived[IS_CM7] - own) < 0)
        continue;
    data_memory_barrier();
}

/* TIM3, 16 bits at 240 MHz, read by both cores: it wraps after 273 us. */
static void start_stamps(void)
{
    reg_set(RCC_APB1LENR, RCC_APB1LENR_TIM3EN);
    (void)reg_read(RCC_APB1LENR);
    if (!IS_CM7)
        return;
    reg_write(TIM3_BASE + TIM_PSC, 0);
    reg_write(TIM3_BASE + TIM_ARR, 0xffff);
    reg_write(TIM3_BASE + TIM_EGR, TIM_EGR_UG);
    reg_write(TIM3_BASE + TIM_CR1, TIM_CR1_CEN);
}

static uint32_t stamp(void)
{
    return reg_read(TIM3_BASE + TIM_CNT);
}

static void spin_microseconds(uint32_t duration)
{
    for (uint32_t start = example_microseconds(); example_microseconds() - start < duration;)
        continue;
}

/* From the call that sends to the return of the call that received. */
static void send_once(const struct level *level, unsigned direction, uint32_t size, bool counts)
{
    static uint8_t message[LONGEST + 1];
    barrier();
    if (direction == own_direction()) {
        spin_microseconds(20);
        MAP->stamp = stamp();
        level->send(message, size);
    } else {
        level->receive(message, size);
        uint32_t passed = (stamp() - MAP->stamp) & 0xffff;
        if (counts && passed < MAP->latency)
            MAP->latency = passed; /* the others met the tick */
    }
    barrier();
}

static uint32_t latency_stamps(const struct level *level, unsigned direction, uint32_t size)
{
    barrier();
    if (IS_CM7)
        MAP->latency = UINT32_MAX;
    for (int repeat = -WARM_UPS; repeat < REPEATS; repeat++)
        send_once(level, direction, size, repeat >= 0);
    return MAP->latency;
}

/* Bytes a microsecond, which is MB/s, in tenths. */
static uint32_t bandwidth(const struct level *level, unsigned direction)
{
    static uint8_t message[BULK_BYTES];
    barrier();
    uint32_t start = example_microseconds();
    for (int n = 0; n < BULK_MESSAGES; n++)
        if (direction == own_direction())
            level->send(message, BULK_BYTES);
        else
            level->receive(message, BULK_BYTES);
    barrier();
    return BULK_MESSAGES * BULK_BYTES * 10 / (example_microseconds() - start);
}

/* A row's cells, narrow, as a console's line is short; "-" where the level has no such message. */
static void measure_latencies(const struct level *level, unsigned direction, char *row, size_t size)
{
    int length = 0;
    for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
        if (sizes[n] > level->longest) {
            length += snprintf(&row[length], size - (size_t)length, "-|");
            continue;
        }
        uint32_t hundredths = latency_stamps(level, direction, sizes[n]) * 100 / STAMPS_PER_US;
        length += snprintf(&row[length], size - (size_t)length, "%lu.%02lu|",
                           (unsigned long)hundredths / 100, (unsigned long)hundredths % 100);
    }
}

static void measure(const struct level *level, const struct place *place)
{
    static const char *const direction_name[DIRECTIONS] = {"M7 to M4", "M4 to M7"};
    level->open(place);
    for (unsigned direction = 0; direction < DIRECTIONS; direction++) {
        char row[80];
        measure_latencies(level, direction, row, sizeof row);
        uint32_t speed = bandwidth(level, direction);
        if (IS_CM7)
            say("|%s|%s|%s|%s|%s%lu.%lu|", level->name, place->name, place->policy_name,
                direction_name[direction], row, (unsigned long)speed / 10,
                (unsigned long)speed % 10);
    }
}

/* What the MPU says is what the library is told. */
static void set_up_policies(void)
{
#ifdef DUET_STM32H7_CORE_M7
    static const struct memory_region regions[] = {
        {SHARED_BASE, 16, MEMORY_NORMAL_UNCACHED},  {0x38004000, 14, MEMORY_NORMAL_WRITE_BACK},
        {0x30000000, 16, MEMORY_NORMAL_WRITE_BACK}, {0x30010000, 16, MEMORY_NORMAL_UNCACHED},
        {0x24000000, 16, MEMORY_NORMAL_WRITE_BACK}, {0x24010000, 16, MEMORY_NORMAL_UNCACHED},
    };
    memory_protect(regions, sizeof regions / sizeof regions[0]);
    MAP->arrived[0] = MAP->arrived[1] = 0;
#endif
}

int main(void)
{
    static const struct level *const levels[] = {&level_ring_polled, &level_ring,
                                                 &level_message_buffer, &level_rpmsg};
    link_start(NULL, 0, set_up_policies);
    start_stamps();
    for (size_t n = 0; n < sizeof levels / sizeof levels[0]; n++)
        for (size_t place = 0; place < sizeof places / sizeof places[0]; place++)
            if (places[place].policy == DUET_NON_CACHEABLE || levels[n]->takes_cached)
                measure(levels[n], &places[place]);
    bench_transfers();
    if (IS_CM7)
        say("end");
    example_end();
}
