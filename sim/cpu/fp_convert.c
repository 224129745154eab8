/* Between formats, integers and fixed point. Singles and halves are exact as doubles, so that all
 * conversions are of doubles. */
#include "sim/cpu/fp_host.h"

static double as_double(uint64_t bits)
{
    union {
        uint64_t bits;
        double value;
    } u = {.bits = bits};
    return u.value;
}

static uint64_t double_bits(double value)
{
    union {
        double value;
        uint64_t bits;
    } u = {.value = value};
    return u.bits;
}

static float as_single(uint32_t bits)
{
    union {
        uint32_t bits;
        float value;
    } u = {.bits = bits};
    return u.value;
}

static uint32_t single_bits(float value)
{
    union {
        float value;
        uint32_t bits;
    } u = {.value = value};
    return u.bits;
}

static bool is_nan64(uint64_t a)
{
    return a << 1 > 0xffe0000000000000u;
}

static bool is_nan32(uint32_t a)
{
    return a << 1 > 0xff000000u;
}

static uint32_t flush32(uint32_t a, uint32_t *fpscr)
{
    if (*fpscr & FPSCR_FZ && a << 1 != 0 && a << 1 < 0x01000000) {
        *fpscr |= FPSCR_IDC;
        return a & 0x80000000;
    }
    return a;
}

static uint64_t flush64(uint64_t a, uint32_t *fpscr)
{
    if (*fpscr & FPSCR_FZ && a << 1 != 0 && a << 1 < 0x0020000000000000) {
        *fpscr |= FPSCR_IDC;
        return a & 0x8000000000000000;
    }
    return a;
}

/* ---- Single and double ------------------------------------------------------------------------ */

/* The NaN's payload moves to the top of the wider fraction. */
static uint64_t widen_nan(uint32_t a)
{
    return (uint64_t)(a & 0x80000000) << 32 | 0x7ff0000000000000 | (uint64_t)(a & 0x7fffff) << 29;
}

uint64_t f64_from_f32(uint32_t a, uint32_t *fpscr)
{
    a = flush32(a, fpscr);
    if (!is_nan32(a))
        return double_bits((double)as_single(a));
    if (!(a >> 22 & 1))
        *fpscr |= FPSCR_IOC;
    return *fpscr & FPSCR_DN ? 0x7ff8000000000000 : widen_nan(a) | 0x0008000000000000;
}

static float narrow(double value, enum fp_rounding mode, unsigned *exceptions)
{
    volatile double wide = value;
    unsigned saved = host_begin(mode);
    volatile float result = (float)wide;
    *exceptions = host_end(saved);
    return result;
}

static uint32_t round_to_single(double value, enum fp_rounding mode, uint32_t *fpscr)
{
    unsigned exceptions, ignored;
    uint32_t result = single_bits(narrow(value, mode, &exceptions));
    uint32_t truncated = single_bits(narrow(value, FP_TRUNCATE, &ignored));
    bool inexact = exceptions & HOST_INEXACT;
    bool tiny = truncated << 1 < 0x01000000 && (truncated << 1 != 0 || inexact);
    if (tiny && *fpscr & FPSCR_FZ) {
        *fpscr |= FPSCR_UFC;
        return result & 0x80000000;
    }
    *fpscr |= (exceptions & HOST_OVERFLOW ? FPSCR_OFC : 0) | (inexact ? FPSCR_IXC : 0) |
              (tiny && inexact ? FPSCR_UFC : 0);
    return result;
}

uint32_t f32_from_f64(uint64_t a, uint32_t *fpscr)
{
    a = flush64(a, fpscr);
    if (!is_nan64(a))
        return round_to_single(as_double(a), fpscr_rounding(*fpscr), fpscr);
    if (!(a >> 51 & 1))
        *fpscr |= FPSCR_IOC;
    if (*fpscr & FPSCR_DN)
        return 0x7fc00000;
    return (uint32_t)(a >> 32 & 0x80000000) | 0x7fc00000 | (uint32_t)(a >> 29 & 0x3fffff);
}

/* ---- Integers and fixed point ----------------------------------------------------------------- */

