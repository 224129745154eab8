/*
 * QUADSPI (RM0399 chapter 25): indirect, automatic polling and memory-mapped modes, one flash or two side
 * by side. Phases last as long as their clock cycles; the data phase goes in lumps of up to 16 bytes.
 * Not modelled: the time-out counter's release of chip select, sampling shift, and by which lines a
 * phase goes but for its length.
 */
#include "sim/soc/quadspi.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    CR = 0x00,
    DCR = 0x04,
    SR = 0x08,
    FCR = 0x0c,
    DLR = 0x10,
    CCR = 0x14,
    AR = 0x18,
    ABR = 0x1c,
    DR = 0x20,
    PSMKR = 0x24,
    PSMAR = 0x28,
    PIR = 0x2c,
    LPTR = 0x30,
};

enum {
    CR_EN = 1 << 0,
    CR_ABORT = 1 << 1,
    CR_DFM = 1 << 6,
    CR_FSEL = 1 << 7,
    CR_APMS = 1 << 22,
    CR_PMM = 1 << 23,
    CR_IRQS = 16, /* TEIE to TOIE, in the order of SR */
    SR_TEF = 1 << 0,
    SR_TCF = 1 << 1,
    SR_FTF = 1 << 2,
    SR_SMF = 1 << 3,
    SR_BUSY = 1 << 5,
    SR_FLEVEL = 8,
    SR_KEPT = SR_TEF | SR_TCF | SR_SMF | SR_BUSY, /* the others follow from the FIFO */
    FCR_FLAGS = SR_TEF | SR_TCF | SR_SMF | 1 << 4,
};

enum { CCR_DDRM = 1u << 31 };

/* CCR.FMODE */
enum mode { MODE_WRITE, MODE_READ, MODE_POLL, MODE_MAPPED };

