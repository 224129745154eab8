/* DSI host and wrapper: RM0399 chapter 34; the polls are those of point 14 of the board facts. */
#include "sim/soc/dsi.h"
#include "sim/test/soc/soc_fixture.h"

#define GPIOJ 0x58022400u
#define DSI   0x50000000u
#define LTDC  0x50001000u

enum { CR = DSI + 4, LCOLCR = DSI + 0x10, PCR = DSI + 0x2c, MCR = DSI + 0x34, VMCR = DSI + 0x38 };
enum { VPCR = DSI + 0x3c, VVACR = DSI + 0x60, CMCR = DSI + 0x68, GHCR = DSI + 0x6c };
enum { GPDR = DSI + 0x70, GPSR = DSI + 0x74, CLCR = DSI + 0x94, PCTLR = DSI + 0xa0 };
enum { PCONFR = DSI + 0xa4, PUCR = DSI + 0xa8, PSR = DSI + 0xb0, ISR0 = DSI + 0xbc };
enum { ISR1 = DSI + 0xc0, IER1 = DSI + 0xc8, FIR1 = DSI + 0xdc, VSCR = DSI + 0x100 };
enum { WCFGR = DSI + 0x400, WCR = DSI + 0x404, WIER = DSI + 0x408, WISR = DSI + 0x40c };
enum { WIFCR = DSI + 0x410, WRPCR = DSI + 0x430 };

enum { IRQ_DSI = 123, WIDTH = 16, HEIGHT = 8 };

static struct {
    uint8_t type, bytes[64];
    unsigned packets, count, lines, frames, pixels, starts;
    unsigned width, height;
    uint32_t first_pixel, picture[HEIGHT + 8][WIDTH + 16];
} seen;

static void panel_write(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count)
{
    (void)ctx;
    seen.packets++;
    seen.type = (uint8_t)type;
    seen.count = count;
    memcpy(seen.bytes, bytes, count);
}

static unsigned panel_read(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count,
                           uint8_t *answer, unsigned room)
{
    (void)ctx;
    seen.type = (uint8_t)type;
    seen.count = count;
    seen.bytes[0] = bytes[0];
    for (unsigned n = 0; n < room && n < 6; n++)
        answer[n] = (uint8_t)(0x80 + n);
    return room < 6 ? room : 6;
}

static void panel_lines(void *ctx, const uint32_t *pixels, unsigned first, unsigned count,
                        unsigned width, unsigned height)
{
    (void)ctx;
    seen.width = width;
    seen.height = height;
    for (unsigned n = 0; n < count * width; n++)
        seen.picture[first + n / width][n % width] = pixels[n];
    seen.lines += count;
    seen.first_pixel = pixels[0];
}

static void panel_frame(void *ctx)
{
    (void)ctx;
    seen.frames++;
}

static void panel_memory(void *ctx, const uint32_t *pixels, unsigned count, bool start)
{
    (void)ctx;
    seen.pixels += count;
    seen.starts += start;
    seen.first_pixel = pixels[0];
}

static uint64_t clocks(struct block *rcc, enum soc_clock clock)
{
    (void)rcc;
    return clock == CLOCK_HSE ? 25000000 : 10000000;
}

static struct soc_fixture *dsi_create(void)
{
    struct soc_fixture *f = fixture_create();
    const struct dsi_panel panel = {NULL,        panel_write, panel_read,
                                    panel_lines, panel_frame, panel_memory};
    memset(&seen, 0, sizeof seen);
    f->soc->clock_hz = clocks;
    dsi_connect(soc_block(f->soc, "DSIHOST"), &panel);
    return f;
}

/* 34.12: regulator, PLL (25 MHz / 5 * 2 * 100), PHY, host. */
static void open_link(struct soc_fixture *f)
{
    fixture_write(f, WRPCR, 1 << 24);
    fixture_wait(f, SIM_MS);
    fixture_write(f, WRPCR, 1 << 24 | 5 << 11 | 100 << 2);
    fixture_write(f, WRPCR, 1 << 24 | 5 << 11 | 100 << 2 | 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, PCTLR, 6);
    fixture_write(f, PCONFR, 1);
    fixture_write(f, CR, 1);
    fixture_write(f, WCR, 8);
}

