#include "sim/host/memory_map.h"

/* RM0399 chapter 2.3, and what the board adds (UM2411): SDRAM and quad SPI flash. */
static const struct memory_range ranges[] = {
    {"ITCM", 0x00000000, 64 << 10},        {"flash bank 1", 0x08000000, 1 << 20},
    {"flash bank 2", 0x08100000, 1 << 20}, {"D2 SRAM (alias)", 0x10000000, 288 << 10},
    {"DTCM", 0x20000000, 128 << 10},       {"AXI SRAM", 0x24000000, 512 << 10},
    {"D2 SRAM", 0x30000000, 288 << 10},    {"SRAM4", 0x38000000, 64 << 10},
    {"backup SRAM", 0x38800000, 4 << 10},  {"quad SPI flash", 0x90000000, 128 << 20},
    {"SDRAM", 0xd0000000, 32 << 20},
};

const struct memory_range *memory_at(uint32_t address)
{
    for (size_t n = 0; n < sizeof ranges / sizeof *ranges; n++)
        if (address - ranges[n].base < ranges[n].size)
            return &ranges[n];
    return NULL;
}

static bool piece_fits(const struct image *image, const struct image_piece *piece,
                       struct failure *failure)
{
    uint64_t at = piece->address, end = at + piece->length;
    while (at < end) {
        const struct memory_range *range = memory_at((uint32_t)at);
        if (!range)
            return failed(failure,
                          "%s: 0x%08x to 0x%08x is outside memory (from 0x%08x on); the flash is "
                          "0x08000000 to 0x081fffff",
                          image->path, piece->address, (uint32_t)(end - 1), (uint32_t)at);
        at = (uint64_t)range->base + range->size;
    }
    return true;
}

bool image_fits(const struct image *image, struct failure *failure)
{
    for (size_t n = 0; n < image->piece_count; n++)
        if (!piece_fits(image, &image->pieces[n], failure))
            return false;
    return true;
}
