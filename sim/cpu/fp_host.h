/* The host's arithmetic under control: rounding in, exceptions out. */
#ifndef SIM_CPU_FP_HOST_H
#define SIM_CPU_FP_HOST_H

#include "sim/cpu/fp.h"

#include <math.h>

enum { HOST_INVALID = 1, HOST_DIVIDE = 2, HOST_OVERFLOW = 4, HOST_INEXACT = 8 };

#if defined(__SSE2__)
#include <xmmintrin.h>

static inline unsigned host_begin(enum fp_rounding mode)
{
    static const unsigned rounding[4] = {0, 2, 1, 3};
    unsigned saved = _mm_getcsr();
    _mm_setcsr(0x1f80 | rounding[mode] << 13);
    return saved;
}

static inline unsigned host_end(unsigned saved)
{
    unsigned now = _mm_getcsr();
    _mm_setcsr(saved);
    return (now & 1 ? HOST_INVALID : 0u) | (now & 4 ? HOST_DIVIDE : 0u) |
           (now & 8 ? HOST_OVERFLOW : 0u) | (now & 32 ? HOST_INEXACT : 0u);
}
#else
#include <fenv.h>

static inline unsigned host_begin(enum fp_rounding mode)
{
    static const int rounding[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(rounding[mode]);
    return 0;
}

static inline unsigned host_end(unsigned saved)
{
    int now = fetestexcept(FE_ALL_EXCEPT);
    (void)saved;
    fesetround(FE_TONEAREST);
    return (now & FE_INVALID ? HOST_INVALID : 0u) | (now & FE_DIVBYZERO ? HOST_DIVIDE : 0u) |
           (now & FE_OVERFLOW ? HOST_OVERFLOW : 0u) | (now & FE_INEXACT ? HOST_INEXACT : 0u);
}
#endif

static inline enum fp_rounding fpscr_rounding(uint32_t fpscr)
{
    return (enum fp_rounding)(fpscr >> 22 & 3);
}

#endif
