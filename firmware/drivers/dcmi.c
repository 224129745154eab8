#include "drivers/dcmi.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/mdma.h"

enum { STOP_POLLS = 100000, LINE_BYTES_MAX = 2 * DCMI_WIDTH_MAX, BLOCK_BYTES = 64 };
enum { LINE_PARTS = 4, SORTING_NODES = DCMI_UNIT_HEIGHT * LINE_PARTS };

static uint8_t line_buffers[2][DCMI_UNIT_HEIGHT * LINE_BYTES_MAX]
    __attribute__((section(".sram1"), aligned(32)));
/* A row of units is sorted in on-chip RAM: eight bytes at a time would cost too much of the SDRAM. */
static uint8_t unit_row[DCMI_UNIT_HEIGHT * LINE_BYTES_MAX]
    __attribute__((section(".sram1"), aligned(32)));
/* One list a line buffer: the nodes that sort, and the one that brings the row to the frame. Only
 * where that goes changes from row to row. */
static struct mdma_node lists[2][SORTING_NODES + 1] __attribute__((section(".sram1")));

static struct {
    struct dcmi_events events;
    uint32_t line_bytes, rows; /* of units */
    uint32_t row;              /* that is being filled */
    uint8_t *frame;
} capture;

static const uint32_t stream_flags = DMA2_LIFCR_CTCIF3 | DMA2_LIFCR_CHTIF3 | DMA2_LIFCR_CTEIF3 |
                                     DMA2_LIFCR_CDMEIF3 | DMA2_LIFCR_CFEIF3;

/* Bytes out of the line, packed to double words; the whole list for each time that the stream has
 * filled its line buffer. */
static const uint32_t sorting = MDMA_C0TCR_SINC(2) | MDMA_C0TCR_DINC(2) | MDMA_C0TCR_SSIZE(0) |
                                MDMA_C0TCR_DSIZE(3) | MDMA_C0TCR_DINCOS(3) | MDMA_C0TCR_PKE |
                                MDMA_C0TCR_TLEN(8 - 1) | MDMA_C0TCR_TRGM(3);
/* Double words in bursts of 128 bytes. */
static const uint32_t bringing = MDMA_C0TCR_SINC(2) | MDMA_C0TCR_DINC(2) | MDMA_C0TCR_SSIZE(3) |
                                 MDMA_C0TCR_DSIZE(3) | MDMA_C0TCR_SINCOS(3) | MDMA_C0TCR_DINCOS(3) |
                                 MDMA_C0TCR_SBURST(4) | MDMA_C0TCR_DBURST(4) |
                                 MDMA_C0TCR_TLEN(128 - 1) | MDMA_C0TCR_TRGM(3);

/* What one node takes out of one line: 8 bytes of each unit, into one line of one of its blocks. */
static const struct line_part {
    uint8_t first;    /* byte of the line */
    uint8_t step;     /* from one byte to the next */
    uint8_t sincos;   /* the same as the register has it */
    uint8_t to_block; /* of the unit */
} line_parts[LINE_PARTS] = {
    {0, 2, 1, 0},  /* Y of the unit's left half */
    {16, 2, 1, 1}, /* Y of its right half */
    {1, 4, 2, 2},  /* Cb */
    {3, 4, 2, 3},  /* Cr */
};

static uint32_t row_bytes(void)
{
    return DCMI_UNIT_HEIGHT * capture.line_bytes;
}

/* The MDMA acknowledges the stream's flag itself, by writing CMDR to CMAR (15.3.7). */
static const struct mdma_node common = {
    .ctbr = MDMA_C0TBR_TSEL(MDMA_TRIGGER_DMA2_STREAM3),
    .cmar = DMA2_LIFCR,
    .cmdr = DMA2_LIFCR_CTCIF3,
};

static struct mdma_node sorting_node(unsigned buffer, unsigned n)
{
    const struct line_part *part = &line_parts[n % LINE_PARTS];
    unsigned line = n / LINE_PARTS, taken = 8u * part->step;
    struct mdma_node node = common;
    node.ctcr = sorting | MDMA_C0TCR_SINCOS(part->sincos);
    node.cbndtr =
        MDMA_C0BNDTR_BNDT(8) | MDMA_C0BNDTR_BRC(capture.line_bytes / (2 * DCMI_UNIT_WIDTH) - 1);
    node.csar = (uint32_t)line_buffers[buffer] + line * capture.line_bytes + part->first;
    node.cdar = (uint32_t)unit_row + part->to_block * BLOCK_BYTES + line * 8;
    node.cbrur =
        MDMA_C0BRUR_SUV(2 * DCMI_UNIT_WIDTH - taken) | MDMA_C0BRUR_DUV(DCMI_UNIT_BYTES - 8);
    node.clar = (uint32_t)&lists[buffer][n + 1];
    return node;
}

static struct mdma_node bringing_node(void)
{
    struct mdma_node node = common;
    node.ctcr = bringing;
    node.cbndtr = MDMA_C0BNDTR_BNDT(row_bytes());
    node.csar = (uint32_t)unit_row;
    return node;
}

