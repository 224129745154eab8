/*
 * The faults that the coherency checker tells from one another, each with its cure: RESULT(30) says
 * which, RESULT(31) is 1 for the cured one. AXI SRAM is cached by the M7, SRAM4 is not.
 */
#include "cached.h"

#define CASE  RESULT(30)
#define CURED RESULT(31)

#define BUFFER  ((volatile uint32_t *)0x24001000u) /* lines of 8 words */
#define EVICTOR ((volatile uint32_t *)0x24010000u)
#define OTHER   ((volatile uint32_t *)0x38000800u) /* where the MDMA copies from or to */
#define DATA    ((volatile uint32_t *)0x38000400u)
#define FLAG    MMIO(0x38000440u)
#define LOOK    RESULT(10 + IS_CM7)
enum { WORDS = 16, ROUNDS = 200, HSEM_BELL = 3, HSEM_LOCK_NUMBER = 4 };

#define RCC_AHB3ENR  RCC(0xd4)
#define MDMA(offset) MMIO(0x52000000u + (offset))

static void copy_by_mdma(volatile uint32_t *to, volatile uint32_t *from, uint32_t bytes)
{
    RCC_AHB3ENR |= 1;
    (void)RCC_AHB3ENR;
    MDMA(0x50) =
        1u << 30 | 1u << 28 | (bytes - 1) << 18 | 2 << 10 | 2 << 8 | 2 << 6 | 2 << 4 | 2 << 2 | 2;
    MDMA(0x54) = bytes;
    MDMA(0x58) = (uint32_t)from;
    MDMA(0x5c) = (uint32_t)to;
    MDMA(0x4c) = 1;
    MDMA(0x4c) = 1u << 16 | 1;
    while (!(MDMA(0x40) & 2))
        ;
    MDMA(0x44) = 0x1f;
}

static uint32_t sum(volatile uint32_t *words, unsigned count)
{
    uint32_t all = 0;
    for (unsigned n = 0; n < count; n++)
        all += words[n];
    return all;
}

static void fill(volatile uint32_t *words, unsigned count, uint32_t first)
{
    for (unsigned n = 0; n < count; n++)
        words[n] = first + n;
}

static void maintain(volatile uint32_t *operation, volatile uint32_t *from, unsigned words)
{
    dsb();
    for (unsigned n = 0; n < words; n += 8)
        *operation = (uint32_t)(from + n);
    dsb();
}

static void clean(volatile uint32_t *from, unsigned words)
{
    maintain(&DCCMVAC, from, words);
}

static void invalidate(volatile uint32_t *from, unsigned words)
{
    maintain(&DCIMVAC, from, words);
}

static void lock(uint32_t core)
{
    while (HSEM_RLR(HSEM_LOCK_NUMBER) != (0x80000000u | core << 8))
        ;
}

static void unlock(uint32_t core)
{
    dmb();
    HSEM_R(HSEM_LOCK_NUMBER) = core << 8;
}

/* ---- One function a case: both cores run it ---------------------------------------------------- */

#ifdef CM7
enum { IS_CM7 = 1, CORE = 3 };
#else
enum { IS_CM7 = 0, CORE = 1 };
#endif

static void stale_read_of_core(void)
{
    if (IS_CM7)
        BUFFER[0];
    meet(1);
    if (!IS_CM7)
        BUFFER[0] = 0x1111;
    meet(2);
    if (IS_CM7 && CURED)
        invalidate(BUFFER, 1);
    if (IS_CM7)
        LOOK = BUFFER[0];
}

static void stale_read_of_dma(void)
{
    if (!IS_CM7)
        return;
    fill(OTHER, WORDS, 100);
    sum(BUFFER, WORDS);
    dsb();
    copy_by_mdma(BUFFER, OTHER, 4 * WORDS);
    if (CURED)
        invalidate(BUFFER, WORDS);
    LOOK = sum(BUFFER, WORDS);
}

static void hidden_write_from_core(void)
{
    if (IS_CM7)
        BUFFER[0] = 0x2222;
    if (IS_CM7 && CURED)
        clean(BUFFER, 1);
    meet(1);
    if (!IS_CM7)
        LOOK = BUFFER[0];
}

static void hidden_write_from_dma(void)
{
    if (!IS_CM7)
        return;
    fill(BUFFER, WORDS, 100);
    if (CURED)
        clean(BUFFER, WORDS);
    copy_by_mdma(OTHER, BUFFER, 4 * WORDS);
    LOOK = sum(OTHER, WORDS);
}

