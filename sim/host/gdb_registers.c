/* Registers by the numbers of the target description (gdb_target.c): 0 to 16 r0 to xpsr, 17 to 32
 * d0 to d15, 33 fpscr, 34 to 39 msp to control. */
#include "sim/host/gdb_internal.h"

#include <stdlib.h>
#include <string.h>

enum { REG_D0 = 17, REG_FPSCR = 33, REG_MSP = 34, REG_COUNT = 40 };

static bool is_double(unsigned number)
{
    return number >= REG_D0 && number < REG_FPSCR;
}

static size_t size_of(unsigned number)
{
    return is_double(number) ? 8 : 4;
}

/* The core's register behind a number; the low half of a double one. */
static enum cpu_reg reg_of(unsigned number)
{
    if (number <= 15)
        return (enum cpu_reg)number;
    if (number == 16)
        return CPU_XPSR;
    if (is_double(number))
        return (enum cpu_reg)(CPU_S0 + 2 * (number - REG_D0));
    return number == REG_FPSCR ? CPU_FPSCR : (enum cpu_reg)(CPU_MSP + (number - REG_MSP));
}

static void get(const struct debugger *debugger, unsigned number, uint32_t words[2])
{
    const struct cpu *cpu = machine_cpu(debugger->machine, debugger->core);
    words[0] = cpu_get(cpu, reg_of(number));
    words[1] = is_double(number) ? cpu_get(cpu, (enum cpu_reg)(reg_of(number) + 1)) : 0;
}

static const char *set(struct debugger *debugger, unsigned number, const uint32_t words[2])
{
    struct deed deed = {.kind = DEED_REGISTER, .core = debugger->core, .address = reg_of(number)};
    const char *answer = "OK";
    uint32_t now[2];
    get(debugger, number, now);
    if (memcmp(now, words, size_of(number)) == 0)
        return answer; /* a write of the same changes nothing, not even what is derived */
    for (unsigned n = 0; n < size_of(number) / 4; n++, deed.address++) {
        deed.value = words[n];
        answer = gdb_change(debugger, &deed);
    }
    return answer;
}

void gdb_read_registers(struct debugger *debugger)
{
    reply_begin(&debugger->link);
    for (unsigned n = 0; n < REG_COUNT; n++) {
        uint32_t words[2];
        get(debugger, n, words);
        reply_hex(&debugger->link, words, size_of(n));
    }
    reply_send(&debugger->link);
}

void gdb_write_registers(struct debugger *debugger, const char *hex)
{
    const char *answer = "OK";
    for (unsigned n = 0; n < REG_COUNT && strcmp(answer, "OK") == 0; n++) {
        uint32_t words[2] = {0};
        if (unhex(hex, words, size_of(n)) != size_of(n))
            break;
        answer = set(debugger, n, words);
        hex += 2 * size_of(n);
    }
    reply(&debugger->link, answer);
}

void gdb_read_register(struct debugger *debugger, const char *arguments)
{
    unsigned long number = strtoul(arguments, NULL, 16);
    uint32_t words[2];
    if (number >= REG_COUNT) {
        reply(&debugger->link, "E01");
        return;
    }
    get(debugger, (unsigned)number, words);
    reply_begin(&debugger->link);
    reply_hex(&debugger->link, words, size_of((unsigned)number));
    reply_send(&debugger->link);
}

void gdb_write_register(struct debugger *debugger, const char *arguments)
{
    char *equals;
    unsigned long number = strtoul(arguments, &equals, 16);
    uint32_t words[2] = {0};
    if (number >= REG_COUNT || *equals != '=' ||
        unhex(equals + 1, words, size_of((unsigned)number)) != size_of((unsigned)number)) {
        reply(&debugger->link, "E01");
        return;
    }
    reply(&debugger->link, set(debugger, (unsigned)number, words));
}
