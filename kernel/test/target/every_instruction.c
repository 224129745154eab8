/*
 * An interrupt at every instruction of each service, on the virtual board. TIM5 counts the core's own
 * clock; a service is called again and again while the timer's interrupt comes one cycle later each
 * time, until it no longer comes before the service has returned. The handler does one of four things
 * to what the service works on; when all has settled, the kernel's invariants must hold.
 *
 * No tick comes by itself: the thread of the lowest priority makes one whenever all others wait.
 */
#include "startup.h"
#include "tx_kernel.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RCC_APB1LENR      REGISTER(0x580244E8u)
#define NVIC_ISER1        REGISTER(0xE000E104u)
#define NVIC_ICPR1        REGISTER(0xE000E284u)
#define NVIC_IPR50        (*(volatile uint8_t *)(0xE000E400u + 50u))
#define TIM5(offset)      REGISTER(0x40000C00u + (offset))
enum { CR1 = 0x00, DIER = 0x0C, SR = 0x10, EGR = 0x14, ARR = 0x2C };
enum { STOPPED = 0xC, ONE_PULSE = 0xD }; /* only the end of counting is an event (URS) */
enum { CYCLES_MAX = 20000, WAITERS = 2 };

static TX_THREAD runner, waiter[WAITERS], passer;
static TX_SEMAPHORE S;
static TX_MUTEX M;
static TX_QUEUE Q;
static TX_EVENT_FLAGS_GROUP E;
static TX_BLOCK_POOL B;
static TX_BYTE_POOL Y;
static TX_TIMER I;
static ULONG stacks[4][256] __attribute__((aligned(32)));
static ULONG queue_memory[2], pool_memory[16], byte_memory[64];
static VOID *block;
static void (*disturb)(void);
static volatile unsigned came;
static unsigned failures;

/* One service, on objects that are made anew for each call. */
struct story {
    const char *name;
    void (*prepare)(void);
    void (*wait)(void); /* what two threads wait for meanwhile; 0: there are none */
    void (*call)(void);
    void (*opposite)(void); /* what an interrupt does to the same object */
};
static const struct story *story;

#define DO(name, statement)                                                                        \
    static void name(void)                                                                         \
    {                                                                                              \
        ULONG word = 0;                                                                            \
        VOID *place = 0;                                                                           \
        (void)word, (void)place;                                                                   \
        statement;                                                                                 \
    }
DO(nothing, )
DO(put, tx_semaphore_put(&S))
DO(ceiling_put, tx_semaphore_ceiling_put(&S, 1))
DO(get, tx_semaphore_get(&S, TX_NO_WAIT))
DO(get_waiting, tx_semaphore_get(&S, 3))
DO(prioritize_semaphore, tx_semaphore_prioritize(&S))
DO(delete_semaphore, tx_semaphore_delete(&S))
DO(lock, tx_mutex_get(&M, TX_NO_WAIT))
DO(lock_waiting, tx_mutex_get(&M, 3))
DO(unlock, tx_mutex_put(&M))
DO(prioritize_mutex, tx_mutex_prioritize(&M))
DO(delete_mutex, tx_mutex_delete(&M))
DO(send, tx_queue_send(&Q, &word, TX_NO_WAIT))
DO(send_waiting, tx_queue_send(&Q, &word, 3))
DO(fill, send(); send())
DO(front_send, tx_queue_front_send(&Q, &word, TX_NO_WAIT))
DO(receive, tx_queue_receive(&Q, &word, TX_NO_WAIT))
DO(receive_waiting, tx_queue_receive(&Q, &word, 3))
DO(flush, tx_queue_flush(&Q))
DO(prioritize_queue, tx_queue_prioritize(&Q))
DO(delete_queue, tx_queue_delete(&Q))
DO(set, tx_event_flags_set(&E, 3, TX_OR))
DO(flags, tx_event_flags_get(&E, 1, TX_OR_CLEAR, &word, TX_NO_WAIT))
DO(flags_waiting, tx_event_flags_get(&E, 1, TX_OR_CLEAR, &word, 3))
DO(delete_flags, tx_event_flags_delete(&E))
DO(take_blocks, while (tx_block_allocate(&B, &place, TX_NO_WAIT) == TX_SUCCESS) block = place)
DO(allocate, tx_block_allocate(&B, &place, TX_NO_WAIT))
DO(allocate_waiting, tx_block_allocate(&B, &place, 3))
DO(release, tx_block_release(block))
DO(delete_blocks, tx_block_pool_delete(&B))
DO(take_bytes, tx_byte_allocate(&Y, &block, 100, TX_NO_WAIT))
DO(bytes, tx_byte_allocate(&Y, &place, 60, TX_NO_WAIT))
DO(bytes_waiting, tx_byte_allocate(&Y, &place, 200, 3))
DO(release_bytes, tx_byte_release(block))
DO(prioritize_bytes, tx_byte_pool_prioritize(&Y))
DO(sleep_3, tx_thread_sleep(3))
DO(suspend_waiter, tx_thread_suspend(&waiter[0]))
DO(resume_waiter, tx_thread_resume(&waiter[0]))
DO(terminate_waiter, tx_thread_terminate(&waiter[0]))
DO(reprioritize_waiter, UINT old; tx_thread_priority_change(&waiter[1], 6, &old))
DO(threshold, UINT old; tx_thread_preemption_change(&runner, 5, &old);
   tx_thread_preemption_change(&runner, 10, &old))