/* A flag that the M7 sets, and never brings out of its cache: the M4 looks for it in vain. */
static void hidden_for_long(void)
{
    meet(1);
    if (IS_CM7)
        BUFFER[0] = 1;
    if (IS_CM7 && CURED)
        clean(BUFFER, 1);
    if (!IS_CM7)
        for (unsigned n = 0; n < 100000 && !BUFFER[0]; n++)
            ;
}

/* The line that the M7 holds dirty gives way some time, whole. */
static void shared_line_is_evicted(void)
{
    volatile uint32_t *theirs = CURED ? &BUFFER[8] : &BUFFER[1];
    if (IS_CM7)
        BUFFER[0] = 1;
    meet(1);
    if (!IS_CM7)
        *theirs = 0x3333;
    meet(2);
    if (IS_CM7)
        sum(EVICTOR, 16384);
}

/* The M7 throws its own word away together with the M4's old one. */
static void neighbour_is_invalidated(void)
{
    volatile uint32_t *own = CURED ? &BUFFER[8] : &BUFFER[1];
    if (IS_CM7) {
        sum(BUFFER, 16);
        *own = 0x4444;
    }
    meet(1);
    meet(2);
    if (!IS_CM7)
        return;
    invalidate(BUFFER, 1);
    LOOK = *own;
}

/* What was written before is thrown away because a DMA overwrites it: right, in both. */
static void thrown_away_on_purpose(void)
{
    if (!IS_CM7)
        return;
    fill(OTHER, WORDS, 100);
    fill(BUFFER, WORDS, 1);
    invalidate(BUFFER, WORDS);
    copy_by_mdma(BUFFER, OTHER, 4 * WORDS);
    invalidate(BUFFER, WORDS);
    LOOK = sum(BUFFER, WORDS);
}

static void publish_without_barrier(void)
{
    meet(1);
    if (IS_CM7) {
        fill(DATA, WORDS, 1);
        if (CURED)
            dmb();
        FLAG = 1;
    } else {
        while (!FLAG)
            ;
        dmb();
        LOOK = sum(DATA, WORDS);
    }
}

static void take_without_barrier(void)
{
    meet(1);
    if (IS_CM7) {
        fill(DATA, WORDS, 1);
        dmb();
        FLAG = 1;
    } else {
        while (!FLAG)
            ;
        if (CURED)
            dmb();
        LOOK = sum(DATA, WORDS);
    }
}

static void ring_without_barrier(void)
{
    HSEM_C2IER = 1u << HSEM_BELL;
    LOOK = DATA[0]; /* known to both: what happened before is nobody's concern */
    meet(1);
    if (IS_CM7) {
        fill(DATA, WORDS, 1);
        if (CURED)
            dsb();
        HSEM_RLR(HSEM_BELL);
        HSEM_R(HSEM_BELL) = CORE << 8;
    } else {
        while (!(HSEM_C2ISR & 1u << HSEM_BELL))
            ;
        LOOK = sum(DATA, WORDS);
    }
}

static void both_count(void)
{
    meet(1);
    for (unsigned n = 0; n < ROUNDS; n++) {
        if (CURED)
            lock(CORE);
        DATA[0] = DATA[0] + 1;
        if (CURED)
            unlock(CORE);
    }
}

/* Two words that belong together. */
static void torn(void)
{
    meet(1);
    for (unsigned n = 0; n < ROUNDS; n++) {
        if (CURED)
            lock(CORE);
        if (IS_CM7)
            LOOK = DATA[4] - DATA[5];
        else
            DATA[4] = DATA[5] = n;
        if (CURED)
            unlock(CORE);
    }
}

/* A number that one core raises and the other looks at, which nothing depends on: right, in both. */
static void lone_word(void)
{
    meet(1);
    for (unsigned n = 1; n < ROUNDS; n++) {
        if (IS_CM7)
            LOOK = DATA[9];
        else
            DATA[9] = n;
    }
}

/* By exclusives both may count: right, in both. */
static void both_count_exclusively(void)
{
    meet(1);
    for (unsigned n = 0; n < ROUNDS; n++) {
        uint32_t value, refused;
        do
            __asm volatile("ldrex %0, [%2]\n add %0, #1\n strex %1, %0, [%2]"
                           : "=&r"(value), "=&r"(refused)
                           : "r"(&DATA[12])
                           : "memory");
        while (refused);
    }
}

