/* The DSI host and its wrapper, what their files share (RM0399 chapter 34): dsi.c has the registers,
 * dsi_phy.c regulator, PLL and lanes, dsi_packets.c the generic interface, dsi_picture.c the way of the
 * LTDC's picture. */
#ifndef SIM_SOC_DSI_INTERNAL_H
#define SIM_SOC_DSI_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/dsi.h"

enum {
    DSI_VR = 0x000,
    DSI_CR = 0x004,
    DSI_CCR = 0x008,
    DSI_LVCIDR = 0x00c,
    DSI_LCOLCR = 0x010,
    DSI_LPCR = 0x014,
    DSI_LPMCR = 0x018,
    DSI_PCR = 0x02c,
    DSI_GVCIDR = 0x030,
    DSI_MCR = 0x034,
    DSI_VMCR = 0x038,
    DSI_VPCR = 0x03c,
    DSI_VCCR = 0x040,
    DSI_VLCR = 0x050,
    DSI_VVSACR = 0x054,
    DSI_VVBPCR = 0x058,
    DSI_VVFPCR = 0x05c,
    DSI_VVACR = 0x060,
    DSI_LCCR = 0x064,
    DSI_CMCR = 0x068,
    DSI_GHCR = 0x06c,
    DSI_GPDR = 0x070,
    DSI_GPSR = 0x074,
    DSI_TCCR1 = 0x07c,
    DSI_TCCR2 = 0x080,
    DSI_TCCR3 = 0x084,
    DSI_TCCR4 = 0x088,
    DSI_TCCR5 = 0x08c,
    DSI_CLCR = 0x094,
    DSI_PCTLR = 0x0a0,
    DSI_PCONFR = 0x0a4,
    DSI_PUCR = 0x0a8,
    DSI_PSR = 0x0b0,
    DSI_ISR0 = 0x0bc,
    DSI_ISR1 = 0x0c0,
    DSI_IER0 = 0x0c4,
    DSI_IER1 = 0x0c8,
    DSI_FIR0 = 0x0d8,
    DSI_FIR1 = 0x0dc,
    DSI_VSCR = 0x100,
    DSI_CURRENT = 0x100, /* from a register to its copy in use */
    DSI_WCFGR = 0x400,
    DSI_WCR = 0x404,
    DSI_WIER = 0x408,
    DSI_WISR = 0x40c,
    DSI_WIFCR = 0x410,
    DSI_WRPCR = 0x430,
};

enum { DSI_MCR_CMDM = 1, DSI_VMCR_VMT = 3, DSI_VMCR_BURST = 2, DSI_VMCR_LPCE = 1 << 15 };
enum { DSI_PSR_RESET = 0x1528 };
enum { DSI_COMMANDS = 8, DSI_PAYLOAD = 4096, DSI_ANSWER = 128 };

enum {
    WISR_TEIF = 1 << 0,
    WISR_ERIF = 1 << 1,
    WISR_BUSY = 1 << 2,
    WISR_PLLLS = 1 << 8,
    WISR_PLLLIF = 1 << 9,
    WISR_PLLUIF = 1 << 10,
    WISR_RRS = 1 << 12,
    WISR_RRIF = 1 << 13,
    WISR_FLAGS = WISR_TEIF | WISR_ERIF | WISR_PLLLIF | WISR_PLLUIF | WISR_RRIF,
};

struct dsi {
    struct block block;
    struct dsi_panel panel;
    struct block *ltdc;
    struct event regulator, lock, sent, pattern;
    uint32_t commands[DSI_COMMANDS]; /* GHCR words, the first is under way */
    unsigned command_count;
    uint8_t payload[DSI_PAYLOAD]; /* bytes of GPDR, first in first out */
    unsigned payload_count;
    uint8_t answer[DSI_ANSWER];
    unsigned answer_count, answer_read;
    unsigned return_size; /* as told to the panel */
    sim_time rests_until; /* the link, after a packet (34.8.2) */
    bool refreshing;      /* adapted command mode: a frame is being sent */
    bool streaming;       /* video mode, all of the way is open */
    bool drawn;           /* the pattern, since the way opened or a register was written */
    uint32_t told;        /* WCR.COLM and SHTDN as the panel knows them */
};

/* dsi.c: flags, and the interrupt that follows from them */
void dsi_update_irq(struct dsi *dsi);
void dsi_set_wisr(struct dsi *dsi, uint32_t bits);
void dsi_set_isr1(struct dsi *dsi, uint32_t bits);

/* dsi_phy.c */
void dsi_phy_init(struct dsi *dsi);
void dsi_phy_reset(struct dsi *dsi);
void dsi_write_wrpcr(struct dsi *dsi, uint32_t before);
uint64_t dsi_lane_rate(const struct dsi *dsi); /* bits a second on one lane */
unsigned dsi_lanes(const struct dsi *dsi);
bool dsi_link_ready(const struct dsi *dsi); /* it can carry packets */
uint32_t dsi_phy_status(const struct dsi *dsi);

/* dsi_packets.c */
void dsi_packets_init(struct dsi *dsi);
void dsi_packets_reset(struct dsi *dsi);
void dsi_send_next(struct dsi *dsi);
void dsi_write_ghcr(struct dsi *dsi);
void dsi_write_gpdr(struct dsi *dsi, uint32_t value);
uint32_t dsi_read_gpdr(struct dsi *dsi);
uint32_t dsi_read_gpsr(const struct dsi *dsi);

/* dsi_picture.c */
void dsi_picture_init(struct dsi *dsi);
void dsi_picture_reset(struct dsi *dsi);
bool dsi_command_mode(const struct dsi *dsi); /* the adapted one */
void dsi_start_refresh(struct dsi *dsi);
/* After every register that opens or closes the link or the way of the picture. */
void dsi_link_changed(struct dsi *dsi);

#endif
