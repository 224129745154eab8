/*
 * The barriers that a core needs for itself, each left out, and each in its place: RESULT(30) says which,
 * RESULT(31) is 1 for the cured one. AXI SRAM is cached by the M7, SRAM4 is not.
 */
#include "cached.h"

#define CASE  RESULT(30)
#define CURED RESULT(31)

#define BUFFER  ((volatile uint32_t *)0x24001000u)
#define REGION  ((volatile uint32_t *)0x24010000u) /* 1 KB of which the MPU says something else */
#define DATA    ((volatile uint32_t *)0x38000400u)
#define FLAG    MMIO(0x38000440u)
#define LOOK    RESULT(10 + IS_CM7)
#define ICIALLU MMIO(0xe000ef50u)
#define CPACR   MMIO(0xe000ed88u)
#define MPU_RNR MMIO(0xe000ed98u)
#define ICSR    MMIO(0xe000ed04u)
#define FPU     (0xfu << 20)
enum { HSEM_BELL = 3, HSEM_IRQ = 126 };

#ifdef CM7
enum { IS_CM7 = 1, CORE = 3 };
#else
enum { IS_CM7 = 0, CORE = 1 };
#endif

static void floating_point(void)
{
    __asm volatile("vmov.f32 s0, #1.0" ::: "s0");
}

/* ---- What a core sets of its own ---------------------------------------------------------------- */

static void fp_unit_is_used_at_once(void)
{
    if (IS_CM7)
        return;
    CPACR &= ~FPU;
    dsb();
    isb();
    CPACR |= FPU;
    if (CURED) {
        dsb();
        isb();
    }
    floating_point();
}

static void fp_unit_is_used_without_isb(void)
{
    if (IS_CM7)
        return;
    CPACR &= ~FPU;
    dsb();
    isb();
    CPACR |= FPU;
    dsb();
    if (CURED)
        isb();
    floating_point();
}

static volatile uint32_t switched;
void pendsv_handler(void);

void pendsv_handler(void)
{
    switched = 1;
}

static uint32_t table[32] __attribute__((aligned(128)));

static void vectors_are_used_at_once(void)
{
    if (IS_CM7)
        return;
    for (unsigned n = 0; n < 16; n++)
        table[n] = ((volatile uint32_t *)0x08100000)[n];
    dsb();
    SCB_VTOR = (uint32_t)table;
    if (CURED)
        dsb();
    ICSR = 1u << 28;
    while (!switched)
        ;
}

static void set_region(uint32_t type)
{
    MPU_RBAR = (uint32_t)REGION | 0x12;
    MPU_RASR = 3u << 24 | type | 9 << 1 | 1;
}

static void region_is_used_at_once(void)
{
    if (!IS_CM7)
        return;
    set_region(NOT_CACHED);
    if (CURED) {
        dsb();
        isb();
    }
    LOOK = REGION[0];
}

static void region_is_used_without_isb(void)
{
    if (!IS_CM7)
        return;
    set_region(NOT_CACHED);
    dsb();
    if (CURED)
        isb();
    LOOK = REGION[0];
}

static void cache_is_used_at_once(void)
{
    uint32_t cured = CURED;
    if (!IS_CM7)
        return;
    CCR &= ~(1u << 16);
    dsb();
    isb();
    CCR |= 1u << 16;
    if (cured) {
        dsb();
        isb();
    }
    LOOK = REGION[0];
}

static void instruction_cache_is_on_too_soon(void)
{
    if (!IS_CM7)
        return;
    ICIALLU = 0;
    if (CURED)
        dsb();
    CCR |= 1u << 17;
    dsb();
    isb();
}

static void data_cache_is_on_too_soon(void)
{
    if (!IS_CM7)
        return;
    CCR &= ~(1u << 16);
    dsb();
    isb();
    for (uint32_t line = 0; line < 512; line++)
        DCISW = line >> 2 << 5 | line << 30;
    if (CURED)
        dsb();
    CCR |= 1u << 16;
    dsb();
    isb();
}

static void size_is_read_of_which_cache(void)
{
    if (!IS_CM7)
        return;
    SCB_CSSELR = 1;
    if (CURED)
        dsb();
    LOOK = SCB_CCSIDR;
}

static void event_is_to_wake_at_once(void)
{
    if (IS_CM7)
        return;
    SCB_SCR |= SEVONPEND;
    if (CURED)
        dsb();
    sev();
    wfe();
}

/* ---- What must be complete ------------------------------------------------------------------------ */

static void store_is_cleaned_at_once(void)
{
    if (!IS_CM7)
        return;
    BUFFER[0] = 1;
    if (CURED)
        dsb();
    DCCMVAC = (uint32_t)BUFFER;
    dsb();
}