/* 16 by 8 pixels within 40 by 20 at 10 MHz: 80 us a frame. */
static void start_ltdc(struct soc_fixture *f)
{
    fixture_write(f, LTDC + 0x08, 1 << 16 | 1);
    fixture_write(f, LTDC + 0x0c, 3 << 16 | 3);
    fixture_write(f, LTDC + 0x10, 19 << 16 | 11);
    fixture_write(f, LTDC + 0x14, 39 << 16 | 19);
    fixture_write(f, LTDC + 0x2c, 0x0f0f0f);
    fixture_write(f, LTDC + 0x18, 0x2221);
}

static void send(struct soc_fixture *f, uint32_t header)
{
    fixture_write(f, GHCR, header);
    fixture_wait(f, 100 * SIM_US);
}

static void test_regulator_and_pll_become_ready_after_their_time(void **state)
{
    (void)state; /* 34.12; WISR.RRS and WISR.PLLLS */
    struct soc_fixture *f = dsi_create();
    fixture_write(f, WIER, 1 << 13 | 1 << 9 | 1 << 10);
    fixture_write(f, WRPCR, 1 << 24);
    assert_int_equal(fixture_read(f, WISR), 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, WISR), 1 << 12 | 1 << 13);
    assert_true(f->irq[SOC_CM7][IRQ_DSI]);
    fixture_write(f, WIFCR, 1 << 13);
    assert_false(f->irq[SOC_CM7][IRQ_DSI]);
    fixture_write(f, WRPCR, 1 << 24 | 5 << 11 | 100 << 2 | 1);
    assert_int_equal(fixture_read(f, WISR), 1 << 12);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, WISR), 1 << 12 | 1 << 8 | 1 << 9);
    fixture_write(f, WIFCR, 1 << 9);
    fixture_write(f, WRPCR, 1 << 24);
    assert_int_equal(fixture_read(f, WISR), 1 << 12 | 1 << 10);
    fixture_write(f, WRPCR, 0);
    assert_int_equal(fixture_read(f, WISR), 1 << 10);
    fixture_destroy(f);
}

static void test_lanes_stop_and_enter_ultra_low_power(void **state)
{
    (void)state; /* 34.15.38, 34.15.40 */
    struct soc_fixture *f = dsi_create();
    assert_int_equal(fixture_read(f, PSR), 0x1528);
    open_link(f);
    assert_int_equal(fixture_read(f, PSR) & 0x94, 0x94);
    fixture_write(f, PUCR, 4);
    assert_int_equal(fixture_read(f, PSR) & 0x1b0, 0);
    fixture_write(f, PUCR, 4 | 8);
    assert_int_equal(fixture_read(f, PSR) & 0x120, 0x120);
    fixture_write(f, PUCR, 0);
    assert_int_equal(fixture_read(f, PSR) & 0x90, 0x90);
    fixture_destroy(f);
}

static void test_short_and_long_packets_reach_the_panel(void **state)
{
    (void)state; /* 34.7; GPSR.CMDFE */
    struct soc_fixture *f = dsi_create();
    open_link(f);
    assert_int_equal(fixture_read(f, GPSR), 0x15);
    fixture_write(f, GHCR, 0x15 | 0x36 << 8 | 0x60 << 16);
    assert_int_equal(fixture_read(f, GPSR) & 1, 0);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, GPSR), 0x15);
    assert_int_equal(seen.type, DSI_DCS_WRITE_1);
    assert_memory_equal(seen.bytes, "\x36\x60", 2);
    fixture_write(f, GPDR, 0x0300002a);
    fixture_write(f, GPDR, 0x1f);
    send(f, 0x39 | 5 << 8);
    assert_int_equal(seen.type, DSI_DCS_LONG_WRITE);
    assert_int_equal(seen.count, 5);
    assert_memory_equal(seen.bytes, "\x2a\x00\x00\x03\x1f", 5);
    send(f, 0x05 | 0x11 << 8);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.bytes[0], 0x11);
    send(f, 0x05 | 1 << 6 | 0x11 << 8); /* virtual channel 1: nobody */
    assert_int_equal(seen.packets, 3);
    fixture_destroy(f);
}

