/* CRC (RM0399 chapter 22): polynomials of 7, 8, 16 or 32 bits, over bytes, half-words or words. */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { DR = 0x00, IDR = 0x04, CR = 0x08, INIT = 0x10, POL = 0x14 };

enum { CR_RESET = 1 << 0, CR_REV_OUT = 1 << 7 };

static const struct reg crc_regs[] = {
    {DR, "DR", 0xffffffff, 0xffffffff, 0, 0},
    {IDR, "IDR", 0, 0xffffffff, 0, 0},
    {CR, "CR", 0, 0xf8, 0, 0},
    {INIT, "INIT", 0xffffffff, 0xffffffff, 0, 0},
    {POL, "POL", 0x04c11db7, 0xffffffff, 0, 0},
};

static unsigned polynomial_bits(const struct block *block)
{
    static const uint8_t bits[4] = {32, 16, 8, 7};
    return bits[REG(block, CR) >> 3 & 3];
}

static uint32_t reverse(uint32_t value, unsigned bits)
{
    uint32_t reversed = 0;
    for (unsigned n = 0; n < bits; n++)
        reversed |= (value >> n & 1) << (bits - 1 - n);
    return reversed;
}

/* CR.REV_IN: bits reversed within each byte, half-word or word of the data. */
static uint32_t reverse_input(uint32_t value, unsigned bits, unsigned mode)
{
    static const uint8_t granule[4] = {0, 8, 16, 32};
    unsigned width = granule[mode] < bits ? granule[mode] : bits;
    uint32_t reversed = 0;
    if (!width)
        return value;
    for (unsigned n = 0; n < bits; n += width)
        reversed |= reverse(value >> n, width) << n;
    return reversed;
}

static void feed(struct block *block, uint32_t data, unsigned bits)
{
    unsigned degree = polynomial_bits(block);
    uint32_t top = 1u << (degree - 1), crc = REG(block, DR);
    data = reverse_input(data, bits, REG(block, CR) >> 5 & 3);
    for (unsigned n = bits; n--;) {
        bool feedback = ((crc & top) != 0) != (data >> n & 1);
        crc = crc << 1 ^ (feedback ? REG(block, POL) : 0);
    }
    REG(block, DR) = crc & (top | (top - 1));
}

static void crc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    if (offset == DR) {
        feed(block, value >> (8 * access->shift), 8 * access->size);
        return;
    }
    block_store(block, offset, value, access);
    /* 22.3.3: DR starts anew at RESET and whenever INIT is written. */
    if (offset == INIT || (offset == CR && value & CR_RESET))
        REG(block, DR) = REG(block, INIT) & (0xffffffffu >> (32 - polynomial_bits(block)));
}

static uint32_t crc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    if (offset == DR && REG(block, CR) & CR_REV_OUT)
        return reverse(REG(block, DR), polynomial_bits(block));
    return REG(block, offset);
}

const struct block_class crc_class = {
    .name = "CRC",
    .regs = crc_regs,
    .reg_count = sizeof crc_regs / sizeof crc_regs[0],
    .size = sizeof(struct block),
    .read = crc_read,
    .write = crc_write,
};
