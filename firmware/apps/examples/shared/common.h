/* Between the files of the examples' start-up; see shared/example.h for what an example may call.
 */
#ifndef EXAMPLE_COMMON_H
#define EXAMPLE_COMMON_H

#include "duet/ring.h"
#include "shared/example.h"

enum { CONSOLE_LINE_BYTES = 104 };

/* The M7's lines on their way, a message each. */
struct console_map {
    struct duet_ring_shared ends;
    uint8_t lines[4096 - sizeof(struct duet_ring_shared)];
};

#define CONSOLE_MAP ((struct console_map *)SHARED_CONSOLE)

void common_start(uint32_t clock_hz); /* the tick and the cycle counter */
void common_tick(void);               /* SysTick's handler calls it */
void common_print(const char *line, uint32_t length);
const struct duet_ring_config *common_console(void);

#endif