DO(relinquish, tx_thread_relinquish())
DO(abort_waiter, tx_thread_wait_abort(&waiter[0]))
DO(activate, tx_timer_activate(&I))
DO(deactivate, tx_timer_deactivate(&I))
DO(change, tx_timer_change(&I, 2, 2))

static const struct story stories[] = {
    {"semaphore_put", nothing, get_waiting, put, put},
    {"semaphore_put, nobody waits", nothing, 0, put, get},
    {"semaphore_ceiling_put", nothing, get_waiting, ceiling_put, put},
    {"semaphore_get", put, 0, get, get},
    {"semaphore_get, waiting", nothing, get_waiting, get_waiting, put},
    {"semaphore_prioritize", nothing, get_waiting, prioritize_semaphore, put},
    {"semaphore_delete", nothing, get_waiting, delete_semaphore, put},
    {"mutex_get", nothing, 0, lock, prioritize_mutex},
    {"mutex_get, waiting", nothing, lock_waiting, lock_waiting, prioritize_mutex},
    {"mutex_put", lock, lock_waiting, unlock, prioritize_mutex},
    {"mutex_prioritize", lock, lock_waiting, prioritize_mutex, prioritize_mutex},
    {"mutex_delete", lock, lock_waiting, delete_mutex, abort_waiter},
    {"queue_send", nothing, receive_waiting, send, send},
    {"queue_send, nobody waits", nothing, 0, send, receive},
    {"queue_send, waiting", fill, 0, send_waiting, receive},
    {"queue_front_send", nothing, receive_waiting, front_send, send},
    {"queue_receive", send, 0, receive, send},
    {"queue_receive, others send", fill, send_waiting, receive, receive},
    {"queue_receive, waiting", nothing, receive_waiting, receive_waiting, send},
    {"queue_flush", fill, send_waiting, flush, receive},
    {"queue_prioritize", nothing, receive_waiting, prioritize_queue, send},
    {"queue_delete", nothing, receive_waiting, delete_queue, send},
    {"event_flags_set", nothing, flags_waiting, set, set},
    {"event_flags_get", set, 0, flags, set},
    {"event_flags_get, waiting", nothing, flags_waiting, flags_waiting, set},
    {"event_flags_delete", nothing, flags_waiting, delete_flags, set},
    {"block_allocate", nothing, 0, allocate, allocate},
    {"block_allocate, waiting", take_blocks, allocate_waiting, allocate_waiting, release},
    {"block_release", take_blocks, allocate_waiting, release, allocate},
    {"block_pool_delete", take_blocks, allocate_waiting, delete_blocks, abort_waiter},
    {"byte_allocate", nothing, 0, bytes, prioritize_bytes},
    {"byte_allocate, waiting", take_bytes, bytes_waiting, bytes_waiting, prioritize_bytes},
    {"byte_release", take_bytes, bytes_waiting, release_bytes, prioritize_bytes},
    {"thread_sleep", nothing, sleep_3, sleep_3, abort_waiter},
    {"thread_suspend", nothing, get_waiting, suspend_waiter, put},
    {"thread_resume", nothing, get_waiting, resume_waiter, suspend_waiter},
    {"thread_terminate", nothing, get_waiting, terminate_waiter, put},
    {"thread_priority_change", nothing, get_waiting, reprioritize_waiter, put},
    {"thread_preemption_change", nothing, get_waiting, threshold, put},
    {"thread_relinquish", nothing, sleep_3, relinquish, abort_waiter},
    {"thread_wait_abort", nothing, get_waiting, abort_waiter, put},
    {"timer_activate", nothing, 0, activate, deactivate},
    {"timer_deactivate", activate, 0, deactivate, activate},
    {"timer_change", nothing, 0, change, deactivate},
};

/* What an interrupt does. */
static void all(void)
{
    story->opposite();
    abort_waiter();
    _tx_timer_interrupt();
}

static void opposite(void)
{
    story->opposite();
}

static void (*const disturbances[])(void) = {_tx_timer_interrupt, opposite, abort_waiter, all};

