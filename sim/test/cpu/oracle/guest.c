/*
 * The program that runs on QEMU's MPS2 boards and on our core, and says what it sees: scenarios of
 * random operations on exceptions, NVIC, masks, faults, MPU and FP state, each from a seed. Every
 * exception that is entered logs what the architecture defines of it and does operations of its own.
 */
#include <stdint.h>

#define REG(address)   (*(volatile uint32_t *)(address))
#define REG16(address) (*(volatile uint16_t *)(address))
#define REG8(address)  (*(volatile uint8_t *)(address))

#define ICTR     0xE000E004u
#define SYST     0xE000E010u
#define ISER     0xE000E100u
#define ICER     0xE000E180u
#define ISPR     0xE000E200u
#define ICPR     0xE000E280u
#define IABR     0xE000E300u
#define IPR      0xE000E400u
#define ICSR     0xE000ED04u
#define VTOR     0xE000ED08u
#define AIRCR    0xE000ED0Cu
#define SCR      0xE000ED10u
#define CCR      0xE000ED14u
#define SHPR1    0xE000ED18u
#define SHCSR    0xE000ED24u
#define CFSR     0xE000ED28u
#define HFSR     0xE000ED2Cu
#define DFSR     0xE000ED30u
#define MMFAR    0xE000ED34u
#define BFAR     0xE000ED38u
#define CPACR    0xE000ED88u
#define MPU_CTRL 0xE000ED94u
#define MPU_RNR  0xE000ED98u
#define MPU_RBAR 0xE000ED9Cu
#define MPU_RASR 0xE000EDA0u
#define STIR     0xE000EF00u
#define FPCCR    0xE000EF34u
#define FPCAR    0xE000EF38u
#define FPDSCR   0xE000EF3Cu

#define UART_DATA  0x40004000u
#define UART_STATE 0x40004004u
#define UART_CTRL  0x40004008u
#define UART_BAUD  0x40004010u
#define UART_EXIT  0x40004100u /* of our bare machine only; QEMU ignores it */

#define PARAMETERS  0x203F0000u /* first seed, count, end of some RAM with nothing behind */
#define LOG_BASE    0x20300000u
#define LOG_LIMIT   0x8000u     /* entries */
#define WINDOW      0x20200000u /* where MPU regions are tried */
#define NOWHERE     0x90000000u /* executable by the map, nothing there */
#define PSP_TOP     0x20180000u
#define SPARE       0x20190000u       /* where a lost frame is made up */
#define DENIED      (WINDOW + 0xe000) /* region 7, for nobody when the MPU is on */
#define OTHER_TABLE 0x20220000u

#define USABLE 0xffffdfffu /* interrupt 13 is high all the time: the board's Ethernet chip */

enum { OPERATIONS = 50, DEPTH = 3 };

void run_on_psp(void (*function)(void), uint32_t psp, uint32_t control);
void call_misaligned(void (*function)(void));
uint32_t do_udf(void), do_udf_wide(void), do_bkpt(void), do_load(uint32_t), do_load_half(uint32_t);
uint32_t do_load_byte(uint32_t), do_load_user(uint32_t), do_store(uint32_t, uint32_t);
uint32_t do_store_half(uint32_t, uint32_t), do_store_byte(uint32_t, uint32_t);
uint32_t do_store_user(uint32_t, uint32_t), do_load_double(uint32_t), do_load_multiple(uint32_t);
uint32_t do_divide(uint32_t, uint32_t), do_call(uint32_t), do_svc(void);
uint32_t do_it_fault(uint32_t, uint32_t);
void do_fp_write(uint32_t), do_fp_status(uint32_t), fp_fill(uint32_t);
uint32_t do_fp_read(uint32_t), do_fp_read15(uint32_t), do_fp_read_status(uint32_t);
void poke(uint32_t, uint32_t), poke_half(uint32_t, uint32_t), poke_byte(uint32_t, uint32_t);
void set_primask(uint32_t), set_basepri(uint32_t), raise_basepri(uint32_t), set_faultmask(uint32_t);
void enable_interrupts(void), disable_interrupts(void), enable_faults(void), disable_faults(void);
extern const char sync_begin[], sync_end[], recover[];
void leave(void);

