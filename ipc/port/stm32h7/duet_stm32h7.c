// RM0399: HSEM (chapter 11), EXTI (chapter 21), RCC (chapter 9). PM0253: cache maintenance.
#include "duet_stm32h7.h"

#ifdef DUET_STM32H7_CORE_M7
#define MASTER_ID     3u // HSEM_R.MASTERID of this core's bus master
#define HSEM_CNIER    0x100u
#define HSEM_CNICR    0x104u
#define EXTI_CNIMR1   0x80u
#define EXTI_CNPR1    0x88u
#define EXTI_CNIMR3   0xA0u
#define EXTI_CNEMR3   0xA4u
#define EXTI_HSEM_BIT (1u << (77 - 64)) // direct line 77: HSEM interrupt of CPU1
#define EXTI_SEV_BIT  (1u << (79 - 64)) // direct line 79: SEV of CPU2, to CPU1 (table 149)
#else
#define MASTER_ID     1u
#define HSEM_CNIER    0x110u
#define HSEM_CNICR    0x114u
#define EXTI_CNIMR1   0xC0u
#define EXTI_CNPR1    0xC8u
#define EXTI_CNIMR3   0xE0u
#define EXTI_CNEMR3   0xE4u
#define EXTI_HSEM_BIT (1u << (78 - 64)) // direct line 78: HSEM interrupt of CPU2
#define EXTI_SEV_BIT  (1u << (80 - 64)) // direct line 80: SEV of CPU1, to CPU2
#endif

#define HSEM_BASE   0x58026400u
#define HSEM_R      0x000u
#define HSEM_RLR    0x080u
#define EXTI_BASE   0x58000000u
#define EXTI_SWIER1 0x08u
#define RCC_BASE    0x58024400u
#define RCC_AHB4ENR 0x0E0u
#define RCC_HSEMEN  (1u << 25)
#define SCB_DCIMVAC 0xE000EF5Cu
#define SCB_DCCMVAC 0xE000EF68u

#ifdef __arm__
#define DSB() __asm volatile("dsb 0xF" ::: "memory")
#define WFI() __asm volatile("dsb 0xF\n\twfi" ::: "memory")
#define WFE() __asm volatile("dsb 0xF\n\twfe" ::: "memory")
#define SEV() __asm volatile("dsb 0xF\n\tsev" ::: "memory")
#else // the register sequences are tested on the host
#define DSB() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define WFI() ((void)0)
#define WFE() ((void)0)
#define SEV() ((void)0)
#endif

static const struct duet_stm32h7 *config_of(const struct duet_port *port)
{
    return port->context;
}

static volatile uint32_t *reg(uintptr_t base, uintptr_t chip_base, uintptr_t offset)
{
    return (volatile uint32_t *)((base ? base : chip_base) + offset);
}

static void set_bits(volatile uint32_t *word, uint32_t bits)
{
    *word = *word | bits;
}

void duet_stm32h7_start_hsem(const struct duet_stm32h7 *config)
{
    volatile uint32_t *enable = reg(config->rcc, RCC_BASE, RCC_AHB4ENR);

    set_bits(enable, RCC_HSEMEN);
    (void)*enable; // RM0399 9.5.11: two cycles until the clock runs
    *reg(config->hsem, HSEM_BASE, HSEM_CNICR) = 1u << config->own;
    set_bits(reg(config->hsem, HSEM_BASE, HSEM_CNIER), 1u << config->own);
    set_bits(reg(config->exti, EXTI_BASE, EXTI_CNIMR3), EXTI_HSEM_BIT);
}

void duet_stm32h7_start_exti(const struct duet_stm32h7 *config)
{
    *reg(config->exti, EXTI_BASE, EXTI_CNPR1) = 1u << config->own;
    set_bits(reg(config->exti, EXTI_BASE, EXTI_CNIMR1), 1u << config->own);
}

// As an interrupt, and as the event that ends a WFE: the other core's SEV comes by EXTI alone.
void duet_stm32h7_start_sev(const struct duet_stm32h7 *config)
{
    set_bits(reg(config->exti, EXTI_BASE, EXTI_CNIMR3), EXTI_SEV_BIT);
    set_bits(reg(config->exti, EXTI_BASE, EXTI_CNEMR3), EXTI_SEV_BIT);
}

// Freeing a semaphore sets its status in both cores (RM0399 11.3.7); only the peer has it enabled.
// A lock that another context of this core holds reads as ours, and that context's release rings.
void duet_stm32h7_notify_hsem(const struct duet_port *port)
{
    const struct duet_stm32h7 *config = config_of(port);
    volatile uint32_t *semaphore = reg(config->hsem, HSEM_BASE, HSEM_R + 4 * config->peer);

    DSB(); // the state in memory before the ring
    (void)semaphore[HSEM_RLR / 4];
    *semaphore = MASTER_ID << 8;
}

void duet_stm32h7_acknowledge_hsem(const struct duet_port *port)
{
    const struct duet_stm32h7 *config = config_of(port);

    *reg(config->hsem, HSEM_BASE, HSEM_CNICR) = 1u << config->own;
    DSB(); // or the handler returns before the flag has fallen
}

void duet_stm32h7_notify_exti(const struct duet_port *port)
{
    const struct duet_stm32h7 *config = config_of(port);

    DSB();
    *reg(config->exti, EXTI_BASE, EXTI_SWIER1) = 1u << config->peer;
}

void duet_stm32h7_acknowledge_exti(const struct duet_port *port)
{
    const struct duet_stm32h7 *config = config_of(port);

    *reg(config->exti, EXTI_BASE, EXTI_CNPR1) = 1u << config->own;
    DSB();
}

void duet_stm32h7_notify_sev(const struct duet_port *port)
{
    (void)port;
    SEV();
}

void duet_stm32h7_acknowledge_sev(const struct duet_port *port)
{
    (void)port; // the interrupt is an edge: nothing holds it
}

void duet_stm32h7_wait_hsem(const struct duet_port *port, uint32_t timeout_us)
{
    (void)timeout_us;
    if (config_of(port)->sleep)
        WFI();
}

void duet_stm32h7_wait_exti(const struct duet_port *port, uint32_t timeout_us)
{
    duet_stm32h7_wait_hsem(port, timeout_us);
}

// The event register keeps a SEV that comes before the WFE.
void duet_stm32h7_wait_sev(const struct duet_port *port, uint32_t timeout_us)
{
    (void)timeout_us;
    if (config_of(port)->sleep)
        WFE();
}

uint32_t duet_stm32h7_clock(const struct duet_port *port)
{
    const struct duet_stm32h7 *config = config_of(port);

    return config->microseconds ? config->microseconds() : 0;
}

#ifdef DUET_STM32H7_CORE_M7
static void maintain(uintptr_t operation, const volatile void *address, uint32_t size)
{
    uintptr_t line = (uintptr_t)address & ~(uintptr_t)31;
    uintptr_t end = (uintptr_t)address + size;

    DSB();
    for (; line < end; line += 32)
        *(volatile uint32_t *)operation = (uint32_t)line;
    DSB(); // done; instructions are another matter, so no ISB
}

void duet_stm32h7_clean(const struct duet_port *port, const volatile void *address, uint32_t size)
{
    (void)port;
    maintain(SCB_DCCMVAC, address, size);
}

void duet_stm32h7_invalidate(const struct duet_port *port, const volatile void *address,
                             uint32_t size)
{
    (void)port;
    maintain(SCB_DCIMVAC, address, size);
}
#endif
