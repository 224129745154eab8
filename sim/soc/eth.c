/*
 * Ethernet MAC with its DMA (RM0399 chapter 61), as far as a start without a cable goes: all registers,
 * resets that end, the PHY by MDIO, and frames to send, whose descriptors come back in the frames' time.
 * Not modelled: reception, loop-back, the clock of IEEE 1588, flow control, the counters.
 */
#include "sim/soc/eth.h"

#include "sim/soc/bus_port.h"
#include "sim/soc/classes.h"

enum {
    MACCR = 0x000,
    MDIOAR = 0x200,
    MDIODR = 0x204,
    MMC_CONTROL = 0x700,
    TSCR = 0xb00,
    TXQOMR = 0xd00,
    DMAMR = 0x1000,
    DMAISR = 0x1008,
    DMACCR = 0x1100,
    TXCR = 0x1104,
    RXCR = 0x1108,
    TXDLAR = 0x1114,
    TXDTPR = 0x1120,
    TXRLR = 0x112c,
    CIER = 0x1134,
    CATXDR = 0x1144,
    CATXBR = 0x1154,
    CSR = 0x1160,
};

enum { MACCR_TE = 1 << 1, MACCR_LM = 1 << 12, MACCR_FES = 1 << 14 };
enum { MDIOAR_MB = 1, MDIOAR_GOC = 3 << 2, MDIOAR_WRITE = 1 << 2, MDIOAR_READ = 3 << 2 };
enum { DMAMR_SWR = 1, TXQOMR_FTQ = 1, MMC_CNTRST = 1, TSCR_MOMENTARY = 0x2c };
enum { TXCR_ST = 1 };
/* Of CSR, and of CIER in the same places. */
enum {
    CSR_TI = 1 << 0,
    CSR_TBU = 1 << 2,
    CSR_RI = 1 << 6,
    CSR_ERI = 1 << 11,
    CSR_FBE = 1 << 12,
    CSR_AIS = 1 << 14,
    CSR_NIS = 1 << 15,
    CSR_NORMAL = CSR_TI | CSR_TBU | CSR_RI | CSR_ERI,
    CSR_ABNORMAL = 0x178a | 1 << 13,
    CSR_FLAGS = 0xffc7,
};

