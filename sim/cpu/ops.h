/* Every operation of the decoded form. The name is the executor's too: OP_mla runs execute_mla(). */
#ifndef SIM_CPU_OPS_H
#define SIM_CPU_OPS_H

/* clang-format off */
#define OPS_ALU(X)                                                                                 \
    X(and_i)                                                                                       \
    X(bic_i) X(orr_i) X(orn_i) X(eor_i) X(add_i) X(adc_i) X(sbc_i) X(sub_i) X(rsb_i) X(mov_i)      \
        X(mvn_i) X(tst_i) X(teq_i) X(cmp_i) X(cmn_i) X(and_r) X(bic_r) X(orr_r) X(orn_r) X(eor_r)  \
            X(add_r) X(adc_r) X(sbc_r) X(sub_r) X(rsb_r) X(mov_r) X(mvn_r) X(tst_r) X(teq_r)       \
                X(cmp_r) X(cmn_r) X(shift_r) X(movt) X(bfi) X(ubfx) X(sbfx) X(clz) X(rbit) X(rev)  \
                    X(rev16) X(revsh) X(sxtb) X(sxth) X(uxtb) X(uxth) X(sxtb16) X(uxtb16)

#define OPS_MULTIPLY(X)                                                                            \
    X(mul)                                                                                         \
    X(mla) X(mls) X(smla_xy) X(smlaw) X(smlad) X(smlsd) X(smmla) X(smmls) X(smull) X(umull)        \
        X(smlal) X(umlal) X(umaal) X(smlal_xy) X(smlald) X(smlsld) X(sdiv) X(udiv)

#define OPS_DSP(X)                                                                                 \
    X(ssat)                                                                                        \
    X(usat) X(ssat16) X(usat16) X(pkh) X(sel) X(usada8) X(parallel) X(qadd) X(qdadd) X(qsub)       \
        X(qdsub)

#define OPS_MEMORY(X)                                                                              \
    X(ldr_i)                                                                                       \
    X(ldrb_i) X(ldrh_i) X(ldrsb_i) X(ldrsh_i) X(str_i) X(strb_i) X(strh_i) X(ldr_r) X(ldrb_r)      \
        X(ldrh_r) X(ldrsb_r) X(ldrsh_r) X(str_r) X(strb_r) X(strh_r) X(ldr_w) X(ldrb_w) X(ldrh_w)  \
            X(ldrsb_w) X(ldrsh_w) X(str_w) X(strb_w) X(strh_w) X(ldr_pc) X(ldrd) X(strd) X(ldm)    \
                X(stm) X(ldrex) X(strex) X(clrex) X(tbb)

#define OPS_BRANCH(X)                                                                              \
    X(b) X(b_cond) X(bl) X(bx) X(blx) X(cbz) X(mov_pc) X(add_pc) X(end) X(breakpoint)

#define OPS_SYSTEM(X)                                                                              \
    X(nop)                                                                                         \
    X(it) X(wfe) X(wfi) X(sev) X(barrier) X(svc) X(bkpt) X(cps) X(mrs) X(msr) X(undefined) X(nocp)

#define OPS_FP_SIZED(X, s)                                                                         \
    X(vmla_##s)                                                                                    \
    X(vmls_##s) X(vnmla_##s) X(vnmls_##s) X(vmul_##s) X(vnmul_##s) X(vadd_##s) X(vsub_##s)         \
        X(vdiv_##s) X(vfma_##s) X(vfms_##s) X(vfnma_##s) X(vfnms_##s) X(vmov_i_##s) X(vmov_##s)    \
            X(vabs_##s) X(vneg_##s) X(vsqrt_##s) X(vcmp_##s) X(vcmp_z_##s) X(vrint_##s)            \
                X(vcvt_from_int_##s) X(vcvt_to_int_##s) X(vcvt_from_fixed_##s)                     \
                    X(vcvt_to_fixed_##s) X(vsel_##s) X(vmaxnm_##s) X(vminnm_##s)                   \
                        X(vcvt_from_half_##s) X(vcvt_to_half_##s)

#define OPS_FP(X)                                                                                  \
    X(vcvt_f32_f64)                                                                                \
    X(vcvt_f64_f32) X(vldr_f32) X(vldr_f64) X(vstr_f32) X(vstr_f64) X(vldm) X(vstm)                \
        X(vmov_to_core) X(vmov_from_core) X(vmov_to_pair) X(vmov_from_pair) X(vmsr) X(vmrs)

#define OPS(X)                                                                                     \
    OPS_ALU(X) OPS_MULTIPLY(X) OPS_DSP(X) OPS_MEMORY(X) OPS_BRANCH(X) OPS_SYSTEM(X) OPS_FP(X)      \
    OPS_FP_SIZED(X, f32) OPS_FP_SIZED(X, f64)
/* clang-format on */

enum op {
#define OP_ENUM(name) OP_##name,
    OPS(OP_ENUM)
#undef OP_ENUM
        OP_COUNT
};

#endif
