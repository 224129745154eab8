/*
 * FDCAN1, FDCAN2, their clock calibration unit and message RAM: RM0399 chapter 61. Loop-back, and sending
 * to a bus on which nobody acknowledges: the board has no transceiver. Frames take the time of their bits
 * without stuffing. Not modelled: time-triggered communication, clock calibration, the timeout counter,
 * delay compensation, ASM.
 */
#include "sim/soc/fdcan.h"
#include "sim/soc/classes.h"

enum {
    CCCR_INIT = 1 << 0,
    CCCR_CCE = 1 << 1,
    CCCR_CSA = 1 << 3,
    CCCR_CSR = 1 << 4,
    CCCR_MON = 1 << 5,
    CCCR_TEST = 1 << 7,
    CCCR_MODES = 0xf0e4, /* written only with CCE and INIT: ASM, MON, DAR, TEST, … */
    TEST_LBCK = 1 << 4,
    PSR_LEC = 7,
    PSR_DLEC = 7 << 8,
    TSCC_INTERNAL = 1,
    RAM_WORDS = 2560,
    FD_BITS = 3 << 8, /* FDOE, BSE */
};

static const struct reg fdcan_regs[] = {
    {FDCAN_CREL, "CREL", 0x32141218, 0, 0, 0},
    {FDCAN_ENDN, "ENDN", 0x87654321, 0, 0, 0},
    {FDCAN_DBTP, "DBTP", 0x00000a33, 0x009f1fff, 0, 0},
    {FDCAN_TEST, "TEST", 0, 0x70, 0, 0},
    {0x14, "RWD", 0, 0xff, 0, 0},
    {FDCAN_CCCR, "CCCR", 1, 0, 0, 0},
    {FDCAN_NBTP, "NBTP", 0x06000a03, 0xfffffffb | 4, 0, 0},
    {FDCAN_TSCC, "TSCC", 0, 0x000f0003, 0, 0},
    {FDCAN_TSCV, "TSCV", 0, 0, 0, 0},
    {0x28, "TOCC", 0xffff0000, 0xffff0007, 0, 0},
    {0x2c, "TOCV", 0x0000ffff, 0, 0, 0},
    {FDCAN_ECR, "ECR", 0, 0, 0, 0},
    {FDCAN_PSR, "PSR", 0x00000707, 0, 0, 0},
    {0x48, "TDCR", 0, 0x7f7f, 0, 0},
    {FDCAN_IR, "IR", 0, 0, 0, 0},
    {FDCAN_IE, "IE", 0, 0x3fffffff, 0, 0},
    {FDCAN_ILS, "ILS", 0, 0x3fffffff, 0, 0},
    {FDCAN_ILE, "ILE", 0, 3, 0, 0},
    {FDCAN_GFC, "GFC", 0, 0x3f, 0, 0},
    {FDCAN_SIDFC, "SIDFC", 0, 0x00fffffc, 0, 0},
    {FDCAN_XIDFC, "XIDFC", 0, 0x00fffffc, 0, 0},
    {FDCAN_XIDAM, "XIDAM", 0x1fffffff, 0x1fffffff, 0, 0},
    {FDCAN_HPMS, "HPMS", 0, 0, 0, 0},
    {FDCAN_NDAT1, "NDAT%1u", 0, 0, 2, 4},
    {FDCAN_RXF0C, "RXF0C", 0, 0xfffffffc, 0, 0},
    {FDCAN_RXF0S, "RXF0S", 0, 0, 0, 0},
    {FDCAN_RXF0A, "RXF0A", 0, 0x3f, 0, 0},
    {FDCAN_RXBC, "RXBC", 0, 0xfffc, 0, 0},
    {FDCAN_RXF0C + 0x10, "RXF1C", 0, 0xfffffffc, 0, 0},
    {FDCAN_RXF0S + 0x10, "RXF1S", 0, 0, 0, 0},
    {FDCAN_RXF0A + 0x10, "RXF1A", 0, 0x3f, 0, 0},
    {FDCAN_RXESC, "RXESC", 0, 0x777, 0, 0},
    {FDCAN_TXBC, "TXBC", 0, 0x7f3ffffc, 0, 0},
    {FDCAN_TXFQS, "TXFQS", 0, 0, 0, 0},
    {FDCAN_TXESC, "TXESC", 0, 7, 0, 0},
    {FDCAN_TXBRP, "TXBRP", 0, 0, 0, 0},
    {FDCAN_TXBAR, "TXBAR", 0, 0, 0, 0},
    {FDCAN_TXBCR, "TXBCR", 0, 0, 0, 0},
    {FDCAN_TXBTO, "TXBTO", 0, 0, 0, 0},
    {FDCAN_TXBCF, "TXBCF", 0, 0, 0, 0},
    {FDCAN_TXBTIE, "TXBTIE", 0, 0xffffffff, 0, 0},
    {FDCAN_TXBCIE, "TXBCIE", 0, 0xffffffff, 0, 0},
    {FDCAN_TXEFC, "TXEFC", 0, 0x3f3ffffc, 0, 0},
    {FDCAN_TXEFS, "TXEFS", 0, 0, 0, 0},
    {FDCAN_TXEFA, "TXEFA", 0, 0x1f, 0, 0},
    {0x100, "TTTMC", 0, 0x007ffffc, 0, 0},
    {0x104, "TTRMC", 0, 0xdfffffff, 0, 0},
    {FDCAN_TTOCF, "TTOCF", 0x00010000, 0x07fffffb, 0, 0},
    {0x10c, "TTMLM", 0, 0x0fff0fff, 0, 0},
    {0x110, "TURCF", 0x10000000, 0xbfffffff, 0, 0},
    {0x114, "TTOCN", 0, 0, 0, 0},
    {0x118, "TTGTP", 0, 0xffffffff, 0, 0},
    {0x11c, "TTTMK", 0, 0x007fffff, 0, 0},
    {0x120, "TTIR", 0, 0, 0, 0},
    {0x124, "TTIE", 0, 0x7ffff, 0, 0},
    {0x128, "TTILS", 0, 0x7ffff, 0, 0},
    {0x12c, "TTOST", 0, 0, 0, 0},
    {0x130, "TURNA", 0x00010000, 0, 0, 0},
    {0x134, "TTLGT", 0, 0, 0, 0},
    {0x138, "TTCTC", 0x003f0000, 0, 0, 0},
    {0x13c, "TTCPT", 0, 0, 0, 0},
    {0x140, "TTCSM", 0, 0, 0, 0},
    {0x300, "TTTS", 0, 0x33, 0, 0},
};

