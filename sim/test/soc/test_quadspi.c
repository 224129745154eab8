/* QUADSPI: RM0399 chapter 24, with two chips that note what reaches them. */
#include "sim/soc/quadspi.h"
#include "sim/test/soc/soc_fixture.h"

#define QUADSPI 0x52005000u

enum {
    CR = 0x00,
    DCR = 0x04,
    SR = 0x08,
    FCR = 0x0c,
    DLR = 0x10,
    CCR = 0x14,
    AR = 0x18,
    DR = 0x20,
    PSMKR = 0x24,
    PSMAR = 0x28,
    PIR = 0x2c,
};
enum { EN = 1, ABORT = 2, DFM = 1 << 6, FSEL = 1 << 7, APMS = 1 << 22, PMM = 1 << 23 };
enum { TEF = 1, TCF = 2, FTF = 4, SMF = 8, BUSY = 32 };
/* CCR: instruction on one line, 32-bit address and data on four. */
enum { INSTRUCTION = 1 << 8, ADDRESS = 3 << 10 | 3 << 12, DATA = 3 << 24 };
enum { WRITE = 0, READ = 1u << 26, POLL = 2u << 26, MAPPED = 3u << 26 };

struct note {
    uint8_t instruction, written[64], next, status;
    uint32_t address;
    unsigned address_bytes, begun, ended, writes, reads;
};

struct quad_fixture {
    struct soc_fixture *f;
    struct note chip[2];
    struct ram memory;
};

static void begin(void *ctx, uint8_t instruction, uint32_t address, unsigned address_bytes)
{
    struct note *note = ctx;
    note->begun++;
    note->instruction = instruction;
    note->address = address;
    note->address_bytes = address_bytes;
}

static void take(void *ctx, uint8_t byte)
{
    struct note *note = ctx;
    note->written[note->writes++ % sizeof note->written] = byte;
}

/* 0x05 reads the status, anything else a row of numbers. */
static uint8_t give(void *ctx)
{
    struct note *note = ctx;
    note->reads++;
    return note->instruction == 5 ? note->status : note->next++;
}

static void end(void *ctx)
{
    ((struct note *)ctx)->ended++;
}

static bool reads_memory(void *ctx, uint8_t instruction)
{
    (void)ctx;
    return instruction == 0xec;
}

static uint32_t rd(struct quad_fixture *q, uint32_t offset)
{
    return fixture_read(q->f, QUADSPI + offset);
}

static void wr(struct quad_fixture *q, uint32_t offset, uint32_t value)
{
    fixture_write(q->f, QUADSPI + offset, value);
}

static struct quad_fixture *start(uint32_t cr)
{
    struct quad_fixture *q = calloc(1, sizeof *q);
    assert_non_null(q);
    q->f = fixture_create();
    assert_true(ram_init_erased(&q->memory, "flash", 2 << 20));
    struct quadspi_bus bus = {.memory = &q->memory};
    for (unsigned n = 0; n < 2; n++)
        bus.chip[n] = (struct quadspi_chip){&q->chip[n], begin, take, give, end, reads_memory};
    assert_true(quadspi_attach(q->f->soc, &bus));
    assert_false(quadspi_attach(q->f->soc, &bus));
    wr(q, DCR, 20 << 16);
    wr(q, CR, cr | EN | 1 << 24);
    return q;
}

static void finish(struct quad_fixture *q)
{
    fixture_destroy(q->f);
    ram_free(&q->memory);
    free(q);
}

/* 24.3.5: without data a command starts with CCR, or with AR where there is an address. */
static void test_a_command_starts_with_the_last_thing_it_needs(void **state)
{
    (void)state;
    struct quad_fixture *q = start(0);
    wr(q, CCR, 0x06 | INSTRUCTION);
    assert_int_equal(rd(q, SR) & (BUSY | TCF), BUSY);
    fixture_wait(q->f, SIM_US);
    assert_int_equal(rd(q, SR) & (BUSY | TCF), TCF);
    assert_int_equal(q->chip[0].instruction, 6);
    assert_int_equal(q->chip[0].address_bytes, 0);
    assert_int_equal(q->chip[0].ended, 1);
    assert_int_equal(q->chip[1].begun, 0);
    wr(q, FCR, TCF);
    assert_false(rd(q, SR) & TCF);
    wr(q, CCR, 0x21 | INSTRUCTION | ADDRESS);
    fixture_wait(q->f, SIM_US);
    assert_int_equal(q->chip[0].begun, 1);
    wr(q, AR, 0x12345);
    fixture_wait(q->f, SIM_US);
    assert_int_equal(q->chip[0].address, 0x12345);
    assert_int_equal(q->chip[0].address_bytes, 4);
    assert_true(rd(q, SR) & TCF);
    finish(q);
}

