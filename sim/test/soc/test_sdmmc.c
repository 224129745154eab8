/* SDMMC, first with an empty socket, then with a card that does what a test wants: RM0399 chapter 58. */
#include "sim/soc/sd.h"
#include "sim/test/soc/soc_fixture.h"

#define SDMMC1 0x52007000u
#define RCC    0x58024400u
#define MEMORY 0x24000000u

enum { POWER = 0, CLKCR = 4, ARGR = 8, CMDR = 0xc, RESPCMDR = 0x10, RESP1R = 0x14 };
enum { DTIMER = 0x24, DLENR = 0x28, DCTRL = 0x2c, DCNTR = 0x30, STAR = 0x34, ICR = 0x38 };
enum { MASKR = 0x3c, IDMACTRLR = 0x50, IDMABSIZER = 0x54, IDMABASE0R = 0x58, IDMABASE1R = 0x5c };
enum { FIFOR = 0x80, CPSMEN = 1 << 12, CMDTRANS = 1 << 6, CMDSTOP = 1 << 7 };
enum { SHORT_ANSWER = 1 << 8, WITHOUT_CRC = 2 << 8, LONG_ANSWER = 3 << 8 };
enum { CCRCFAIL = 1, DCRCFAIL = 2, CTIMEOUT = 4, DTIMEOUT = 8, TXUNDERR = 16, RXOVERR = 32 };
enum { CMDREND = 64, CMDSENT = 128, DATAEND = 256, DABORT = 1 << 11, DPSMACT = 1 << 12 };
enum { CPSMACT = 1 << 13, TXFIFOHE = 1 << 14, RXFIFOHF = 1 << 15, RXFIFOF = 1 << 17 };
enum { TXFIFOE = 1 << 18, FIFORST = 1 << 13 };
enum { RXFIFOE = 1 << 19, BUSYD0 = 1 << 20, BUSYD0END = 1 << 21, IDMATE = 1 << 27 };
enum { IDMABTC = 1 << 28, DTEN = 1, FROM_CARD = 2, BLOCK_64 = 6 << 4, HWFC_EN = 1 << 17 };

/* PLL2 R at 64 / 4 * 8 / 4 = 32 MHz; 400 kHz on the wire. */
static struct soc_fixture *start(void)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0x28, 4 << 12);
    fixture_write(f, RCC + 0x38, 7 | 3 << 24);
    fixture_write(f, RCC + 0x2c, 1 << 21);
    fixture_write(f, RCC + 0x4c, 1 << 16);
    fixture_write(f, RCC, fixture_read(f, RCC) | 1 << 26);
    fixture_wait(f, SIM_MS);
    fixture_write(f, SDMMC1 + POWER, 3);
    fixture_write(f, SDMMC1 + CLKCR, 40);
    return f;
}

static uint32_t reg(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, SDMMC1 + offset);
}

/* ---- Nobody there ---- */

static void test_a_command_without_an_answer_is_sent(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + CMDR, CPSMEN);
    fixture_wait(f, 119 * SIM_US);
    assert_int_equal(reg(f, STAR), CPSMACT);
    fixture_wait(f, 2 * SIM_US); /* 48 bits */
    assert_int_equal(reg(f, STAR), CMDSENT);
    assert_int_equal(reg(f, CMDR) & CPSMEN, 0);
    fixture_write(f, SDMMC1 + ICR, CMDSENT);
    assert_int_equal(reg(f, STAR), 0);
    fixture_destroy(f);
}

static void test_nobody_answers(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + MASKR, CTIMEOUT);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 8);
    fixture_wait(f, 279 * SIM_US);
    assert_false(f->irq[SOC_CM7][49]);
    fixture_wait(f, 2 * SIM_US);
    assert_true(f->irq[SOC_CM7][49]);
    assert_int_equal(reg(f, STAR), CTIMEOUT);
    fixture_destroy(f);
}

static void test_data_time_out(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + DTIMER, 400);
    fixture_write(f, SDMMC1 + DLENR, 64);
    fixture_write(f, SDMMC1 + DCTRL, BLOCK_64 | DTEN | FROM_CARD);
    fixture_wait(f, 999 * SIM_US);
    assert_int_equal(reg(f, STAR), DPSMACT | RXFIFOE);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(reg(f, STAR), DTIMEOUT);
    assert_int_equal(reg(f, DCTRL) & DTEN, 0);
    fixture_destroy(f);
}

