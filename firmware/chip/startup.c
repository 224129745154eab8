/*
 * Vectors and the way from reset to main(), the same for both cores. The linker script says where
 * things are; the loader has put nothing into RAM, so .data is copied from flash here.
 */
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

extern uint32_t linker_stack_top[], linker_data_start[], linker_data_end[], linker_data_load[];
extern uint32_t linker_bss_start[], linker_bss_end[];

int main(void);
void reset_handler(void);
void unexpected_exception(void);

/* Where a handler is not defined by the program, its exception ends here: visible to a debugger,
 * and to a person by LEDs that stand still. */
void unexpected_exception(void)
{
    for (;;)
        wait_for_event();
}

#define HANDLER(name) void name(void) __attribute__((weak, alias("unexpected_exception")))
HANDLER(nmi_handler);
HANDLER(fault_handler);
HANDLER(svcall_handler);
HANDLER(pendsv_handler);
HANDLER(systick_handler);
HANDLER(exti0_handler);
HANDLER(exti1_handler);
HANDLER(exti9_5_handler);
HANDLER(usart1_handler);
HANDLER(dma2_stream3_handler);
HANDLER(otg_hs_handler);
HANDLER(dcmi_handler);
HANDLER(ltdc_handler);
HANDLER(ltdc_error_handler);
HANDLER(dma2d_handler);
HANDLER(jpeg_handler);
HANDLER(mdma_handler);
HANDLER(sev_handler);
HANDLER(hsem_handler);

typedef void (*vector)(void);

struct vector_table {
    const void *stack;
    vector exceptions[15];
    vector irqs[IRQ_COUNT];
};

/* Each handler replaces the default that the whole range is given first. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
__attribute__((section(".vectors"), used)) static const struct vector_table vectors = {
    .stack = linker_stack_top,
    .exceptions =
        {
            reset_handler,
            nmi_handler,
            fault_handler, /* HardFault */
            fault_handler, /* MemManage */
            fault_handler, /* BusFault */
            fault_handler, /* UsageFault */
            0,
            0,
            0,
            0,
            svcall_handler,
            unexpected_exception,
            0,
            pendsv_handler,
            systick_handler,
        },
    .irqs =
        {
            [0 ... IRQ_COUNT - 1] = unexpected_exception,
            [IRQ_EXTI0] = exti0_handler,
            [IRQ_EXTI1] = exti1_handler,
            [IRQ_EXTI9_5] = exti9_5_handler,
            [IRQ_USART1] = usart1_handler,
            [IRQ_DMA2_STREAM3] = dma2_stream3_handler,
            [IRQ_OTG_HS] = otg_hs_handler,
            [IRQ_DCMI] = dcmi_handler,
            [IRQ_LTDC] = ltdc_handler,
            [IRQ_LTDC_ERROR] = ltdc_error_handler,
            [IRQ_DMA2D] = dma2d_handler,
            [IRQ_JPEG] = jpeg_handler,
            [IRQ_MDMA] = mdma_handler,
            [IRQ_SEV_OF_CM7] = sev_handler,
            [IRQ_SEV_OF_CM4] = sev_handler,
            [IRQ_HSEM_CM7] = hsem_handler,
            [IRQ_HSEM_CM4] = hsem_handler,
        },
};
#pragma GCC diagnostic pop

static void copy_words(uint32_t *to, const uint32_t *end, const uint32_t *from)
{
    while (to < end)
        *to++ = *from++;
}

static void zero_words(uint32_t *to, const uint32_t *end)
{
    while (to < end)
        *to++ = 0;
}

void reset_handler(void)
{
    reg_write(SCB_VTOR, (uint32_t)&vectors);
    reg_set(SCB_CPACR, 0xfu << 20); /* CP10 and CP11: the FPU, before any code may use it */
    reg_set(SCB_SHCSR, SCB_SHCSR_FAULTS);
    data_sync_barrier();
    instruction_sync_barrier();
    copy_words(linker_data_start, linker_data_end, linker_data_load);
    zero_words(linker_bss_start, linker_bss_end);
    main();
    unexpected_exception();
}