static bool rounds_up(bool odd, uint64_t rest, uint64_t half, bool negative, enum fp_rounding mode)
{
    switch (mode) {
    case FP_NEAREST:
        return rest > half || (rest == half && odd);
    case FP_AWAY:
        return rest >= half;
    case FP_UP:
        return rest && !negative;
    case FP_DOWN:
        return rest && negative;
    default:
        return false;
    }
}

static uint32_t saturate(bool negative, unsigned width, bool is_signed, uint32_t *fpscr)
{
    uint64_t top = (uint64_t)1 << (is_signed ? width - 1 : width);
    *fpscr |= FPSCR_IOC;
    if (!negative)
        return (uint32_t)(top - 1);
    return is_signed ? (uint32_t)(0 - top) : 0;
}

uint32_t f64_to_fixed(uint64_t a, unsigned fraction, unsigned width, bool is_signed,
                      enum fp_rounding mode, uint32_t *fpscr)
{
    a = flush64(a, fpscr);
    if (mode == FP_BY_FPSCR)
        mode = fpscr_rounding(*fpscr);
    if (is_nan64(a)) {
        *fpscr |= FPSCR_IOC;
        return 0;
    }
    bool negative = a >> 63;
    int exponent = (int)(a >> 52 & 0x7ff);
    uint64_t digits = (a & 0x000fffffffffffff) | (exponent ? 0x0010000000000000u : 0);
    int down = 1075 - (exponent ? exponent : 1) - (int)fraction; /* to the right, to be whole */
    if (down <= -11)
        return digits ? saturate(negative, width, is_signed, fpscr) : 0;
    uint64_t whole, rest, half;
    if (down <= 0) {
        whole = digits << -down;
        rest = 0;
        half = 1;
    } else if (down < 63) {
        whole = digits >> down;
        half = (uint64_t)1 << (down - 1);
        rest = digits & (2 * half - 1);
    } else {
        whole = 0;
        half = 2;
        rest = digits != 0;
    }
    whole += rounds_up(whole & 1, rest, half, negative, mode);
    uint64_t top = (uint64_t)1 << (is_signed ? width - 1 : width);
    if (negative ? whole > (is_signed ? top : 0) : whole >= top)
        return saturate(negative, width, is_signed, fpscr);
    if (rest)
        *fpscr |= FPSCR_IXC;
    return negative ? 0u - (uint32_t)whole : (uint32_t)whole;
}

uint32_t f32_to_fixed(uint32_t a, unsigned fraction, unsigned width, bool is_signed,
                      enum fp_rounding mode, uint32_t *fpscr)
{
    a = flush32(a, fpscr);
    uint64_t wide = is_nan32(a) ? widen_nan(a) : double_bits((double)as_single(a));
    return f64_to_fixed(wide, fraction, width, is_signed, mode, fpscr);
}

/* Exact: at most 33 bits, and a power of two. */
static double scaled(int64_t value, unsigned fraction)
{
    return (double)value / (double)((uint64_t)1 << fraction);
}

uint64_t f64_from_fixed(int64_t value, unsigned fraction, enum fp_rounding mode, uint32_t *fpscr)
{
    (void)mode;
    (void)fpscr;
    return double_bits(scaled(value, fraction));
}

uint32_t f32_from_fixed(int64_t value, unsigned fraction, enum fp_rounding mode, uint32_t *fpscr)
{
    if (mode == FP_BY_FPSCR)
        mode = fpscr_rounding(*fpscr);
    return round_to_single(scaled(value, fraction), mode, fpscr);
}

/* ---- Half precision --------------------------------------------------------------------------- */

uint64_t f64_from_half(uint16_t a, uint32_t *fpscr)
{
    uint64_t sign = (uint64_t)(a >> 15) << 63;
    unsigned exponent = a >> 10 & 31;
    uint64_t fraction = a & 0x3ffu;
    if (exponent == 0)
        return sign | double_bits((double)fraction / 16777216.0);
    if (exponent < 31 || *fpscr & FPSCR_AHP)
        return sign | (uint64_t)(exponent + 1023 - 15) << 52 | fraction << 42;
    if (fraction == 0)
        return sign | 0x7ff0000000000000;
    if (!(fraction >> 9))
        *fpscr |= FPSCR_IOC;
    if (*fpscr & FPSCR_DN)
        return 0x7ff8000000000000;
    return sign | 0x7ff8000000000000 | fraction << 42;
}

