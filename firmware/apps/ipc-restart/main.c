/* Lives, and the survivor's rounds. */
#include "ipc-restart/restart.h"

#ifdef DUET_STM32H7_CORE_M7
#include "chip/cm7_memory.h"
#endif

#define RESTART_FILE 1

enum { CLOCK_HZ = 64000000 }; /* HSI: what runs after a reset */
enum { BELL_CM4, BELL_CM7 };  /* semaphores */

/* The runner finds these by their names. They lie where no start clears. */
__asm__(".global restart_orders, restart_diaries\n"
        ".set restart_orders, 0x3800f000\n"
        ".set restart_diaries, 0x3800f020\n");

void restart_life_begin(void);
void restart_life_end(void);
void systick_handler(void);
void hsem_handler(void);

struct map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
};

#define MAP ((struct map *)0x38000000u)

static const struct duet_stm32h7 chip = {
    .own = IS_CM7 ? BELL_CM7 : BELL_CM4,
    .peer = IS_CM7 ? BELL_CM4 : BELL_CM7,
    .microseconds = microseconds,
    .sleep = 1, /* the tick ends every sleep */
};
const struct duet_port restart_port = DUET_STM32H7_PORT(hsem, chip);

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct map, notify, 1, DUET_NON_CACHEABLE),
};
static struct duet_region_config region_config;
static struct duet_notify_config notify_config;
static struct duet_region region;
struct duet_notify restart_notify;

void systick_handler(void)
{
}

void hsem_handler(void)
{
    duet_notify_interrupt(&restart_notify);
}

uint32_t microseconds(void)
{
    return reg_read((IS_CM7 ? TIM5_BASE : TIM2_BASE) + TIM_CNT);
}

static void start_clock(void)
{
    uint32_t base = IS_CM7 ? TIM5_BASE : TIM2_BASE;
    reg_set(RCC_APB1LENR, IS_CM7 ? RCC_APB1LENR_TIM5EN : RCC_APB1LENR_TIM2EN);
    (void)reg_read(RCC_APB1LENR);
    reg_write(base + TIM_PSC, CLOCK_HZ / 1000000 - 1);
    reg_write(base + TIM_ARR, UINT32_MAX);
    reg_write(base + TIM_EGR, TIM_EGR_UG);
    reg_write(base + TIM_CR1, TIM_CR1_CEN);
    reg_write(SYST_RVR, CLOCK_HZ / 1000000 * TICK_US - 1);
    reg_write(SYST_CVR, 0);
    reg_write(SYST_CSR, SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE);
}

/* Orders and diaries are in the upper half of SRAM4, which no cache holds. */
static void set_up_memory(void)
{
#ifdef DUET_STM32H7_CORE_M7
    const struct memory_region regions[] = {
        {0x38000000, 16, MEMORY_NORMAL_UNCACHED},
        {0x38000000, 15,
         restart_orders.is_cached ? MEMORY_NORMAL_WRITE_BACK : MEMORY_NORMAL_UNCACHED},
    };
    memory_protect(regions, 2);
    cache_enable();
#endif
}

struct duet_memory restart_memory(void)
{
    return (struct duet_memory){.port = &restart_port,
                                .policy = IS_CM7 && restart_orders.is_cached ? DUET_MAINTAINED
                                                                             : DUET_NON_CACHEABLE};
}

static void open_link(void)
{
    region_config = (struct duet_region_config){.memory = restart_memory(),
                                                .base = MAP,
                                                .size = sizeof(struct map),
                                                .parts = parts,
                                                .part_count = 1};
    notify_config = (struct duet_notify_config){.memory = restart_memory(), .shared = &MAP->notify};
    duet_stm32h7_start_hsem(&chip);
    EXPECT(duet_notify_open(&restart_notify, &notify_config) == DUET_OK);
    irq_enable(IS_CM7 ? IRQ_HSEM_CM7 : IRQ_HSEM_CM4, 5);
    EXPECT(duet_region_open(&region, &region_config) == DUET_OK);
}

void came_back(uint32_t start, int status)
{
    uint32_t took = microseconds() - start;
    if (took > BOUND_US && took - BOUND_US > MINE->latest)
        MINE->latest = took - BOUND_US;
    EXPECT(took <= BOUND_US + 2 * TICK_US);
    EXPECT(status != DUET_CORRUPT && status != DUET_MISMATCH && status != DUET_INVALID);
    MINE->returns++;
}

static void look_at_peer(void)
{
    int status = duet_region_peer(&region);
    EXPECT(status == DUET_OK || status == DUET_DOWN || status == DUET_RESTARTED);
    MINE->told += status == DUET_RESTARTED;
}

uint32_t message_make(uint8_t *message)
{
    uint32_t number = ++MINE->sent;
    uint32_t length = 4 + number % (LONGEST - 3);
    for (uint32_t n = 0; n < length; n++)
        message[n] = (uint8_t)(n < 4 ? number >> 8 * n : number * 31 + n * 7);
    return length;
}

void message_check(const uint8_t *message, uint32_t length)
{
    uint32_t number = 0;
    for (uint32_t n = 0; n < 4; n++)
        number |= (uint32_t)message[n] << 8 * n;
    EXPECT(number > MINE->heard);
    EXPECT(number <= restart_diaries[IS_CM7].sent);
    EXPECT(length == 4 + number % (LONGEST - 3));
    for (uint32_t n = 4; n < length; n++)
        EXPECT(message[n] == (uint8_t)(number * 31 + n * 7));
    MINE->heard = number;
}

__attribute__((noinline, noclone)) void restart_life_begin(void)
{
    MINE->lives++;
}

__attribute__((noinline, noclone)) void restart_life_end(void)
{
    MINE->lives++; /* the runner stops before this */
    for (;;)
        wait_for_interrupt();
}

int main(void)
{
    static const struct story *const stories[] = {&story_ring, &story_buffer, &story_rpmsg,
                                                  &story_frames};
    const struct story *story = stories[restart_orders.story % 4];
    bool is_victim = restart_orders.victim == !IS_CM7;
    start_clock();
    set_up_memory();
    if (is_victim)
        restart_life_begin();
    open_link();
    story->open();
    for (;;) {
        look_at_peer();
        if (!is_victim)
            story->serve();
        else if (story->live())
            restart_life_end();
    }
}
