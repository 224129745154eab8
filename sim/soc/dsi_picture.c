/* The way of the LTDC's picture through the DSI host: video mode and adapted command mode (RM0399 34.5,
 * 34.6), and the pattern generator in its place (34.11). */
#include "sim/soc/dsi_internal.h"
#include "sim/soc/gpio.h"
#include "sim/soc/ltdc.h"

enum { CMCR_TEARE = 1, CLCR_DPCC = 1 };
enum { WCFGR_DSIM = 1, WCFGR_TESRC = 1 << 4, WCFGR_TEPOL = 1 << 5, WCFGR_AR = 1 << 6 };
enum { WCR_COLM = 1, WCR_SHTDN = 2, WCR_LTDCEN = 4, WCR_DSIEN = 8 };
enum { VMCR_PGE = 1 << 16, VMCR_PGM = 1 << 20, VMCR_PGO = 1 << 24 };
enum { LINE_MAX = 4096, PATTERN_MIN = 8 /* 34.11.4 */ };

bool dsi_command_mode(const struct dsi *dsi)
{
    return REG(&dsi->block, DSI_WCFGR) & WCFGR_DSIM;
}

static bool video_open(const struct dsi *dsi)
{
    return dsi_link_ready(dsi) && !dsi_command_mode(dsi) &&
           !(REG(&dsi->block, DSI_MCR) & DSI_MCR_CMDM) && REG(&dsi->block, DSI_WCR) & WCR_DSIEN &&
           REG(&dsi->block, DSI_CLCR) & CLCR_DPCC;
}

static bool shows_pattern(const struct dsi *dsi)
{
    return dsi->streaming && REG(&dsi->block, DSI_VMCR) & VMCR_PGE;
}

/* LCOLCR.COLC: bits that the link carries. */
static uint32_t colour_mask(const struct dsi *dsi)
{
    unsigned coding = REG(&dsi->block, DSI_LCOLCR) & 15;
    return coding < 3 ? 0xfff8fcf8 : coding < 5 ? 0xfffcfcfc : 0xffffffff;
}

static const uint32_t *coded(const struct dsi *dsi, const uint32_t *pixels, unsigned count,
                             uint32_t *buffer)
{
    uint32_t mask = colour_mask(dsi);
    if (mask == 0xffffffff || count > LINE_MAX)
        return pixels;
    for (unsigned n = 0; n < count; n++)
        buffer[n] = pixels[n] & mask;
    return buffer;
}

/* Of the host's configuration: in bursts a packet is a line, else a line may have several (34.14.6). */
static unsigned line_pixels(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    uint32_t chunks = REG(block, DSI_VCCR);
    bool burst = REG(block, DSI_VMCR) & DSI_VMCR_BURST;
    return REG(block, DSI_VPCR) * (burst || !chunks ? 1 : chunks);
}

static void check_geometry(struct dsi *dsi, unsigned width, unsigned height)
{
    unsigned line = line_pixels(dsi), lines = REG(&dsi->block, DSI_VVACR);
    if (line != width || lines != height)
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_VPCR,
                       "the LTDC sends %u by %u pixels, but VPCR, VCCR and VVACR say %u by %u",
                       width, height, line, lines);
}

/* Values above 24 bits are 24 bits to the host. */
static void check_coding(struct dsi *dsi)
{
    uint32_t host = REG(&dsi->block, DSI_LCOLCR) & 15,
             wrapper = REG(&dsi->block, DSI_WCFGR) >> 1 & 7;
    if (wrapper != (host < 5 ? host : 5))
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_LCOLCR,
                       "colours are mixed up on the way: set WCFGR.COLMUX (now %u) and "
                       "LCOLCR.COLC (now %u) to the same coding",
                       wrapper, host);
}

static void take_lines(void *ctx, const uint32_t *pixels, unsigned first, unsigned count,
                       unsigned width, unsigned height)
{
    struct dsi *dsi = ctx;
    uint32_t buffer[LINE_MAX];
    bool streaming = dsi->streaming && !shows_pattern(dsi);
    if (streaming)
        check_geometry(dsi, width, height);
    if (streaming || dsi->refreshing)
        check_coding(dsi);
    for (unsigned n = 0; n < count; n++) {
        const uint32_t *line = coded(dsi, pixels + (size_t)n * width, width, buffer);
        if (streaming && dsi->panel.lines)
            dsi->panel.lines(dsi->panel.ctx, line, first + n, 1, width, height);
        else if (dsi->refreshing && dsi->panel.memory)
            dsi->panel.memory(dsi->panel.ctx, line, width, first + n == 0);
    }
}

