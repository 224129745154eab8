/* FDCAN in loop-back, and alone on its bus: RM0399 chapter 61. */
#include "sim/test/soc/soc_fixture.h"

#define FDCAN1 0x4000a000u
#define RAM    0x4000ac00u
#define RCC    0x58024400u

enum { DBTP = 0x0c, TEST = 0x10, CCCR = 0x18, NBTP = 0x1c, TSCC = 0x20, TSCV = 0x24, ECR = 0x40 };
enum { PSR = 0x44, IR = 0x50, IE = 0x54, ILS = 0x58, ILE = 0x5c, GFC = 0x80, SIDFC = 0x84 };
enum { XIDFC = 0x88, HPMS = 0x94, NDAT1 = 0x98, RXF0C = 0xa0, RXF0S = 0xa4, RXF0A = 0xa8 };
enum { RXBC = 0xac, RXF1C = 0xb0, RXF1S = 0xb4, RXESC = 0xbc, TXBC = 0xc0, TXFQS = 0xc4 };
enum { TXESC = 0xc8, TXBRP = 0xcc, TXBAR = 0xd0, TXBCR = 0xd4, TXBTO = 0xd8, TXBCF = 0xdc };
enum { TXBTIE = 0xe0, TXEFC = 0xf0, TXEFS = 0xf4, TXEFA = 0xf8 };
enum { INIT = 1, CCE = 2, MON = 1 << 5, DAR = 1 << 6, TEST_MODE = 1 << 7, FDOE = 1 << 8 };
enum { BRSE = 1 << 9, LBCK = 1 << 4, IRQ1_IT0 = 19, IRQ1_IT1 = 21 };
enum { FILTERS = 0, EXTENDED = 0x40, FIFO0 = 0x100, FIFO1 = 0x300, BUFFERS = 0x500 };
enum { EVENTS = 0x600, SENDING = 0x700, NEXT = 72 /* bytes of an element */ };

static void put(struct soc_fixture *f, uint32_t offset, uint32_t value)
{
    fixture_write(f, FDCAN1 + offset, value);
}

static uint32_t get(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, FDCAN1 + offset);
}

static uint32_t ram(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, RAM + offset);
}

/* 25 MHz by 50: 500 kbit/s, and 2.5 Mbit/s in the data phase; a dedicated buffer and three of a FIFO. */
static struct soc_fixture *set_up(uint32_t modes)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC, fixture_read(f, RCC) | 1 << 16);
    fixture_wait(f, 2 * SIM_MS);
    put(f, CCCR, INIT);
    put(f, CCCR, INIT | CCE);
    put(f, CCCR, INIT | CCE | modes);
    put(f, NBTP, 38 << 8 | 9);
    put(f, DBTP, 5 << 8 | 2 << 4);
    put(f, SIDFC, FILTERS | 3 << 16);
    put(f, XIDFC, EXTENDED | 1 << 16);
    put(f, RXF0C, FIFO0 | 3 << 16 | 2 << 24);
    put(f, RXF1C, FIFO1 | 2 << 16);
    put(f, RXBC, BUFFERS);
    put(f, RXESC, 0x777);
    put(f, TXEFC, EVENTS | 2 << 16);
    put(f, TXBC, SENDING | 1 << 16 | 3 << 24);
    put(f, TXESC, 7);
    put(f, GFC, 2 << 4 | 2 << 2);
    put(f, TEST, LBCK);
    fixture_write(f, RAM + FILTERS, 2u << 30 | 1 << 27 | 0x120 << 16 | 0x7f0); /* 0x12? to FIFO 0 */
    fixture_write(f, RAM + FILTERS + 4,
                  1u << 30 | 6 << 27 | 0x301 << 16 | 0x302);        /* marked, FIFO 1 */
    fixture_write(f, RAM + FILTERS + 8, 7 << 27 | 0x400 << 16 | 5); /* buffer 5 */
    fixture_write(f, RAM + EXTENDED, 1u << 29 | 0x10000);
    fixture_write(f, RAM + EXTENDED + 4, 0x1ffff); /* a range to FIFO 0 */
    put(f, CCCR, modes);
    return f;
}

static struct soc_fixture *looped(void)
{
    return set_up(TEST_MODE | FDOE | BRSE);
}

