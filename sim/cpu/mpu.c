/*
 * Memory protection unit, PMSAv7, and the default memory map (ARMv7-M ARM B3.1, B3.5).
 */
#include "sim/cpu/dcache.h"

#include <string.h>

enum {
    MPU_TYPE = 0xE000ED90u,
    MPU_CTRL = 0xE000ED94u,
    MPU_RNR = 0xE000ED98u,
    MPU_RBAR = 0xE000ED9Cu, /* with RASR, and three aliases of the pair */
};
enum { RBAR_VALID = 1u << 4, RBAR_REGION = 15, RASR_ENABLE = 1u << 0, RASR_XN = 1u << 28 };
#define RASR_WRITABLE 0x173fff3fu /* XN, AP, TEX, S, C, B, SRD, SIZE, ENABLE */
#define SYSTEM_SPACE  0xE0000000u /* never executable, whatever the MPU says (B3.5.3) */

/* Table B3-1, in steps of 512 MB; PPB and vendor space are told apart below. */
static const struct memory_attributes default_map[8] = {
    {MEMORY_WRITE_THROUGH, false, true, true, true, -1},
    {MEMORY_WRITE_BACK_WRITE_ALLOCATE, false, true, true, true, -1},
    {MEMORY_DEVICE, false, true, true, false, -1},
    {MEMORY_WRITE_BACK_WRITE_ALLOCATE, false, true, true, true, -1},
    {MEMORY_WRITE_THROUGH, false, true, true, true, -1},
    {MEMORY_DEVICE, true, true, true, false, -1},
    {MEMORY_DEVICE, false, true, true, false, -1},
    {MEMORY_DEVICE, true, true, true, false, -1},
};

struct memory_attributes default_attributes(uint32_t address)
{
    struct memory_attributes attributes = default_map[address >> 29];
    if (address >> 20 == SYSTEM_SPACE >> 20)
        attributes.type = MEMORY_STRONGLY_ORDERED;
    return attributes;
}

bool mpu_active(const struct cpu *cpu)
{
    uint32_t ctrl = cpu->system->mpu.ctrl;
    if (!(ctrl & MPU_CTRL_ENABLE))
        return false;
    return (ctrl & MPU_CTRL_HFNMIENA) || execution_priority(cpu) >= 0;
}

/* log2 of the region's size; 5 is the least that exists. */
static unsigned region_bits(uint32_t rasr)
{
    unsigned bits = (rasr >> 1 & 31) + 1;
    return bits < 5 ? 5 : bits;
}

static uint32_t region_offset(const struct mpu *mpu, unsigned region, uint32_t address)
{
    unsigned bits = region_bits(mpu->rasr[region]);
    uint32_t base = bits == 32 ? 0 : mpu->rbar[region] >> bits << bits;
    return address - base;
}

static bool region_covers(const struct mpu *mpu, unsigned region, uint32_t address)
{
    uint32_t rasr = mpu->rasr[region];
    unsigned bits = region_bits(rasr);
    uint32_t offset = region_offset(mpu, region, address);

    if (!(rasr & RASR_ENABLE) || (bits < 32 && offset >> bits))
        return false;
    return bits < 8 || !(rasr >> 8 >> (offset >> (bits - 3)) & 1);
}

static enum memory_type inner_policy(uint32_t cb)
{
    static const enum memory_type policies[] = {MEMORY_NON_CACHEABLE,
                                                MEMORY_WRITE_BACK_WRITE_ALLOCATE,
                                                MEMORY_WRITE_THROUGH, MEMORY_WRITE_BACK};
    return policies[cb & 3];
}

/* TEX, C, B: table B3-13. Reserved codes behave as Strongly-ordered. */
static enum memory_type region_type(uint32_t rasr)
{
    uint32_t tex = rasr >> 19 & 7;
    uint32_t cb = rasr >> 16 & 3; /* C in bit 1, B in bit 0 */

    if (tex & 4)
        return inner_policy(cb);
    switch (tex << 2 | cb) {
    case 1:
    case 8:
        return MEMORY_DEVICE;
    case 2:
        return MEMORY_WRITE_THROUGH;
    case 3:
        return MEMORY_WRITE_BACK;
    case 4:
        return MEMORY_NON_CACHEABLE;
    case 7:
        return MEMORY_WRITE_BACK_WRITE_ALLOCATE;
    default:
        return MEMORY_STRONGLY_ORDERED;
    }
}

static bool region_shareable(uint32_t rasr, enum memory_type type)
{
    if (type == MEMORY_STRONGLY_ORDERED)
        return true;
    if (type == MEMORY_DEVICE) /* by TEX: 0b000 is shareable, 0b010 is not */
        return !(rasr >> 19 & 7);
    return rasr >> 18 & 1;
}

