/* The Linux host port (tx_port.h): contexts, virtual clock, interrupts by call. */
#include "tx_kernel.h"
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define UNUSED_MEMORY_SIZE (1u << 20)
#define PENDING_MAX        16u

typedef struct CONTEXT {
    struct CONTEXT *next; /* of all that were made */
    struct CONTEXT *next_free;
    ucontext_t registers;
    void *fake_stack;
    char stack[TX_LINUX_CONTEXT_STACK_SIZE];
} CONTEXT;

UINT _tx_linux_posture;
UINT _tx_linux_in_isr;
static UINT switch_wanted;
static void (*enabled_hook)(void);
static void (*pending[PENDING_MAX])(void);
static UINT pending_count;
static ucontext_t main_registers;
static void *main_fake_stack;
static const void *main_stack;
static size_t main_stack_size;
static CONTEXT *contexts, *free_contexts;
static char unused_memory[UNUSED_MEMORY_SIZE] __attribute__((aligned(32)));

/* AddressSanitizer has to know which stack is used; both are no-ops without it. */
static void leaving(void **fake_stack, const void *stack, size_t size)
{
#if SANITIZED
    __sanitizer_start_switch_fiber(fake_stack, stack, size);
#else
    (void)fake_stack, (void)stack, (void)size;
#endif
}

static void arrived(void *fake_stack)
{
#if SANITIZED
    const void *stack;
    size_t size;
    __sanitizer_finish_switch_fiber(fake_stack, &stack, &size);
    if (main_stack == NULL) {
        main_stack = stack;
        main_stack_size = size;
    }
#else
    (void)fake_stack;
#endif
}

static CONTEXT *context_of(const TX_THREAD *thread)
{
    return thread->tx_thread_linux_context;
}

/* Runs on a new context, with interrupts disabled as at every switch. */
static void first_entry(void)
{
    arrived(NULL);
    tx_port_restore(TX_INT_ENABLE);
    _tx_thread_shell();
    abort();
}

static CONTEXT *take_context(TX_THREAD *thread)
{
    CONTEXT *context = free_contexts;
    if (context != NULL) {
        free_contexts = context->next_free;
    } else {
        context = calloc(1, sizeof *context);
        if (context == NULL)
            abort();
        context->next = contexts;
        contexts = context;
    }
    thread->tx_thread_linux_context = context;
    return context;
}

void _tx_linux_deleted(TX_THREAD *thread)
{
    CONTEXT *context = context_of(thread);
    context->next_free = free_contexts;
    free_contexts = context;
}

void _tx_port_stack_build(TX_THREAD *thread)
{
    CONTEXT *volatile context = context_of(thread);
    if (context == NULL)
        context = take_context(thread);
#if SANITIZED
    __asan_unpoison_memory_region(context->stack, sizeof context->stack);
#endif
    getcontext(&context->registers);
    context->registers.uc_stack.ss_sp = context->stack;
    context->registers.uc_stack.ss_size = sizeof context->stack;
    context->registers.uc_link = NULL;
    context->fake_stack = NULL;
    makecontext(&context->registers, first_entry, 0);
    thread->tx_thread_stack_ptr = (UCHAR *)thread->tx_thread_stack_end - 64;
}

VOID *_tx_port_initialize(void)
{
    _tx_linux_posture = TX_INT_ENABLE;
    _tx_linux_in_isr = 0;
    switch_wanted = 0;
    pending_count = 0;
    return unused_memory;
}

/* Switches to what is to execute; interrupts are disabled here and after. */
static void switch_threads(void)
{
    TX_THREAD *from = _tx_kernel.current;
    TX_THREAD *to = _tx_kernel.execute;
    switch_wanted = 0;
    if (from == to)
        return;
#ifdef TX_ENABLE_STACK_CHECKING
    _tx_thread_stack_check(from);
#endif
#ifdef TX_EXECUTION_PROFILE_ENABLE
    _tx_execution_switch();
#endif
    _tx_kernel.current = to;
    to->tx_thread_run_count++;
    CONTEXT *context = context_of(to);
    leaving(&context_of(from)->fake_stack, context->stack, sizeof context->stack);
    swapcontext(&context_of(from)->registers, &context->registers);
    arrived(context_of(from)->fake_stack);
}

static void run_handler(void (*handler)(void))
{
    _tx_linux_in_isr++;
    handler();
    _tx_linux_in_isr--;
}

/* Interrupts were enabled: those that wait are handled, then a switch that was asked for. */
void _tx_linux_enabled(void)
{
    if (_tx_linux_in_isr)
        return;
    while (pending_count != 0) {
        void (*handler)(void) = pending[0];
        pending_count--;
        for (UINT i = 0; i < pending_count; i++)
            pending[i] = pending[i + 1];
        run_handler(handler);
    }
    if (enabled_hook != NULL) {
        _tx_linux_in_isr++;
        enabled_hook();
        _tx_linux_in_isr--;
    }
    while (switch_wanted && _tx_kernel.lock == 0 && _tx_kernel.current != TX_NULL) {
        _tx_linux_posture = TX_INT_DISABLE;
        switch_threads();
        _tx_linux_posture = TX_INT_ENABLE;
    }
}

void tx_port_switch(void)
{
    switch_wanted = 1;
}

void _tx_port_start(void)
{
    TX_THREAD *first = _tx_kernel.execute;
    CONTEXT *context = context_of(first);
    _tx_linux_posture = TX_INT_DISABLE;
    _tx_kernel.current = first;
    first->tx_thread_run_count++;
    leaving(&main_fake_stack, context->stack, sizeof context->stack);
    swapcontext(&main_registers, &context->registers);
    arrived(main_fake_stack);
    enabled_hook = NULL;
    while (contexts != NULL) {
        CONTEXT *next = contexts->next;
        free(contexts);
        contexts = next;
    }
    free_contexts = NULL;
    _tx_kernel.current = TX_NULL;
}

void tx_linux_stop(void)
{
    leaving(NULL, main_stack, main_stack_size);
    setcontext(&main_registers);
}

void tx_linux_interrupt(void (*handler)(void))
{
    if (pending_count == PENDING_MAX)
        abort();
    UINT posture = tx_port_disable();
    pending[pending_count++] = handler;
    tx_port_restore(posture);
}

void tx_linux_set_hook(void (*hook)(void))
{
    enabled_hook = hook;
}

static void tick(void)
{
    _tx_timer_advance(1);
}

void tx_linux_busy(ULONG ticks)
{
    while (ticks-- != 0)
        tx_linux_interrupt(tick);
}

static ULONG idle_ticks;

static void tick_after_idle(void)
{
    _tx_timer_advance(idle_ticks);
}

/* Nothing is ready: time passes at once until the kernel has something to do. */
void _tx_port_idle(ULONG unused)
{
    (void)unused;
    for (;;) {
        /* Nothing may happen between asking for the time to sleep and its passing. */
        tx_port_disable();
        idle_ticks = _tx_timer_next();
        if (_tx_kernel.execute == &_tx_kernel.idle) {
            if (idle_ticks == TX_WAIT_FOREVER) {
                fprintf(stderr, "kernel: every thread waits for ever\n");
                tx_linux_stop();
            }
            tx_linux_interrupt(tick_after_idle);
        }
        tx_port_restore(TX_INT_ENABLE);
    }
}
