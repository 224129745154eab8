/* FDCAN1 and FDCAN2, what their files share (RM0399 chapter 61): fdcan.c has the registers and the state
 * of the unit, fdcan_rx.c acceptance and the receive FIFOs, fdcan_tx.c sending. */
#ifndef SIM_SOC_FDCAN_H
#define SIM_SOC_FDCAN_H

#include "sim/soc/block.h"

enum fdcan_register {
    FDCAN_CREL = 0x00,
    FDCAN_ENDN = 0x04,
    FDCAN_DBTP = 0x0c,
    FDCAN_TEST = 0x10,
    FDCAN_CCCR = 0x18,
    FDCAN_NBTP = 0x1c,
    FDCAN_TSCC = 0x20,
    FDCAN_TSCV = 0x24,
    FDCAN_ECR = 0x40,
    FDCAN_PSR = 0x44,
    FDCAN_IR = 0x50,
    FDCAN_IE = 0x54,
    FDCAN_ILS = 0x58,
    FDCAN_ILE = 0x5c,
    FDCAN_GFC = 0x80,
    FDCAN_SIDFC = 0x84,
    FDCAN_XIDFC = 0x88,
    FDCAN_XIDAM = 0x90,
    FDCAN_HPMS = 0x94,
    FDCAN_NDAT1 = 0x98,
    FDCAN_NDAT2 = 0x9c,
    FDCAN_RXF0C = 0xa0, /* RXF1C and its followers are 0x10 further */
    FDCAN_RXF0S = 0xa4,
    FDCAN_RXF0A = 0xa8,
    FDCAN_RXBC = 0xac,
    FDCAN_RXESC = 0xbc,
    FDCAN_TXBC = 0xc0,
    FDCAN_TXFQS = 0xc4,
    FDCAN_TXESC = 0xc8,
    FDCAN_TXBRP = 0xcc,
    FDCAN_TXBAR = 0xd0,
    FDCAN_TXBCR = 0xd4,
    FDCAN_TXBTO = 0xd8,
    FDCAN_TXBCF = 0xdc,
    FDCAN_TXBTIE = 0xe0,
    FDCAN_TXBCIE = 0xe4,
    FDCAN_TXEFC = 0xf0,
    FDCAN_TXEFS = 0xf4,
    FDCAN_TXEFA = 0xf8,
    FDCAN_TTOCF = 0x108,
};

enum fdcan_interrupt { /* of IR, IE and ILS; those of FIFO 1 are four bits up */
                       FDCAN_RF0N = 1 << 0,
                       FDCAN_RF0W = 1 << 1,
                       FDCAN_RF0F = 1 << 2,
                       FDCAN_RF0L = 1 << 3,
                       FDCAN_HPM = 1 << 8,
                       FDCAN_TC = 1 << 9,
                       FDCAN_TCF = 1 << 10,
                       FDCAN_TFE = 1 << 11,
                       FDCAN_TEFN = 1 << 12,
                       FDCAN_TEFW = 1 << 13,
                       FDCAN_TEFF = 1 << 14,
                       FDCAN_TEFL = 1 << 15,
                       FDCAN_DRX = 1 << 19,
                       FDCAN_EP = 1 << 23,
                       FDCAN_EW = 1 << 24,
                       FDCAN_PEA = 1 << 27,
};

/* A frame in the words of the message RAM: the identifier's word, and DLC with its neighbours. */
enum {
    FRAME_EXTENDED = 1 << 30,
    FRAME_REMOTE = 1 << 29,
    FRAME_ID = 0x1fffffff,
    FRAME_EVENT = 1 << 23, /* T1.EFC */
    FRAME_FD = 1 << 21,
    FRAME_FAST = 1 << 20, /* BRS */
    FRAME_DLC = 16,
};
struct fdcan_frame {
    uint32_t id, control;
    uint32_t data[16];
};

/* A ring in the message RAM; what its status register is made of. */
struct fdcan_ring {
    unsigned fill, get;
    bool lost;
};

struct fdcan {
    struct block block;
    struct block *ram;
    struct fdcan_ring fifo[2], events;
    unsigned tx_first, tx_fill; /* of the Tx FIFO or queue; the dedicated buffers are not counted */
    int sending;                /* the buffer on the wire; -1: none */
    struct event sent;
    uint32_t nowhere; /* where words beyond the message RAM go */
};

void fdcan_raise(struct fdcan *can, uint32_t flags);
/* A word of the message RAM, by its byte offset; beyond the RAM: see the complaint, and a spare word. */
uint32_t *fdcan_word(struct fdcan *can, uint32_t offset);
unsigned fdcan_dlc_bytes(uint32_t dlc);
uint16_t fdcan_timestamp(const struct fdcan *can);
uint64_t fdcan_bit_hz(const struct fdcan *can, bool fast); /* 0: no clock */
bool fdcan_loops_back(const struct fdcan *can);
bool fdcan_runs(const struct fdcan *can); /* takes part in what goes on on the bus */

/* fdcan_rx.c */
void fdcan_receive(struct fdcan *can, const struct fdcan_frame *frame);
uint32_t fdcan_fifo_status(const struct fdcan *can, unsigned n);
void fdcan_fifo_acknowledge(struct fdcan *can, unsigned n, uint32_t index);

/* fdcan_tx.c */
void fdcan_request(struct fdcan *can, uint32_t buffers);
void fdcan_cancel(struct fdcan *can, uint32_t buffers);
void fdcan_go_on(struct fdcan *can); /* sends the next, if there is one and nothing goes out */
void fdcan_sent(void *ctx);
uint32_t fdcan_tx_status(const struct fdcan *can);
uint32_t fdcan_event_status(const struct fdcan *can);
void fdcan_event_acknowledge(struct fdcan *can, uint32_t index);

#endif
