#include "drivers/dcmi.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

#include <stddef.h>

enum { CHANNEL = 0 }; /* of the MDMA */
enum { STOP_POLLS = 100000 };

/* As the MDMA loads it from memory (15.4.9): its channel registers from CTCR on. */
struct mdma_node {
    uint32_t ctcr, cbndtr, csar, cdar, cbrur, clar, ctbr, reserved, cmar, cmdr;
} __attribute__((aligned(8)));

static uint8_t line_buffers[2][DCMI_BLOCK_BYTES_MAX]
    __attribute__((section(".sram1"), aligned(32)));
static struct mdma_node nodes[DCMI_BLOCKS_MAX] __attribute__((section(".sram1")));

static struct {
    struct dcmi_events events;
    uint32_t block_bytes, blocks;
    uint8_t *frame;
} capture;

static const uint32_t stream_flags = DMA2_LIFCR_CTCIF3 | DMA2_LIFCR_CHTIF3 | DMA2_LIFCR_CTEIF3 |
                                     DMA2_LIFCR_CDMEIF3 | DMA2_LIFCR_CFEIF3;
static const uint32_t channel_flags = MDMA_C0IFCR_CTEIF0 | MDMA_C0IFCR_CCTCIF0 |
                                      MDMA_C0IFCR_CBRTIF0 | MDMA_C0IFCR_CBTIF0 |
                                      MDMA_C0IFCR_CLTCIF0;

/* Words from the line buffer in bursts of 16 bytes into 64-bit words of the frame; one block for
 * each time that the stream has filled a line buffer. */
static const uint32_t transfer = MDMA_C0TCR_SINC(2) | MDMA_C0TCR_DINC(2) | MDMA_C0TCR_SSIZE(2) |
                                 MDMA_C0TCR_DSIZE(2) | MDMA_C0TCR_SINCOS(2) | MDMA_C0TCR_DINCOS(2) |
                                 MDMA_C0TCR_SBURST(2) | MDMA_C0TCR_DBURST(2) |
                                 MDMA_C0TCR_TLEN(128 - 1) | MDMA_C0TCR_TRGM(1);

/* The MDMA acknowledges the stream's flag itself, by writing CMDR to CMAR (15.4.5). */
static void link_node(uint32_t n, uint8_t *frame)
{
    nodes[n] = (struct mdma_node){
        .ctcr = transfer,
        .cbndtr = capture.block_bytes,
        .csar = (uint32_t)line_buffers[n % 2],
        .cdar = (uint32_t)frame + n * capture.block_bytes,
        .clar = n + 1 < capture.blocks ? (uint32_t)&nodes[n + 1] : 0,
        .ctbr = MDMA_C0TBR_TSEL(MDMA_TRIGGER_DMA2_STREAM3),
        .cmar = DMA2_LIFCR,
        .cmdr = DMA2_LIFCR_CTCIF3,
    };
}

static void load_channel(const struct mdma_node *node)
{
    reg_write(MDMA_CTCR(CHANNEL), node->ctcr);
    reg_write(MDMA_CBNDTR(CHANNEL), node->cbndtr);
    reg_write(MDMA_CSAR(CHANNEL), node->csar);
    reg_write(MDMA_CDAR(CHANNEL), node->cdar);
    reg_write(MDMA_CBRUR(CHANNEL), 0);
    reg_write(MDMA_CLAR(CHANNEL), node->clar);
    reg_write(MDMA_CTBR(CHANNEL), node->ctbr);
    reg_write(MDMA_CMAR(CHANNEL), node->cmar);
    reg_write(MDMA_CMDR(CHANNEL), node->cmdr);
}

/* Begins a frame: between the last line of one and the first of the next there is all the sensor's
 * vertical blanking, so this is never in a hurry. */
static void arm_mdma(uint8_t *frame)
{
    for (uint32_t n = 0; n < capture.blocks; n++)
        link_node(n, frame);
    data_sync_barrier();
    capture.frame = frame;
    load_channel(&nodes[0]);
    reg_write(MDMA_CIFCR(CHANNEL), channel_flags);
    reg_write(MDMA_CCR(CHANNEL), MDMA_C0CR_PL(3) | MDMA_C0CR_TEIE | MDMA_C0CR_CTCIE | MDMA_C0CR_EN);
}

