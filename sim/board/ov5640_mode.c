/*
 * What the OV5640's registers say about a frame: data sheet 2.03, chapters 2.4 (windowing), 4.2
 * (clocks), 6 (timing) and the register tables.
 */
#include "sim/board/ov5640.h"

#define XVCLK 24000000u

static unsigned word(const uint8_t *regs, uint16_t address)
{
    return (unsigned)regs[address] << 8 | regs[address + 1];
}

static struct ov5640_clock divided(struct ov5640_clock clock, uint64_t divisor)
{
    clock.denominator *= divisor ? divisor : 1;
    return clock;
}

/* Twice the pre-divider 0x3037[3:0]. */
static unsigned twice_predivider(uint8_t reg)
{
    static const uint8_t twice[16] = {2, 2, 4, 6, 8, 3, 12, 5, 16, 2, 2, 2, 2, 2, 2, 2};
    return twice[reg & 15];
}

/* The PLL's output after the bit divider (0x3034[3:0]: 8 bits by 2, 10 bits by 2.5). */
static struct ov5640_clock pll(const uint8_t *regs)
{
    struct ov5640_clock clock = {XVCLK, 1};
    if (regs[0x3039] & 0x80) /* bypassed */
        return clock;
    clock.numerator *= 2u * regs[0x3036];
    clock = divided(clock, twice_predivider(regs[0x3037]));
    clock = divided(clock, regs[0x3035] >> 4 ? regs[0x3035] >> 4 : 16);
    clock = divided(clock, regs[0x3037] & 0x10 ? 2 : 1);
    switch (regs[0x3034] & 15) {
    case 8:
        return divided(clock, 2);
    case 10:
        clock.numerator *= 2;
        return divided(clock, 5);
    default:
        return clock;
    }
}

static struct ov5640_clock system_clock(const uint8_t *regs)
{
    struct ov5640_clock clock = regs[0x3103] & 2 ? pll(regs) : (struct ov5640_clock){XVCLK, 1};
    return divided(clock, 1u << (regs[0x3108] & 3));
}

/* 0x460C[1]: the divider is 0x3824, else it follows by itself. */
static struct ov5640_clock pixel_clock(const uint8_t *regs)
{
    struct ov5640_clock clock = regs[0x3103] & 2 ? pll(regs) : (struct ov5640_clock){XVCLK, 1};
    clock = divided(clock, 1u << (regs[0x3108] >> 4 & 3));
    clock = divided(clock, regs[0x3035] & 15);
    return regs[0x460c] & 2 ? divided(clock, regs[0x3824] & 31) : clock;
}

sim_time ov5640_clock_time(struct ov5640_clock clock, uint64_t count)
{
    unsigned __int128 time = (unsigned __int128)count * SIM_S * clock.denominator;
    return clock.numerator ? (sim_time)(time / clock.numerator) : SIM_NEVER;
}

unsigned ov5640_pixel_bytes(uint8_t format)
{
    switch (format >> 4) {
    case 0:
    case 1:
        return 1;
    case 2:
        return 3;
    default:
        return 2;
    }
}

/* Lines that the array reads: the window's height by the sub-sampling 0x3815 ("odd" and "even"
 * increments, whose mean is the step). */
static unsigned lines_read(const uint8_t *regs)
{
    unsigned start = word(regs, 0x3802), end = word(regs, 0x3806);
    unsigned step = ((regs[0x3815] >> 4u) + (regs[0x3815] & 15u)) / 2;
    return end > start ? (end - start + 1) / (step ? step : 1) : 1;
}

/* The picture's lines are spread over the time in which the array is read; the rest of VTS is the
 * blanking, most of it before the picture. */
static void place_lines(struct ov5640_mode *mode, unsigned read)
{
    unsigned room = mode->vts > 8 ? mode->vts - 6 : 1;
    if (read < mode->height)
        read = mode->height;
    mode->read_lines = read < room ? read : room;
    mode->first_line = mode->vts > mode->read_lines + 1 ? mode->vts - mode->read_lines - 1 : 1;
}

/* 0x3017[3:0] are the pads D9 to D6, 0x3018[7:2] D5 to D0; the board has D9 to D2. */
static uint8_t data_pads(const uint8_t *regs)
{
    return (uint8_t)((regs[0x3017] & 15) << 4 | regs[0x3018] >> 4);
}

struct ov5640_mode ov5640_decode(const uint8_t *regs)
{
    struct ov5640_mode mode = {
        .width = word(regs, 0x3808) & 0xfff,
        .height = word(regs, 0x380a) & 0x7ff,
        .hts = word(regs, 0x380c) & 0x1fff,
        .vts = word(regs, 0x380e),
        .system = system_clock(regs),
        .pixel = pixel_clock(regs),
        .format = regs[0x4300],
        .test_pattern = regs[0x503d],
        /* The array is lit from behind, which mirrors the scene, and the module stands on its head
         * on this board: what is upright for a person is flipped and not mirrored, as the vendor's
         * settings for the board have it (0x3820 = 06h, 0x3821 = 00h). */
        .mirrored = regs[0x3821] & 2,
        .flipped = !(regs[0x3820] & 2),
        .jpeg = regs[0x3821] & 0x20,
        .data_mask = data_pads(regs),
    };
    mode.line_bytes = mode.width * ov5640_pixel_bytes(mode.format);
    mode.lines = mode.height;
    place_lines(&mode, lines_read(regs));
    return mode;
}