static void load(struct soc_fixture *f, unsigned buffer, uint32_t id, uint32_t control,
                 uint32_t data)
{
    uint32_t at = RAM + SENDING + buffer * NEXT;
    fixture_write(f, at, id);
    fixture_write(f, at + 4, control);
    for (unsigned n = 0; n < 16; n++)
        fixture_write(f, at + 8 + 4 * n, data + n);
}

static void send(struct soc_fixture *f, unsigned buffer, uint32_t id, uint32_t control)
{
    load(f, buffer, id, control, 0x1000 * id);
    put(f, TXBAR, 1u << buffer);
    fixture_wait(f, SIM_MS);
}

enum { EIGHT = 8 << 16 };
#define STANDARD(id) ((uint32_t)(id) << 18)

static void test_a_frame_comes_back_in_its_time(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    load(f, 1, STANDARD(0x123), EIGHT, 0xcafe0000);
    put(f, TXBAR, 2);
    assert_int_equal(get(f, TXBRP), 2);
    fixture_wait(f, 221 * SIM_US);
    assert_int_equal(get(f, RXF0S), 0);
    fixture_wait(f, 2 * SIM_US); /* 47 + 64 bits */
    assert_int_equal(get(f, RXF0S), 1 | 1 << 16);
    assert_int_equal(get(f, TXBTO), 2);
    assert_int_equal(get(f, TXBRP), 0);
    assert_int_equal(ram(f, FIFO0), STANDARD(0x123));
    assert_int_equal(ram(f, FIFO0 + 4), EIGHT);
    assert_int_equal(ram(f, FIFO0 + 12), 0xcafe0001);
    put(f, RXF0A, 0);
    assert_int_equal(get(f, RXF0S), 1 << 8 | 1 << 16);
    fixture_destroy(f);
}

static void test_filters(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    send(f, 0, STANDARD(0x133), EIGHT); /* none matches: GFC refuses it */
    assert_int_equal(get(f, RXF0S) & 0x7f, 0);
    assert_int_equal(get(f, RXF1S) & 0x7f, 0);
    send(f, 0, STANDARD(0x302), EIGHT);
    assert_int_equal(get(f, RXF1S) & 0x7f, 1);
    assert_int_equal(ram(f, FIFO1 + 4) >> 24, 1); /* by filter 1 */
    assert_int_equal(get(f, HPMS), 1 << 8 | 3 << 6);
    assert_true(get(f, IR) & 1 << 8);
    send(f, 0, STANDARD(0x303), EIGHT);
    assert_int_equal(get(f, RXF1S) & 0x7f, 1);
    send(f, 0, STANDARD(0x400), EIGHT);
    assert_int_equal(get(f, NDAT1), 1 << 5);
    assert_int_equal(ram(f, BUFFERS + 5 * NEXT), STANDARD(0x400));
    put(f, NDAT1, 1 << 5);
    assert_int_equal(get(f, NDAT1), 0);
    send(f, 0, 1u << 30 | 0x12345, EIGHT);
    assert_int_equal(get(f, RXF0S) & 0x7f, 1);
    send(f, 0, 1u << 30 | 0x20000, EIGHT);
    assert_int_equal(get(f, RXF0S) & 0x7f, 1);
    fixture_destroy(f);
}

static void test_what_no_filter_wants(void **state)
{
    (void)state;
    struct soc_fixture *f = set_up(TEST_MODE);
    put(f, CCCR, INIT);
    put(f, CCCR, INIT | CCE);
    put(f, GFC, 1 << 4 | 1 << 1); /* standard ones to FIFO 1, remote ones nowhere */
    put(f, CCCR, INIT | CCE | TEST_MODE);
    put(f, CCCR, TEST_MODE);
    send(f, 0, STANDARD(0x7ff), EIGHT);
    assert_int_equal(get(f, RXF1S) & 0x7f, 1);
    assert_int_equal(ram(f, FIFO1 + 4) >> 31, 1);
    send(f, 0, STANDARD(0x7ff) | 1u << 29, EIGHT);
    assert_int_equal(get(f, RXF1S) & 0x7f, 1);
    fixture_destroy(f);
}

