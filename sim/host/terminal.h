/* The person's terminal as the board's serial console: keys go to USART1 as they are pressed. */
#ifndef SIM_HOST_TERMINAL_H
#define SIM_HOST_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes standard input over if it and standard output are a terminal; Ctrl-C still ends the
 * program. False: they are not, and nothing is read ever. */
bool terminal_open(void);
void terminal_close(void); /* restores it; safe when not open, and in a signal handler */
/* What was typed since; 0: nothing. Never waits. */
size_t terminal_read(uint8_t *bytes, size_t size);

#endif
