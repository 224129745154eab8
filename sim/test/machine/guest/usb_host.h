/* A small USB host on USB1, written from the manual: port, control and bulk transfers, in DMA mode or
 * by the FIFOs. Waits are bounded; the first that was in vain is remembered. */
#ifndef USB_HOST_H
#define USB_HOST_H

#include "usb_pins.h"

#define HNPTXSTS    USB(0x02c)
#define HPTXFSIZ    USB(0x100)
#define HFNUM       USB(0x408)
#define HAINTMSK    USB(0x418)
#define HPRT        USB(0x440)
#define HCCHAR(n)   USB(0x500 + 0x20 * (n))
#define HCINT(n)    USB(0x508 + 0x20 * (n))
#define HCINTMSK(n) USB(0x50c + 0x20 * (n))
#define HCTSIZ(n)   USB(0x510 + 0x20 * (n))
#define HCDMA(n)    USB(0x514 + 0x20 * (n))

enum { XFRC = 1, CHH = 2, STALL = 8, NAK = 16, TXERR = 128, RXFLVL = 16, CONTROL = 0, BULK = 2 };
enum { DATA0 = 0, DATA1 = 2, SETUP = 3, PACKET = 512, DEVICE_ADDRESS = 7 };

static int by_dma;
static volatile uint32_t usb_interrupts;
static uint32_t address, pids[2]; /* of the bulk endpoints: out, in */
static uint8_t *const setup_bytes = (uint8_t *)0x24000000u;
static uint8_t *const answer = (uint8_t *)0x24000040u;

/* Milliseconds by the frames of an enabled port, or by loops before there is one. */
static void pause_frames(unsigned ms)
{
    for (uint32_t began = HFNUM & 0x3fff; ((HFNUM - began) & 0x3fff) < 8 * ms;)
        ;
}

static void pause_loops(unsigned ms)
{
    spin(ms * 8000);
}

/* ---- Core ---- */

static void usb_core(void)
{
    AWAIT(GRSTCTL >> 31, 1);
    GRSTCTL |= 1;
    AWAIT(!(GRSTCTL & 1), 2);
    GUSBCFG = (GUSBCFG & ~(1u << 30 | 15u << 10)) | 1u << 29 | 9u << 10;
    AWAIT(GINTSTS & 1, 3);
    GRXFSIZ = 0x200;
    HNPTXFSIZ = 0x100 << 16 | 0x200;
    HPTXFSIZ = 0xe0 << 16 | 0x300;
    GRSTCTL = 0x10 << 6 | 0x20;
    AWAIT(!(GRSTCTL & 0x20), 4);
    GAHBCFG = 1 | (by_dma ? 1u << 5 | 5u << 1 : 0);
    GINTMSK = by_dma ? 1u << 25 : 0; /* HCINT */
}

static void usb_port(void)
{
    HPRT = 1u << 12;
    AWAIT(HPRT & 2, 5); /* PCDET */
    HPRT = 1u << 12 | 2;
    HPRT = 1u << 12 | 1u << 8;
    pause_loops(60);
    HPRT = 1u << 12;
    AWAIT(HPRT & 4, 6); /* PENA */
    HPRT = 1u << 12 | 8;
    pause_frames(20);
}

/* ---- One transfer on a channel. DMA mode sleeps until the interrupt that ends it ---- */

void irq_handler(void);
void irq_handler(void)
{
    usb_interrupts++;
    for (unsigned n = 0; n < 3; n++)
        if (HCINT(n) & HCINTMSK(n))
            HCINTMSK(n) = 0;
}

static void write_packets(unsigned n, const uint8_t *data, unsigned length)
{
    for (unsigned at = 0; at < length;) {
        unsigned part = length - at < PACKET ? length - at : PACKET, words = (part + 3) / 4;
        AWAIT((HNPTXSTS & 0xffff) >= words && (HNPTXSTS >> 16 & 0xff), 7);
        for (unsigned k = 0; k < words; k++, at += 4)
            DFIFO(n) = *(const uint32_t *)(data + at);
    }
}

/* Pops what arrives until the channel has ended; a token more for each packet that is still wanted. */
static void read_packets(unsigned n, uint8_t *data)
{
    while (!(HCINT(n) & (XFRC | STALL | TXERR | NAK)) && !usb_failure) {
        AWAIT(GINTSTS & RXFLVL || HCINT(n), 8);
        if (!(GINTSTS & RXFLVL))
            continue;
        uint32_t status = GRXSTSP, length = status >> 4 & 0x7ff;
        if ((status >> 17 & 15) != 2)
            continue;
        for (unsigned k = 0; k < length; k += 4) {
            uint32_t word = DFIFO(n);
            for (unsigned b = 0; b < 4 && k + b < length; b++)
                *data++ = (uint8_t)(word >> 8 * b);
        }
        if (HCTSIZ(n) >> 19 & 0x3ff && length == PACKET)
            HCCHAR(n) |= 1u << 31;
    }
}

static void halt(unsigned n)
{
    HCCHAR(n) |= 1u << 31 | 1u << 30;
    while (!(HCINT(n) & CHH) && !usb_failure) {
        AWAIT(HCINT(n) & CHH || GINTSTS & RXFLVL, 9);
        if (GINTSTS & RXFLVL)
            (void)GRXSTSP;
    }
}