static const struct reg quadspi_regs[] = {
    {CR, "CR", 0, 0xffdf1fdd, 0, 0},
    {DCR, "DCR", 0, 0x001f0701, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {FCR, "FCR", 0, 0, 0, 0},
    {DLR, "DLR", 0, 0xffffffff, 0, 0},
    {CCR, "CCR", 0, 0xdf7fffff, 0, 0},
    {AR, "AR", 0, 0xffffffff, 0, 0},
    {ABR, "ABR", 0, 0xffffffff, 0, 0},
    {DR, "DR", 0, 0, 0, 0},
    {PSMKR, "PSMKR", 0, 0xffffffff, 0, 0},
    {PSMAR, "PSMAR", 0, 0xffffffff, 0, 0},
    {PIR, "PIR", 0, 0x0000ffff, 0, 0},
    {LPTR, "LPTR", 0, 0x0000ffff, 0, 0},
};

enum { FIFO_SIZE = 32, LUMP = 16, WINDOW = 0x90000000, WINDOW_SIZE = 0x10000000 };

enum phase { PHASE_IDLE, PHASE_HEADER, PHASE_DATA, PHASE_PAUSE /* between two polls */ };

struct quadspi {
    struct block block;
    struct quadspi_bus wires;
    struct event phase_ends;
    enum phase phase;
    uint8_t fifo[FIFO_SIZE];
    unsigned first, level;
    uint64_t remaining; /* bytes between chips and FIFO */
    unsigned lump;      /* of which are under way */
    unsigned turn;      /* dual-flash mode: whose byte is next */
    struct bus_region *memory;
    struct bus_device closed, read_only;
};

static enum mode mode(const struct quadspi *q)
{
    return REG(&q->block, CCR) >> 26 & 3;
}

/* Lines of a phase by its field in CCR; 0: the phase is left out. */
static unsigned lines(const struct quadspi *q, unsigned shift)
{
    unsigned code = REG(&q->block, CCR) >> shift & 3;
    return code ? 1u << (code - 1) : 0;
}

static unsigned instruction_lines(const struct quadspi *q)
{
    return lines(q, 8);
}

static unsigned address_lines(const struct quadspi *q)
{
    return lines(q, 10);
}

static unsigned data_lines(const struct quadspi *q)
{
    return lines(q, 24);
}

static unsigned address_bytes(const struct quadspi *q)
{
    return address_lines(q) ? (REG(&q->block, CCR) >> 12 & 3) + 1 : 0;
}

static bool dual(const struct quadspi *q)
{
    return REG(&q->block, CR) & CR_DFM;
}

/* 25.3.7: the address that a command may not pass. */
static uint64_t memory_end(const struct quadspi *q)
{
    return 2ull << (REG(&q->block, DCR) >> 16 & 31);
}

/* ---- FIFO and flags ---- */

static void push(struct quadspi *q, uint8_t byte)
{
    q->fifo[(q->first + q->level++) % FIFO_SIZE] = byte;
}

static uint8_t pop(struct quadspi *q)
{
    uint8_t byte = q->fifo[q->first];
    q->first = (q->first + 1) % FIFO_SIZE;
    q->level--;
    return byte;
}

static bool threshold_reached(const struct quadspi *q)
{
    unsigned threshold = (REG(&q->block, CR) >> 8 & 31) + 1;
    switch (mode(q)) {
    case MODE_WRITE:
        return REG(&q->block, CR) & CR_EN && FIFO_SIZE - q->level >= threshold;
    case MODE_READ:
        return q->level >= threshold || (q->level && !q->remaining);
    default:
        return q->level > 0;
    }
}

static uint32_t status(const struct quadspi *q)
{
    return (REG(&q->block, SR) & SR_KEPT) | (threshold_reached(q) ? SR_FTF : 0) |
           q->level << SR_FLEVEL;
}

static void update(struct quadspi *q)
{
    uint32_t flags = status(q);
    block_irq(&q->block, 0, flags & REG(&q->block, CR) >> CR_IRQS & 0x1f);
    block_mdma(&q->block, 0, flags & SR_FTF);
    block_mdma(&q->block, 1, flags & SR_TCF);
}

/* ---- The chips ---- */

static bool selected(const struct quadspi *q, unsigned n)
{
    return dual(q) || n == (REG(&q->block, CR) & CR_FSEL ? 1u : 0);
}

static void begin_command(struct quadspi *q, uint32_t address)
{
    if (dual(q))
        address >>= 1; /* 25.3.5 */
    uint8_t instruction = (uint8_t)REG(&q->block, CCR);
    q->turn = 0;
    for (unsigned n = 0; n < QUADSPI_CHIPS; n++)
        if (selected(q, n) && q->wires.chip[n].begin)
            q->wires.chip[n].begin(q->wires.chip[n].ctx, instruction, address, address_bytes(q));
}

static void end_command(struct quadspi *q)
{
    for (unsigned n = 0; n < QUADSPI_CHIPS; n++)
        if (selected(q, n) && q->wires.chip[n].end)
            q->wires.chip[n].end(q->wires.chip[n].ctx);
}

static const struct quadspi_chip *next_chip(struct quadspi *q)
{
    if (dual(q))
        return &q->wires.chip[q->turn++ & 1];
    return &q->wires.chip[REG(&q->block, CR) & CR_FSEL ? 1 : 0];
}

static void move_byte(struct quadspi *q)
{
    const struct quadspi_chip *chip = next_chip(q);
    q->remaining--;
    if (mode(q) == MODE_WRITE) {
        uint8_t byte = pop(q);
        if (chip->write)
            chip->write(chip->ctx, byte);
    } else {
        push(q, chip->read ? chip->read(chip->ctx) : 0xff); /* an open bus */
    }
}

/* ---- A command's phases ---- */

static void schedule(struct quadspi *q, uint64_t clocks)
{
    uint64_t divider = (REG(&q->block, CR) >> 24) + 1;
    sim_time time = sim_cycles_to_time(clocks * divider, block_kernel_hz(&q->block));
    if (time == SIM_NEVER)
        event_cancel(&block_sim(&q->block)->events, &q->phase_ends);
    else
        event_in(&block_sim(&q->block)->events, &q->phase_ends, time);
}

static uint64_t clocks(unsigned bytes, unsigned lines)
{
    return lines ? bytes * 8u / lines : 0;
}

/* CCR.DDRM: two bits a clock on each line, but for the instruction. */
static uint64_t header_clocks(const struct quadspi *q)
{
    uint32_t ccr = REG(&q->block, CCR);
    uint64_t fast =
        clocks(address_bytes(q), address_lines(q)) + clocks((ccr >> 16 & 3) + 1, lines(q, 14));
    return clocks(1, instruction_lines(q)) + (ccr & CCR_DDRM ? (fast + 1) / 2 : fast) +
           (ccr >> 18 & 31);
}

static uint64_t data_clocks(const struct quadspi *q, unsigned bytes)
{
    unsigned shared = (REG(&q->block, CCR) & CCR_DDRM ? 2 : 1) * (dual(q) ? 2u : 1);
    uint64_t plain = clocks(bytes, data_lines(q));
    return (plain + shared - 1) / shared;
}

static void next_lump(struct quadspi *q)
{
    unsigned ready = mode(q) == MODE_WRITE ? q->level : FIFO_SIZE - q->level;
    uint64_t lump = q->remaining < LUMP ? q->remaining : LUMP;
    q->lump = ready < lump ? ready : (unsigned)lump;
    if (q->lump) /* else the clock stands still until the FIFO is served */
        schedule(q, data_clocks(q, q->lump));
}

static void go_idle(struct quadspi *q)
{
    event_cancel(&block_sim(&q->block)->events, &q->phase_ends);
    q->phase = PHASE_IDLE;
    q->lump = 0;
    q->remaining = 0;
    REG(&q->block, SR) &= ~(uint32_t)SR_BUSY;
}

/* 25.3.9: AND: all bits of the mask match, OR: one does. */
static bool poll_matches(const struct quadspi *q, uint32_t value)
{
    uint32_t mask = REG(&q->block, PSMKR);
    uint32_t equal = ~(value ^ REG(&q->block, PSMAR)) & mask;
    return REG(&q->block, CR) & CR_PMM ? equal != 0 : equal == mask;
}

static void polled(struct quadspi *q)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < q->level && n < 4; n++)
        value |= (uint32_t)q->fifo[(q->first + n) % FIFO_SIZE] << (8 * n);
    bool match = poll_matches(q, value);
    if (match)
        REG(&q->block, SR) |= SR_SMF;
    if (match && REG(&q->block, CR) & CR_APMS) {
        go_idle(q);
        return;
    }
    q->phase = PHASE_PAUSE;
    schedule(q, REG(&q->block, PIR) + 1);
}

