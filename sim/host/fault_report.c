/* ARMv7-M ARM (DDI 0403E) B3.2.15 to B3.2.18: CFSR, HFSR, MMFAR, BFAR; B1.5.8: EXC_RETURN. */
#include "sim/host/fault_report.h"

#include <string.h>

enum { CFSR = 0xe000ed28, HFSR = 0xe000ed2c, MMFAR = 0xe000ed34, BFAR = 0xe000ed38 };
enum { MMARVALID = 1 << 7, BFARVALID = 1 << 15 };

struct status_bit {
    unsigned bit;
    const char *name, *meaning;
};

static const struct status_bit cfsr_bits[] = {
    {0, "IACCVIOL", "an instruction was fetched from where none may be executed"},
    {1, "DACCVIOL", "the MPU forbade a load or store"},
    {3, "MUNSTKERR", "the MPU forbade unstacking on return from an exception"},
    {4, "MSTKERR", "the MPU forbade stacking on entry to an exception"},
    {5, "MLSPERR", "the MPU forbade lazy stacking of the FP registers"},
    {7, "MMARVALID", "MMFAR holds the address"},
    {8, "IBUSERR", "an instruction fetch got a bus error"},
    {9, "PRECISERR", "a load or store got a bus error; the stacked pc is that instruction"},
    {10, "IMPRECISERR", "an earlier store got a bus error; the stacked pc is behind it"},
    {11, "UNSTKERR", "a bus error on unstacking"},
    {12, "STKERR", "a bus error on stacking: the stack pointer is likely wrong"},
    {13, "LSPERR", "a bus error on lazy stacking of the FP registers"},
    {15, "BFARVALID", "BFAR holds the address"},
    {16, "UNDEFINSTR", "an undefined instruction"},
    {17, "INVSTATE", "a jump to an even address (no Thumb bit), or a broken IT state"},
    {18, "INVPC", "a return from an exception with a broken EXC_RETURN"},
    {19, "NOCP", "the FPU (or another coprocessor) is not enabled in CPACR"},
    {24, "UNALIGNED", "an unaligned access where none is allowed"},
    {25, "DIVBYZERO", "a division by zero with CCR.DIV_0_TRP set"},
};

static const struct status_bit hfsr_bits[] = {
    {1, "VECTTBL", "the vector table cannot be read: VTOR or the boot address is wrong"},
    {30, "FORCED", "another fault could not be taken and was escalated; see CFSR"},
    {31, "DEBUGEVT", "a breakpoint instruction without a debugger"},
};

static void print_bits(FILE *to, uint32_t value, const struct status_bit *bits, size_t count)
{
    for (size_t n = 0; n < count; n++)
        if (value >> bits[n].bit & 1)
            fprintf(to, "           %s: %s\n", bits[n].name, bits[n].meaning);
}

static uint32_t scs(struct cpu *cpu, uint32_t address)
{
    uint32_t value = 0;
    cpu_scs_peek(cpu, address, &value);
    return value;
}

static void print_fault_registers(FILE *to, struct cpu *cpu)
{
    uint32_t cfsr = scs(cpu, CFSR), hfsr = scs(cpu, HFSR);
    fprintf(to, "  CFSR   0x%08x%s\n", cfsr, cfsr ? "" : "  no fault is noted");
    print_bits(to, cfsr, cfsr_bits, sizeof cfsr_bits / sizeof *cfsr_bits);
    fprintf(to, "  HFSR   0x%08x\n", hfsr);
    print_bits(to, hfsr, hfsr_bits, sizeof hfsr_bits / sizeof *hfsr_bits);
    fprintf(to, "  MMFAR  0x%08x%s\n", scs(cpu, MMFAR), cfsr & MMARVALID ? "" : "  (not valid)");
    fprintf(to, "  BFAR   0x%08x%s\n", scs(cpu, BFAR), cfsr & BFARVALID ? "" : "  (not valid)");
}

