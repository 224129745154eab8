#include "shared/load.h"

#include "chip/cortex_m.h"

void load_start(struct load *load, enum timer timer, uint32_t clock_mhz)
{
    *load = (struct load){.timer = timer, .clock_mhz = clock_mhz};
    load_permille(load, &(uint64_t){0});
}

uint32_t load_permille(struct load *load, uint64_t *passed_cycles)
{
    uint32_t now_us = timer_microseconds(load->timer), now_cycles = reg_read(DWT_CYCCNT);
    uint64_t passed = (uint64_t)(now_us - load->at_us) * load->clock_mhz;
    uint64_t awake = now_cycles - load->cycles;
    *passed_cycles = passed;
    load->at_us = now_us;
    load->cycles = now_cycles;
    if (!passed || awake > passed)
        return passed ? 1000 : 0;
    return (uint32_t)(awake * 1000 / passed);
}
