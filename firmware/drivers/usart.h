/*
 * The console's serial port, USART1, 115200 8N1, interrupt-driven both ways (RM0399 chapter 51).
 * The core that calls usart_start() owns it. Call usart_interrupt() from its handler.
 */
#ifndef DRIVERS_USART_H
#define DRIVERS_USART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void usart_start(void);
/* Queues what fits of the bytes and returns how many; never waits. Thread context. */
size_t usart_write(const void *bytes, size_t count);
size_t usart_room(void);
/* Whether all that was written has left by the pin. */
bool usart_is_idle(void);
/* The next byte that came in, or -1. Thread context. */
int usart_read(void);
/* Whether such a byte has come in; it and those before it are read then. Thread context. */
bool usart_read_past(uint8_t byte);
/* True: bytes have come in. */
bool usart_interrupt(void);
/* Past the queue, by polling: the last words before a core stops. Any context. */
void usart_write_now(const void *bytes, size_t count);

#endif