struct entry {
    uint32_t tag, value;
};
static struct {
    uint32_t random;
    uint32_t budget;
    uint32_t depth;
    uint32_t logged;
    uint32_t good_return; /* EXC_RETURN of the handler that leaves by a wrong one */
    uint32_t entries;
    uint32_t mpu;
} state;

static uint32_t draw(void)
{
    state.random ^= state.random << 13;
    state.random ^= state.random >> 17;
    state.random ^= state.random << 5;
    return state.random;
}

static uint32_t below(uint32_t limit)
{
    return (draw() >> 8) % limit;
}

#define TAG(a, b, c, d)                                                                            \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

static void note(uint32_t tag, uint32_t value)
{
    if (state.logged < LOG_LIMIT)
        ((struct entry *)LOG_BASE)[state.logged++] = (struct entry){tag, value};
}

#define READ_SPECIAL(name, value) __asm volatile("mrs %0, " name : "=r"(value))
#define WRITE_CONTROL(value)      __asm volatile("msr control, %0\n isb" : : "r"(value) : "memory")

static void synchronize(void)
{
    __asm volatile("dsb\n isb" : : : "memory");
}

static uint32_t ipsr(void)
{
    uint32_t value;
    READ_SPECIAL("ipsr", value);
    return value;
}

static int privileged(void)
{
    uint32_t control;
    READ_SPECIAL("control", control);
    return ipsr() || !(control & 1);
}

static uint32_t fault_mask(void)
{
    uint32_t value;
    READ_SPECIAL("faultmask", value);
    return value;
}

/* At priority -1 and -2 a fault is lockup, which ends QEMU. */
static int may_fault(void)
{
    return ipsr() != 2 && ipsr() != 3 && !fault_mask();
}

static void note_masks(void)
{
    uint32_t value;
    READ_SPECIAL("primask", value);
    note(TAG('p', 'm', 's', 'k'), value);
    READ_SPECIAL("basepri", value);
    note(TAG('b', 'p', 'r', 'i'), value);
    READ_SPECIAL("faultmask", value);
    note(TAG('f', 'm', 's', 'k'), value);
    READ_SPECIAL("control", value);
    note(TAG('c', 't', 'r', 'l'), value);
}

static void note_system(void)
{
    uint32_t icsr = REG(ICSR);
    note(TAG('v', 'a', 'c', 't'), icsr & 0x1ff);
    note(TAG('v', 'p', 'n', 'd'), icsr >> 12 & 0x1ff);
    note(TAG('r', 'e', 't', 'b'), ipsr() ? icsr >> 11 & 1 : 0);
    note(TAG('i', 'c', 's', 'r'), icsr & 0xfe400000u);
    note(TAG('s', 'h', 'c', 's'), REG(SHCSR));
    note(TAG('i', 's', 'p', 'r'), REG(ISPR));
    note(TAG('i', 's', 'e', 'r'), REG(ISER));
    note(TAG('i', 'a', 'b', 'r'), REG(IABR));
    note(TAG('c', 'f', 's', 'r'), REG(CFSR));
    note(TAG('h', 'f', 's', 'r'), REG(HFSR));
    note(TAG('f', 'p', 'c', 'c'), REG(FPCCR));
    note(TAG('f', 'p', 'c', 'a'), REG(FPCAR));
}

static void note_faults(void)
{
    uint32_t cfsr = REG(CFSR);
    if (cfsr & 0x80)
        note(TAG('m', 'm', 'f', 'a'), REG(MMFAR));
    if (cfsr & 0x8000)
        note(TAG('b', 'f', 'a', 'r'), REG(BFAR));
    REG(CFSR) = cfsr;
    REG(HFSR) = REG(HFSR);
    REG(DFSR) = REG(DFSR);
}

