/* The threads of either core. */
#include "lone-faults/lone-faults.h"

#include "tx_api.h"

enum { STACK_BYTES = 1024, SPILL_BYTES = 128, LOOKS = 20 };

static TX_THREAD deep, neighbour, looker, last;
/* The last frame of a stack that ran over may lie below its guard. */
static uint8_t deep_memory[SPILL_BYTES + STACK_BYTES] __attribute__((aligned(32)));
static uint8_t neighbour_stack[STACK_BYTES] __attribute__((aligned(32)));
static uint8_t looker_stack[STACK_BYTES] __attribute__((aligned(32)));
static uint8_t last_stack[4 * STACK_BYTES] __attribute__((aligned(32)));
static volatile bool is_running, is_over;

/* The tick runs before the kernel does. */
void example_ticked(void);
void example_ticked(void)
{
    if (is_running)
        _tx_timer_interrupt();
}

void story_last_words(const char *text)
{
    say("%s", text);
}

__attribute__((noinline)) static unsigned recurse(volatile unsigned depth)
{
    volatile unsigned local[8] = {depth};
    return depth == 0xffffffffu ? 0 : recurse(depth + 1) + local[0];
}

/* When the M4 waits for it. */
static void run_over(ULONG unused)
{
    (void)unused;
    tx_thread_sleep(20);
    recurse(0);
}

static void give_way(ULONG unused)
{
    (void)unused;
    while (!is_over)
        tx_thread_relinquish();
}

/* What it looks at lies in the guard of the neighbour while that one runs. */
static void look(ULONG unused)
{
    uint32_t seen = 0;
    (void)unused;
    for (unsigned n = 0; n < LOOKS; n++) {
        tx_thread_relinquish();
        seen += *(volatile uint32_t *)neighbour_stack;
    }
    is_over = true;
    say("%d looks at a neighbour's stack, %s", LOOKS,
        seen == LOOKS * (uint32_t)TX_STACK_FILL ? "as it was filled" : "spoilt");
}

static void create(TX_THREAD *thread, const char *name, void (*entry)(ULONG), uint8_t *stack,
                   uint32_t size, UINT priority)
{
    must(-(int)tx_thread_create(thread, (CHAR *)name, entry, 0, stack, size, priority, priority,
                                TX_NO_TIME_SLICE, TX_AUTO_START),
         name);
}

static void (*story_teller)(unsigned long);

VOID tx_application_define(VOID *unused)
{
    (void)unused;
    create(&deep, "deep", run_over, deep_memory + SPILL_BYTES, STACK_BYTES, 5);
    create(&neighbour, "neighbour", give_way, neighbour_stack, sizeof neighbour_stack, 6);
    create(&looker, "looker", look, looker_stack, sizeof looker_stack, 6);
    create(&last, "teller", story_teller, last_stack, sizeof last_stack, 7);
    is_running = true;
}

void story_start(void (*teller)(unsigned long))
{
    story_teller = teller;
    example_start();
    tx_kernel_enter();
    example_end();
}
