/* The QUADSPI, what its files share (RM0399 chapter 24): quadspi.c has the registers, quadspi_command.c the
 * FIFO and a command's phases, quadspi_mapped.c the memory-mapped mode. */
#ifndef SIM_SOC_QUADSPI_INTERNAL_H
#define SIM_SOC_QUADSPI_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/quadspi.h"

enum {
    QSPI_CR = 0x00,
    QSPI_DCR = 0x04,
    QSPI_SR = 0x08,
    QSPI_FCR = 0x0c,
    QSPI_DLR = 0x10,
    QSPI_CCR = 0x14,
    QSPI_AR = 0x18,
    QSPI_ABR = 0x1c,
    QSPI_DR = 0x20,
    QSPI_PSMKR = 0x24,
    QSPI_PSMAR = 0x28,
    QSPI_PIR = 0x2c,
    QSPI_LPTR = 0x30,
};

enum {
    CR_EN = 1 << 0,
    CR_ABORT = 1 << 1,
    CR_DFM = 1 << 6,
    CR_FSEL = 1 << 7,
    CR_APMS = 1 << 22,
    CR_PMM = 1 << 23,
    CR_ALWAYS = 0x001f1f07, /* written while busy as well: enables, threshold, DMAEN, ABORT, EN */
    CR_IRQS = 16,           /* TEIE to TOIE, in the order of SR */
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

enum { QSPI_FIFO_SIZE = 32 };

enum quadspi_phase { PHASE_IDLE, PHASE_HEADER, PHASE_DATA, PHASE_PAUSE /* between two polls */ };

struct quadspi {
    struct block block;
    struct quadspi_bus wires;
    struct event phase_ends;
    enum quadspi_phase phase;
    uint8_t fifo[QSPI_FIFO_SIZE];
    unsigned first, level;
    uint64_t remaining; /* bytes between chips and FIFO */
    unsigned lump;      /* of which are under way */
    unsigned turn;      /* dual-flash mode: whose byte is next */
    struct bus_region *memory;
    struct bus_device closed, read_only;
};

/* quadspi_command.c */
enum mode quadspi_mode(const struct quadspi *q);
unsigned quadspi_address_lines(const struct quadspi *q); /* 0: no address is sent */
unsigned quadspi_data_lines(const struct quadspi *q);
bool quadspi_dual(const struct quadspi *q);
uint64_t quadspi_memory_end(const struct quadspi *q); /* bytes of all flashes, by DCR.FSIZE */
void quadspi_push(struct quadspi *q, uint8_t byte);
uint8_t quadspi_pop(struct quadspi *q);
bool quadspi_busy(const struct quadspi *q);
uint32_t quadspi_status(const struct quadspi *q); /* SR */
void quadspi_update(struct quadspi *q);           /* interrupt and triggers, after a change */
void quadspi_begin_command(struct quadspi *q, uint32_t address);
void quadspi_end_command(struct quadspi *q);
const struct quadspi_chip *quadspi_next_chip(struct quadspi *q);
void quadspi_start(struct quadspi *q);
void quadspi_next_lump(struct quadspi *q);
void quadspi_phase_ended(struct quadspi *q);
void quadspi_go_idle(struct quadspi *q);
void quadspi_command_init(struct quadspi *q);

/* quadspi_mapped.c */
void quadspi_mapped_init(struct quadspi *q);
void quadspi_update_window(struct quadspi *q); /* after a register changed */

#endif
