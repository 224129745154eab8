/* The M4 has the camera, and counts what comes of FRAMES frames. */
#include "boards/stm32h747i_disco/board.h"
#include "boards/stm32h747i_disco/ov5640.h"
#include "camera.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/dcmi.h"
#include "drivers/i2c.h"

static volatile uint32_t whole, cut_short;

void dcmi_handler(void);
void mdma_handler(void);

#ifdef FAULT_CURED

void dcmi_handler(void)
{
    dcmi_interrupt();
}

void mdma_handler(void)
{
    dcmi_mdma_interrupt();
}

static uint8_t *frame_done(uint8_t *pixels)
{
    whole = whole + 1;
    return pixels;
}

static void frame_lost(void)
{
    cut_short = cut_short + 1;
}

static void capture(void)
{
    static const struct dcmi_events events = {frame_done, frame_lost};
    irq_enable(IRQ_DCMI, 3);
    irq_enable(IRQ_MDMA, 3);
    must(dcmi_start(WIDTH, HEIGHT, &events, FRAME) ? 0 : -1, "the capture");
    while (whole + cut_short < FRAMES)
        wait_for_interrupt();
    dcmi_stop();
}

#else

/* The stream's next frame, word by word. */
static void arm_stream(void)
{
    uint32_t control = DMA2_S3CR_MINC | DMA2_S3CR_PSIZE(2) | DMA2_S3CR_MSIZE(2) | DMA2_S3CR_PL(3);
    reg_write(DMA2_S3CR, 0);
    reg_wait(DMA2_S3CR, DMA2_S3CR_EN, 0, 1000);
    reg_write(DMA2_LIFCR, DMA2_LIFCR_CTCIF3 | DMA2_LIFCR_CHTIF3 | DMA2_LIFCR_CTEIF3 |
                              DMA2_LIFCR_CDMEIF3 | DMA2_LIFCR_CFEIF3);
    reg_write(DMAMUX1_C11CR, DMAMUX1_C11CR_DMAREQ_ID(DMAMUX1_REQUEST_DCMI));
    reg_write(DMA2_S3PAR, DCMI_DR);
    reg_write(DMA2_S3M0AR, (uint32_t)FRAME);
    reg_write(DMA2_S3NDTR, FRAME_BYTES / 4);
    reg_write(DMA2_S3FCR, DMA2_S3FCR_DMDIS | DMA2_S3FCR_FTH(3));
    reg_write(DMA2_S3CR, control);
    reg_write(DMA2_S3CR, control | DMA2_S3CR_EN);
}

/* One frame, or what an overrun leaves of it. */
static void take_snapshot(void)
{
    uint32_t control = DCMI_CR_PCKPOL | DCMI_CR_VSPOL | DCMI_CR_ENABLE | DCMI_CR_CM;
    arm_stream();
    reg_write(DCMI_ICR, 0x1f);
    reg_write(DCMI_IER, DCMI_IER_FRAME_IE | DCMI_IER_OVR_IE);
    reg_write(DCMI_CR, control);
    reg_write(DCMI_CR, control | DCMI_CR_CAPTURE);
    while (!reg_read(DCMI_MIS))
        continue;
    if (reg_read(DCMI_MIS) & DCMI_MIS_OVR_MIS)
        cut_short = cut_short + 1;
    else
        whole = whole + 1;
    reg_write(DCMI_CR, 0);
}

static void capture(void)
{
    reg_set(RCC_AHB2ENR, RCC_AHB2ENR_DCMIEN);
    reg_set(RCC_AHB1ENR, RCC_AHB1ENR_DMA2EN);
    (void)reg_read(RCC_AHB1ENR);
    while (whole + cut_short < FRAMES)
        take_snapshot();
}

#endif

static void start_sensor(void)
{
    static const struct ov5640_mode mode = {WIDTH, HEIGHT, 1800, 500, 60};
    board_camera_pins();
    i2c_start();
    must(ov5640_start(example_sleep) && ov5640_set_mode(&mode) && ov5640_stream(true) ? 0 : -1,
         "the camera");
}

/* How many are cut short. */
static uint32_t capture_and_tell(const char *when)
{
    whole = cut_short = 0;
    capture();
    say("%s: %lu frames are whole, %lu are cut short", when, (unsigned long)whole,
        (unsigned long)cut_short);
    return cut_short;
}

int main(void)
{
    turns_start();
    start_sensor();
    uint32_t lost = 0;
    while (wait_until_asked() != WITH_DISPLAY) {
        lost += capture_and_tell("without the display");
        answer();
    }
    lost += capture_and_tell("with the display");
    verdict(lost == 0);
    answer();
    example_end();
}
