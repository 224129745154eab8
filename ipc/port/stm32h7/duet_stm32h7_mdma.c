// The copy engine: one channel of the MDMA, started by software. RM0399 chapter 17.
#include "duet/status.h"
#include "duet/transfer.h"
#include "duet_stm32h7.h"

#define MDMA_BASE  0x52000000u
#define CHANNEL(n) (0x40u + 0x40u * (n))
#define CISR       0x00u
#define CIFCR      0x04u
#define CCR        0x0Cu
#define CTCR       0x10u
#define CBNDTR     0x14u
#define CSAR       0x18u
#define CDAR       0x1Cu
#define CBRUR      0x20u
#define CLAR       0x24u
#define CTBR       0x28u
#define CMAR       0x30u

#define CISR_TEIF     (1u << 0)
#define CISR_CTCIF    (1u << 1)
#define CIFCR_ALL     0x1Fu
#define CCR_EN        (1u << 0)
#define CCR_TEIE      (1u << 1)
#define CCR_CTCIE     (1u << 2)
#define CCR_SWRQ      (1u << 16)
#define CTCR_SINC     (2u << 0) // increment
#define CTCR_DINC     (2u << 2)
#define CTCR_TLEN(n)  ((n) << 18) // bytes of a buffer transfer, less one
#define CTCR_TRGM_REP (2u << 28)  // a request moves all repeated blocks
#define CTCR_SWRM     (1u << 30)  // the request is software's
#define CTCR_BWM      (1u << 31)  // bufferable writes
#define CTBR_SBUS     (1u << 16)  // the AHB bus, where the TCMs are
#define CTBR_DBUS     (1u << 17)
#define RCC_BASE      0x58024400u
#define RCC_AHB3ENR   0x0D4u
#define RCC_MDMAEN    (1u << 0)

static volatile uint32_t *reg(const struct duet_port *port, uint32_t offset)
{
    const struct duet_stm32h7 *config = port->context;
    uintptr_t base = config->mdma ? config->mdma : MDMA_BASE;

    return (volatile uint32_t *)(base + CHANNEL(config->mdma_channel) + offset);
}

void duet_stm32h7_start_mdma(const struct duet_stm32h7 *config)
{
    volatile uint32_t *enable =
        (volatile uint32_t *)((config->rcc ? config->rcc : RCC_BASE) + RCC_AHB3ENR);

    *enable = *enable | RCC_MDMAEN;
    (void)*enable;
}

// ITCM at 0, DTCM at 0x20000000 (RM0399 table 7): they answer on the AHB slave port of the M7 alone.
static int is_tcm(uint32_t address)
{
    return address < 0x10000u || (address >= 0x20000000u && address < 0x20020000u);
}

// log2 of the widest access that both addresses and all lengths allow, at most 8 bytes; a TCM takes 4.
static uint32_t width_of(const struct duet_transfer *piece, uint32_t from, uint32_t to)
{
    uint32_t all = from | to | piece->row | (piece->rows > 1 ? piece->from_stride : 0) |
                   (piece->rows > 1 ? piece->to_stride : 0);
    uint32_t most = is_tcm(from) || is_tcm(to) ? 2 : 3;
    uint32_t width = 0;

    while (width < most && !(all >> width & 1))
        width++;
    return width;
}

int duet_stm32h7_copy(const struct duet_port *port, const struct duet_transfer *piece)
{
    uint32_t from = (uint32_t)(uintptr_t)piece->from, to = (uint32_t)(uintptr_t)piece->to;
    uint32_t width = width_of(piece, from, to);
    uint32_t from_step = piece->from_stride - piece->row, to_step = piece->to_stride - piece->row;

    // The address after a row moves on by 16 bits at most (CBRUR).
    if (piece->rows > 1 && (from_step > 0xFFFF || to_step > 0xFFFF))
        return DUET_INVALID;
    if (*reg(port, CCR) & CCR_EN)
        return DUET_AGAIN;
    *reg(port, CIFCR) = CIFCR_ALL;
    *reg(port, CTCR) = CTCR_SINC | CTCR_DINC | width << 4 | width << 6 | width << 8 | width << 10 |
                       CTCR_TLEN(127u) | CTCR_TRGM_REP | CTCR_SWRM | CTCR_BWM;
    *reg(port, CBNDTR) = piece->row | (piece->rows - 1) << 20;
    *reg(port, CSAR) = from;
    *reg(port, CDAR) = to;
    *reg(port, CBRUR) = piece->rows > 1 ? from_step | to_step << 16 : 0;
    *reg(port, CLAR) = 0;
    *reg(port, CTBR) = (is_tcm(from) ? CTBR_SBUS : 0) | (is_tcm(to) ? CTBR_DBUS : 0);
    *reg(port, CMAR) = 0;
    *reg(port, CCR) = CCR_EN | CCR_TEIE | CCR_CTCIE;
    *reg(port, CCR) = CCR_EN | CCR_TEIE | CCR_CTCIE | CCR_SWRQ;
    return DUET_OK;
}

int duet_stm32h7_copy_state(const struct duet_port *port, const struct duet_transfer *piece)
{
    uint32_t state = *reg(port, CISR);

    (void)piece;
    if (!(state & (CISR_TEIF | CISR_CTCIF)))
        return DUET_AGAIN;
    *reg(port, CIFCR) = CIFCR_ALL;
    return state & CISR_TEIF ? DUET_CORRUPT : DUET_OK;
}

void duet_stm32h7_copy_cancel(const struct duet_port *port, const struct duet_transfer *piece)
{
    (void)piece;
    *reg(port, CCR) = 0;
    // CTCIF rises when the channel has stopped (RM0399 17.3.4); bounded, it takes a buffer transfer.
    for (int i = 0; i < 1000 && !(*reg(port, CISR) & (CISR_CTCIF | CISR_TEIF)); i++)
        continue;
    *reg(port, CIFCR) = CIFCR_ALL;
}