static void data_ended(struct quadspi *q)
{
    end_command(q);
    if (mode(q) == MODE_POLL) {
        polled(q);
        return;
    }
    go_idle(q);
    REG(&q->block, SR) |= SR_TCF;
}

static void start_header(struct quadspi *q)
{
    q->phase = PHASE_HEADER;
    q->first = q->level = 0;
    schedule(q, header_clocks(q));
}

static uint64_t data_length(const struct quadspi *q)
{
    uint32_t length = REG(&q->block, DLR);
    if (!data_lines(q))
        return 0;
    if (length == UINT32_MAX) /* up to the end of the memory */
        return memory_end(q) - REG(&q->block, AR);
    return length + 1ull;
}

static void phase_ended(struct quadspi *q)
{
    switch (q->phase) {
    case PHASE_HEADER:
        begin_command(q, REG(&q->block, AR));
        q->phase = PHASE_DATA;
        break;
    case PHASE_PAUSE:
        q->remaining = data_length(q);
        start_header(q);
        return;
    default:
        for (; q->lump; q->lump--)
            move_byte(q);
        break;
    }
    if (q->remaining)
        next_lump(q);
    else
        data_ended(q);
}

static void phase_ends(void *ctx)
{
    struct quadspi *q = ctx;
    phase_ended(q);
    update(q);
}

static void start(struct quadspi *q)
{
    if (address_lines(q) && REG(&q->block, AR) >= memory_end(q)) {
        REG(&q->block, SR) |= SR_TEF; /* 25.3.11 */
        return;
    }
    unsigned written = mode(q) == MODE_WRITE ? q->level : 0;
    unsigned first = q->first;
    REG(&q->block, SR) |= SR_BUSY;
    q->remaining = data_length(q);
    start_header(q);
    q->first = first;
    q->level = written;
}

