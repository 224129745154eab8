/* What the target programs share: their start, a software interrupt, a console, an end. */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdint.h>

/* Calls handler as an interrupt, as soon as interrupts are enabled. */
void software_interrupt_raise(void (*handler)(void));
/* By semihosting (a debugger, or an emulator that stands for one). */
void console_print(const char *text);
__attribute__((noreturn)) void program_end(unsigned failed);

#endif