/* ---- Operations ------------------------------------------------------------------------------ */

static void op_enable(void)
{
    poke(below(4) ? ISER : ICER, 1u << below(32) & USABLE);
    if (!below(8))
        poke(ISER, draw() & USABLE);
}

static void op_pend(void)
{
    uint32_t how = below(6);
    if (how < 3)
        poke(ISPR, 1u << below(32) | 1u << below(32));
    else if (how == 3)
        poke(ICPR, draw());
    else if (how == 4)
        poke(STIR, below(32));
    else
        poke_byte(ISPR + below(4), (uint8_t)(1u << below(8)));
}

static void op_priority(void)
{
    uint32_t irq = below(32);
    uint32_t value = draw() & (below(2) ? 0xf0f0f0f0u : 0xffffffffu);
    if (below(2))
        poke_byte(IPR + irq, (uint8_t)value);
    else if (below(2))
        poke_half(IPR + (irq & ~1u), (uint16_t)value);
    else
        poke(IPR + (irq & ~3u), value);
    note(TAG('i', 'p', 'r', ' '), REG(IPR + (irq & ~3u)));
    note(TAG('i', 'p', 'r', 'b'), REG8(IPR + irq));
}

static void op_system_priority(void)
{
    uint32_t which = below(12);
    if (below(3))
        poke_byte(SHPR1 + which, (uint8_t)draw());
    else
        poke(SHPR1 + (which & ~3u), draw());
    note(TAG('s', 'h', 'p', 'r'), REG(SHPR1 + (which & ~3u)) & (which < 4 ? 0xffffffu : ~0u));
}

static int on_process_stack(void)
{
    uint32_t control;
    READ_SPECIAL("control", control);
    return control >> 1 & 1;
}

static void op_mask(void)
{
    uint32_t value = draw();
    switch (below(10)) {
    case 0:
        disable_interrupts();
        break;
    case 1:
    case 2:
        enable_interrupts();
        break;
    case 3:
        set_basepri(value);
        break;
    case 4:
        raise_basepri(value);
        break;
    case 5:
        set_basepri(0);
        break;
    case 6: /* on the process stack it could not be left again */
        if (ipsr() != 2 && ipsr() != 3 && !below(4) && !on_process_stack())
            disable_faults();
        break;
    case 7:
        set_primask(value);
        break;
    case 8:
        set_faultmask(0);
        break;
    default:
        enable_faults();
        break;
    }
    note_masks();
}

static void op_group(void)
{
    poke(AIRCR, 0x05FA0000u | below(8) << 8);
    note(TAG('a', 'i', 'r', 'c'), REG(AIRCR));
}

static void op_system_pend(void)
{
    static const uint32_t bits[] = {1u << 28, 1u << 28, 1u << 26, 1u << 27, 1u << 25, 1u << 31};
    poke(ICSR, bits[below(6)]);
}

static void op_fault_enable(void)
{
    uint32_t shcsr = REG(SHCSR) & ~0x70000u;
    poke(SHCSR, shcsr | (draw() & 0x70000u));
    note(TAG('s', 'h', 'c', 'e'), REG(SHCSR));
}

static void op_fault_pend(void)
{
    static const uint32_t bits[] = {1u << 12, 1u << 13, 1u << 14, 1u << 15};
    poke(SHCSR, REG(SHCSR) | bits[below(4)]);
}

static void op_configuration(void)
{
    uint32_t bits = draw() & 0x18u; /* DIV_0_TRP, UNALIGN_TRP */
    poke(CCR, (REG(CCR) & ~0x1au) | bits | (below(2) << 1));
    note(TAG('c', 'c', 'r', ' '), REG(CCR) & 0x1a);
}

