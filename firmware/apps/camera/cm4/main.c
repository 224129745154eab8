/*
 * The M4: camera and console. The camera's data flows by itself (drivers/dcmi.h); this core is
 * interrupted once a frame, passes it on, and sleeps.
 */
#include "boards/stm32h747i_disco/board.h"
#include "chip/clocks.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm4/capture.h"
#include "cm4/console.h"
#include "drivers/i2c.h"
#include "drivers/timer.h"
#include "drivers/usart.h"
#include "duet_stm32h7.h"
#include "shared/idle.h"
#include "shared/link.h"
#include "shared/tick.h"

static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM4);
}

static const struct duet_stm32h7 chip = {
    .own = HSEM_RINGS_CM4,
    .peer = HSEM_RINGS_CM7,
    .microseconds = microseconds,
};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

static struct link link;
static struct idle idle;

void hsem_handler(void);
void usart1_handler(void);
void dcmi_handler(void);
void mdma_handler(void);

void hsem_handler(void)
{
    duet_notify_interrupt(&link.notify);
}

void usart1_handler(void)
{
    usart_interrupt();
}

void dcmi_handler(void)
{
    dcmi_interrupt();
}

void mdma_handler(void)
{
    dcmi_mdma_interrupt();
}

/*
 * Stop mode until the M7 has set up clocks and memory. The bell may ring before this core listens,
 * so the truth is a semaphore that the M7 holds from then on; a reset frees it. WFE wakes by the
 * HSEM's event although no interrupt is enabled in the NVIC.
 */
static void wait_until_system_is_up(void)
{
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
    (void)reg_read(RCC_AHB4ENR);
    reg_set(HSEM_C2IER, BIT(HSEM_START_BELL));
    reg_set(EXTI_C2EMR3, BIT(14)); /* line 78: the HSEM's interrupt for this core */
    reg_clear(PWR_CPU2CR, PWR_CPU2CR_PDDS_D1 | PWR_CPU2CR_PDDS_D2 | PWR_CPU2CR_PDDS_D3);
    reg_set(SCB_SCR, SCB_SCR_SLEEPDEEP);
    while (!(reg_read(HSEM_R0 + 4 * HSEM_SYSTEM_UP) & HSEM_LOCK)) {
        data_sync_barrier();
        wait_for_event();
        reg_write(HSEM_C2ICR, BIT(HSEM_START_BELL));
    }
    reg_clear(SCB_SCR, SCB_SCR_SLEEPDEEP);
    reg_clear(EXTI_C2EMR3, BIT(14));
    reg_clear(HSEM_C2IER, BIT(HSEM_START_BELL));
    reg_write(HSEM_C2ICR, BIT(HSEM_START_BELL));
    reg_write(NVIC_ICPR + 4 * (IRQ_HSEM_CM4 / 32), BIT(IRQ_HSEM_CM4 % 32));
}

static void open_link(void)
{
    duet_stm32h7_start_hsem(&chip); /* opening rings the other core already */
    if (link_open(&link, &port) != DUET_OK)
        console_print("ipc: the shared memory's map is wrong\n");
    irq_enable(IRQ_HSEM_CM4, 5);
    if (duet_region_wait_peer(&link.region, 1000000) != DUET_OK)
        console_print("ipc: the M7 does not answer\n");
}

static void blink(void)
{
    static struct period half = {.length = 250};
    static bool lit;
    if (!period_passed(&half))
        return;
    lit = !lit;
    led_set(LED2_ORANGE, lit);
}

static void report(void)
{
    static struct period second = {.length = 1000};
    if (!period_passed(&second))
        return;
    struct link_figures own = {.load_permille = idle_load_permille(&idle)};
    capture_figures(&own);
    link_tell(&link, &port, &own);
    console_status(&own, link_peer_figures(&port));
}

int main(void)
{
    wait_until_system_is_up();
    timer_start(TIMER_CM4);
    tick_start(CLOCK_CM4_HZ);
    led_init(LED2_ORANGE);
    board_console_pins();
    usart_start();
    irq_enable(IRQ_USART1, 8);
    console_start(&link);
    open_link();
    board_camera_pins();
    i2c_start();
    capture_start(&link, tick_wait);
    irq_enable(IRQ_DCMI, 3);
    irq_enable(IRQ_MDMA, 3);
    idle_start(&idle, TIMER_CM4);
    for (;;) {
        blink();
        report();
        capture_service();
        console_service();
        idle_sleep(&idle);
    }
}
