/*
 * System control space: the table of its registers, and the private peripheral bus that leads to it
 * (ARMv7-M ARM B3.1.1, B3.2; Cortex-M7 TRM chapter 4).
 */
#include "sim/cpu/dcache.h"
#include "sim/cpu/scb.h"

enum {
    SCS_BASE = 0xE000E000u,
    SCS_END = 0xE000F000u,
    SYST_BASE = 0xE000E010u,
    SYST_END = 0xE000E020u,
    SHPR1 = 0xE000ED18u,
    SHPR_END = 0xE000ED24u,
    CFSR = 0xE000ED28u,
    MPU_BASE = 0xE000ED90u,
    MPU_END = 0xE000EDBCu,
    STIR = 0xE000EF00u,
    CACHE_BASE = 0xE000EF50u,
    CACHE_END = 0xE000EF7Cu,
    ICIALLU = 0xE000EF50u,
    ICIMVAU = 0xE000EF58u,
    DCIMVAC = 0xE000EF5Cu,
    BPIALL = 0xE000EF78u,
    EXTERNAL_PPB = 0xE0040000u,
};

static uint32_t read_shpr(const struct cpu *cpu, uint32_t address)
{
    const uint8_t *bytes = &cpu->system->priority[4 + (address & ~3u) - SHPR1];
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool shpr_exists(unsigned number)
{
    return (number >= EXCEPTION_MEMMANAGE && number <= EXCEPTION_USAGEFAULT) ||
           number == EXCEPTION_SVCALL || number == EXCEPTION_DEBUGMONITOR ||
           number == EXCEPTION_PENDSV || number == EXCEPTION_SYSTICK;
}

static void write_shpr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct system_state *system = cpu->system;
    unsigned first = 4 + (address & ~3u) - SHPR1;
    for (unsigned i = 0; i < 4; i++)
        if (shpr_exists(first + i))
            system->priority[first + i] = (uint8_t)(value >> 8 * i & system->priority_mask);
    active_priorities_changed(cpu);
}

/* Cache maintenance by address, set or all (B2.2.7). The registers read as zero. */
static void write_cache_operation(struct cpu *cpu, uint32_t address, uint32_t value)
{
    if (cpu->config.model != CPU_CORTEX_M7)
        return;
    if (address == ICIALLU || address == ICIMVAU) {
        trace(cpu, CPU_TRACE_CACHE_OPERATION, address, value);
        cpu->system->icache_invalidated |= address == ICIALLU;
        if (address == ICIALLU)
            isa_invalidate_code(cpu);
        else
            isa_invalidate_line(cpu, value);
    } else if (address >= DCIMVAC && address < BPIALL) {
        dcache_maintain(cpu, address, value);
    }
}

bool scs_read(struct cpu *cpu, uint32_t address, bool peek, uint32_t *value)
{
    *value = 0;
    if (address >= SYST_BASE && address < SYST_END)
        *value = systick_read(cpu, address, peek);
    else if (nvic_covers(address))
        *value = nvic_read(cpu, address, 4);
    else if (address >= SHPR1 && address < SHPR_END)
        *value = read_shpr(cpu, address);
    else if (address >= MPU_BASE && address < MPU_END)
        *value = mpu_read(cpu, address);
    else
        return scb_read(cpu, address, peek, value);
    return true;
}

bool scs_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    if (address >= SYST_BASE && address < SYST_END)
        systick_write(cpu, address, value);
    else if (nvic_covers(address))
        nvic_write(cpu, address, 4, value);
    else if (address >= SHPR1 && address < SHPR_END)
        write_shpr(cpu, address, value);
    else if (address >= MPU_BASE && address < MPU_END)
        mpu_write(cpu, address, value);
    else if (address >= CACHE_BASE && address < CACHE_END)
        write_cache_operation(cpu, address, value);
    else if (address == STIR)
        software_trigger(cpu, value);
    else
        return scb_write(cpu, address, value);
    return true;
}

/* ---- Private peripheral bus ----------------------------------------------------------------- */

static uint32_t lane_mask(uint32_t address, unsigned size)
{
    uint32_t mask = size == 4 ? 0xffffffffu : (1u << 8 * size) - 1;
    return mask << 8 * (address & 3);
}

