/* MDMA: RM0399 chapter 15. */
#include "sim/test/soc/soc_fixture.h"

#define MDMA  0x52000000u
#define AXI   0x24000000u
#define SRAM1 0x30000000u
#define SRAM2 0x30020000u
#define SRAM4 0x38000000u
#define DTCM  0x20000000u

enum { ISR = 0, IFCR = 4, ESR = 8, CR = 0xc, TCR = 0x10, BNDTR = 0x14, SAR = 0x18, DAR = 0x1c };
enum { BRUR = 0x20, LAR = 0x24, TBR = 0x28, MAR = 0x30, MDR = 0x34 };
enum { TEIF = 1, CTCIF = 2, BRTIF = 4, BTIF = 8, TCIF = 16, EN = 1, SWRQ = 1 << 16 };
enum { PKE = 1 << 25, SWRM = 1 << 30, BLOCK = 1 << 28, REPEATED = 2 << 28, LIST = 3u << 28 };
/* Bytes, both addresses incrementing by one. */
enum { BYTES = 2 | 2 << 2 };

static uint32_t reg(unsigned channel, uint32_t offset)
{
    return MDMA + 0x40 + channel * 0x40 + offset;
}

static void set_up(struct soc_fixture *f, unsigned n, uint32_t tcr, uint32_t from, uint32_t to,
                   uint32_t bndtr)
{
    fixture_write(f, reg(n, TCR), tcr);
    fixture_write(f, reg(n, BNDTR), bndtr);
    fixture_write(f, reg(n, SAR), from);
    fixture_write(f, reg(n, DAR), to);
}

static uint8_t *memory(struct soc_fixture *f, uint32_t address, uint32_t length)
{
    uint8_t *bytes = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, address, length);
    assert_non_null(bytes);
    return bytes;
}

static uint32_t seed = 99;

static uint32_t chance(uint32_t range)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % range;
}

static uint32_t tlen(uint32_t bytes)
{
    return (bytes - 1) << 18;
}

/* What the manual's words about widths, steps, PAM and exchanges come to, a byte at a time. */
struct reference {
    unsigned ssize, dsize, sstep, dstep, pam;
    bool pack, bex, hex, wex;
};

static void reference_item(const struct reference *r, const uint8_t *item, uint8_t *to)
{
    uint8_t out[8], swapped[8];
    unsigned have = r->pack ? r->dsize : r->ssize;
    for (unsigned k = 0; k < r->dsize; k++) {
        bool left = r->pam == 2;
        int from = left ? (int)(k + have) - (int)r->dsize : (int)k;
        bool sign = r->pam == 1 && item[have - 1] & 0x80;
        out[k] = from >= 0 && from < (int)have ? item[from] : sign && !left ? 0xff : 0;
    }
    for (unsigned k = 0; k < r->dsize; k++) {
        unsigned flip = (r->bex && r->dsize >= 2 ? 1u : 0) | (r->hex && r->dsize >= 4 ? 2u : 0) |
                        (r->wex && r->dsize == 8 ? 4u : 0);
        swapped[k] = out[k ^ flip];
    }
    memcpy(to, swapped, r->dsize);
}

static void reference_block(const struct reference *r, const uint8_t *from, uint8_t *to,
                            unsigned length)
{
    uint8_t stream[4096];
    for (unsigned n = 0; n < length; n++)
        stream[n] = from[n / r->ssize * r->sstep + n % r->ssize];
    unsigned unit = r->pack ? r->dsize : r->ssize;
    for (unsigned n = 0; n < length / unit; n++)
        reference_item(r, &stream[n * unit], &to[n * r->dstep]);
}

