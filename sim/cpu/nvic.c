/*
 * Nested vectored interrupt controller: pending, active, enabled and priority of all exceptions, and
 * the NVIC's registers (ARMv7-M ARM B1.5.4, B3.4).
 */
#include "sim/cpu/late.h"

enum {
    NVIC_ISER = 0xE000E100u,
    NVIC_ICER = 0xE000E180u,
    NVIC_ISPR = 0xE000E200u,
    NVIC_ICPR = 0xE000E280u,
    NVIC_IABR = 0xE000E300u,
    NVIC_IPR = 0xE000E400u,
    NVIC_END = 0xE000E500u,

};

#define BITMAP_OFFSET 0x7fu

int group_priority(const struct system_state *system, int priority)
{
    return priority < 0 ? priority : priority & ~((2 << system->prigroup) - 1);
}

int exception_priority(const struct system_state *system, unsigned number)
{
    switch (number) {
    case EXCEPTION_RESET:
        return PRIORITY_RESET;
    case EXCEPTION_NMI:
        return PRIORITY_NMI;
    case EXCEPTION_HARDFAULT:
        return PRIORITY_HARDFAULT;
    default:
        return system->priority[number];
    }
}

/* B1.5.4, ExecutionPriority(), with a PRIMASK of the caller's choice. */
static int priority_with(const struct cpu *cpu, uint32_t primask)
{
    const struct system_state *system = cpu->system;
    int priority = system->active_priority;
    int boosted = PRIORITY_NONE;

    if (cpu->basepri)
        boosted = group_priority(system, (int)cpu->basepri);
    if (primask)
        boosted = 0;
    if (cpu->faultmask)
        boosted = PRIORITY_HARDFAULT;
    return boosted < priority ? boosted : priority;
}

int execution_priority(const struct cpu *cpu)
{
    return priority_with(cpu, cpu->primask);
}

unsigned highest_pending(const struct system_state *system)
{
    unsigned best = 0;
    int best_priority = PRIORITY_NONE;

    for (unsigned word = 0; word < EXCEPTION_MAX / 32; word++) {
        uint32_t bits = system->pending[word] & system->enabled[word];
        for (; bits; bits &= bits - 1) {
            unsigned number = word * 32 + (unsigned)__builtin_ctz(bits);
            int priority = exception_priority(system, number);
            if (priority < best_priority) {
                best = number;
                best_priority = priority;
            }
        }
    }
    return best;
}

bool preempts(const struct cpu *cpu, uint32_t primask)
{
    const struct system_state *system = cpu->system;
    unsigned number = highest_pending(system);
    return number &&
           group_priority(system, exception_priority(system, number)) < priority_with(cpu, primask);
}

void priorities_changed(struct cpu *cpu)
{
    if (cpu->asleep)
        wake_if_due(cpu);
    if (preempts(cpu, cpu->primask))
        cpu->attention = true;
}

static void recompute_active_priority(struct system_state *system)
{
    int best = PRIORITY_NONE;
    for (unsigned word = 0; word < EXCEPTION_MAX / 32; word++)
        for (uint32_t bits = system->active[word]; bits; bits &= bits - 1) {
            unsigned number = word * 32 + (unsigned)__builtin_ctz(bits);
            int priority = exception_priority(system, number);
            if (priority < best)
                best = priority;
        }
    system->active_priority = best == PRIORITY_NONE ? best : group_priority(system, best);
}

void active_priorities_changed(struct cpu *cpu)
{
    recompute_active_priority(cpu->system);
    memory_context_changed(cpu);
    priorities_changed(cpu);
}

unsigned active_count(const struct system_state *system)
{
    unsigned count = 0;
    for (unsigned word = 0; word < EXCEPTION_MAX / 32; word++)
        count += (unsigned)__builtin_popcount(system->active[word]);
    return count;
}

void set_pending(struct cpu *cpu, unsigned number)
{
    struct system_state *system = cpu->system;
    if (bit_test(system->pending, number))
        return;
    bit_set(system->pending, number);
    if (system->scr & SCR_SEVONPEND) /* B1.5.18: entering the pending state, enabled or not */
        set_event_register(cpu);
    priorities_changed(cpu);
}

void clear_pending(struct cpu *cpu, unsigned number)
{
    bit_clear(cpu->system->pending, number);
}

void activate(struct cpu *cpu, unsigned number)
{
    bit_clear(cpu->system->pending, number);
    bit_set(cpu->system->active, number);
    recompute_active_priority(cpu->system);
}

/* An input that is still high at the end of its handler pends again (B3.4, level-sensitive). */
void deactivate(struct cpu *cpu, unsigned number)
{
    struct system_state *system = cpu->system;
    if (number >= EXCEPTION_MAX)
        return;
    bit_clear(system->active, number);
    if (bit_test(system->level, number))
        bit_set(system->pending, number);
    recompute_active_priority(system);
}