static void op_svc(void)
{
    if (may_fault())
        do_svc();
}

/* An access to somewhere: RAM, the window, nowhere, the system control space, Device space. */
static uint32_t some_address(void)
{
    switch (below(6)) {
    case 0:
        return WINDOW + 0xf000 + below(0x400); /* no region is ever put there */
    case 1:
    case 2:
        return WINDOW + below(0x8000);
    case 3:
        return NOWHERE + below(64);
    case 4:
        return 0xE000ED14u;
    default:
        return NOWHERE + 0x100000;
    }
}

static void op_access(void)
{
    uint32_t address = some_address();
    uint32_t value = draw();
    if (!may_fault())
        return;
    note(TAG('a', 'd', 'd', 'r'), address);
    switch (below(10)) {
    case 0:
        value = do_load(address & ~3u);
        break;
    case 1:
        value = do_load_half(address & ~1u);
        break;
    case 2:
        value = do_load_byte(address);
        break;
    case 3:
        value = do_load_user(address & ~3u);
        break;
    case 4:
        if (address < 0xE0000000u)
            do_store(address & ~3u, value);
        break;
    case 5:
        if (address < 0xE0000000u)
            do_store_user(address & ~3u, value);
        break;
    case 6:
        if (address < 0x21000000u)
            do_store_byte(address, value);
        break;
    case 7:
        if (address < 0x21000000u)
            do_load(address);
        break;
    case 8:
        if (address < 0x21000000u)
            do_store_half(address, value);
        break;
    default:
        do_it_fault(0, address & ~3u);
        break;
    }
}

static void op_fault(void)
{
    if (!may_fault())
        return;
    uint32_t kind = below(11);
    note(TAG('f', 'l', 't', ' '), kind);
    switch (kind) {
    case 0:
        do_udf();
        break;
    case 1:
        do_udf_wide();
        break;
    case 2:
        do_load_double(WINDOW + 0xf001);
        break;
    case 3:
        do_load_multiple(WINDOW + 0xf002);
        break;
    case 4:
        note(TAG('d', 'i', 'v', ' '), do_divide(draw(), 0) == 0);
        break;
    case 5:
        do_call(NOWHERE + 1);
        break;
    case 6:
        do_call(0x48000001u); /* Device, execute never; nothing is there */
        break;
    case 7:
        do_call(WINDOW + 0xf800); /* Thumb bit clear */
        break;
    case 8:
        do_call(0xE0000001u);
        break;
    case 9:
        do_bkpt();
        break;
    default:
        do_load(WINDOW + 0xf001);
        break;
    }
}

/* The window's 4 KB at +0x4000 hold "bx lr" everywhere. */
static void op_execute(void)
{
    if (may_fault())
        do_call((WINDOW + 0x4000 + below(0x1000)) | 1);
}

/* MPU: regions 1 to 6 inside the window over region 0, which is everything for everybody; or, with
 * PRIVDEFENA, over the default map alone. */
static void op_mpu(void)
{
    uint32_t region = 1 + below(6);
    uint32_t bits = 5 + below(11);
    uint32_t base = WINDOW + (below(0x8000) >> bits << bits);
    uint32_t size = bits - 1;
    uint32_t access = below(8);
    if (bits > 15 || access == 4)
        return;
    uint32_t rasr = draw() & 0x1007ff00u;
    if (bits < 8)
        rasr &= ~0xff00u;
    if (below(2))
        rasr &= ~0xff00u;
    rasr = (rasr & ~0x003f0000u) | access << 24 | size << 1 | (below(4) != 0) | 0x000b0000u;
    poke(MPU_RBAR, base | 16 | region);
    poke(MPU_RASR, rasr);
    note(TAG('r', 'n', 'r', ' '), REG(MPU_RNR));
    note(TAG('r', 'b', 'a', 'r'), REG(MPU_RBAR));
    note(TAG('r', 'a', 's', 'r'), REG(MPU_RASR));
}