static void test_random_blocks_leave_what_a_simple_model_leaves(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *source = memory(f, AXI, 8192), *sink = memory(f, SRAM1, 65536);
    static uint8_t expected[65536];
    for (unsigned n = 0; n < 600; n++) {
        unsigned s = chance(4), d = chance(4), si = s + chance(4 - s), di = d + chance(4 - d);
        bool pke = chance(2);
        struct reference r = {1u << s,       1u << d,   1u << si,  1u << di, chance(3),
                              pke || s == d, chance(2), chance(2), chance(2)};
        if (r.pack)
            r.pam = 0;
        unsigned length = 8 * (1 + chance(100)), buffer = 8 * (1 + chance(16));
        unsigned channel = chance(16);
        for (unsigned k = 0; k < 8192; k++)
            source[k] = (uint8_t)chance(256);
        memset(sink, 0x5a, 65536);
        memset(expected, 0x5a, 65536);
        reference_block(&r, source, expected, length);
        set_up(f, channel,
               2 | 2 << 2 | s << 4 | d << 6 | si << 8 | di << 10 | chance(3) << 12 |
                   chance(3) << 15 | tlen(buffer) | (pke ? (uint32_t)PKE : 0) | r.pam << 26 |
                   BLOCK | SWRM,
               AXI, SRAM1, length);
        fixture_write(f, reg(channel, CR),
                      EN | (uint32_t)r.bex << 12 | (uint32_t)r.hex << 13 | (uint32_t)r.wex << 14);
        fixture_write(f, reg(channel, CR), EN | SWRQ);
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, reg(channel, ISR)), CTCIF | BRTIF | BTIF | TCIF);
        assert_memory_equal(sink, expected, 65536);
        assert_int_equal(fixture_read(f, reg(channel, CR)) & EN, 0);
        fixture_write(f, reg(channel, IFCR), 0x1f);
    }
    fixture_destroy(f);
}

static void test_software_request_moves_one_buffer_and_takes_time(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    memset(memory(f, AXI, 64), 0x77, 64);
    set_up(f, 0, BYTES | SWRM | tlen(16), AXI, SRAM1, 64);
    fixture_write(f, reg(0, CR), EN);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SRAM1), 0);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    assert_int_equal(fixture_read(f, reg(0, ISR)), 1 << 16); /* CRQA */
    assert_int_equal(fixture_read(f, SRAM1), 0);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SRAM1 + 12), 0x77777777);
    assert_int_equal(fixture_read(f, SRAM1 + 16), 0);
    assert_int_equal(fixture_read(f, reg(0, ISR)), TCIF);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 48);
    assert_int_equal(fixture_read(f, reg(0, DAR)), SRAM1 + 16);
    fixture_destroy(f);
}

static sim_time time_of_a_block(uint32_t from, uint32_t to)
{
    struct soc_fixture *f = fixture_create();
    const struct traffic_plan half = {0, SIM_S, TRAFFIC_FULL / 2};
    traffic_plan(&f->sim, &f->soc->memory.sram1, MASTER_DMA2, 0, &half, SIM_US);
    set_up(f, 0, BYTES | tlen(128) | REPEATED | SWRM, from, to, 1024);
    sim_time begin = sim_now(&f->sim);
    fixture_write(f, reg(0, CR), EN);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    while (!(fixture_read(f, reg(0, ISR)) & CTCIF))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    sim_time taken = sim_now(&f->sim) - begin;
    fixture_destroy(f);
    return taken;
}

static void test_a_busy_memory_on_either_side_takes_its_time(void **state)
{
    (void)state;
    sim_time alone = time_of_a_block(AXI, SRAM2);
    assert_true(time_of_a_block(SRAM1, SRAM2) > alone + 10 * SIM_US);
    assert_true(time_of_a_block(AXI, SRAM1) > alone + 10 * SIM_US);
}

static void test_hardware_trigger_is_acknowledged_by_the_mask_write(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    memset(memory(f, AXI, 64), 0x77, 64);
    set_up(f, 3, BYTES | tlen(16), AXI, SRAM1, 64);
    fixture_write(f, reg(3, TBR), 31);
    fixture_write(f, reg(3, MAR), SRAM2);
    fixture_write(f, reg(3, MDR), 0xc0ffee);
    fixture_write(f, reg(3, CR), EN | 1 << 5);
    wire_set(&f->soc->mdma_trigger[30], true);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, SRAM1), 0);
    wire_pulse(&f->soc->mdma_trigger[31]);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, SRAM2), 0xc0ffee);
    assert_int_equal(fixture_read(f, reg(3, BNDTR)), 48);
    assert_true(f->irq[SOC_CM7][122]);
    assert_int_equal(fixture_read(f, MDMA), 1 << 3);
    fixture_write(f, reg(3, IFCR), TCIF);
    assert_false(f->irq[SOC_CM7][122]);
    wire_set(&f->soc->mdma_trigger[31], true); /* a level that nobody takes back: all of it */
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, reg(3, BNDTR)), 0);
    assert_int_equal(fixture_read(f, reg(3, CR)) & EN, 0);
    fixture_destroy(f);
}

