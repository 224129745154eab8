#include "sim/host/register_log.h"

#include "sim/host/guest.h"
#include "sim/soc/block.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Stands before a block on the bus, passes accesses on and writes them down. */
struct tap {
    struct register_log *log;
    const struct soc_row *row;
    const struct bus_device *below;
    struct bus_device device;
};

enum { TAPS_MAX = 192 };

struct register_log {
    FILE *to;
    struct machine *machine;
    bool cores[SOC_CORES];
    struct tap taps[TAPS_MAX];
    unsigned tap_count;
};

static const struct soc_row *row_named(const char *name)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (strcmp(stm32h747_rows[n].name, name) == 0)
            return &stm32h747_rows[n];
    return NULL;
}

static bool add_block(struct register_log *log, const char *name, struct failure *failure)
{
    if (strcmp(name, "CM7") == 0 || strcmp(name, "CM4") == 0) {
        log->cores[strcmp(name, "CM7") == 0 ? SOC_CM7 : SOC_CM4] = true;
        return true;
    }
    const struct soc_row *row = row_named(name);
    if (!row)
        return failed(failure,
                      "--log %s: no such block; use the manual's names (USART1, HSEM, RCC) or "
                      "CM7, CM4",
                      name);
    if (log->tap_count < TAPS_MAX)
        log->taps[log->tap_count++] = (struct tap){.log = log, .row = row};
    return true;
}

struct register_log *register_log_open(const char *blocks, FILE *to, struct failure *failure)
{
    struct register_log *log = calloc(1, sizeof *log);
    char *names = strdup(blocks), *rest = names;
    if (!log || !names)
        abort(); /* out of host memory */
    log->to = to;
    bool done = true;
    for (char *name; done && (name = strsep(&rest, ",")) != NULL;)
        done = add_block(log, name, failure);
    free(names);
    if (done)
        return log;
    free(log);
    return NULL;
}

void register_log_close(struct register_log *log)
{
    free(log);
}

/* "ISR", or "+0x1c" where the manual has no register. */
static void register_name(const struct tap *tap, uint32_t offset, char *text, size_t size)
{
    struct block *block = soc_block(machine_soc(tap->log->machine), tap->row->name);
    const struct reg *reg = block && offset < tap->row->size ? block->reg_at[offset / 4] : NULL;
    if (!reg) {
        snprintf(text, size, "+0x%x", offset);
        return;
    }
    reg_name(reg, offset, text, size);
}

static void write_line(const struct tap *tap, uint32_t address, const struct bus_access *access,
                       const char *arrow, uint32_t value, enum bus_status status)
{
    sim_time now = sim_now(machine_sim(tap->log->machine));
    char name[48];
    register_name(tap, address - tap->row->base, name, sizeof name);
    fprintf(tap->log->to, "%4" PRIu64 ".%09" PRIu64 " %-9s %s.%s %s 0x%0*x%s\n", now / SIM_S,
            now % SIM_S / SIM_NS, bus_master_name(access->master), tap->row->name, name, arrow,
            (int)access->size * 2, value, status == BUS_OK ? "" : "  bus error");
}

static enum bus_status tap_read(void *ctx, uint32_t address, const struct bus_access *access,
                                uint32_t *value)
{
    const struct tap *tap = ctx;
    enum bus_status status = tap->below->read(tap->below->ctx, address, access, value);
    write_line(tap, address, access, "->", status == BUS_OK ? *value : 0, status);
    return status;
}

static enum bus_status tap_write(void *ctx, uint32_t address, const struct bus_access *access,
                                 uint32_t value)
{
    const struct tap *tap = ctx;
    enum bus_status status = tap->below->write(tap->below->ctx, address, access, value);
    write_line(tap, address, access, "<-", value, status);
    return status;
}

void register_log_attach(struct register_log *log, struct machine *machine)
{
    struct bus *bus = &machine_sim(machine)->bus;
    log->machine = machine;
    for (unsigned n = 0; n < log->tap_count; n++)
        for (unsigned m = 0; m < bus->region_count; m++) {
            struct bus_region *region = &bus->regions[m];
            struct tap *tap = &log->taps[n];
            if (!region->device || region->ram || region->base != tap->row->base || tap->below)
                continue;
            tap->below = region->device;
            tap->device = (struct bus_device){
                .name = region->device->name, .ctx = tap, .read = tap_read, .write = tap_write};
            region->device = &tap->device;
        }
}

void register_log_trace(struct register_log *log, enum soc_core core, enum cpu_trace_kind kind,
                        uint32_t address, uint32_t value)
{
    static const char *const kinds[] = {"enters exception",
                                        "returns from exception",
                                        "fault",
                                        "cache operation",
                                        "barrier",
                                        "ITM",
                                        "reads system register",
                                        "writes system register",
                                        "floating point",
                                        "waits",
                                        "wakes"};
    if (!log->cores[core])
        return;
    sim_time now = sim_now(machine_sim(log->machine));
    fprintf(log->to, "%4" PRIu64 ".%09" PRIu64 " %-9s %s ", now / SIM_S, now % SIM_S / SIM_NS,
            core_name(core), kinds[kind]);
    if (kind == CPU_TRACE_EXCEPTION_ENTRY || kind == CPU_TRACE_EXCEPTION_RETURN)
        fprintf(log->to, "%u at 0x%08x\n", value, address);
    else
        fprintf(log->to, "0x%08x at 0x%08x\n", value, address);
}
