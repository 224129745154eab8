#include "drivers/ltdc.h"

#include "chip/stm32h747.h"

static struct {
    uint16_t left, top; /* first active pixel and line, as the window registers count */
} scan;

static uint32_t pair(uint32_t horizontal, uint32_t vertical)
{
    return horizontal << 16 | vertical;
}

/* Each register holds the sum of all that comes before, less one (33.4.1). */
void ltdc_start(const struct video_timing *timing, uint32_t background_rgb)
{
    reg_set(RCC_APB3ENR, RCC_APB3ENR_LTDCEN);
    (void)reg_read(RCC_APB3ENR);
    uint32_t h = timing->horizontal_sync, v = timing->vertical_sync;
    reg_write(LTDC_SSCR, pair(h - 1, v - 1));
    h += timing->horizontal_back;
    v += timing->vertical_back;
    reg_write(LTDC_BPCR, pair(h - 1, v - 1));
    scan.left = (uint16_t)h;
    scan.top = (uint16_t)v;
    h += timing->width;
    v += timing->height;
    reg_write(LTDC_AWCR, pair(h - 1, v - 1));
    reg_write(LTDC_TWCR, pair(h + timing->horizontal_front - 1, v + timing->vertical_front - 1));
    reg_write(LTDC_BCCR, background_rgb);
    reg_write(LTDC_IER, LTDC_IER_RRIE | LTDC_IER_FUIE | LTDC_IER_TERRIE);
    reg_set(LTDC_GCR, LTDC_GCR_LTDCEN);
}

void ltdc_set_layer(unsigned layer, const struct ltdc_layer *setting)
{
    if (!setting) {
        reg_write(LTDC_LCR(layer), 0);
        return;
    }
    uint32_t left = scan.left + (uint32_t)setting->x, top = scan.top + (uint32_t)setting->y;
    uint32_t line = setting->width * pixel_bytes(setting->format);
    reg_write(LTDC_LWHPCR(layer), pair(left + setting->width - 1, left));
    reg_write(LTDC_LWVPCR(layer), pair(top + setting->height - 1, top));
    reg_write(LTDC_LPFCR(layer), setting->format);
    reg_write(LTDC_LCACR(layer), setting->alpha);
    reg_write(LTDC_LDCCR(layer), 0);
    reg_write(LTDC_LBFCR(layer), 6 << 8 | 7); /* pixel alpha times layer alpha */
    reg_write(LTDC_LCFBAR(layer), (uint32_t)setting->pixels);
    reg_write(LTDC_LCFBLR(layer), pair(setting->stride, line + 7)); /* 7: 64-bit bus (33.7.23) */
    reg_write(LTDC_LCFBLNR(layer), setting->height);
    reg_write(LTDC_LCR(layer), LTDC_L1CR_LEN);
}

void ltdc_set_pixels(unsigned layer, const void *pixels)
{
    reg_write(LTDC_LCFBAR(layer), (uint32_t)pixels);
}

void ltdc_reload_at_blank(void)
{
    reg_write(LTDC_SRCR, LTDC_SRCR_VBR);
}

void ltdc_reload_now(void)
{
    reg_write(LTDC_SRCR, LTDC_SRCR_IMR);
}

bool ltdc_reload_waits(void)
{
    return reg_read(LTDC_SRCR) & LTDC_SRCR_VBR;
}

bool ltdc_interrupt(void)
{
    bool reloaded = reg_read(LTDC_ISR) & LTDC_ISR_RRIF;
    reg_write(LTDC_ICR, LTDC_ISR_RRIF);
    return reloaded;
}

unsigned ltdc_error_interrupt(void)
{
    uint32_t errors = reg_read(LTDC_ISR) & (LTDC_ISR_FUIF | LTDC_ISR_TERRIF);
    reg_write(LTDC_ICR, errors);
    return errors != 0;
}