/* 34.6: the refresh is over, LTDCEN falls. */
static void end_refresh(struct dsi *dsi)
{
    dsi->refreshing = false;
    REG(&dsi->block, DSI_WCR) &= ~(uint32_t)WCR_LTDCEN;
    REG(&dsi->block, DSI_WISR) &= ~(uint32_t)WISR_BUSY;
    dsi_set_wisr(dsi, WISR_ERIF);
}

static void tell(struct dsi *dsi, uint32_t bit, enum dsi_type on, enum dsi_type off)
{
    uint32_t wanted = REG(&dsi->block, DSI_WCR) & bit;
    static const uint8_t nothing[1];
    if (wanted == (dsi->told & bit))
        return;
    dsi->told ^= bit;
    if (dsi->panel.write)
        dsi->panel.write(dsi->panel.ctx, wanted ? on : off, nothing, 0);
}

/* 34.9.1: short packets outside of the active lines of a stream. */
static void tell_display_control(struct dsi *dsi)
{
    tell(dsi, WCR_COLM, DSI_COLOUR_MODE_ON, DSI_COLOUR_MODE_OFF);
    tell(dsi, WCR_SHTDN, DSI_SHUTDOWN, DSI_TURN_ON);
}

static void take_frame(void *ctx)
{
    struct dsi *dsi = ctx;
    if (dsi->refreshing)
        end_refresh(dsi);
    if (shows_pattern(dsi))
        return;
    if ((dsi->streaming || dsi_command_mode(dsi)) && dsi->panel.frame)
        dsi->panel.frame(dsi->panel.ctx);
    if (dsi->streaming)
        tell_display_control(dsi);
}

void dsi_start_refresh(struct dsi *dsi)
{
    if (dsi->refreshing || !dsi_command_mode(dsi) || !dsi_link_ready(dsi) ||
        !(REG(&dsi->block, DSI_WCR) & WCR_DSIEN))
        return;
    dsi->refreshing = true;
    REG(&dsi->block, DSI_WISR) |= WISR_BUSY;
    ltdc_redraw(dsi->ltdc);
    ltdc_scan_once(dsi->ltdc);
}

static void tearing_effect(struct dsi *dsi)
{
    dsi_set_wisr(dsi, WISR_TEIF);
    if (REG(&dsi->block, DSI_WCFGR) & WCFGR_AR)
        dsi_start_refresh(dsi);
}

void dsi_tearing_trigger(struct block *block)
{
    if (!(REG(block, DSI_WCFGR) & WCFGR_TESRC) && REG(block, DSI_CMCR) & CMCR_TEARE)
        tearing_effect((struct dsi *)block);
}

/* Data sheet DS12930, alternate functions: DSI_TE. */
enum { TE_FUNCTION = 13 };
static const struct {
    uint8_t port, pin;
} te_pins[] = {{1, 11}, {9, 2}};

static void te_pin_changed(void *ctx, unsigned n, bool level)
{
    struct dsi *dsi = ctx;
    uint32_t wcfgr = REG(&dsi->block, DSI_WCFGR);
    bool falls = wcfgr & WCFGR_TEPOL;
    if (wcfgr & WCFGR_TESRC && level != falls &&
        gpio_function(dsi->block.soc, te_pins[n].port, te_pins[n].pin) == TE_FUNCTION)
        tearing_effect(dsi);
}

/* ---- The pattern generator: 34.11 ---- */

static sim_time pattern_time(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    uint64_t lines = REG(block, DSI_VVSACR) + REG(block, DSI_VVBPCR) + REG(block, DSI_VVFPCR) +
                     REG(block, DSI_VVACR);
    return sim_cycles_to_time(lines * REG(block, DSI_VLCR) * 8, dsi_lane_rate(dsi));
}

static void schedule_pattern(struct dsi *dsi)
{
    sim_time time = pattern_time(dsi);
    if (time != SIM_NEVER)
        event_in(&block_sim(&dsi->block)->events, &dsi->pattern, time);
}

