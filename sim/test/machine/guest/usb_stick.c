/*
 * A stick on USB1, enumerated, read and written: first by the M7 in DMA mode with interrupts, then by
 * the M4 from a reset of the core on by the FIFOs. Sectors 10 to 17 are copied to 100 on, by the M4 to
 * 200 on, each byte changed by the core's own mask.
 */
#include "usb_host.h"

static uint8_t *const sectors = (uint8_t *)0x24010000u;

enum { FIRST = 10, COUNT = 8, MANY = 128 };

static unsigned make_ready(void)
{
    static const uint8_t test_unit_ready[6], request_sense[6] = {3, 0, 0, 0, 18};
    for (unsigned n = 0; n < 100; n++) {
        unsigned status = command(test_unit_ready, 6, 0, 0, 0);
        if (status != 1)
            return status;
        if (command(request_sense, 6, 1, answer, 18) != 0)
            return 254;
        pause_frames(10);
    }
    return 253;
}

static void change(uint8_t mask)
{
    for (unsigned n = 0; n < COUNT * 512 / 4; n++)
        ((volatile uint32_t *)sectors)[n] ^= mask * 0x01010101u;
}

/* The number of the first step that failed; 0: none. */
static unsigned go(uint32_t target, uint8_t mask)
{
    static const uint8_t read_capacity[10] = {0x25};
    usb_pins();
    usb_core();
    usb_port();
    RESULT(15) = HPRT;
    if (!enumerate())
        return 1;
    if (make_ready() != 0)
        return 2;
    if (command(read_capacity, 10, 1, answer, 8) != 0)
        return 3;
    RESULT(16) = *(volatile uint32_t *)answer;
    if (move_sectors(1, FIRST, COUNT, sectors) != 0)
        return 4;
    change(mask);
    if (move_sectors(0, target, COUNT, sectors) != 0)
        return 5;
    if (move_sectors(1, 0xffffff, 1, sectors) != 1) /* beyond its end: stalls, and fails */
        return 6;
    if (move_sectors(1, target, COUNT, sectors) != 0)
        return 7;
    return 0;
}

#ifdef CM7
/* Microframes that many large transfers take. */
static uint32_t time_of(int in)
{
    uint32_t began = HFNUM;
    for (unsigned n = 0; n < 16; n++)
        if (move_sectors(in, 300 + MANY * n, MANY, sectors) != 0)
            return 0;
    return (HFNUM - began) & 0x3fff;
}

int main(void)
{
    by_dma = 1;
    enable_interrupt(77);
    RESULT(10) = go(100, 0x55);
    RESULT(11) = usb_failure;
    RESULT(12) = usb_interrupts;
    RESULT(13) = time_of(0);
    RESULT(14) = time_of(1);
    GINTMSK = 0; /* the M4's from here on */
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    while (CM7_DONE != DONE)
        spin(1000);
    RESULT(20) = go(200, 0xaa);
    RESULT(21) = usb_failure;
    CM4_DONE = DONE;
    wait_forever();
}
#endif
