/*
 * IEEE 754 arithmetic as ARMv7-M has it (DDI 0403E A2.5): on bit patterns, exact to the last bit and
 * flag, in every mode of FPSCR. Cumulative flags are set in *fpscr.
 */
#ifndef SIM_CPU_FP_H
#define SIM_CPU_FP_H

#include <stdbool.h>
#include <stdint.h>

#define FPSCR_IOC   (1u << 0)
#define FPSCR_DZC   (1u << 1)
#define FPSCR_OFC   (1u << 2)
#define FPSCR_UFC   (1u << 3)
#define FPSCR_IXC   (1u << 4)
#define FPSCR_IDC   (1u << 7)
#define FPSCR_RMODE (3u << 22)
#define FPSCR_FZ    (1u << 24)
#define FPSCR_DN    (1u << 25)
#define FPSCR_AHP   (1u << 26)

/* As in FPSCR.RMode; the other two are an instruction's own. */
enum fp_rounding { FP_NEAREST, FP_UP, FP_DOWN, FP_TRUNCATE, FP_BY_FPSCR, FP_AWAY };

#define FP_DECLARE(f, bits)                                                                        \
    bits f##_add(bits a, bits b, uint32_t *fpscr);                                                 \
    bits f##_mul(bits a, bits b, uint32_t *fpscr);                                                 \
    bits f##_div(bits a, bits b, uint32_t *fpscr);                                                 \
    bits f##_sqrt(bits a, uint32_t *fpscr);                                                        \
    bits f##_fma(bits addend, bits a, bits b, uint32_t *fpscr);                                    \
    bits f##_max_number(bits a, bits b, uint32_t *fpscr);                                          \
    bits f##_min_number(bits a, bits b, uint32_t *fpscr);                                          \
    bits f##_round_integral(bits a, enum fp_rounding mode, bool exact, uint32_t *fpscr);           \
    /* NZCV of FPSCR */                                                                            \
    uint32_t f##_compare(bits a, bits b, bool signalling, uint32_t *fpscr);                        \
    /* a * 2^fraction as an integer of `width` bits, saturated */                                  \
    uint32_t f##_to_fixed(bits a, unsigned fraction, unsigned width, bool is_signed,               \
                          enum fp_rounding mode, uint32_t *fpscr);                                 \
    /* value * 2^-fraction */                                                                      \
    bits f##_from_fixed(int64_t value, unsigned fraction, enum fp_rounding mode, uint32_t *fpscr); \
    bits f##_from_half(uint16_t a, uint32_t *fpscr);                                               \
    uint16_t f##_to_half(bits a, uint32_t *fpscr);
FP_DECLARE(f32, uint32_t)
FP_DECLARE(f64, uint64_t)
uint64_t f64_from_f32(uint32_t a, uint32_t *fpscr);
uint32_t f32_from_f64(uint64_t a, uint32_t *fpscr);

#endif
