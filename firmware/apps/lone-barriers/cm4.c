/* The M4 listens. */
#include "chip/boot.h"
#include "chip/cortex_m.h"
#include "chip/interrupts.h"
#include "chip/stm32h747.h"
#include "lone-barriers/rpmsg.h"

/* What the start-up switched on is used at once. */
static void use_fp(void)
{
    static volatile float half = 0.5f;
    half = half * half;
}

static volatile uint32_t interruptions;

void exti1_handler(void)
{
    interruptions = interruptions + 1;
}

/* An interrupt is let in and shut out again: behind that it does not come. */
static void shut_out(void)
{
    uint32_t bit = BIT(IRQ_EXTI1 % 32), word = 4 * (IRQ_EXTI1 / 32);
    uint32_t primask = interrupts_mask();
    irq_enable(IRQ_EXTI1, 5);
    reg_write(NVIC_ISPR + word, bit);
    data_sync_barrier();
    instruction_sync_barrier();
    interrupts_restore(primask);
    irq_disable(IRQ_EXTI1);
    uint32_t before = interruptions;
    pass(5);
    say("shut out: %lu came later", (unsigned long)(interruptions - before));
    reg_write(NVIC_ICPR + word, bit);
}

static void wait_for_flag(unsigned n)
{
    while (!MAP->flag[n])
        continue;
    data_memory_barrier();
}

static void hear_cleans(void)
{
    meet();
    wait_for_flag(0);
    uint32_t first = CACHED[0];
    meet();
    wait_for_flag(1);
    say("cleaned: %lu and %lu", (unsigned long)first, (unsigned long)CACHED[24]);
}

/* Looks right behind the acknowledgement. */
static uint32_t heard(const struct duet_port *port, uint32_t status, unsigned step)
{
    while (!(reg_read(status) & 1))
        continue;
    port->acknowledge(port);
    return MAP->data[step];
}

static void hear_rings(void)
{
    meet();
    uint32_t by_hsem = heard(&hsem_port, HSEM_C2ISR, 0);
    meet();
    uint32_t by_exti = heard(&exti_port, EXTI_C2PR1, 1);
    wait_for_event(); /* whatever event there was */
    meet();
    sev_port.wait(&sev_port, 0);
    say("heard: %lu by HSEM, %lu by EXTI, %lu by SEV", (unsigned long)by_hsem,
        (unsigned long)by_exti, (unsigned long)MAP->data[2]);
}

static void sleep_by_port(const struct duet_port *port, uint32_t number)
{
    MAP->sleeps = number;
    port->wait(port, 0);
}

/* Four sleeps, by the port's functions and by the chip's, each from right behind the store. */
static void sleep_in_turn(void)
{
    uint32_t primask = interrupts_mask();
    reg_clear(SYST_CSR, SYST_CSR_ENABLE);
    irq_enable(IRQ_HSEM_CM4, 5);
    meet();
    sleep_by_port(&hsem_port, 1);
    hsem_port.acknowledge(&hsem_port);
    meet();
    reg_write(NVIC_ICPR + 4 * (IRQ_HSEM_CM4 / 32), BIT(IRQ_HSEM_CM4 % 32));
    sleep_by_port(&sev_port, 2);
    meet();
    MAP->sleeps = 3;
    wait_for_interrupt();
    hsem_port.acknowledge(&hsem_port);
    meet();
    MAP->sleeps = 4;
    wait_for_event();
    meet();
    reg_write(NVIC_ICPR + 4 * (IRQ_HSEM_CM4 / 32), BIT(IRQ_HSEM_CM4 % 32));
    irq_disable(IRQ_HSEM_CM4);
    reg_set(SYST_CSR, SYST_CSR_ENABLE);
    interrupts_restore(primask);
    say("slept and woke");
}

/* A port that leaves all of the order to the library. */
static void silence(const struct duet_port *port)
{
    (void)port;
    reg_write(HSEM_C2ICR, BIT(hsem_chip.own));
}

static struct duet_notify notify;