static void test_a_full_fifo(void **state)
{
    (void)state;
    for (unsigned overwrites = 0; overwrites < 2; overwrites++) {
        struct soc_fixture *f = looped();
        put(f, CCCR, INIT | CCE);
        put(f, CCCR, INIT | CCE);
        put(f, RXF0C, FIFO0 | 3 << 16 | 2 << 24 | overwrites << 31);
        put(f, CCCR, INIT | CCE | TEST_MODE);
        put(f, CCCR, TEST_MODE);
        put(f, IR, 0xffffffff);
        send(f, 0, STANDARD(0x120), EIGHT);
        assert_int_equal(get(f, IR) & 15, 1);
        send(f, 0, STANDARD(0x121), EIGHT);
        assert_int_equal(get(f, IR) & 15, 3); /* the watermark */
        send(f, 0, STANDARD(0x122), EIGHT);
        assert_int_equal(get(f, IR) & 15, 7);
        assert_true(get(f, RXF0S) & 1 << 24);
        send(f, 0, STANDARD(0x123), EIGHT);
        assert_int_equal(get(f, IR) & 15, overwrites ? 7 : 15);
        assert_int_equal(get(f, RXF0S) >> 25 & 1, !overwrites);
        assert_int_equal(get(f, RXF0S) >> 8 & 0x3f, overwrites);
        assert_int_equal(ram(f, FIFO0), STANDARD(overwrites ? 0x123 : 0x120));
        put(f, RXF0A, 1);
        assert_int_equal(get(f, RXF0S) & 0x7f, overwrites ? 2 : 1);
        fixture_destroy(f);
    }
}

static void test_who_goes_first(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    assert_int_equal(get(f, TXFQS), 3 | 1 << 8 | 1 << 16);
    load(f, 1, STANDARD(0x126), EIGHT, 0);
    load(f, 2, STANDARD(0x125), EIGHT, 0);
    load(f, 3, STANDARD(0x121), EIGHT, 0);
    load(f, 0, STANDARD(0x124), EIGHT, 0);
    put(f, TXBAR, 2);
    put(f, TXBAR, 4);
    put(f, TXBAR, 8);
    put(f, TXBAR, 1);
    assert_int_equal(get(f, TXFQS), 1 << 8 | 1 << 16 | 1 << 21);
    fixture_wait(f, 3 * SIM_MS);
    /* 0x126 was on the wire; 0x121 waits in the FIFO behind 0x125, so that the dedicated one is next. */
    assert_int_equal(ram(f, FIFO0), STANDARD(0x126));
    assert_int_equal(ram(f, FIFO0 + NEXT), STANDARD(0x124));
    assert_int_equal(ram(f, FIFO0 + 2 * NEXT), STANDARD(0x125));
    assert_int_equal(get(f, TXFQS), 3 | 1 << 8 | 1 << 16);
    assert_true(get(f, IR) & 1 << 11);
    fixture_destroy(f);
}

static void test_a_queue_goes_by_priority(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    put(f, CCCR, INIT);
    put(f, CCCR, INIT | CCE);
    put(f, TXBC, SENDING | 3 << 24 | 1 << 30);
    put(f, CCCR, INIT | CCE | TEST_MODE);
    put(f, CCCR, TEST_MODE);
    for (unsigned n = 0; n < 3; n++)
        load(f, n, STANDARD(0x12f - n), EIGHT, 0);
    put(f, TXBAR, 7);
    assert_int_equal(get(f, TXFQS), 1 << 21);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(ram(f, FIFO0), STANDARD(0x12d));
    assert_int_equal(ram(f, FIFO0 + 2 * NEXT), STANDARD(0x12f));
    fixture_destroy(f);
}

static void test_events_of_what_was_sent(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    send(f, 0, STANDARD(0x120), EIGHT | 1 << 23 | 0xabu << 24);
    send(f, 0, STANDARD(0x121), EIGHT);
    assert_int_equal(get(f, TXEFS), 1 | 1 << 16);
    assert_int_equal(ram(f, EVENTS), STANDARD(0x120));
    assert_int_equal(ram(f, EVENTS + 4), 0xab000000u | 1 << 22 | EIGHT);
    put(f, TXEFA, 0);
    assert_int_equal(get(f, TXEFS), 1 << 8 | 1 << 16);
    fixture_destroy(f);
}