static void op_mpu_control(void)
{
    static const uint32_t values[] = {0, 1, 1, 3, 5, 7};
    poke(MPU_CTRL, values[below(6)]);
    note(TAG('m', 'p', 'u', 'c'), REG(MPU_CTRL));
}

static void op_fp(void)
{
    uint32_t value = draw();
    if (!may_fault())
        return;
    switch (below(5)) {
    case 0:
    case 1:
        do_fp_write(value);
        break;
    case 2:
        do_fp_status(value & 0xf7c0009fu);
        break;
    case 3:
        note(TAG('f', 'p', 'r', '0'), do_fp_read(0x1234));
        note(TAG('f', 'p', 'r', 'f'), do_fp_read15(0x1234));
        break;
    default:
        note(TAG('f', 'p', 's', 'c'), do_fp_read_status(0x1234));
        break;
    }
}

static void op_fp_control(void)
{
    if (below(2))
        poke(FPCCR, (REG(FPCCR) & 0x3fffffffu) | (draw() & 0xc0000000u));
    else if (below(2))
        poke(CPACR, (below(3) ? 0xf00000u : below(2) ? 0x500000u : 0));
    else
        poke(FPDSCR, draw() & 0x07c00000u);
    note(TAG('c', 'p', 'a', 'c'), REG(CPACR));
    note(TAG('f', 'p', 'd', 's'), REG(FPDSCR));
}

static void op_state(void)
{
    note_system();
}

/* The whole table elsewhere, or one of which only the first 32 vectors can be read. */
static void op_table(void)
{
    uint32_t tables[] = {0, OTHER_TABLE, REG(PARAMETERS + 8) - 0x80};
    poke(VTOR, tables[below(3)]);
    note(TAG('v', 't', 'o', 'r'), REG(VTOR) - REG(PARAMETERS + 8));
}

/* An exception whose frame has no place, or one in the window, which the MPU may close. */
static uint32_t bad_stack(void)
{
    uint32_t kind = below(3);
    if (kind == 0)
        return NOWHERE + 0x200 + below(8) * 4;
    return kind == 1 ? DENIED + 0x300 : (WINDOW + 0x100 + below(0x8000)) & ~3u;
}

static void op_bad_stack(void)
{
    uint32_t control;
    READ_SPECIAL("control", control);
    if (ipsr() || (control & 3) || fault_mask())
        return;
    run_on_psp((void (*)(void))do_svc, bad_stack(), 2 | below(2));
}

/* WFI and WFE that do not sleep: an event is registered, or an enabled interrupt waits. */
static void op_event(void)
{
    __asm volatile("sev\n wfe\n sev\n wfe" : : : "memory");
}

static void op_unprivileged(void);
static void op_misaligned(void);

struct operation {
    void (*run)(void);
    uint8_t weight;
    uint8_t anybody; /* also for unprivileged code */
};
static const struct operation operations[] = {
    {op_enable, 6, 0},          {op_pend, 10, 0},        {op_priority, 6, 0},
    {op_system_priority, 4, 0}, {op_mask, 6, 1},         {op_group, 2, 0},
    {op_system_pend, 5, 0},     {op_fault_enable, 3, 0}, {op_fault_pend, 1, 0},
    {op_configuration, 2, 0},   {op_svc, 4, 1},          {op_access, 8, 1},
    {op_fault, 6, 1},           {op_execute, 3, 1},      {op_mpu, 6, 0},
    {op_mpu_control, 3, 0},     {op_fp, 8, 1},           {op_fp_control, 2, 0},
    {op_state, 3, 0},           {op_event, 1, 1},        {op_unprivileged, 3, 2},
    {op_misaligned, 3, 1},      {op_table, 2, 0},        {op_bad_stack, 3, 2},
};
enum { OPERATION_COUNT = sizeof operations / sizeof *operations };

