/* Loads and stores in x86-64: the TLB's hit inline, everything else by the executor. */
#include "sim/cpu/translate.h"

#if defined(__x86_64__)

/* eax: the first word's address. The last word's page or line is compared with the entry of the first
 * word's: both must be one. Returns the jump of a miss; falls through with the host's base in rcx. */
static uint8_t *look_in(struct x64 *x, uint32_t table, unsigned shift, unsigned entries,
                        unsigned align, unsigned span, bool waits)
{
    x_rr(x, 0x8b, RCX, RAX);
    x_shift_i(x, X_SHR, RCX, shift - 4);
    x_alu_i(x, X_AND, RCX, (entries - 1) << 4);
    if (span > align) {
        x_byte(x, 0x8d); /* lea edx, [rax + span - align] */
        x_byte(x, 0x50);
        x_byte(x, span - align);
    } else {
        x_rr(x, 0x8b, RDX, RAX);
    }
    x_alu_i(x, X_AND, RDX, ~0u << shift | (align - 1));
    if (waits)
        x_alu_i(x, X_OR, RDX, TLB_WAITS);
    x_byte(x, 0x39); /* cmp [rbp + rcx + table], edx */
    x_byte(x, 0x94);
    x_byte(x, 0x0d);
    x_word(x, table + offsetof(struct tlb_entry, tag));
    uint8_t *miss = x_jcc(x, X_NE);
    if (waits) {
        x_byte(x, 0x8b); /* mov edx, [rbp + rcx + table] */
        x_byte(x, 0x94);
        x_byte(x, 0x0d);
        x_word(x, table + offsetof(struct tlb_entry, wait));
    }
    x_byte(x, 0x48); /* mov rcx, [rbp + rcx + table] */
    x_byte(x, 0x8b);
    x_byte(x, 0x8c);
    x_byte(x, 0x0d);
    x_word(x, table + offsetof(struct tlb_entry, host));
    return miss;
}

/* After it, rcx + rax is where the first word (its address in eax) lies in the host. */
static void lookup(struct translation *t, struct detour *detour, unsigned align, unsigned span,
                   bool write)
{
    uint32_t table = write ? CORE(tlb_write) : t->literal ? CORE(tlb_literal) : CORE(tlb_read);
    uint8_t *miss = look_in(&t->x, table, CPU_PAGE_SHIFT, TLB_SIZE, align, span, false);
    t->host_flags = HOST_NOTHING;
    detour->missed = miss;
    detour->table = table;
    detour->found = t->x.at;
    detour->align = (uint8_t)align;
    detour->span = (uint8_t)span;
    detour->write = write;
}

/* A page whose accesses take longer: the time of each word off the budget. If that does not suffice,
 * the executor does it all. */
static void emit_waiting_lookup(struct translation *t, struct detour *detour)
{
    struct x64 *x = &t->x;
    uint32_t table = detour->table;
    unsigned words = detour->span > detour->align ? detour->span / 4u : 1;
    detour_from(detour,
                look_in(x, table, CPU_PAGE_SHIFT, TLB_SIZE, detour->align, detour->span, true));
    x_byte(x, 0x6b); /* imul edx, edx, words */
    x_byte(x, 0xd2);
    x_byte(x, words);
    x_rr64(x, 0x2b, R15, RDX);
    x_patch(x_jcc(x, X_NS), detour->found);
    x_rr64(x, 0x03, R15, RDX);
}

void emit_slower_lookups(struct translation *t, struct detour *detour)
{
    uint32_t table = detour->write ? CORE(line_write) : CORE(line_read);
    x_land(&t->x, detour->missed);
    if (t->cpu->config.model == CPU_CORTEX_M7) {
        uint8_t *miss =
            look_in(&t->x, table, LINE_SHIFT, LINE_TLB_SIZE, detour->align, detour->span, false);
        x_patch(x_jmp(&t->x), detour->found);
        x_land(&t->x, miss);
    }
    emit_waiting_lookup(t, detour);
}

