/* `monitor …`: what the board shows beside registers and memory. */
#include "sim/host/gdb_internal.h"

#include "sim/host/number.h"
#include "sim/soc/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct screen { /* the answer's text */
    char text[GDB_PACKET_MAX / 2 - 64];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void print(struct screen *screen, const char *format,
                                                        ...)
{
    va_list arguments;
    size_t room = sizeof screen->text - screen->length;
    va_start(arguments, format);
    int count = vsnprintf(screen->text + screen->length, room, format, arguments);
    va_end(arguments);
    if (count > 0)
        screen->length += (size_t)count < room ? (size_t)count : room - 1;
}

static void help(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    (void)debugger;
    (void)arguments;
    print(screen,
          "help                 this text\n"
          "reset                the whole chip as by its NRST pin; stops at the reset vectors\n"
          "time                 board time, of the present or the past; each core's cycles and "
          "instructions\n"
          "hsem                 the hardware semaphores that are locked, and by whom\n"
          "regs BLOCK           all registers of a block, as regs USART1\n"
          "memory ADDR [LEN]    bytes as memory has them, whatever the M7's cache holds\n"
          "cache ADDR           the line of the M7's data cache that holds it, beside memory\n");
}

static void reset(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    (void)arguments;
    gdb_change(debugger, &(struct deed){.kind = DEED_ACTION, .action.kind = ACTION_RESET});
    print(screen, "reset; both cores stand before their first instruction\n");
}

static void show_time(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    sim_time now = machine_time(debugger->machine);
    (void)arguments;
    const struct history *history = debugger->gdb->history;
    print(screen, "board time %" PRIu64 ".%012" PRIu64 " s%s\n", now / SIM_S, now % SIM_S,
          history_is_trial(history)  ? ", a trial that began in the past"
          : history_is_past(history) ? ", in the past"
                                     : "");
    for (unsigned n = 0; n < SOC_CORES; n++) {
        struct machine_core_statistics its;
        machine_core_statistics(debugger->machine, (enum soc_core)n, &its);
        print(screen, "%s cycles %" PRIu64 ", instructions %" PRIu64 ", interrupts %" PRIu64 "\n",
              n == SOC_CM7 ? "Cortex-M7" : "Cortex-M4", its.cycles, its.instructions,
              its.interrupts);
    }
}

static bool read_word(struct debugger *debugger, uint32_t address, uint32_t *word)
{
    return bus_read(&machine_sim(debugger->machine)->bus, MASTER_DEBUG, address, 4, word) == BUS_OK;
}

/* RM0399 11.4: bit 31 locks, bits 11 to 8 are the core (3: M7, 1: M4), 7 to 0 the process. */
static void show_semaphores(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    const struct block *block = soc_block(machine_soc(debugger->machine), "HSEM");
    unsigned locked = 0;
    (void)arguments;
    for (unsigned n = 0; n < 32; n++) {
        uint32_t value = REG(block, 4 * n);
        if (!(value >> 31))
            continue;
        locked++;
        print(screen, "semaphore %u locked by the %s, process %u\n", n,
              (value >> 8 & 15) == 3 ? "Cortex-M7" : "Cortex-M4", value & 0xff);
    }
    if (!locked)
        print(screen, "no semaphore is locked\n");
}

static void print_register(struct screen *screen, const struct reg *reg, uint32_t offset,
                           uint32_t value)
{
    char name[48];
    reg_name(reg, offset, name, sizeof name);
    print(screen, "%-12s +0x%03x  0x%08x\n", name, offset, value);
}

static void show_registers(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    const struct block *block = soc_block(machine_soc(debugger->machine), arguments);
    if (!block) {
        print(screen, "no block %s is modelled; write it as the manual does: regs USART1\n",
              *arguments ? arguments : "of that name");
        return;
    }
    print(screen, "%s at 0x%08x\n", block->row->name, block->row->base);
    for (uint32_t offset = 0; offset < block->row->size; offset += 4) {
        uint32_t value;
        if (block->reg_at[offset / 4] && read_word(debugger, block->row->base + offset, &value))
            print_register(screen, block->reg_at[offset / 4], offset, value);
    }
}

static void show_memory(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    char first[32] = "", second[32] = "64";
    uint32_t address, length;
    sscanf(arguments, "%31s %31s", first, second);
    if (!parse_address(first, &address) || !parse_address(second, &length)) {
        print(screen, "write memory ADDR LEN, as memory 0x24000000 64\n");
        return;
    }
    for (uint32_t n = 0; n < length && n < 1024; n++) {
        uint8_t byte;
        if (!machine_peek_memory(debugger->machine, debugger->core, address + n, &byte, 1)) {
            print(screen, "\nnothing answers at 0x%08x\n", address + n);
            return;
        }
        if (n % 16 == 0)
            print(screen, "%s0x%08x ", n ? "\n" : "", address + n);
        print(screen, " %02x", byte);
    }
    print(screen, "\n");
}

static void print_bytes(struct screen *screen, const char *what, const uint8_t *bytes)
{
    print(screen, "%-7s", what);
    for (unsigned n = 0; n < CPU_LINE_SIZE; n++)
        print(screen, "%s%02x", n % 4 ? "" : " ", bytes[n]);
    print(screen, "\n");
}

/* The line as the M7 sees it, and what memory has in its place. */
static void show_cache(struct debugger *debugger, struct screen *screen, const char *arguments)
{
    struct cpu_cache_line line;
    uint8_t memory[CPU_LINE_SIZE];
    uint32_t address;
    if (!parse_address(arguments, &address)) {
        print(screen, "write cache ADDR, as cache 0x24000000\n");
        return;
    }
    if (!cpu_cache_find(machine_cpu(debugger->machine, SOC_CM7), address, &line)) {
        print(screen, "0x%08x is not in the M7's data cache\n", address);
        return;
    }
    print(screen, "0x%08x set %u way %u %s\n", line.address, line.set, line.way,
          line.dirty ? "dirty" : "clean");
    print_bytes(screen, "cache", line.bytes);
    if (machine_peek_memory(debugger->machine, SOC_CM7, line.address, memory, sizeof memory))
        print_bytes(screen, "memory", memory);
}

void gdb_monitor(struct debugger *debugger, const char *hex)
{
    static const struct {
        const char *name;
        void (*act)(struct debugger *debugger, struct screen *screen, const char *arguments);
    } commands[] = {
        {"help", help},           {"reset", reset},
        {"time", show_time},      {"hsem", show_semaphores},
        {"regs", show_registers}, {"memory", show_memory},
        {"cache", show_cache},
    };
    static struct screen screen;
    char line[256], name[32] = "";
    line[unhex(hex, line, sizeof line - 1)] = 0;
    int end = 0;
    sscanf(line, "%31s %n", name, &end);
    screen.length = 0;
    for (size_t n = 0; n < sizeof commands / sizeof *commands; n++)
        if (strcmp(name, commands[n].name) == 0)
            commands[n].act(debugger, &screen, line + end);
    if (!screen.length)
        print(&screen, "no command %s; see monitor help\n", name);
    reply_begin(&debugger->link);
    reply_hex(&debugger->link, screen.text, screen.length);
    reply_send(&debugger->link);
}
