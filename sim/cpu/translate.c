/* The translator's frame: where code lies, how it is entered and left, what ends a block. */
#include "sim/cpu/translate.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <sys/mman.h>

enum { CODE_SIZE = 16 << 20, CODE_RESERVE = 64 << 10 };

typedef struct departure enter_function(struct cpu *cpu, const uint8_t *code);

struct translator {
    uint8_t *base, *at;
    enter_function *enter;
    uint8_t *execute; /* rax: insn, ecx: cycles of the block; comes back, or leaves */
    uint8_t *finish;  /* likewise for what ends the block: goes on with the next one, or leaves */
    uint8_t *chain;   /* rdx: slot; leaves for the block at r[15] */
    uint8_t *resume;  /* rax: insn, ecx: cycles; leaves for the interpreter */
    struct departure departure;
};

static const uint8_t mapped[] = {0, 1, 2, 3, 4, 5, 6, 7, 12, 13};

static void save_guests(struct x64 *x)
{
    for (unsigned i = 0; i < sizeof mapped; i++)
        x_rm(x, 0x89, host_of(mapped[i]), core_r(mapped[i]));
}

static void restore_guests(struct x64 *x)
{
    for (unsigned i = 0; i < sizeof mapped; i++)
        x_rm(x, 0x8b, host_of(mapped[i]), core_r(mapped[i]));
}

static void push(struct x64 *x, unsigned reg)
{
    x_rex(x, 0, 0, 0, reg, 0);
    x_byte(x, 0x50 | (reg & 7));
}

static void pop(struct x64 *x, unsigned reg)
{
    x_rex(x, 0, 0, 0, reg, 0);
    x_byte(x, 0x58 | (reg & 7));
}

static void adjust_stack(struct x64 *x, int bytes)
{
    x_byte(x, 0x48);
    x_byte(x, 0x83);
    x_byte(x, 0xc4); /* add rsp, imm8 */
    x_byte(x, (unsigned)bytes & 0xff);
}

static const uint8_t preserved[] = {RBX, RBP, R12, R13, R14, R15};

static void emit_return(struct x64 *x)
{
    adjust_stack(x, 8);
    for (unsigned i = sizeof preserved; i-- > 0;)
        pop(x, preserved[i]);
    x_byte(x, 0xc3);
}

/* r15 = deadline - cycles [- rcx] */
static void compute_budget(struct x64 *x)
{
    x_rm64(x, 0x8b, R15, CORE(deadline));
    x_rm64(x, 0x2b, R15, CORE(cycles));
}

/* cycles = deadline - r15 [- rcx], by way of rdx */
static void publish_cycles(struct x64 *x, bool before_block)
{
    x_rm64(x, 0x8b, RDX, CORE(deadline));
    x_rr64(x, 0x2b, RDX, R15);
    if (before_block)
        x_rr64(x, 0x2b, RDX, RCX);
    x_rm64(x, 0x89, RDX, CORE(cycles));
}

static void emit_enter(struct x64 *x)
{
    for (unsigned i = 0; i < sizeof preserved; i++)
        push(x, preserved[i]);
    adjust_stack(x, -8);
    x_rr64(x, 0x8b, RBP, RDI);
    x_rr64(x, 0x8b, RAX, RSI);
    compute_budget(x);
    restore_guests(x);
    x_byte(x, 0xff); /* jmp rax */
    x_byte(x, 0xe0);
}

static void emit_execute(struct x64 *x)
{
    save_guests(x);
    publish_cycles(x, true);
    push(x, RAX);
    push(x, RCX);
    adjust_stack(x, -8);
    x_rr64(x, 0x8b, RDI, RBP);
    x_rr64(x, 0x8b, RSI, RAX);
    x_byte(x, 0xff); /* call [rax + execute] */
    x_byte(x, 0x50);
    x_byte(x, offsetof(struct insn, execute));
    adjust_stack(x, 8);
    pop(x, RCX);
    pop(x, RDX);
    x_rr(x, 0x85, RAX, RAX);
    uint8_t *out = x_jcc(x, X_NE);
    compute_budget(x);
    x_rr64(x, 0x2b, R15, RCX);
    restore_guests(x);
    x_byte(x, 0xc3);
    x_land(x, out);
    adjust_stack(x, 8); /* the return address */
    emit_return(x);
}