static const struct reg eth_regs[] = {
    {MACCR, "MACCR", 0, 0xfffb7f7f, 0, 0},
    {0x004, "MACECR", 0, 0x3f073fff, 0, 0},
    {0x008, "MACPFR", 0, 0x803107ff, 0, 0},
    {0x00c, "MACWTR", 0, 0x0000010f, 0, 0},
    {0x010, "MACHT0R", 0, 0xffffffff, 0, 0},
    {0x014, "MACHT1R", 0, 0xffffffff, 0, 0},
    {0x050, "MACVTR", 0, 0xbf7fffff, 0, 0},
    {0x058, "MACVHTR", 0, 0x0000ffff, 0, 0},
    {0x060, "MACVIR", 0, 0x001fffff, 0, 0},
    {0x064, "MACIVIR", 0, 0x001fffff, 0, 0},
    {0x070, "MACQTxFCR", 0, 0xffff00f3, 0, 0},
    {0x090, "MACRxFCR", 0, 0x00000003, 0, 0},
    {0x0b0, "MACISR", 0, 0, 0, 0},
    {0x0b4, "MACIER", 0, 0x00007038, 0, 0},
    {0x0b8, "MACRxTxSR", 0, 0, 0, 0},
    {0x0c0, "MACPCSR", 0, 0x9f000607, 0, 0},
    {0x0c4, "MACRWKPFR", 0, 0xffffffff, 0, 0},
    {0x0d0, "MACLCSR", 0, 0, 0, 0},
    {0x0d4, "MACLTCR", 0x03e80000, 0x03ffffff, 0, 0},
    {0x0d8, "MACLETR", 0, 0x0001ffff, 0, 0},
    {0x0dc, "MAC1USTCR", 0, 0x00000fff, 0, 0},
    {0x110, "MACVR", 0x00003041, 0, 0, 0},
    {0x114, "MACDR", 0, 0, 0, 0},
    {0x120, "MACHWF1R", 0x11841904, 0, 0, 0},
    {0x124, "MACHWF2R", 0x41000000, 0, 0, 0},
    {MDIOAR, "MACMDIOAR", 0, 0x0fff7f1f, 0, 0},
    {MDIODR, "MACMDIODR", 0, 0xffffffff, 0, 0},
    {0x300, "MACA0HR", 0x8000ffff, 0x0000ffff, 0, 0},
    {0x304, "MACA0LR", 0xffffffff, 0xffffffff, 0, 0},
    {0x308, "MACA1HR", 0x0000ffff, 0xff00ffff, 0, 0},
    {0x30c, "MACA1LR", 0xffffffff, 0xffffffff, 0, 0},
    {0x310, "MACA2HR", 0x0000ffff, 0xff00ffff, 0, 0},
    {0x314, "MACA2LR", 0xffffffff, 0xffffffff, 0, 0},
    {0x318, "MACA3HR", 0x0000ffff, 0xff00ffff, 0, 0},
    {0x31c, "MACA3LR", 0xffffffff, 0xffffffff, 0, 0},
    {MMC_CONTROL, "MMC_CONTROL", 0, 0x0000013f, 0, 0},
    {0x704, "MMC_RX_INTERRUPT", 0, 0, 0, 0},
    {0x708, "MMC_TX_INTERRUPT", 0, 0, 0, 0},
    {0x70c, "MMC_RX_INTERRUPT_MASK", 0, 0x04020060, 0, 0},
    {0x710, "MMC_TX_INTERRUPT_MASK", 0, 0x0420c000, 0, 0},
    {0x74c, "TX_SINGLE_COLLISION_GOOD_PACKETS", 0, 0, 0, 0},
    {0x750, "TX_MULTIPLE_COLLISION_GOOD_PACKETS", 0, 0, 0, 0},
    {0x768, "TX_PACKET_COUNT_GOOD", 0, 0, 0, 0},
    {0x794, "RX_CRC_ERROR_PACKETS", 0, 0, 0, 0},
    {0x798, "RX_ALIGNMENT_ERROR_PACKETS", 0, 0, 0, 0},
    {0x7c4, "RX_UNICAST_PACKETS_GOOD", 0, 0, 0, 0},
    {0x7ec, "TX_LPI_USEC_CNTR", 0, 0, 0, 0},
    {0x7f0, "TX_LPI_TRAN_CNTR", 0, 0, 0, 0},
    {0x7f4, "RX_LPI_USEC_CNTR", 0, 0, 0, 0},
    {0x7f8, "RX_LPI_TRAN_CNTR", 0, 0, 0, 0},
    {0x900, "MACL3L4C0R", 0, 0x003dfffd, 0, 0},
    {0x904, "MACL4A0R", 0, 0xffffffff, 0, 0},
    {0x910, "MACL3A00R", 0, 0xffffffff, 0, 0},
    {0x914, "MACL3A10R", 0, 0xffffffff, 0, 0},
    {0x918, "MACL3A20", 0, 0xffffffff, 0, 0},
    {0x91c, "MACL3A30", 0, 0xffffffff, 0, 0},
    {0x930, "MACL3L4C1R", 0, 0x003dfffd, 0, 0},
    {0x934, "MACL4A1R", 0, 0xffffffff, 0, 0},
    {0x940, "MACL3A01R", 0, 0xffffffff, 0, 0},
    {0x944, "MACL3A11R", 0, 0xffffffff, 0, 0},
    {0x948, "MACL3A21R", 0, 0xffffffff, 0, 0},
    {0x94c, "MACL3A31R", 0, 0xffffffff, 0, 0},
    {0xae0, "MACARPAR", 0, 0xffffffff, 0, 0},
    {TSCR, "MACTSCR", 0x00000200, 0x0107ff2f, 0, 0},
    {0xb04, "MACSSIR", 0, 0x00ffff00, 0, 0},
    {0xb08, "MACSTSR", 0, 0, 0, 0},
    {0xb0c, "MACSTNR", 0, 0, 0, 0},
    {0xb10, "MACSTSUR", 0, 0xffffffff, 0, 0},
    {0xb14, "MACSTNUR", 0, 0xffffffff, 0, 0},
    {0xb18, "MACTSAR", 0, 0xffffffff, 0, 0},
    {0xb20, "MACTSSR", 0, 0, 0, 0},
    {0xb30, "MACTxTSSNR", 0, 0, 0, 0},
    {0xb34, "MACTxTSSSR", 0, 0, 0, 0},
    {0xb40, "MACACR", 0, 0x000000f1, 0, 0},
    {0xb48, "MACATSNR", 0, 0, 0, 0},
    {0xb4c, "MACATSSR", 0, 0, 0, 0},
    {0xb50, "MACTSIACR", 0, 0xffffffff, 0, 0},
    {0xb54, "MACTSEACR", 0, 0xffffffff, 0, 0},
    {0xb58, "MACTSICNR", 0, 0xffffffff, 0, 0},
    {0xb5c, "MACTSECNR", 0, 0xffffffff, 0, 0},
    {0xb70, "MACPPSCR", 0, 0x0000007f, 0, 0},
    {0xb80, "MACPPSTTSR", 0, 0x7fffffff, 0, 0},
    {0xb84, "MACPPSTTNR", 0, 0xffffffff, 0, 0},
    {0xb88, "MACPPSIR", 0, 0xffffffff, 0, 0},
    {0xb8c, "MACPPSWR", 0, 0xffffffff, 0, 0},
    {0xbc0, "MACPOCR", 0, 0x0000ff77, 0, 0},
    {0xbc4, "MACSPI0R", 0, 0xffffffff, 0, 0},
    {0xbc8, "MACSPI1R", 0, 0xffffffff, 0, 0},
    {0xbcc, "MACSPI2R", 0, 0x0000ffff, 0, 0},
    {0xbd0, "MACLMIR", 0, 0xff0007ff, 0, 0},
    {0xc00, "MTLOMR", 0, 0x00000302, 0, 0},
    {0xc20, "MTLISR", 0, 0, 0, 0},
    {TXQOMR, "MTLTxQOMR", 0x00070008, 0x01ff0073, 0, 0},
    {0xd04, "MTLTxQUR", 0, 0, 0, 0},
    {0xd08, "MTLTxQDR", 0, 0, 0, 0},
    {0xd2c, "MTLQICSR", 0, 0x01010101, 0, 0},
    {0xd30, "MTLRxQOMR", 0x00700000, 0x0001c7fb, 0, 0},
    {0xd34, "MTLRxQMPOCR", 0, 0, 0, 0},
    {0xd38, "MTLRxQDR", 0, 0, 0, 0},
    {DMAMR, "DMAMR", 0, 0x00010001, 0, 0},
    {0x1004, "DMASBMR", 0x01010000, 0x00001001, 0, 0},
    {DMAISR, "DMAISR", 0, 0, 0, 0},
    {0x100c, "DMADSR", 0, 0, 0, 0},
    {DMACCR, "DMACCR", 0, 0x001d3fff, 0, 0},
    {TXCR, "DMACTxCR", 0, 0x003f1011, 0, 0},
    {RXCR, "DMACRxCR", 0, 0x803f7fff, 0, 0},
    {TXDLAR, "DMACTxDLAR", 0, 0xfffffffc, 0, 0},
    {0x111c, "DMACRxDLAR", 0, 0xfffffffc, 0, 0},
    {TXDTPR, "DMACTxDTPR", 0, 0xfffffffc, 0, 0},
    {0x1128, "DMACRxDTPR", 0, 0xfffffffc, 0, 0},
    {TXRLR, "DMACTxRLR", 0, 0x000003ff, 0, 0},
    {0x1130, "DMACRxRLR", 0, 0x000003ff, 0, 0},
    {CIER, "DMACIER", 0, 0x0000ffc7, 0, 0},
    {0x1138, "DMACRxIWTR", 0, 0x000000ff, 0, 0},
    {CATXDR, "DMACCATxDR", 0, 0, 0, 0},
    {0x114c, "DMACCARxDR", 0, 0, 0, 0},
    {CATXBR, "DMACCATxBR", 0, 0, 0, 0},
    {0x115c, "DMACCARxBR", 0, 0, 0, 0},
    {CSR, "DMACSR", 0, 0, 0, 0},
    {0x116c, "DMACMFCR", 0, 0, 0, 0},
};