static void test_packets_wait_for_the_link(void **state)
{
    (void)state;
    struct soc_fixture *f = dsi_create();
    send(f, 0x05 | 0x11 << 8);
    assert_int_equal(fixture_read(f, GPSR) & 1, 0);
    assert_non_null(strstr(f->complaint, "waits for the DSI link"));
    open_link(f);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.packets, 1);
    fixture_destroy(f);
}

static void test_reads_come_back_by_the_return_size(void **state)
{
    (void)state; /* 34.7: GPSR.PRDFE, GPDR */
    struct soc_fixture *f = dsi_create();
    open_link(f);
    send(f, 0x06 | 0xda << 8);
    assert_int_equal(fixture_read(f, GPSR) & 0x10, 0x10); /* no bus turn-around, no answer */
    assert_non_null(strstr(f->complaint, "BTAE"));
    fixture_write(f, PCR, 4);
    send(f, 0x37 | 6 << 8);
    send(f, 0x06 | 0xa1 << 8);
    assert_int_equal(seen.bytes[0], 0xa1);
    assert_int_equal(fixture_read(f, GPSR) & 0x10, 0);
    assert_int_equal(fixture_read(f, GPDR), 0x83828180);
    assert_int_equal(fixture_read(f, GPDR), 0x8584);
    assert_int_equal(fixture_read(f, GPSR) & 0x10, 0x10);
    fixture_destroy(f);
}

static void test_answers_queue_until_the_fifo_is_full(void **state)
{
    (void)state; /* 34.15.26: PRDFE, PRDFF; 34.15.42: GPRDE, GPRXE */
    struct soc_fixture *f = dsi_create();
    open_link(f);
    fixture_write(f, PCR, 4);
    for (unsigned n = 0; n < 32; n++) {
        assert_int_equal(fixture_read(f, GPSR) & 0x20, 0);
        send(f, 0x37 | (n % 4 + 1) << 8);
        send(f, 0x06 | 0xda << 8);
    }
    assert_int_equal(fixture_read(f, GPSR) & 0x30, 0x20);
    assert_int_equal(fixture_read(f, ISR1), 0);
    send(f, 0x06 | 0xda << 8);
    assert_int_equal(fixture_read(f, ISR1), 1 << 12);
    for (unsigned n = 0; n < 32; n++)
        assert_int_equal(fixture_read(f, GPDR), 0x83828180 & 0xffffffff >> (24 - 8 * (n % 4)));
    assert_int_equal(fixture_read(f, ISR1), 0);
    assert_int_equal(fixture_read(f, GPDR), 0);
    assert_int_equal(fixture_read(f, ISR1), 1 << 11);
    fixture_destroy(f);
}

static void test_forced_errors_interrupt_and_clear_by_reading(void **state)
{
    (void)state; /* 34.15.41 to 34.15.46 */
    struct soc_fixture *f = dsi_create();
    fixture_write(f, IER1, 1 << 7);
    fixture_write(f, FIR1, 1 << 7);
    assert_true(f->irq[SOC_CM4][IRQ_DSI]);
    assert_int_equal(fixture_read(f, ISR1), 1 << 7);
    assert_int_equal(fixture_read(f, ISR1), 0);
    assert_false(f->irq[SOC_CM4][IRQ_DSI]);
    fixture_destroy(f);
}

static void test_video_flows_while_all_of_the_way_is_open(void **state)
{
    (void)state; /* 34.5.1 */
    struct soc_fixture *f = dsi_create();
    start_ltdc(f);
    fixture_write(f, MCR, 0);
    fixture_write(f, LCOLCR, 5);
    fixture_write(f, WCFGR, 5 << 1);
    fixture_write(f, VPCR, WIDTH);
    fixture_write(f, VVACR, HEIGHT);
    fixture_write(f, CLCR, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.lines, 0);
    open_link(f);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.lines, HEIGHT);
    assert_true(seen.width == WIDTH && seen.height == HEIGHT);
    assert_int_equal(seen.first_pixel, 0xff0f0f0f);
    assert_true(seen.frames > 10);
    fixture_write(f, WCR, 0);
    unsigned frames = seen.frames;
    fixture_write(f, LTDC + 0x2c, 0x333333);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.frames, frames);
    fixture_write(f, WCR, 8); /* the picture of the meantime comes in full */
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.lines, 2 * HEIGHT);
    assert_int_equal(seen.first_pixel, 0xff333333);
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    fixture_destroy(f);
}

