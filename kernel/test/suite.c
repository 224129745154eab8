/* The conformance suite's frame (suite.h). */
#include "suite.h"

#define NOTES_MAX 64u

TX_THREAD T[8];
TX_SEMAPHORE S[4];
TX_MUTEX M[4];
TX_QUEUE Q[2];
TX_EVENT_FLAGS_GROUP E[2];
TX_BLOCK_POOL B[2];
TX_BYTE_POOL Y[2];
TX_TIMER I[4];
TX_THREAD runner;
ULONG memory[512] __attribute__((aligned(32)));
ULONG stacks[8][STACK_SIZE / sizeof(ULONG)] __attribute__((aligned(32)));
UINT status_of[8];

const CHAR *test_filter = TX_NULL;
static TEST_CASE *first_case, **last_case = &first_case;
static const TEST_CASE *running;
static UINT failures, cases, case_failed;
static CHAR notes[NOTES_MAX + 1];
static UINT note_count;
static TX_TIMER context_timer;
static ULONG runner_stack[4096 / sizeof(ULONG)] __attribute__((aligned(32)));

void test_enter(TEST_CASE *test_case)
{
    *last_case = test_case;
    last_case = &test_case->next;
}

static void print_number(ULONG number)
{
    CHAR digits[12];
    UINT i = sizeof digits - 1;
    digits[i] = 0;
    do
        digits[--i] = (CHAR)('0' + number % 10u);
    while ((number /= 10u) != 0);
    test_print(&digits[i]);
}

static const CHAR *base_name(const CHAR *path)
{
    const CHAR *base = path;
    for (; *path != 0; path++)
        if (*path == '/')
            base = path + 1;
    return base;
}

static void fail_at(const CHAR *file, UINT line, const CHAR *text)
{
    case_failed = TX_TRUE;
    test_print(base_name(file));
    test_print(":");
    print_number(line);
    test_print(": ");
    test_print(running->name);
    test_print(": ");
    test_print(text);
}

void test_expect(UINT holds, const CHAR *file, UINT line, const CHAR *text, ULONG actual,
                 ULONG expected)
{
    if (holds)
        return;
    fail_at(file, line, text);
    test_print(" is ");
    print_number(actual);
    test_print(" instead of ");
    print_number(expected);
    test_print("\n");
}

static UINT same(const CHAR *a, const CHAR *b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

void test_expect_notes(const CHAR *expected, const CHAR *file, UINT line)
{
    notes[note_count] = 0;
    if (!same(notes, expected)) {
        fail_at(file, line, "notes are ");
        test_print(notes);
        test_print(" instead of ");
        test_print(expected);
        test_print("\n");
    }
    note_count = 0;
}

void note(CHAR letter)
{
    TX_INTERRUPT_SAVE_AREA
    TX_DISABLE
    if (note_count < NOTES_MAX)
        notes[note_count++] = letter;
    TX_RESTORE
}

void helper_with(UINT i, UINT priority, UINT threshold, ULONG time_slice, void (*entry)(ULONG))
{
    EXPECT(tx_thread_create(&T[i], (CHAR *)"helper", entry, i, stacks[i], STACK_SIZE, priority,
                            threshold, time_slice, TX_AUTO_START),
           TX_SUCCESS);
}

void helper(UINT i, UINT priority, void (*entry)(ULONG))
{
    helper_with(i, priority, priority, TX_NO_TIME_SLICE, entry);
}

UINT state_of(UINT i)
{
    UINT state = 0;
    EXPECT(tx_thread_info_get(&T[i], TX_NULL, &state, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                              TX_NULL),
           TX_SUCCESS);
    return state;
}

UINT priority_of(const TX_THREAD *thread)
{
    return thread->tx_thread_priority;
}

void in_timer(void (*expired)(ULONG))
{
    EXPECT(tx_timer_create(&context_timer, (CHAR *)"context", expired, 0, 1, 0, TX_AUTO_ACTIVATE),
           TX_SUCCESS);
    EXPECT(tx_thread_sleep(3), TX_SUCCESS);
    EXPECT(tx_timer_delete(&context_timer), TX_SUCCESS);
    EXPECT_NOTES("t");
}

UINT about(ULONG start, ULONG ticks)
{
    ULONG passed = tx_time_get() - start;
    return passed >= ticks && passed <= ticks + 1;
}

#define DELETE_ALL(objects, id, delete)                                                            \
    for (UINT i = 0; i < sizeof objects / sizeof objects[0]; i++)                                  \
        if (objects[i].id != TX_CLEAR_ID)                                                          \
            delete (&objects[i]);

/* By the forms that do not check, because it is called from initialization too. */
static void clean_up(void)
{
    for (UINT i = 0; i < 8; i++) {
        if (T[i].tx_thread_id != TX_THREAD_ID)
            continue;
        _tx_thread_entry_exit_notify(&T[i], TX_NULL);
        _tx_thread_terminate(&T[i]);
        _tx_thread_delete(&T[i]);
    }
    DELETE_ALL(I, tx_timer_id, _tx_timer_delete)
    DELETE_ALL(S, tx_semaphore_id, _tx_semaphore_delete)
    DELETE_ALL(M, tx_mutex_id, _tx_mutex_delete)
    DELETE_ALL(Q, tx_queue_id, _tx_queue_delete)
    DELETE_ALL(E, tx_event_flags_group_id, _tx_event_flags_delete)
    DELETE_ALL(B, tx_block_pool_id, _tx_block_pool_delete)
    DELETE_ALL(Y, tx_byte_pool_id, _tx_byte_pool_delete)
    for (UINT i = 0; i < 8; i++)
        status_of[i] = 0xEEu;
    note_count = 0;
}

static void run(const TEST_CASE *test_case)
{
    const CHAR *wanted = test_filter;
    const CHAR *file = base_name(test_case->file) + 5; /* test_ */
    while (wanted != TX_NULL && *wanted != 0 && *wanted == *file)
        wanted++, file++;
    if (wanted != TX_NULL && (*wanted != 0 || *file != '.'))
        return;
    running = test_case;
    case_failed = TX_FALSE;
    clean_up();
    test_case->run();
    clean_up();
    cases++;
    failures += case_failed;
}

static void run_cases(ULONG unused)
{
    (void)unused;
    for (const TEST_CASE *c = first_case; c != TX_NULL; c = c->next)
        if (!c->in_initialization)
            run(c);
    running = TX_NULL;
    print_number(cases);
    test_print(" cases, ");
    print_number(failures);
    test_print(" failed\n");
    test_end(failures != 0 || cases == 0);
}

/* What the platform says of a case that never ends. */
const CHAR *test_running_name(void);
const CHAR *test_running_name(void)
{
    return running != TX_NULL ? running->name : TX_NULL;
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    for (const TEST_CASE *c = first_case; c != TX_NULL; c = c->next)
        if (c->in_initialization)
            run(c);
    tx_thread_create(&runner, (CHAR *)"runner", run_cases, 0, runner_stack, sizeof runner_stack,
                     RUNNER, RUNNER, TX_NO_TIME_SLICE, TX_AUTO_START);
}
