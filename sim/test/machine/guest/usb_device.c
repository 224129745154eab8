/*
 * The board as a USB device: a mouse that moves by itself, by the M7 with interrupts in DMA mode at high
 * speed, then by the M4, which polls and uses the FIFOs, at full speed. In the order of accesses of the
 * vendor's driver: endpoint 0 is made ready at the reset, opened when the speed is known, its answers go
 * a packet at a time, and it is stalled between control transfers.
 */
#include "usb_pins.h"

#define DIEPTXF1    USB(0x104)
#define DCFG        USB(0x800)
#define DCTL        USB(0x804)
#define DSTS        USB(0x808)
#define DIEPMSK     USB(0x810)
#define DOEPMSK     USB(0x814)
#define DAINT       USB(0x818)
#define DAINTMSK    USB(0x81c)
#define DIEPEMPMSK  USB(0x834)
#define DIEPCTL(n)  USB(0x900 + 0x20 * (n))
#define DIEPINT(n)  USB(0x908 + 0x20 * (n))
#define DIEPTSIZ(n) USB(0x910 + 0x20 * (n))
#define DIEPDMA(n)  USB(0x914 + 0x20 * (n))
#define DTXFSTS(n)  USB(0x918 + 0x20 * (n))
#define DOEPCTL(n)  USB(0xb00 + 0x20 * (n))
#define DOEPINT(n)  USB(0xb08 + 0x20 * (n))
#define DOEPTSIZ(n) USB(0xb10 + 0x20 * (n))
#define DOEPDMA(n)  USB(0xb14 + 0x20 * (n))

enum {
    RXFLVL = 1 << 4,
    USBSUSP = 1 << 11,
    USBRST = 1 << 12,
    ENUMDNE = 1 << 13,
    IEPINT = 1 << 18,
    OEPINT = 1 << 19,
    XFRC = 1 << 0,
    STUP = 1 << 3,
    TXFE = 1 << 7,
    USBAEP = 1 << 15,
    STALL = 1 << 21,
    CNAK = 1 << 26,
    SNAK = 1 << 27,
    SD0PID = 1 << 28,
    PACKET = 64,
    REPORT = 4,
};
#define EPENA 0x80000000u

static const uint8_t device_descriptor[18] __attribute__((aligned(4))) = {
    18, 1, 0, 2, 0, 0, 0, PACKET, 0x09, 0x12, 7, 0, 0, 1, 1, 2, 0, 1};
static const uint8_t report_descriptor[50] __attribute__((aligned(4))) = {
    5, 1,    9, 2,    0xa1, 1,    9,    1,    0xa1, 0,    5,    9,    0x19, 1,    0x29, 3,   0x15,
    0, 0x25, 1, 0x95, 3,    0x75, 1,    0x81, 2,    0x95, 1,    0x75, 5,    0x81, 1,    5,   1,
    9, 0x30, 9, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 8,    0x95, 2,    0x81, 6,    0xc0, 0xc0};
static const uint8_t configuration_descriptor[34] __attribute__((aligned(4))) = {
    9, 2, 34,   0,    1, 1, 0, 0xc0, 50, 9, 4, 0, 0,    1, 3,      1, 2,
    0, 9, 0x21, 0x11, 1, 0, 1, 0x22, 50, 0, 7, 5, 0x81, 3, REPORT, 0, 4};
static uint8_t *const setup = (uint8_t *)0x24000000u; /* the DMA reaches it */
static uint8_t *const text = (uint8_t *)0x24000040u;
static uint8_t *const report = (uint8_t *)0x24000200u;

static int by_dma;
static volatile uint32_t resets, suspends, configured, reports, interrupts;
static const uint8_t *rest; /* of the answer */
static uint32_t left, sending, asked;
static enum { IDLE, DATA_IN, STATUS_IN, STATUS_OUT } stage;

/* ---- Endpoints ---- */

static void await_setup(void)
{
    if (DOEPCTL(0) & EPENA)
        return;
    DOEPTSIZ(0) = 3u << 29 | 1u << 19 | 24;
    if (by_dma) {
        DOEPDMA(0) = (uint32_t)setup;
        DOEPCTL(0) |= EPENA | USBAEP;
    }
}

