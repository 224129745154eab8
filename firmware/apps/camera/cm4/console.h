/*
 * The console on USART1 (115200 8N1): whole texts from any thread, bytes to the shell. A text that
 * finds no room waits for it; after half a second it is dropped and counted. Lines end with "\n"
 * here and with "\r\n" at the terminal.
 *
 * While the shell has a line on the terminal that is being edited, a text takes its place and the
 * line comes again behind it.
 */
#ifndef CAMERA_CONSOLE_H
#define CAMERA_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONSOLE_LINE_BYTES = 160 };

/* From tx_application_define. */
void console_open(void);
void console_print(const char *text);
/* At most CONSOLE_LINE_BYTES - 1 bytes; the rest is cut off, but for a newline at the end. */
void console_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Texts that were dropped. */
uint32_t console_dropped(void);
/* Waits until all has left by the pin, a second at most. */
void console_flush(void);

/* --- The shell's own --------------------------------------------------------------------- */

/* What is called before and after a text: it takes the edited line off the terminal and puts it
 * there again. From the thread that prints, under the lock. */
void console_keep_line(void (*hide)(void), void (*show)(void));
/* Keeps others from printing, for as long as the line is being changed; they nest. */
void console_lock(void);
void console_unlock(void);
/* Bytes as they are. Under the lock. */
void console_write(const char *bytes, size_t count);
/* Waits for a byte that was typed. */
char console_read(void);
/* Whether ^C was typed; what was typed before it is forgotten then, and else waits to be read. */
bool console_interrupted(void);

#endif
