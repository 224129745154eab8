/* Registers as the tests' ARM programs know them, typed from the manual (RM0399) alone. */
#ifndef GUEST_H
#define GUEST_H

#include <stdint.h>

#define MMIO(address) (*(volatile uint32_t *)(address))

#define RCC(offset)    MMIO(0x58024400u + (offset))
#define RCC_CR         RCC(0x00)
#define RCC_CFGR       RCC(0x10)
#define RCC_D1CFGR     RCC(0x18)
#define RCC_D2CFGR     RCC(0x1c)
#define RCC_D3CFGR     RCC(0x20)
#define RCC_PLLCKSELR  RCC(0x28)
#define RCC_PLLCFGR    RCC(0x2c)
#define RCC_PLL1DIVR   RCC(0x30)
#define RCC_BDCR       RCC(0x70)
#define RCC_CSR        RCC(0x74)
#define RCC_GCR        RCC(0xa0)
#define RCC_RSR        RCC(0xd0)
#define RCC_AHB4ENR    RCC(0xe0)
#define RCC_APB2ENR    RCC(0xf0)
#define RCC_APB4ENR    RCC(0xf4)
#define RCC_APB1LENR   RCC(0xe8)
#define RCC_C1_AHB4ENR RCC(0x140)
#define RCC_C2_AHB4ENR RCC(0x1a0)

#define PWR(offset) MMIO(0x58024800u + (offset))
#define PWR_CR1     PWR(0x00)
#define PWR_CSR1    PWR(0x04)
#define PWR_CR3     PWR(0x0c)
#define PWR_CPUCR   PWR(0x10)
#define PWR_CPU2CR  PWR(0x14)
#define PWR_D3CR    PWR(0x18)

#define HSEM(offset) MMIO(0x58026400u + (offset))
#define HSEM_R(n)    HSEM(4 * (n))
#define HSEM_RLR(n)  HSEM(0x80 + 4 * (n))
#define HSEM_C1IER   HSEM(0x100)
#define HSEM_C1ICR   HSEM(0x104)
#define HSEM_C1ISR   HSEM(0x108)
#define HSEM_C1MISR  HSEM(0x10c)
#define HSEM_C2IER   HSEM(0x110)
#define HSEM_C2ICR   HSEM(0x114)
#define HSEM_C2ISR   HSEM(0x118)
#define HSEM_C2MISR  HSEM(0x11c)

#define EXTI(offset) MMIO(0x58000000u + (offset))
#define EXTI_RTSR1   EXTI(0x00)
#define EXTI_FTSR1   EXTI(0x04)
#define EXTI_SWIER1  EXTI(0x08)
#define EXTI_C1IMR1  EXTI(0x80)
#define EXTI_C1PR1   EXTI(0x88)
#define EXTI_C1IMR3  EXTI(0xa0)
#define EXTI_C1EMR3  EXTI(0xa4)
#define EXTI_C2IMR1  EXTI(0xc0)
#define EXTI_C2PR1   EXTI(0xc8)
#define EXTI_C2IMR3  EXTI(0xe0)
#define EXTI_C2EMR3  EXTI(0xe4)

#define SYSCFG_EXTICR(n) MMIO(0x58000408u + 4 * (n))
#define SYSCFG_UR3       MMIO(0x5800070cu)

#define GPIO(port, offset) MMIO(0x58020000u + 0x400u * (port) + (offset))

#define FLASH_ACR   MMIO(0x52002000u)
#define FLASH_KEYR1 MMIO(0x52002004u)
#define FLASH_KEYR2 MMIO(0x52002104u)
#define FLASH_CR1   MMIO(0x5200200cu)
#define FLASH_CR2   MMIO(0x5200210cu)
#define FLASH_SR2   MMIO(0x52002110u)

#define SCB_CPUID    MMIO(0xe000ed00u)
#define SCB_VTOR     MMIO(0xe000ed08u)
#define SCB_AIRCR    MMIO(0xe000ed0cu)
#define SCB_SCR      MMIO(0xe000ed10u)
#define SCB_SHCSR    MMIO(0xe000ed24u)
#define SCB_CCSIDR   MMIO(0xe000ed80u)
#define SCB_CSSELR   MMIO(0xe000ed84u)
#define NVIC_ISER(n) MMIO(0xe000e100u + 4 * (n))
#define NVIC_ICER(n) MMIO(0xe000e180u + 4 * (n))
#define NVIC_ICPR(n) MMIO(0xe000e280u + 4 * (n))
#define NVIC_IPR(n)  (*(volatile uint8_t *)(0xe000e400u + (n)))
#define SYST_CSR     MMIO(0xe000e010u)
#define SYST_RVR     MMIO(0xe000e014u)
#define SYST_CVR     MMIO(0xe000e018u)
#define SLEEPDEEP    (1u << 2)
#define SEVONPEND    (1u << 4)

/* What the test looks at: words in SRAM4, which both cores and the host see at one address. */
#define RESULT(n) MMIO(0x38000000u + 4 * (n))
#define CM7_DONE  RESULT(0)
#define CM4_DONE  RESULT(1)
#define DONE      0x600dc0deu

#define wfe()         __asm volatile("wfe" ::: "memory")
#define wfi()         __asm volatile("wfi" ::: "memory")
#define sev()         __asm volatile("sev" ::: "memory")
#define dsb()         __asm volatile("dsb" ::: "memory")
#define isb()         __asm volatile("isb" ::: "memory")
#define enable_irq()  __asm volatile("cpsie i" ::: "memory")
#define disable_irq() __asm volatile("cpsid i" ::: "memory")

static inline void enable_interrupt(unsigned irq)
{
    NVIC_ISER(irq / 32) = 1u << (irq % 32);
}

__attribute__((noreturn)) static inline void wait_forever(void)
{
    for (;;)
        wfi();
}

static inline void spin(uint32_t loops)
{
    for (volatile uint32_t n = 0; n < loops; n++)
        ;
}

#endif