/* A descriptor for transmission as the DMA reads it. */
enum { TDES0, TDES1, TDES2, TDES3, DESCRIPTOR_WORDS };
enum { TDES3_CTXT = 1 << 30, TDES3_LD = 1 << 28, BUFFER_LENGTH = 0x3fff };
#define TDES3_OWN 0x80000000u
#define TDES2_IOC 0x80000000u

/* Preamble, checksum and gap of a frame; the DMA's reset, some clocks of the PHY. */
enum { FRAME_EXTRA_BYTES = 24, MDIO_BITS = 64 };
#define RESET_TIME SIM_US

struct eth {
    struct block block;
    struct eth_phy phy;
    struct event managed, sent, reset_done;
    struct bus_port memory;
    uint32_t descriptor[DESCRIPTOR_WORDS]; /* of the frame under way */
    uint32_t place;                        /* its address, or that of the next */
    unsigned index;                        /* of it in the ring */
};

static struct event_queue *events_of(struct eth *eth)
{
    return &block_sim(&eth->block)->events;
}

/* ---- Interrupts ---- */

static void update_irq(struct eth *eth)
{
    struct block *block = &eth->block;
    uint32_t flags = REG(block, CSR), enabled = REG(block, CIER);
    if (flags & enabled & CSR_NORMAL)
        flags |= CSR_NIS;
    if (flags & enabled & CSR_ABNORMAL)
        flags |= CSR_AIS;
    REG(block, CSR) = flags;
    bool level = flags & enabled & (CSR_NIS | CSR_AIS);
    REG(block, DMAISR) = level;
    block_irq(block, 0, level);
}