static void test_a_size_that_differs_from_the_ltdcs_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = dsi_create();
    start_ltdc(f);
    fixture_write(f, MCR, 0);
    fixture_write(f, VPCR, WIDTH - 1);
    fixture_write(f, VVACR, HEIGHT);
    fixture_write(f, CLCR, 1);
    open_link(f);
    fixture_wait(f, SIM_MS);
    assert_non_null(strstr(f->complaint, "VPCR"));
    fixture_destroy(f);
}

static void open_command_mode(struct soc_fixture *f, uint32_t wcfgr)
{
    fixture_write(f, WCFGR, wcfgr | 5 << 1 | 1);
    open_link(f);
    start_ltdc(f);
    fixture_write(f, LCOLCR, 5);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, 0);
}

static void test_adapted_command_mode_sends_a_frame_when_asked(void **state)
{
    (void)state; /* 34.6: WCR.LTDCEN falls and ERIF stands at the end of the refresh */
    struct soc_fixture *f = dsi_create();
    open_command_mode(f, 0);
    fixture_write(f, WIER, 2);
    fixture_write(f, WCR, 8 | 4);
    assert_int_equal(fixture_read(f, WISR) & 4, 4);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, WCR), 8);
    assert_int_equal(fixture_read(f, WISR) & 7, 2);
    assert_true(f->irq[SOC_CM7][IRQ_DSI]);
    assert_int_equal(seen.pixels, WIDTH * HEIGHT);
    assert_int_equal(seen.starts, 1);
    fixture_write(f, WCR, 8 | 4); /* unchanged, but asked for */
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, 2 * WIDTH * HEIGHT);
    fixture_destroy(f);
}

/* PJ2 as DSI_TE, or as something else. */
static void select_te_pin(struct soc_fixture *f, uint32_t function)
{
    fixture_write(f, GPIOJ + 0x00, 0xffffffef);
    fixture_write(f, GPIOJ + 0x20, function << 8);
}

static uint32_t te_flag(struct soc_fixture *f)
{
    uint32_t flag = fixture_read(f, WISR) & 1;
    fixture_write(f, WIFCR, 1);
    return flag;
}

static void test_tearing_effect_starts_the_automatic_refresh(void **state)
{
    (void)state; /* 34.6: WCFGR.TESRC and AR */
    struct soc_fixture *f = dsi_create();
    open_command_mode(f, 1 << 4 | 1 << 6);
    select_te_pin(f, 13);
    dsi_tearing_trigger(soc_block(f->soc, "DSIHOST"));
    assert_int_equal(te_flag(f), 0);
    soc_drive_pin(f->soc, 9, 2, true);
    assert_int_equal(te_flag(f), 1);
    soc_drive_pin(f->soc, 9, 2, false);
    assert_int_equal(te_flag(f), 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, WIDTH * HEIGHT);
    fixture_write(f, WCFGR, 1);
    fixture_write(f, CMCR, 1);
    soc_drive_pin(f->soc, 9, 2, true);
    assert_int_equal(te_flag(f), 0);
    dsi_tearing_trigger(soc_block(f->soc, "DSIHOST"));
    assert_int_equal(te_flag(f), 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, WIDTH * HEIGHT);
    fixture_destroy(f);
}

static void test_the_tearing_pin_counts_as_its_function_and_polarity_say(void **state)
{
    (void)state; /* WCFGR.TEPOL; DS12930: DSI_TE is AF13 of PB11 and PJ2 */
    struct soc_fixture *f = dsi_create();
    open_command_mode(f, 1 << 4);
    select_te_pin(f, 0);
    soc_drive_pin(f->soc, 9, 2, true);
    soc_drive_pin(f->soc, 9, 2, false);
    assert_int_equal(te_flag(f), 0);
    open_command_mode(f, 1 << 4 | 1 << 5);
    select_te_pin(f, 13);
    soc_drive_pin(f->soc, 9, 2, true);
    assert_int_equal(te_flag(f), 0);
    soc_drive_pin(f->soc, 9, 2, false);
    assert_int_equal(te_flag(f), 1);
    fixture_destroy(f);
}

