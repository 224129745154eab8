#include "sim/cpu/dcache.h"

enum cpu_bus_status dcache_read(struct cpu *cpu, uint32_t address, unsigned size,
                                enum cpu_access kind, const struct memory_attributes *attributes,
                                uint32_t *value)
{
    (void)attributes;
    return cpu->config.bus.read(cpu->config.bus.ctx, address, size, kind, value);
}

enum cpu_bus_status dcache_write(struct cpu *cpu, uint32_t address, unsigned size,
                                 enum cpu_access kind, const struct memory_attributes *attributes,
                                 uint32_t value)
{
    (void)attributes;
    return cpu->config.bus.write(cpu->config.bus.ctx, address, size, kind, value);
}

bool dcache_bypasses(const struct cpu *cpu, const struct memory_attributes *attributes)
{
    (void)cpu;
    (void)attributes;
    return true;
}

void dcache_maintain(struct cpu *cpu, uint32_t address, uint32_t value)
{
    trace(cpu, CPU_TRACE_CACHE_OPERATION, address, value);
}