static void tell(struct eth *eth, uint32_t flags)
{
    REG(&eth->block, CSR) |= flags;
    update_irq(eth);
}

/* ---- Management of the PHY ---- */

/* MDC is the bus clock divided, by MACMDIOAR.CR. */
static sim_time management_time(const struct eth *eth)
{
    static const uint8_t dividers[16] = {42, 62, 16, 26, 102, 124, 42, 42,
                                         4,  6,  8,  10, 12,  14,  16, 18};
    uint64_t divider = dividers[REG(&eth->block, MDIOAR) >> 8 & 15];
    return sim_cycles_to_time(MDIO_BITS * divider, block_bus_hz(&eth->block));
}

static void managed(void *ctx)
{
    struct eth *eth = ctx;
    uint32_t order = REG(&eth->block, MDIOAR);
    unsigned address = order >> 21 & 31, reg = order >> 16 & 31;
    if ((order & MDIOAR_GOC) == MDIOAR_READ)
        REG(&eth->block, MDIODR) =
            eth->phy.read ? eth->phy.read(eth->phy.ctx, address, reg) : 0xffff;
    else if ((order & MDIOAR_GOC) == MDIOAR_WRITE && eth->phy.write)
        eth->phy.write(eth->phy.ctx, address, reg, (uint16_t)REG(&eth->block, MDIODR));
    REG(&eth->block, MDIOAR) &= ~(uint32_t)MDIOAR_MB;
}

static void manage(struct eth *eth)
{
    sim_time time = management_time(eth);
    if (time != SIM_NEVER && !event_pending(&eth->managed))
        event_in(events_of(eth), &eth->managed, time);
}

/* ---- Sending ---- */

static bool transfer(struct eth *eth, unsigned word, bool write)
{
    uint32_t address = eth->place + 4 * word, *value = &eth->descriptor[word];
    enum bus_status status = write ? bus_port_write(&eth->memory, address, 4, *value)
                                   : bus_port_read(&eth->memory, address, 4, value);
    if (status == BUS_OK)
        return true;
    block_complain(&eth->block, COMPLAINT_GUEST, TXDLAR,
                   "its DMA cannot reach the descriptor at 0x%08x", address);
    REG(&eth->block, TXCR) &= ~(uint32_t)TXCR_ST;
    tell(eth, CSR_FBE);
    return false;
}

static bool fetch(struct eth *eth)
{
    for (unsigned n = 0; n < DESCRIPTOR_WORDS; n++)
        if (!transfer(eth, n, false))
            return false;
    return true;
}

static bool may_send(const struct eth *eth)
{
    return REG(&eth->block, TXCR) & TXCR_ST && REG(&eth->block, MACCR) & MACCR_TE &&
           !event_pending(&eth->sent) && eth->place != REG(&eth->block, TXDTPR);
}

static sim_time frame_time(const struct eth *eth)
{
    uint32_t lengths = eth->descriptor[TDES2];
    uint64_t bytes = (lengths & BUFFER_LENGTH) + (lengths >> 16 & BUFFER_LENGTH);
    bool last = eth->descriptor[TDES3] & TDES3_LD;
    uint64_t rate = REG(&eth->block, MACCR) & MACCR_FES ? 100000000 : 10000000;
    if (eth->descriptor[TDES3] & TDES3_CTXT)
        bytes = 0;
    return sim_cycles_to_time(8 * (bytes + (last ? FRAME_EXTRA_BYTES : 0)) + 1, rate);
}

