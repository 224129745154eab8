/* What the manual calls the exceptions of a core. */
#ifndef SIM_HOST_VECTORS_H
#define SIM_HOST_VECTORS_H

enum { VECTOR_SYSTICK = 15, VECTOR_IRQ0 = 16 };

/* "SysTick", "DCMI"; "IRQ 42" where the manual has no name. Static storage, or good until the next
 * call. */
const char *vector_name(unsigned exception);

#endif