static void test_without_power_nothing_goes_out(void **state)
{
    (void)state; /* 58.10.1: power-on stays, 01 is not written */
    struct soc_fixture *f = fixture_create();
    fixture_write(f, SDMMC1 + POWER, 1);
    assert_int_equal(reg(f, POWER), 0);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CPSMACT);
    fixture_write(f, SDMMC1 + POWER, 3);
    fixture_write(f, SDMMC1 + POWER, 0);
    assert_int_equal(reg(f, POWER), 3);
    fixture_destroy(f);
}

static void test_registers_are_words(void **state)
{
    (void)state; /* 58.10: bytes and halfwords are bus errors */
    struct soc_fixture *f = start();
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, SDMMC1 + STAR, 1, &value), BUS_ERROR);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, SDMMC1 + ARGR, 2, 1), BUS_ERROR);
    fixture_destroy(f);
}

/* ---- A card that does what a test wants ---- */

struct card {
    struct soc_fixture *f;
    struct sd_device device;
    struct sd_answer answer;
    unsigned commands, index;
    uint32_t argument;
    unsigned blocks; /* that it sends; block n is full of n + 1 */
    bool spoilt;
    unsigned sent, taken;
    uint8_t last[SD_BLOCK_MAX];
    enum sd_token token;
    sim_time busy_time, busy_until;
};

static void card_command(void *ctx, const struct sd_line *line, unsigned index, uint32_t argument,
                         struct sd_answer *answer)
{
    struct card *card = ctx;
    assert_int_equal(line->hz, 400000);
    card->commands++;
    card->index = index;
    card->argument = argument;
    *answer = card->answer;
}

static sim_time card_sends_at(void *ctx)
{
    struct card *card = ctx;
    return card->sent < card->blocks ? card->f->sim.events.now : SIM_NEVER;
}

static unsigned card_send(void *ctx, const struct sd_line *line, uint8_t *bytes, bool *good)
{
    struct card *card = ctx;
    assert_int_equal(line->width, 1);
    memset(bytes, (int)++card->sent, 64);
    *good = !card->spoilt;
    return 64;
}

static enum sd_token card_take(void *ctx, const struct sd_line *line, const uint8_t *bytes,
                               unsigned length)
{
    struct card *card = ctx;
    (void)line;
    assert_int_equal(length, 64);
    memcpy(card->last, bytes, length);
    card->taken++;
    card->busy_until = card->f->sim.events.now + card->busy_time;
    return card->token;
}

static sim_time card_busy_until(void *ctx)
{
    return ((struct card *)ctx)->busy_until;
}

static struct card socketed;

static struct card *insert(struct soc_fixture *f)
{
    socketed = (struct card){
        .f = f,
        .answer = {.kind = SD_SHORT, .index = 13, .words = {0x12345678, 2, 3, 4}},
    };
    socketed.device = (struct sd_device){&socketed, "test card", card_command,   card_sends_at,
                                         card_send, card_take,   card_busy_until};
    sd_insert(soc_block(f->soc, "SDMMC1"), &socketed.device);
    return &socketed;
}

static void test_answers(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = insert(f);
    fixture_write(f, SDMMC1 + ARGR, 0xaabbccdd);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 13);
    fixture_wait(f, 259 * SIM_US);
    assert_int_equal(reg(f, STAR), CPSMACT);
    fixture_wait(f, 2 * SIM_US); /* 48, 8 and 48 bits */
    assert_int_equal(reg(f, STAR), CMDREND);
    assert_int_equal(card->index, 13);
    assert_int_equal(card->argument, 0xaabbccdd);
    assert_int_equal(reg(f, RESPCMDR), 13);
    assert_int_equal(reg(f, RESP1R), 0x12345678);
    fixture_write(f, SDMMC1 + ICR, CMDREND);
    card->answer.kind = SD_LONG;
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | LONG_ANSWER | 2);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND);
    assert_int_equal(reg(f, RESPCMDR), 63);
    assert_int_equal(reg(f, RESP1R + 12), 4);
    fixture_destroy(f);
}

