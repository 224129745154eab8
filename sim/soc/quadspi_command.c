/* The FIFO of the QUADSPI and the phases of a command (RM0399 24.3.3 to 24.3.6). */
#include "sim/soc/quadspi_internal.h"

enum { LUMP = 16 /* bytes of the data phase at a time */, STATUS_MAX = 4 };

enum mode quadspi_mode(const struct quadspi *q)
{
    return REG(&q->block, QSPI_CCR) >> 26 & 3;
}

/* Lines of a phase by its field in CCR; 0: the phase is left out. */
static unsigned lines(const struct quadspi *q, unsigned shift)
{
    unsigned code = REG(&q->block, QSPI_CCR) >> shift & 3;
    return code ? 1u << (code - 1) : 0;
}

static unsigned instruction_lines(const struct quadspi *q)
{
    return lines(q, 8);
}

unsigned quadspi_address_lines(const struct quadspi *q)
{
    return lines(q, 10);
}

unsigned quadspi_data_lines(const struct quadspi *q)
{
    return lines(q, 24);
}

static unsigned address_bytes(const struct quadspi *q)
{
    return quadspi_address_lines(q) ? (REG(&q->block, QSPI_CCR) >> 12 & 3) + 1 : 0;
}

bool quadspi_dual(const struct quadspi *q)
{
    return REG(&q->block, QSPI_CR) & CR_DFM;
}

/* 24.3.9: the address that a command may not pass. */
uint64_t quadspi_memory_end(const struct quadspi *q)
{
    return 2ull << (REG(&q->block, QSPI_DCR) >> 16 & 31);
}

/* ---- FIFO and flags ---- */

void quadspi_push(struct quadspi *q, uint8_t byte)
{
    q->fifo[(q->first + q->level++) % QSPI_FIFO_SIZE] = byte;
}

uint8_t quadspi_pop(struct quadspi *q)
{
    uint8_t byte = q->fifo[q->first];
    q->first = (q->first + 1) % QSPI_FIFO_SIZE;
    q->level--;
    return byte;
}

static bool threshold_reached(const struct quadspi *q)
{
    unsigned threshold = (REG(&q->block, QSPI_CR) >> 8 & 31) + 1;
    switch (quadspi_mode(q)) {
    case MODE_WRITE:
        return REG(&q->block, QSPI_CR) & CR_EN && QSPI_FIFO_SIZE - q->level >= threshold;
    case MODE_READ:
        return q->level >= threshold || (q->level && !q->remaining);
    default:
        return q->level > 0;
    }
}

/* 24.3.15: a read is over when the FIFO is empty, too. */
bool quadspi_busy(const struct quadspi *q)
{
    return REG(&q->block, QSPI_SR) & SR_BUSY || (quadspi_mode(q) == MODE_READ && q->level);
}

uint32_t quadspi_status(const struct quadspi *q)
{
    bool shown = quadspi_mode(q) == MODE_WRITE || quadspi_mode(q) == MODE_READ;
    return (REG(&q->block, QSPI_SR) & SR_KEPT) | (threshold_reached(q) ? SR_FTF : 0) |
           (quadspi_busy(q) ? SR_BUSY : 0) | (shown ? q->level << SR_FLEVEL : 0);
}

void quadspi_update(struct quadspi *q)
{
    uint32_t flags = quadspi_status(q);
    block_irq(&q->block, 0, flags & REG(&q->block, QSPI_CR) >> CR_IRQS & 0x1f);
    block_mdma(&q->block, 0, flags & SR_FTF);
    block_mdma(&q->block, 1, flags & SR_TCF);
}

/* ---- The chips ---- */

static bool selected(const struct quadspi *q, unsigned n)
{
    return quadspi_dual(q) || n == (REG(&q->block, QSPI_CR) & CR_FSEL ? 1u : 0);
}

void quadspi_begin_command(struct quadspi *q, uint32_t address)
{
    if (quadspi_dual(q))
        address >>= 1; /* 24.3.4 */
    uint8_t instruction = (uint8_t)REG(&q->block, QSPI_CCR);
    q->turn = 0;
    for (unsigned n = 0; n < QUADSPI_CHIPS; n++)
        if (selected(q, n) && q->wires.chip[n].begin)
            q->wires.chip[n].begin(q->wires.chip[n].ctx, instruction, address, address_bytes(q));
}

void quadspi_end_command(struct quadspi *q)
{
    for (unsigned n = 0; n < QUADSPI_CHIPS; n++)
        if (selected(q, n) && q->wires.chip[n].end)
            q->wires.chip[n].end(q->wires.chip[n].ctx);
}

const struct quadspi_chip *quadspi_next_chip(struct quadspi *q)
{
    if (quadspi_dual(q))
        return &q->wires.chip[q->turn++ & 1];
    return &q->wires.chip[REG(&q->block, QSPI_CR) & CR_FSEL ? 1 : 0];
}

static void move_byte(struct quadspi *q)
{
    const struct quadspi_chip *chip = quadspi_next_chip(q);
    q->remaining--;
    if (quadspi_mode(q) == MODE_WRITE) {
        uint8_t byte = quadspi_pop(q);
        if (chip->write)
            chip->write(chip->ctx, byte);
    } else {
        quadspi_push(q, chip->read ? chip->read(chip->ctx) : 0xff); /* an open bus */
    }
}