/* A frame whose rows lie apart: repeated blocks with address update (15.3.11). */
static void test_repeated_block_updates_the_addresses(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *source = memory(f, AXI, 256), *sink = memory(f, SRAM1, 1024);
    for (unsigned n = 0; n < 256; n++)
        source[n] = (uint8_t)(n + 1);
    set_up(f, 1, BYTES | REPEATED | SWRM | tlen(10), AXI, SRAM1 + 3 * 32, 20 | 3u << 20 | 1 << 19);
    fixture_write(f, reg(1, BRUR), 4 | 52u << 16);
    fixture_write(f, reg(1, CR), EN);
    fixture_write(f, reg(1, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    for (unsigned row = 0; row < 4; row++)
        assert_memory_equal(&sink[(3 - row) * 32], &source[row * 24], 20);
    assert_int_equal(sink[20], 0);
    assert_int_equal(fixture_read(f, reg(1, ISR)), CTCIF | BRTIF | BTIF | TCIF);
    fixture_destroy(f);
}

/* Every other byte of a line into blocks that lie apart, more of them than go together: the steps of
 * the source, packing and repetition at once; a list of two, told once. */
static void test_bytes_picked_out_of_lines_into_blocks(void **state)
{
    (void)state;
    enum { UNITS = 40, NODE = SRAM2, PICK = 2 | 2 << 2 | 3 << 6 | 1 << 8 | 3 << 10 };
    struct soc_fixture *f = fixture_create();
    uint8_t *source = memory(f, AXI, UNITS * 32 + 1), *sink = memory(f, SRAM1, UNITS * 256);
    for (unsigned n = 0; n <= UNITS * 32; n++)
        source[n] = (uint8_t)chance(256);
    const uint32_t tcr = PICK | PKE | LIST | SWRM | tlen(8), bndtr = 8 | (UNITS - 1u) << 20;
    const uint32_t node[10] = {tcr, bndtr, AXI + 1, SRAM1 + 64, 16 | 248u << 16, 0, 0, 0, 0, 0};
    memcpy(memory(f, NODE, sizeof node), node, sizeof node);
    set_up(f, 2, tcr, AXI, SRAM1, bndtr);
    fixture_write(f, reg(2, BRUR), 16 | 248u << 16);
    fixture_write(f, reg(2, LAR), NODE);
    fixture_write(f, reg(2, CR), EN | CTCIF);
    fixture_write(f, reg(2, CR), EN | CTCIF | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(2, ISR)), CTCIF | BRTIF | BTIF | TCIF);
    for (unsigned unit = 0; unit < UNITS; unit++)
        for (unsigned n = 0; n < 8; n++) {
            assert_int_equal(sink[unit * 256 + n], source[unit * 32 + 2 * n]);
            assert_int_equal(sink[unit * 256 + 64 + n], source[unit * 32 + 2 * n + 1]);
        }
    assert_int_equal(sink[8], 0);
    fixture_destroy(f);
}

static void test_block_mode_needs_a_request_for_each_repetition(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 1, BYTES | BLOCK | SWRM | tlen(8), AXI, SRAM1, 16 | 1u << 20);
    fixture_write(f, reg(1, CR), EN);
    fixture_write(f, reg(1, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(1, ISR)), BTIF | TCIF);
    assert_int_equal(fixture_read(f, reg(1, BNDTR)), 16);
    fixture_write(f, reg(1, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(1, ISR)), CTCIF | BRTIF | BTIF | TCIF);
    fixture_destroy(f);
}

static void write_node(struct soc_fixture *f, uint32_t at, uint32_t tcr, uint32_t bndtr,
                       uint32_t from, uint32_t to, uint32_t next)
{
    const uint32_t node[10] = {tcr, bndtr, from, to, 0, next, 0, 0, 0, 0};
    memcpy(memory(f, at, sizeof node), node, sizeof node);
}