static void do_operation(void)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < OPERATION_COUNT; i++)
        total += operations[i].weight;
    uint32_t pick = below(total);
    uint32_t index = 0;
    while (pick >= operations[index].weight)
        pick -= operations[index++].weight;
    if (!operations[index].anybody && !privileged())
        return;
    note(TAG('o', 'p', ' ', ' '), index);
    operations[index].run();
}

static void do_operations(uint32_t count)
{
    while (count-- && state.budget) {
        state.budget--;
        do_operation();
    }
}

static void few_operations(void)
{
    do_operations(2 + below(5));
}

static void op_misaligned(void)
{
    call_misaligned(few_operations);
}

/* Thread mode on the process stack, with or without privilege. PRIVDEFENA alone would lock
 * unprivileged code out of its own program, so region 0 must be there. */
static void op_unprivileged(void)
{
    uint32_t control;
    READ_SPECIAL("control", control);
    if (ipsr() || (control & 3) || fault_mask())
        return;
    run_on_psp(few_operations, PSP_TOP - 4 * below(2), 2 | below(2));
}

/* ---- Handlers -------------------------------------------------------------------------------- */

static int is_wide(uint32_t address)
{
    return REG16(address) >> 11 >= 0x1d;
}

static int is_breakpoint(uint32_t address)
{
    return address < 0x2000 && REG8(address + 1) == 0xbe;
}

static int is_coprocessor(uint32_t address)
{
    return address < 0x2000 && (REG16(address) & 0xec00) == 0xec00;
}

/* Past the instruction that faulted, or back to who called what cannot be executed. */
static void step_over(uint32_t *frame, uint32_t cfsr)
{
    if (cfsr & 0x20101u) { /* INVSTATE, IBUSERR, IACCVIOL */
        frame[6] = frame[5] & ~1u;
        frame[7] |= 1u << 24;
    } else if ((cfsr & 0x80000u) && !is_coprocessor(frame[6])) {
        return; /* NOCP of an exception's entry or return, not of an instruction */
    } else if ((cfsr & 0x03098202u) || is_breakpoint(frame[6])) {
        frame[6] += is_wide(frame[6]) ? 4 : 2;
    }
}

static void step_it(uint32_t *frame)
{
    uint32_t it = (frame[7] >> 25 & 3) | (frame[7] >> 8 & 0xfc);
    if (!it)
        return;
    it = (it & 7) ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
    frame[7] = (frame[7] & ~0x0600fc00u) | (it & 3) << 25 | (it & 0xfc) << 8;
}

static void note_frame(const uint32_t *frame)
{
    note(TAG('f', 'r', 'a', 'm'), (uint32_t)frame);
    uint32_t begin = (uint32_t)sync_begin, end = (uint32_t)sync_end;
    note(TAG('p', 'c', ' ', ' '), frame[6] >= begin && frame[6] < end ? begin : frame[6]);
    note(TAG('x', 'p', 's', 'r'), frame[7]);
    note(TAG('l', 'r', ' ', ' '), frame[5]);
}

static void leave_unprivileged(const uint32_t *frame)
{
    uint32_t control;
    if (REG16(frame[6] - 2) != 0xdfee)
        return;
    READ_SPECIAL("control", control);
    WRITE_CONTROL(control & ~1u);
}

static int faulted(uint32_t number)
{
    return number >= 3 && number <= 6;
}

static int frame_is_lost(const uint32_t *frame)
{
    uint32_t address = (uint32_t)frame;
    return address < 0x20080000u || address >= SPARE + 0x80;
}

