/*
 * Time on the virtual board against TIM2, a clock of its own: over some minutes of irregular sleeps,
 * with interrupts from TIM5 that end the processor's sleep at odd moments, every tick begins when
 * TIM2 says that it must. Both timers run at 64 MHz, as the core does (RM0399 41.4).
 */
#include "startup.h"
#include "tx_api.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RCC_APB1LENR      REGISTER(0x580244E8u)
#define NVIC_ISER1        REGISTER(0xE000E104u)
#define NVIC_IPR50        (*(volatile uint8_t *)(0xE000E400u + 50u))
#define TIM2(offset)      REGISTER(0x40000000u + (offset))
#define TIM5(offset)      REGISTER(0x40000C00u + (offset))
enum { CR1 = 0x00, DIER = 0x0C, SR = 0x10, EGR = 0x14, CNT = 0x24, ARR = 0x2C };

#define TICK    (CORE_CLOCK / TX_TIMER_TICKS_PER_SECOND)
#define TICKS   (MINUTES * 60u * TX_TIMER_TICKS_PER_SECOND)
#define MINUTES 5u
#define HANDLER 500 /* cycles, more than a handler before the reading takes */

static TX_THREAD sleeper;
static TX_SEMAPHORE semaphore;
static ULONG stack[512];
static volatile unsigned interrupts;

static uint32_t random_number(void)
{
    static uint32_t state = 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* TIM5 wakes the core up to 16 ms later, and every fourth time a thread that waits. */
void timer_interrupt(void);
void timer_interrupt(void)
{
    TIM5(SR) = 0;
    TIM5(ARR) = 1000u + random_number() % 0x100000u;
    TIM5(EGR) = 1;
    if (++interrupts % 4u == 0)
        tx_semaphore_ceiling_put(&semaphore, 1);
}

static void start_timers(void)
{
    RCC_APB1LENR |= 1u << 0 | 1u << 3;
    (void)RCC_APB1LENR;
    TIM2(ARR) = 0xFFFFFFFFu;
    TIM2(CR1) = 1;
    TIM5(ARR) = 50000;
    TIM5(DIER) = 1;
    TIM5(CR1) = 5; /* runs, and EGR alone is no event (URS) */
    NVIC_IPR50 = 0x40;
    NVIC_ISER1 = 1u << (50 - 32);
}

static void print_number(const char *what, ULONG number)
{
    char digits[12];
    unsigned i = sizeof digits - 1;
    digits[i] = 0;
    do
        digits[--i] = (char)('0' + number % 10u);
    while ((number /= 10u) != 0);
    console_print(what);
    console_print(&digits[i]);
    console_print("\n");
}

/* How much later than it ought to the running tick began, in cycles; modulo 2^32, as TIM2 counts. */
static int32_t lateness(ULONG first_tick, uint32_t first_count)
{
    ULONG tick;
    uint32_t count;
    do {
        tick = tx_time_get();
        count = TIM2(CNT);
    } while (tick != tx_time_get());
    return (int32_t)(count - first_count - (tick - first_tick) * TICK);
}

static void sleeper_entry(ULONG unused)
{
    (void)unused;
    tx_thread_sleep(1);
    start_timers();
    tx_thread_sleep(1); /* wakes with a tick */
    ULONG first_tick = tx_time_get();
    uint32_t first_count = TIM2(CNT);
    int32_t least = 0, most = 0;
    unsigned wrong = 0;
    while (tx_time_get() - first_tick < TICKS) {
        ULONG before = tx_time_get(), ticks = 1u + random_number() % 400u;
        wrong += tx_thread_sleep(ticks) != TX_SUCCESS || tx_time_get() - before - ticks > 1;
        int32_t late = lateness(first_tick, first_count);
        least = late < least ? late : least;
        most = late > most ? late : most;
        tx_semaphore_get(&semaphore, 300);
        late = lateness(first_tick, first_count);
        wrong += late < -HANDLER || late > (int32_t)TICK + HANDLER;
    }
    print_number("cycles a tick ", TICK);
    print_number("ticks ", tx_time_get() - first_tick);
    print_number("interrupts between them ", interrupts);
    print_number("cycles early at most ", (ULONG)-least);
    print_number("cycles late at most ", (ULONG)most);
    print_number("sleeps that ended wrong ", wrong);
    program_end(wrong != 0 || least < -HANDLER || most > HANDLER || interrupts < TICKS / 100u);
}

void tx_port_fault(const TX_PORT_FAULT *fault)
{
    console_print(fault->thread_name);
    program_end(1);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    tx_semaphore_create(&semaphore, (CHAR *)"semaphore", 0);
    tx_thread_create(&sleeper, (CHAR *)"sleeper", sleeper_entry, 0, stack, sizeof stack, 5, 5,
                     TX_NO_TIME_SLICE, TX_AUTO_START);
}

int main(void)
{
    tx_port_core_clock = CORE_CLOCK;
    tx_kernel_enter();
}