static const char *exception_name(unsigned number, char *space, size_t size)
{
    static const char *const names[16] = {
        [2] = "NMI",           [3] = "HardFault",  [4] = "MemManage",
        [5] = "BusFault",      [6] = "UsageFault", [11] = "SVCall",
        [12] = "DebugMonitor", [14] = "PendSV",    [15] = "SysTick"};
    if (number < 16 && names[number])
        return names[number];
    snprintf(space, size, number < 16 ? "exception %u" : "interrupt %u",
             number < 16 ? number : number - 16);
    return space;
}

struct walk {
    FILE *to;
    struct machine *machine;
    struct guest *guest;
    enum soc_core core;
    uint32_t registers[16], xpsr;
    unsigned depth;
};

enum { DEPTH_MAX = 24, SCAN_WORDS = 512, SCAN_FOUND_MAX = 8 };

static bool read_word(void *ctx, uint32_t address, uint32_t *value)
{
    const struct walk *walk = ctx;
    uint8_t bytes[4];
    if (!machine_peek(walk->machine, walk->core, address, bytes, sizeof bytes))
        return false;
    *value = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
             (uint32_t)bytes[3] << 24;
    return true;
}

static bool is_exception_return(uint32_t pc)
{
    return pc >= 0xffffffe0 && pc <= 0xfffffffd && (pc & 0xf) != 0xf && (pc & 1);
}

static bool is_lockup(uint32_t pc)
{
    return (pc & ~1u) == 0xfffffffe || (pc & ~1u) == 0xeffffffe;
}

/* `behind`: the address is a return address; the call is the instruction before it. */
static void print_frame(struct walk *walk, uint32_t pc, bool behind, const char *remark)
{
    char text[700];
    guest_describe(walk->guest, walk->core, (pc & ~1u) - (behind ? 2 : 0), text, sizeof text);
    fprintf(walk->to, "  #%-2u  0x%08x  %s%s\n", walk->depth++, pc & ~1u,
            *text == '0' && text[1] == 'x' ? "(no symbol)" : text, remark);
}

/* The frame that exception entry pushed (B1.5.6); `sp` is where it begins. */
static bool pop_exception(struct walk *walk, uint32_t exc_return, uint32_t sp)
{
    static const uint8_t places[8] = {0, 1, 2, 3, 12, 14, 15, 16};
    uint32_t popped[17];
    memcpy(popped, walk->registers, sizeof walk->registers);
    for (unsigned n = 0; n < 8; n++)
        if (!read_word(walk, sp + 4 * n, &popped[places[n]]))
            return false;
    memcpy(walk->registers, popped, sizeof walk->registers);
    walk->xpsr = popped[16];
    walk->registers[13] = sp + (exc_return & 0x10 ? 0x20 : 0x68) + (walk->xpsr & 0x200 ? 4 : 0);
    return true;
}

static uint32_t exception_stack(struct walk *walk, uint32_t exc_return, uint32_t main_stack)
{
    return exc_return & 4 ? cpu_get(machine_cpu(walk->machine, walk->core), CPU_PSP) : main_stack;
}

static void print_exception(struct walk *walk)
{
    char name[32];
    fprintf(walk->to, "       -- %s was entered from here:\n",
            exception_name(walk->xpsr & 0x1ff, name, sizeof name));
}

/* BL and BLX before a return address (A7.7.18, A7.7.19). */
static bool follows_call(struct walk *walk, uint32_t address)
{
    uint8_t code[4];
    if (!machine_peek(walk->machine, walk->core, (address & ~1u) - 4, code, sizeof code))
        return false;
    unsigned first = code[0] | (unsigned)code[1] << 8, second = code[2] | (unsigned)code[3] << 8;
    bool bl = (first & 0xf800) == 0xf000 && (second & 0xd000) == 0xd000;
    return bl || (second & 0xff87) == 0x4780;
}

/*
 * No table tells how to go on: every word of the stack that could be a return address is shown, and
 * marked. An EXC_RETURN among them is sure: a handler pushed it, right below the exception's frame.
 * True: such a frame was popped, and the walk goes on from it.
 */
