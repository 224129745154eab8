/*
 * What only a core shows: a fault in a thread is reported by its name, and so is a stack that ran
 * over; the thread is ended and the others go on, with what it owned. Floating-point registers
 * survive switches.
 */
#include "startup.h"
#include "tx_api.h"

static TX_THREAD bad, deep, survivor, adder[2];
static TX_MUTEX mutex;
static ULONG stacks[5][256] __attribute__((aligned(32)));
static unsigned faults, failures;
static volatile float sums[2];

static void expect(unsigned holds, const char *what)
{
    if (holds)
        return;
    failures++;
    console_print(what);
    console_print(" failed\n");
}

/* From where it says, up to the end: return addresses are on it, of the thread's shell at least. */
static unsigned holds_calls(const TX_PORT_FAULT *fault)
{
    const ULONG *end = (const ULONG *)((ULONG)fault->thread->tx_thread_stack_end - 3u);
    unsigned calls = 0;
    for (const ULONG *word = (const ULONG *)fault->stack; word <= end; word++)
        calls += (*word & ~0xffffeul) == ((ULONG)&tx_port_fault & 0xfff00000ul) + 1u;
    return calls >= 1 && fault->stack >= (ULONG)fault->thread->tx_thread_stack_start;
}

void tx_port_fault(const TX_PORT_FAULT *fault)
{
    console_print("fault in ");
    console_print(fault->thread_name);
    console_print(fault->stack_overflow ? ": stack overflow\n" : "\n");
    expect(holds_calls(fault), "its stack, to be read");
    if (fault->thread == &bad)
        expect(fault->exception_number == 6 && fault->frame_valid && !fault->stack_overflow,
               "undefined instruction");
    else
        expect(fault->thread == &deep && fault->stack_overflow, "stack overflow");
    faults++;
}

static void bad_entry(ULONG unused)
{
    (void)unused;
    tx_mutex_get(&mutex, TX_WAIT_FOREVER);
    __asm__ volatile("udf #0");
}

__attribute__((noinline)) static unsigned recurse(volatile unsigned depth)
{
    volatile unsigned local[8] = {depth};
    return depth == 0xFFFFFFFFu ? 0 : recurse(depth + 1) + local[0];
}

static void deep_entry(ULONG unused)
{
    (void)unused;
    recurse(0);
}

static void adder_entry(ULONG i)
{
    float sum = 0;
    for (unsigned n = 0; n < 200; n++) {
        sum += (float)(i + 1);
        tx_thread_relinquish();
    }
    sums[i] = sum;
}

static void survivor_entry(ULONG unused)
{
    (void)unused;
    tx_thread_sleep(200);
    expect(faults == 2, "both faults");
    expect(bad.tx_thread_state == TX_TERMINATED, "end of the thread");
    expect(tx_mutex_get(&mutex, TX_NO_WAIT) == TX_SUCCESS, "mutex of a thread that ended");
    expect(sums[0] == 200.0f && sums[1] == 400.0f, "floating point");
    console_print(failures == 0 ? "faults: as expected\n" : "faults: failed\n");
    program_end(failures);
}

#define CREATE(thread, entry, input, stack, priority)                                              \
    tx_thread_create(thread, (CHAR *)#thread + 1, entry, input, stack, sizeof stack, priority,     \
                     priority, TX_NO_TIME_SLICE, TX_AUTO_START)

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    tx_mutex_create(&mutex, (CHAR *)"mutex", TX_INHERIT);
    CREATE(&bad, bad_entry, 0, stacks[0], 5);
    CREATE(&deep, deep_entry, 0, stacks[1], 6);
    CREATE(&survivor, survivor_entry, 0, stacks[2], 7);
    CREATE(&adder[0], adder_entry, 0, stacks[3], 8);
    CREATE(&adder[1], adder_entry, 1, stacks[4], 8);
}

int main(void)
{
    tx_port_core_clock = CORE_CLOCK;
    tx_kernel_enter();
}
