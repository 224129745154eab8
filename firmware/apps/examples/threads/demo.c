/* The eight threads, and what joins the cores. */
#include "threads/threads.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/notify.h"
#include "threads/ipc_wait.h"

#ifdef DUET_STM32H7_CORE_M7
enum { OWN_BELL = HSEM_RINGS_CM7, PEER_BELL = HSEM_RINGS_CM4, OWN_IRQ = IRQ_HSEM_CM7 };
enum { OWN_END = DUET_SENDER };
#else
enum { OWN_BELL = HSEM_RINGS_CM4, PEER_BELL = HSEM_RINGS_CM7, OWN_IRQ = IRQ_HSEM_CM4 };
enum { OWN_END = DUET_RECEIVER };
#endif
enum { STACK_BYTES = 1024, NINTH_STACK_BYTES = 4096, MESSAGES = 100, LINE_COUNTERS = 0 };

struct map {
    struct duet_notify_shared notify;
    struct duet_ring_shared ends;
    uint8_t bytes[256];
};
#define MAP ((struct map *)SHARED_BASE)

MessageBufferHandle_t counters_buffer;
volatile uint32_t counters[DEMO_THREADS];
volatile uint32_t demo_failures;
volatile bool demo_over;

static const struct duet_stm32h7 chip = {
    .own = OWN_BELL, .peer = PEER_BELL, .microseconds = example_microseconds};
static const struct duet_port chip_port = DUET_STM32H7_PORT(hsem, chip);
static struct duet_port port;
static struct duet_notify_config notify_config;
static struct duet_notify notify;
static StaticMessageBuffer_t buffer_storage;

static TX_THREAD threads[DEMO_THREADS], ninth_thread;
static TX_QUEUE queue;
static TX_SEMAPHORE semaphore;
static TX_MUTEX mutex;
static TX_EVENT_FLAGS_GROUP flags;
static ULONG queue_memory[MESSAGES];
static uint8_t stacks[DEMO_THREADS][STACK_BYTES] __attribute__((aligned(8)));
static uint8_t ninth_stack[NINTH_STACK_BYTES] __attribute__((aligned(8)));
static void (*demo_ninth)(ULONG);
static volatile bool is_running;

void hsem_handler(void);
void example_ticked(void);

void hsem_handler(void)
{
    duet_notify_interrupt(&notify);
    ipc_wait_rung();
}

/* The tick runs before the kernel does. */
void example_ticked(void)
{
    if (is_running)
        _tx_timer_interrupt();
}

void demo_check(bool holds)
{
    if (!holds)
        demo_failures = demo_failures + 1;
}

static void count(ULONG which)
{
    counters[which] = counters[which] + 1;
}

/* Wakes thread 5 every 10 ticks; ends the demonstration. */
static void conductor(ULONG self)
{
    while (tx_time_get() < DEMO_TICKS) {
        count(self);
        demo_check(tx_thread_sleep(10) == TX_SUCCESS);
        demo_check(tx_event_flags_set(&flags, 1, TX_OR) == TX_SUCCESS);
    }
    for (unsigned n = 1; n < DEMO_THREADS; n++)
        tx_thread_terminate(&threads[n]);
    demo_over = true;
}

static void sender(ULONG self)
{
    for (ULONG message = 0;; message++) {
        count(self);
        demo_check(tx_queue_send(&queue, &message, TX_WAIT_FOREVER) == TX_SUCCESS);
    }
}

static void receiver(ULONG self)
{
    ULONG message;
    for (ULONG expected = 0;; expected++) {
        count(self);
        demo_check(tx_queue_receive(&queue, &message, TX_WAIT_FOREVER) == TX_SUCCESS);
        demo_check(message == expected);
    }
}

static void semaphore_user(ULONG self)
{
    for (;;) {
        count(self);
        demo_check(tx_semaphore_get(&semaphore, TX_WAIT_FOREVER) == TX_SUCCESS);
        demo_check(tx_thread_sleep(2) == TX_SUCCESS);
        demo_check(tx_semaphore_put(&semaphore) == TX_SUCCESS);
    }
}

static void flags_user(ULONG self)
{
    ULONG actual;
    for (;;) {
        count(self);
        demo_check(tx_event_flags_get(&flags, 1, TX_OR_CLEAR, &actual, TX_WAIT_FOREVER) ==
                   TX_SUCCESS);
        demo_check(actual == 1);
    }
}

static void mutex_user(ULONG self)
{
    for (;;) {
        count(self);
        demo_check(tx_mutex_get(&mutex, TX_WAIT_FOREVER) == TX_SUCCESS);
        demo_check(tx_mutex_get(&mutex, TX_WAIT_FOREVER) == TX_SUCCESS);
        demo_check(tx_thread_sleep(2) == TX_SUCCESS);
        demo_check(tx_mutex_put(&mutex) == TX_SUCCESS);
        demo_check(tx_mutex_put(&mutex) == TX_SUCCESS);
    }
}

static void create_threads(void)
{
    static const struct {
        void (*entry)(ULONG);
        UINT priority, threshold;
        ULONG time_slice;
    } plan[DEMO_THREADS] = {
        {conductor, 1, 1, 0},      {sender, 16, 16, 4},       {receiver, 16, 16, 4},
        {semaphore_user, 8, 8, 0}, {semaphore_user, 8, 8, 0}, {flags_user, 4, 4, 0},
        {mutex_user, 8, 8, 0},     {mutex_user, 8, 8, 0},
    };
    for (unsigned n = 0; n < DEMO_THREADS; n++)
        demo_check(tx_thread_create(&threads[n], (CHAR *)"demo", plan[n].entry, n, stacks[n],
                                    sizeof stacks[n], plan[n].priority, plan[n].threshold,
                                    plan[n].time_slice, TX_AUTO_START) == TX_SUCCESS);
    demo_check(tx_thread_create(&ninth_thread, (CHAR *)"ninth", demo_ninth, 0, ninth_stack,
                                sizeof ninth_stack, 0, 0, 0, TX_AUTO_START) == TX_SUCCESS);
}

static void join_cores(void)
{
    ipc_wait_port(&port, &chip_port);
    struct duet_memory memory = {.port = &port, .policy = DUET_NON_CACHEABLE};
    notify_config = (struct duet_notify_config){.memory = memory, .shared = &MAP->notify};
    must(duet_notify_open(&notify, &notify_config), "the notification");
    struct duet_ring_config ring = {
        .memory = memory,
        .shared = &MAP->ends,
        .data = MAP->bytes,
        .size = sizeof MAP->bytes,
        .notify = &notify,
        .line = LINE_COUNTERS,
    };
    counters_buffer = xMessageBufferCreateShared(&ring, OWN_END, &buffer_storage, NULL, NULL);
}

VOID tx_application_define(VOID *unused)
{
    (void)unused;
    join_cores();
    tx_queue_create(&queue, (CHAR *)"queue", TX_1_ULONG, queue_memory, sizeof queue_memory);
    tx_semaphore_create(&semaphore, (CHAR *)"semaphore", 1);
    tx_event_flags_create(&flags, (CHAR *)"flags");
    tx_mutex_create(&mutex, (CHAR *)"mutex", TX_NO_INHERIT);
    create_threads();
    irq_enable(OWN_IRQ, 5);
    is_running = true;
}

void demo_start(void (*ninth)(ULONG))
{
    demo_ninth = ninth;
    example_start();
    duet_stm32h7_start_hsem(&chip);
    tx_kernel_enter();
    example_end();
}