static void test_an_answer_without_crc(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = insert(f);
    card->answer.without_crc = true;
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 41);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CCRCFAIL);
    assert_int_equal(reg(f, RESP1R), 0x12345678);
    fixture_write(f, SDMMC1 + ICR, CCRCFAIL);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | WITHOUT_CRC | 41);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND);
    fixture_destroy(f);
}

static void test_busy_after_a_command(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = insert(f);
    card->busy_until = f->sim.events.now + 2 * SIM_MS;
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 38);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | BUSYD0 | DPSMACT);
    assert_false(f->soc->mdma_trigger[31].level); /* the end of the sequence, not of the answer */
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | BUSYD0END);
    assert_true(f->soc->mdma_trigger[31].level);
    fixture_write(f, SDMMC1 + ICR, CMDREND | BUSYD0END);
    fixture_write(f, SDMMC1 + DTIMER, 40); /* 100 us */
    card->busy_until = f->sim.events.now + 2 * SIM_MS;
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 38);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | BUSYD0 | DPSMACT | DTIMEOUT);
    fixture_wait(f, 2 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | BUSYD0END | DTIMEOUT);
    fixture_destroy(f);
}

/* Two blocks of 64 bytes, by a command. */
static struct card *read_two(struct soc_fixture *f, uint32_t clkcr)
{
    struct card *card = insert(f);
    card->blocks = 2;
    fixture_write(f, SDMMC1 + CLKCR, 40 | clkcr);
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + DLENR, 128);
    fixture_write(f, SDMMC1 + DCTRL, BLOCK_64 | FROM_CARD);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 18);
    return card;
}

static void stop(struct soc_fixture *f, uint32_t flags)
{
    fixture_write(f, SDMMC1 + DCTRL, reg(f, DCTRL) | flags);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDSTOP | SHORT_ANSWER | 12);
    fixture_wait(f, 300 * SIM_US);
}

static void read_words(struct soc_fixture *f, unsigned count, uint32_t expected)
{
    for (unsigned n = 0; n < count; n++)
        assert_int_equal(reg(f, FIFOR), expected);
}

static void test_reading_by_the_fifo(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    read_two(f, 0);
    fixture_wait(f, 750 * SIM_US); /* a command, 3 and 256 bits: half of the FIFO is full next */
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOE);
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOHF);
    assert_int_equal(reg(f, DCNTR), 96);
    read_words(f, 8, 0x01010101);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOE);
    fixture_wait(f, 660 * SIM_US);
    read_words(f, 8, 0x01010101);
    fixture_wait(f, SIM_MS);
    read_words(f, 8, 0x02020202);
    fixture_wait(f, SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOHF); /* the end waits for the reader */
    read_words(f, 8, 0x02020202);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    fixture_destroy(f);
}

static void test_a_slow_reader(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    read_two(f, 0);
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | RXOVERR | DPSMACT | RXFIFOHF | RXFIFOF);
    stop(f, FIFORST); /* table 487: on abort move to Idle */
    assert_int_equal(reg(f, STAR), CMDREND | RXOVERR | DABORT);
    assert_int_equal(reg(f, DCTRL) & FIFORST, 0);
    fixture_write(f, SDMMC1 + ICR, 0xffffffff);
    read_two(f, HWFC_EN);
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(reg(f, DCNTR), 64);
    read_words(f, 16, 0x01010101);
    fixture_wait(f, 5 * SIM_MS);
    read_words(f, 16, 0x02020202);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    fixture_destroy(f);
}

static void read_spoilt_last(struct soc_fixture *f)
{
    socketed.spoilt = true;
    socketed.blocks = 2;
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 13); /* the card is looked at again */
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(reg(f, STAR) & (DCRCFAIL | DPSMACT), DPSMACT);
    read_words(f, 16, 0x02020202);
    assert_int_equal(reg(f, STAR) & (DCRCFAIL | DATAEND | DPSMACT), DCRCFAIL);
}