static void test_a_long_frame_in_a_fast_data_phase(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    load(f, 0, STANDARD(0x120), 15 << 16 | 1 << 21 | 1 << 20, 0x100);
    put(f, TXBAR, 1);
    fixture_wait(f, 275 * SIM_US); /* 30 bits at 0.5, 28 + 512 at 2.5 Mbit/s: 276 us */
    assert_int_equal(get(f, RXF0S) & 0x7f, 0);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(get(f, RXF0S) & 0x7f, 1);
    assert_int_equal(ram(f, FIFO0 + 4), 15 << 16 | 1 << 21 | 1 << 20);
    assert_int_equal(ram(f, FIFO0 + 8 + 60), 0x10f);
    fixture_destroy(f);
}

static void test_nobody_acknowledges(void **state)
{
    (void)state;
    struct soc_fixture *f = set_up(0);
    put(f, ILE, 1);
    put(f, IE, 1 << 23);
    send(f, 0, STANDARD(1), EIGHT);
    assert_int_equal(get(f, PSR) & 7, 3);
    assert_int_equal(get(f, PSR) & 7, 7); /* read: nothing new */
    assert_int_equal(get(f, ECR), 4 * 8);
    assert_false(f->irq[SOC_CM7][IRQ1_IT0]);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(get(f, ECR), 128);
    assert_int_equal(get(f, PSR) & 0xe0, 0x60); /* error passive, never off the bus */
    assert_true(f->irq[SOC_CM7][IRQ1_IT0]);
    assert_int_equal(get(f, TXBRP), 1);
    put(f, TXBCR, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, TXBRP), 0);
    assert_int_equal(get(f, TXBCF), 1);
    assert_int_equal(get(f, TXBTO), 0);
    fixture_destroy(f);
    f = set_up(DAR);
    send(f, 0, STANDARD(1), EIGHT);
    assert_int_equal(get(f, TXBCF), 1);
    assert_int_equal(get(f, ECR), 8);
    fixture_destroy(f);
}

static void test_interrupt_lines(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    put(f, IE, 1 | 1 << 9);
    put(f, ILS, 1 << 9);
    put(f, TXBTIE, 1);
    send(f, 0, STANDARD(0x120), EIGHT);
    assert_false(f->irq[SOC_CM7][IRQ1_IT0]);
    put(f, ILE, 3);
    assert_true(f->irq[SOC_CM7][IRQ1_IT0]);
    assert_true(f->irq[SOC_CM4][IRQ1_IT1]);
    put(f, IR, 1);
    assert_false(f->irq[SOC_CM7][IRQ1_IT0]);
    assert_true(f->irq[SOC_CM4][IRQ1_IT1]);
    put(f, IR, 1 << 9);
    assert_false(f->irq[SOC_CM4][IRQ1_IT1]);
    fixture_destroy(f);
}

static void test_timestamps_count_bits(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    assert_int_equal(get(f, TSCV), 0);
    put(f, CCCR, INIT | CCE);
    put(f, CCCR, INIT | CCE);
    put(f, TSCC, 1 | 4 << 16); /* of five bits each: 10 us */
    uint32_t before = get(f, TSCV);
    fixture_wait(f, SIM_MS);
    assert_int_equal((get(f, TSCV) - before) & 0xffff, 100);
    fixture_destroy(f);
}

static void test_configuration_is_protected(void **state)
{
    (void)state;
    struct soc_fixture *f = looped();
    put(f, NBTP, 0);
    assert_int_equal(get(f, NBTP), 38 << 8 | 9);
    put(f, CCCR, get(f, CCCR) | CCE); /* not while it runs */
    assert_false(get(f, CCCR) & CCE);
    put(f, CCCR, get(f, CCCR) | INIT);
    put(f, CCCR, get(f, CCCR) | CCE);
    put(f, NBTP, 0x06000a03);
    assert_int_equal(get(f, NBTP), 0x06000a03);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_comes_back_in_its_time),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_what_no_filter_wants),
        cmocka_unit_test(test_a_full_fifo),
        cmocka_unit_test(test_who_goes_first),
        cmocka_unit_test(test_a_queue_goes_by_priority),
        cmocka_unit_test(test_events_of_what_was_sent),
        cmocka_unit_test(test_a_long_frame_in_a_fast_data_phase),
        cmocka_unit_test(test_nobody_acknowledges),
        cmocka_unit_test(test_interrupt_lines),
        cmocka_unit_test(test_timestamps_count_bits),
        cmocka_unit_test(test_configuration_is_protected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