/* Every half is a single, its NaN included. */
uint32_t f32_from_half(uint16_t a, uint32_t *fpscr)
{
    uint64_t wide = f64_from_half(a, fpscr);
    if (is_nan64(wide))
        return (uint32_t)(wide >> 32 & 0x80000000) | 0x7fc00000 | (uint32_t)(wide >> 29 & 0x3fffff);
    return single_bits((float)as_double(wide));
}

static uint16_t half_from_nan(uint64_t a, uint32_t *fpscr)
{
    uint32_t sign = (uint32_t)(a >> 48) & 0x8000;
    if (!(a >> 51 & 1))
        *fpscr |= FPSCR_IOC;
    if (*fpscr & FPSCR_AHP) {
        *fpscr |= FPSCR_IOC;
        return (uint16_t)sign;
    }
    return *fpscr & FPSCR_DN ? 0x7e00 : (uint16_t)(sign | 0x7e00 | (a >> 42 & 0x1ff));
}

/* The result is too great for the format; infinity or the greatest number by the mode (FPRound). */
static uint16_t half_overflow(uint32_t sign, enum fp_rounding mode, uint32_t *fpscr)
{
    if (*fpscr & FPSCR_AHP) {
        *fpscr |= FPSCR_IOC;
        return (uint16_t)(sign | 0x7fff);
    }
    bool infinite = mode == FP_NEAREST || (mode == FP_UP && !sign) || (mode == FP_DOWN && sign);
    *fpscr |= FPSCR_OFC | FPSCR_IXC;
    return (uint16_t)(sign | (infinite ? 0x7c00 : 0x7bff));
}

static uint16_t round_to_half(uint64_t a, uint32_t *fpscr)
{
    enum fp_rounding mode = fpscr_rounding(*fpscr);
    uint32_t sign = (uint32_t)(a >> 48) & 0x8000;
    int exponent = (int)(a >> 52 & 0x7ff) - 1023;
    uint64_t digits = (a & 0x000fffffffffffff) | (exponent > -1023 ? 0x0010000000000000u : 0);
    bool tiny = exponent < -14;
    int down = 42 + (tiny ? -14 - exponent : 0);
    if (down > 62) {
        down = 62;
        digits = digits != 0;
    }
    uint64_t half = (uint64_t)1 << (down - 1), rest = digits & (2 * half - 1);
    uint32_t value = (uint32_t)(digits >> down);
    value += rounds_up(value & 1, rest, half, sign, mode);
    if (!tiny)
        value += (uint32_t)(exponent + 14) << 10;
    if (value >= (*fpscr & FPSCR_AHP ? 0x8000u : 0x7c00u) || exponent > 16)
        return half_overflow(sign, mode, fpscr);
    if (rest)
        *fpscr |= FPSCR_IXC | (tiny ? FPSCR_UFC : 0);
    return (uint16_t)(sign | value);
}

uint16_t f64_to_half(uint64_t a, uint32_t *fpscr)
{
    a = flush64(a, fpscr);
    if (is_nan64(a))
        return half_from_nan(a, fpscr);
    if (a << 1 == 0xffe0000000000000u && *fpscr & FPSCR_AHP) {
        *fpscr |= FPSCR_IOC;
        return (uint16_t)((a >> 48 & 0x8000) | 0x7fff);
    }
    if (a << 1 == 0xffe0000000000000u)
        return (uint16_t)((a >> 48 & 0x8000) | 0x7c00);
    if (a << 1 == 0)
        return (uint16_t)(a >> 48 & 0x8000);
    return round_to_half(a, fpscr);
}

uint16_t f32_to_half(uint32_t a, uint32_t *fpscr)
{
    a = flush32(a, fpscr);
    return f64_to_half(is_nan32(a) ? widen_nan(a) : double_bits((double)as_single(a)), fpscr);
}
