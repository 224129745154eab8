/*
 * Data watchpoint and trace unit (ARMv7-M ARM C1.8). CYCCNT counts; the comparators and the profiling
 * counters hold what is written and match nothing, for no debugger is attached.
 */
#include "sim/cpu/system.h"

enum {
    DWT_CTRL = 0xE0001000u,
    DWT_CYCCNT = 0xE0001004u,
    DWT_CPICNT = 0xE0001008u,
    DWT_FOLDCNT = 0xE0001018u,
    DWT_PCSR = 0xE000101Cu,
    DWT_COMP0 = 0xE0001020u,
    DWT_COMP_END = 0xE0001060u,
    DWT_LAR = 0xE0001FB0u,
    DWT_LSR = 0xE0001FB4u,
    DWT_ID = 0xE0001FD0u,
    DWT_END = 0xE0002000u,
};
#define CTRL_RESET     (DWT_COMPARATORS << 28)
#define CTRL_WRITABLE  0x007f1fffu
#define CTRL_CYCCNTENA 1u
#define LAR_KEY        0xC5ACCE55u
#define FUNCTION_BITS  0x000ffdafu
#define MASK_BITS      0x1fu

static uint32_t awake_cycles(const struct cpu *cpu)
{
    return (uint32_t)(cpu->cycles - cpu->asleep_cycles);
}

static uint32_t cycle_count(const struct cpu *cpu)
{
    const struct dwt *dwt = &cpu->system->dwt;
    return dwt->cycle_base + (dwt->running ? awake_cycles(cpu) : 0);
}

static void set_cycle_count(struct cpu *cpu, uint32_t value)
{
    struct dwt *dwt = &cpu->system->dwt;
    dwt->cycle_base = value - (dwt->running ? awake_cycles(cpu) : 0);
}

void dwt_update(struct cpu *cpu)
{
    struct dwt *dwt = &cpu->system->dwt;
    uint32_t count = cycle_count(cpu);
    dwt->running = (cpu->system->demcr & DEMCR_TRCENA) && (dwt->ctrl & CTRL_CYCCNTENA);
    set_cycle_count(cpu, count);
}

static uint32_t read_id(const struct cpu *cpu, uint32_t address)
{
    static const uint8_t ids[12] = {0x04, 0, 0, 0, 0x02, 0xb0, 0x3b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    uint32_t value = ids[(address - DWT_ID) / 4];
    bool m7 = cpu->config.model == CPU_CORTEX_M7;
    return m7 && address == 0xE0001FE8u ? 0x0b : value;
}

bool dwt_read(struct cpu *cpu, uint32_t address, uint32_t *value)
{
    const struct dwt *dwt = &cpu->system->dwt;

    if (address < DWT_CTRL || address >= DWT_END)
        return false;
    *value = 0;
    if (address == DWT_CTRL)
        *value = dwt->ctrl | CTRL_RESET;
    else if (address == DWT_CYCCNT)
        *value = cycle_count(cpu);
    else if (address >= DWT_CPICNT && address <= DWT_FOLDCNT)
        *value = dwt->counter[(address - DWT_CPICNT) / 4];
    else if (address == DWT_PCSR)
        *value = cpu->r[15];
    else if (address >= DWT_COMP0 && address < DWT_COMP_END && (address & 15) != 12)
        *value = dwt->comparator[(address - DWT_COMP0) / 16][(address & 15) / 4];
    else if (address == DWT_LSR && cpu->config.model == CPU_CORTEX_M7)
        *value = dwt->unlocked ? 1 : 3;
    else if (address >= DWT_ID)
        *value = read_id(cpu, address);
    return true;
}

static void write_comparator(struct dwt *dwt, uint32_t address, uint32_t value)
{
    static const uint32_t writable[3] = {0xffffffffu, MASK_BITS, FUNCTION_BITS};
    unsigned which = (address & 15) / 4;
    if (which < 3)
        dwt->comparator[(address - DWT_COMP0) / 16][which] = value & writable[which];
}

/* The M7's unit ignores software's writes until it is unlocked; the M4's has no lock. */
bool dwt_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct dwt *dwt = &cpu->system->dwt;

    if (address < DWT_CTRL || address >= DWT_END)
        return false;
    if (address == DWT_LAR) {
        dwt->unlocked = value == LAR_KEY;
    } else if (cpu->config.model == CPU_CORTEX_M7 && !dwt->unlocked) {
        report_unpredictable(cpu, "write to the DWT while it is locked (DWT_LAR)");
    } else if (address == DWT_CTRL) {
        dwt->ctrl = value & CTRL_WRITABLE;
        dwt_update(cpu);
    } else if (address == DWT_CYCCNT) {
        set_cycle_count(cpu, value);
    } else if (address >= DWT_CPICNT && address <= DWT_FOLDCNT) {
        dwt->counter[(address - DWT_CPICNT) / 4] = value & 0xff;
    } else if (address >= DWT_COMP0 && address < DWT_COMP_END) {
        write_comparator(dwt, address, value);
    }
    return true;
}
