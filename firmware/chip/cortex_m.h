/*
 * What both cores have of ARMv7-M (ARM DDI 0403E): barriers, masks, sleep, NVIC, system control.
 * Any context; either core, for its own registers.
 */
#ifndef CHIP_CORTEX_M_H
#define CHIP_CORTEX_M_H

#include "chip/mmio.h"

#define SYST_CSR              0xe000e010u
#define SYST_CSR_ENABLE       BIT(0)
#define SYST_CSR_TICKINT      BIT(1)
#define SYST_CSR_CLKSOURCE    BIT(2) /* the core's clock */
#define SYST_RVR              0xe000e014u
#define SYST_CVR              0xe000e018u
#define SCB_VTOR              0xe000ed08u
#define SCB_AIRCR             0xe000ed0cu
#define SCB_AIRCR_VECTKEY     (0x05fau << 16)
#define SCB_AIRCR_SYSRESETREQ BIT(2)
#define SCB_SCR               0xe000ed10u
#define SCB_SCR_SLEEPDEEP     BIT(2)
#define SCB_SCR_SEVONPEND     BIT(4)
#define SCB_CCR               0xe000ed14u
#define SCB_CCR_IC            BIT(17)
#define SCB_CCR_DC            BIT(16)
#define SCB_SHCSR             0xe000ed24u
#define SCB_SHCSR_FAULTS      (BIT(16) | BIT(17) | BIT(18))
#define SCB_CPACR             0xe000ed88u
#define SCB_CCSIDR            0xe000ed80u
#define SCB_CSSELR            0xe000ed84u
#define SCB_ICIALLU           0xe000ef50u
#define SCB_DCISW             0xe000ef60u
#define SCB_DCIMVAC           0xe000ef5cu
#define SCB_DCCMVAC           0xe000ef68u
#define SCB_DCCIMVAC          0xe000ef70u
#define MPU_TYPE              0xe000ed90u
#define MPU_CTRL              0xe000ed94u
#define MPU_RNR               0xe000ed98u
#define MPU_RBAR              0xe000ed9cu
#define MPU_RASR              0xe000eda0u
#define DCB_DEMCR             0xe000edfcu
#define DCB_DEMCR_TRCENA      BIT(24)
#define DWT_CTRL              0xe0001000u
#define DWT_CTRL_CYCCNTENA    BIT(0)
#define DWT_CYCCNT            0xe0001004u
#define DWT_LAR               0xe0001fb0u
#define DWT_LAR_KEY           0xc5acce55u
#define NVIC_ISER             0xe000e100u
#define NVIC_ICER             0xe000e180u
#define NVIC_ISPR             0xe000e200u
#define NVIC_ICPR             0xe000e280u
#define NVIC_IPR              0xe000e400u

static inline void data_memory_barrier(void)
{
    __asm volatile("dmb 0xf" ::: "memory");
}

static inline void data_sync_barrier(void)
{
    __asm volatile("dsb 0xf" ::: "memory");
}

static inline void instruction_sync_barrier(void)
{
    __asm volatile("isb 0xf" ::: "memory");
}

/* The DSB: what the core has written is there, in memory, devices and its own registers, before it
 * sleeps on it (B1.5.18). */
static inline void wait_for_interrupt(void)
{
    __asm volatile("dsb 0xf\n\twfi" ::: "memory");
}

static inline void wait_for_event(void)
{
    __asm volatile("dsb 0xf\n\twfe" ::: "memory");
}

static inline void send_event(void)
{
    __asm volatile("sev" ::: "memory");
}

/* priority: 0 (first) to 15. */
static inline void irq_enable(unsigned irq, unsigned priority)
{
    *(volatile uint8_t *)(NVIC_IPR + irq) = (uint8_t)(priority << 4);
    reg_write(NVIC_ISER + 4 * (irq / 32), BIT(irq % 32));
}

static inline void irq_disable(unsigned irq)
{
    reg_write(NVIC_ICER + 4 * (irq / 32), BIT(irq % 32));
    data_sync_barrier();
    instruction_sync_barrier();
}

#endif
