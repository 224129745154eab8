/* The M4 rings the M7 while that is awake, and again when it is in Stop mode. */
#include "ring.h"

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM4, .peer = HSEM_RINGS_CM7};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

/* example_start() has enabled the HSEM for this core, too; the faulty program would not have it. */
static void set_up_hsem_clock(void)
{
#ifdef FAULT_CURED
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
#else
    reg_clear(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
#endif
    (void)reg_read(RCC_AHB4ENR);
}

static bool ring(const char *when)
{
    uint32_t before = MAP->answers;
    port.notify(&port);
    example_sleep(PATIENCE_MS);
    bool answered = MAP->answers != before;
    say("rung while the M7 is %s: %s", when, answered ? "answered" : "no answer");
    return answered;
}

int main(void)
{
    example_start();
    set_up_hsem_clock();
    example_sleep(PATIENCE_MS); /* the M7 listens */
    bool awake = ring("awake");
    MAP->stop = 1;
    example_sleep(PATIENCE_MS);
    bool stopped = ring("in Stop mode");
    verdict(awake && stopped);
    example_end();
}