void cpu_set_irq(struct cpu *cpu, unsigned irq, bool level)
{
    unsigned number = EXCEPTION_IRQ0 + irq;
    if (irq >= cpu->config.irq_count || bit_test(cpu->system->level, number) == level)
        return;
    if (!level) {
        bit_clear(cpu->system->level, number);
        return;
    }
    bit_set(cpu->system->level, number);
    set_pending(cpu, number);
}

void cpu_pulse_nmi(struct cpu *cpu)
{
    set_pending(cpu, EXCEPTION_NMI);
}

void software_trigger(struct cpu *cpu, uint32_t value)
{
    unsigned irq = value & 0x1ff;
    late_begin(cpu, LATE_UNTIL_DSB);
    if (irq < cpu->config.irq_count)
        set_pending(cpu, EXCEPTION_IRQ0 + irq);
}

bool nvic_covers(uint32_t address)
{
    return address >= NVIC_ISER && address < NVIC_END;
}

static uint32_t irq_mask(const struct cpu *cpu, unsigned first)
{
    unsigned count = cpu->config.irq_count;
    if (first >= count)
        return 0;
    return count - first >= 32 ? 0xffffffffu : (1u << (count - first)) - 1;
}

/* 32 interrupts' bits from interrupt `first` on, a multiple of 32. */
static uint32_t irq_bits(const uint32_t *bits, unsigned first)
{
    unsigned word = first / 32;
    return bits[word] >> 16 | bits[word + 1] << 16;
}

static const uint32_t *bitmap_of(const struct system_state *system, uint32_t base)
{
    if (base == NVIC_ISER || base == NVIC_ICER)
        return system->enabled;
    if (base == NVIC_ISPR || base == NVIC_ICPR)
        return system->pending;
    return base == NVIC_IABR ? system->active : NULL;
}

static uint32_t read_priorities(const struct cpu *cpu, uint32_t address, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        unsigned irq = address - NVIC_IPR + i;
        if (irq < cpu->config.irq_count)
            value |= (uint32_t)cpu->system->priority[EXCEPTION_IRQ0 + irq] << 8 * i;
    }
    return value;
}

uint32_t nvic_read(struct cpu *cpu, uint32_t address, unsigned size)
{
    if (address >= NVIC_IPR)
        return read_priorities(cpu, address, size);
    uint32_t offset = address & BITMAP_OFFSET;
    const uint32_t *bits = bitmap_of(cpu->system, address & ~BITMAP_OFFSET);
    if (!bits || offset >= 0x20)
        return 0;
    uint32_t word = irq_bits(bits, (offset & ~3u) * 8);
    if (bits == cpu->system->enabled)
        word &= ~irq_bits(cpu->system->late.disabled, (offset & ~3u) * 8);
    word >>= (offset & 3) * 8;
    return size == 4 ? word : word & ((1u << size * 8) - 1);
}

static void write_priorities(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    struct system_state *system = cpu->system;
    for (unsigned i = 0; i < size; i++) {
        unsigned irq = address - NVIC_IPR + i;
        if (irq < cpu->config.irq_count)
            system->priority[EXCEPTION_IRQ0 + irq] =
                (uint8_t)(value >> 8 * i & system->priority_mask);
    }
    active_priorities_changed(cpu);
}

static void write_bit(struct cpu *cpu, uint32_t base, unsigned number)
{
    struct system_state *system = cpu->system;
    if (base == NVIC_ISER) {
        bit_set(system->enabled, number);
        late_enable(cpu, number);
    } else if (base == NVIC_ICER && !late_disable(cpu, number))
        bit_clear(system->enabled, number);
    else if (base == NVIC_ISPR)
        set_pending(cpu, number);
    else if (base == NVIC_ICPR && !bit_test(system->level, number))
        clear_pending(cpu, number);
}

void nvic_write(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    if (address >= NVIC_IPR) {
        write_priorities(cpu, address, size, value);
        return;
    }
    uint32_t offset = address & BITMAP_OFFSET;
    if (offset >= 0x20)
        return;
    unsigned first = (offset & ~3u) * 8;
    uint32_t bits = (value << (offset & 3) * 8) & irq_mask(cpu, first);
    if (size < 4)
        bits &= ((1u << size * 8) - 1) << (offset & 3) * 8;
    for (; bits; bits &= bits - 1)
        write_bit(cpu, address & ~BITMAP_OFFSET,
                  EXCEPTION_IRQ0 + first + (unsigned)__builtin_ctz(bits));
    late_begin(cpu, LATE_UNTIL_DSB);
    priorities_changed(cpu);
}
