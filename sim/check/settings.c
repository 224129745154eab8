/*
 * What a core changes of itself and then depends on. A write to the system control space has its effect
 * on what follows only behind a DSB; and, where it matters to instructions that may be in the pipeline,
 * behind an ISB, or an exception's entry or return, behind that (ARMv7-M ARM B3.1.1; PM0253 4.8). The
 * board has no pipeline and does it all at once: nothing but this shows that a barrier is missing.
 */
#include "sim/check/internal.h"

enum {
    VTOR = 0xe000ed08u,
    AIRCR = 0xe000ed0cu,
    SCR = 0xe000ed10u,
    CCR = 0xe000ed14u,
    CCSIDR = 0xe000ed80u,
    CSSELR = 0xe000ed84u,
    CPACR = 0xe000ed88u,
    MPU_CTRL = 0xe000ed94u,
    MPU_RBAR = 0xe000ed9cu,
    MPU_END = 0xe000edbcu,
    ICIALLU = 0xe000ef50u,
    DCISW = 0xe000ef60u,
    DCCISW = 0xe000ef74u,
};
#define AIRCR_SYSRESETREQ (1u << 2)
#define SCR_SLEEPDEEP     (1u << 2)
#define SCR_SEVONPEND     (1u << 4)
#define CCR_CACHES        (3u << 16)
#define CCR_DC            (1u << 16)

/* Cycles after which a change has happened whatever stands between: no pipeline and no bus of the chip
 * is longer. Start-up code that sets something for a time to come needs nothing. */
enum { SETTLED_CYCLES = 256 };

/* ---- Changes --------------------------------------------------------------------------------------- */

static uint64_t cycles_of(const struct check *check, enum bus_master core)
{
    return check->world.cycles(check->world.ctx, core);
}

/* It has happened whatever stands between. */
static bool is_settled(const struct check *check, enum bus_master core, const struct change *change)
{
    return !check->late_effects && cycles_of(check, core) - change->cycles > SETTLED_CYCLES;
}

void check_set_late_effects(struct check *check)
{
    check->late_effects = true;
}

struct change change_now(struct check *check, enum bus_master core, struct check_party by)
{
    return (struct change){
        .seq = ++check->core[core].seq, .cycles = cycles_of(check, core), .by = by};
}

void missing_barrier(struct check *check, enum check_cure cure, const struct check_party *first,
                     const struct check_party *then)
{
    struct check_report report = {.kind = CHECK_MISSING_BARRIER, .length = 4, .party_count = 2};
    report.parties[0] = *first;
    report.parties[1] = *then;
    report.address =
        then->did == CHECK_READ || then->did == CHECK_WROTE ? then->address : first->address;
    place_cure(&report, cure, NULL);
    place_report(check, &report);
}

void change_used(struct check *check, enum bus_master master, struct change *change, bool isb,
                 struct check_party user)
{
    const struct core *core = &check->core[master];
    const struct change used = *change;
    bool no_dsb = used.seq > core->completed, no_isb = isb && used.seq > core->synchronized;
    change->seq = 0;
    if (!used.seq || is_settled(check, master, &used))
        return;
    if (no_isb)
        missing_barrier(check, no_dsb ? CURE_DSB_ISB : CURE_ISB, &used.by, &user);
    else if (no_dsb)
        missing_barrier(check, CURE_DSB, &used.by, &user);
}

static void use(struct check *check, enum bus_master core, enum setting setting, bool isb,
                enum check_deed did, uint32_t address)
{
    struct change *change = &check->core[core].changes[setting];
    if (change->seq)
        change_used(check, core, change, isb, party_now(check, core, did, address));
}

/* ---- What memory is: judged where an access is another one than it was ------------------------------- */

static struct change *memory_change(struct check *check, enum bus_master core)
{
    return &check->core[core].changes[SETTING_MEMORY];
}

bool check_is_alert(const struct check *check, enum bus_master core)
{
    return check->core[core].changes[SETTING_MEMORY].seq;
}

static void end_alert(struct check *check, enum bus_master core)
{
    memory_change(check, core)->seq = 0;
    check->world.changed(check->world.ctx, core);
}

static void change_memory(struct check *check, enum bus_master core, struct check_party by)
{
    struct change *change = memory_change(check, core);
    bool was_alert = change->seq;
    if (!was_alert)
        check->world.remember_memory(check->world.ctx, core);
    *change = change_now(check, core, by);
    if (!was_alert)
        check->world.changed(check->world.ctx, core);
}

void check_own_access(struct check *check, enum bus_master core, uint32_t address, bool write)
{
    struct change *change = memory_change(check, core);
    if (!change->seq)
        return;
    if (is_settled(check, core, change)) {
        end_alert(check, core);
    } else if (check->world.memory_differs(check->world.ctx, core, address)) {
        use(check, core, SETTING_MEMORY, true, write ? CHECK_WROTE : CHECK_READ, address);
        end_alert(check, core);
    }
}