static void test_linked_list_runs_to_its_end_on_one_request(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *source = memory(f, AXI + 0x1000, 64), *sink = memory(f, SRAM1, 64);
    for (unsigned n = 0; n < 64; n++)
        source[n] = (uint8_t)(n + 1);
    uint32_t tcr = BYTES | LIST | SWRM | tlen(8);
    write_node(f, AXI, tcr, 8, AXI + 0x1008, SRAM1 + 16, AXI + 0x40);
    write_node(f, AXI + 0x40, tcr, 4, AXI + 0x1010, SRAM1 + 40, 0);
    set_up(f, 15, tcr, AXI + 0x1000, SRAM1, 8);
    fixture_write(f, reg(15, LAR), AXI);
    fixture_write(f, reg(15, CR), EN);
    fixture_write(f, reg(15, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(15, ISR)), CTCIF | BRTIF | BTIF | TCIF);
    assert_memory_equal(sink, source, 8);
    assert_memory_equal(sink + 16, source + 8, 8);
    assert_memory_equal(sink + 40, source + 16, 4);
    assert_int_equal(sink[44], 0);
    fixture_destroy(f);
}

static void test_circular_list_goes_on_and_can_be_disabled(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint32_t tcr = BYTES | BLOCK | SWRM | tlen(8);
    write_node(f, AXI, tcr, 8, AXI + 0x1000, SRAM1, AXI);
    set_up(f, 2, tcr, AXI + 0x1000, SRAM1, 8);
    fixture_write(f, reg(2, LAR), AXI);
    fixture_write(f, reg(2, CR), EN);
    for (unsigned n = 0; n < 3; n++) {
        fixture_write(f, reg(2, CR), EN | SWRQ);
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(fixture_read(f, reg(2, BNDTR)), 8);
        assert_int_equal(fixture_read(f, reg(2, CR)) & EN, EN);
    }
    fixture_write(f, reg(2, CR), 0);
    assert_true(fixture_read(f, reg(2, ISR)) & CTCIF);
    fixture_destroy(f);
}

static void test_errors_say_which_side_and_why(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | tlen(8), AXI, 0x60000054, 8);
    fixture_write(f, reg(0, CR), EN | 2);
    fixture_write(f, reg(0, CR), EN | 2 | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, ISR)), TEIF);
    assert_int_equal(fixture_read(f, reg(0, ESR)), 0x54 | 1 << 7);
    assert_true(f->irq[SOC_CM7][122]);
    fixture_write(f, reg(0, IFCR), 1);
    set_up(f, 0, BYTES | 2 << 4 | SWRM | tlen(8), AXI + 2, SRAM1, 8);
    fixture_write(f, reg(0, CR), EN);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    assert_int_equal(fixture_read(f, reg(0, ESR)), 2 | 1 << 10);
    fixture_write(f, reg(0, IFCR), 1);
    set_up(f, 0, BYTES | 2 << 4 | SWRM | tlen(8), AXI, SRAM1, 6);
    fixture_write(f, reg(0, CR), EN);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    assert_int_equal(fixture_read(f, reg(0, ESR)), 1 << 11);
    fixture_write(f, reg(0, IFCR), 1);
    set_up(f, 0, BYTES | LIST | SWRM | tlen(8), AXI, SRAM1, 8);
    fixture_write(f, reg(0, LAR), 0x60000000);
    fixture_write(f, reg(0, CR), EN);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, ESR)), 1 << 8);
    fixture_destroy(f);
}

/* 15.3.1: the TCMs hang on the AHB port, which TBR selects. */
static void test_tcm_is_reached_by_the_ahb_port_alone(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, AXI, 0x12345678);
    for (unsigned n = 0; n < 2; n++) {
        set_up(f, 0, BYTES | SWRM | tlen(4), AXI, DTCM, 4);
        fixture_write(f, reg(0, TBR), n ? 1 << 17 : 0);
        fixture_write(f, reg(0, IFCR), 0x1f);
        fixture_write(f, reg(0, CR), EN);
        fixture_write(f, reg(0, CR), EN | SWRQ);
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, reg(0, ISR)) & TEIF, n ? 0 : TEIF);
        assert_int_equal(fixture_read(f, DTCM), n ? 0x12345678 : 0);
    }
    fixture_destroy(f);
}

