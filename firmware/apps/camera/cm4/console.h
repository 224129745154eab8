/*
 * The console on USART1 (115200 8N1): whole texts from any thread, bytes to the shell. A text that
 * finds no room waits for it; after half a second it is dropped and counted.
 */
#ifndef CAMERA_CONSOLE_H
#define CAMERA_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

enum { CONSOLE_LINE_BYTES = 136 };

/* From tx_application_define. */
void console_open(void);
void console_print(const char *text);
/* At most CONSOLE_LINE_BYTES - 1 bytes; the rest is cut off. */
void console_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Texts that were dropped. */
uint32_t console_dropped(void);
/* Waits for a byte that was typed. One thread. */
char console_read(void);

#endif