static void write_byte(struct quad_fixture *q, uint8_t byte)
{
    assert_int_equal(bus_write(&q->f->sim.bus, MASTER_CM7, QUADSPI + DR, 1, byte), BUS_OK);
}

static uint8_t read_byte(struct quad_fixture *q)
{
    uint32_t value;
    assert_int_equal(bus_read(&q->f->sim.bus, MASTER_CM7, QUADSPI + DR, 1, &value), BUS_OK);
    return (uint8_t)value;
}

/* The vendor's driver waits for FTF before each byte, so also before the first. */
static void test_bytes_written_go_out_in_order(void **state)
{
    (void)state;
    struct quad_fixture *q = start(FSEL);
    wr(q, DLR, 40 - 1);
    wr(q, CCR, 0x12 | INSTRUCTION | ADDRESS | DATA | WRITE);
    wr(q, AR, 0x100);
    assert_int_equal(q->chip[1].begun, 0);
    for (unsigned n = 0; n < 40; n++) {
        assert_true(rd(q, SR) & FTF);
        write_byte(q, (uint8_t)(n + 7));
        fixture_wait(q->f, SIM_US);
    }
    assert_int_equal(rd(q, SR) & (BUSY | TCF), TCF);
    assert_int_equal(q->chip[1].writes, 40);
    for (unsigned n = 0; n < 40; n++)
        assert_int_equal(q->chip[1].written[n], n + 7);
    assert_int_equal(q->chip[1].address, 0x100);
    assert_int_equal(q->chip[0].begun, 0);
    finish(q);
}

/* As the vendor's driver reads: AR once in write mode, then read mode, then AR again. */
static void test_reading_stalls_while_the_fifo_is_full(void **state)
{
    (void)state;
    struct quad_fixture *q = start(0);
    wr(q, DLR, 100 - 1);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | WRITE | 8 << 18);
    wr(q, AR, 0x40);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ | 8 << 18);
    assert_int_equal(q->chip[0].begun, 0);
    wr(q, AR, 0x40);
    fixture_wait(q->f, 10 * SIM_US);
    assert_int_equal(rd(q, SR), BUSY | FTF | 32 << 8);
    assert_int_equal(q->chip[0].reads, 32);
    for (unsigned n = 0; n < 100; n++)
        assert_int_equal(read_byte(q), n);
    fixture_wait(q->f, SIM_US);
    assert_int_equal(rd(q, SR), TCF);
    assert_int_equal(q->chip[0].ended, 1);
    finish(q);
}

/* A phase is as long as its clocks: 8 + 8 + 8 dummy + 2 a byte, at a clock of 64 MHz / 2. */
static void test_a_read_takes_its_clocks(void **state)
{
    (void)state;
    struct quad_fixture *q = start(0);
    wr(q, DLR, 16 - 1);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ | 8 << 18);
    wr(q, AR, 0);
    sim_time whole = (8 + 8 + 8 + 32) * (SIM_US / 32);
    fixture_wait(q->f, whole - SIM_NS);
    assert_true(rd(q, SR) & BUSY);
    fixture_wait(q->f, 2 * SIM_NS);
    assert_int_equal(rd(q, SR), TCF | FTF | BUSY | 16 << 8); /* until the FIFO is empty: 24.3.15 */
    wr(q, CCR, 0x06 | INSTRUCTION);
    wr(q, DLR, 5);
    assert_int_equal(rd(q, DLR), 15); /* so long all is locked */
    for (unsigned n = 0; n < 4; n++)
        rd(q, DR);
    assert_int_equal(rd(q, SR), TCF);
    assert_int_equal(q->chip[0].begun, 1);
    finish(q);
}

/* Dual flash: both take the command, half the address, and every other byte. */
static void test_two_flashes_share_the_bytes(void **state)
{
    (void)state;
    struct quad_fixture *q = start(DFM);
    q->chip[0].next = 0x10;
    q->chip[1].next = 0x80;
    wr(q, DLR, 4 - 1);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ);
    wr(q, AR, 0x200);
    fixture_wait(q->f, 10 * SIM_US);
    assert_int_equal(rd(q, DR), 0x81118010);
    assert_int_equal(q->chip[0].address, 0x100);
    assert_int_equal(q->chip[1].address, 0x100);
    wr(q, DLR, 3 - 1); /* an even number of bytes: 24.5.5 */
    assert_int_equal(rd(q, DLR), 3);
    finish(q);
}