/* Executes what ends a block and looks for the next one. NULL: translator->departure says why. */
static const uint8_t *finish_block(struct cpu *cpu, const struct insn *insn)
{
    struct isa_state *isa = cpu->isa;
    struct departure *departure = &isa->translator->departure;
    enum flow flow = insn->execute(cpu, insn);
    departure->flow = flow;
    departure->at.insn = insn;
    if (flow > FLOW_LEAVE)
        return NULL;
    if (flow == FLOW_NEXT)
        leave(cpu, insn);
    account(cpu, insn, FLOW_LEAVE);
    departure->flow = DEPART_CHAIN;
    departure->at.slot = NULL;
    if (interrupted(cpu) || isa->code_changed || !cpu->thumb)
        return NULL;
    uint32_t key = cpu->r[15] | cpu->privileged;
    const struct block *block = isa->jump[jump_slot(key)];
    if (!block || block->key != key || block->it != cpu->itstate || !block->code)
        return NULL;
    cpu->itstate = 0; /* as at every entry of a block: an exception may have returned into an IT */
    return block->code;
}

static void emit_finish(struct x64 *x, struct translator *translator)
{
    save_guests(x);
    publish_cycles(x, true);
    x_rr64(x, 0x8b, RDI, RBP);
    x_rr64(x, 0x8b, RSI, RAX);
    x_mov_i64(x, RAX, (uintptr_t)finish_block);
    x_byte(x, 0xff); /* call rax */
    x_byte(x, 0xd0);
    x_rr64(x, 0x85, RAX, RAX);
    uint8_t *out = x_jcc(x, X_E);
    compute_budget(x);
    restore_guests(x);
    x_byte(x, 0xff); /* jmp rax */
    x_byte(x, 0xe0);
    x_land(x, out);
    x_mov_i64(x, RCX, (uintptr_t)&translator->departure);
    x_byte(x, 0x48); /* mov rax, [rcx] */
    x_byte(x, 0x8b);
    x_byte(x, 0x01);
    x_byte(x, 0x48); /* mov rdx, [rcx + 8] */
    x_byte(x, 0x8b);
    x_byte(x, 0x51);
    x_byte(x, 0x08);
    emit_return(x);
}

static void emit_chain(struct x64 *x)
{
    save_guests(x);
    x_rm64(x, 0x8b, RCX, CORE(deadline));
    x_rr64(x, 0x2b, RCX, R15);
    x_rm64(x, 0x89, RCX, CORE(cycles));
    x_mov_i(x, RAX, DEPART_CHAIN);
    emit_return(x);
}

static void emit_resume(struct x64 *x)
{
    save_guests(x);
    publish_cycles(x, true);
    x_rr64(x, 0x8b, RDX, RAX);
    x_mov_i(x, RAX, DEPART_RESUME);
    emit_return(x);
}

static void emit_frame(struct translator *translator)
{
    struct x64 x = {translator->base};
    translator->enter = (enter_function *)(uintptr_t)x.at;
    emit_enter(&x);
    translator->execute = x.at;
    emit_execute(&x);
    translator->finish = x.at;
    emit_finish(&x, translator);
    translator->chain = x.at;
    emit_chain(&x);
    translator->resume = x.at;
    emit_resume(&x);
    translator->at = x.at;
}

bool translator_create(struct cpu *cpu)
{
    struct translator *translator = calloc(1, sizeof *translator);
    if (!translator)
        return false;
    void *code = mmap(NULL, CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) {
        free(translator);
        return false;
    }
    translator->base = code;
    emit_frame(translator);
    cpu->isa->translator = translator;
    return true;
}

void translator_destroy(struct cpu *cpu)
{
    struct translator *translator = cpu->isa->translator;
    if (!translator)
        return;
    munmap(translator->base, CODE_SIZE);
    free(translator);
    cpu->isa->translator = NULL;
}