static bool scan_stack(struct walk *walk)
{
    uint32_t sp = walk->registers[13] & ~3u, word;
    unsigned found = 0;
    for (unsigned n = 0; n < SCAN_WORDS && found < SCAN_FOUND_MAX; n++) {
        if (!read_word(walk, sp + 4 * n, &word))
            return false;
        if (is_exception_return(word) && (walk->xpsr & 0x1ff)) {
            print_exception(walk);
            return pop_exception(walk, word, exception_stack(walk, word, sp + 4 * n + 4));
        }
        if ((word & 1) && guest_knows_function(walk->guest, word) && follows_call(walk, word)) {
            print_frame(walk, word, true, "  ? found on the stack, perhaps stale");
            found++;
        }
    }
    return false;
}

/* One frame up. False: the end. */
static bool climb(struct walk *walk, bool *behind)
{
    struct unwind_memory memory = {walk, read_word};
    uint32_t before[16], *registers = walk->registers;
    memcpy(before, registers, sizeof before);
    if (*behind)
        registers[15] -= 2; /* inside the call */
    if (!guest_unwind(walk->guest, walk->core, registers, &memory)) {
        memcpy(registers, before, sizeof before);
        /* The first frame may not have saved its return address yet. */
        bool leaf = !*behind && is_exception_return(registers[14]);
        if (!leaf) {
            *behind = false;
            return scan_stack(walk);
        }
        registers[15] = registers[14];
    }
    *behind = true;
    if (is_exception_return(registers[15])) {
        print_exception(walk);
        *behind = false;
        return pop_exception(walk, registers[15],
                             exception_stack(walk, registers[15], registers[13]));
    }
    bool moved = registers[13] != before[13] || registers[15] != before[15];
    return moved && registers[15] > 1 && !is_lockup(registers[15]);
}

static void start_walk(struct walk *walk)
{
    struct cpu *cpu = machine_cpu(walk->machine, walk->core);
    for (unsigned n = 0; n < 16; n++)
        walk->registers[n] = cpu_get(cpu, (enum cpu_reg)n);
    walk->xpsr = cpu_get(cpu, CPU_XPSR);
}

static void print_backtrace(struct walk *walk)
{
    bool behind = false, more = true;
    fprintf(walk->to, "  backtrace\n");
    if (is_lockup(walk->registers[15])) /* LR is still what it was when the core gave up */
        more = scan_stack(walk) || climb(walk, &behind);
    while (more && walk->depth < DEPTH_MAX) {
        print_frame(walk, walk->registers[15], behind, "");
        more = climb(walk, &behind);
    }
    if (walk->depth == 0)
        fprintf(walk->to, "       none: the stack cannot be read\n");
}

bool fault_origin(struct machine *machine, enum soc_core core, uint32_t *pc)
{
    struct walk walk = {.machine = machine, .core = core};
    start_walk(&walk);
    unsigned exception = walk.xpsr & 0x1ff;
    uint32_t exc_return = walk.registers[14];
    if (exception < 2 || exception > 6 || !is_exception_return(exc_return))
        return false;
    uint32_t sp = exception_stack(&walk, exc_return, walk.registers[13]);
    if (!pop_exception(&walk, exc_return, sp))
        return false;
    *pc = walk.registers[15] & ~1u;
    return true;
}

static void print_registers(const struct walk *walk)
{
    static const char *const names[16] = {"r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                          "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"};
    for (unsigned n = 0; n < 16; n++)
        fprintf(walk->to, "  %-4s 0x%08x%s", names[n], walk->registers[n], n % 4 == 3 ? "\n" : "");
}

void fault_report(FILE *to, struct machine *machine, struct guest *guest, enum soc_core core)
{
    struct walk walk = {.to = to, .machine = machine, .guest = guest, .core = core};
    struct cpu *cpu = machine_cpu(machine, core);
    char name[32];
    start_walk(&walk);
    print_registers(&walk);
    fprintf(to, "  xPSR 0x%08x  in %s\n", walk.xpsr,
            walk.xpsr & 0x1ff ? exception_name(walk.xpsr & 0x1ff, name, sizeof name)
                              : "thread mode");
    print_fault_registers(to, cpu);
    print_backtrace(&walk);
}
