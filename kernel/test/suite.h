/*
 * The conformance suite's frame. Each file test_SERVICE.c holds the cases of one service; the same
 * files run on the host and on the cores (platform_*.c).
 *
 * All cases run one after another in the runner, a thread of priority RUNNER; a case makes what it
 * needs from the objects below, and all that it leaves is deleted after it. A helper thread of a
 * priority above RUNNER (a smaller number) runs at once, another when the runner waits.
 */
#ifndef SUITE_H
#define SUITE_H

#include "tx_api.h"

#define RUNNER 16u
#define ABOVE  10u
#define BELOW  20u

typedef struct TEST_CASE_STRUCT {
    const CHAR *file;
    const CHAR *name;
    void (*run)(void);
    UINT in_initialization;
    struct TEST_CASE_STRUCT *next;
} TEST_CASE;

void test_enter(TEST_CASE *test_case);
void test_expect(UINT holds, const CHAR *file, UINT line, const CHAR *text, ULONG actual,
                 ULONG expected);
void test_expect_notes(const CHAR *expected, const CHAR *file, UINT line);

#define ENTER(case_name, initialization)                                                           \
    static void case_name(void);                                                                   \
    __attribute__((constructor)) static void enter_##case_name(void)                               \
    {                                                                                              \
        static TEST_CASE entry = {__FILE__, #case_name, case_name, initialization, TX_NULL};       \
        test_enter(&entry);                                                                        \
    }                                                                                              \
    static void case_name(void)

/* A case in the runner. */
#define CASE(case_name) ENTER(case_name, TX_FALSE)
/* A case in tx_application_define. */
#define INITIALIZATION_CASE(case_name) ENTER(case_name, TX_TRUE)

#define EXPECT(actual, expected)                                                                   \
    do {                                                                                           \
        ULONG actual_value = (ULONG)(ALIGN_TYPE)(actual);                                          \
        ULONG expected_value = (ULONG)(ALIGN_TYPE)(expected);                                      \
        test_expect(actual_value == expected_value, __FILE__, __LINE__, #actual, actual_value,     \
                    expected_value);                                                               \
    } while (0)
#define EXPECT_NOTES(expected) test_expect_notes(expected, __FILE__, __LINE__)

/* A case that makes one call after setup() and looks at what it returns; the call is made by the
 * runner, in initialization, by an interrupt handler or by a timer. */
#define RETURNS(case_name, call, expected)                                                         \
    CASE(case_name)                                                                                \
    {                                                                                              \
        setup();                                                                                   \
        EXPECT(call, expected);                                                                    \
    }
#define IN_INITIALIZATION(case_name, call, expected)                                               \
    INITIALIZATION_CASE(case_name)                                                                 \
    {                                                                                              \
        setup();                                                                                   \
        EXPECT(call, expected);                                                                    \
    }
#define IN_INTERRUPT(case_name, call, expected)                                                    \
    static void case_name##_handler(void)                                                          \
    {                                                                                              \
        EXPECT(call, expected);                                                                    \
    }                                                                                              \
    CASE(case_name)                                                                                \
    {                                                                                              \
        setup();                                                                                   \
        test_interrupt(case_name##_handler);                                                       \
    }
#define IN_TIMER(case_name, call, expected)                                                        \
    static void case_name##_expired(ULONG unused)                                                  \
    {                                                                                              \
        (void)unused;                                                                              \
        EXPECT(call, expected);                                                                    \
        note('t');                                                                                 \
    }                                                                                              \
    CASE(case_name)                                                                                \
    {                                                                                              \
        setup();                                                                                   \
        in_timer(case_name##_expired);                                                             \
    }

/* What cases use. */
extern TX_THREAD T[8];
extern TX_SEMAPHORE S[4];
extern TX_MUTEX M[4];
extern TX_QUEUE Q[2];
extern TX_EVENT_FLAGS_GROUP E[2];
extern TX_BLOCK_POOL B[2];
extern TX_BYTE_POOL Y[2];
extern TX_TIMER I[4];
extern TX_THREAD runner;
extern ULONG memory[512]; /* aligned to 32 bytes */
#define STACK_SIZE 1024u
extern ULONG stacks[8][STACK_SIZE / sizeof(ULONG)];
/* Statuses that helpers report, by their input. */
extern UINT status_of[8];

/* Creates helper T[i], with input i. */
void helper(UINT i, UINT priority, void (*entry)(ULONG));
/* The same with all that create takes. */
void helper_with(UINT i, UINT priority, UINT threshold, ULONG time_slice, void (*entry)(ULONG));
UINT state_of(UINT i);
UINT priority_of(const TX_THREAD *thread);
/* Appends to the notes; EXPECT_NOTES compares them and forgets them. */
void note(CHAR letter);
/* Calls expired in a timer, one tick from now, and comes back after it. */
void in_timer(void (*expired)(ULONG));
/* Whether the interval since start, in ticks, is ticks: a target's clock runs on between lines. */
UINT about(ULONG start, ULONG ticks);

/* The platform's. */
void test_interrupt(void (*handler)(void)); /* calls it as an interrupt, now */
void test_busy(ULONG ticks);                /* computes for so long */
void test_print(const CHAR *text);
void test_end(UINT failures);

#endif