/* Unprivileged code reaches nothing but open stimulus ports and, if CCR lets it, STIR (B3.1.1). */
static bool unprivileged_may(const struct cpu *cpu, uint32_t address, bool write)
{
    if (write && (address & ~3u) == STIR)
        return cpu->system->ccr & CCR_USERSETMPEND;
    return itm_port_is_open(cpu, address);
}

static bool read_register(struct cpu *cpu, uint32_t address, bool peek, uint32_t *value)
{
    if (address >= SCS_BASE && address < SCS_END) {
        if (!peek)
            trace(cpu, CPU_TRACE_SYSTEM_READ, address, 0);
        scs_read(cpu, address, peek, value); /* the space's holes read as zero */
        return true;
    }
    return itm_read(cpu, address, value) || dwt_read(cpu, address, value) ||
           debug_unit_read(cpu, address, value);
}

static enum cpu_fault bus_fault_of(enum cpu_bus_status status)
{
    if (status == CPU_BUS_YIELD)
        return FAULT_YIELD;
    return status == CPU_BUS_ERROR ? FAULT_DATA_BUS : FAULT_NONE;
}

enum cpu_fault ppb_read(struct cpu *cpu, uint32_t address, unsigned size, bool privileged,
                        uint32_t *value)
{
    uint32_t word = 0;
    if (!privileged && !unprivileged_may(cpu, address, false))
        return FAULT_DATA_BUS;
    if (!read_register(cpu, address & ~3u, false, &word)) {
        if (address < EXTERNAL_PPB)
            return FAULT_DATA_BUS;
        return bus_fault_of(
            cpu->config.bus.read(cpu->config.bus.ctx, address, size, CPU_ACCESS_DATA, value));
    }
    *value = (word & lane_mask(address, size)) >> 8 * (address & 3);
    return FAULT_NONE;
}

/* Registers that are written one to clear, or set, by bits: other lanes are zero. All others of the
 * SCS are defined for words only; the other lanes keep their value. */
static bool lanes_are_zero(uint32_t address)
{
    return (address & ~3u) == CFSR || (address & ~3u) == STIR || address < SCS_BASE ||
           address >= SCS_END || (nvic_covers(address) && address < 0xE000E400u);
}

static uint32_t widen(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    uint32_t mask = lane_mask(address, size);
    uint32_t word = 0;
    if (size < 4 && !lanes_are_zero(address)) {
        if (!nvic_covers(address) && !(address >= SHPR1 && address < SHPR_END))
            report_unpredictable(cpu, "byte or halfword write to a word register of the SCS");
        scs_read(cpu, address & ~3u, true, &word);
    }
    return (word & ~mask) | (value << 8 * (address & 3) & mask);
}

static bool write_register(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    if (address >= SCS_BASE && address < SCS_END) {
        value = widen(cpu, address, size, value);
        trace(cpu, CPU_TRACE_SYSTEM_WRITE, address & ~3u, value);
        scs_write(cpu, address & ~3u, value);
        return true;
    }
    if (itm_write(cpu, address & ~3u, size, value))
        return true;
    value = widen(cpu, address, size, value);
    return dwt_write(cpu, address & ~3u, value) || debug_unit_write(cpu, address & ~3u, value);
}

enum cpu_fault ppb_write(struct cpu *cpu, uint32_t address, unsigned size, bool privileged,
                         uint32_t value)
{
    if (!privileged && !unprivileged_may(cpu, address, true))
        return FAULT_DATA_BUS;
    if (write_register(cpu, address, size, value))
        return FAULT_NONE;
    if (address < EXTERNAL_PPB)
        return FAULT_DATA_BUS;
    return bus_fault_of(
        cpu->config.bus.write(cpu->config.bus.ctx, address, size, CPU_ACCESS_DATA, value));
}

bool cpu_scs_peek(struct cpu *cpu, uint32_t address, uint32_t *value)
{
    *value = 0;
    if (address >= SCS_BASE && address < SCS_END)
        return scs_read(cpu, address & ~3u, true, value);
    return read_register(cpu, address & ~3u, true, value);
}