static void test_a_spoilt_block(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    read_two(f, 0)->spoilt = true;
    fixture_write(f, SDMMC1 + MASKR, DCRCFAIL);
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DCRCFAIL | DPSMACT | RXFIFOHF | RXFIFOF);
    assert_true(f->irq[SOC_CM4][49]);
    fixture_destroy(f);
    f = start(); /* the last block: told when all has been read, and the end */
    read_two(f, 0)->blocks = 1;
    fixture_wait(f, 3 * SIM_MS);
    read_words(f, 16, 0x01010101);
    read_spoilt_last(f);
    fixture_destroy(f);
}

static void test_reading_is_stopped(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    read_two(f, 0);
    fixture_wait(f, 770 * SIM_US);
    stop(f, 0);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOHF);
    read_words(f, 8, 0x01010101);
    assert_int_equal(reg(f, STAR), CMDREND | DABORT);
    fixture_destroy(f);
    f = start();
    read_two(f, 0);
    fixture_wait(f, 770 * SIM_US);
    stop(f, FIFORST);
    assert_int_equal(reg(f, STAR), CMDREND | DABORT);
    fixture_destroy(f);
    f = start();
    read_two(f, HWFC_EN);
    fixture_wait(f, 2 * SIM_MS);
    read_words(f, 16, 0x01010101);
    fixture_wait(f, 2 * SIM_MS); /* all is here: the transfer completes normally */
    stop(f, 0);
    read_words(f, 16, 0x02020202);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    fixture_destroy(f);
}

static void test_reading_by_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + IDMABASE0R, MEMORY);
    fixture_write(f, SDMMC1 + IDMACTRLR, 1);
    read_two(f, 0);
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    assert_int_equal(fixture_read(f, MEMORY + 60), 0x01010101);
    assert_int_equal(fixture_read(f, MEMORY + 124), 0x02020202);
    assert_int_equal(fixture_read(f, MEMORY + 128), 0);
    assert_true(f->soc->mdma_trigger[29].level);
    fixture_destroy(f);
}

static void test_two_buffers_take_turns(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + IDMABASE0R, MEMORY);
    fixture_write(f, SDMMC1 + IDMABASE1R, MEMORY + 0x1000);
    fixture_write(f, SDMMC1 + IDMABSIZER, 64);
    fixture_write(f, SDMMC1 + IDMACTRLR, 3);
    read_two(f, 0);
    fixture_wait(f, 2 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | RXFIFOE | IDMABTC);
    assert_int_equal(reg(f, IDMACTRLR), 7);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(reg(f, IDMACTRLR), 3);
    assert_int_equal(fixture_read(f, MEMORY + 60), 0x01010101);
    assert_int_equal(fixture_read(f, MEMORY + 64), 0);
    assert_int_equal(fixture_read(f, MEMORY + 0x1000), 0x02020202);
    fixture_destroy(f);
}

static void test_memory_that_it_does_not_reach(void **state)
{
    (void)state;
    static const uint32_t places[] = {0x20000000, 0x30000000, 0x38000000};
    for (unsigned n = 0; n < 3; n++) {
        struct soc_fixture *f = start();
        fixture_write(f, SDMMC1 + IDMABASE0R, places[n]);
        fixture_write(f, SDMMC1 + IDMACTRLR, 1);
        read_two(f, 0);
        fixture_wait(f, 5 * SIM_MS);
        assert_int_equal(reg(f, STAR), CMDREND | IDMATE | RXOVERR | DPSMACT | RXFIFOE);
        assert_non_null(strstr(f->complaint, "DMA cannot reach"));
        fixture_destroy(f);
    }
}

static struct card *write_two(struct soc_fixture *f, uint32_t clkcr)
{
    struct card *card = insert(f);
    card->busy_time = SIM_MS;
    fixture_write(f, SDMMC1 + CLKCR, 40 | clkcr);
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + DLENR, 128);
    fixture_write(f, SDMMC1 + DCTRL, BLOCK_64);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 25);
    fixture_wait(f, 270 * SIM_US);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | TXFIFOE | TXFIFOHE);
    return card;
}

static void write_words(struct soc_fixture *f, unsigned count, uint32_t word)
{
    for (unsigned n = 0; n < count; n++)
        fixture_write(f, SDMMC1 + FIFOR, word);
}

