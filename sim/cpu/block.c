/* Blocks: found by address, ITSTATE and privilege; forgotten by page when code changes. */
#include "sim/cpu/translate.h"

#include <stdlib.h>
#include <string.h>

static uint32_t page_of(uint32_t address)
{
    return address & ~(uint32_t)(CPU_PAGE_SIZE - 1);
}

static unsigned bucket_of(uint32_t key, uint8_t it)
{
    return (key >> 1 ^ key >> 13 ^ (uint32_t)it << 4) & (BUCKETS - 1);
}

/* ---- Pages ------------------------------------------------------------------------------------ */

struct code_page *code_page_find(const struct isa_state *isa, uint32_t address)
{
    struct code_page *page = isa->pages[address >> CPU_PAGE_SHIFT & (PAGES - 1)];
    while (page && page->address != page_of(address))
        page = page->next;
    return page;
}

struct code_page *code_page_make(struct cpu *cpu, uint32_t address)
{
    struct isa_state *isa = cpu->isa;
    struct code_page *page = code_page_find(isa, address);
    if (!page) {
        struct code_page **head = &isa->pages[address >> CPU_PAGE_SHIFT & (PAGES - 1)];
        page = calloc(1, sizeof *page);
        if (!page)
            return NULL;
        page->address = page_of(address);
        page->next = *head;
        *head = page;
    }
    return page;
}

/* The same for a block that begins or ends in the page: writes to it are heard of. */
static struct code_page *page_watched(struct cpu *cpu, uint32_t address)
{
    struct code_page *page = code_page_make(cpu, address);
    if (page && !page->blocks && cpu->config.bus.watch_code)
        cpu->config.bus.watch_code(cpu->config.bus.ctx, page->address);
    return page;
}

static unsigned link_index(const struct block *block, uint32_t page_address)
{
    return page_of(block->key) == page_address ? 0 : 1;
}

static void page_link(struct code_page *page, struct block *block)
{
    struct block **link = &block->next_in_page[link_index(block, page->address)];
    *link = page->blocks;
    page->blocks = block;
}

static void page_unlink(struct code_page *page, struct block *block)
{
    struct block **link = &page->blocks;
    while (*link && *link != block)
        link = &(*link)->next_in_page[link_index(*link, page->address)];
    if (*link)
        *link = block->next_in_page[link_index(block, page->address)];
}

/* ---- Forgetting ------------------------------------------------------------------------------- */

static void block_kill(struct isa_state *isa, struct block *block)
{
    struct block **link = &isa->buckets[bucket_of(block->key, block->it)];
    while (*link && *link != block)
        link = &(*link)->next_in_bucket;
    if (*link)
        *link = block->next_in_bucket;
    if (isa->jump[jump_slot(block->key)] == block)
        isa->jump[jump_slot(block->key)] = NULL;
    block->valid = false;
    translator_forget(block);
    block->next_dead = isa->dead;
    isa->dead = block;
    isa->code_changed = true;
}

void isa_forget_page(struct cpu *cpu, uint32_t page_address)
{
    struct isa_state *isa = cpu->isa;
    struct code_page *page = code_page_find(isa, page_address);
    if (!page)
        return;
    while (page->blocks) {
        struct block *block = page->blocks;
        struct code_page *first = code_page_find(isa, block->key);
        struct code_page *last = code_page_find(isa, block->end - 1);
        page_unlink(first, block);
        if (last != first)
            page_unlink(last, block);
        block_kill(isa, block);
    }
}

void isa_forget_code(struct cpu *cpu)
{
    for (unsigned i = 0; i < PAGES; i++)
        for (struct code_page *page = cpu->isa->pages[i]; page; page = page->next)
            isa_forget_page(cpu, page->address);
}

void isa_forget_range(struct cpu *cpu, uint32_t first, uint32_t last)
{
    if (last - first > 4 * CPU_PAGE_SIZE) {
        isa_forget_code(cpu);
        return;
    }
    uint32_t pages = (last >> CPU_PAGE_SHIFT) - (first >> CPU_PAGE_SHIFT) + 1;
    for (uint32_t n = 0; n < pages; n++)
        isa_forget_page(cpu, page_of(first) + n * CPU_PAGE_SIZE);
}

