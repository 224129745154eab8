/* Console and end of a program by Arm's semihosting: SYS_WRITE0 and SYS_EXIT. */
#include "startup.h"

static uint32_t call(uint32_t operation, uint32_t argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register uint32_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void console_print(const char *text)
{
    call(0x04, (uint32_t)text);
}

void program_end(unsigned failed)
{
    call(0x18, failed ? 0x20023u : 0x20026u); /* run-time error, application exit */
    for (;;)
        ;
}
