/* Point 14: what drivers poll for, each with a bound; 1 where the wait ended. */
#include "guest.h"

#ifdef CM7
static unsigned next = 10;

static void expect(volatile uint32_t *reg, uint32_t mask, uint32_t wanted)
{
    uint32_t loops = 0;
    while ((*reg & mask) != wanted && ++loops < 1000000)
        ;
    RESULT(next++) = loops < 1000000;
}

static void poll_display(void)
{
    RCC(0xe4) |= 1u << 3 | 1u << 4;
    MMIO(0x50000430) = 1u << 24; /* DSI_WRPCR.REGEN */
    expect(&MMIO(0x5000040c), 1u << 12, 1u << 12);
    MMIO(0x50000430) |= 100u << 2 | 5u << 11 | 1;
    expect(&MMIO(0x5000040c), 1u << 8, 1u << 8); /* WISR.PLLLS */
    expect(&MMIO(0x50000074), 1, 1);             /* GPSR.CMDFE */
    MMIO(0x50000004) = 1;                        /* CR.EN, both lanes, their clock */
    MMIO(0x500000a4) |= 1;
    MMIO(0x50000094) |= 1;
    MMIO(0x500000a0) |= 6;
    expect(&MMIO(0x500000b0), 1u << 4 | 1u << 7, 1u << 4 | 1u << 7); /* PSR: stop state */
    MMIO(0x50001024) = 1;                                            /* LTDC_SRCR.IMR */
    expect(&MMIO(0x50001024), 1, 0);
}

static void poll_dmas(void)
{
    RCC(0xd4) |= 1u << 0 | 1u << 4 | 1u << 12;
    MMIO(0x52001034) = 0;            /* DMA2D_OPFCCR: ARGB8888 */
    MMIO(0x52001038) = 0x11223344;   /* OCOLR */
    MMIO(0x5200103c) = 0x24001000;   /* OMAR */
    MMIO(0x52001044) = 8u << 16 | 8; /* NLR */
    MMIO(0x52001000) = 3u << 16 | 1;
    expect(&MMIO(0x52001000), 1, 0);
    RESULT(2) = MMIO(0x240010fc);
    MMIO(0x5200004c) = 1; /* MDMA_C0CR.EN, then off */
    MMIO(0x5200004c) = 0;
    expect(&MMIO(0x5200004c), 1, 0);
    expect(&MMIO(0x52004158), 1u << 5, 0); /* FMC_SDSR.BUSY */
}

/* No frame is on its way, so there is no end of one to wait for. */
static void poll_dcmi(void)
{
    RCC(0xdc) |= 1;
    MMIO(0x48020000) = 1u << 14 | 1;
    expect(&MMIO(0x48020000), 1, 1); /* CR.CAPTURE */
    MMIO(0x48020000) &= ~1u;
    expect(&MMIO(0x48020000), 1, 0);
}

static void poll_usart(void)
{
    RCC_APB2ENR |= 1u << 4;
    MMIO(0x4001100c) = 555;
    MMIO(0x40011000) = 0xd;
    expect(&MMIO(0x4001101c), 3u << 21, 3u << 21);
    MMIO(0x40011028) = 'x';
    expect(&MMIO(0x4001101c), 1u << 6, 1u << 6);
}

/* As a driver starts the core as a host. */
static void poll_usb(void)
{
    RCC(0xd8) |= 1u << 25;
    expect(&MMIO(0x40040010), 1u << 31, 1u << 31); /* GRSTCTL.AHBIDL */
    MMIO(0x40040010) |= 1;                         /* CSRST */
    expect(&MMIO(0x40040010), 1, 0);
    MMIO(0x40040010) = 0x10u << 6 | 1u << 5; /* TXFFLSH */
    expect(&MMIO(0x40040010), 1u << 5, 0);
    MMIO(0x40040010) = 1u << 4; /* RXFFLSH */
    expect(&MMIO(0x40040010), 1u << 4, 0);
    MMIO(0x40040500) = 3u << 30; /* HCCHAR0.CHENA with CHDIS */
    expect(&MMIO(0x40040500), 1u << 31, 0);
}

int main(void)
{
    RCC_CR |= 1u << 16;
    expect(&RCC_CR, 1u << 17, 1u << 17);
    poll_display();
    poll_dmas();
    poll_dcmi();
    poll_usart();
    poll_usb();
    RESULT(3) = next;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
