/* DMA1 and DMA2: RM0399 chapter 16; their requests: chapter 18. */
#include "sim/soc/dmamux.h"
#include "sim/test/soc/soc_fixture.h"

#define DMA1    0x40020000u
#define DMA2    0x40020400u
#define DMAMUX1 0x40020800u
#define SRAM1   0x30000000u
#define SRAM2   0x30020000u
#define AXI     0x24000000u

enum { REQUEST = 127, LISR = 0, HISR = 4, LIFCR = 8, HIFCR = 12 };
enum { TC = 1 << 5, HT = 1 << 4, TE = 1 << 3, DME = 1 << 2, FE = 1 << 0 };
enum { EN = 1, TCIE = 1 << 4, HTIE = 1 << 3, TEIE = 1 << 2, CIRC = 1 << 8, PINC = 1 << 9 };
enum { MINC = 1 << 10, P2M = 0, M2P = 1 << 6, M2M = 2 << 6, DBM = 1 << 18, CT = 1 << 19 };

static uint32_t reg(unsigned stream, uint32_t offset)
{
    return DMA2 + 0x10 + stream * 0x18 + offset;
}

static void set_up(struct soc_fixture *f, unsigned stream, uint32_t par, uint32_t mar,
                   uint32_t count)
{
    fixture_write(f, DMAMUX1 + 4 * (8 + stream), REQUEST);
    fixture_write(f, reg(stream, 0x04), count);
    fixture_write(f, reg(stream, 0x08), par);
    fixture_write(f, reg(stream, 0x0c), mar);
}

static void request(struct soc_fixture *f, bool level)
{
    wire_set(&f->soc->dma_request[0][REQUEST], level);
}

/* Exactly `count` requests (1 to 32) to the stream, by request generator 0. */
static void request_exactly(struct soc_fixture *f, unsigned stream, unsigned count)
{
    fixture_write(f, DMAMUX1 + 4 * (8 + stream), 1);
    fixture_write(f, DMAMUX1 + 0x100, 1 << 16 | 1 << 17 | (count - 1) << 19 | DMAMUX1_LPTIM1_OUT);
    dmamux_trigger(f->soc, 0, DMAMUX1_LPTIM1_OUT, true);
    dmamux_trigger(f->soc, 0, DMAMUX1_LPTIM1_OUT, false);
    fixture_wait(f, 100 * SIM_US);
}

static unsigned flags(struct soc_fixture *f, unsigned stream)
{
    static const uint8_t shift[4] = {0, 6, 16, 22};
    return fixture_read(f, DMA2 + (stream < 4 ? LISR : HISR)) >> shift[stream & 3] & 0x3d;
}

static uint32_t seed = 12345;

static uint32_t chance(uint32_t range)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % range;
}

static uint8_t *memory(struct soc_fixture *f, uint32_t address, uint32_t length)
{
    uint8_t *bytes = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, address, length);
    assert_non_null(bytes);
    return bytes;
}

/* What a transfer must leave: items of one width in, units of another out, in order. */
static void reference(const uint8_t *from, unsigned from_size, unsigned from_step, uint8_t *to,
                      unsigned to_size, unsigned to_step, unsigned bytes)
{
    uint8_t stream[4096];
    for (unsigned n = 0; n < bytes; n++)
        stream[n] = from[n / from_size * from_step + n % from_size];
    for (unsigned n = 0; n < bytes; n++)
        to[n / to_size * to_step + n % to_size] = stream[n];
}

static void fill_randomly(uint8_t *bytes, unsigned count)
{
    for (unsigned n = 0; n < count; n++)
        bytes[n] = (uint8_t)chance(256);
}

struct random_transfer {
    unsigned direction, psize, msize, pinc, minc, direct, fth, mburst, pburst, count;
    uint32_t cr, fcr;
};

/* A configuration that 16.3.14's table of thresholds and bursts allows. */
static struct random_transfer draw(void)
{
    static const uint8_t beats[4] = {1, 4, 8, 16};
    for (;;) {
        struct random_transfer t = {.direction = chance(3),
                                    .psize = chance(3),
                                    .msize = chance(3),
                                    .pinc = chance(2),
                                    .minc = chance(2),
                                    .direct = chance(2),
                                    .fth = chance(4),
                                    .mburst = chance(4),
                                    .pburst = chance(4)};
        if (t.direct && (t.direction == 2 || t.mburst || t.pburst))
            continue;
        if (t.direct)
            t.msize = t.psize;
        unsigned mbytes = beats[t.mburst] << t.msize, pbytes = beats[t.pburst] << t.psize;
        unsigned threshold = 4 * (t.fth + 1);
        if (mbytes > 16 || pbytes > 16 || (t.mburst && threshold % mbytes))
            continue;
        unsigned block = mbytes > pbytes ? mbytes : pbytes;
        t.count = block * (1 + chance(1000 / block)) >> t.psize;
        t.cr = t.direction << 6 | t.pinc << 9 | t.minc << 10 | t.psize << 11 | t.msize << 13 |
               t.pburst << 21 | t.mburst << 23;
        t.fcr = t.fth | (t.direct ? 0u : 4u);
        return t;
    }
}