static void test_writing_by_the_fifo(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = write_two(f, 0);
    write_words(f, 16, 0x11111111);
    assert_int_equal(reg(f, STAR) & TXFIFOHE, 0);
    fixture_wait(f, 700 * SIM_US); /* half of it is on its way */
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | TXFIFOHE);
    fixture_wait(f, 800 * SIM_US);
    assert_int_equal(card->taken, 1);
    assert_int_equal(reg(f, STAR), CMDREND | DPSMACT | TXFIFOHE | TXFIFOE);
    write_words(f, 16, 0x22222222);
    fixture_wait(f, 2600 * SIM_US);
    assert_int_equal(card->last[63], 0x22);
    assert_int_equal(reg(f, STAR) & (DATAEND | BUSYD0), 0); /* BUSYD0 is of commands */
    fixture_wait(f, SIM_MS);                                /* only when the card has done */
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    fixture_destroy(f);
}

static void test_a_slow_writer(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    write_two(f, 0);
    write_words(f, 8, 0x11111111);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | TXUNDERR | DPSMACT | TXFIFOE | TXFIFOHE);
    stop(f, FIFORST);
    assert_int_equal(reg(f, STAR), CMDREND | TXUNDERR | DABORT);
    fixture_write(f, SDMMC1 + ICR, 0xffffffff);
    struct card *card = write_two(f, HWFC_EN);
    write_words(f, 8, 0x11111111);
    fixture_wait(f, 3 * SIM_MS);
    write_words(f, 8, 0x33333333);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(card->taken, 1);
    assert_int_equal(card->last[31], 0x11);
    assert_int_equal(card->last[32], 0x33);
    fixture_destroy(f);
}

static void test_a_block_that_the_card_refuses(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = write_two(f, 0);
    card->token = SD_REFUSED;
    write_words(f, 16, 0);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DCRCFAIL | DPSMACT | TXFIFOE | TXFIFOHE);
    fixture_destroy(f);
}

static void test_a_card_that_gives_no_status(void **state)
{
    (void)state; /* 58.5.4: N_CRC */
    struct soc_fixture *f = start();
    struct card *card = write_two(f, 0);
    card->token = SD_NO_TOKEN;
    write_words(f, 16, 0);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DTIMEOUT | DPSMACT | TXFIFOE | TXFIFOHE);
    fixture_destroy(f);
}

static void test_a_card_that_is_busy_too_long(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    struct card *card = write_two(f, 0);
    card->busy_time = 100 * SIM_MS;
    write_words(f, 16, 0);
    fixture_wait(f, 15 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DTIMEOUT | DPSMACT | TXFIFOE | TXFIFOHE);
    stop(f, FIFORST);
    assert_int_equal(reg(f, STAR) & (DABORT | DPSMACT), DPSMACT); /* it waits for the card */
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DTIMEOUT | DABORT);
    fixture_destroy(f);
}

static void test_registers_in_use_are_locked(void **state)
{
    (void)state; /* 58.10 */
    static const struct {
        uint32_t offset, free, busy;
    } cases[] = {{CLKCR, 41, 40},          {DTIMER, 5, 4000},        {DLENR, 64, 128},
                 {DCTRL, 0x72, 0x62},      {IDMACTRLR, 2, 3},        {IDMABSIZER, 0x60, 0x40},
                 {IDMABASE0R, 0x40, 0x80}, {IDMABASE1R, 0x40, 0x40}, {ARGR, 1, 7}};
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + IDMABASE0R, 0x80);
    fixture_write(f, SDMMC1 + IDMABSIZER, 0x40);
    fixture_write(f, SDMMC1 + IDMACTRLR, 3);
    fixture_write(f, SDMMC1 + ARGR, 7);
    read_two(f, 0)->blocks = 0;
    fixture_wait(f, 130 * SIM_US); /* the answer is on its way, the data path waits */
    assert_int_equal(reg(f, STAR) & (CPSMACT | DPSMACT), CPSMACT | DPSMACT);
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        fixture_write(f, SDMMC1 + cases[n].offset, cases[n].free);
        assert_int_equal(reg(f, cases[n].offset), cases[n].busy);
    }
    fixture_wait(f, SIM_MS);
    stop(f, 0);
    assert_int_equal(reg(f, STAR) & (CPSMACT | DPSMACT), 0);
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        fixture_write(f, SDMMC1 + cases[n].offset, cases[n].free);
        assert_int_equal(reg(f, cases[n].offset), cases[n].free);
    }
    fixture_destroy(f);
}