void blocks_free_dead(struct isa_state *isa)
{
    while (isa->dead) {
        struct block *block = isa->dead;
        isa->dead = block->next_dead;
        free(block);
    }
    isa->code_changed = false;
}

/* ---- Building --------------------------------------------------------------------------------- */

static bool ends_block(const struct insn *insn)
{
    switch (insn->op) {
    case OP_b:
    case OP_b_cond:
    case OP_bl:
    case OP_bx:
    case OP_blx:
    case OP_cbz:
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

static bool has_breakpoint(const struct isa_state *isa, uint32_t address)
{
    if (isa->resuming && isa->resume_pc == address)
        return false;
    for (unsigned i = 0; i < isa->breakpoint_count; i++)
        if (isa->breakpoints[i] == address)
            return true;
    return false;
}

static uint8_t it_after(const struct insn *insn)
{
    return insn->op == OP_it ? (uint8_t)insn->imm : it_advance(insn->it);
}

static void make_special(struct insn *insn, enum op op, uint32_t pc, uint8_t it)
{
    memset(insn, 0, sizeof *insn);
    insn->op = (uint8_t)op;
    insn->pc = pc;
    insn->it = it;
    insn->cond = COND_ALWAYS;
    insn->encoding = UINT16_MAX;
    insn->operation = insn->execute = executors[op];
}

/* Reads code through the page where there is one, else halfword by halfword. */
struct code_reader {
    struct cpu *cpu;
    struct cpu_page page;
    uint32_t page_address;
    bool cached; /* by the instruction cache */
};

static uint32_t read_page(const struct code_reader *reader, uint32_t address)
{
    uint16_t halfword;
    if (reader->cached)
        return icache_read(reader->cpu, address, reader->page.bytes);
    memcpy(&halfword, reader->page.bytes + (address & (CPU_PAGE_SIZE - 1)), 2);
    return halfword;
}

/* A halfword by itself, from wherever it comes. */
static enum cpu_fault read_alone(struct cpu *cpu, uint32_t address, uint16_t *halfword)
{
    struct cpu_page page;
    enum cpu_fault what = memory_fetch(cpu, address, halfword);
    if (what == FAULT_NONE && memory_code_is_cached(cpu, address) &&
        memory_code_page(cpu, address, &page))
        *halfword = icache_read(cpu, address, page.bytes);
    return what;
}

/* The instruction at `address` within the page; false if it does not lie in it altogether. */
static bool read_insn(const struct code_reader *reader, uint32_t address, uint32_t *word)
{
    if (page_of(address) != reader->page_address)
        return false;
    *word = read_page(reader, address);
    if (!is_wide(*word))
        return true;
    if (page_of(address + 2) != reader->page_address)
        return false;
    *word = *word << 16 | read_page(reader, address + 2);
    return true;
}

static void add_totals(struct block *block)
{
    unsigned cycles = 0, retired = 0;
    block->cycles_before_last = 0;
    for (unsigned i = 0; i <= block->count; i++) {
        struct insn *insn = &block->insns[i];
        if (i + 1 == block->count)
            block->cycles_before_last = (uint16_t)cycles;
        cycles += insn->cycles;
        retired += i < block->count && insn->op != OP_breakpoint;
        insn->cycles_after = (uint16_t)cycles;
        insn->retired_after = (uint16_t)retired;
    }
    block->cycles = (uint16_t)cycles;
    for (unsigned i = 0; i <= block->count; i++)
        block->insns[i].block_cycles = (uint16_t)cycles;
}

static unsigned fill_insns(const struct code_reader *reader, struct insn *insns, uint32_t address,
                           uint8_t it)
{
    struct cpu *cpu = reader->cpu;
    unsigned count = 0;
    uint32_t word;
    while (count < BLOCK_MAX && read_insn(reader, address, &word)) {
        struct insn *insn = &insns[count++];
        if (has_breakpoint(cpu->isa, address)) {
            make_special(insn, OP_breakpoint, address, it);
            break;
        }
        insn->pc = address;
        insn->it = it;
        decode(cpu, insn, word, is_wide(word >> 16));
        address += insn->length;
        it = it_after(insn);
        if (ends_block(insn))
            break;
    }
    return count;
}

static void end_block(struct block *block)
{
    const struct insn *last = &block->insns[block->count - 1];
    uint32_t end = last->pc + last->length;
    make_special(&block->insns[block->count], OP_end, end, it_after(last));
    block->end = last->length ? end : end + 2;
    add_totals(block);
}

static void block_insert(struct cpu *cpu, struct block *block)
{
    struct block **bucket = &cpu->isa->buckets[bucket_of(block->key, block->it)];
    struct code_page *first = page_watched(cpu, block->key),
                     *last = page_watched(cpu, block->end - 1);
    if (!first || !last) {
        block->valid = false;
        return;
    }
    block->next_in_bucket = *bucket;
    *bucket = block;
    page_link(first, block);
    if (last != first)
        page_link(last, block);
}

static struct block *block_allocate(uint32_t key, uint8_t it, const struct insn *insns,
                                    unsigned count)
{
    struct block *block = calloc(1, sizeof *block + (count + 1) * sizeof *insns);
    if (!block)
        return NULL;
    memcpy(block->insns, insns, count * sizeof *insns);
    block->key = key;
    block->it = it;
    block->valid = true;
    block->count = (uint16_t)count;
    end_block(block);
    return block;
}

/* One instruction that is not within a page of host memory: fetched by halfwords. `cached` if both
 * of its halves are in host memory after all (it lies across two pages). */
static struct block *build_single(struct cpu *cpu, bool first_in_page)
{
    struct block *block = cpu->isa->uncached;
    uint32_t address = cpu->r[15], word;
    uint16_t halfword = 0, second = 0;
    struct cpu_page page;
    enum cpu_fault what = read_alone(cpu, address, &halfword);
    bool wide = is_wide(halfword);
    if (what == FAULT_NONE && wide)
        what = read_alone(cpu, address + 2, &second);
    if (what != FAULT_NONE) {
        raise_fault(cpu, what, address);
        return NULL;
    }
    word = wide ? (uint32_t)halfword << 16 | second : halfword;
    if (has_breakpoint(cpu->isa, address)) {
        make_special(&block->insns[0], OP_breakpoint, address, (uint8_t)cpu->itstate);
    } else {
        block->insns[0].pc = address;
        block->insns[0].it = (uint8_t)cpu->itstate;
        decode(cpu, &block->insns[0], word, wide);
    }
    block->key = address | cpu->privileged;
    block->it = (uint8_t)cpu->itstate;
    block->count = 1;
    block->valid = true;
    if (first_in_page && wide && memory_code_page(cpu, address + 2, &page) && page.bytes) {
        struct block *kept = block_allocate(block->key, block->it, block->insns, 1);
        if (kept)
            block_insert(cpu, kept);
        if (kept && kept->valid)
            return kept;
        free(kept);
    }
    end_block(block);
    return block;
}

struct block *block_single(struct cpu *cpu)
{
    return build_single(cpu, false);
}

static struct block *build(struct cpu *cpu)
{
    struct code_reader reader = {.cpu = cpu, .page_address = page_of(cpu->r[15])};
    struct insn insns[BLOCK_MAX];
    cpu->isa->stale_reported = false;
    bool in_page = memory_code_page(cpu, cpu->r[15], &reader.page) && reader.page.bytes;
    if (!in_page)
        return build_single(cpu, false);
    reader.cached = memory_code_is_cached(cpu, cpu->r[15]);
    unsigned count = fill_insns(&reader, insns, cpu->r[15], (uint8_t)cpu->itstate);
    if (count == 0)
        return build_single(cpu, true);
    struct block *block =
        block_allocate(cpu->r[15] | cpu->privileged, (uint8_t)cpu->itstate, insns, count);
    if (!block)
        return build_single(cpu, false);
    block_insert(cpu, block);
    if (!block->valid) {
        free(block);
        return build_single(cpu, false);
    }
    memory_look_for_hidden_code(cpu, block->key & ~1u, block->end);
    return block;
}

struct block *block_find(struct cpu *cpu)
{
    uint32_t key = cpu->r[15] | cpu->privileged;
    struct block **slot = &cpu->isa->jump[jump_slot(key)];
    struct block *block = *slot;
    if (block && block->key == key && block->it == cpu->itstate)
        return block;
    block = cpu->isa->buckets[bucket_of(key, (uint8_t)cpu->itstate)];
    while (block && (block->key != key || block->it != cpu->itstate))
        block = block->next_in_bucket;
    if (!block)
        block = build(cpu);
    if (block && block != cpu->isa->uncached)
        *slot = block;
    return block;
}