/* ---- Detours ---------------------------------------------------------------------------------- */

struct detour *detour_for(struct translation *t, const struct insn *insn)
{
    struct detour *detour = &t->detours[t->detour_count++];
    *detour = (struct detour){.insn = insn, .reports_back = true};
    return detour;
}

void detour_from(struct detour *detour, uint8_t *jump)
{
    detour->from[detour->froms++] = jump;
}

static void call_thunk(struct translation *t, const struct insn *insn, unsigned opcode,
                       const uint8_t *thunk)
{
    x_mov_i64(&t->x, RAX, (uintptr_t)insn);
    x_mov_i(&t->x, RCX, t->total);
    x_byte(&t->x, opcode); /* call or jmp */
    x_word(&t->x, 0);
    x_patch(t->x.at - 4, thunk);
}

static void emit_detours(struct translation *t)
{
    const struct translator *translator = t->cpu->isa->translator;
    for (unsigned i = 0; i < t->detour_count; i++) {
        struct detour *detour = &t->detours[i];
        if (detour->missed)
            emit_slower_lookups(t, detour);
        for (unsigned j = 0; j < detour->froms; j++)
            x_land(&t->x, detour->from[j]);
        if (detour->froms == 0)
            continue;
        if (detour->reports_back) {
            call_thunk(t, detour->insn, 0xe8, translator->execute);
            x_patch(x_jmp(&t->x), detour->back);
        } else {
            call_thunk(t, detour->insn, 0xe9, translator->resume);
        }
    }
}

/* ---- The ends of a block ---------------------------------------------------------------------- */

static void count_block(struct translation *t)
{
    x_rex(&t->x, 1, 0, 0, RBP, 0); /* add qword [instructions], count */
    x_byte(&t->x, 0x83);
    x_modrm_core(&t->x, 0, CORE(instructions));
    x_byte(&t->x, t->block->count);
}

static void budget(struct translation *t, unsigned digit, unsigned cycles)
{
    x_rex(&t->x, 1, 0, 0, R15, 0);
    x_byte(&t->x, 0x81);
    x_byte(&t->x, 0xc0 | digit << 3 | (R15 & 7));
    x_word(&t->x, cycles);
}

/* Goes on at `pc`: at once if it is this block, else by a slot that is filled when known. */
static void emit_exit(struct translation *t, uint32_t pc, uint8_t it, bool taken)
{
    uint32_t key = pc | (t->block->key & 1);
    if (taken)
        budget(t, X_SUB, t->cpu->config.model == CPU_CORTEX_M7 ? 1 : 2);
    count_block(t);
    uint8_t *jump = x_jmp(&t->x);
    if (key == t->block->key && it == t->block->it) {
        x_patch(jump, t->block->code);
        return;
    }
    t->exits[t->exit_count].from = jump;
    t->exits[t->exit_count].pc = pc;
    t->exits[t->exit_count++].it = it;
}

static void emit_departure(struct translation *t, uint32_t pc, uint8_t it, const uint8_t *slot)
{
    x_store_i(&t->x, core_r(15), pc);
    x_store_i(&t->x, CORE(itstate), it);
    x_mov_i64(&t->x, RDX, (uintptr_t)slot);
    x_patch(x_jmp(&t->x), t->cpu->isa->translator->chain);
}

static void emit_exits(struct translation *t)
{
    for (unsigned i = 0; i < t->exit_count; i++) {
        x_land(&t->x, t->exits[i].from);
        /* Only a block that begins outside an IT block is chained. */
        emit_departure(t, t->exits[i].pc, t->exits[i].it, t->exits[i].it ? NULL : t->exits[i].from);
    }
}

/* The block's head: takes its cycles off the budget; too small a budget leaves at once. The eight
 * bytes before the code hold the address of that way out (translator_forget). */
static void emit_head(struct translation *t)
{
    struct x64 *x = &t->x;
    x_quad(x, 0);
    t->block->code = x->at;
    budget(t, X_SUB, t->total);
    detour_from(&t->detours[t->detour_count++], x_jcc(x, X_L));
}