static void link_lists(void)
{
    for (unsigned buffer = 0; buffer < 2; buffer++) {
        for (unsigned n = 0; n < SORTING_NODES; n++)
            lists[buffer][n] = sorting_node(buffer, n);
        lists[buffer][SORTING_NODES] = bringing_node();
    }
}

/* The next row of units; its lines take longer to come than this takes. */
static void arm_mdma(void)
{
    struct mdma_node *list = lists[capture.row % 2];
    list[SORTING_NODES].cdar = (uint32_t)capture.frame + capture.row * row_bytes();
    data_sync_barrier();
    mdma_begin(MDMA_DCMI, list, MDMA_C0CR_PL(3) | MDMA_C0CR_TEIE | MDMA_C0CR_CTCIE);
}

static void begin_frame(uint8_t *frame)
{
    capture.frame = frame;
    capture.row = 0;
    arm_mdma();
}

static void arm_stream(void)
{
    reg_write(DMA2_LIFCR, stream_flags);
    reg_write(DMAMUX1_C11CR, DMAMUX1_C11CR_DMAREQ_ID(DMAMUX1_REQUEST_DCMI));
    reg_write(DMA2_S3PAR, DCMI_DR);
    reg_write(DMA2_S3M0AR, (uint32_t)line_buffers[0]);
    reg_write(DMA2_S3M1AR, (uint32_t)line_buffers[1]);
    reg_write(DMA2_S3NDTR, row_bytes() / 4);
    reg_write(DMA2_S3FCR, DMA2_S3FCR_DMDIS | DMA2_S3FCR_FTH(3));
    uint32_t control = DMA2_S3CR_DIR(0) | DMA2_S3CR_MINC | DMA2_S3CR_PSIZE(2) | DMA2_S3CR_MSIZE(2) |
                       DMA2_S3CR_MBURST(1) | DMA2_S3CR_PL(3) | DMA2_S3CR_CIRC | DMA2_S3CR_DBM;
    reg_write(DMA2_S3CR, control);
    reg_write(DMA2_S3CR, control | DMA2_S3CR_EN);
}

static void arm_dcmi(void)
{
    reg_write(DCMI_ICR, 0x1f);
    reg_write(DCMI_IER, DCMI_IER_OVR_IE | DCMI_IER_ERR_IE | DCMI_IER_VSYNC_IE);
    uint32_t control = DCMI_CR_PCKPOL | DCMI_CR_VSPOL | DCMI_CR_ENABLE;
    reg_write(DCMI_CR, control);
    reg_write(DCMI_CR, control | DCMI_CR_CAPTURE);
}

bool dcmi_start(uint32_t width, uint32_t height, const struct dcmi_events *events,
                uint8_t *first_frame)
{
    if (!width || width > DCMI_WIDTH_MAX || width % DCMI_UNIT_WIDTH || !height ||
        height % (2 * DCMI_UNIT_HEIGHT))
        return false;
    capture.events = *events;
    capture.line_bytes = 2 * width;
    capture.rows = height / DCMI_UNIT_HEIGHT;
    mdma_enable();
    reg_set(RCC_AHB2ENR, RCC_AHB2ENR_DCMIEN | RCC_AHB2ENR_SRAM1EN);
    reg_set(RCC_AHB1ENR, RCC_AHB1ENR_DMA2EN);
    (void)reg_read(RCC_AHB1ENR);
    link_lists();
    arm_stream(); /* clears the flag that a stop may have left, which would start the MDMA */
    begin_frame(first_frame);
    arm_dcmi();
    return true;
}

void dcmi_stop(void)
{
    reg_write(DCMI_IER, 0);
    reg_write(DCMI_CR, 0);
    reg_clear(DMA2_S3CR, DMA2_S3CR_EN);
    reg_wait(DMA2_S3CR, DMA2_S3CR_EN, 0, STOP_POLLS);
    mdma_end(MDMA_DCMI);
}

static void start_over(void)
{
    dcmi_stop();
    capture.events.frame_lost();
    arm_stream();
    begin_frame(capture.frame);
    arm_dcmi();
}

/* At the end of a frame's lines the MDMA may still be at its last row, and nowhere else: a row that
 * came while the one before was not sorted yet is lost, and all after it would be out of place. */
static bool row_is_missing(uint32_t status)
{
    return status & DCMI_MIS_VSYNC_MIS && capture.row != 0 && capture.row != capture.rows - 1;
}

void dcmi_interrupt(void)
{
    uint32_t status = reg_read(DCMI_MIS);
    reg_write(DCMI_ICR, status);
    if (status & (DCMI_MIS_OVR_MIS | DCMI_MIS_ERR_MIS) || row_is_missing(status))
        start_over();
}

void dcmi_mdma_interrupt(void)
{
    uint32_t status = mdma_take_flags(MDMA_DCMI);
    if (status & MDMA_C0ISR_TEIF0)
        start_over();
    else if (!(status & MDMA_C0ISR_CTCIF0))
        return;
    else if (++capture.row < capture.rows)
        arm_mdma();
    else
        begin_frame(capture.events.frame_done(capture.frame));
}
