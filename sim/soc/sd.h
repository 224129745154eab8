/*
 * What is in the socket of SDMMC1 and SDMMC2 (RM0399 chapter 58; SD Physical Layer Simplified
 * Specification 6.00). The block is the host and makes the times on the wires; a card only answers.
 * All functions run at the board time at which the thing that they are told of has ended.
 */
#ifndef SIM_SOC_SD_H
#define SIM_SOC_SD_H

#include "sim/soc/soc.h"

enum { SD_BLOCK_MAX = 512 };

/* The wires as the host uses them. */
struct sd_line {
    unsigned width; /* data lines: 1, 4 or 8 */
    uint64_t hz;
};

enum sd_answer_kind { SD_SILENCE, SD_SHORT, SD_LONG };

struct sd_answer {
    enum sd_answer_kind kind;
    bool without_crc;  /* R3: ones where the CRC would be */
    uint8_t index;     /* the command's, or 63 */
    uint32_t words[4]; /* a short one has the first; of a long one, bits 127 to 0 */
};

/* The CRC status that follows a block to the card. */
enum sd_token { SD_TAKEN, SD_REFUSED, SD_NO_TOKEN };

/* The owner keeps it alive while it is in the socket. */
struct sd_device {
    void *ctx;
    const char *name; /* static storage */
    void (*command)(void *ctx, const struct sd_line *line, unsigned index, uint32_t argument,
                    struct sd_answer *answer);
    /* When the next block begins that the card wants to send; SIM_NEVER: it does not. */
    sim_time (*sends_at)(void *ctx);
    /* That block, at most SD_BLOCK_MAX bytes; how many, 0: none comes after all. *good false: its CRC is wrong. */
    unsigned (*send)(void *ctx, const struct sd_line *line, uint8_t *bytes, bool *good);
    enum sd_token (*take)(void *ctx, const struct sd_line *line, const uint8_t *bytes,
                          unsigned length);
    /* Until when it holds D0 low; a time past: it does not. */
    sim_time (*busy_until)(void *ctx);
};

/* The socket on the board. */
struct sd_socket {
    void *ctx;
    /* CK, CMD and so many data lines lead to it; NULL: they all do. */
    bool (*wired)(void *ctx, unsigned width);
};

void sd_connect(struct block *sdmmc, const struct sd_socket *socket); /* copied */
/* In place of what is there; NULL: empty. */
void sd_insert(struct block *sdmmc, const struct sd_device *card);

#endif