void timer_interrupt(void);
void timer_interrupt(void)
{
    TIM5(SR) = 0;
    came = 1;
    disturb();
}

/* The invariants. */
static void expect(unsigned holds, const char *what)
{
    if (holds)
        return;
    if (failures++ < 20) {
        console_print(story->name);
        console_print(": ");
        console_print(what);
        console_print("\n");
    }
}

static unsigned length_of(const TX_LINK *list)
{
    unsigned length = 0;
    for (const TX_LINK *link = list->next; link != list && length < 100; link = link->next) {
        expect(link->next->previous == link && link->previous->next == link, "list");
        length++;
    }
    return length;
}

static void check_ready(void)
{
    unsigned ready = 0, found = 0;
    for (UINT priority = 0; priority < TX_MAX_PRIORITIES; priority++) {
        TX_LINK *list = &_tx_kernel.ready_list[priority];
        unsigned length = length_of(list);
        expect((length != 0) == (_tx_kernel.ready[0] >> (31 - priority) & 1), "ready bits");
        found += length;
        for (TX_LINK *link = list->next; link != list; link = link->next) {
            TX_THREAD *thread = TX_CONTAINER(link, TX_THREAD, tx_thread_ready);
            expect(thread->tx_thread_state == TX_READY, "state of a ready thread");
            expect(thread->tx_thread_priority == priority, "priority");
        }
    }
    TX_THREAD *const threads[] = {&runner, &passer, &waiter[0], &waiter[1],
                                  &_tx_kernel.timer_thread};
    for (unsigned n = 0; n < sizeof threads / sizeof *threads; n++) {
        unsigned is_ready = threads[n]->tx_thread_state == TX_READY;
        ready += is_ready && threads[n]->tx_thread_id == TX_THREAD_ID;
        expect(!is_ready || threads[n]->tx_thread_timer.tx_timer_internal_link.next == TX_NULL,
               "time-out of a ready thread");
    }
    expect(ready == found, "ready threads");
    expect(_tx_kernel.current == &runner && _tx_kernel.execute == &runner, "who runs");
    expect(_tx_kernel.lock == 0, "lock");
}

static void check_waiters(const TX_WAITERS *waiters)
{
    expect(length_of(&waiters->list) == waiters->count, "number of waiters");
    for (const TX_LINK *link = waiters->list.next; link != &waiters->list; link = link->next) {
        const TX_THREAD *thread = TX_CONTAINER(link, TX_THREAD, tx_thread_suspended);
        expect(thread->tx_thread_suspend_list == waiters, "whom a waiter waits for");
        expect(thread->tx_thread_state > TX_SUSPENDED, "state of a waiter");
    }
}

static void check_timers(void)
{
    for (unsigned n = 0; n < TX_TIMER_BUCKETS; n++)
        expect(length_of(&_tx_kernel.bucket[n]) == 0 || (_tx_kernel.buckets_used >> n & 1),
               "timers");
    expect(length_of(&_tx_kernel.due) == 0 && _tx_kernel.expiring == TX_NULL, "due timers");
}

static void check_objects(void)
{
    unsigned free = 0;
    if (S.tx_semaphore_id != TX_CLEAR_ID)
        expect(S.tx_semaphore_count == 0 || S.tx_semaphore_waiters.count == 0, "semaphore");
    if (Q.tx_queue_id != TX_CLEAR_ID)
        expect(Q.tx_queue_waiters.count == 0 || Q.tx_queue_enqueued == 0 ||
                   Q.tx_queue_enqueued == Q.tx_queue_capacity,
               "queue");
    if (M.tx_mutex_id != TX_CLEAR_ID) {
        expect((M.tx_mutex_owner != TX_NULL) == (M.tx_mutex_ownership_count != 0), "owner");
        expect(M.tx_mutex_owner != TX_NULL || M.tx_mutex_waiters.count == 0, "mutex");
        for (const TX_LINK *link = M.tx_mutex_waiters.list.next; link != &M.tx_mutex_waiters.list;
             link = link->next)
            expect(M.tx_mutex_owner->tx_thread_priority <=
                       TX_CONTAINER(link, TX_THREAD, tx_thread_suspended)->tx_thread_priority,
                   "inheritance");
    }
    for (UCHAR *at = B.tx_block_pool_available_list; at != TX_NULL && free < 100; free++)
        at = *(UCHAR **)(void *)at;
    expect(B.tx_block_pool_id == TX_CLEAR_ID || free == B.tx_block_pool_available, "blocks");
}