static bool pattern_fits(struct dsi *dsi)
{
    unsigned width = line_pixels(dsi), height = REG(&dsi->block, DSI_VVACR);
    bool fits = width >= PATTERN_MIN && width <= LINE_MAX && height >= PATTERN_MIN &&
                REG(&dsi->block, DSI_VLCR);
    if (!fits)
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_VMCR,
                       "a pattern of %u by %u pixels, %u clocks a line: it takes at least 8 by 8, "
                       "and a time (VPCR, VCCR, VVACR, VLCR)",
                       width, height, REG(&dsi->block, DSI_VLCR));
    return fits;
}

/* Eight of equal size, the last with what is left over. */
static unsigned part_of_eight(unsigned at, unsigned whole)
{
    return at / (whole / 8) < 7 ? at / (whole / 8) : 7;
}

static uint32_t bar_colour(unsigned n)
{
    static const uint32_t colours[] = {0xffffffff, 0xffffff00, 0xff00ffff, 0xff00ff00,
                                       0xffff00ff, 0xffff0000, 0xff0000ff, 0xff000000};
    return colours[n];
}

/* Bytes of 24-bit pixels, red first. */
static uint32_t bit_error_pixel(unsigned x, unsigned width)
{
    static const uint8_t values[] = {0xaa, 0x33, 0xf0, 0x7f, 0x55, 0xcc, 0x0f, 0x80};
    uint32_t pixel = 0xff;
    for (unsigned n = 0; n < 3; n++)
        pixel = pixel << 8 | values[part_of_eight(3 * x + n, 3 * width)];
    return pixel;
}

static void draw_pattern(struct dsi *dsi)
{
    uint32_t line[LINE_MAX], mode = REG(&dsi->block, DSI_VMCR);
    unsigned width = line_pixels(dsi), height = REG(&dsi->block, DSI_VVACR);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++)
            line[x] = mode & VMCR_PGM   ? bit_error_pixel(x, width)
                      : mode & VMCR_PGO ? bar_colour(part_of_eight(y, height))
                                        : bar_colour(part_of_eight(x, width));
        dsi->panel.lines(dsi->panel.ctx, line, y, 1, width, height);
    }
    dsi->drawn = true;
}

static void pattern_frame(void *ctx)
{
    struct dsi *dsi = ctx;
    if (!pattern_fits(dsi))
        return;
    if (!dsi->drawn && dsi->panel.lines)
        draw_pattern(dsi);
    if (dsi->panel.frame)
        dsi->panel.frame(dsi->panel.ctx);
    schedule_pattern(dsi);
}

/* The LTDC's picture comes back in full. */
static void update_pattern(struct dsi *dsi)
{
    struct event_queue *events = &block_sim(&dsi->block)->events;
    dsi->drawn = false;
    if (!shows_pattern(dsi) && event_pending(&dsi->pattern)) {
        event_cancel(events, &dsi->pattern);
        ltdc_redraw(dsi->ltdc);
    } else if (shows_pattern(dsi) && !event_pending(&dsi->pattern) && pattern_fits(dsi)) {
        schedule_pattern(dsi);
    }
}

void dsi_link_changed(struct dsi *dsi)
{
    bool streaming = video_open(dsi);
    REG(&dsi->block, DSI_PSR) = dsi_phy_status(dsi);
    if (streaming && !dsi->streaming)
        ltdc_redraw(dsi->ltdc);
    dsi->streaming = streaming;
    update_pattern(dsi);
    if (dsi->command_count && dsi_link_ready(dsi))
        dsi_send_next(dsi);
}

void dsi_picture_reset(struct dsi *dsi)
{
    event_cancel(&block_sim(&dsi->block)->events, &dsi->pattern);
    dsi->refreshing = dsi->streaming = false;
    dsi->told = 0;
    if (dsi->ltdc)
        ltdc_hold(dsi->ltdc, false);
}

void dsi_picture_init(struct dsi *dsi)
{
    const struct ltdc_sink sink = {dsi, take_lines, take_frame};
    event_init(&dsi->pattern, "DSI pattern", pattern_frame, dsi);
    dsi->ltdc = soc_block(dsi->block.soc, "LTDC");
    ltdc_connect(dsi->ltdc, &sink);
    for (unsigned n = 0; n < sizeof te_pins / sizeof te_pins[0]; n++)
        wire_connect(&dsi->block.soc->pin_level[te_pins[n].port][te_pins[n].pin], te_pin_changed,
                     dsi, n);
}
