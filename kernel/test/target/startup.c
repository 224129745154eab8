/* Vectors and the way from reset to main() for the programs that run the kernel alone on a core. */
#include "startup.h"

extern uint32_t linker_stack_top[], linker_data_start[], linker_data_end[], linker_data_load[];
extern uint32_t linker_bss_start[], linker_bss_end[];
extern void (*const linker_constructors_start[])(void), (*const linker_constructors_end[])(void);

int main(void);
void reset_handler(void);
void pendsv_handler(void);
void systick_handler(void);
void fault_handler(void);
void timer_interrupt(void);
static void (*interrupt_handler)(void);

static void software_interrupt(void)
{
    interrupt_handler();
}

/* TIM5's, in the programs for the board that use it. */
__attribute__((weak)) void timer_interrupt(void)
{
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))linker_stack_top,
    reset_handler,
    fault_handler, /* NMI */
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    0,
    0,
    0,
    0,
    fault_handler, /* SVCall */
    0,
    0,
    pendsv_handler,
    systick_handler,
    [16 ... 47] = software_interrupt,
    [16 + 50] = timer_interrupt,
};

/* Interrupt 31, set pending by software: no device of these boards uses it. */
#define NVIC_ISER  (*(volatile uint32_t *)0xE000E100u)
#define NVIC_ISPR  (*(volatile uint32_t *)0xE000E200u)
#define NVIC_IPR31 (*(volatile uint8_t *)(0xE000E400u + 31u))
#define CPACR      (*(volatile uint32_t *)0xE000ED88u)
#define SHCSR      (*(volatile uint32_t *)0xE000ED24u)

void software_interrupt_raise(void (*handler)(void))
{
    interrupt_handler = handler;
    NVIC_ISPR = 1u << 31;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

void reset_handler(void)
{
    CPACR |= 0xFu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    for (uint32_t *to = linker_data_start, *from = linker_data_load; to < linker_data_end;)
        *to++ = *from++;
    for (uint32_t *to = linker_bss_start; to < linker_bss_end;)
        *to++ = 0;
    SHCSR |= 7u << 16;
    NVIC_IPR31 = 0x80u;
    NVIC_ISER = 1u << 31;
    for (void (*const *constructor)(void) = linker_constructors_start;
         constructor != linker_constructors_end; constructor++)
        (*constructor)();
    main();
    for (;;)
        ;
}
