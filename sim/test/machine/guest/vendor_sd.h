/*
 * A microSD card on SDMMC1 as the maker's driver handles it: identification, four lines, high speed,
 * blocks by polling, by interrupt and by DMA. A function that fails notes its line in RESULT(2).
 */
#ifndef GUEST_VENDOR_SD_H
#define GUEST_VENDOR_SD_H

#include "vendor.h"

#define SDMMC(offset) MMIO(0x52007000u + (offset))
#define SD_POWER      SDMMC(0x00)
#define SD_CLKCR      SDMMC(0x04)
#define SD_ARG        SDMMC(0x08)
#define SD_CMD        SDMMC(0x0c)
#define SD_RESPCMD    SDMMC(0x10)
#define SD_RESP(n)    SDMMC(0x10 + 4 * (n)) /* from 1 */
#define SD_DTIMER     SDMMC(0x24)
#define SD_DLEN       SDMMC(0x28)
#define SD_DCTRL      SDMMC(0x2c)
#define SD_STA        SDMMC(0x34)
#define SD_ICR        SDMMC(0x38)
#define SD_MASK       SDMMC(0x3c)
#define SD_IDMACTRL   SDMMC(0x50)
#define SD_IDMABSIZE  SDMMC(0x54)
#define SD_IDMABASE0  SDMMC(0x58)
#define SD_IDMABASE1  SDMMC(0x5c)
#define SD_FIFO       SDMMC(0x80)

enum { CCRCFAIL = 1, DCRCFAIL = 2, CTIMEOUT = 4, DTIMEOUT = 8, TXUNDERR = 16, RXOVERR = 32 };
enum { CMDREND = 64, CMDSENT = 128, DATAEND = 256, DBCKEND = 1024, DPSMACT = 1 << 12 };
enum { CMDACT = 1 << 13, TXFIFOHE = 1 << 14, RXFIFOHF = 1 << 15, RXFIFOE = 1 << 19 };
enum { BUSYD0END = 1 << 21, IDMABTC = 1 << 28, CMD_FLAGS = 0x002000c5, DATA_FLAGS = 0x18000f3a };
enum { CMDTRANS = 1 << 6, CMDSTOP = 1 << 7, SHORT = 1 << 8, LONG = 3 << 8, CPSM = 1 << 12 };
enum { FROM_CARD = 2, BLOCK_512 = 9 << 4 };
enum { ERRORS = 0xfdffe008u };

static uint32_t rca;

/* ---- Commands ---- */

static inline void sd_send(uint32_t index, uint32_t argument, uint32_t wait)
{
    SD_ARG = argument;
    SD_CMD = (SD_CMD & ~(0x3fu | 3u << 8 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 16)) | index |
             wait | CPSM;
}

static inline uint32_t sd_wait_for_answer(void)
{
    uint32_t status, start = ticks;
    do {
        status = SD_STA;
        if (ticks - start > 5000)
            return 0x80000000;
    } while (!(status & (CCRCFAIL | CMDREND | CTIMEOUT | BUSYD0END)) || status & CMDACT);
    return status;
}

/* An R1 answer; the errors in it, or 1: none came. */
static inline uint32_t sd_command(uint32_t index, uint32_t argument)
{
    sd_send(index, argument, SHORT);
    uint32_t status = sd_wait_for_answer();
    SD_ICR = CMD_FLAGS;
    if (status & (CTIMEOUT | CCRCFAIL | 0x80000000) || SD_RESPCMD != index)
        return 1;
    return SD_RESP(1) & ERRORS;
}

static inline uint32_t sd_application(uint32_t index, uint32_t argument)
{
    return sd_command(55, rca << 16) | sd_command(index, argument);
}

/* With flow control: programs at -O0 are slower than the card. */
static inline void sd_clock(uint32_t divider, uint32_t wide)
{
    SD_CLKCR = (SD_CLKCR & ~0x3ad3ffu) | divider | wide << 14 | 1u << 17;
}

/* ---- Identification ---- */

static inline void sd_pins(void)
{
    RCC(0xd4) |= 1u << 16;
    alternate(PORT_C, 0x1f00, 12);
    alternate(PORT_D, 1u << 2, 12);
    GPIO(PORT_I, 0x00) &= ~(3u << 16);
    GPIO(PORT_I, 0x0c) = (GPIO(PORT_I, 0x0c) & ~(3u << 16)) | 1u << 16;
    RCC(0x7c) |= 1u << 16;
    RCC(0x7c) &= ~(1u << 16);
}

static inline int sd_is_there(void)
{
    return !(GPIO(PORT_I, 0x10) & 1u << 8);
}