static void test_random_transfers_leave_what_a_simple_model_leaves(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *source = memory(f, SRAM1, 4096), *sink = memory(f, AXI, 4096);
    uint8_t expected[4096];
    for (unsigned n = 0; n < 600; n++) {
        struct random_transfer t = draw();
        unsigned stream = chance(8), psize = 1u << t.psize, msize = 1u << t.msize;
        fill_randomly(source, 4096);
        memset(sink, 0xa5, 4096);
        memset(expected, 0xa5, 4096);
        bool out = t.direction == 1;
        reference(source, out ? msize : psize, out ? t.minc * msize : t.pinc * psize, expected,
                  out ? psize : msize, out ? t.pinc * psize : t.minc * msize, t.count << t.psize);
        set_up(f, stream, out ? AXI : SRAM1, out ? SRAM1 : AXI, t.count);
        fixture_write(f, reg(stream, 0x14), t.fcr);
        fixture_write(f, reg(stream, 0x00), t.cr | EN);
        request(f, true);
        fixture_wait(f, SIM_MS);
        request(f, false);
        assert_memory_equal(sink, expected, 4096);
        assert_int_equal(flags(f, stream) & (TC | HT | TE | FE), TC | HT);
        assert_int_equal(fixture_read(f, reg(stream, 0x00)) & EN, 0);
        assert_int_equal(fixture_read(f, reg(stream, 0x04)), 0);
        assert_int_equal(fixture_read(f, reg(stream, 0x14)) >> 3 & 7, 4);
        fixture_write(f, DMA2 + LIFCR, ~0u);
        fixture_write(f, DMA2 + HIFCR, ~0u);
        fixture_write(f, DMAMUX1 + 4 * (8 + stream), 0);
    }
    fixture_destroy(f);
}

static void test_interrupts_follow_flags_and_enables(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 3, SRAM1, SRAM2, 8);
    fixture_write(f, reg(3, 0), M2M | PINC | MINC | EN | HTIE | TCIE);
    fixture_wait(f, SIM_US * 10);
    assert_true(f->irq[SOC_CM7][59] && f->irq[SOC_CM4][59]);
    assert_int_equal(fixture_read(f, DMA2 + LISR), (uint32_t)(TC | HT) << 22);
    fixture_write(f, DMA2 + LIFCR, TC << 22);
    assert_true(f->irq[SOC_CM7][59]);
    fixture_write(f, DMA2 + LIFCR, HT << 22);
    assert_false(f->irq[SOC_CM7][59]);
    fixture_destroy(f);
}

static void test_circular_mode_starts_over(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *sink = memory(f, SRAM2, 64);
    set_up(f, 0, SRAM1, SRAM2, 16);
    fixture_write(f, reg(0, 0), CIRC | MINC | EN);
    request(f, true);
    memory(f, SRAM1, 1)[0] = 1;
    fixture_wait(f, 20 * SIM_US);
    assert_true(flags(f, 0) & TC);
    assert_int_equal(fixture_read(f, reg(0, 0)) & EN, EN);
    memory(f, SRAM1, 1)[0] = 2;
    fixture_wait(f, 20 * SIM_US);
    request(f, false);
    for (unsigned n = 0; n < 16; n++)
        assert_int_equal(sink[n], 2);
    assert_int_equal(sink[16], 0);
    fixture_destroy(f);
}