/* ---- What the unit is doing ---- */

static uint32_t cccr(const struct fdcan *can)
{
    return REG(&can->block, FDCAN_CCCR);
}

bool fdcan_loops_back(const struct fdcan *can)
{
    return cccr(can) & CCCR_TEST && REG(&can->block, FDCAN_TEST) & TEST_LBCK;
}

/* A bus monitor hears and says nothing, but for itself. */
bool fdcan_runs(const struct fdcan *can)
{
    return !(cccr(can) & CCCR_INIT) && (!(cccr(can) & CCCR_MON) || fdcan_loops_back(can));
}

uint64_t fdcan_bit_hz(const struct fdcan *can, bool fast)
{
    uint32_t nominal = REG(&can->block, FDCAN_NBTP), data = REG(&can->block, FDCAN_DBTP);
    uint64_t quanta =
        fast ? 3 + (data >> 8 & 31) + (data >> 4 & 15) : 3 + (nominal >> 8 & 255) + (nominal & 127);
    uint64_t prescaler = 1 + (fast ? data >> 16 & 31 : nominal >> 16 & 511);
    return block_kernel_hz(&can->block) / (quanta * prescaler);
}

uint16_t fdcan_timestamp(const struct fdcan *can)
{
    uint32_t tscc = REG(&can->block, FDCAN_TSCC);
    uint64_t hz = fdcan_bit_hz(can, false) / (1 + (tscc >> 16 & 15));
    if ((tscc & 3) != TSCC_INTERNAL || !hz)
        return 0;
    return (uint16_t)(sim_now(block_sim(&can->block)) / (SIM_S / hz));
}