static void emit_way_out(struct translation *t)
{
    x_land(&t->x, t->detours[0].from[0]);
    t->detours[0].froms = 0;
    budget(t, X_ADD, t->total);
    uint64_t way_out = (uintptr_t)t->x.at;
    memcpy(t->block->code - 8, &way_out, 8);
    emit_departure(t, t->block->key & ~1u, t->block->it, NULL);
}

void translator_forget(struct block *block)
{
    uint64_t way_out;
    if (!block->code)
        return;
    memcpy(&way_out, block->code - 8, 8);
    block->code[0] = 0xe9;
    x_patch(block->code + 1, (const uint8_t *)(uintptr_t)way_out);
    block->code = NULL;
}

/* ---- Instructions ----------------------------------------------------------------------------- */

static bool translate_branch(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    uint8_t *over;
    switch (insn->op) {
    case OP_b:
        emit_exit(t, insn->imm, 0, true);
        return true;
    case OP_bl:
        x_store_i(x, core_r(14), (insn->pc + 4) | 1);
        emit_exit(t, insn->imm, 0, true);
        return true;
    case OP_b_cond:
        over = x_jcc(x, emit_condition(t, insn->shift) ^ 1);
        emit_exit(t, insn->imm, 0, true);
        x_land(x, over);
        return true;
    case OP_cbz:
        get_guest(x, RAX, insn->rn);
        x_rr(x, 0x85, RAX, RAX);
        over = x_jcc(x, insn->shift ? X_E : X_NE);
        emit_exit(t, insn->imm, 0, true);
        x_land(x, over);
        return true;
    default:
        return false;
    }
}

static bool ends_by_executor(const struct insn *insn)
{
    switch (insn->op) {
    case OP_bx:
    case OP_blx:
    case OP_mov_pc:
    case OP_add_pc:
    case OP_tbb:
    case OP_ldr_pc:
    case OP_svc:
    case OP_bkpt:
    case OP_undefined:
    case OP_nocp:
    case OP_wfi:
    case OP_wfe:
    case OP_sev:
    case OP_msr:
    case OP_cps:
    case OP_barrier:
    case OP_breakpoint:
        return true;
    case OP_ldm:
        return insn->imm >> 15;
    default:
        return false;
    }
}

static bool translate_body(struct translation *t, const struct insn *insn, unsigned need,
                           bool conditional)
{
    return translate_alu(t, insn, need, conditional) || translate_memory(t, insn) ||
           translate_fp(t, insn) || translate_branch(t, insn);
}

static void translate_one(struct translation *t, const struct insn *insn, unsigned need)
{
    uint8_t *over = NULL;
    uint8_t *start = t->x.at;
    bool conditional = insn->wrap & INSN_CONDITIONAL;
    bool moves = conditional && alu_can_move_conditionally(insn);
    enum host_flags flags = t->host_flags;
    unsigned detours = t->detour_count;
    if (ends_by_executor(insn)) {
        call_thunk(t, insn, 0xe9, t->cpu->isa->translator->finish);
        return;
    }
    bool fp_checked = t->fp_checked;
    if (conditional && !moves)
        over = x_jcc(&t->x, emit_condition(t, insn->cond) ^ 1);
    if (translate_body(t, insn, need, moves)) {
        if (over) {
            x_land(&t->x, over);
            t->host_flags = HOST_NOTHING;
            t->fp_checked = fp_checked;
        }
        return;
    }
    t->x.at = start;
    t->detour_count = detours;
    t->host_flags = flags;
    call_thunk(t, insn, 0xe8, t->cpu->isa->translator->execute);
    t->host_flags = HOST_NOTHING;
    t->fp_checked = false;
}

/* ---- Which flags must be stored --------------------------------------------------------------- */

static unsigned condition_reads(unsigned cond)
{
    static const uint8_t reads[8] = {
        NEED_Z, NEED_C, NEED_N, NEED_V, NEED_C | NEED_Z, NEED_N | NEED_V, NEED_N | NEED_V | NEED_Z,
        0};
    return reads[cond >> 1];
}

