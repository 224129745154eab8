#include "drivers/dsi.h"

#include "chip/clocks.h"
#include "chip/stm32h747.h"

enum { READY_POLLS = 1000000, FIFO_POLLS = 1000000 };
enum { LANE_BYTE_HZ = 62500000 }; /* 25 MHz / 5 * 100 * 2 / 2 / 8 */

enum dcs_type { SHORT_WRITE_0 = 0x05, SHORT_READ = 0x06, SHORT_WRITE_1 = 0x15, LONG_WRITE = 0x39 };

static bool start_phy_clock(void)
{
    reg_write(DSI_WRPCR, DSI_WRPCR_REGEN);
    if (!reg_wait(DSI_WISR, DSI_WISR_RRS, DSI_WISR_RRS, READY_POLLS))
        return false;
    reg_write(DSI_WRPCR, DSI_WRPCR_REGEN | DSI_WRPCR_NDIV(100) | DSI_WRPCR_IDF(5));
    reg_set(DSI_WRPCR, DSI_WRPCR_PLLEN);
    return reg_wait(DSI_WISR, DSI_WISR_PLLLS, DSI_WISR_PLLLS, READY_POLLS);
}

static void start_phy(void)
{
    reg_write(DSI_PCTLR, DSI_PCTLR_CKE | DSI_PCTLR_DEN);
    reg_write(DSI_CLCR, DSI_CLCR_DPCC);
    reg_write(DSI_PCONFR, DSI_PCONFR_NL(1) | DSI_PCONFR_SW_TIME(10));
    reg_write(DSI_CCR, DSI_CCR_TXECKDIV(4)); /* 62.5 / 4 = 15.6 MHz, under the PHY's 20 MHz */
    reg_write(DSI_WPCR0, DSI_WPCR0_UIX4(4 * 1000 / 500)); /* quarter nanoseconds of a bit */
    reg_write(DSI_CLTCR, DSI_CLTCR_HS2LP_TIME(35) | DSI_CLTCR_LP2HS_TIME(35));
    reg_write(DSI_DLTCR,
              DSI_DLTCR_HS2LP_TIME(35) | DSI_DLTCR_LP2HS_TIME(35) | DSI_DLTCR_MRD_TIME(0));
}

/* Pixels of the LTDC's clock in lane byte clocks, as the video registers count (34.14). */
static uint32_t lane_bytes(uint32_t pixels)
{
    return (uint32_t)((uint64_t)pixels * LANE_BYTE_HZ / CLOCK_PIXEL_HZ);
}

static void configure_video(const struct video_timing *timing)
{
    uint32_t line = (uint32_t)timing->width + timing->horizontal_sync + timing->horizontal_back +
                    timing->horizontal_front;
    reg_write(DSI_LVCIDR, 0);
    reg_write(DSI_LCOLCR, DSI_LCOLCR_COLC(5)); /* 24 bit */
    reg_write(DSI_WCFGR, DSI_WCFGR_COLMUX(5));
    reg_write(DSI_LPCR, 0);
    reg_write(DSI_VPCR, timing->width);
    reg_write(DSI_VCCR, 0);
    reg_write(DSI_VNPCR, 0xfff);
    reg_write(DSI_VHSACR, lane_bytes(timing->horizontal_sync));
    reg_write(DSI_VHBPCR, lane_bytes(timing->horizontal_back));
    reg_write(DSI_VLCR, lane_bytes(line));
    reg_write(DSI_VVSACR, timing->vertical_sync);
    reg_write(DSI_VVBPCR, timing->vertical_back);
    reg_write(DSI_VVFPCR, timing->vertical_front);
    reg_write(DSI_VVACR, timing->height);
    reg_write(DSI_LPMCR, DSI_LPMCR_LPSIZE(16));
    reg_write(DSI_VMCR, DSI_VMCR_VMT(2) | DSI_VMCR_LPCE | DSI_VMCR_LPHFPE | DSI_VMCR_LPHBPE |
                            DSI_VMCR_LPVAE | DSI_VMCR_LPVFPE | DSI_VMCR_LPVBPE | DSI_VMCR_LPVSAE);
    reg_clear(DSI_MCR, DSI_MCR_CMDM);
}

bool dsi_start(const struct video_timing *timing)
{
    reg_set(RCC_APB3ENR, RCC_APB3ENR_DSIEN);
    (void)reg_read(RCC_APB3ENR);
    reg_set(RCC_APB3RSTR, RCC_APB3RSTR_DSIRST);
    reg_clear(RCC_APB3RSTR, RCC_APB3RSTR_DSIRST);
    if (!start_phy_clock())
        return false;
    start_phy();
    configure_video(timing);
    reg_write(DSI_CMCR, 0x010f7f00); /* every kind of command in low power (34.15, CMCR) */
    reg_set(DSI_CR, DSI_CR_EN);
    reg_set(DSI_WCR, DSI_WCR_DSIEN);
    return true;
}

void dsi_flow(void)
{
    reg_set(DSI_WCR, DSI_WCR_LTDCEN);
}

static void header(enum dcs_type type, uint32_t low, uint32_t high)
{
    reg_write(DSI_GHCR, DSI_GHCR_DT(type) | DSI_GHCR_WCLSB(low) | DSI_GHCR_WCMSB(high));
}

static bool write_long(uint8_t command, const uint8_t *parameters, size_t count)
{
    uint32_t word = command;
    size_t bytes = count + 1;
    for (size_t n = 1; n < bytes; n++) {
        if (n % 4 == 0) {
            reg_write(DSI_GPDR, word);
            word = 0;
        }
        word |= (uint32_t)parameters[n - 1] << 8 * (n % 4);
    }
    reg_write(DSI_GPDR, word);
    header(LONG_WRITE, bytes & 0xff, bytes >> 8);
    return reg_wait(DSI_GPSR, DSI_GPSR_PWRFE, DSI_GPSR_PWRFE, FIFO_POLLS);
}

bool dsi_write(uint8_t command, const uint8_t *parameters, size_t count)
{
    if (!reg_wait(DSI_GPSR, DSI_GPSR_CMDFE, DSI_GPSR_CMDFE, FIFO_POLLS))
        return false;
    if (count > 1)
        return write_long(command, parameters, count);
    header(count ? SHORT_WRITE_1 : SHORT_WRITE_0, command, count ? parameters[0] : 0);
    return reg_wait(DSI_GPSR, DSI_GPSR_CMDFE, DSI_GPSR_CMDFE, FIFO_POLLS);
}

bool dsi_read(uint8_t command, uint8_t *value)
{
    if (!reg_wait(DSI_GPSR, DSI_GPSR_CMDFE, DSI_GPSR_CMDFE, FIFO_POLLS))
        return false;
    reg_set(DSI_PCR, BIT(2)); /* BTAE: the panel may take the bus to answer */
    header(SHORT_READ, command, 0);
    for (uint32_t polls = 0; polls < FIFO_POLLS; polls++) {
        uint32_t status = reg_read(DSI_GPSR);
        if ((status & DSI_GPSR_RCB) || (status & DSI_GPSR_PRDFE))
            continue;
        *value = (uint8_t)reg_read(DSI_GPDR);
        return true;
    }
    return false;
}
