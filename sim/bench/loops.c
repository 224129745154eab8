/*
 * What the speed comparison runs on every simulator: integer, memory and floating-point loops. The
 * mailbox says which and how often; the result comes back in it. Freestanding, for a Cortex-M7 with
 * memory at 0 and at 0x20000000.
 */
#include <stdint.h>

struct mailbox {
    uint32_t loop, count, result, done;
};
#define MAILBOX ((volatile struct mailbox *)0x20000000)

static uint32_t words[1024];
static uint8_t bytes[4096];

static uint32_t integer(uint32_t count)
{
    uint32_t x = 12345, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        sum += x & 7 ? x * 3 : x >> 2;
        if (x & 0x100)
            sum ^= i;
    }
    return sum;
}

static uint32_t memory(uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t k = 0; k < count; k++) {
        for (unsigned i = 0; i < 1024; i++)
            words[i] = words[i * 7 & 1023] + i;
        for (unsigned i = 0; i < 4096; i++)
            sum = sum * 31 + bytes[i];
        for (unsigned i = 0; i < 4096; i++)
            bytes[i] = (uint8_t)(sum + i);
    }
    return sum;
}

static uint32_t single(uint32_t count)
{
    float x = 0.5f, y = 0.25f, z = 0;
    for (uint32_t i = 0; i < count; i++) {
        x = x * 1.0001f + y;
        y = y * 0.9999f - x * 0.00001f;
        z += x * y;
        if (z > 1000.f)
            z -= 999.5f;
    }
    return (uint32_t)(int32_t)(z + x);
}

static uint32_t twofold(uint32_t count)
{
    double x = 0.5, y = 0.25, z = 0;
    for (uint32_t i = 0; i < count; i++) {
        x = x * 1.0001 + y;
        y = y * 0.9999 - x * 0.00001;
        z += x * y;
        if (z > 1000.)
            z -= 999.5;
    }
    return (uint32_t)(int32_t)(z + x);
}

static void leave(void)
{
    /* Semihosting SYS_EXIT, stopped normally; a core without it takes the HardFault below. */
    register uint32_t call __asm__("r0") = 0x18, reason __asm__("r1") = 0x20026;
    __asm__ volatile("bkpt 0xab" : : "r"(call), "r"(reason));
}

static void start(void)
{
    static uint32_t (*const loops[])(uint32_t) = {integer, memory, single, twofold};
    *(volatile uint32_t *)0xe000ed88 = 0xf00000;
    __asm__ volatile("dsb\n isb");
    MAILBOX->result = loops[MAILBOX->loop & 3](MAILBOX->count);
    MAILBOX->done = 1;
    leave();
    for (;;)
        ;
}

static void fault(void)
{
    for (;;)
        ;
}

extern uint32_t stack_top[];
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    stack_top,           (const void *)start, (const void *)fault, (const void *)fault,
    (const void *)fault, (const void *)fault, (const void *)fault};
