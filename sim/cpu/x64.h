/*
 * Writing x86-64 machine code: just the forms that the translator needs. 32-bit operations unless the
 * name says otherwise; memory operands are [rbp + displacement], rbp being the core.
 */
#ifndef SIM_CPU_X64_H
#define SIM_CPU_X64_H

#include <stdint.h>
#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

/* The two-operand operations: opcode of `reg, r/m` and the digit of the immediate form. */
enum x64_alu { X_ADD, X_OR, X_ADC, X_SBB, X_AND, X_SUB, X_XOR, X_CMP };
enum x64_shift { X_ROR = 1, X_SHL = 4, X_SHR = 5, X_SAR = 7 };
/* Condition codes */
enum { X_O, X_NO, X_B, X_AE, X_E, X_NE, X_BE, X_A, X_S, X_NS, X_P, X_NP, X_L, X_GE, X_LE, X_G };

struct x64 {
    uint8_t *at;
};

static inline void x_byte(struct x64 *x, unsigned byte)
{
    *x->at++ = (uint8_t)byte;
}

static inline void x_word(struct x64 *x, uint32_t word)
{
    memcpy(x->at, &word, 4);
    x->at += 4;
}

static inline void x_quad(struct x64 *x, uint64_t quad)
{
    memcpy(x->at, &quad, 8);
    x->at += 8;
}

/* REX where needed, then the opcode (with its 0F escape if above 0xff) and register operands. */
static inline void x_rex(struct x64 *x, unsigned wide, unsigned reg, unsigned index, unsigned base,
                         unsigned force)
{
    unsigned rex = wide << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3;
    if (rex || force)
        x_byte(x, 0x40 | rex);
}

static inline void x_opcode(struct x64 *x, unsigned opcode)
{
    if (opcode > 0xff)
        x_byte(x, opcode >> 8);
    x_byte(x, opcode & 0xff);
}

static inline void x_rr(struct x64 *x, unsigned opcode, unsigned reg, unsigned rm)
{
    x_rex(x, 0, reg, 0, rm, 0);
    x_opcode(x, opcode);
    x_byte(x, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

static inline void x_rr64(struct x64 *x, unsigned opcode, unsigned reg, unsigned rm)
{
    x_rex(x, 1, reg, 0, rm, 0);
    x_opcode(x, opcode);
    x_byte(x, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

/* Byte registers: REX makes sil, dil… of 4..7. */
static inline void x_rr8(struct x64 *x, unsigned opcode, unsigned reg, unsigned rm)
{
    x_rex(x, 0, reg, 0, rm, 1);
    x_opcode(x, opcode);
    x_byte(x, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

static inline void x_modrm_core(struct x64 *x, unsigned reg, uint32_t displacement)
{
    if (displacement < 128) {
        x_byte(x, 0x45 | (reg & 7) << 3);
        x_byte(x, displacement);
    } else {
        x_byte(x, 0x85 | (reg & 7) << 3);
        x_word(x, displacement);
    }
}

static inline void x_rm(struct x64 *x, unsigned opcode, unsigned reg, uint32_t displacement)
{
    x_rex(x, 0, reg, 0, RBP, 0);
    x_opcode(x, opcode);
    x_modrm_core(x, reg, displacement);
}

static inline void x_rm64(struct x64 *x, unsigned opcode, unsigned reg, uint32_t displacement)
{
    x_rex(x, 1, reg, 0, RBP, 0);
    x_opcode(x, opcode);
    x_modrm_core(x, reg, displacement);
}

/* [base + index + displacement below 128], neither being rbp, r13 (base) or rsp (index) */
static inline void x_indexed(struct x64 *x, unsigned prefix, unsigned opcode, unsigned wide,
                             unsigned reg, unsigned base, unsigned index, unsigned force,
                             unsigned displacement)
{
    if (prefix)
        x_byte(x, prefix);
    x_rex(x, wide, reg, index, base, force);
    x_opcode(x, opcode);
    x_byte(x, 0x44 | (reg & 7) << 3);
    x_byte(x, (index & 7) << 3 | (base & 7));
    x_byte(x, displacement);
}

static inline void x_alu(struct x64 *x, enum x64_alu alu, unsigned reg, unsigned rm)
{
    x_rr(x, (unsigned)alu << 3 | 3, reg, rm);
}

static inline void x_alu_i(struct x64 *x, enum x64_alu alu, unsigned rm, uint32_t imm)
{
    x_rex(x, 0, 0, 0, rm, 0);
    if ((int32_t)imm >= -128 && (int32_t)imm < 128) {
        x_byte(x, 0x83);
        x_byte(x, 0xc0 | (unsigned)alu << 3 | (rm & 7));
        x_byte(x, imm & 0xff);
    } else {
        x_byte(x, 0x81);
        x_byte(x, 0xc0 | (unsigned)alu << 3 | (rm & 7));
        x_word(x, imm);
    }
}

static inline void x_mov_i(struct x64 *x, unsigned reg, uint32_t imm)
{
    x_rex(x, 0, 0, 0, reg, 0);
    x_byte(x, 0xb8 | (reg & 7));
    x_word(x, imm);
}

static inline void x_mov_i64(struct x64 *x, unsigned reg, uint64_t imm)
{
    x_rex(x, 1, 0, 0, reg, 0);
    x_byte(x, 0xb8 | (reg & 7));
    x_quad(x, imm);
}

static inline void x_shift_i(struct x64 *x, enum x64_shift shift, unsigned rm, unsigned amount)
{
    x_rex(x, 0, 0, 0, rm, 0);
    x_byte(x, 0xc1);
    x_byte(x, 0xc0 | (unsigned)shift << 3 | (rm & 7));
    x_byte(x, amount);
}

static inline void x_shift_cl(struct x64 *x, enum x64_shift shift, unsigned rm)
{
    x_rex(x, 0, 0, 0, rm, 0);
    x_byte(x, 0xd3);
    x_byte(x, 0xc0 | (unsigned)shift << 3 | (rm & 7));
}

/* mov dword [rbp + displacement], imm */
static inline void x_store_i(struct x64 *x, uint32_t displacement, uint32_t imm)
{
    x_byte(x, 0xc7);
    x_modrm_core(x, 0, displacement);
    x_word(x, imm);
}

/* cmp byte [rbp + displacement], imm8 */
static inline void x_cmp_core_i8(struct x64 *x, uint32_t displacement, unsigned imm)
{
    x_byte(x, 0x80);
    x_modrm_core(x, 7, displacement);
    x_byte(x, imm);
}

static inline void x_setcc_core(struct x64 *x, unsigned cc, uint32_t displacement)
{
    x_byte(x, 0x0f);
    x_byte(x, 0x90 | cc);
    x_modrm_core(x, 0, displacement);
}

/* A jump whose target comes later: returns where its offset is. */
static inline uint8_t *x_jcc(struct x64 *x, unsigned cc)
{
    x_byte(x, 0x0f);
    x_byte(x, 0x80 | cc);
    x_word(x, 0);
    return x->at - 4;
}

static inline uint8_t *x_jmp(struct x64 *x)
{
    x_byte(x, 0xe9);
    x_word(x, 0);
    return x->at - 4;
}

static inline void x_patch(uint8_t *offset, const uint8_t *target)
{
    int32_t distance = (int32_t)(target - (offset + 4));
    memcpy(offset, &distance, 4);
}

static inline void x_land(struct x64 *x, uint8_t *offset)
{
    x_patch(offset, x->at);
}

#endif