static inline int sd_power_on(void)
{
    uint32_t answer = 0, tries = 0;
    SD_POWER |= 3;
    delay(2);
    rca = 0;
    sd_send(0, 0, 0);
    WAIT(SD_STA, CMDSENT, CMDSENT);
    SD_ICR = CMD_FLAGS;
    sd_send(8, 0x1aa, SHORT);
    if (!(sd_wait_for_answer() & CMDREND) || SD_RESP(1) != 0x1aa)
        return 0;
    SD_ICR = CMD_FLAGS;
    while (!(answer >> 31)) {
        if (sd_command(55, 0) || tries++ > 0xffff)
            return 0;
        sd_send(41, 0xc1100000, SHORT);
        if (sd_wait_for_answer() & CTIMEOUT) /* its CRC is none: CCRCFAIL is as it should be */
            return 0;
        SD_ICR = CMD_FLAGS;
        answer = SD_RESP(1);
    }
    return answer >> 30 & 1;
}

static inline int sd_long(uint32_t index)
{
    sd_send(index, rca << 16, LONG);
    uint32_t status = sd_wait_for_answer();
    SD_ICR = CMD_FLAGS;
    return (status & (CTIMEOUT | CCRCFAIL)) == 0;
}

/* The number of sectors; 0: it failed. */
static inline uint32_t sd_identify(void)
{
    uint32_t size;
    if (!sd_long(2))
        return 0;
    sd_send(3, 0, SHORT);
    if (!(sd_wait_for_answer() & CMDREND) || SD_RESP(1) & 0xe000)
        return 0;
    SD_ICR = CMD_FLAGS;
    rca = SD_RESP(1) >> 16;
    if (!sd_long(9) || SD_RESP(1) >> 30 != 1)
        return 0;
    size = (SD_RESP(2) & 0x3f) << 16 | SD_RESP(3) >> 16;
    return sd_command(7, rca << 16) ? 0 : (size + 1) * 1024;
}

/* ---- Data ---- */

static inline void sd_data(uint32_t length, uint32_t control)
{
    SD_DTIMER = 0xffffffff;
    SD_DLEN = length;
    SD_DCTRL = (SD_DCTRL & ~0xffu) | control;
}

/* A register of so many bytes that comes as a block: SCR, SD status, switch status. */
static inline int sd_register(uint32_t command, uint32_t argument, int application, uint32_t *words,
                              uint32_t bytes, uint32_t size_code)
{
    uint32_t n = 0, start = ticks;
    if (sd_command(16, bytes) || (application && sd_command(55, rca << 16)))
        return 0;
    sd_data(bytes, size_code << 4 | FROM_CARD | 1);
    if (sd_command(command, argument))
        return 0;
    while (!(SD_STA & (RXOVERR | DCRCFAIL | DTIMEOUT | DBCKEND | DATAEND))) {
        if (bytes == 8 && !(SD_STA & RXFIFOE) && n == 0) {
            words[n++] = SD_FIFO;
            words[n++] = SD_FIFO;
        }
        if (bytes > 8 && SD_STA & RXFIFOHF)
            for (uint32_t k = 0; k < 8; k++)
                words[n++] = SD_FIFO;
        if (ticks - start > 100)
            return 0;
    }
    int good = !(SD_STA & (RXOVERR | DCRCFAIL | DTIMEOUT)) && n == bytes / 4;
    SD_ICR = DATA_FLAGS;
    return good;
}

static inline int sd_four_lines(void)
{
    uint32_t scr[2];
    if (!sd_register(51, 0, 1, scr, 8, 3) || !(scr[0] & 0x400)) /* its second byte: 4 lines */
        return 0;
    if (sd_application(6, 2))
        return 0;
    sd_clock(4, 1);
    return sd_command(16, 512) == 0;
}

static inline int sd_high_speed(void)
{
    uint32_t status[16];
    if (!sd_register(6, 0x80ffff01, 0, status, 64, 6))
        return 0;
    if (!(((uint8_t *)status)[13] & 2) || (((uint8_t *)status)[16] & 15) != 1)
        return 0;
    sd_clock(2, 1);
    return 1;
}

static inline uint32_t sd_state(void)
{
    if (sd_command(13, rca << 16))
        return 16;
    return SD_RESP(1) >> 9 & 15;
}

static inline int sd_wait_until_ready(void)
{
    uint32_t start = ticks;
    while (sd_state() != 4)
        if (ticks - start > 500)
            return 0;
    return 1;
}

static inline uint32_t sd_stop(void)
{
    SD_CMD |= CMDSTOP;
    SD_CMD &= ~(uint32_t)CMDTRANS;
    uint32_t errors = sd_command(12, 0) & 0x7fffffff; /* the last sector may have been read */
    SD_CMD &= ~(uint32_t)CMDSTOP;
    return errors;
}

static inline uint32_t sd_begin(int in, uint32_t sector, uint32_t count)
{
    SD_DCTRL = 0;
    sd_data(count * 512, BLOCK_512 | (in ? FROM_CARD : 0));
    SD_CMD |= CMDTRANS;
    return sd_command((in ? 17 : 24) + (count > 1), sector);
}