static void check(void)
{
    check_ready();
    check_timers();
    check_waiters(&S.tx_semaphore_waiters);
    check_waiters(&M.tx_mutex_waiters);
    check_waiters(&Q.tx_queue_waiters);
    check_waiters(&E.tx_event_flags_group_waiters);
    check_waiters(&B.tx_block_pool_waiters);
    check_waiters(&Y.tx_byte_pool_waiters);
    check_objects();
}

/* One call. */
static void waiter_entry(ULONG unused)
{
    (void)unused;
    story->wait();
}

static void expired(ULONG unused)
{
    (void)unused;
}

static void create(void)
{
    static const UINT priorities[WAITERS] = {8, 12};
    tx_semaphore_create(&S, (CHAR *)"S", 0);
    tx_mutex_create(&M, (CHAR *)"M", TX_INHERIT);
    tx_queue_create(&Q, (CHAR *)"Q", TX_1_ULONG, queue_memory, sizeof queue_memory);
    tx_event_flags_create(&E, (CHAR *)"E");
    tx_block_pool_create(&B, (CHAR *)"B", 16, pool_memory, sizeof pool_memory);
    tx_byte_pool_create(&Y, (CHAR *)"Y", byte_memory, sizeof byte_memory);
    tx_timer_create(&I, (CHAR *)"I", expired, 0, 1, 1, TX_NO_ACTIVATE);
    story->prepare();
    for (unsigned n = 0; n < WAITERS && story->wait; n++)
        tx_thread_create(&waiter[n], (CHAR *)"waiter", waiter_entry, 0, stacks[n], sizeof stacks[n],
                         priorities[n], priorities[n], TX_NO_TIME_SLICE, TX_AUTO_START);
    if (story->wait)
        tx_thread_sleep(1); /* until both wait */
}

static void destroy(void)
{
    for (unsigned n = 0; n < WAITERS && story->wait; n++) {
        tx_thread_terminate(&waiter[n]);
        tx_thread_delete(&waiter[n]);
    }
    tx_timer_delete(&I);
    tx_semaphore_delete(&S);
    tx_mutex_delete(&M);
    tx_queue_delete(&Q);
    tx_event_flags_delete(&E);
    tx_block_pool_delete(&B);
    tx_byte_pool_delete(&Y);
}

/* False: the service had returned before the interrupt came. */
static unsigned call_with_interrupt_after(unsigned cycles)
{
    create();
    came = 0;
    TIM5(ARR) = cycles;
    TIM5(EGR) = 1;
    TIM5(CR1) = ONE_PULSE;
    story->call();
    unsigned within = came;
    TIM5(CR1) = STOPPED;
    TIM5(SR) = 0;
    __asm__ volatile("dsb" ::: "memory");
    NVIC_ICPR1 = 1u << (50 - 32);
    check();
    destroy();
    check();
    return within;
}

static void print_number(ULONG number)
{
    char digits[12];
    unsigned i = sizeof digits - 1;
    digits[i] = 0;
    do
        digits[--i] = (char)('0' + number % 10u);
    while ((number /= 10u) != 0);
    console_print(&digits[i]);
}

static void runner_entry(ULONG unused)
{
    ULONG stops = 0;
    (void)unused;
    for (story = stories; story != stories + sizeof stories / sizeof *stories; story++)
        for (unsigned n = 0; n < sizeof disturbances / sizeof *disturbances; n++) {
            unsigned cycles = 1;
            disturb = disturbances[n];
            while (cycles < CYCLES_MAX && call_with_interrupt_after(cycles))
                cycles++;
            stops += cycles - 1;
            expect(cycles > 20 && cycles < CYCLES_MAX, "length");
        }
    print_number(stops);
    console_print(" stops, ");
    print_number(failures);
    console_print(" failed\n");
    program_end(failures);
}

static void passer_entry(ULONG unused)
{
    (void)unused;
    for (;;)
        software_interrupt_raise(_tx_timer_interrupt);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    RCC_APB1LENR |= 1u << 3;
    (void)RCC_APB1LENR;
    TIM5(CR1) = STOPPED;
    TIM5(DIER) = 1;
    NVIC_IPR50 = 0x40;
    NVIC_ISER1 = 1u << (50 - 32);
    tx_thread_create(&runner, (CHAR *)"runner", runner_entry, 0, stacks[2], sizeof stacks[2], 10,
                     10, TX_NO_TIME_SLICE, TX_AUTO_START);
    tx_thread_create(&passer, (CHAR *)"passer", passer_entry, 0, stacks[3], sizeof stacks[3], 30,
                     30, TX_NO_TIME_SLICE, TX_AUTO_START);
}

void tx_port_fault(const TX_PORT_FAULT *fault)
{
    console_print(story->name);
    console_print(fault->thread_name ? ": fault in a thread\n" : ": fault in a handler\n");
    program_end(1);
}

int main(void)
{
    tx_kernel_enter();
}
