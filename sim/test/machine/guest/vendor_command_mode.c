/*
 * Adapted command mode as the maker's examples use it: the picture goes in two halves of 400 columns,
 * each sent on its own request, the first when the panel's tearing effect says so.
 */
#include "vendor.h"

#ifdef CM7
volatile uint32_t ticks, half, refreshes, automatic;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

static void refresh(void)
{
    DSI(0x404) |= 4;
}

static void show_half(uint32_t n)
{
    half = n;
    DSI(0x404) &= ~8u; /* the wrapper is off while the layer moves */
    LAYER(0, 0x28) = SDRAM + 4 * 400 * n;
    LTDC(0x24) = 1;
    DSI(0x404) |= 8;
    dsi_window(0x2a, 400 * n, 400 * n + 399);
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t flags = DSI(0x40c) & DSI(0x408);
    if (automatic) {
        DSI(0x410) = flags;
        refreshes += flags >> 1 & 1;
        return;
    }
    if (flags & 1) {
        DSI(0x410) = 1;
        dsi_short(0x15, 0x34, 0); /* no more tearing effect until the next picture */
        refresh();
    }
    if (flags & 2) {
        DSI(0x410) = 2;
        refreshes++;
        if (half == 0)
            show_half(1), refresh();
        else
            show_half(0);
    }
    dsb();
}

/* The tearing effect by the link itself, and a refresh for each. */
static void refresh_automatically(void)
{
    automatic = 1;
    refreshes = 0;
    DSI(0x404) &= ~8u;
    DSI(0x400) = (DSI(0x400) & ~(1u << 4)) | 1u << 6;
    DSI(0x404) |= 8;
    fill(200, 200, 20, 20, 0xff0000ff);
    dsi_short(0x15, 0x35, 0);
    while (refreshes < 3)
        wfi();
    dsi_short(0x15, 0x34, 0);
}

static void configure_command_mode(void)
{
    DSI(0x34) |= 1;
    DSI(0x400) |= 1;
    DSI(0x0c) = 0;
    DSI(0x14) = 0;
    DSI(0x10) = 5;
    DSI(0x400) = (DSI(0x400) & ~0xeu) | 5u << 1;
    DSI(0x64) = 400;
    DSI(0x68) |= 1; /* tearing effect acknowledge */
    DSI(0x400) &= ~(1u << 4 | 1u << 5 | 1u << 6 | 1u << 7);
    DSI(0x400) |= 1u << 4; /* by its pin, refresh by request */
    DSI(0x408) |= 3;
}

int main(void)
{
    static const struct layer layer = {0, 0, 400, 480, 0, 255, 6, 7, SDRAM, 800, 480, 4};
    start_clocks();
    start_sdram();
    reset_panel();
    reset_blocks();
    start_dsi_host();
    configure_command_mode();
    start_ltdc(400);
    DSI(0x04) |= 1;
    DSI(0x404) |= 8;
    configure_commands();
    configure_panel();
    configure_layer(0, &layer);
    fill(0, 0, 800, 480, 0xff102030);
    fill(390, 10, 20, 30, 0xffffffff); /* across the seam */
    fill(700, 400, 50, 40, 0xffff8000);
    enable_interrupt(123);
    show_half(0);
    dsi_short(0x15, 0x35, 0);
    while (refreshes < 2)
        wfi();
    RESULT(10) = DSI(0x404) & 4;
    fill(0, 0, 8, 8, 0xff00ff00);
    delay(50);
    RESULT(11) = refreshes; /* nothing is sent by itself */
    dsi_short(0x15, 0x35, 0);
    while (refreshes < 4)
        wfi();
    refresh_automatically();
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