static void load_from(struct translation *t, unsigned opcode, unsigned guest, unsigned displacement)
{
    unsigned reg = host_of(guest) == RBP ? RDX : host_of(guest);
    x_indexed(&t->x, 0, opcode, 0, reg, RCX, RAX, 0, displacement);
    put_guest(&t->x, guest, reg);
}

static void store_to(struct translation *t, unsigned size, unsigned guest, unsigned displacement)
{
    unsigned reg = host_of(guest);
    if (reg == RBP) {
        reg = RDX;
        get_guest(&t->x, RDX, guest);
    }
    x_indexed(&t->x, size == 2 ? 0x66 : 0, size == 1 ? 0x88 : 0x89, 0, reg, RCX, RAX, size == 1,
              displacement);
}

static void move_base(struct translation *t, unsigned guest, uint32_t by)
{
    unsigned reg = host_of(guest) == RBP ? RDX : host_of(guest);
    get_guest(&t->x, reg, guest);
    x_alu_i(&t->x, X_ADD, reg, by);
    put_guest(&t->x, guest, reg);
}

static void offset_address(struct translation *t, const struct insn *insn)
{
    if (insn->rn == 15) {
        x_mov_i(&t->x, RAX, insn->pc_operand + insn->imm);
        return;
    }
    get_guest(&t->x, RAX, insn->rn);
    if (insn->imm)
        x_alu_i(&t->x, X_ADD, RAX, insn->imm);
}

static void register_address(struct translation *t, const struct insn *insn)
{
    get_guest(&t->x, RAX, insn->rm);
    if (insn->shift)
        x_shift_i(&t->x, X_SHL, RAX, insn->shift);
    with_guest(&t->x, 0x03, RAX, insn->rn);
}

struct access {
    uint8_t size;
    bool is_store;
    uint16_t opcode; /* of the load */
};

/* In the order of the operations: LDR LDRB LDRH LDRSB LDRSH STR STRB STRH. */
static const struct access accesses[8] = {
    {4, false, 0x8b},   {1, false, 0x0fb6}, {2, false, 0x0fb7}, {1, false, 0x0fbe},
    {2, false, 0x0fbf}, {4, true, 0},       {1, true, 0},       {2, true, 0}};

static bool single(struct translation *t, const struct insn *insn)
{
    unsigned form = (insn->op - OP_ldr_i) / 8u;
    const struct access *access = &accesses[(insn->op - OP_ldr_i) % 8u];
    bool aligned_sp = insn->rn == 13 && insn->rd != 13 && !(insn->imm & 3);
    if (insn->unprivileged || (insn->wrap & INSN_ALIGNS_SP && !(form == 2 && aligned_sp)))
        return false;
    if (form == 2 && !insn->index)
        get_guest(&t->x, RAX, insn->rn);
    else if (form == 1)
        register_address(t, insn);
    else
        offset_address(t, insn);
    struct detour *detour = detour_for(t, insn);
    t->literal = form != 1 && insn->rn == 15;
    lookup(t, detour, access->size, access->size, access->is_store);
    t->literal = false;
    if (access->is_store)
        store_to(t, access->size, insn->rd, 0);
    else
        load_from(t, access->opcode, insn->rd, 0);
    if (form == 2 && insn->write_back)
        move_base(t, insn->rn, insn->imm);
    detour->back = t->x.at;
    return true;
}

static bool dual(struct translation *t, const struct insn *insn)
{
    bool write = insn->op == OP_strd;
    if (insn->wrap & INSN_ALIGNS_SP)
        return false;
    if (insn->index)
        offset_address(t, insn);
    else
        get_guest(&t->x, RAX, insn->rn);
    struct detour *detour = detour_for(t, insn);
    lookup(t, detour, 4, 8, write);
    if (write) {
        store_to(t, 4, insn->rd, 0);
        store_to(t, 4, insn->ra, 4);
    } else {
        load_from(t, 0x8b, insn->rd, 0);
        load_from(t, 0x8b, insn->ra, 4);
    }
    if (insn->write_back)
        move_base(t, insn->rn, insn->imm);
    detour->back = t->x.at;
    return true;
}