/* Each core has its own half of a word: right, in both. */
static void neighbours_in_a_word(void)
{
    volatile uint16_t *half = (volatile uint16_t *)&DATA[13] + IS_CM7;
    meet(1);
    for (unsigned n = 0; n < ROUNDS; n++)
        *half = (uint16_t)(*half + 1);
}

static void start_before_clean_is_over(void)
{
    if (!IS_CM7)
        return;
    fill(BUFFER, WORDS, 100);
    dsb();
    DCCMVAC = (uint32_t)BUFFER;
    DCCMVAC = (uint32_t)(BUFFER + 8);
    if (CURED)
        dsb();
    copy_by_mdma(OTHER, BUFFER, 4 * WORDS);
}

static void start_before_store_is_over(void)
{
    LOOK = DATA[0];
    meet(1);
    if (IS_CM7)
        return;
    fill(DATA, WORDS, 100);
    if (CURED)
        dsb();
    copy_by_mdma(OTHER, DATA, 4 * WORDS);
}

/* The rest is right, in both. */

static void old_word_is_overwritten(void)
{
    if (IS_CM7)
        BUFFER[0];
    meet(1);
    if (!IS_CM7)
        BUFFER[0] = 1;
    meet(2);
    if (!IS_CM7)
        return;
    BUFFER[0] = 2;
    LOOK = BUFFER[0];
}

/* Two flags, each behind a barrier of its own; the one tells nothing of the other. */
static void flag_beside_flag(void)
{
    meet(1);
    for (unsigned n = 1; n < ROUNDS; n++) {
        if (IS_CM7) {
            dmb();
            DATA[14] = n;
            FLAG = n;
        } else {
            LOOK = FLAG;
            LOOK = DATA[14];
        }
    }
}

static volatile uint32_t interrupted;
void irq_handler(void);

void irq_handler(void)
{
    HSEM_C2ICR = 1u << HSEM_BELL;
    dsb();
    LOOK = sum(DATA, WORDS);
    interrupted = 1;
}

static void data_in_the_interrupt(void)
{
    HSEM_C2IER = 1u << HSEM_BELL;
    LOOK = DATA[0];
    if (!IS_CM7)
        enable_interrupt(126);
    meet(1);
    if (IS_CM7) {
        fill(DATA, WORDS, 1);
        dsb();
        HSEM_RLR(HSEM_BELL);
        HSEM_R(HSEM_BELL) = CORE << 8;
    } else {
        while (!interrupted)
            ;
    }
}

static void data_with_the_event(void)
{
    LOOK = DATA[0];
    if (!IS_CM7)
        EXTI_C2EMR3 |= 1u << (80 - 64); /* the event of the M7's SEV */
    meet(1);
    if (IS_CM7) {
        spin(1000);
        fill(DATA, WORDS, 1);
        if (CURED)
            dsb();
        else
            dmb(); /* SEV is no access */
        sev();
    } else {
        wfe();
        LOOK = sum(DATA, WORDS);
    }
}

/* The M4 is let go when the data are there, or are on their way. */
static void data_before_the_start(void)
{
    if (!IS_CM7) {
        LOOK = sum(DATA, WORDS);
        return;
    }
    fill(DATA, WORDS, 1);
    if (CURED)
        dsb();
    RCC_GCR |= 1u << 3;
}

/* What the M7 does in a line that it has had since before the M4 came is seen, too. */
static void page_is_shared_later(void)
{
    if (IS_CM7)
        for (unsigned n = 0; n < 10; n++)
            BUFFER[0] = BUFFER[0] + n;
    meet(1);
    if (!IS_CM7)
        BUFFER[40];
    meet(2);
    if (IS_CM7) {
        BUFFER[0] = 1;
    } else {
        spin(1000);
        if (!CURED)
            BUFFER[0] = 2;
    }
}

static void (*const cases[])(void) = {
    stale_read_of_core,
    stale_read_of_dma,
    hidden_write_from_core,
    hidden_write_from_dma,
    hidden_for_long,
    shared_line_is_evicted,
    neighbour_is_invalidated,
    thrown_away_on_purpose,
    publish_without_barrier,
    take_without_barrier,
    ring_without_barrier,
    both_count,
    torn,
    lone_word,
    start_before_clean_is_over,
    start_before_store_is_over,
    both_count_exclusively,
    neighbours_in_a_word,
    old_word_is_overwritten,
    flag_beside_flag,
    data_in_the_interrupt,
    data_with_the_event,
    data_before_the_start,
    page_is_shared_later,
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