/* ---- Memory-mapped mode ---- */

static bool reads_memory(const struct quadspi *q)
{
    const struct quadspi_chip *chip = &q->wires.chip[0];
    return REG(&q->block, CR) & CR_EN && mode(q) == MODE_MAPPED && chip->reads_memory &&
           chip->reads_memory(chip->ctx, (uint8_t)REG(&q->block, CCR));
}

static void update_window(struct quadspi *q)
{
    bool open = reads_memory(q) && dual(q); /* both side by side are plain memory */
    if (mode(q) == MODE_MAPPED && REG(&q->block, CR) & CR_EN) {
        REG(&q->block, SR) |= SR_BUSY;
        if (!dual(q))
            block_complain(
                &q->block, COMPLAINT_UNMODELLED, 0x2000,
                "memory-mapped mode is modelled for both flashes together (CR.DFM) only");
    }
    if (q->memory->enabled != open)
        bus_enable(&block_sim(&q->block)->bus, q->memory, open);
}

/* Memory-mapped mode with one of the flashes: a command for each access. */
static uint32_t read_single(struct quadspi *q, uint32_t address, unsigned size)
{
    uint32_t value = 0;
    begin_command(q, address);
    for (unsigned n = 0; n < size; n++) {
        const struct quadspi_chip *chip = next_chip(q);
        value |= (uint32_t)(chip->read ? chip->read(chip->ctx) : 0xff) << (8 * n);
    }
    end_command(q);
    return value;
}

static enum bus_status closed_read(void *ctx, uint32_t address, const struct bus_access *access,
                                   uint32_t *value)
{
    struct quadspi *q = ctx;
    *value = 0;
    if (reads_memory(q)) {
        *value = read_single(q, address - WINDOW, access->size);
        return BUS_OK;
    }
    block_complain(&q->block, COMPLAINT_GUEST, 0x1000,
                   "0x%08x is read while memory-mapped mode is off or its command reads no "
                   "memory: set CCR.FMODE to 3 with a read command",
                   address);
    return BUS_ERROR;
}

static enum bus_status closed_write(void *ctx, uint32_t address, const struct bus_access *access,
                                    uint32_t value)
{
    struct quadspi *q = ctx;
    (void)value, (void)access;
    block_complain(&q->block, COMPLAINT_GUEST, 0x1001,
                   "0x%08x is written: the flash is programmed by commands, in indirect mode",
                   address);
    return BUS_ERROR;
}

/* ---- Registers ---- */

static void abort_command(struct quadspi *q)
{
    bool busy = REG(&q->block, SR) & SR_BUSY;
    if (q->phase == PHASE_DATA)
        end_command(q);
    go_idle(q);
    q->first = q->level = 0;
    REG(&q->block, CCR) &= ~(3u << 26);
    if (busy)
        REG(&q->block, SR) |= SR_TCF;
}

/* What the last one left in the FIFO (a status that was polled) is not part of the next. */
static void forget_command(struct quadspi *q)
{
    q->first = q->level = 0;
    REG(&q->block, SR) &= ~(uint32_t)SR_BUSY;
}

/* 25.3.5: a command starts with the last thing that it needs. */
static bool starts_by(const struct quadspi *q, uint32_t offset)
{
    if (!(REG(&q->block, CR) & CR_EN) || mode(q) == MODE_MAPPED || q->phase != PHASE_IDLE)
        return false;
    if (mode(q) == MODE_WRITE && data_lines(q))
        return offset == DR;
    return offset == (address_lines(q) ? AR : CCR);
}

/* The bus waits for the phase to end. */
static void wait_for_chips(struct quadspi *q)
{
    if (q->phase == PHASE_DATA && !q->lump)
        next_lump(q);
    event_cancel(&block_sim(&q->block)->events, &q->phase_ends);
    phase_ended(q);
}

static void resume(struct quadspi *q)
{
    if (q->phase == PHASE_DATA && !q->lump)
        next_lump(q);
}

