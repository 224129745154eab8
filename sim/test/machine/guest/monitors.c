/* The exclusive monitors see the other core: both count up one word, and no count is lost. */
#include "guest.h"

enum { COUNTS = 5000 };

static void add_one(volatile uint32_t *word)
{
    uint32_t value, failed;
    do {
        __asm volatile("ldrex %0, [%2]\nadds %0, #1\nnop\nnop\nnop\nstrex %1, %0, [%2]"
                       : "=&r"(value), "=&r"(failed)
                       : "r"(word)
                       : "memory", "cc");
        if (failed)
#ifdef CM7
            RESULT(11)++;
#else
            RESULT(12)++;
#endif
    } while (failed);
}

int main(void)
{
    RESULT(13)++;
    for (unsigned n = 0; n < COUNTS; n++)
        add_one(&RESULT(10));
        /* A plain store of the other core clears the monitor as well. */
#ifdef CM7
    uint32_t value, failed;
    __asm volatile("ldrex %0, [%1]" : "=r"(value) : "r"(&RESULT(20)) : "memory");
    RESULT(2) = 1;
    while (RESULT(3) != 1)
        ;
    __asm volatile("strex %0, %1, [%2]" : "=&r"(failed) : "r"(7), "r"(&RESULT(20)) : "memory");
    RESULT(21) = failed;
    CM7_DONE = DONE;
#else
    while (RESULT(2) != 1)
        ;
    RESULT(20) = 5;
    RESULT(3) = 1;
    CM4_DONE = DONE;
#endif
    wait_forever();
}