unsigned fdcan_dlc_bytes(uint32_t dlc)
{
    static const uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64};
    return bytes[dlc & 15];
}

uint32_t *fdcan_word(struct fdcan *can, uint32_t offset)
{
    if (offset / 4 < RAM_WORDS)
        return &REG(can->ram, offset & ~3u);
    block_complain(&can->block, COMPLAINT_GUEST, 0x1000,
                   "its message RAM has 2560 words, and it is set up to use word %u", offset / 4);
    can->nowhere = 0;
    return &can->nowhere;
}

/* ---- Interrupts ---- */

static void update_irq(struct fdcan *can)
{
    struct block *block = &can->block;
    uint32_t active = REG(block, FDCAN_IR) & REG(block, FDCAN_IE), second = REG(block, FDCAN_ILS);
    uint32_t enabled = REG(block, FDCAN_ILE);
    block_irq(block, 0, enabled & 1 && active & ~second);
    block_irq(block, 1, enabled & 2 && active & second);
}

void fdcan_raise(struct fdcan *can, uint32_t flags)
{
    REG(&can->block, FDCAN_IR) |= flags;
    update_irq(can);
}

/* ---- Registers ---- */

static uint32_t read_psr(struct fdcan *can)
{
    enum { IDLE = 1 << 3 };
    uint32_t *psr = &REG(&can->block, FDCAN_PSR), value = *psr | (fdcan_runs(can) ? IDLE : 0);
    *psr |= PSR_LEC | PSR_DLEC; /* no change since it was read */
    return value;
}

static uint32_t fdcan_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct fdcan *can = (struct fdcan *)block;
    (void)access;
    switch (offset) {
    case FDCAN_PSR:
        return read_psr(can);
    case FDCAN_TSCV:
        return fdcan_timestamp(can);
    case FDCAN_RXF0S:
    case FDCAN_RXF0S + 0x10:
        return fdcan_fifo_status(can, offset != FDCAN_RXF0S);
    case FDCAN_TXFQS:
        return fdcan_tx_status(can);
    case FDCAN_TXEFS:
        return fdcan_event_status(can);
    default:
        return REG(block, offset);
    }
}

static void forget_traffic(struct fdcan *can)
{
    event_cancel(&block_sim(&can->block)->events, &can->sent);
    can->sending = -1;
    can->tx_first = can->tx_fill = 0;
    can->fifo[0] = can->fifo[1] = can->events = (struct fdcan_ring){0, 0, false};
}

/* 61.5.6: CCE can be set while INIT is, and lets the modes be changed; both are cleared together. */
static void write_cccr(struct fdcan *can, uint32_t value)
{
    uint32_t before = cccr(can), open = CCCR_INIT | CCCR_CCE;
    uint32_t modes = CCCR_MODES | FD_BITS, kept = before & modes;
    if ((before & open) == open)
        kept = value & modes;
    kept |= value & (CCCR_INIT | CCCR_CSR);
    if (value & CCCR_CSR)
        kept |= CCCR_CSA | CCCR_INIT;
    if (value & before & CCCR_INIT)
        kept |= value & CCCR_CCE;
    REG(&can->block, FDCAN_CCCR) = kept;
    if (kept & ~before & CCCR_CCE) { /* 61.5.6: resets what is pending */
        forget_traffic(can);
        REG(&can->block, FDCAN_TXBRP) = REG(&can->block, FDCAN_TXBTO) = 0;
        REG(&can->block, FDCAN_TXBCF) = 0;
    }
    fdcan_go_on(can);
}

