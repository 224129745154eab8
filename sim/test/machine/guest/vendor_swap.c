/*
 * Bank swap in the maker's sequence: the program writes itself into bank 2 with another mark, sets
 * SWAP_BANK_OPT, launches the option bytes and resets; the copy runs, at the address of the first.
 */
#include "vendor.h"

#ifdef CM7
#define FLASH(offset) MMIO(0x52002000u + (offset))
enum { PG = 2, SER = 4, PSIZE = 3 << 4, START = 1 << 7, BUSY = 7, OPTSTART = 2, OPT_BUSY = 1 };
enum { COPIED = 0x8000, MARK = 0x7fe0 };
#define SWAP 0x80000000u

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

static void erase_bank2_sector(void)
{
    FLASH(0x104) = 0x45670123;
    FLASH(0x104) = 0xcdef89ab;
    FLASH(0x10c) |= PSIZE | SER;
    FLASH(0x10c) |= START;
    WAIT(FLASH(0x110), BUSY, 0);
    FLASH(0x10c) &= ~(uint32_t)(SER | 7u << 8);
}

static void program_word(uint32_t address, const volatile uint32_t *words)
{
    FLASH(0x10c) |= PG;
    dsb();
    for (uint32_t n = 0; n < 8; n++)
        MMIO(address + 4 * n) = words[n];
    dsb();
    WAIT(FLASH(0x110), BUSY, 0);
    CHECK(!(FLASH(0x110) & 0x07ee0000));
    FLASH(0x10c) &= ~(uint32_t)PG;
}

static void copy_program(void)
{
    static const uint32_t mark[8] = {2, 2, 2, 2, 2, 2, 2, 2};
    erase_bank2_sector();
    for (uint32_t at = 0; at < MARK; at += 32)
        program_word(0x08100000 + at, (const volatile uint32_t *)(0x08000000 + at));
    program_word(0x08100000 + MARK, mark);
}

static void swap_and_reset(void)
{
    FLASH(0x08) = 0x08192a3b;
    FLASH(0x08) = 0x4c5d6e7f;
    FLASH(0x20) |= SWAP;
    FLASH(0x18) |= OPTSTART;
    WAIT(FLASH(0x1c), OPT_BUSY, 0);
    CHECK(FLASH(0x1c) & SWAP);
    CHECK(!(FLASH(0x18) & SWAP)); /* not before the reset */
    dsb();
    SCB_AIRCR = 0x05fa0004;
    wait_forever();
}

int main(void)
{
    SYST_RVR = 64000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    RESULT(3)++;
    if (MMIO(0x08000000 + MARK) != 2) {
        copy_program();
        swap_and_reset();
    }
    CHECK(FLASH(0x18) & SWAP);
    CHECK(MMIO(0x08100000 + MARK) == 0xffffffff);
    CHECK(MMIO(0x08100000) == MMIO(0x08000000));
    CM7_DONE = DONE;
    CM4_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    wait_forever();
}
#endif