static void write_fifo(unsigned n, const uint8_t *bytes, unsigned size)
{
    AWAIT(DTXFSTS(n) >= (size + 3) / 4, 10);
    for (unsigned k = 0; k < size; k += 4)
        DFIFO(n) = *(const uint32_t *)(bytes + k);
}

static void transmit(unsigned n, const uint8_t *bytes, unsigned size)
{
    DIEPTSIZ(n) = 1u << 19 | size;
    if (by_dma)
        DIEPDMA(n) = (uint32_t)bytes;
    DIEPCTL(n) |= EPENA | CNAK;
    if (!by_dma && size) {
        rest = bytes;
        sending = size;
        DIEPEMPMSK |= 1u << n; /* when there is room */
    }
}

static void stall(void)
{
    DIEPCTL(0) |= STALL;
    DOEPCTL(0) |= STALL;
    await_setup();
}

/* ---- Control transfers ---- */

static void send_part(void)
{
    transmit(0, rest, left < PACKET ? left : PACKET);
}

static void answer(const void *bytes, unsigned size)
{
    unsigned wanted = setup[6] | setup[7] << 8;
    rest = bytes;
    left = size < wanted ? size : wanted;
    stage = DATA_IN;
    send_part();
}

static void agree(void)
{
    stage = STATUS_IN;
    transmit(0, 0, 0);
}

static void answer_string(unsigned index)
{
    static const char *const strings[] = {"\x09\x04", "Duet",
                                          "A mouse that moves by itself, slowly"};
    unsigned size = 2;
    for (const char *c = strings[index]; *c; c++) {
        text[size++] = (uint8_t)*c;
        if (index)
            text[size++] = 0;
    }
    text[0] = (uint8_t)size;
    text[1] = 3;
    answer(text, size);
}

static void open_reports(void)
{
    DAINTMSK |= 2;
    DIEPCTL(1) |= REPORT | 3u << 18 | 1u << 22 | SD0PID | USBAEP;
    configured++;
    agree();
}

static void understand(void)
{
    unsigned request = setup[0] << 8 | setup[1];
    asked++;
    if (request == 0x8006 && setup[3] == 1)
        answer(device_descriptor, sizeof device_descriptor);
    else if (request == 0x8006 && setup[3] == 2)
        answer(configuration_descriptor, sizeof configuration_descriptor);
    else if (request == 0x8006 && setup[3] == 3 && setup[2] < 3)
        answer_string(setup[2]);
    else if (request == 0x8106 && setup[3] == 0x22)
        answer(report_descriptor, sizeof report_descriptor);
    else if (request == 0x0005)
        DCFG = (DCFG & ~(0x7fu << 4)) | setup[2] << 4, agree();
    else if (request == 0x0009)
        open_reports();
    else
        stall();
}

/* Another packet, or the status. An answer that is as long as asked for needs no empty packet. */
static void has_sent(void)
{
    if (stage == DATA_IN && left > PACKET) {
        left -= PACKET;
        rest = by_dma ? rest + PACKET : rest;
        send_part();
    } else if (stage == DATA_IN) {
        stage = STATUS_OUT;
        DIEPCTL(0) |= STALL;
        DOEPTSIZ(0) = 3u << 29 | 1u << 19 | PACKET;
        DOEPCTL(0) |= EPENA | CNAK;
    } else {
        stage = IDLE;
        await_setup();
    }
}

static void send_report(void)
{
    reports++;
    report[0] = 0;
    report[1] = (uint8_t)reports;
    report[2] = (uint8_t)-reports;
    report[3] = 0;
    transmit(1, report, 3);
}

/* ---- Interrupts ---- */

static void pop(void)
{
    uint32_t status = GRXSTSP, size = status >> 4 & 0x7ff;
    if ((status >> 17 & 15) == 6)
        for (unsigned n = 0; n < 2; n++)
            ((uint32_t *)setup)[n] = DFIFO(0);
    else if (size)
        usb_failure = 11; /* the host sends no data */
}