static void test_lengths_that_are_not_blocks(void **state)
{
    (void)state; /* 58.10.8, 58.10.9 */
    struct soc_fixture *f = start();
    insert(f)->blocks = 1;
    fixture_write(f, SDMMC1 + DLENR, 100);
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + DCTRL, BLOCK_64 | FROM_CARD);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 17);
    fixture_wait(f, 3 * SIM_MS);
    read_words(f, 16, 0x01010101);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    fixture_write(f, SDMMC1 + ICR, 0xffffffff);
    fixture_write(f, SDMMC1 + DLENR, 0);
    struct card *card = insert(f);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 17);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(card->commands, 0);
    assert_int_equal(reg(f, CMDR) & CPSMEN, 0);
    fixture_destroy(f);
}

static void test_the_fifo_stands_at_sixteen_addresses(void **state)
{
    (void)state; /* 58.10.15 */
    struct soc_fixture *f = start();
    read_two(f, 0);
    fixture_wait(f, 1500 * SIM_US);
    for (uint32_t n = 0; n < 16; n++)
        assert_int_equal(reg(f, FIFOR + 4 * n), 0x01010101);
    assert_int_equal(reg(f, STAR) & RXFIFOE, RXFIFOE);
    fixture_destroy(f);
}

static void test_last_bytes_by_dma_are_bytes(void **state)
{
    (void)state; /* 58.5.6: blocks of 2 bytes */
    struct soc_fixture *f = start();
    insert(f)->blocks = 1;
    fixture_write(f, MEMORY, 0xffffffff);
    fixture_write(f, SDMMC1 + IDMABASE0R, MEMORY);
    fixture_write(f, SDMMC1 + IDMACTRLR, 1);
    fixture_write(f, SDMMC1 + DLENR, 2);
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + DCTRL, 1 << 4 | FROM_CARD);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 17);
    fixture_wait(f, 3 * SIM_MS);
    assert_int_equal(fixture_read(f, MEMORY), 0xffff0101);
    fixture_destroy(f);
}

static void test_writing_by_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, MEMORY + 64, 0x44332211);
    fixture_write(f, SDMMC1 + IDMABASE0R, MEMORY);
    fixture_write(f, SDMMC1 + IDMACTRLR, 1);
    struct card *card = insert(f);
    fixture_write(f, SDMMC1 + DTIMER, 4000);
    fixture_write(f, SDMMC1 + DLENR, 128);
    fixture_write(f, SDMMC1 + DCTRL, BLOCK_64);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | CMDTRANS | SHORT_ANSWER | 25);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(reg(f, STAR), CMDREND | DATAEND);
    assert_int_equal(card->taken, 2);
    assert_int_equal(card->last[1], 0x22);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_command_without_an_answer_is_sent),
        cmocka_unit_test(test_nobody_answers),
        cmocka_unit_test(test_data_time_out),
        cmocka_unit_test(test_without_power_nothing_goes_out),
        cmocka_unit_test(test_registers_are_words),
        cmocka_unit_test(test_a_card_that_gives_no_status),
        cmocka_unit_test(test_registers_in_use_are_locked),
        cmocka_unit_test(test_lengths_that_are_not_blocks),
        cmocka_unit_test(test_the_fifo_stands_at_sixteen_addresses),
        cmocka_unit_test(test_last_bytes_by_dma_are_bytes),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_an_answer_without_crc),
        cmocka_unit_test(test_busy_after_a_command),
        cmocka_unit_test(test_reading_by_the_fifo),
        cmocka_unit_test(test_a_slow_reader),
        cmocka_unit_test(test_a_spoilt_block),
        cmocka_unit_test(test_reading_is_stopped),
        cmocka_unit_test(test_reading_by_dma),
        cmocka_unit_test(test_two_buffers_take_turns),
        cmocka_unit_test(test_memory_that_it_does_not_reach),
        cmocka_unit_test(test_writing_by_the_fifo),
        cmocka_unit_test(test_a_slow_writer),
        cmocka_unit_test(test_a_block_that_the_card_refuses),
        cmocka_unit_test(test_a_card_that_is_busy_too_long),
        cmocka_unit_test(test_writing_by_dma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