/* 24.3.6: the status is read again and again until it matches. */
static void test_polling_ends_by_its_match(void **state)
{
    (void)state;
    struct quad_fixture *q = start(DFM | APMS | 1 << 19);
    q->chip[0].status = 0;
    q->chip[1].status = 1;
    wr(q, PSMKR, 0x0101);
    wr(q, PSMAR, 0);
    wr(q, PIR, 16);
    wr(q, DLR, 2 - 1);
    wr(q, CCR, 0x05 | INSTRUCTION | DATA | POLL);
    fixture_wait(q->f, 20 * SIM_US);
    assert_int_equal(rd(q, SR) & (BUSY | SMF), BUSY);
    assert_int_equal(rd(q, SR) >> 8, 0); /* FLEVEL */
    assert_true(q->chip[0].begun > 5);
    assert_false(q->f->irq[SOC_CM7][92]);
    q->chip[1].status = 0;
    fixture_wait(q->f, 20 * SIM_US);
    assert_int_equal(rd(q, SR) & (BUSY | SMF | TCF), SMF);
    assert_true(q->f->irq[SOC_CM7][92]);
    wr(q, FCR, SMF);
    assert_false(q->f->irq[SOC_CM7][92]);
    wr(q, CCR, 0x01 | INSTRUCTION | DATA | WRITE);
    wr(q, DR, 0x55aa); /* the polled status in the FIFO is not written */
    fixture_wait(q->f, SIM_US);
    assert_int_equal(q->chip[0].written[0], 0xaa);
    assert_int_equal(q->chip[1].written[0], 0x55);
    finish(q);
}

static void test_polling_by_or_matches_one_bit(void **state)
{
    (void)state;
    struct quad_fixture *q = start(APMS | PMM);
    q->chip[0].status = 4;
    wr(q, PSMKR, 0x06);
    wr(q, PSMAR, 0x06);
    wr(q, CCR, 0x05 | INSTRUCTION | DATA | POLL);
    fixture_wait(q->f, 20 * SIM_US);
    assert_int_equal(rd(q, SR) & (BUSY | SMF), SMF);
    finish(q);
}

static void test_abort_ends_a_command(void **state)
{
    (void)state;
    struct quad_fixture *q = start(0);
    wr(q, DLR, 1000);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ);
    wr(q, AR, 0);
    fixture_wait(q->f, 20 * SIM_US);
    wr(q, CR, rd(q, CR) | ABORT);
    assert_int_equal(rd(q, SR), TCF | FTF);
    assert_false(rd(q, CR) & ABORT);
    assert_int_equal(q->chip[0].ended, 1);
    finish(q);
}

static void test_an_address_beyond_the_memory_is_an_error(void **state)
{
    (void)state;
    struct quad_fixture *q = start(1 << 16);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ);
    wr(q, AR, 2 << 20);
    assert_int_equal(rd(q, SR) & (TEF | BUSY), TEF);
    assert_true(q->f->irq[SOC_CM4][92]);
    wr(q, FCR, TEF);
    assert_int_equal(rd(q, SR) & TEF, 0);
    wr(q, DLR, 5 - 1); /* 24.3.14: the address plus the length */
    wr(q, AR, (2 << 20) - 4);
    assert_int_equal(rd(q, SR) & (TEF | BUSY), TEF);
    wr(q, FCR, TEF);
    wr(q, DLR, 4 - 1);
    wr(q, AR, (2 << 20) - 4);
    assert_int_equal(rd(q, SR) & (TEF | BUSY), BUSY);
    finish(q);
}

static void test_memory_mapped(void **state)
{
    (void)state;
    struct quad_fixture *q = start(DFM);
    struct bus *bus = &q->f->sim.bus;
    uint32_t value;
    memcpy(q->memory.bytes + 0x1000, "duet", 4);
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x90001000, 4, &value), BUS_ERROR);
    assert_non_null(strstr(q->f->complaint, "CCR.FMODE"));
    wr(q, CCR, 0x06 | INSTRUCTION | ADDRESS | DATA | MAPPED);
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x90001000, 4, &value), BUS_ERROR);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | MAPPED);
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x90001000, 4, &value), BUS_OK);
    assert_memory_equal(&value, "duet", 4);
    assert_int_equal(bus_read(bus, MASTER_LTDC, 0x901ffffc, 4, &value), BUS_OK);
    assert_int_equal(value, 0xffffffff);
    assert_int_equal(bus_write(bus, MASTER_CM7, 0x90001000, 4, 0), BUS_ERROR);
    assert_int_equal(bus_write(bus, MASTER_DEBUG, 0x90001000, 1, 'D'), BUS_OK);
    assert_int_equal(q->memory.bytes[0x1000], 'D');
    assert_true(rd(q, SR) & BUSY);
    assert_int_equal(rd(q, DR), 0);
    wr(q, CR, rd(q, CR) | ABORT);
    assert_int_equal(rd(q, SR) & (BUSY | TCF), TCF);
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x90001000, 4, &value), BUS_ERROR);
    finish(q);
}

