/*
 * A microSD card read and written by the maker's driver (vendor_sd.h): by polling, by interrupt, by DMA
 * with one buffer and with two, at default and at high speed; sectors erased. If the card has a FAT16,
 * a file HELLO.TXT is put into its root.
 */
#include "vendor_sd.h"

#ifdef CM7
volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

void irq_handler(void);
void irq_handler(void)
{
    sd_interrupt();
    dsb();
}

enum { COUNT = 8, WORDS = COUNT * 128 };
static uint32_t *const out = (uint32_t *)0x24000000u, *const in = (uint32_t *)0x24010000u;

static void fill_words(uint32_t seed)
{
    for (uint32_t n = 0; n < WORDS; n++) {
        out[n] = seed * 0x01000193u + n * 0x9e3779b1u;
        in[n] = 0;
    }
}

static void compare(unsigned line)
{
    for (uint32_t n = 0; n < WORDS; n++)
        if (in[n] != out[n])
            check_at(line, 0);
}

typedef uint32_t move_fn(int from_card, uint32_t sector, uint32_t count, uint32_t *words);

static uint32_t by_one_buffer(int from_card, uint32_t sector, uint32_t count, uint32_t *words)
{
    return sd_move_by_dma(from_card, sector, count, words, 0);
}

/* Two buffers of two sectors: what comes is read from where the DMA left it, two times over. */
static void by_two_buffers(uint32_t sector)
{
    fill_words(sector);
    CHECK(!sd_move(0, sector, 4, out));
    CHECK(sd_wait_until_ready());
    CHECK(!sd_move_by_dma(1, sector, 4, in, 2));
    RESULT(5) = sd_job.buffers;
    for (uint32_t n = 0; n < 512; n++)
        CHECK(in[n] == out[n]);
}

static void there_and_back(move_fn *move, uint32_t sector)
{
    fill_words(sector);
    CHECK(!move(0, sector, COUNT, out));
    CHECK(sd_wait_until_ready());
    CHECK(!move(1, sector, COUNT, in));
    compare(__LINE__);
    CHECK(!move(0, sector + COUNT, 1, out));
    CHECK(sd_wait_until_ready());
    CHECK(!move(1, sector + COUNT, 1, in));
    compare(__LINE__);
}

static void erase(uint32_t first, uint32_t last)
{
    CHECK(!sd_command(32, first));
    CHECK(!sd_command(33, last));
    CHECK(!sd_command(38, 0));
    CHECK(sd_wait_until_ready());
    CHECK(!sd_move(1, last, 1, in));
    CHECK(in[0] == 0 && in[127] == 0);
    CHECK(!sd_move(1, last + 1, 1, in));
    CHECK(in[127] != 0);
}

/* ---- A file ---- */

static uint8_t *const sector = (uint8_t *)0x24020000u;

static uint32_t get(uint32_t at, unsigned bytes)
{
    uint32_t value = 0;
    while (bytes--)
        value = value << 8 | sector[at + bytes];
    return value;
}

static void load(uint32_t number)
{
    CHECK(sd_wait_until_ready());
    CHECK(!by_one_buffer(1, number, 1, (uint32_t *)sector));
}

static void store(uint32_t number)
{
    CHECK(sd_wait_until_ready());
    CHECK(!by_one_buffer(0, number, 1, (uint32_t *)sector));
}

/* The first free cluster of the first sector of the table, taken in all copies. */
static uint32_t take_cluster(uint32_t table, uint32_t tables, uint32_t table_sectors)
{
    uint32_t cluster = 2;
    load(table);
    while (cluster < 255 && get(2 * cluster, 2))
        cluster++;
    sector[2 * cluster] = sector[2 * cluster + 1] = 0xff;
    for (uint32_t n = 0; n < tables; n++)
        store(table + n * table_sectors);
    return cluster;
}

static void put_entry(uint32_t root, uint32_t cluster, uint32_t size)
{
    static const char name[] = "HELLO   TXT ";
    uint32_t at = 0;
    load(root);
    while (sector[at])
        at += 32;
    for (unsigned n = 0; n < 32; n++)
        sector[at + n] = n < 12 ? (uint8_t)name[n] : 0;
    sector[at + 24] = 0x21; /* 1 January 1980 */
    sector[at + 26] = (uint8_t)cluster;
    sector[at + 28] = (uint8_t)size;
    store(root);
}

static void put_text(uint32_t number, const char *text, uint32_t size)
{
    for (uint32_t n = 0; n < 512; n++)
        sector[n] = n < size ? (uint8_t)text[n] : 0;
    store(number);
}

static void put_file(void)
{
    static const char text[] = "a file that a microSD card keeps\n";
    load(0);
    if (sector[510] != 0x55 || sector[54] != 'F' || sector[58] != '6')
        return;
    uint32_t table = get(14, 2), tables = sector[16], table_sectors = get(22, 2);
    uint32_t root = table + tables * table_sectors, data = root + get(17, 2) / 16;
    uint32_t per_cluster = sector[13], cluster = take_cluster(table, tables, table_sectors);
    put_text(data + (cluster - 2) * per_cluster, text, sizeof text - 1);
    put_entry(root, cluster, sizeof text - 1);
    CHECK(sd_wait_until_ready());
    RESULT(6) = cluster;
}

static void exercise(uint32_t first)
{
    there_and_back(sd_move, first);
    there_and_back(sd_move_by_interrupt, first + 16);
    there_and_back(by_one_buffer, first + 32);
    by_two_buffers(first + 48);
}

int main(void)
{
    start_clocks();
    uint32_t sectors = sd_start();
    RESULT(4) = sectors;
    if (sectors) {
        exercise(sectors - 128);
        CHECK(sd_high_speed());
        exercise(sectors - 64);
        erase(sectors - 64 + 17, sectors - 64 + 20);
        CHECK(sd_command(17, sectors) & 0x80000000);
        put_file();
    }
    RESULT(0) = DONE;
    wait_forever();
}
#else
int main(void)
{
    RESULT(1) = DONE;
    wait_forever();
}
#endif
