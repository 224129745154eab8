/*
 * The vendor's device header as far as TinyUSB's driver for this chip's USB cores looks into it: names
 * that lead to chip/.
 */
#ifndef STM32H7XX_H
#define STM32H7XX_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

#define USB_OTG_HS_PERIPH_BASE 0x40040000u
#define USB_OTG_FS_PERIPH_BASE 0x40080000u
#define USB2_OTG_FS            USB_OTG_FS_PERIPH_BASE

typedef enum { OTG_HS_IRQn = IRQ_OTG_HS, OTG_FS_IRQn = IRQ_OTG_FS } IRQn_Type;

extern const uint32_t SystemCoreClock; /* usb_host.c */

#define __NOP() __asm volatile("nop")

static inline void NVIC_EnableIRQ(IRQn_Type irq)
{
    irq_enable(irq, 8);
}

static inline void NVIC_DisableIRQ(IRQn_Type irq)
{
    irq_disable(irq);
}

#endif