static void invalidated_line_is_read_at_once(void)
{
    if (!IS_CM7)
        return;
    LOOK = BUFFER[0];
    dsb();
    DCIMVAC = (uint32_t)BUFFER;
    if (CURED)
        dsb();
    LOOK = BUFFER[0];
}

/* The M7 wakes the M4 when it finds what the M4 has stored before it went to sleep. */
static void store_is_left_behind_in_sleep(void)
{
    LOOK = DATA[0];
    if (!IS_CM7)
        EXTI_C2EMR3 |= 1u << (80 - 64); /* the event of the M7's SEV */
    meet(1);
    if (IS_CM7) {
        while (DATA[0] != 1)
            ;
        spin(100);
        dsb();
        sev();
    } else {
        DATA[0] = 1;
        if (CURED)
            dsb();
        wfe();
    }
}

static volatile uint32_t interrupted;
void irq_handler(void);

/* The next ring may come, and be cleared, between the look and the clearing. */
void irq_handler(void)
{
    uint32_t cured = CURED;
    interrupted = 1;
    HSEM_C2ICR = 1u << HSEM_BELL;
    if (cured)
        dsb();
    LOOK = DATA[0];
}

static void handler_looks_at_once(void)
{
    LOOK = DATA[0];
    HSEM_C2IER = 1u << HSEM_BELL;
    if (!IS_CM7)
        enable_interrupt(HSEM_IRQ);
    meet(1);
    if (IS_CM7) {
        DATA[0] = 1;
        dsb();
        HSEM_RLR(HSEM_BELL);
        HSEM_R(HSEM_BELL) = CORE << 8;
    } else {
        while (!interrupted)
            ;
    }
}

static void flag_overtakes_the_clean(void)
{
    if (!IS_CM7)
        LOOK = BUFFER[0];
    LOOK = FLAG;
    meet(1);
    if (IS_CM7) {
        BUFFER[0] = 1;
        dsb();
        DCCMVAC = (uint32_t)BUFFER;
        if (CURED)
            dsb();
        FLAG = 1;
    } else {
        while (!FLAG)
            ;
        dmb();
        LOOK = BUFFER[0];
    }
}

/* ---- Right, in both -------------------------------------------------------------------------------- */

/* For a time to come no barrier is needed: so does the start-up code of the chip's maker. */
static void fp_unit_is_used_later(void)
{
    CPACR &= ~FPU;
    dsb();
    isb();
    CPACR |= FPU;
    spin(100);
    floating_point();
}

/* Whoever sleeps for good owes nobody anything: right, in both. */
static void store_is_seen_in_sleep(void)
{
    LOOK = DATA[0];
    meet(1);
    if (IS_CM7)
        while (DATA[0] != 1)
            ;
    else
        CM4_DONE = DATA[0] = 1;
}

static volatile uint32_t own;

/* The maker's way: nothing behind the switching off, and both behind the switching on. */
static void regions_are_set_while_the_unit_is_off(void)
{
    if (!IS_CM7)
        return;
    dmb();
    MPU_CTRL = 0;
    own = 1;
    MPU_RNR = 3;
    MPU_RASR = 0;
    set_region(WRITE_THROUGH);
    own = 2;
    MPU_CTRL = 5;
    dsb();
    isb();
    LOOK = REGION[0];
}

/* An exception's return is as good as an ISB. */
static void region_is_set_by_a_handler(void)
{
    if (IS_CM7)
        return;
    ICSR = 1u << 28;
    while (!switched)
        ;
    spin(10);
    wfe();
    sev();
    wfe();
}

/* The maker's way into standby has no barrier. */
static void deep_sleep_is_entered_at_once(void)
{
    if (IS_CM7)
        return;
    sev();
    SCB_SCR |= SLEEPDEEP;
    wfe();
    SCB_SCR &= ~SLEEPDEEP;
}

static void (*const cases[])(void) = {
    fp_unit_is_used_at_once,          fp_unit_is_used_without_isb,
    vectors_are_used_at_once,         region_is_used_at_once,
    region_is_used_without_isb,       cache_is_used_at_once,
    instruction_cache_is_on_too_soon, data_cache_is_on_too_soon,
    size_is_read_of_which_cache,      event_is_to_wake_at_once,
    store_is_cleaned_at_once,         invalidated_line_is_read_at_once,
    store_is_left_behind_in_sleep,    handler_looks_at_once,
    flag_overtakes_the_clean,         fp_unit_is_used_later,
    store_is_seen_in_sleep,           regions_are_set_while_the_unit_is_off,
    region_is_set_by_a_handler,       deep_sleep_is_entered_at_once,
};

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
#ifdef CM7
    set_memory(WRITE_BACK, 1);
#endif
    cases[CASE]();
#ifdef CM7
    CM7_DONE = DONE;
#else
    CM4_DONE = DONE;
#endif
    wait_forever();
}