static bool multiple(struct translation *t, const struct insn *insn)
{
    uint32_t list = insn->imm, size = 4u * (uint32_t)__builtin_popcount(list);
    bool write = insn->op == OP_stm;
    unsigned displacement = 0;
    if (insn->wrap & INSN_ALIGNS_SP || list >> 15 || list == 0)
        return false;
    get_guest(&t->x, RAX, insn->rn);
    if (!insn->add)
        x_alu_i(&t->x, X_SUB, RAX, size);
    struct detour *detour = detour_for(t, insn);
    lookup(t, detour, 4, size, write);
    for (uint32_t left = list; left; left &= left - 1, displacement += 4) {
        if (write)
            store_to(t, 4, (unsigned)__builtin_ctz(left), displacement);
        else
            load_from(t, 0x8b, (unsigned)__builtin_ctz(left), displacement);
    }
    if (insn->write_back)
        move_base(t, insn->rn, insn->add ? size : 0u - size);
    detour->back = t->x.at;
    return true;
}

/* ---- Floating point: words between memory and the register file ------------------------------- */

static void copy(struct translation *t, bool write, unsigned first, unsigned words)
{
    for (unsigned i = 0; i < words;) {
        unsigned wide = words - i >= 2 ? 1 : 0;
        uint32_t place = CORE(fp) + 4 * (first + i);
        if (write) {
            (wide ? x_rm64 : x_rm)(&t->x, 0x8b, RDX, place);
            x_indexed(&t->x, 0, 0x89, wide, RDX, RCX, RAX, 0, 4 * i);
        } else {
            x_indexed(&t->x, 0, 0x8b, wide, RDX, RCX, RAX, 0, 4 * i);
            (wide ? x_rm64 : x_rm)(&t->x, 0x89, RDX, place);
        }
        i += 1 + wide;
    }
}

static bool floating(struct translation *t, const struct insn *insn)
{
    bool multiple_words = insn->op == OP_vldm || insn->op == OP_vstm;
    bool write = insn->op == OP_vstm || insn->op == OP_vstr_f32 || insn->op == OP_vstr_f64;
    unsigned words = multiple_words                                       ? insn->ra
                     : insn->op == OP_vldr_f64 || insn->op == OP_vstr_f64 ? 2
                                                                          : 1;
    unsigned first = multiple_words ? insn->rd : insn->rd * words;
    if (words == 0 || insn->wrap & INSN_ALIGNS_SP ||
        (multiple_words && insn->imm & 4 && words % 2 == 0))
        return false;
    struct detour *detour = detour_for(t, insn);
    x_byte(&t->x, 0x80); /* cmp byte [rbp + fp_ready], 0 */
    x_modrm_core(&t->x, 7, CORE(fp_ready));
    x_byte(&t->x, 0);
    detour_from(detour, x_jcc(&t->x, X_E));
    if (!multiple_words) {
        offset_address(t, insn);
    } else {
        get_guest(&t->x, RAX, insn->rn);
        if (!insn->add)
            x_alu_i(&t->x, X_SUB, RAX, insn->imm);
    }
    t->literal = insn->rn == 15;
    lookup(t, detour, 4, 4 * words, write);
    t->literal = false;
    copy(t, write, first, words);
    if (multiple_words && insn->write_back)
        move_base(t, insn->rn, insn->add ? insn->imm : 0u - insn->imm);
    detour->back = t->x.at;
    return true;
}

bool translate_memory(struct translation *t, const struct insn *insn)
{
    switch (insn->op) {
    case OP_ldrd:
    case OP_strd:
        return dual(t, insn);
    case OP_ldm:
    case OP_stm:
        return multiple(t, insn);
    case OP_vldr_f32:
    case OP_vldr_f64:
    case OP_vstr_f32:
    case OP_vstr_f64:
    case OP_vldm:
    case OP_vstm:
        return floating(t, insn);
    default:
        if (insn->op >= OP_ldr_i && insn->op <= OP_strh_w)
            return single(t, insn);
        return false;
    }
}

#endif
