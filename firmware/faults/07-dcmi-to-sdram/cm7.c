/* The M7 brings up SDRAM, has frames captured, switches the display on, and has more captured. */
#include "boards/stm32h747i_disco/board.h"
#include "camera.h"
#include "drivers/ltdc.h"

static void wait_milliseconds(uint32_t milliseconds)
{
    example_sleep(milliseconds);
}

static void reset_panel(void)
{
    gpio_output(PANEL_RESET, false);
    wait_milliseconds(20);
    gpio_write(PANEL_RESET, true);
    wait_milliseconds(10);
}

/* The frame in the middle, and over it a screen with alpha. */
static void set_layers(void)
{
    const struct ltdc_layer picture = {
        .x = 240,
        .y = 120,
        .width = WIDTH,
        .height = HEIGHT,
        .pixels = FRAME,
        .stride = WIDTH * 2,
        .format = PIXEL_RGB565,
        .alpha = 255,
    };
    const struct ltdc_layer screen = {
        .width = board_panel_timing.width,
        .height = board_panel_timing.height,
        .pixels = SCREEN,
        .stride = board_panel_timing.width * 4u,
        .format = PIXEL_ARGB8888,
        .alpha = 255,
    };
    ltdc_set_layer(1, &picture);
    ltdc_set_layer(2, &screen);
    ltdc_reload_now();
}

static bool start_display(void)
{
    reset_panel();
    ltdc_start(&board_panel_timing, 0);
    if (!dsi_start(&board_panel_timing) || !board_panel_start(wait_milliseconds))
        return false;
    set_layers();
    dsi_flow();
    return true;
}

int main(void)
{
    turns_start();
    board_sdram_pins();
    must(sdram_start(example_microseconds) ? 0 : -1, "SDRAM");
    ask(); /* WITHOUT_DISPLAY */
    wait_for_answer();
    must(start_display() ? 0 : -1, "the display");
    ask(); /* WITH_DISPLAY */
    wait_for_answer();
    example_end();
}
