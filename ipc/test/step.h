// Stopping a core at every step: the library, built with DUET_STEP_HOOK, calls duet_step before each
// access to shared memory, each cache operation, each copy and each ring of the hardware line. A core
// that dies there has done nothing of the step.
#ifndef DUET_TEST_STEP_H
#define DUET_TEST_STEP_H

#include <setjmp.h>

void duet_step(void);

static jmp_buf step_death;
static long step_left; // 0: immortal
static int step_counts;
static void (*step_call)(void); // instead of a death: what happens at the step

void duet_step(void)
{
    if (!step_counts || step_left <= 0 || --step_left > 0)
        return;
    if (!step_call)
        longjmp(step_death, 1);
    step_counts = 0;
    step_call();
    step_counts = 1;
}

// Runs `life` and kills it at its step `at` (from 1). 1: it died; 0: it ended before.
static inline int dies_at(long at, void (*life)(void))
{
    volatile int died = 1;

    step_left = at;
    if (setjmp(step_death) == 0) {
        step_counts = 1;
        life();
        died = 0;
    }
    step_counts = 0;
    step_left = 0;
    return died;
}

// Runs `life` and calls `event` at its step `at`, on the other core. 1: it came so far.
static inline int interrupted_at(long at, void (*life)(void), void (*event)(void))
{
    step_call = event;
    step_left = at;
    step_counts = 1;
    life();
    step_counts = 0;
    step_call = NULL;
    return step_left <= 0;
}

// The other core's turn, in the middle of a life.
#define OTHER_CORE(statement)                                                                      \
    do {                                                                                           \
        int counts_ = step_counts;                                                                 \
        step_counts = 0;                                                                           \
        statement;                                                                                 \
        step_counts = counts_;                                                                     \
    } while (0)

#endif
