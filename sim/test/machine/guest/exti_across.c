/* Point 7: the M7 triggers a line that is open for the M4 alone. */
#include "guest.h"

#ifdef CM7
void irq_handler(void)
{
    RESULT(10)++;
    EXTI_C1PR1 = 1u << 3;
}

int main(void)
{
    enable_interrupt(9);
    while (RESULT(2) != 1)
        ;
    EXTI_SWIER1 = 1u << 3;
    while (RESULT(12) != 1)
        ;
    RESULT(13) = EXTI_C2PR1 & 1u << 3; /* the M4 cleared its own */
    RESULT(14) = EXTI_C1PR1 & 1u << 3; /* closed for the M7: not pending (21.3.1) */
    RESULT(15) = RESULT(10);           /* and no interrupt */
    CM7_DONE = DONE;
    wait_forever();
}
#else
void irq_handler(void)
{
    EXTI_C2PR1 = 1u << 3;
    dsb();
    RESULT(12)++;
}

int main(void)
{
    EXTI_C2IMR1 |= 1u << 3;
    enable_interrupt(9);
    RESULT(2) = 1;
    disable_irq(); /* or the interrupt may come between the look and the sleep */
    while (RESULT(12) != 1) {
        wfi();
        enable_irq();
        disable_irq();
    }
    CM4_DONE = DONE;
    wait_forever();
}
#endif