/* In place of a frame on a stack that failed: one that leads back to run_on_psp(). */
static uint32_t *make_frame(void)
{
    uint32_t *frame = (uint32_t *)SPARE;
    uint32_t control;
    for (uint32_t i = 0; i < 26; i++)
        frame[i] = 0;
    frame[6] = (uint32_t)recover & ~1u;
    frame[7] = 1u << 24;
    __asm volatile("msr psp, %0" : : "r"(frame));
    READ_SPECIAL("control", control);
    WRITE_CONTROL(control & ~1u);
    note(TAG('l', 'o', 's', 't'), 1);
    return frame;
}

/* A frame that cannot be read when the handler returns. */
static void spoil_stack(uint32_t exc_return, uint32_t number)
{
    if (!state.budget || !(exc_return & 4) || number <= 6 || below(6) || fault_mask())
        return;
    uint32_t stack = below(2) ? NOWHERE : DENIED, control; /* DENIED holds a frame, should it do */
    READ_SPECIAL("control", control);
    WRITE_CONTROL(control & ~1u);
    __asm volatile("msr psp, %0" : : "r"(stack));
    note(TAG('s', 'p', 'o', 'i'), stack);
}

static uint32_t choose_return(uint32_t exc_return, uint32_t number)
{
    static const uint32_t wrong[] = {0xfffffff5u, 0xffffffffu, 0xfffffff0u, 0xfffffff2u};
    if (!state.budget || number <= 6 || below(16) || fault_mask())
        return exc_return;
    state.good_return = exc_return;
    note(TAG('b', 'a', 'd', ' '), 1);
    return (exc_return & ~0xfu) | (wrong[below(4)] & 15);
}

/* An exception that chains to a return with a wrong value has that value in LR. */
static uint32_t mended(uint32_t exc_return)
{
    uint32_t low = exc_return & 15;
    return low == 1 || low == 9 || low == 13 ? exc_return : state.good_return;
}

uint32_t handler(uint32_t exc_return, uint32_t *main_stack, uint32_t *process_stack)
{
    uint32_t number = ipsr();
    uint32_t cfsr = REG(CFSR);
    uint32_t hfsr = REG(HFSR);
    uint32_t *frame = mended(exc_return) & 4 ? process_stack : main_stack;

    state.entries++;
    note(TAG('e', 'x', 'c', ' '), number);
    note(TAG('e', 'x', 'c', 'r'), exc_return);
    if (frame_is_lost(frame)) {
        note(TAG('f', 'r', 'a', 'm'), (uint32_t)frame);
        frame = make_frame();
    }
    note_frame(frame);
    note_masks();
    note_system();
    if (faulted(number))
        note_faults();
    exc_return = mended(exc_return);
    if (faulted(number) && (cfsr & 0x80000u)) /* or an FP frame could never be popped */
        poke(CPACR, 0xf00000);
    if (hfsr & 2) /* VECTTBL */
        poke(VTOR, 0);
    if (faulted(number) && (cfsr || is_breakpoint(frame[6]))) {
        step_over(frame, cfsr);
        step_it(frame);
    }
    if (number == 11 || number == 3)
        leave_unprivileged(frame);
    if (state.depth < DEPTH) {
        state.depth++;
        do_operations(1 + below(4));
        state.depth--;
    }
    note(TAG('r', 'e', 't', ' '), number);
    spoil_stack(exc_return, number);
    return choose_return(exc_return, number);
}

/* ---- Scenarios ------------------------------------------------------------------------------- */

static void scrub_mpu(void)
{
    REG(MPU_CTRL) = 0;
    for (uint32_t region = 0; region < 8; region++) {
        REG(MPU_RNR) = region;
        REG(MPU_RASR) = 0;
        REG(MPU_RBAR) = 0;
    }
    REG(MPU_RBAR) = 16; /* region 0: everything, for everybody */
    REG(MPU_RASR) = 0x030b003fu;
    REG(MPU_RBAR) = DENIED | 16 | 7;
    REG(MPU_RASR) = 0x000b0013u;
    synchronize();
}