/* ---- A command's phases ---- */

static void schedule(struct quadspi *q, uint64_t clocks)
{
    uint64_t divider = (REG(&q->block, QSPI_CR) >> 24) + 1;
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
    uint32_t ccr = REG(&q->block, QSPI_CCR);
    uint64_t fast = clocks(address_bytes(q), quadspi_address_lines(q)) +
                    clocks((ccr >> 16 & 3) + 1, lines(q, 14));
    return clocks(1, instruction_lines(q)) + (ccr & CCR_DDRM ? (fast + 1) / 2 : fast) +
           (ccr >> 18 & 31);
}

static uint64_t data_clocks(const struct quadspi *q, unsigned bytes)
{
    unsigned shared = (REG(&q->block, QSPI_CCR) & CCR_DDRM ? 2 : 1) * (quadspi_dual(q) ? 2u : 1);
    uint64_t plain = clocks(bytes, quadspi_data_lines(q));
    return (plain + shared - 1) / shared;
}

void quadspi_next_lump(struct quadspi *q)
{
    unsigned ready = quadspi_mode(q) == MODE_WRITE ? q->level : QSPI_FIFO_SIZE - q->level;
    uint64_t lump = q->remaining < LUMP ? q->remaining : LUMP;
    q->lump = ready < lump ? ready : (unsigned)lump;
    if (q->lump) /* else the clock stands still until the FIFO is served */
        schedule(q, data_clocks(q, q->lump));
}

void quadspi_go_idle(struct quadspi *q)
{
    event_cancel(&block_sim(&q->block)->events, &q->phase_ends);
    q->phase = PHASE_IDLE;
    q->lump = 0;
    q->remaining = 0;
    REG(&q->block, QSPI_SR) &= ~(uint32_t)SR_BUSY;
}

/* 24.3.6: AND: all bits of the mask match, OR: one does. */
static bool poll_matches(const struct quadspi *q, uint32_t value)
{
    uint32_t mask = REG(&q->block, QSPI_PSMKR);
    uint32_t equal = ~(value ^ REG(&q->block, QSPI_PSMAR)) & mask;
    return REG(&q->block, QSPI_CR) & CR_PMM ? equal != 0 : equal == mask;
}

static void polled(struct quadspi *q)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < q->level && n < 4; n++)
        value |= (uint32_t)q->fifo[(q->first + n) % QSPI_FIFO_SIZE] << (8 * n);
    bool match = poll_matches(q, value);
    if (match)
        REG(&q->block, QSPI_SR) |= SR_SMF;
    if (match && REG(&q->block, QSPI_CR) & CR_APMS) {
        quadspi_go_idle(q);
        return;
    }
    q->phase = PHASE_PAUSE;
    schedule(q, REG(&q->block, QSPI_PIR) + 1);
}

static void data_ended(struct quadspi *q)
{
    quadspi_end_command(q);
    if (quadspi_mode(q) == MODE_POLL) {
        polled(q);
        return;
    }
    quadspi_go_idle(q);
    if (quadspi_mode(q) == MODE_WRITE)
        q->first = q->level = 0; /* bytes beyond the length */
    REG(&q->block, QSPI_SR) |= SR_TCF;
}

static void start_header(struct quadspi *q)
{
    q->phase = PHASE_HEADER;
    q->first = q->level = 0;
    schedule(q, header_clocks(q));
}

static uint64_t data_length(const struct quadspi *q)
{
    uint32_t length = REG(&q->block, QSPI_DLR);
    if (!quadspi_data_lines(q))
        return 0;
    if (length == UINT32_MAX) /* up to the end of the memory */
        return quadspi_memory_end(q) - REG(&q->block, QSPI_AR);
    if (quadspi_mode(q) == MODE_POLL && length >= STATUS_MAX)
        return STATUS_MAX;
    return length + 1ull;
}

void quadspi_phase_ended(struct quadspi *q)
{
    switch (q->phase) {
    case PHASE_HEADER:
        quadspi_begin_command(q, REG(&q->block, QSPI_AR));
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
        quadspi_next_lump(q);
    else
        data_ended(q);
}

static void phase_ends(void *ctx)
{
    struct quadspi *q = ctx;
    quadspi_phase_ended(q);
    quadspi_update(q);
}

/* 24.3.14 */
static bool address_fits(const struct quadspi *q)
{
    uint64_t address = REG(&q->block, QSPI_AR), end = quadspi_memory_end(q);
    bool polls = quadspi_mode(q) == MODE_POLL;
    return !quadspi_address_lines(q) ||
           (address < end && (polls || address + data_length(q) <= end));
}

void quadspi_start(struct quadspi *q)
{
    if (!address_fits(q)) {
        REG(&q->block, QSPI_SR) |= SR_TEF;
        return;
    }
    unsigned written = quadspi_mode(q) == MODE_WRITE ? q->level : 0;
    unsigned first = q->first;
    REG(&q->block, QSPI_SR) |= SR_BUSY;
    q->remaining = data_length(q);
    start_header(q);
    q->first = first;
    q->level = written;
}
void quadspi_command_init(struct quadspi *q)
{
    event_init(&q->phase_ends, "QUADSPI", phase_ends, q);
}