/* The next descriptor that is the DMA's; one that is not suspends it until TXDTPR is written. */
static void send_next(struct eth *eth)
{
    if (!may_send(eth) || !fetch(eth))
        return;
    REG(&eth->block, CATXDR) = eth->place;
    REG(&eth->block, CATXBR) = eth->descriptor[TDES0];
    if (eth->descriptor[TDES3] & TDES3_OWN)
        event_in(events_of(eth), &eth->sent, frame_time(eth));
    else
        tell(eth, CSR_TBU);
}

/* DMACCR.DSL counts words of the bus, eight bytes each. */
static void go_on(struct eth *eth)
{
    uint32_t skip = 8 * (REG(&eth->block, DMACCR) >> 18 & 7);
    eth->place += 4 * DESCRIPTOR_WORDS + skip;
    if (eth->index++ < REG(&eth->block, TXRLR))
        return;
    eth->index = 0;
    eth->place = REG(&eth->block, TXDLAR);
}

static void sent(void *ctx)
{
    struct eth *eth = ctx;
    uint32_t flags = eth->descriptor[TDES3];
    eth->descriptor[TDES3] &= ~TDES3_OWN;
    if (!transfer(eth, TDES3, true))
        return;
    go_on(eth);
    if (flags & TDES3_LD && eth->descriptor[TDES2] & TDES2_IOC)
        tell(eth, CSR_TI);
    send_next(eth);
}

/* ---- Registers ---- */

static void reset_done(void *ctx)
{
    REG(&((struct eth *)ctx)->block, DMAMR) &= ~(uint32_t)DMAMR_SWR;
}

static void write_mode(struct eth *eth)
{
    if (!(REG(&eth->block, DMAMR) & DMAMR_SWR))
        return;
    block_reset(&eth->block);
    REG(&eth->block, DMAMR) |= DMAMR_SWR;
    event_in(events_of(eth), &eth->reset_done, RESET_TIME);
}

static void write_effect(struct eth *eth, uint32_t offset, uint32_t before)
{
    struct block *block = &eth->block;
    switch (offset) {
    case MACCR:
        if (REG(block, MACCR) & MACCR_LM)
            block_complain(block, COMPLAINT_UNMODELLED, MACCR, "loop-back (MACCR.LM)");
        break;
    case MDIOAR:
        if (REG(block, MDIOAR) & MDIOAR_MB)
            manage(eth);
        break;
    case DMAMR:
        write_mode(eth);
        break;
    case TXCR:
        if (REG(block, TXCR) & ~before & TXCR_ST) {
            eth->place = REG(block, TXDLAR);
            eth->index = 0;
        }
        break;
    default:
        break;
    }
    send_next(eth);
}

/* Bits that fall as soon as they have done what they are for. */
static uint32_t momentary(uint32_t offset)
{
    return offset == TXQOMR        ? TXQOMR_FTQ
           : offset == MMC_CONTROL ? MMC_CNTRST
           : offset == TSCR        ? TSCR_MOMENTARY
                                   : 0;
}

static void eth_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct eth *eth = (struct eth *)block;
    uint32_t before = REG(block, offset);
    if (offset == MDIOAR && before & MDIOAR_MB) /* not while a frame is under way */
        return;
    block_store(block, offset, value, access);
    REG(block, offset) &= ~momentary(offset);
    if (offset == CSR)
        REG(block, CSR) &= ~(value & CSR_FLAGS);
    write_effect(eth, offset, before);
    update_irq(eth);
}

static void eth_reset(struct block *block)
{
    struct eth *eth = (struct eth *)block;
    event_cancel(events_of(eth), &eth->managed);
    event_cancel(events_of(eth), &eth->sent);
    event_cancel(events_of(eth), &eth->reset_done);
    eth->place = 0;
    eth->index = 0;
}

static void eth_init(struct block *block)
{
    struct eth *eth = (struct eth *)block;
    event_init(&eth->managed, "ETH MDIO", managed, eth);
    event_init(&eth->sent, "ETH frame", sent, eth);
    event_init(&eth->reset_done, "ETH reset", reset_done, eth);
    eth->memory = (struct bus_port){.sim = block_sim(block), .master = MASTER_ETH};
}

void eth_connect(struct block *eth, const struct eth_phy *phy)
{
    ((struct eth *)eth)->phy = *phy;
}

const struct block_class eth_class = {
    .name = "ETH",
    .regs = eth_regs,
    .reg_count = sizeof eth_regs / sizeof eth_regs[0],
    .size = sizeof(struct eth),
    .init = eth_init,
    .reset = eth_reset,
    .write = eth_write,
};
