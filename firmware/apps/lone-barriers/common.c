#include "chip/cortex_m.h"
#include "lone-barriers/lone-barriers.h"

#ifdef DUET_STM32H7_CORE_M7
enum { ME, OTHER, OWN = 1, PEER = 0, CYCLES_PER_US = 400 };
#else
enum { OTHER, ME, OWN = 0, PEER = 1, CYCLES_PER_US = 200 };
#endif

const struct duet_stm32h7 hsem_chip = {
    .own = OWN, .peer = PEER, .microseconds = example_microseconds, .sleep = 1};
const struct duet_stm32h7 exti_chip = {
    .own = OWN, .peer = PEER, .microseconds = example_microseconds, .sleep = 1};
const struct duet_port hsem_port = DUET_STM32H7_PORT(hsem, hsem_chip);
const struct duet_port exti_port = DUET_STM32H7_PORT(exti, exti_chip);
const struct duet_port sev_port = DUET_STM32H7_PORT(sev, exti_chip);

void pass(uint32_t microseconds)
{
    uint32_t cycles = microseconds * CYCLES_PER_US;
    for (uint32_t start = example_cycles(); example_cycles() - start < cycles;)
        continue;
}

void meet(void)
{
    uint32_t turn = MAP->turn[ME] + 1;
    data_sync_barrier();
    MAP->turn[ME] = turn;
    while (MAP->turn[OTHER] < turn)
        continue;
    data_sync_barrier();
}
