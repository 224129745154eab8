/*
 * The QUADSPI flash as the maker's board package drives it: reset in both interfaces, 4-byte
 * addresses, dummy cycles, id; a block erased, pages programmed and read back; memory-mapped reading
 * and a function that runs from there.
 */
#include "vendor.h"

#ifdef CM7
#define QUADSPI(offset) MMIO(0x52005000u + (offset))
#define QUADSPI_DR8     (*(volatile uint8_t *)0x52005020u)
enum { EN = 1, ABORT = 2, DUAL = 1 << 6, STOP = 1 << 22 };
enum { TC = 2, FT = 4, SM = 8, BUSY = 32 };
enum { ONE = 1, FOUR = 3, READ = 1u << 26, POLL = 2u << 26, MAPPED = 3u << 26 };
enum { WINDOW = 0x90000000, BLOCK = 0x120000 };

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

static uint32_t command_code(uint32_t instruction, uint32_t lines)
{
    return instruction | lines << 8;
}

static uint32_t with_address(uint32_t code, uint32_t lines)
{
    return code | lines << 10 | 3u << 12;
}

static uint32_t with_data(uint32_t code, uint32_t lines)
{
    return code | lines << 24;
}

static void finish(void)
{
    WAIT(QUADSPI(0x08), TC, TC);
    QUADSPI(0x0c) = TC;
}

static void plain_command(uint32_t instruction, uint32_t lines)
{
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x14) = command_code(instruction, lines);
    finish();
}

/* The driver sets a command up as a write, then turns it into a read and gives the address again. */
static void receive(uint32_t code, uint32_t address, uint8_t *bytes, uint32_t count)
{
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x10) = count - 1;
    QUADSPI(0x14) = code;
    if (code >> 10 & 3)
        QUADSPI(0x18) = address;
    address = QUADSPI(0x18);
    QUADSPI(0x14) = (QUADSPI(0x14) & ~(3u << 26)) | READ;
    QUADSPI(0x18) = address;
    while (count--) {
        uint32_t start = ticks;
        while (!(QUADSPI(0x08) & (FT | TC)) && ticks - start < 1000)
            ;
        *bytes++ = QUADSPI_DR8;
    }
    finish();
}

static void transmit(uint32_t code, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x10) = count - 1;
    QUADSPI(0x14) = code;
    if (code >> 10 & 3)
        QUADSPI(0x18) = address;
    QUADSPI(0x14) &= ~(3u << 26);
    while (count--) {
        WAIT(QUADSPI(0x08), FT, FT);
        QUADSPI_DR8 = *bytes++;
    }
    finish();
}

static void poll_status(uint32_t lines, uint32_t mask, uint32_t match, uint32_t dummies)
{
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x28) = match;
    QUADSPI(0x24) = mask;
    QUADSPI(0x2c) = 0x10;
    QUADSPI(0x00) = (QUADSPI(0x00) & ~(1u << 23)) | STOP;
    QUADSPI(0x10) = 1;
    QUADSPI(0x14) = with_data(command_code(0x05, lines), lines) | dummies << 18 | POLL;
    WAIT(QUADSPI(0x08), SM, SM);
    QUADSPI(0x0c) = SM;
}

static void wait_ready(void)
{
    poll_status(FOUR, 0x0101, 0, 2);
}

static void enable_write(uint32_t lines)
{
    plain_command(0x06, lines);
    poll_status(lines, 0x0202, 0x0202, 0);
}