static void test_double_buffer_toggles_ct_and_locks_the_buffer_in_use(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 1, SRAM1, SRAM2, 4);
    fixture_write(f, reg(1, 0x10), SRAM2 + 0x100);
    fixture_write(f, reg(1, 0), DBM | MINC | 2 << 11 | EN);
    fixture_write(f, SRAM1, 0x11111111);
    request_exactly(f, 1, 4);
    assert_true(flags(f, 1) & TC);
    assert_int_equal(fixture_read(f, reg(1, 0)) & CT, CT);
    assert_int_equal(fixture_read(f, reg(1, 4)), 4);
    assert_int_equal(fixture_read(f, SRAM2 + 12), 0x11111111);
    fixture_write(f, SRAM1, 0x22222222);
    request_exactly(f, 1, 3);
    assert_int_equal(fixture_read(f, SRAM2 + 0x108), 0x22222222);
    assert_int_equal(fixture_read(f, SRAM2 + 12), 0x11111111);
    fixture_write(f, reg(1, 0x0c), SRAM2 + 0x200);
    assert_int_equal(fixture_read(f, reg(1, 0x0c)), SRAM2 + 0x200);
    assert_int_equal(flags(f, 1) & TE, 0);
    fixture_write(f, reg(1, 0x10), SRAM2 + 0x300);
    assert_int_equal(flags(f, 1) & TE, TE);
    assert_int_equal(fixture_read(f, reg(1, 0)) & EN, 0);
    fixture_destroy(f);
}

/* 16.3.14: nothing goes to memory before the threshold, and then all of it. */
static void test_fifo_drains_at_its_threshold(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM1, SRAM2, 100);
    fixture_write(f, SRAM1, 0x5a);
    fixture_write(f, reg(2, 0x14), 4 | 1); /* half */
    fixture_write(f, reg(2, 0), MINC | 2 << 13 | EN);
    request_exactly(f, 2, 7);
    assert_int_equal(fixture_read(f, reg(2, 0x14)) >> 3 & 7, 1);
    assert_int_equal(fixture_read(f, SRAM2), 0);
    request_exactly(f, 2, 1);
    assert_int_equal(fixture_read(f, reg(2, 0x14)) >> 3 & 7, 4);
    assert_int_equal(fixture_read(f, SRAM2 + 4), 0x5a5a5a5a);
    fixture_destroy(f);
}

/* 16.3.19: what is still in the FIFO has not reached the destination. */
static void test_half_is_told_when_it_is_in_memory(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM1, SRAM2, 24);
    fixture_write(f, reg(2, 0x14), 7);
    fixture_write(f, reg(2, 0), MINC | 2 << 13 | EN);
    request_exactly(f, 2, 15);
    assert_int_equal(fixture_read(f, reg(2, 4)), 9);
    assert_int_equal(flags(f, 2) & HT, 0);
    request_exactly(f, 2, 1);
    assert_int_equal(flags(f, 2) & HT, HT);
    fixture_write(f, DMA2 + LIFCR, ~0u);
    request_exactly(f, 2, 8);
    assert_int_equal(flags(f, 2) & (HT | TC), TC);
    fixture_destroy(f);
}

static void test_read_ahead_stops_at_the_end_of_the_buffer(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM2, SRAM1 + 0x48000 - 8, 8);
    fixture_write(f, reg(2, 0x14), 7);
    fixture_write(f, reg(2, 0), M2P | MINC | EN);
    assert_int_equal(fixture_read(f, reg(2, 0x14)) >> 3 & 7, 2);
    request_exactly(f, 2, 8);
    assert_int_equal(flags(f, 2) & (TC | TE), TC);
    fixture_destroy(f);
}

static void test_disabling_flushes_the_fifo_and_sets_tcif(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM1, SRAM2, 100);
    fixture_write(f, SRAM1, 0x5a);
    fixture_write(f, reg(2, 0x14), 7); /* FIFO, full threshold */
    fixture_write(f, reg(2, 0), MINC | EN);
    request(f, true);
    event_run_until(&f->sim.events, event_next(&f->sim.events));
    request(f, false);
    fixture_wait(f, SIM_US);
    uint32_t left = fixture_read(f, reg(2, 4));
    assert_true(left < 100);
    fixture_write(f, reg(2, 0), MINC);
    assert_int_equal(flags(f, 2), TC);
    assert_int_equal(memory(f, SRAM2, 100)[99 - left], 0x5a);
    assert_int_equal(fixture_read(f, reg(2, 4)), left);
    fixture_destroy(f);
}

static void test_bus_error_stops_the_stream_with_teif(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 5, SRAM1, 0x20000000, 4); /* the DTCM is out of reach (2.1.2) */
    fixture_write(f, reg(5, 0), M2M | PINC | MINC | EN | TEIE);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(flags(f, 5) & (TC | TE), TE);
    assert_true(f->irq[SOC_CM7][68]);
    assert_int_equal(fixture_read(f, reg(5, 0)) & EN, 0);
    fixture_destroy(f);
}