static void test_the_map_ends_with_the_flash(void **state)
{
    (void)state; /* 24.3.7 */
    for (unsigned dual = 0; dual < 2; dual++) {
        struct quad_fixture *q = start(dual ? DFM : 0);
        uint32_t value;
        wr(q, DCR, 19 << 16); /* 1 MB */
        wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | MAPPED);
        assert_int_equal(bus_read(&q->f->sim.bus, MASTER_CM7, 0x900ffffc, 4, &value), BUS_OK);
        assert_int_equal(bus_read(&q->f->sim.bus, MASTER_CM7, 0x90100000, 4, &value), BUS_ERROR);
        assert_non_null(strstr(q->f->complaint, "FSIZE"));
        finish(q);
    }
}

static void test_bytes_beyond_the_length_are_flushed(void **state)
{
    (void)state; /* 24.3.5 */
    struct quad_fixture *q = start(0);
    wr(q, DLR, 2 - 1);
    wr(q, CCR, 0x12 | INSTRUCTION | ADDRESS | DATA | WRITE);
    wr(q, AR, 0);
    wr(q, DR, 0x44332211);
    fixture_wait(q->f, 10 * SIM_US);
    assert_int_equal(rd(q, SR), TCF | FTF);
    assert_int_equal(q->chip[0].writes, 2);
    finish(q);
}

static void test_what_is_fixed_while_busy(void **state)
{
    (void)state; /* 24.5.1: "can be modified only when BUSY = 0" */
    struct quad_fixture *q = start(0);
    uint32_t before = rd(q, CR);
    wr(q, DLR, 1000);
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | READ);
    wr(q, AR, 0);
    wr(q, CR, (before ^ 0xffdf1fdc) & ~(uint32_t)ABORT);
    assert_int_equal(rd(q, CR), before ^ 0x001f1f04);
    wr(q, PIR, 7);
    assert_int_equal(rd(q, PIR), 0);
    finish(q);
}

static void test_polling_reads_four_bytes_at_most(void **state)
{
    (void)state; /* 24.3.12 */
    struct quad_fixture *q = start(APMS);
    wr(q, DLR, 100);
    wr(q, CCR, 0x05 | INSTRUCTION | DATA | POLL);
    fixture_wait(q->f, 20 * SIM_US);
    assert_int_equal(rd(q, SR) & (BUSY | SMF), SMF);
    assert_int_equal(q->chip[0].reads, 4);
    finish(q);
}

/* One flash alone is read command by command. */
static void test_memory_mapped_with_one_flash(void **state)
{
    (void)state;
    struct quad_fixture *q = start(FSEL);
    q->chip[1].next = 0x40;
    wr(q, CCR, 0xec | INSTRUCTION | ADDRESS | DATA | MAPPED);
    assert_int_equal(fixture_read(q->f, 0x90000104), 0x43424140);
    assert_int_equal(q->chip[1].address, 0x104);
    assert_int_equal(q->chip[1].ended, 1);
    assert_int_equal(q->chip[0].begun, 0);
    finish(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_command_starts_with_the_last_thing_it_needs),
        cmocka_unit_test(test_bytes_written_go_out_in_order),
        cmocka_unit_test(test_reading_stalls_while_the_fifo_is_full),
        cmocka_unit_test(test_a_read_takes_its_clocks),
        cmocka_unit_test(test_two_flashes_share_the_bytes),
        cmocka_unit_test(test_polling_ends_by_its_match),
        cmocka_unit_test(test_polling_by_or_matches_one_bit),
        cmocka_unit_test(test_abort_ends_a_command),
        cmocka_unit_test(test_an_address_beyond_the_memory_is_an_error),
        cmocka_unit_test(test_memory_mapped),
        cmocka_unit_test(test_memory_mapped_with_one_flash),
        cmocka_unit_test(test_the_map_ends_with_the_flash),
        cmocka_unit_test(test_bytes_beyond_the_length_are_flushed),
        cmocka_unit_test(test_what_is_fixed_while_busy),
        cmocka_unit_test(test_polling_reads_four_bytes_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