/* AP: table B3-15. */
static void region_permissions(uint32_t rasr, bool privileged, struct memory_attributes *to)
{
    uint32_t ap = rasr >> 24 & 7;
    bool all_read = ap == 2 || ap == 3 || ap >= 6;

    to->readable = all_read || (privileged && (ap == 1 || ap == 5));
    to->writable = ap == 3 || (privileged && (ap == 1 || ap == 2));
    to->executable = to->readable && !(rasr & RASR_XN);
}

static struct memory_attributes region_attributes(uint32_t rasr, bool privileged, int region)
{
    struct memory_attributes attributes = {.type = region_type(rasr), .region = region};
    attributes.shareable = region_shareable(rasr, attributes.type);
    region_permissions(rasr, privileged, &attributes);
    return attributes;
}

void mpu_reset(struct cpu *cpu)
{
    struct mpu *mpu = &cpu->system->mpu;
    mpu->ctrl = mpu->rnr = 0;
    memset(mpu->rasr, 0, sizeof mpu->rasr);
    memset(cpu->system->mpu_answers, 0, sizeof cpu->system->mpu_answers);
}

static struct memory_attributes background(const struct mpu *mpu, uint32_t address, bool privileged)
{
    struct memory_attributes attributes = default_attributes(address);
    if (!privileged || !(mpu->ctrl & MPU_CTRL_PRIVDEFENA))
        attributes.readable = attributes.writable = attributes.executable = false;
    return attributes;
}

/* Of overlapping regions the highest number rules (B3.5.3). */
static struct memory_attributes attributes_by(const struct cpu *cpu, const struct mpu *mpu,
                                              uint32_t address, bool privileged)
{
    int region = (int)cpu->config.mpu_regions - 1;
    while (region >= 0 && !region_covers(mpu, (unsigned)region, address))
        region--;
    struct memory_attributes attributes =
        region < 0 ? background(mpu, address, privileged)
                   : region_attributes(mpu->rasr[region], privileged, region);
    if (address >= SYSTEM_SPACE)
        attributes.executable = false;
    return attributes;
}

static uint32_t page_of(uint32_t address)
{
    return address & ~(uint32_t)(CPU_PAGE_SIZE - 1);
}

static struct mpu_answer *answer_at(const struct cpu *cpu, uint32_t address)
{
    return &cpu->system->mpu_answers[(address >> CPU_PAGE_SHIFT) % MPU_ANSWERS];
}

struct memory_attributes mpu_attributes(const struct cpu *cpu, uint32_t address, bool privileged)
{
    if (!mpu_active(cpu) || address >> 20 == SYSTEM_SPACE >> 20)
        return default_attributes(address);
    struct mpu_answer *answer = answer_at(cpu, address);
    uint32_t page = page_of(address) | MPU_ANSWER_VALID | (privileged ? MPU_ANSWER_PRIVILEGED : 0u);
    if (answer->page == page)
        return answer->attributes;
    struct memory_attributes attributes =
        attributes_by(cpu, &cpu->system->mpu, address, privileged);
    if (mpu_page_is_uniform(cpu, address))
        *answer = (struct mpu_answer){page, attributes};
    return attributes;
}

/* ---- What it was before ---------------------------------------------------------------------- */

void cpu_remember_memory(struct cpu *cpu)
{
    cpu->system->remembered_mpu = cpu->system->mpu;
    cpu->system->remembered_cache = cpu->system->ccr & CCR_DC;
}

/* The type that a load or store goes by: what no cache may hold is one kind of Normal memory. */
static enum memory_type effective_type(const struct cpu *cpu, uint32_t address,
                                       enum memory_type type, bool cache)
{
    bool cached = cache && !dcache_leaves_to_tcm(cpu, address);
    return type >= MEMORY_NON_CACHEABLE && !cached ? MEMORY_NON_CACHEABLE : type;
}

bool cpu_memory_differs(const struct cpu *cpu, uint32_t address)
{
    const struct system_state *system = cpu->system;
    const struct mpu *before = &system->remembered_mpu;
    struct memory_attributes now = mpu_attributes(cpu, address, cpu->privileged);
    struct memory_attributes then = default_attributes(address);
    if (address >> 20 == SYSTEM_SPACE >> 20)
        return false;
    if (before->ctrl & MPU_CTRL_ENABLE)
        then = attributes_by(cpu, before, address, cpu->privileged);
    return then.readable != now.readable || then.writable != now.writable ||
           effective_type(cpu, address, then.type, system->remembered_cache) !=
               effective_type(cpu, address, now.type, system->ccr & CCR_DC);
}

bool cpu_memory_is_uncached(const struct cpu *cpu, uint32_t address)
{
    struct memory_attributes attributes = mpu_attributes(cpu, address, true);
    return attributes.type <= MEMORY_NON_CACHEABLE || attributes.shareable;
}