static void test_sixteen_bit_link_drops_the_low_bits(void **state)
{
    (void)state; /* 34.15.5 */
    struct soc_fixture *f = dsi_create();
    open_command_mode(f, 0);
    fixture_write(f, LCOLCR, 0);
    fixture_write(f, WCR, 8 | 4);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.first_pixel, 0xff080c08);
    fixture_destroy(f);
}

static void test_copies_in_use_follow_at_once_or_on_request(void **state)
{
    (void)state; /* 34.15.47 */
    struct soc_fixture *f = dsi_create();
    fixture_write(f, VPCR, 800);
    assert_int_equal(fixture_read(f, VPCR + 0x100), 800);
    fixture_write(f, VMCR, 0x3f02);
    assert_int_equal(fixture_read(f, VMCR + 0x100), 0xfe);
    fixture_write(f, VSCR, 1);
    fixture_write(f, VPCR, 400);
    assert_int_equal(fixture_read(f, VPCR + 0x100), 800);
    fixture_write(f, VSCR, 0x101);
    assert_int_equal(fixture_read(f, VPCR + 0x100), 400);
    assert_int_equal(fixture_read(f, VSCR), 1);
    fixture_destroy(f);
}

static void test_pll_has_a_vco_of_1_to_2_ghz(void **state)
{
    (void)state; /* 34.12.5 */
    static const struct {
        uint32_t ndiv;
        bool told;
    } cases[] = {{100, false}, {125, false}, {99, true}};
    for (unsigned n = 0; n < 3; n++) {
        struct soc_fixture *f = dsi_create();
        fixture_write(f, WRPCR, 1 << 24 | 5 << 11 | cases[n].ndiv << 2 | 1);
        fixture_wait(f, SIM_MS);
        assert_int_equal(strstr(f->complaint, "outside 1 to 2 GHz") != NULL, cases[n].told);
        fixture_destroy(f);
    }
}

static void test_tearing_effect_and_end_of_refresh_are_mdma_triggers(void **state)
{
    (void)state; /* 34.4.2, table 280: dsi_te_trg and dsi_eor_trg */
    struct soc_fixture *f = dsi_create();
    const struct wire *trigger = f->soc->mdma_trigger;
    open_command_mode(f, 1 << 6);
    fixture_write(f, CMCR, 1);
    dsi_tearing_trigger(soc_block(f->soc, "DSIHOST"));
    assert_true(trigger[27].level && !trigger[28].level);
    fixture_write(f, WIFCR, 1);
    assert_false(trigger[27].level);
    fixture_wait(f, SIM_MS);
    assert_true(trigger[28].level);
    fixture_write(f, WIFCR, 2);
    assert_false(trigger[28].level);
    fixture_destroy(f);
}

/* Video mode of `width` by `height` pixels; the LTDC stands still. Lane byte clock 62.5 MHz, 100 cycles
 * a line: 1.6 us. */
static struct soc_fixture *open_pattern(uint32_t vmcr, unsigned width, unsigned height)
{
    struct soc_fixture *f = dsi_create();
    fixture_write(f, MCR, 0);
    fixture_write(f, LCOLCR, 5);
    fixture_write(f, WCFGR, 5 << 1);
    fixture_write(f, VPCR, width);
    fixture_write(f, DSI + 0x50, 100);
    fixture_write(f, DSI + 0x54, 1);
    fixture_write(f, DSI + 0x58, 1);
    fixture_write(f, DSI + 0x5c, 2);
    fixture_write(f, VVACR, height);
    fixture_write(f, CLCR, 1);
    fixture_write(f, VMCR, vmcr | 2);
    open_link(f);
    fixture_wait(f, SIM_MS);
    return f;
}

enum { PGE = 1 << 16, BER = 1 << 20, HORIZONTAL = 1 << 24 };

