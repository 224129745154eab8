#include "lone-barriers/rpmsg.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

#ifdef DUET_STM32H7_CORE_M7
enum { IS_M7 = 1, OWN_ISR = HSEM_C1ISR, OWN_ICR = HSEM_C1ICR };
#else
enum { IS_M7 = 0, OWN_ISR = HSEM_C2ISR, OWN_ICR = HSEM_C2ICR };
#endif

static struct duet_rpmsg rpmsg;
static struct duet_endpoint endpoint;
static uint32_t received, clock_calls;

/* The second look at the clock takes long: it is between the question for a buffer and the wait. */
static uint32_t slow_clock(void)
{
    if (++clock_calls == 2)
        pass(8);
    return example_microseconds();
}

static void hear(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    (void)from, (void)data, (void)length, (void)source;
    received++;
}

static void open_rpmsg(void)
{
    static struct duet_stm32h7 chip;
    static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);
#ifdef DUET_STM32H7_CORE_M7
    static const struct duet_rpmsg_layout layout = {0, 0x200, 0x400, 4, 2, 64};
    static const struct duet_rpmsg_config config = RPMSG_CONFIG(&port, &duet_rpmsg_host, &layout);
#else
    static const struct duet_rpmsg_config config = RPMSG_CONFIG(&port, &duet_rpmsg_remote, NULL);
#endif
    chip = hsem_chip;
    chip.sleep = 0;
    chip.microseconds = slow_clock;
    meet();
    if (!IS_M7) {
        duet_rpmsg_forget(&config);
        MAP->flag[4] = 1;
    }
    while (IS_M7 && !MAP->flag[4])
        continue;
    data_memory_barrier();
    must(duet_rpmsg_open(&rpmsg, &config), "RPMsg");
    must(duet_rpmsg_create_endpoint(&rpmsg, &endpoint, NULL, OWN_ADDRESS, OWN_ADDRESS, hear),
         "the endpoint");
    while (!duet_rpmsg_is_up(&rpmsg))
        duet_rpmsg_poll(&rpmsg);
}

static void send(void)
{
    static const uint32_t message[MESSAGE_BYTES / 4];
    must(duet_rpmsg_send_to(&endpoint, OWN_ADDRESS, message, sizeof message, 100000), "a message");
}

/* No buffer is left but the one that lies at the other core. It comes back, or a kick, at once. */
static void ask_for_buffer(void)
{
    uint32_t capacity;
    void *kept = duet_rpmsg_get_buffer(&endpoint, &capacity, 0);
    send();
    reg_write(OWN_ICR, BIT(hsem_chip.own));
    clock_calls = 0;
    meet();
    if (!IS_M7)
        pass(2);
    uint32_t start = example_cycles();
    send();
    uint32_t passed = example_cycles() - start;
    bool kicked = reg_read(OWN_ISR) & BIT(hsem_chip.own);
    say("%s", kicked || (!IS_M7 && passed < 1600) ? "a buffer" : "nobody told of the buffer");
    must(duet_rpmsg_drop_buffer(&endpoint, kept), "the buffer that was kept");
}

static void give_buffer_back(void)
{
    uint32_t before = received;
    meet();
    if (!IS_M7)
        pass(2);
    while (received == before)
        duet_rpmsg_poll(&rpmsg);
    pass(20);
    while (received < before + 2)
        duet_rpmsg_poll(&rpmsg);
}

void rpmsg_steps(void)
{
    open_rpmsg();
    if (IS_M7)
        give_buffer_back();
    else
        ask_for_buffer();
    meet();
    if (IS_M7)
        ask_for_buffer();
    else
        give_buffer_back();
    meet();
}