static void scrub(void)
{
    __asm volatile("cpsie f\n cpsid i" : : : "memory");
    scrub_mpu();
    REG(VTOR) = 0;
    REG(CPACR) = 0xf00000;
    REG(CCR) = REG(CCR) & ~0x1bu;
    REG(ICER) = ~0u;
    REG(ICPR) = ~0u;
    REG(ICSR) = 1u << 27 | 1u << 25;
    REG(SHCSR) = 0;
    for (uint32_t i = 0; i < 32; i += 4)
        REG(IPR + i) = 0;
    for (uint32_t i = 0; i < 12; i += 4)
        REG(SHPR1 + i) = 0;
    REG(AIRCR) = 0x05FA0000u;
    REG(CFSR) = ~0u;
    REG(HFSR) = ~0u;
    REG(DFSR) = ~0u;
    REG(FPCCR) = 0xc0000000u;
    REG(FPCAR) = 0;
    REG(FPDSCR) = 0;
    synchronize();
    fp_fill(0x3f800000);
    set_basepri(0);
    WRITE_CONTROL(0);
    enable_interrupts();
}

static void prepare_window(uint32_t seed)
{
    for (uint32_t i = 0; i < 0x10000; i += 4)
        REG(WINDOW + i) = i >= 0x4000 && i < 0x5000 ? 0x47704770u : seed + i;
    for (uint32_t i = 0; i < 26; i++)
        REG(DENIED + 4 * i) = 0;
    REG(DENIED + 24) = (uint32_t)recover & ~1u;
    REG(DENIED + 28) = 1u << 24;
    synchronize();
}

static void copy_tables(void)
{
    for (uint32_t i = 0; i < 48; i++) {
        uint32_t vector = ((const volatile uint32_t *)0)[i];
        REG(OTHER_TABLE + 4 * i) = vector;
        if (i < 32 && REG(PARAMETERS + 8) > 0x80)
            REG(REG(PARAMETERS + 8) - 0x80 + 4 * i) = vector;
    }
}

static void set_up(void)
{
    for (uint32_t i = 0; i < 32; i++)
        REG8(IPR + i) = (uint8_t)(draw() & 0xe0);
    for (uint32_t i = 0; i < 12; i++)
        REG8(SHPR1 + i) = (uint8_t)(draw() & 0xe0);
    REG(ISER) = draw() & USABLE;
    REG(SHCSR) = draw() & 0x70000u;
    if (below(2))
        REG(MPU_CTRL) = 1 | (draw() & 6);
    synchronize();
}

static void run_scenario(uint32_t seed)
{
    scrub();
    prepare_window(seed);
    state.random = seed * 2654435761u + 12345;
    if (!state.random)
        state.random = 1;
    state.logged = 0;
    state.depth = 0;
    state.entries = 0;
    state.budget = OPERATIONS;
    set_up();
    do_operations(OPERATIONS);
    scrub();
    note(TAG('e', 'n', 'd', ' '), state.entries);
}

static void put_char(char c)
{
    while (REG(UART_STATE) & 1)
        ;
    REG(UART_DATA) = (uint32_t)c;
}

static void put_word(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[value >> shift & 15]);
}

static void report(uint32_t seed)
{
    const struct entry *entries = (const struct entry *)LOG_BASE;
    put_char('S');
    put_word(seed);
    put_char('\n');
    for (uint32_t i = 0; i < state.logged; i++) {
        for (int shift = 0; shift < 32; shift += 8)
            put_char((char)(entries[i].tag >> shift));
        put_word(entries[i].value);
        put_char('\n');
    }
}

void guest_main(void)
{
    uint32_t first = REG(PARAMETERS), count = REG(PARAMETERS + 4);
    copy_tables();
    REG(UART_BAUD) = 16;
    REG(UART_CTRL) = 1;
    for (uint32_t i = 0; i < count; i++) {
        run_scenario(first + i);
        report(first + i);
    }
    REG(UART_EXIT) = 1;
    leave();
}