static void test_higher_priority_channel_goes_first(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 2; n++) {
        set_up(f, n, BYTES | BLOCK | SWRM | tlen(128), AXI, SRAM1 + n * 0x10000, 0x8000);
        fixture_write(f, reg(n, CR), EN | n << 6);
        fixture_write(f, reg(n, CR), EN | n << 6 | SWRQ);
    }
    while (!(fixture_read(f, reg(0, ISR)) & CTCIF))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    assert_true(fixture_read(f, reg(1, ISR)) & CTCIF);
    /* 128 bursts of... single bytes: 64 KiB at 8 cycles a byte, 64 MHz. */
    assert_true(sim_now(&f->sim) >= 0x10000 * 8 * SIM_US / 64);
    assert_true(f->sim.dma_bytes[MASTER_MDMA] == 0x10000);
    fixture_destroy(f);
}

/* The frame's way: lines that DMA2 has completed go on to another memory, and the mask write takes
 * TCIF back (table "MDMA requests"). */
static void test_dma_streams_hand_their_buffers_on(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t dma2 = 0x40020400, stream3 = dma2 + 0x10 + 3 * 0x18;
    uint8_t *to = memory(f, AXI, 256);
    for (unsigned n = 0; n < 64; n++)
        memory(f, SRAM1, 64)[n] = (uint8_t)(n + 1);
    set_up(f, 0, BYTES | BLOCK | tlen(64), SRAM2, AXI, 64 | 1u << 20);
    fixture_write(f, reg(0, BRUR), 64); /* SAR goes back to the line buffer */
    fixture_write(f, reg(0, BNDTR), 64 | 1u << 20 | 1 << 18);
    fixture_write(f, reg(0, TBR), 8 + 3);
    fixture_write(f, reg(0, MAR), dma2 + 8);
    fixture_write(f, reg(0, MDR), 1 << 27);
    fixture_write(f, reg(0, CR), EN);
    for (unsigned line = 0; line < 2; line++) {
        fixture_write(f, stream3 + 4, 64);
        fixture_write(f, stream3 + 8, SRAM1);
        fixture_write(f, stream3 + 12, SRAM2);
        fixture_write(f, stream3, 2 << 6 | 1 << 9 | 1 << 10 | 1);
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(fixture_read(f, dma2) & 1 << 27, 0);
        assert_memory_equal(to + 64 * line, memory(f, SRAM1, 64), 64);
        assert_int_equal(to[64 * (line + 1)], 0);
        fixture_write(f, dma2 + 8, ~0u);
        for (unsigned n = 0; n < 64; n++)
            memory(f, SRAM1, 64)[n] ^= 0x80;
        if (line == 0)
            for (unsigned n = 0; n < 64; n++)
                assert_int_equal(to[n], n + 1);
    }
    assert_true(fixture_read(f, reg(0, ISR)) & CTCIF);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_blocks_leave_what_a_simple_model_leaves),
        cmocka_unit_test(test_software_request_moves_one_buffer_and_takes_time),
        cmocka_unit_test(test_a_busy_memory_on_either_side_takes_its_time),
        cmocka_unit_test(test_hardware_trigger_is_acknowledged_by_the_mask_write),
        cmocka_unit_test(test_repeated_block_updates_the_addresses),
        cmocka_unit_test(test_bytes_picked_out_of_lines_into_blocks),
        cmocka_unit_test(test_block_mode_needs_a_request_for_each_repetition),
        cmocka_unit_test(test_linked_list_runs_to_its_end_on_one_request),
        cmocka_unit_test(test_circular_list_goes_on_and_can_be_disabled),
        cmocka_unit_test(test_errors_say_which_side_and_why),
        cmocka_unit_test(test_tcm_is_reached_by_the_ahb_port_alone),
        cmocka_unit_test(test_higher_priority_channel_goes_first),
        cmocka_unit_test(test_dma_streams_hand_their_buffers_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