static void hear_raise(void)
{
    static struct duet_port bare;
    static struct duet_notify_config config = {
        .memory = {.port = &bare, .policy = DUET_NON_CACHEABLE}, .shared = &MAP->notify};
    bare = hsem_port;
    bare.acknowledge = silence;
    must(duet_notify_open(&notify, &config), "the notification");
    meet();
    (void)duet_notify_take(&notify, UINT32_MAX);
    silence(&bare);
    meet();
    while (!(reg_read(HSEM_C2ISR) & BIT(hsem_chip.own)))
        continue;
    duet_notify_interrupt(&notify);
    say("raised: %lu", (unsigned long)duet_notify_take(&notify, BIT(LINE_RAISED)));
    meet();
}

static void store_then_look(void)
{
    static const struct duet_ring_config config = BACK_CONFIG(&notify);
    static struct duet_ring back;
    uint32_t word = 1;
    must(duet_ring_open_producer(&back, &config), "the ring back");
    while (duet_ring_used(&back) < 0)
        continue;
    while (duet_ring_send(&back, &word, sizeof word) > 0)
        continue;
    (void)duet_notify_take(&notify, BIT(LINE_BACK));
    meet();
    pass(2);
    duet_ring_set_wake(&back, sizeof word + DUET_RING_LENGTH_BYTES);
    bool sent = duet_ring_send(&back, &word, sizeof word) > 0;
    meet();
    say("%s", sent || duet_notify_take(&notify, BIT(LINE_BACK)) ? "room" : "no room");
    meet();
    pass(2);
    must(duet_ring_send(&back, &word, sizeof word), "a message");
    meet();
}

static void hear_stream(void)
{
    static const struct duet_ring_config config = {
        .memory = {.port = &hsem_port, .policy = DUET_NON_CACHEABLE},
        .shared = &MAP->ends,
        .data = MAP->bytes,
        .size = RING_BYTES,
    };
    static struct duet_ring ring;
    uint32_t wrong = 0, taken = 0;
    must(duet_ring_open_consumer(&ring, &config), "the ring");
    while (taken < 20 * CHUNK) {
        uint8_t bytes[8];
        int length = duet_ring_read(&ring, bytes, sizeof bytes);
        for (int n = 0; n < length; n++)
            wrong += bytes[n] != taken++ % CHUNK + 1;
    }
    say("a stream, %lu bytes wrong", (unsigned long)wrong);
}

static void hear_copy(void)
{
    uint32_t wrong = 0;
    meet();
    wait_for_flag(2);
    for (uint32_t n = 0; n < BLOCK_WORDS; n++)
        wrong += MAP->moved[n] != n + 1;
    say("a copy, %lu words wrong", (unsigned long)wrong);
}

static void put_position(void)
{
    meet();
    *(volatile uint32_t *)&CACHED_ENDS->producer.position = 16;
    meet();
    meet();
    console_flush(); /* what the M7 said of it, before it starts again */
}

static void hear_release(void)
{
    reg_set(HSEM_C2IER, BIT(HSEM_START_BELL));
    reg_write(HSEM_C2ICR, BIT(HSEM_START_BELL)); /* as it rang at the start */
    meet();
    while (!(reg_read(HSEM_C2ISR) & BIT(HSEM_START_BELL)))
        continue;
    say("released: %lu", (unsigned long)MAP->data[3]);
    console_flush();
}

int main(void)
{
    use_fp();
    example_start();
    if (MAP->restarts)
        example_end();
    shut_out();
    duet_stm32h7_start_hsem(&hsem_chip);
    duet_stm32h7_start_exti(&exti_chip);
    reg_set(EXTI_C2EMR3, BIT(80 - 64)); /* the event of the M7's SEV */
    hear_cleans();
    hear_rings();
    sleep_in_turn();
    hear_raise();
    store_then_look();
    meet();
    hear_stream();
    hear_copy();
    rpmsg_steps();
    hear_release();
    put_position();
    meet();
    example_end();
}
