/*
 * The Cortex-M7's L1 instruction cache (DDI 0489, 5.8) as far as software can tell: code that was
 * fetched stays as it was, whatever becomes of memory, until ICIALLU, ICIMVAU or an eviction. Lines
 * are kept by page of decoded code. The capacity is not modelled; what is stale and executed goes
 * after a pseudo-random time, as if other code had taken its place.
 */
#include <string.h>

#include "sim/cpu/isa.h"

enum { STALE_LEAST = 1 << 14, STALE_SPAN = 1 << 20 }; /* cycles: an estimate */

static uint32_t bit_of(uint32_t address)
{
    return 1u << address / CPU_LINE_SIZE % (CPU_PAGE_SIZE / CPU_LINE_SIZE);
}

void icache_set_seed(struct cpu *cpu, uint32_t seed)
{
    cpu->isa->icache_random = seed * 0x9e3779b9u ^ 0x6b8b4567u;
}

static void executes_stale(struct cpu *cpu, struct code_page *page, uint32_t address)
{
    struct isa_state *isa = cpu->isa;
    page->stale |= bit_of(address);
    if (isa->stale_reported)
        return;
    isa->stale_reported = true;
    isa->icache_random = isa->icache_random * 1664525u + 1013904223u;
    if (!isa->stale_until)
        isa->stale_until = cpu->cycles + STALE_LEAST + (isa->icache_random >> 8) % STALE_SPAN;
    system_report(cpu, "executes instructions as the instruction cache holds them, and memory has "
                       "others: ICIALLU or ICIMVAU is missing");
}

uint16_t icache_read(struct cpu *cpu, uint32_t address, const uint8_t *memory)
{
    struct code_page *page = code_page_make(cpu, address);
    uint32_t offset = address & (CPU_PAGE_SIZE - 1), line = offset & ~(CPU_LINE_SIZE - 1u);
    uint16_t held, now;
    memcpy(&now, memory + offset, 2);
    if (!page)
        return now;
    if (!(page->fetched & bit_of(address)))
        memcpy(page->lines + line, memory + line, CPU_LINE_SIZE);
    page->fetched |= bit_of(address);
    memcpy(&held, page->lines + offset, 2);
    if (held != now)
        executes_stale(cpu, page, address);
    return held;
}

static void forget_lines(struct cpu *cpu, bool stale_only)
{
    for (unsigned i = 0; i < PAGES; i++)
        for (struct code_page *page = cpu->isa->pages[i]; page; page = page->next) {
            if (stale_only && page->stale)
                isa_forget_page(cpu, page->address);
            page->fetched &= stale_only ? ~page->stale : 0;
            page->stale = 0;
        }
    cpu->isa->stale_until = 0;
}

void isa_invalidate_code(struct cpu *cpu)
{
    isa_forget_code(cpu);
    forget_lines(cpu, false);
}

void isa_invalidate_line(struct cpu *cpu, uint32_t address)
{
    struct code_page *page = code_page_find(cpu->isa, address);
    if (!page || !(page->fetched & bit_of(address)))
        return;
    page->fetched &= ~bit_of(address);
    page->stale &= ~bit_of(address);
    isa_forget_page(cpu, address & ~(CPU_PAGE_SIZE - 1u));
}

/* Code that has run and is rewritten by the core itself: it is decoded anew, and then found to be hidden. */
void isa_line_dirtied(struct cpu *cpu, uint32_t address)
{
    const struct code_page *page = code_page_find(cpu->isa, address);
    if (page && (page->fetched & bit_of(address)))
        isa_forget_page(cpu, address & ~(CPU_PAGE_SIZE - 1u));
}

void icache_evict(struct cpu *cpu)
{
    forget_lines(cpu, true);
}