static void test_burst_that_does_not_fit_the_threshold_is_a_fifo_error(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 4, SRAM1, SRAM2, 64);
    fixture_write(f, reg(4, 0x14), 4 | 1); /* half */
    fixture_write(f, reg(4, 0), 2 << 13 | 1 << 23 | EN);
    assert_int_equal(flags(f, 4), FE);
    assert_int_equal(fixture_read(f, reg(4, 0)) & EN, 0);
    fixture_destroy(f);
}

static void test_configuration_is_locked_while_enabled(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 6, SRAM1, SRAM2, 64);
    fixture_write(f, reg(6, 0), MINC | EN);
    fixture_write(f, reg(6, 4), 5);
    fixture_write(f, reg(6, 8), AXI);
    fixture_write(f, reg(6, 0x14), 4);
    fixture_write(f, reg(6, 0), EN | PINC | HTIE);
    assert_int_equal(fixture_read(f, reg(6, 4)), 64);
    assert_int_equal(fixture_read(f, reg(6, 8)), SRAM1);
    assert_int_equal(fixture_read(f, reg(6, 0x14)), 0x21);
    assert_int_equal(fixture_read(f, reg(6, 0)), MINC | EN | HTIE);
    fixture_destroy(f);
}

/* 16.5.5: what the hardware settles as EN rises, read back and in the addresses. */
static void test_enabling_settles_what_does_not_go_together(void **state)
{
    (void)state;
    enum { PFCTRL = 1 << 5, HALFWORDS = 1 << 11, WORDS = 2 << 13, PINCOS = 1 << 15 };
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, SRAM1, SRAM2, 4);
    fixture_write(f, SRAM1, 0x22221111);
    fixture_write(f, SRAM1 + 4, 0x44443333);
    fixture_write(f, reg(0, 0),
                  P2M | MINC | PINC | HALFWORDS | WORDS | PINCOS | DBM | 1 << 21 | 1 << 23 | EN);
    assert_int_equal(fixture_read(f, reg(0, 0)),
                     MINC | PINC | HALFWORDS | 1 << 13 | DBM | CIRC | EN);
    request_exactly(f, 0, 3);
    assert_int_equal(fixture_read(f, SRAM2), 0x22221111);
    assert_int_equal(fixture_read(f, SRAM2 + 4), 0x3333);
    set_up(f, 1, SRAM1, SRAM2, 4);
    fixture_write(f, reg(1, 0), M2M | PFCTRL | PINC | MINC | EN);
    assert_int_equal(fixture_read(f, reg(1, 0)), M2M | PINC | MINC | EN);
    assert_int_equal(fixture_read(f, reg(1, 4)), 4);
    assert_int_equal(fixture_read(f, reg(1, 0x14)) & 4, 4);
    set_up(f, 2, SRAM1, SRAM2, 4);
    fixture_write(f, reg(2, 0), P2M | PFCTRL | CIRC | MINC | EN);
    assert_int_equal(fixture_read(f, reg(2, 0)), PFCTRL | MINC | EN);
    assert_int_equal(fixture_read(f, reg(2, 4)), 0xffff);
    set_up(f, 3, SRAM1, SRAM2, 16);
    fixture_write(f, reg(3, 0x14), 7);
    fixture_write(f, reg(3, 0), P2M | PINCOS | PINC | MINC | 1 << 21 | EN);
    assert_int_equal(fixture_read(f, reg(3, 0)), PINC | MINC | 1 << 21 | EN);
    fixture_destroy(f);
}

static void test_bursts_across_a_kilobyte_are_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t words = P2M | MINC | 2 << 11 | 2 << 13 | 1 << 23 | EN;
    for (unsigned n = 0; n < 3; n++) {
        static const uint32_t from[] = {SRAM2, SRAM2 + 4, SRAM2 + 0x3f8}, count[] = {1024, 64, 64};
        set_up(f, n, SRAM1, from[n], count[n]);
        fixture_write(f, reg(n, 0x14), 7);
        fixture_write(f, reg(n, 0), words);
        assert_int_equal(f->complaint[0] != 0, n == 2);
    }
    assert_non_null(strstr(f->complaint, "align the address to 16"));
    fixture_destroy(f);
}

static void test_higher_priority_goes_first_and_time_passes(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, SRAM1, SRAM2, 256);
    set_up(f, 7, SRAM1, SRAM2, 256);
    fixture_write(f, reg(0, 0), M2M | PINC | MINC | EN);
    fixture_write(f, reg(7, 0), M2M | PINC | MINC | 3 << 16 | EN);
    sim_time begin = sim_now(&f->sim);
    while (!(flags(f, 0) & TC))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    assert_true(flags(f, 7) & TC);
    /* 512 items of 1 byte, at least three cycles each at 64 MHz. */
    assert_true(sim_now(&f->sim) - begin > 512 * 3 * SIM_US / 64);
    assert_true(f->sim.dma_bytes[MASTER_DMA2] == 512);
    fixture_destroy(f);
}

