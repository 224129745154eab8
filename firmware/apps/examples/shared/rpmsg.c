#include "shared/rpmsg.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"

#ifdef DUET_STM32H7_CORE_M7
enum { OWN_BELL = HSEM_RINGS_CM7, PEER_BELL = HSEM_RINGS_CM4, OWN_IRQ = IRQ_HSEM_CM7 };
#else
enum { OWN_BELL = HSEM_RINGS_CM4, PEER_BELL = HSEM_RINGS_CM7, OWN_IRQ = IRQ_HSEM_CM4 };
#endif

/* One for both cores: what statistics call latency is from one core to the other. */
static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

static const struct duet_stm32h7 chip = {
    .own = OWN_BELL,
    .peer = PEER_BELL,
    .microseconds = microseconds,
    .sleep = 1,
};
const struct duet_port rpmsg_port = DUET_STM32H7_PORT(hsem, chip);

static volatile uint32_t rings;

void hsem_handler(void);

void hsem_handler(void)
{
    duet_stm32h7_acknowledge_hsem(&rpmsg_port);
    rings = rings + 1;
}

void rpmsg_start(void)
{
    static const struct duet_memory memory = {.port = &rpmsg_port, .policy = DUET_NON_CACHEABLE};
    example_start();
    timer_join(TIMER_CM7);
    duet_statistics_open(&RPMSG_STATISTICS->sent, &memory);
    duet_statistics_open(&RPMSG_STATISTICS->received, &memory);
    duet_stm32h7_start_hsem(&chip);
    irq_enable(OWN_IRQ, 5);
}

void rpmsg_sleep(void)
{
    static uint32_t seen;
    uint32_t primask = interrupts_mask();
    if (rings == seen)
        wait_for_interrupt(); /* a pending interrupt ends it although masked */
    interrupts_restore(primask);
    seen = rings;
}