/* Registers that only CCE and INIT open. */
static bool is_protected(uint32_t offset)
{
    switch (offset) {
    case FDCAN_DBTP:
    case FDCAN_TEST:
    case FDCAN_NBTP:
    case FDCAN_TSCC:
    case FDCAN_GFC:
    case FDCAN_SIDFC:
    case FDCAN_XIDFC:
    case FDCAN_XIDAM:
    case FDCAN_RXF0C:
    case FDCAN_RXF0C + 0x10:
    case FDCAN_RXBC:
    case FDCAN_RXESC:
    case FDCAN_TXBC:
    case FDCAN_TXESC:
    case FDCAN_TXEFC:
        return true;
    default:
        return false;
    }
}

static void write_configuration(struct block *block, uint32_t offset, uint32_t value,
                                const struct block_access *access)
{
    if (is_protected(offset) && !(REG(block, FDCAN_CCCR) & CCCR_CCE))
        return;
    block_store(block, offset, value, access);
    if (offset == FDCAN_TTOCF && value & 3)
        block_complain(block, COMPLAINT_UNMODELLED, FDCAN_TTOCF, "time-triggered communication");
    update_irq((struct fdcan *)block);
}

static void fdcan_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct fdcan *can = (struct fdcan *)block;
    switch (offset) {
    case FDCAN_CCCR:
        write_cccr(can, block_merge(block, offset, value, access));
        return;
    case FDCAN_IR:
        REG(block, FDCAN_IR) &= ~value;
        update_irq(can);
        return;
    case FDCAN_NDAT1:
    case FDCAN_NDAT2:
        REG(block, offset) &= ~value;
        return;
    case FDCAN_RXF0A:
    case FDCAN_RXF0A + 0x10:
        fdcan_fifo_acknowledge(can, offset != FDCAN_RXF0A, value & 0x3f);
        return;
    case FDCAN_TXBAR:
        fdcan_request(can, value);
        return;
    case FDCAN_TXBCR:
        fdcan_cancel(can, value);
        return;
    case FDCAN_TXEFA:
        fdcan_event_acknowledge(can, value & 0x1f);
        return;
    default:
        write_configuration(block, offset, value, access);
    }
}

static void fdcan_reset(struct block *block)
{
    forget_traffic((struct fdcan *)block);
}

static void fdcan_init(struct block *block)
{
    struct fdcan *can = (struct fdcan *)block;
    can->ram = soc_block(block->soc, "CAN_MSG_RAM");
    event_init(&can->sent, block->row->name, fdcan_sent, can);
}

const struct block_class fdcan_class = {
    .name = "FDCAN",
    .regs = fdcan_regs,
    .reg_count = sizeof fdcan_regs / sizeof fdcan_regs[0],
    .size = sizeof(struct fdcan),
    .init = fdcan_init,
    .reset = fdcan_reset,
    .read = fdcan_read,
    .write = fdcan_write,
};

/* ---- What the two share ---- */

static const struct reg ram_regs[] = {{0, "RAM%u", 0, 0xffffffff, RAM_WORDS, 4}};

const struct block_class can_ram_class = {
    .name = "CAN_MSG_RAM",
    .regs = ram_regs,
    .reg_count = 1,
    .size = sizeof(struct block),
};

static const struct reg ccu_regs[] = {
    {0x00, "CREL", 0, 0, 0, 0},  {0x04, "CCFG", 0, 0x000fffdf, 0, 0},
    {0x08, "CSTAT", 0, 0, 0, 0}, {0x0c, "CWD", 0, 0xffff, 0, 0},
    {0x10, "IR", 0, 0, 0, 0},    {0x14, "IE", 0, 3, 0, 0},
};

const struct block_class can_ccu_class = {
    .name = "CAN_CCU",
    .regs = ccu_regs,
    .reg_count = sizeof ccu_regs / sizeof ccu_regs[0],
    .size = sizeof(struct block),
};
