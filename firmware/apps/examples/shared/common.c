/* What is the same on both cores. */
#include "shared/common.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/example.h"

#include <stdarg.h>
#include <stdio.h>

static volatile uint32_t ticks;

void common_start(uint32_t clock_hz)
{
    reg_write(SYST_RVR, clock_hz / TICK_HZ - 1);
    reg_write(SYST_CVR, 0);
    reg_write(SYST_CSR, SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE);
    reg_set(DCB_DEMCR, DCB_DEMCR_TRCENA);
    reg_write(DWT_LAR, DWT_LAR_KEY); /* the M7 has a lock, the M4 does not mind */
    reg_set(DWT_CTRL, DWT_CTRL_CYCCNTENA);
}

/* What else a tick is for: the kernel's clock, in the example that has one. */
void example_ticked(void);
__attribute__((weak)) void example_ticked(void)
{
}

void common_tick(void)
{
    ticks = ticks + 1;
    example_ticked();
}

uint32_t example_cycles(void)
{
    return reg_read(DWT_CYCCNT);
}

void example_sleep(uint32_t milliseconds)
{
    for (uint32_t start = ticks; ticks - start <= milliseconds;)
        wait_for_interrupt();
}

void example_end(void)
{
    for (;;)
        wait_for_interrupt();
}

void say(const char *format, ...)
{
    char line[CONSOLE_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    if (length > (int)sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length] = '\n';
    common_print(line, (uint32_t)length + 1);
}

void must(int status, const char *what)
{
    if (status >= 0)
        return;
    say("%s failed: %d", what, status);
    example_end();
}

const struct duet_ring_config *common_console(void)
{
    static const struct duet_stm32h7 chip = {.microseconds = example_microseconds};
    static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);
    static const struct duet_ring_config config = {
        .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
        .shared = &CONSOLE_MAP->ends,
        .data = CONSOLE_MAP->lines,
        .size = sizeof CONSOLE_MAP->lines,
    };
    return &config;
}