static void start_flash(void)
{
    uint8_t bytes[6];
    RCC(0xd4) |= 1u << 14;
    RCC(0x7c) |= 1u << 14;
    RCC(0x7c) &= ~(1u << 14);
    alternate(PORT_B, 1u << 2, 9);
    alternate(PORT_G, 1u << 6, 10);
    alternate(PORT_D, 1u << 11, 9);
    QUADSPI(0x00) = 0;
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x00) = 1u << 24 | 1u << 4 | DUAL;
    QUADSPI(0x04) = 26u << 16 | 3u << 8;
    QUADSPI(0x00) |= EN;
    plain_command(0x66, FOUR);
    plain_command(0x99, FOUR);
    wait_ready();
    plain_command(0x66, ONE);
    plain_command(0x99, ONE);
    wait_ready();
    enable_write(ONE);
    plain_command(0xb7, ONE);
    wait_ready();
    receive(with_data(command_code(0x85, FOUR), FOUR), 0, bytes, 2);
    CHECK(bytes[0] == 0xfb && bytes[1] == 0xfb);
    enable_write(ONE);
    bytes[0] = bytes[1] = 0x8b;
    transmit(with_data(command_code(0x81, ONE), ONE), 0, bytes, 2);
    receive(with_data(command_code(0x85, ONE), ONE), 0, bytes, 2);
    CHECK(bytes[0] == 0x8b && bytes[1] == 0x8b);
    plain_command(0x35, ONE);
    receive(with_data(command_code(0xaf, FOUR), FOUR), 0, bytes, 6);
    CHECK(bytes[0] == 0x20 && bytes[1] == 0x20 && bytes[2] == 0xba && bytes[4] == 0x20);
}

static void erase_block(uint32_t address)
{
    enable_write(FOUR);
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x14) = with_address(command_code(0x21, FOUR), FOUR);
    QUADSPI(0x18) = address;
    finish();
    wait_ready();
}

static void write_page(uint32_t address, const uint8_t *bytes, uint32_t count)
{
    wait_ready();
    enable_write(FOUR);
    transmit(with_data(with_address(command_code(0x34, FOUR), FOUR), FOUR), address, bytes, count);
    wait_ready();
}

static uint32_t fast_read(void)
{
    return with_data(with_address(command_code(0xec, FOUR), FOUR), FOUR) | 8u << 18;
}

/* A function of two instructions: movs r0, #42; bx lr. */
static const uint8_t answer[4] = {0x2a, 0x20, 0x70, 0x47};

static void program_and_read(void)
{
    uint8_t bytes[256];
    for (unsigned n = 0; n < 256; n++)
        bytes[n] = (uint8_t)(n * 7);
    erase_block(BLOCK);
    write_page(BLOCK, bytes, 256);
    write_page(BLOCK + 0x1000, answer, 4);
    for (unsigned n = 0; n < 256; n++)
        bytes[n] = 0;
    receive(fast_read(), BLOCK, bytes, 256);
    for (unsigned n = 0; n < 256; n++)
        CHECK(bytes[n] == (uint8_t)(n * 7));
    receive(fast_read(), BLOCK + 256, bytes, 16);
    CHECK(bytes[0] == 0xff && bytes[15] == 0xff);
}

static void map_memory(void)
{
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x00) &= ~(1u << 3);
    QUADSPI(0x14) = fast_read() | MAPPED;
}

static void unmap_memory(void)
{
    QUADSPI(0x00) |= ABORT;
    finish();
    WAIT(QUADSPI(0x08), BUSY, 0);
    QUADSPI(0x14) &= ~(3u << 26);
}

int main(void)
{
    start_clocks();
    start_flash();
    program_and_read();
    map_memory();
    CHECK(MMIO(WINDOW + BLOCK + 4) == 0x312a231c);
    CHECK(MMIO(WINDOW + BLOCK + 0x2000 - 4) == 0xffffffff);
    RESULT(3) = ((uint32_t(*)(void))(WINDOW + BLOCK + 0x1000 + 1))();
    RESULT(4) = MMIO(WINDOW + 0x7ff0000);
    unmap_memory();
    erase_block(BLOCK);
    map_memory();
    CHECK(MMIO(WINDOW + BLOCK + 4) == 0xffffffff);
    RESULT(0) = DONE;
    for (;;)
        wfi();
}
#else
int main(void)
{
    RESULT(1) = DONE;
    for (;;)
        wfi();
}
#endif