/* An ISB, or what is as good as one. */
static void synchronize(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    core->synchronized = core->completed;
    if (check_is_alert(check, master) && memory_change(check, master)->seq <= core->synchronized)
        end_alert(check, master);
}

/* ---- Registers --------------------------------------------------------------------------------------- */

static bool is_whole_cache(uint32_t address)
{
    return address == ICIALLU || (address >= DCISW && address <= DCCISW);
}

static void set_ccr(struct check *check, enum bus_master core, uint32_t changed, uint32_t value,
                    struct check_party by)
{
    if (changed & value & CCR_CACHES)
        use(check, core, SETTING_LINES, false, CHECK_SET, CCR);
    if (changed & CCR_DC)
        change_memory(check, core, by);
}

/* A reset leaves memory as it is, and what waits in the core behind. */
static void asks_for_reset(struct check *check, enum bus_master core, struct check_party by)
{
    const struct change *shared = &check->core[core].shared;
    if (shared->seq > check->core[core].completed)
        missing_barrier(check, CURE_DSB, &shared->by, &by);
    check->core[core].changes[SETTING_SLEEP] = change_now(check, core, by);
}

static enum setting setting_of(uint32_t address)
{
    switch (address) {
    case CPACR:
        return SETTING_FP;
    case VTOR:
        return SETTING_VECTORS;
    case SCR:
        return SETTING_SLEEP;
    case CSSELR:
        return SETTING_CACHE_SIZE;
    default:
        return SETTINGS;
    }
}

/* The maker's code sets SLEEPDEEP right before WFI, and it works. */
static uint32_t what_sleep_goes_by(const struct check *check)
{
    return check->late_effects ? SCR_SEVONPEND | SCR_SLEEPDEEP : SCR_SEVONPEND;
}

void check_sets(struct check *check, enum bus_master core, uint32_t address, uint32_t value)
{
    struct change *changes = check->core[core].changes;
    uint32_t changed = value ^ check->world.setting(check->world.ctx, core, address);
    enum setting setting = setting_of(address);
    const struct check_party by = party_now(check, core, CHECK_SET, address);
    if (setting == SETTING_SLEEP)
        changed &= what_sleep_goes_by(check);
    if (setting != SETTINGS && changed)
        changes[setting] = change_now(check, core, by);
    else if (address == MPU_CTRL || (address >= MPU_RBAR && address < MPU_END))
        change_memory(check, core, by);
    else if (address == CCR)
        set_ccr(check, core, changed, value, by);
    else if (core == MASTER_CM7 && is_whole_cache(address))
        changes[SETTING_LINES] = change_now(check, core, by);
    else if (address == AIRCR && (value & AIRCR_SYSRESETREQ))
        asks_for_reset(check, core, by);
}

void check_gets(struct check *check, enum bus_master core, uint32_t address)
{
    if (address == CCSIDR)
        use(check, core, SETTING_CACHE_SIZE, false, CHECK_GOT, address);
}

void check_uses_fp(struct check *check, enum bus_master core)
{
    use(check, core, SETTING_FP, true, CHECK_USED_FP, 0);
}

/* ---- Barriers and exceptions ------------------------------------------------------------------------- */

void check_barrier(struct check *check, enum bus_master core, enum check_barrier kind)
{
    if (kind == CHECK_DSB)
        check->core[core].completed = check->core[core].seq;
    if (kind == CHECK_ISB)
        synchronize(check, core);
    else
        order_barrier(check, core);
}

void check_entered(struct check *check, enum bus_master core, unsigned exception)
{
    use(check, core, SETTING_VECTORS, false, CHECK_TOOK, exception);
    check->core[core].silenced.seq = 0; /* what this handler looks at is not that one's look */
    synchronize(check, core);
    if (exception >= EXCEPTION_IRQ0)
        order_interrupt(check, core);
}

void check_left(struct check *check, enum bus_master master)
{
    check->core[master].silenced.seq = 0;
    synchronize(check, master);
}

void check_waits(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    use(check, master, SETTING_SLEEP, false, CHECK_SLEPT, 0);
    core->asleep = party_now(check, master, CHECK_SLEPT, 0);
    core->slept = core->seq;
    core->slept_on.time = 0;
    core->called = false;
}

void check_wakes(struct check *check, enum bus_master master, bool by_other)
{
    struct core *core = &check->core[master];
    if (core->slept_on.time && (by_other || core->called))
        missing_barrier(check, CURE_DSB, &core->slept_on, &core->asleep);
    core->slept_on.time = 0;
}