static void out_interrupts(void)
{
    uint32_t flags = DOEPINT(0) & DOEPMSK;
    DOEPINT(0) = flags;
    if (flags & XFRC && stage == STATUS_OUT) {
        stage = IDLE;
        await_setup();
    }
    if (flags & STUP) {
        understand();
        await_setup();
    }
}

static void in_interrupts(void)
{
    for (unsigned n = 0; n < 2; n++) {
        if (DIEPEMPMSK & 1u << n && DIEPINT(n) & TXFE) {
            write_fifo(n, rest, sending);
            rest += sending;
            DIEPEMPMSK &= ~(1u << n);
        }
        if (!(DIEPINT(n) & XFRC))
            continue;
        DIEPINT(n) = XFRC;
        if (n == 0)
            has_sent();
    }
}

static void hear_reset(void)
{
    GRSTCTL = 0x10 << 6 | 0x20;
    AWAIT(!(GRSTCTL & 0x20), 12);
    for (unsigned n = 0; n < 2; n++) {
        DIEPINT(n) = DOEPINT(n) = 0xfb7f;
        DOEPCTL(n) |= SNAK;
    }
    DAINTMSK = 0x10001;
    DOEPMSK = STUP | XFRC;
    DIEPMSK = XFRC;
    DCFG &= ~(0x7fu << 4);
    stage = IDLE;
    await_setup();
    resets++;
}

static void serve(void)
{
    uint32_t flags = GINTSTS & GINTMSK;
    if (flags & RXFLVL)
        pop();
    if (flags & OEPINT)
        out_interrupts();
    if (flags & IEPINT)
        in_interrupts();
    if (flags & USBSUSP && DSTS & 1)
        suspends++;
    if (flags & USBRST)
        hear_reset();
    if (flags & ENUMDNE) {
        DIEPCTL(0) &= ~0x7ffu;
        DCTL |= 1 << 8;
        DIEPCTL(0) |= USBAEP;
    }
    GINTSTS = flags & (USBSUSP | USBRST | ENUMDNE);
}

void irq_handler(void);
void irq_handler(void)
{
    interrupts++;
    serve();
}

/* ---- Start ---- */

static void start(unsigned speed)
{
    usb_pins();
    AWAIT(GRSTCTL >> 31, 1);
    GRSTCTL |= 1;
    AWAIT(!(GRSTCTL & 1), 2);
    GUSBCFG = (GUSBCFG & ~(3u << 29 | 15u << 10)) | 1u << 30 | 9u << 10;
    AWAIT(!(GINTSTS & 1), 3);
    DCTL |= 2;
    USB(0) |= 3u << 6; /* GOTGCTL: VBUS is not looked at */
    DCFG = (DCFG & ~3u) | speed;
    GRXFSIZ = 0x100;
    HNPTXFSIZ = 0x40 << 16 | 0x100;
    DIEPTXF1 = 0x40 << 16 | 0x140;
    GINTSTS = 0xbfffffff;
    GAHBCFG = by_dma ? 1u | 1u << 5 | 5u << 1 : 0;
    GINTMSK = USBSUSP | USBRST | ENUMDNE | IEPINT | OEPINT | (by_dma ? 0 : RXFLVL);
    DCTL &= ~2u;
}

static int may_report(void)
{
    return configured && reports < 5 && !(DIEPCTL(1) & EPENA);
}

static void stop(unsigned result)
{
    DCTL |= 2;
    GINTMSK = 0;
    RESULT(result) = usb_failure;
    RESULT(result + 1) = resets;
    RESULT(result + 2) = suspends;
    RESULT(result + 3) = asked;
    RESULT(result + 4) = interrupts;
}

int main(void)
{
#ifdef CM7
    by_dma = 1;
    enable_interrupt(77);
    start(0);
    while (reports < 5 || DIEPCTL(1) & EPENA) {
        disable_irq();
        if (may_report())
            send_report();
        enable_irq();
        wfi();
    }
    stop(10);
    CM7_DONE = DONE;
#else
    while (CM7_DONE != DONE)
        spin(1000);
    start(1);
    while (reports < 5 || DIEPCTL(1) & EPENA) {
        serve();
        if (may_report())
            send_report();
    }
    stop(20);
    CM4_DONE = DONE;
#endif
    wait_forever();
}
