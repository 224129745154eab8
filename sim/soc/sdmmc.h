/* SDMMC1 and SDMMC2, what their files share (RM0399 chapter 58): sdmmc.c has the registers and the
 * commands, sdmmc_data.c the data path, sdmmc_fifo.c its FIFO and its DMA. */
#ifndef SIM_SOC_SDMMC_H
#define SIM_SOC_SDMMC_H

#include "sim/soc/bus_port.h"
#include "sim/soc/sd.h"

#include "sim/soc/block.h"

enum sdmmc_register {
    SDMMC_POWER = 0x00,
    SDMMC_CLKCR = 0x04,
    SDMMC_ARGR = 0x08,
    SDMMC_CMDR = 0x0c,
    SDMMC_RESPCMDR = 0x10,
    SDMMC_RESP1R = 0x14,
    SDMMC_DTIMER = 0x24,
    SDMMC_DLENR = 0x28,
    SDMMC_DCTRL = 0x2c,
    SDMMC_DCNTR = 0x30,
    SDMMC_STAR = 0x34,
    SDMMC_ICR = 0x38,
    SDMMC_MASKR = 0x3c,
    SDMMC_ACKTIMER = 0x40,
    SDMMC_IDMACTRLR = 0x50,
    SDMMC_IDMABSIZER = 0x54,
    SDMMC_IDMABASE0R = 0x58,
    SDMMC_IDMABASE1R = 0x5c,
    SDMMC_FIFOR = 0x80,
};

enum sdmmc_status { /* of STAR, ICR and MASKR */
                    SDMMC_CCRCFAIL = 1 << 0,
                    SDMMC_DCRCFAIL = 1 << 1,
                    SDMMC_CTIMEOUT = 1 << 2,
                    SDMMC_DTIMEOUT = 1 << 3,
                    SDMMC_TXUNDERR = 1 << 4,
                    SDMMC_RXOVERR = 1 << 5,
                    SDMMC_CMDREND = 1 << 6,
                    SDMMC_CMDSENT = 1 << 7,
                    SDMMC_DATAEND = 1 << 8,
                    SDMMC_DABORT = 1 << 11,
                    SDMMC_DPSMACT = 1 << 12,
                    SDMMC_CPSMACT = 1 << 13,
                    SDMMC_TXFIFOHE = 1 << 14,
                    SDMMC_RXFIFOHF = 1 << 15,
                    SDMMC_TXFIFOF = 1 << 16,
                    SDMMC_RXFIFOF = 1 << 17,
                    SDMMC_TXFIFOE = 1 << 18,
                    SDMMC_RXFIFOE = 1 << 19,
                    SDMMC_BUSYD0 = 1 << 20,
                    SDMMC_BUSYD0END = 1 << 21,
                    SDMMC_IDMATE = 1 << 27,
                    SDMMC_IDMABTC = 1 << 28,
};

enum { SDMMC_FIFO_WORDS = 16, SDMMC_CHUNK = 32 /* bytes: half of the FIFO */ };

enum sdmmc_data_state {
    DATA_IDLE,
    DATA_WAITS,   /* for the card's block, or for something to send to it */
    DATA_COMES,   /* a block, chunk by chunk */
    DATA_IS_READ, /* nothing more comes; the FIFO is not empty yet */
    DATA_GOES,
    DATA_IS_HELD,     /* the clock is stopped until the FIFO has room, or words (HWFC_EN) */
    DATA_ENDS,        /* the CRC of a block, and its status */
    DATA_IS_BUSY,     /* the card holds D0 low */
    DATA_ANSWER_BUSY, /* it does so after a command */
    DATA_FAILED,      /* an error was told; waits to be aborted */
    DATA_ABORTS,      /* aborted; the card is busy yet */
};

struct sdmmc {
    struct block block;
    struct sd_socket socket;
    const struct sd_device *card;
    struct event command; /* the end of a command, or of its answer */
    bool answering;
    struct sd_answer answer;
    struct event data;
    enum sdmmc_data_state state;
    sim_time deadline; /* of the wait for a block, or of the card's being busy */
    uint8_t sector[SD_BLOCK_MAX];
    unsigned length, at; /* of the block on the wires */
    bool good;
    uint32_t verdict; /* flags to be told when the FIFO has been read */
    uint32_t fifo[SDMMC_FIFO_WORDS];
    unsigned fifo_first, fifo_count;
    struct bus_port memory;
    struct bus_job job;
    uint32_t memory_at; /* bytes into the present buffer */
};

void sdmmc_update(struct sdmmc *s);
/* The wires now. */
struct sd_line sdmmc_line(const struct sdmmc *s);
sim_time sdmmc_clocks(const struct sdmmc *s, uint64_t count); /* SIM_NEVER: no clock */
bool sdmmc_reachable(const struct sdmmc *s, unsigned width);  /* a card is there, and is wired */

/* sdmmc_data.c */
void sdmmc_data_init(struct sdmmc *s);
void sdmmc_data_reset(struct sdmmc *s);
void sdmmc_data_start(struct sdmmc *s);
void sdmmc_data_abort(struct sdmmc *s);
/* Something happened at the card: it may want to send, or take. */
void sdmmc_data_look(struct sdmmc *s);
/* After a command's answer: the card may hold D0 low. */
void sdmmc_look_for_busy(struct sdmmc *s);
void sdmmc_fifo_reset(struct sdmmc *s); /* DCTRL.FIFORST */
bool sdmmc_receives(const struct sdmmc *s);

/* sdmmc_fifo.c */
bool sdmmc_by_dma(const struct sdmmc *s);
void sdmmc_dma_init(struct sdmmc *s);
void sdmmc_dma_begin(struct sdmmc *s); /* a transfer, if it is by DMA */
void sdmmc_dma_end(struct sdmmc *s);
void sdmmc_fifo_put(struct sdmmc *s, uint32_t word);
uint32_t sdmmc_fifo_take(struct sdmmc *s);
/* Bytes of the block at `at`, to the FIFO's reader or to memory, or from there. False: a bus error. */
bool sdmmc_fifo_give(struct sdmmc *s, unsigned bytes);
bool sdmmc_fifo_fetch(struct sdmmc *s, unsigned bytes);
uint32_t sdmmc_fifo_flags(const struct sdmmc *s);
uint32_t sdmmc_fifo_read(struct sdmmc *s);
void sdmmc_fifo_write(struct sdmmc *s, uint32_t word);

#endif