static uint32_t by_fifo(unsigned n, int in, uint8_t *data, unsigned length)
{
    if (in) {
        read_packets(n, data);
    } else {
        write_packets(n, data, length);
        AWAIT(HCINT(n) & (XFRC | STALL | TXERR | NAK), 10);
    }
    uint32_t flags = HCINT(n);
    if (in || !(flags & XFRC))
        halt(n);
    return flags;
}

static uint32_t by_interrupt(unsigned n)
{
    while (!(HCINT(n) & CHH)) {
        disable_irq();
        if (!(HCINT(n) & CHH))
            wfi();
        enable_irq();
        isb();
    }
    return HCINT(n);
}

/* Bytes moved are counted by `size`; the flags tell how it ended. */
static uint32_t transfer_once(unsigned n, unsigned type, int in, unsigned packet, uint32_t pid,
                              uint8_t *data, unsigned length)
{
    unsigned packets = length ? (length + packet - 1) / packet : 1;
    HCINT(n) = 0x7ff;
    HCTSIZ(n) = pid << 29 | packets << 19 | (in ? packets * packet : length);
    HCDMA(n) = (uint32_t)data;
    HCINTMSK(n) = by_dma ? CHH : 0;
    HAINTMSK |= 1u << n;
    HCCHAR(n) = address << 22 | type << 18 | (unsigned)in << 15 |
                (type == BULK ? in ? 1u : 2u : 0) << 11 | packet | 1u << 31;
    return by_dma ? by_interrupt(n) : by_fifo(n, in, data, length);
}

/* By the FIFOs it is the program that asks again after NAK, from the packet on that was refused. */
static uint32_t transfer(unsigned n, unsigned type, int in, unsigned packet, uint32_t pid,
                         uint8_t *data, unsigned length)
{
    for (;;) {
        uint32_t flags = transfer_once(n, type, in, packet, pid, data, length);
        if (by_dma || !(flags & NAK) || flags & XFRC || usb_failure)
            return flags;
        unsigned packets = length ? (length + packet - 1) / packet : 1;
        unsigned done = (packets - (HCTSIZ(n) >> 19 & 0x3ff)) * packet;
        data += done;
        length -= done;
        pid = HCTSIZ(n) >> 29 & 3;
    }
}

/* ---- Control transfers, enumeration ---- */

static int control(uint8_t type, uint8_t request, uint16_t value, uint16_t index, uint16_t length)
{
    const uint8_t bytes[8] = {type,
                              request,
                              (uint8_t)value,
                              (uint8_t)(value >> 8),
                              (uint8_t)index,
                              (uint8_t)(index >> 8),
                              (uint8_t)length,
                              (uint8_t)(length >> 8)};
    for (unsigned n = 0; n < 8; n++)
        ((volatile uint8_t *)setup_bytes)[n] = bytes[n];
    int in = type >> 7;
    if (!(transfer(0, CONTROL, 0, 64, SETUP, setup_bytes, 8) & XFRC))
        return 0;
    if (length && !(transfer(0, CONTROL, in, 64, DATA1, answer, length) & XFRC))
        return 0;
    return (transfer(0, CONTROL, length ? !in : 1, 64, DATA1, answer, 0) & XFRC) != 0;
}

static int enumerate(void)
{
    address = 0;
    pids[0] = pids[1] = DATA0;
    if (!control(0x80, 6, 0x100, 0, 18) || answer[0] != 18 || answer[1] != 1)
        return 0;
    if (!control(0, 5, DEVICE_ADDRESS, 0, 0))
        return 0;
    address = DEVICE_ADDRESS;
    pause_frames(2);
    if (!control(0x80, 6, 0x200, 0, 32) || answer[14] != 8)
        return 0;
    return control(0, 9, 1, 0, 0);
}

/* ---- Mass storage ---- */

static uint32_t bulk(int in, uint8_t *data, unsigned length)
{
    uint32_t flags = transfer(1 + (unsigned)in, BULK, in, PACKET, pids[in], data, length);
    pids[in] = HCTSIZ(1 + in) >> 29 & 3;
    return flags;
}

static uint8_t *const wrapper = (uint8_t *)0x24000100u;

/* The status of a command with or without data; 255: the transport failed. */
static unsigned command(const uint8_t *cdb, unsigned cdb_length, int in, uint8_t *data,
                        uint32_t length)
{
    volatile uint8_t *w = wrapper;
    for (unsigned n = 0; n < 31; n++)
        w[n] = n < 4 ? (uint8_t) "USBC"[n] : n >= 15 && n - 15 < cdb_length ? cdb[n - 15] : 0;
    for (unsigned n = 0; n < 4; n++)
        w[8 + n] = (uint8_t)(length >> 8 * n);
    w[12] = in ? 0x80 : 0;
    w[14] = (uint8_t)cdb_length;
    if (!(bulk(0, wrapper, 31) & XFRC))
        return 255;
    uint32_t flags = length ? bulk(in, data, length) : XFRC;
    if (flags & STALL) {
        control(2, 1, 0, in ? 0x81 : 0x02, 0);
        pids[in] = DATA0;
    } else if (!(flags & XFRC)) {
        return 255;
    }
    if (!(bulk(1, wrapper, 13) & XFRC) || wrapper[3] != 'S')
        return 255;
    return wrapper[12];
}

static unsigned move_sectors(int in, uint32_t sector, unsigned count, uint8_t *data)
{
    const uint8_t cdb[10] = {
        in ? 0x28 : 0x2a, 0, 0, (uint8_t)(sector >> 16), (uint8_t)(sector >> 8),
        (uint8_t)sector,  0, 0, (uint8_t)count};
    return command(cdb, 10, in, data, count * 512);
}

#endif
