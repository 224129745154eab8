/* DSI host and wrapper: RM0399 chapter 34; the polls are those of point 14 of the board facts. */
#include "sim/soc/dsi.h"
#include "sim/test/soc/soc_fixture.h"

#define DSI  0x50000000u
#define LTDC 0x50001000u

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
    uint32_t first_pixel;
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
    (void)ctx, (void)first;
    assert_int_equal(width, WIDTH);
    assert_int_equal(height, HEIGHT);
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

/* 35.12: regulator, PLL (25 MHz / 5 * 2 * 100), PHY, host. */
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
    (void)state; /* 35.12; WISR.RRS and WISR.PLLLS */
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
    (void)state; /* 35.14.32, 35.14.34 */
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
    (void)state; /* 35.7; GPSR.CMDFE */
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
    (void)state; /* 35.7.3: GPSR.PRDFE, GPDR */
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

static void test_forced_errors_interrupt_and_clear_by_reading(void **state)
{
    (void)state; /* 35.14.36 to 35.14.39 */
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
    (void)state; /* 35.5.1 */
    struct soc_fixture *f = dsi_create();
    start_ltdc(f);
    fixture_write(f, MCR, 0);
    fixture_write(f, LCOLCR, 5);
    fixture_write(f, VPCR, WIDTH);
    fixture_write(f, VVACR, HEIGHT);
    fixture_write(f, CLCR, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.lines, 0);
    open_link(f);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.lines, HEIGHT);
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
    fixture_write(f, WCFGR, wcfgr | 1);
    open_link(f);
    start_ltdc(f);
    fixture_write(f, LCOLCR, 5);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, 0);
}

static void test_adapted_command_mode_sends_a_frame_when_asked(void **state)
{
    (void)state; /* 35.5.3: WCR.LTDCEN falls and ERIF stands at the end of the refresh */
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

static void test_tearing_effect_starts_the_automatic_refresh(void **state)
{
    (void)state; /* 35.5.3: WCFGR.TESRC and AR */
    struct soc_fixture *f = dsi_create();
    open_command_mode(f, 1 << 4 | 1 << 6);
    dsi_tearing_effect(soc_block(f->soc, "DSIHOST"), false);
    assert_int_equal(fixture_read(f, WISR) & 1, 0);
    dsi_tearing_effect(soc_block(f->soc, "DSIHOST"), true);
    assert_int_equal(fixture_read(f, WISR) & 1, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, WIDTH * HEIGHT);
    fixture_write(f, WCFGR, 1);
    fixture_write(f, CMCR, 1);
    fixture_write(f, WIFCR, 1);
    dsi_tearing_effect(soc_block(f->soc, "DSIHOST"), false);
    assert_int_equal(fixture_read(f, WISR) & 1, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(seen.pixels, WIDTH * HEIGHT);
    fixture_destroy(f);
}

static void test_sixteen_bit_link_drops_the_low_bits(void **state)
{
    (void)state; /* 35.14.4 */
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
    (void)state; /* 35.14.40 */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pll_has_a_vco_of_1_to_2_ghz),
        cmocka_unit_test(test_regulator_and_pll_become_ready_after_their_time),
        cmocka_unit_test(test_lanes_stop_and_enter_ultra_low_power),
        cmocka_unit_test(test_short_and_long_packets_reach_the_panel),
        cmocka_unit_test(test_packets_wait_for_the_link),
        cmocka_unit_test(test_reads_come_back_by_the_return_size),
        cmocka_unit_test(test_forced_errors_interrupt_and_clear_by_reading),
        cmocka_unit_test(test_video_flows_while_all_of_the_way_is_open),
        cmocka_unit_test(test_a_size_that_differs_from_the_ltdcs_is_reported),
        cmocka_unit_test(test_adapted_command_mode_sends_a_frame_when_asked),
        cmocka_unit_test(test_tearing_effect_starts_the_automatic_refresh),
        cmocka_unit_test(test_sixteen_bit_link_drops_the_low_bits),
        cmocka_unit_test(test_copies_in_use_follow_at_once_or_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