static void write_data(struct quadspi *q, uint32_t value, const struct block_access *access)
{
    for (unsigned n = 0; n < access->size; n++) {
        while (q->level == FIFO_SIZE && q->phase != PHASE_IDLE)
            wait_for_chips(q);
        if (q->level < FIFO_SIZE)
            push(q, (uint8_t)(value >> (8 * (access->shift + n))));
    }
    resume(q);
}

static uint32_t read_data(struct quadspi *q, const struct block_access *access)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < access->size; n++) {
        while (!q->level && q->phase != PHASE_IDLE && mode(q) == MODE_READ)
            wait_for_chips(q);
        if (q->level)
            value |= (uint32_t)pop(q) << (8 * (access->shift + n));
    }
    resume(q);
    return value;
}

static void store(struct quadspi *q, uint32_t offset, uint32_t value,
                  const struct block_access *access)
{
    bool fixed = REG(&q->block, SR) & SR_BUSY && q->phase != PHASE_IDLE;
    if (!fixed || offset == CR)
        block_store(&q->block, offset, value, access);
}

static void quadspi_write(struct block *block, uint32_t offset, uint32_t value,
                          const struct block_access *access)
{
    struct quadspi *q = (struct quadspi *)block;
    if (offset == DR)
        write_data(q, value, access);
    else if (offset == FCR)
        REG(block, SR) &= ~(value & FCR_FLAGS);
    else
        store(q, offset, value, access);
    if (offset == CR && (value & CR_ABORT || !(REG(block, CR) & CR_EN)))
        abort_command(q);
    else if (offset == CCR && q->phase == PHASE_IDLE)
        forget_command(q);
    if (starts_by(q, offset))
        start(q);
    update_window(q);
    update(q);
}

static uint32_t quadspi_read(struct block *block, uint32_t offset,
                             const struct block_access *access)
{
    struct quadspi *q = (struct quadspi *)block;
    if (offset == SR)
        return status(q);
    if (offset != DR)
        return REG(block, offset);
    uint32_t value = read_data(q, access);
    update(q);
    return value;
}

static void quadspi_reset(struct block *block)
{
    struct quadspi *q = (struct quadspi *)block;
    go_idle(q);
    q->first = q->level = 0;
    update_window(q);
    update(q);
}

static void quadspi_init(struct block *block)
{
    struct quadspi *q = (struct quadspi *)block;
    struct bus *bus = &block_sim(block)->bus;
    uint32_t masters = MASTERS_ALL & ~(MASTER_BIT(MASTER_BDMA) | MASTER_BIT(MASTER_DEBUG));
    event_init(&q->phase_ends, "QUADSPI", phase_ends, q);
    q->closed = (struct bus_device){
        .name = "QUADSPI", .ctx = q, .read = closed_read, .write = closed_write};
    q->read_only = (struct bus_device){.name = "QUADSPI", .ctx = q, .write = closed_write};
    q->memory = bus_add_ram(bus, WINDOW, 0, masters, NULL, 0);
    q->memory->device = &q->read_only;
    bus_enable(bus, q->memory, false);
    bus_add_device(bus, WINDOW, WINDOW_SIZE, masters, &q->closed);
}

bool quadspi_attach(struct soc *soc, const struct quadspi_bus *wires)
{
    struct quadspi *q = (struct quadspi *)soc_block(soc, "QUADSPI");
    if (!q || q->wires.memory)
        return false;
    struct bus *bus = &block_sim(&q->block)->bus;
    q->wires = *wires;
    q->memory->size = wires->memory->size;
    bus_retarget(bus, q->memory, wires->memory, 0);
    bus_add_ram(bus, WINDOW, wires->memory->size, MASTER_BIT(MASTER_DEBUG), wires->memory, 0);
    return true;
}

const struct block_class quadspi_class = {
    .name = "QUADSPI",
    .regs = quadspi_regs,
    .reg_count = sizeof quadspi_regs / sizeof quadspi_regs[0],
    .size = sizeof(struct quadspi),
    .init = quadspi_init,
    .reset = quadspi_reset,
    .read = quadspi_read,
    .write = quadspi_write,
};