static void test_pattern_generator_draws_bars_without_the_ltdc(void **state)
{
    (void)state; /* 34.11.1, 34.11.2: white to black, the last bar takes what is left over */
    static const uint32_t bars[] = {0xffffffff, 0xffffff00, 0xff00ffff, 0xff00ff00,
                                    0xffff00ff, 0xffff0000, 0xff0000ff, 0xff000000};
    struct soc_fixture *f = open_pattern(PGE, 20, 10);
    assert_true(seen.width == 20 && seen.height == 10);
    for (unsigned y = 0; y < 10; y++)
        for (unsigned x = 0; x < 20; x++)
            assert_int_equal(seen.picture[y][x], bars[x / 2 < 7 ? x / 2 : 7]);
    assert_int_equal(seen.frames, SIM_MS / (14 * 1600 * SIM_NS)); /* 1 + 1 + 2 + 10 lines */
    fixture_write(f, VMCR, PGE | HORIZONTAL);
    fixture_wait(f, SIM_MS);
    for (unsigned y = 0; y < 10; y++)
        for (unsigned x = 0; x < 20; x++)
            assert_int_equal(seen.picture[y][x], bars[y < 7 ? y : 7]);
    fixture_destroy(f);
}

static void test_pattern_generator_draws_the_bit_error_pattern(void **state)
{
    (void)state; /* 34.11.3: 24 pixels are 72 bytes, 9 of each */
    static const uint8_t bytes[] = {0xaa, 0x33, 0xf0, 0x7f, 0x55, 0xcc, 0x0f, 0x80};
    struct soc_fixture *f = open_pattern(PGE | BER, 24, 8);
    for (unsigned x = 0; x < 24; x++)
        assert_int_equal(seen.picture[7][x], 0xff000000 | bytes[x / 3] * 0x10101u);
    fixture_destroy(f);
}

static void test_pattern_takes_the_place_of_the_picture_and_gives_it_back(void **state)
{
    (void)state; /* 34.11 */
    struct soc_fixture *f = open_pattern(PGE, WIDTH, HEIGHT);
    start_ltdc(f);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.picture[0][0], 0xffffffff);
    fixture_write(f, VMCR, 2);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.picture[0][0], 0xff0f0f0f);
    unsigned frames = seen.frames;
    fixture_write(f, LTDC + 0x18, 0x2220);
    fixture_wait(f, 2 * SIM_MS);
    assert_true(seen.frames <= frames + 1);
    fixture_write(f, CR, 0);
    fixture_write(f, VMCR, PGE | 2); /* the host is off: no pattern */
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.picture[0][0], 0xff0f0f0f);
    fixture_destroy(f);
}

static void test_colour_mode_and_shutdown_are_packets_of_the_video_stream(void **state)
{
    (void)state; /* 34.9.1, 34.16.2: COLM and SHTDN */
    static const struct {
        uint8_t wcr, type;
    } steps[] = {{8 | 1, 0x12}, {8 | 3, 0x22}, {8 | 2, 0x02}, {8, 0x32}};
    struct soc_fixture *f = open_pattern(0, WIDTH, HEIGHT);
    fixture_write(f, WCR, 8 | 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.packets, 0); /* nothing is sent while no picture comes */
    start_ltdc(f);
    for (unsigned n = 0; n < 4; n++) {
        fixture_write(f, WCR, steps[n].wcr);
        fixture_wait(f, SIM_MS);
        assert_int_equal(seen.packets, n + 1);
        assert_int_equal(seen.type, steps[n].type);
        assert_int_equal(seen.count, 0);
    }
    fixture_destroy(f);
}

static void test_link_rests_after_packets_in_command_mode(void **state)
{
    (void)state; /* 34.8.2: TCCR1 to TCCR5 in lane byte clocks of 16 ns; 62500 of them are 1 ms */
    static const struct {
        uint32_t tccr, header, cmcr;
        bool video, rests;
    } cases[] = {
        {0x7c, 0x06, 0, false, true},        {0x7c, 0x06, 1 << 18, false, false},
        {0x80, 0x06, 1 << 18, false, true},  {0x84, 0x15, 0, false, true},
        {0x84, 0x15, 1 << 17, false, false}, {0x88, 0x15, 1 << 17, false, true},
        {0x8c, 0x06, 0, false, true},        {0x8c, 0x15, 0, false, false},
        {0x84, 0x15, 0, true, false},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = dsi_create();
        open_link(f);
        fixture_write(f, PCR, 4);
        fixture_write(f, MCR, cases[n].video ? 0 : 1);
        fixture_write(f, CMCR, cases[n].cmcr);
        fixture_write(f, DSI + 0x08, 4);
        fixture_write(f, DSI + cases[n].tccr, 62500);
        fixture_write(f, GHCR, cases[n].header);
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(fixture_read(f, GPSR) & 1, 1);
        fixture_write(f, GHCR, 0x05);
        fixture_wait(f, 800 * SIM_US);
        assert_int_equal(fixture_read(f, GPSR) & 1, !cases[n].rests);
        fixture_wait(f, 300 * SIM_US);
        assert_int_equal(fixture_read(f, GPSR) & 1, 1);
        fixture_destroy(f);
    }
}