static inline uint32_t sd_end(uint32_t count)
{
    uint32_t status = SD_STA, errors = 0;
    SD_CMD &= ~(uint32_t)CMDTRANS;
    if (status & DATAEND && count > 1)
        errors = sd_stop();
    SD_ICR = DATA_FLAGS;
    return errors | (status & (RXOVERR | TXUNDERR | DCRCFAIL | DTIMEOUT)) | !(status & DATAEND);
}

/* ---- By polling ---- */

static inline uint32_t sd_move(int in, uint32_t sector, uint32_t count, uint32_t *words)
{
    uint32_t left = count * 512, start = ticks, errors = sd_begin(in, sector, count);
    if (errors)
        return errors;
    while (!(SD_STA & (RXOVERR | TXUNDERR | DCRCFAIL | DTIMEOUT | DATAEND))) {
        if (SD_STA & (in ? RXFIFOHF : TXFIFOHE) && left >= 32) {
            for (unsigned n = 0; n < 8; n++, words++)
                if (in)
                    *words = SD_FIFO;
                else
                    SD_FIFO = *words;
            left -= 32;
        }
        if (ticks - start > 1000)
            return 2;
    }
    return sd_end(count);
}

/* ---- By interrupt and by DMA ---- */

static volatile struct {
    int in, dma, done;
    uint32_t *words;
    uint32_t left, count, errors, buffers;
} sd_job;

static inline void sd_move_fifo(void)
{
    for (unsigned n = 0; n < 8 && sd_job.left; n++, sd_job.left -= 4, sd_job.words++)
        if (sd_job.in)
            *sd_job.words = SD_FIFO;
        else
            SD_FIFO = *sd_job.words;
}

static inline void sd_interrupt(void)
{
    uint32_t status = SD_STA;
    if (status & RXFIFOHF && sd_job.in && !sd_job.dma) {
        sd_move_fifo();
    } else if (status & (DATAEND | DCRCFAIL | DTIMEOUT | RXOVERR | TXUNDERR)) {
        SD_MASK = 0;
        if (sd_job.dma) {
            SD_DLEN = 0;
            SD_DCTRL = 0;
            SD_IDMACTRL = 0;
        }
        sd_job.errors = sd_end(sd_job.count);
        sd_job.done = 1;
    } else if (status & IDMABTC) {
        SD_ICR = IDMABTC;
        sd_job.buffers++;
    } else if (status & TXFIFOHE && !sd_job.in && !sd_job.dma) {
        sd_move_fifo();
    }
}

static inline uint32_t sd_job_ends(void)
{
    uint32_t start = ticks;
    while (!sd_job.done)
        if (ticks - start > 1000)
            return 4;
    return sd_job.errors;
}

static inline void sd_job_is(int in, int dma, uint32_t count, uint32_t *words)
{
    sd_job.in = in;
    sd_job.dma = dma;
    sd_job.words = words;
    sd_job.left = count * 512;
    sd_job.count = count;
    sd_job.done = 0;
    sd_job.buffers = 0;
}

static inline uint32_t sd_move_by_interrupt(int in, uint32_t sector, uint32_t count,
                                            uint32_t *words)
{
    sd_job_is(in, 0, count, words);
    uint32_t errors = sd_begin(in, sector, count);
    if (errors)
        return errors;
    SD_MASK = DCRCFAIL | DTIMEOUT | DATAEND |
              (in ? (uint32_t)RXOVERR | RXFIFOHF : (uint32_t)TXUNDERR | TXFIFOHE);
    return sd_job_ends();
}

/* With two buffers, each of `half` sectors; 0: with one. */
static inline uint32_t sd_move_by_dma(int in, uint32_t sector, uint32_t count, uint32_t *words,
                                      uint32_t half)
{
    sd_job_is(in, 1, count, words);
    SD_DCTRL = 0;
    sd_data(count * 512, BLOCK_512 | (in ? FROM_CARD : 0));
    SD_CMD |= CMDTRANS;
    SD_IDMABASE0 = (uint32_t)words;
    SD_IDMABASE1 = (uint32_t)words + half * 512;
    SD_IDMABSIZE = half * 512;
    SD_IDMACTRL = half ? 3 : 1;
    uint32_t errors = sd_command((in ? 17 : 24) + (count > 1), sector);
    if (errors)
        return errors;
    SD_MASK = DCRCFAIL | DTIMEOUT | DATAEND | (in ? RXOVERR : TXUNDERR) | (half ? IDMABTC : 0u);
    return sd_job_ends();
}

/* ---- Put together ---- */

/* The number of sectors; 0: there is no card, or it failed. */
static inline uint32_t sd_start(void)
{
    sd_pins();
    if (!sd_is_there())
        return 0;
    sd_clock(250, 0); /* 200 MHz / 500 = 400 kHz */
    if (!sd_power_on())
        return 0;
    uint32_t sectors = sd_identify();
    CHECK(sectors);
    CHECK(sd_four_lines());
    CHECK(sd_wait_until_ready());
    enable_interrupt(49);
    return sectors;
}

#endif
