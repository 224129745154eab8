/* SAI: RM0399 chapter 56. */
#include "sim/soc/sai.h"
#include "sim/test/soc/soc_fixture.h"

#define SAI1 0x40015800u
#define RCC  0x58024400u
#define DMA1 0x40020000u
#define MUX1 0x40020800u

enum { CR1 = 4, CR2 = 8, FRCR = 0xc, SLOTR = 0x10, IMR = 0x14, SR = 0x18, CLRFR = 0x1c, DR = 0x20 };
enum { B = 0x20, OVRUDR = 1, FREQ = 8, SAIEN = 1 << 16, DMAEN = 1 << 17, FLVL = 7 << 16 };

/* By per_ck, 64 MHz: MCKDIV 5 of 256 makes 50 kHz frames, two slots each. */
static struct soc_fixture *start(uint32_t half, uint32_t mode)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0x50, 4);
    fixture_write(f, SAI1 + half + FRCR, 31);
    fixture_write(f, SAI1 + half + SLOTR, 3 << 16 | 1 << 8);
    fixture_write(f, SAI1 + half + CR1, mode | 5 << 20);
    return f;
}

static void enable(struct soc_fixture *f, uint32_t half, uint32_t bits)
{
    uint32_t cr1 = SAI1 + half + CR1;
    fixture_write(f, cr1, fixture_read(f, cr1) | bits);
}

static void test_sender_takes_two_slots_a_frame_and_underruns(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 0);
    assert_int_equal(fixture_read(f, SAI1 + SR), FREQ);
    for (unsigned n = 0; n < 8; n++)
        fixture_write(f, SAI1 + DR, n);
    assert_int_equal(fixture_read(f, SAI1 + SR), 5 << 16);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SAI1 + SR) & FLVL, 5 << 16);
    enable(f, 0, SAIEN);
    fixture_wait(f, 21 * SIM_US);
    assert_int_equal(fixture_read(f, SAI1 + SR), 3 << 16);
    fixture_wait(f, 60 * SIM_US);
    assert_int_equal(fixture_read(f, SAI1 + SR), FREQ);
    fixture_write(f, SAI1 + IMR, OVRUDR);
    assert_false(f->irq[SOC_CM7][87]);
    fixture_wait(f, 20 * SIM_US);
    assert_true(f->irq[SOC_CM7][87]);
    fixture_write(f, SAI1 + CLRFR, OVRUDR);
    assert_false(f->irq[SOC_CM7][87]);
    fixture_destroy(f);
}

static void start_dma(struct soc_fixture *f)
{
    fixture_write(f, MUX1, 87);
    fixture_write(f, DMA1 + 0x14, 100);
    fixture_write(f, DMA1 + 0x18, SAI1 + DR);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x10, 1 << 13 | 1 << 11 | 1 << 10 | 1 << 6 | 1 << 4 | 1);
}

/* The vendor's driver fills the FIFO by DMA, waits until it is not empty, and then enables. */
static void test_dma_feeds_it_at_the_frames_pace(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 0);
    fixture_write(f, SAI1 + CR2, 1);
    start_dma(f);
    enable(f, 0, DMAEN);
    fixture_wait(f, SIM_US);
    assert_true(fixture_read(f, SAI1 + SR) & FLVL);
    uint32_t left = fixture_read(f, DMA1 + 0x14);
    enable(f, 0, SAIEN);
    fixture_wait(f, 40 * 20 * SIM_US + SIM_US);
    assert_in_range(left - fixture_read(f, DMA1 + 0x14), 78, 82);
    assert_false(fixture_read(f, SAI1 + SR) & OVRUDR);
    fixture_wait(f, 15 * 20 * SIM_US);
    assert_true(fixture_read(f, DMA1) & 1 << 5); /* the buffer's end */
    fixture_destroy(f);
}

/* Block B, slave of A, receives in A's frames. */
static void test_receiver_follows_the_other_half(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 0);
    fixture_write(f, SAI1 + B + SLOTR, 3 << 16 | 1 << 8);
    fixture_write(f, SAI1 + B + CR1, 3 | 1 << 10);
    enable(f, B, SAIEN);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SAI1 + B + SR) & FLVL, 0);
    enable(f, 0, SAIEN);
    fixture_wait(f, 81 * SIM_US);
    assert_int_equal(fixture_read(f, SAI1 + B + SR), FREQ | 5 << 16);
    fixture_wait(f, 20 * SIM_US);
    assert_true(fixture_read(f, SAI1 + B + SR) & OVRUDR);
    for (unsigned n = 0; n < 8; n++)
        assert_int_equal(fixture_read(f, SAI1 + B + DR), 0);
    assert_int_equal(fixture_read(f, SAI1 + B + SR) & FLVL, 0);
    fixture_destroy(f);
}

struct heard {
    unsigned frames, half, count, bits;
    uint32_t slots[SAI_SLOTS];
    sim_time period;
};

static void hear(void *ctx, unsigned half, const uint32_t *slots, unsigned count, unsigned bits,
                 sim_time period)
{
    struct heard *heard = ctx;
    *heard = (struct heard){heard->frames + 1, half, count, bits, {0}, period};
    memcpy(heard->slots, slots, count * sizeof *slots);
}

static void test_frames_are_heard(void **state)
{
    (void)state;
    struct heard heard = {0};
    const struct sai_listener listener = {&heard, hear};
    struct soc_fixture *f = start(B, 4 << 5); /* 16 bits */
    sai_listen(soc_block(f->soc, "SAI1"), &listener);
    for (uint32_t n = 1; n <= 3; n++)
        fixture_write(f, SAI1 + B + DR, 0x1111 * n);
    enable(f, B, SAIEN);
    fixture_wait(f, 21 * SIM_US);
    assert_int_equal(heard.frames, 1);
    assert_int_equal(heard.half, 1);
    assert_int_equal(heard.count, 2);
    assert_int_equal(heard.bits, 16);
    assert_int_equal(heard.slots[1], 0x2222);
    assert_true(heard.period == 20 * SIM_US);
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(heard.slots[0], 0x3333);
    assert_int_equal(heard.slots[1], 0); /* an underrun is silence */
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sender_takes_two_slots_a_frame_and_underruns),
        cmocka_unit_test(test_dma_feeds_it_at_the_frames_pace),
        cmocka_unit_test(test_receiver_follows_the_other_half),
        cmocka_unit_test(test_frames_are_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