static void test_a_line_in_chunks_is_as_long_as_all_of_them(void **state)
{
    (void)state; /* 34.14.6: VPSIZE times NUMC, but not in burst mode */
    static const struct {
        uint32_t vmcr, size, chunks;
        bool told;
    } cases[] = {{0, 4, 4, false}, {1, 8, 2, false}, {1, WIDTH, 1, false}, {2, 4, 4, true}};
    for (unsigned n = 0; n < 4; n++) {
        struct soc_fixture *f = dsi_create();
        fixture_write(f, MCR, 0);
        fixture_write(f, LCOLCR, 5);
        fixture_write(f, WCFGR, 5 << 1);
        fixture_write(f, VMCR, cases[n].vmcr);
        fixture_write(f, VPCR, cases[n].size);
        fixture_write(f, DSI + 0x40, cases[n].chunks);
        fixture_write(f, VVACR, HEIGHT);
        fixture_write(f, CLCR, 1);
        open_link(f);
        start_ltdc(f);
        fixture_wait(f, SIM_MS);
        assert_int_equal(f->complaint[0] != 0, cases[n].told);
        fixture_destroy(f);
    }
}

static void test_colour_coding_is_the_same_in_host_and_wrapper(void **state)
{
    (void)state; /* 34.14.5: LCOLCR.COLC and WCFGR.COLMUX */
    for (uint32_t coding = 0; coding < 8; coding++) {
        struct soc_fixture *f = dsi_create();
        fixture_write(f, WCFGR, 1);
        fixture_write(f, LCOLCR, 5);
        fixture_write(f, WCFGR, coding << 1 | 1);
        open_link(f);
        start_ltdc(f);
        fixture_write(f, WCR, 8 | 4);
        fixture_wait(f, SIM_MS);
        assert_int_equal(strstr(f->complaint, "COLMUX") != NULL, coding != 5);
        fixture_destroy(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tearing_effect_and_end_of_refresh_are_mdma_triggers),
        cmocka_unit_test(test_pattern_generator_draws_bars_without_the_ltdc),
        cmocka_unit_test(test_pattern_generator_draws_the_bit_error_pattern),
        cmocka_unit_test(test_pattern_takes_the_place_of_the_picture_and_gives_it_back),
        cmocka_unit_test(test_colour_mode_and_shutdown_are_packets_of_the_video_stream),
        cmocka_unit_test(test_link_rests_after_packets_in_command_mode),
        cmocka_unit_test(test_a_line_in_chunks_is_as_long_as_all_of_them),
        cmocka_unit_test(test_colour_coding_is_the_same_in_host_and_wrapper),
        cmocka_unit_test(test_pll_has_a_vco_of_1_to_2_ghz),
        cmocka_unit_test(test_regulator_and_pll_become_ready_after_their_time),
        cmocka_unit_test(test_lanes_stop_and_enter_ultra_low_power),
        cmocka_unit_test(test_short_and_long_packets_reach_the_panel),
        cmocka_unit_test(test_packets_wait_for_the_link),
        cmocka_unit_test(test_reads_come_back_by_the_return_size),
        cmocka_unit_test(test_answers_queue_until_the_fifo_is_full),
        cmocka_unit_test(test_forced_errors_interrupt_and_clear_by_reading),
        cmocka_unit_test(test_video_flows_while_all_of_the_way_is_open),
        cmocka_unit_test(test_a_size_that_differs_from_the_ltdcs_is_reported),
        cmocka_unit_test(test_adapted_command_mode_sends_a_frame_when_asked),
        cmocka_unit_test(test_tearing_effect_starts_the_automatic_refresh),
        cmocka_unit_test(test_the_tearing_pin_counts_as_its_function_and_polarity_say),
        cmocka_unit_test(test_sixteen_bit_link_drops_the_low_bits),
        cmocka_unit_test(test_copies_in_use_follow_at_once_or_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