/* Anything that may leave the block or call an executor needs all flags as they are. */
static bool only_computes(const struct insn *insn)
{
    return insn->op <= OP_uxtb16 || insn->op == OP_it || insn->op == OP_nop || insn->op == OP_mul ||
           insn->op == OP_mla || insn->op == OP_mls;
}

static void find_needed_flags(struct translation *t)
{
    unsigned live = NEED_ALL;
    for (unsigned i = t->block->count; i-- > 0;) {
        const struct insn *insn = &t->block->insns[i];
        unsigned written = only_computes(insn) ? alu_flags_written(insn) : 0;
        t->need[i] = (uint8_t)live;
        if (!only_computes(insn) || insn->wrap & ~INSN_CONDITIONAL) {
            live = NEED_ALL;
            continue;
        }
        if (insn->wrap & INSN_CONDITIONAL)
            live |= condition_reads(insn->cond);
        else
            live &= ~written;
        live |= alu_flags_read(insn);
    }
}

/* ---- Blocks ----------------------------------------------------------------------------------- */

/* No room: every block's code goes, all is translated anew as it runs. */
static void discard_all(struct cpu *cpu)
{
    struct isa_state *isa = cpu->isa;
    for (unsigned i = 0; i < BUCKETS; i++)
        for (struct block *block = isa->buckets[i]; block; block = block->next_in_bucket) {
            block->code = NULL;
            block->runs = 0;
        }
    emit_frame(isa->translator);
}

void translate_block(struct cpu *cpu, struct block *block)
{
    struct translator *translator = cpu->isa->translator;
    if (!translator || block == cpu->isa->uncached || block->insns[0].op == OP_breakpoint)
        return;
    if (translator->at > translator->base + CODE_SIZE - CODE_RESERVE)
        discard_all(cpu);
    struct translation t = {
        .x = {translator->at}, .cpu = cpu, .block = block, .total = block->cycles};
    find_needed_flags(&t);
    emit_head(&t);
    for (unsigned i = 0; i < block->count; i++)
        translate_one(&t, &block->insns[i], t.need[i]);
    const struct insn *end = &block->insns[block->count];
    emit_exit(&t, end->pc, end->it, false);
    emit_way_out(&t);
    emit_detours(&t);
    emit_exits(&t);
    translator->at = t.x.at;
}

/* Interprets the rest of a block from `insn` on. */
static enum flow resume(struct cpu *cpu, const struct insn *insn)
{
    enum flow flow;
    cpu->itstate = 0;
    while ((flow = insn->execute(cpu, insn)) == FLOW_NEXT)
        insn++;
    account(cpu, insn, flow);
    return flow;
}

/* Leads the jump to the block that follows it, if that has code by now. */
static void fill_slot(struct cpu *cpu, uint8_t *slot)
{
    uint32_t key = cpu->r[15] | cpu->privileged;
    const struct block *next = cpu->isa->jump[jump_slot(key)];
    if (slot && !cpu->isa->code_changed && next && next->key == key && next->it == 0 && next->code)
        x_patch(slot, next->code);
}

enum flow translator_run(struct cpu *cpu, struct block *block)
{
    struct translator *translator = cpu->isa->translator;
    cpu->itstate = 0;
    struct departure departure = translator->enter(cpu, block->code);
    if (departure.flow == DEPART_CHAIN) {
        fill_slot(cpu, departure.at.slot);
        return FLOW_LEAVE;
    }
    if (departure.flow == DEPART_RESUME)
        return resume(cpu, departure.at.insn);
    enum flow flow = (enum flow)departure.flow;
    account(cpu, departure.at.insn, flow);
    return flow;
}

#else

bool translator_create(struct cpu *cpu)
{
    (void)cpu;
    return false;
}

void translator_destroy(struct cpu *cpu)
{
    (void)cpu;
}

void translate_block(struct cpu *cpu, struct block *block)
{
    (void)cpu;
    (void)block;
}

void translator_forget(struct block *block)
{
    (void)block;
}

enum flow translator_run(struct cpu *cpu, struct block *block)
{
    (void)cpu;
    (void)block;
    return FLOW_LEAVE;
}

#endif
