/* Vector table and start-up of every guest program. */
#include <stdint.h>

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;

int main(void);

void reset_handler(void);
void reset_handler(void)
{
    uint32_t *from = &data_load;
    for (uint32_t *to = &data_start; to < &data_end;)
        *to++ = *from++;
    for (uint32_t *to = &bss_start; to < &bss_end;)
        *to++ = 0;
    *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20; /* CPACR: the FPU is on */
    __asm volatile("dsb\nisb");
    main();
    for (;;)
        __asm volatile("wfi");
}

void default_handler(void);
void default_handler(void)
{
    for (;;)
        ;
}

#define WEAK __attribute__((weak, alias("default_handler")))
void nmi_handler(void) WEAK;
void hardfault_handler(void) WEAK;
void memmanage_handler(void) WEAK;
void busfault_handler(void) WEAK;
void usagefault_handler(void) WEAK;
void svc_handler(void) WEAK;
void pendsv_handler(void) WEAK;
void systick_handler(void) WEAK;
/* One for all external interrupts: it asks IPSR which one it is. */
void irq_handler(void) WEAK;

#define IRQS 150
__attribute__((section(".vectors"), used)) static void *const vectors[16 + IRQS] = {
    &stack_top,
    reset_handler,
    nmi_handler,
    hardfault_handler,
    memmanage_handler,
    busfault_handler,
    usagefault_handler,
    [11] = svc_handler,
    [14] = pendsv_handler,
    [15] = systick_handler,
    [16 ... 16 + IRQS - 1] = irq_handler,
};