static void arm_stream(void)
{
    reg_write(DMA2_LIFCR, stream_flags);
    reg_write(DMAMUX1_C11CR, DMAMUX1_C11CR_DMAREQ_ID(DMAMUX1_REQUEST_DCMI));
    reg_write(DMA2_S3PAR, DCMI_DR);
    reg_write(DMA2_S3M0AR, (uint32_t)line_buffers[0]);
    reg_write(DMA2_S3M1AR, (uint32_t)line_buffers[1]);
    reg_write(DMA2_S3NDTR, capture.block_bytes / 4);
    reg_write(DMA2_S3FCR, DMA2_S3FCR_DMDIS | DMA2_S3FCR_FTH(3));
    uint32_t control = DMA2_S3CR_DIR(0) | DMA2_S3CR_MINC | DMA2_S3CR_PSIZE(2) | DMA2_S3CR_MSIZE(2) |
                       DMA2_S3CR_MBURST(1) | DMA2_S3CR_PL(3) | DMA2_S3CR_CIRC | DMA2_S3CR_DBM;
    reg_write(DMA2_S3CR, control);
    reg_write(DMA2_S3CR, control | DMA2_S3CR_EN);
}

static void arm_dcmi(void)
{
    reg_write(DCMI_ICR, 0x1f);
    reg_write(DCMI_IER, DCMI_IER_OVR_IE | DCMI_IER_ERR_IE);
    uint32_t control = DCMI_CR_PCKPOL | DCMI_CR_VSPOL | DCMI_CR_ENABLE;
    reg_write(DCMI_CR, control);
    reg_write(DCMI_CR, control | DCMI_CR_CAPTURE);
}

bool dcmi_start(const struct dcmi_picture *picture, const struct dcmi_events *events,
                uint8_t *first_frame)
{
    uint32_t block_bytes = picture->line_bytes * picture->block_lines;
    uint32_t blocks = picture->lines / picture->block_lines;
    if (block_bytes > DCMI_BLOCK_BYTES_MAX || blocks > DCMI_BLOCKS_MAX || blocks % 2 ||
        blocks * picture->block_lines != picture->lines)
        return false;
    capture.events = *events;
    capture.block_bytes = block_bytes;
    capture.blocks = blocks;
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_MDMAEN);
    reg_set(RCC_AHB2ENR, RCC_AHB2ENR_DCMIEN | RCC_AHB2ENR_SRAM1EN);
    reg_set(RCC_AHB1ENR, RCC_AHB1ENR_DMA2EN);
    (void)reg_read(RCC_AHB1ENR);
    arm_mdma(first_frame);
    arm_stream();
    arm_dcmi();
    return true;
}

void dcmi_stop(void)
{
    reg_write(DCMI_IER, 0);
    reg_write(DCMI_CR, 0);
    reg_clear(DMA2_S3CR, DMA2_S3CR_EN);
    reg_wait(DMA2_S3CR, DMA2_S3CR_EN, 0, STOP_POLLS);
    reg_write(MDMA_CCR(CHANNEL), 0);
    reg_wait(MDMA_CCR(CHANNEL), MDMA_C0CR_EN, 0, STOP_POLLS);
    reg_write(MDMA_CIFCR(CHANNEL), channel_flags);
}

static void start_over(void)
{
    dcmi_stop();
    capture.events.frame_lost();
    arm_mdma(capture.frame);
    arm_stream();
    arm_dcmi();
}

void dcmi_interrupt(void)
{
    uint32_t status = reg_read(DCMI_MIS);
    reg_write(DCMI_ICR, status);
    if (status & (DCMI_MIS_OVR_MIS | DCMI_MIS_ERR_MIS))
        start_over();
}

void dcmi_mdma_interrupt(void)
{
    uint32_t status = reg_read(MDMA_CISR(CHANNEL));
    if (status & MDMA_C0ISR_TEIF0) {
        start_over();
        return;
    }
    if (!(status & MDMA_C0ISR_CTCIF0))
        return;
    reg_write(MDMA_CIFCR(CHANNEL), channel_flags);
    arm_mdma(capture.events.frame_done(capture.frame));
}