/* Conservative: a region that ends or has subregions inside the page makes it mixed. */
static bool region_splits_page(const struct mpu *mpu, unsigned region, uint32_t page)
{
    uint32_t rasr = mpu->rasr[region];
    unsigned bits = region_bits(rasr);
    if (!(rasr & RASR_ENABLE) || bits >= CPU_PAGE_SHIFT + 3)
        return false;
    if (bits < CPU_PAGE_SHIFT)
        return (region_offset(mpu, region, page) >= (uint32_t)-CPU_PAGE_SIZE ||
                region_offset(mpu, region, page) >> bits == 0);
    return (rasr & 0xff00) && region_offset(mpu, region, page) >> bits == 0;
}

bool mpu_page_is_uniform(const struct cpu *cpu, uint32_t address)
{
    uint32_t page = page_of(address);
    if (!mpu_active(cpu) || (answer_at(cpu, address)->page & ~(uint32_t)MPU_ANSWER_PRIVILEGED) ==
                                (page | MPU_ANSWER_VALID))
        return true;
    for (unsigned region = 0; region < cpu->config.mpu_regions; region++)
        if (region_splits_page(&cpu->system->mpu, region, page))
            return false;
    return true;
}

/* The region an access to RBAR, RASR or an alias means. */
static unsigned selected(const struct cpu *cpu)
{
    return cpu->system->mpu.rnr % cpu->config.mpu_regions;
}

uint32_t mpu_read(struct cpu *cpu, uint32_t address)
{
    const struct mpu *mpu = &cpu->system->mpu;
    if (!cpu->config.mpu_regions)
        return 0;
    switch (address) {
    case MPU_TYPE:
        return cpu->config.mpu_regions << 8;
    case MPU_CTRL:
        return mpu->ctrl;
    case MPU_RNR:
        return mpu->rnr;
    default:
        if ((address - MPU_RBAR) & 4)
            return mpu->rasr[selected(cpu)];
        return mpu->rbar[selected(cpu)] | selected(cpu);
    }
}

/* ---- Writes: who asked before must ask again, where the answer may be another ---- */

static void forget_answers(struct cpu *cpu, uint32_t first, uint32_t last)
{
    for (unsigned n = 0; n < MPU_ANSWERS; n++) {
        struct mpu_answer *answer = &cpu->system->mpu_answers[n];
        if (page_of(answer->page) - page_of(first) <= last - page_of(first))
            answer->page = 0;
    }
}

static void forget(struct cpu *cpu, uint32_t first, uint32_t last)
{
    forget_answers(cpu, first, last);
    memory_flush_range(cpu, first, last);
    isa_forget_range(cpu, first, last);
}

static void forget_region(struct cpu *cpu, unsigned region)
{
    const struct mpu *mpu = &cpu->system->mpu;
    unsigned bits = region_bits(mpu->rasr[region]);
    uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
    if (mpu->rasr[region] & RASR_ENABLE)
        forget(cpu, mpu->rbar[region] & ~mask, mpu->rbar[region] | mask);
}

/* Kernels move a stack's guard at every switch: what lies elsewhere stays known. */
static void set_region(struct cpu *cpu, uint32_t rbar, uint32_t rasr)
{
    struct mpu *mpu = &cpu->system->mpu;
    unsigned region = selected(cpu);
    if (mpu->rbar[region] == rbar && mpu->rasr[region] == rasr)
        return;
    forget_region(cpu, region);
    mpu->rbar[region] = rbar;
    mpu->rasr[region] = rasr;
    forget_region(cpu, region);
}

static void write_rbar(struct cpu *cpu, uint32_t value)
{
    struct mpu *mpu = &cpu->system->mpu;
    if (value & RBAR_VALID) {
        if ((value & RBAR_REGION) >= cpu->config.mpu_regions) {
            report_unpredictable(cpu, "MPU_RBAR selects a region that does not exist");
            return;
        }
        mpu->rnr = value & RBAR_REGION;
    }
    set_region(cpu, value & ~31u, mpu->rasr[selected(cpu)]);
}

static void write_ctrl(struct cpu *cpu, uint32_t value)
{
    if (cpu->system->mpu.ctrl == (value & 7))
        return;
    cpu->system->mpu.ctrl = value & 7;
    forget(cpu, 0, UINT32_MAX);
}

void mpu_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct mpu *mpu = &cpu->system->mpu;
    if (!cpu->config.mpu_regions || address == MPU_TYPE)
        return;
    if (address == MPU_CTRL)
        write_ctrl(cpu, value);
    else if (address == MPU_RNR && (value & 0xff) < cpu->config.mpu_regions)
        mpu->rnr = value & 0xff;
    else if (address == MPU_RNR)
        report_unpredictable(cpu, "MPU_RNR selects a region that does not exist");
    else if ((address - MPU_RBAR) & 4)
        set_region(cpu, mpu->rbar[selected(cpu)], value & RASR_WRITABLE);
    else
        write_rbar(cpu, value);
}
