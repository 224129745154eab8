// How many instructions a Cortex-M4 needs for one send and one receive, each number the difference of
// two counts of QEMU's clock at one instruction a nanosecond. tools/ipc_instructions.sh builds and runs it.
#include "duet/message_buffer.h"

void *memset(void *to, int value, size_t count);
void reset(void);

#define CMSDK_TIMER0 0x40000000u // MPS2: counts down at 25 MHz
#define ROUNDS       4000u       // 40 instructions a tick: the rounds make it exact enough

static volatile uint32_t *const timer = (volatile uint32_t *)CMSDK_TIMER0;

static void nothing(const struct duet_port *port)
{
    (void)port;
}

static uint32_t no_clock(const struct duet_port *port)
{
    (void)port;
    return 0;
}

static const struct duet_port port = {.core = 1, .notify = nothing, .clock = no_clock};

static struct duet_ring_shared shared;
static uint8_t data[1024] __attribute__((aligned(32)));
static StaticMessageBuffer_t sender, receiver;
static struct duet_ring producer, consumer;
static const struct duet_ring_config config = {
    .memory = {.port = &port}, .shared = &shared, .data = data, .size = sizeof(data)};
static uint8_t message[512];

// What the compiler asks of every environment.
void *memset(void *to, int value, size_t count)
{
    for (volatile uint8_t *at = to; count--; at++)
        *at = (uint8_t)value;
    return to;
}

static void write_text(const char *text)
{
    register uint32_t operation __asm("r0") = 4; // SYS_WRITE0
    register const char *argument __asm("r1") = text;

    __asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
}

static void write_number(uint32_t number)
{
    char text[12];
    int at = 11;

    text[at] = 0;
    do
        text[--at] = (char)('0' + number % 10);
    while (number /= 10);
    write_text(text + at);
}

static void ring_round(uint32_t size)
{
    duet_ring_send(&producer, message, size);
    duet_ring_receive(&consumer, message, sizeof(message));
}

static void buffer_round(uint32_t size)
{
    xMessageBufferSend(&sender, message, size, 0);
    xMessageBufferReceive(&receiver, message, sizeof(message), 0);
}

static void empty_round(uint32_t size)
{
    __asm volatile("" ::"r"(size));
}

static uint32_t count(void (*round)(uint32_t), uint32_t size)
{
    uint32_t start = timer[1];

    for (uint32_t i = 0; i < ROUNDS; i++)
        round(size);
    return start - timer[1];
}

static void report(const char *name, void (*round)(uint32_t), uint32_t size)
{
    uint32_t ticks = count(round, size) - count(empty_round, size);

    write_text(name);
    write_text(" ");
    write_number(size);
    write_text(" ");
    write_number((ticks * 40 + ROUNDS / 2) / ROUNDS);
    write_text("\n");
}

int main(void)
{
    static const uint32_t sizes[] = {1, 16, 64, 256, 496};

    timer[2] = 0xFFFFFFFFu; // RELOAD
    timer[1] = 0xFFFFFFFFu; // VALUE
    timer[0] = 1;           // CTRL.EN
    duet_ring_open_producer(&producer, &config);
    duet_ring_open_consumer(&consumer, &config);
    for (int i = 0; i < 4; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
    for (uint32_t i = 0; i < 5; i++)
        report("ring", ring_round, sizes[i]);
    shared = (struct duet_ring_shared){0};
    xMessageBufferCreateShared(&config, DUET_SENDER, &sender, NULL, NULL);
    xMessageBufferCreateShared(&config, DUET_RECEIVER, &receiver, NULL, NULL);
    for (int i = 0; i < 4; i++) {
        xStreamBufferBytesAvailable(&sender);
        xStreamBufferBytesAvailable(&receiver);
    }
    for (uint32_t i = 0; i < 5; i++)
        report("message-buffer", buffer_round, sizes[i]);
    return 0;
}

void reset(void)
{
    main();

    register uint32_t operation __asm("r0") = 0x18; // SYS_EXIT
    register uint32_t argument __asm("r1") = 0x20026;

    __asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
    for (;;)
        continue;
}

extern uint32_t stack_top;

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {&stack_top,
                                                                                 (void *)reset};
