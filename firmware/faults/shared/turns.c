#include "shared/turns.h"

#include "chip/cortex_m.h"

enum { LINE_ASKED, LINE_ANSWERED, LOOK_US = 100000 };

#define TURNS ((volatile struct turns *)LINK_FREE)

void turns_start(void)
{
#ifdef DUET_STM32H7_CORE_M7
    TURNS->asked = TURNS->answered =
        0; /* the M4 still sleeps, and a reset leaves old ones behind */
#endif
    link_start(NULL, 0, NULL);
}

void ask(void)
{
    data_memory_barrier(); /* what is asked about, before the question */
    TURNS->asked = TURNS->asked + 1;
    duet_notify_raise(&link_notify, LINE_ASKED);
}

void answer(void)
{
    data_memory_barrier();
    TURNS->answered = TURNS->answered + 1;
    duet_notify_raise(&link_notify, LINE_ANSWERED);
}

void wait_for_answer(void)
{
    while (TURNS->answered != TURNS->asked)
        duet_notify_wait(&link_notify, BIT(LINE_ANSWERED), LOOK_US);
    data_memory_barrier(); /* the answer, before what it is about */
}

uint32_t wait_until_asked(void)
{
    while (TURNS->asked == TURNS->answered)
        duet_notify_wait(&link_notify, BIT(LINE_ASKED), LOOK_US);
    data_memory_barrier();
    return TURNS->asked;
}
