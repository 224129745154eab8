/*
 * A kernel's start as ports for these cores do it: the check of the priority bits, SVC into the first
 * thread on PSP, PendSV with BASEPRI and lazily stacked FP registers, a tick that switches; on both
 * cores. Interrupts above BASEPRI stay open.
 */
#include "drivers.h"

static uint32_t stack[2][256];
static uint32_t *saved[2];
static volatile unsigned current;
static volatile uint32_t turns[2], wrong;

#ifdef CM7
#define AT(n) (10 + (n))
#else
#define AT(n) (20 + (n))
#endif

uint32_t *switch_thread(uint32_t *sp)
{
    saved[current] = sp;
    current ^= 1;
    return saved[current];
}

uint32_t *first_thread(void)
{
    return saved[0];
}

__attribute__((naked)) void svc_handler(void)
{
    __asm volatile("bl first_thread\n"
                   "ldmia r0!, {r4-r11, lr}\n"
                   "msr psp, r0\n"
                   "isb\n"
                   "mov r0, #0\n"
                   "msr basepri, r0\n"
                   "bx lr\n");
}

__attribute__((naked)) void pendsv_handler(void)
{
    __asm volatile("mrs r0, psp\n"
                   "isb\n"
                   "tst lr, #0x10\n"
                   "it eq\n"
                   "vstmdbeq r0!, {s16-s31}\n"
                   "stmdb r0!, {r4-r11, lr}\n"
                   "mov r1, #0x50\n"
                   "cpsid i\n"
                   "msr basepri, r1\n"
                   "dsb\n"
                   "isb\n"
                   "cpsie i\n"
                   "bl switch_thread\n"
                   "mov r1, #0\n"
                   "msr basepri, r1\n"
                   "ldmia r0!, {r4-r11, lr}\n"
                   "tst lr, #0x10\n"
                   "it eq\n"
                   "vldmiaeq r0!, {s16-s31}\n"
                   "msr psp, r0\n"
                   "isb\n"
                   "bx lr\n");
}

void systick_handler(void)
{
    ticks++;
    MMIO(0xe000ed04u) = 1u << 28;
}

static float series(float x, int n)
{
    float sum = 0;
    while (n--)
        sum = sum * 0.5f + x;
    return sum;
}

static void thread(unsigned me)
{
    float expected = series(1.0f + (float)me, 20);
    for (;;) {
        if (series(1.0f + (float)me, 20) != expected)
            wrong++;
        turns[me]++;
        RESULT(AT(me)) = turns[me];
        RESULT(AT(2)) = wrong;
        RESULT(AT(3)) = ticks;
        if (ticks >= 50)
            RESULT(
#ifdef CM7
                0
#else
                1
#endif
                ) = DONE;
    }
}

static void thread_a(void)
{
    thread(0);
}

static void thread_b(void)
{
    thread(1);
}

static uint32_t *prepared(uint32_t *top, void (*entry)(void))
{
    *--top = 0x01000000u;
    *--top = (uint32_t)entry & ~1u;
    for (int n = 0; n < 6; n++)
        *--top = 0;
    *--top = 0xfffffffdu; /* EXC_RETURN: Thread mode, PSP, no FP frame */
    for (int n = 0; n < 8; n++)
        *--top = 0;
    return top;
}

int main(void)
{
    uint8_t before = NVIC_IPR(0);
    NVIC_IPR(0) = 0xff;
    uint8_t bits = NVIC_IPR(0);
    NVIC_IPR(0) = before;
    RESULT(AT(4)) = bits;
    uint32_t group = 7;
    for (uint8_t left = bits; left & 0x80; left = (uint8_t)(left << 1))
        group--;
    RESULT(AT(5)) = group;
    MMIO(0xe000ed20u) |= 0xf0u << 16 | 0xf0u << 24;
    MMIO(0xe000ef34u) |= 3u << 30; /* FPCCR: ASPEN, LSPEN */
    saved[0] = prepared(&stack[0][256], thread_a);
    saved[1] = prepared(&stack[1][256], thread_b);
    SYST_RVR = 64000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    __asm volatile("ldr r0, =0xe000ed08\n"
                   "ldr r0, [r0]\n"
                   "ldr r0, [r0]\n"
                   "msr msp, r0\n"
                   "mov r0, #0\n"
                   "msr control, r0\n"
                   "cpsie i\n"
                   "cpsie f\n"
                   "dsb\n"
                   "isb\n"
                   "svc 0\n"
                   "nop\n" ::
                       : "r0");
    return 0;
}