/* A transfer of 4096 words from SRAM1 to SRAM2, while somebody else takes `share` of SRAM2. */
static sim_time time_beside(uint32_t share, uint32_t control, uint32_t fcr)
{
    struct soc_fixture *f = fixture_create();
    const struct traffic_plan plan = {0, SIM_S, share};
    traffic_plan(&f->sim, &f->soc->memory.sram2, MASTER_CM4, 0, &plan, SIM_US);
    set_up(f, 0, SRAM1, SRAM2, 4096);
    fixture_write(f, reg(0, 0x14), fcr);
    sim_time begin = sim_now(&f->sim);
    fixture_write(f, reg(0, 0), control | M2M | PINC | MINC | 2 << 11 | 2 << 13 | EN);
    while (!(flags(f, 0) & TC))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    sim_time taken = sim_now(&f->sim) - begin;
    fixture_destroy(f);
    return taken;
}

/* But for the time of the last run, which comes after the flag. */
static void assert_near(sim_time time, sim_time expected)
{
    assert_in_range(time, expected - 3 * SIM_US / 2, expected + SIM_US / 2);
}

static void test_a_busy_memory_makes_a_transfer_take_longer(void **state)
{
    (void)state;
    enum { BURSTS_OF_4 = 1 << 23, FULL = 4 | 3 };
    const sim_time cycle = SIM_S / 64000000;
    sim_time single = time_beside(0, 0, FULL), bursts = time_beside(0, BURSTS_OF_4, FULL);
    /* Two cycles to read a word, two to write one, or five to write four. */
    assert_near(single, 4096 * 4 * cycle);
    assert_near(bursts, 4096 * 13 / 4 * cycle);
    /* Half of SRAM2's time is left: each write takes twice as long, each read as ever. */
    sim_time half = time_beside(TRAFFIC_FULL / 2, 0, FULL);
    assert_near(half, 4096 * 6 * cycle);
    /* None is left: a burst of the other's before each. */
    assert_true(time_beside(TRAFFIC_FULL, 0, FULL) > 4096 * SIM_US);
    assert_true(time_beside(TRAFFIC_FULL, BURSTS_OF_4, FULL) < 1250 * SIM_US);
}

static void test_transfer_complete_is_the_mdma_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM1, SRAM2, 8);
    fixture_write(f, reg(2, 0), M2M | PINC | MINC | EN);
    fixture_wait(f, 10 * SIM_US);
    assert_true(f->soc->mdma_trigger[10].level);
    fixture_write(f, DMA2 + LIFCR, TC << 16);
    assert_false(f->soc->mdma_trigger[10].level);
    fixture_destroy(f);
}

static void test_a_narrow_access_is_told(void **state)
{
    (void)state; /* 16.5: "have to be accessed by words" */
    struct soc_fixture *f = fixture_create();
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, 0x40020014, 2, 5), BUS_OK);
    assert_int_equal(fixture_read(f, 0x40020014), 5);
    assert_non_null(strstr(f->complaint, "accessed by words"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_narrow_access_is_told),
        cmocka_unit_test(test_random_transfers_leave_what_a_simple_model_leaves),
        cmocka_unit_test(test_interrupts_follow_flags_and_enables),
        cmocka_unit_test(test_circular_mode_starts_over),
        cmocka_unit_test(test_double_buffer_toggles_ct_and_locks_the_buffer_in_use),
        cmocka_unit_test(test_fifo_drains_at_its_threshold),
        cmocka_unit_test(test_half_is_told_when_it_is_in_memory),
        cmocka_unit_test(test_read_ahead_stops_at_the_end_of_the_buffer),
        cmocka_unit_test(test_disabling_flushes_the_fifo_and_sets_tcif),
        cmocka_unit_test(test_bus_error_stops_the_stream_with_teif),
        cmocka_unit_test(test_burst_that_does_not_fit_the_threshold_is_a_fifo_error),
        cmocka_unit_test(test_configuration_is_locked_while_enabled),
        cmocka_unit_test(test_enabling_settles_what_does_not_go_together),
        cmocka_unit_test(test_bursts_across_a_kilobyte_are_reported),
        cmocka_unit_test(test_higher_priority_goes_first_and_time_passes),
        cmocka_unit_test(test_a_busy_memory_makes_a_transfer_take_longer),
        cmocka_unit_test(test_transfer_complete_is_the_mdma_trigger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
