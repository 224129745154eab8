/*
 * What orders the two cores: what each knows of the other's past. The events of a core are numbered;
 * `known` says up to which of the other's events everything happened before what it does now.
 *
 * A barrier on the writer's side releases all events before it to whoever sees a later store; one on
 * the reader's side takes effect of what was seen before it. Registers, interrupts, events (SEV) and
 * start-up take what was released at once: no core reorders them (ARMv7-M ARM A3.7.3).
 */
#include "sim/check/internal.h"

enum { EXTI = 0x58000000, HSEM = 0x58026400, RCC_GCR = 0x580244a0 };

static void learn(struct core *core, uint64_t released)
{
    core->known = later(core->known, released);
}

void order_barrier(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    learn(core, core->learnt);
    core->released = core->seq;
    core->barriers++;
    core->stored = NULL;
    core->barrier_pc = check->world.pc(check->world.ctx, master);
}

void order_interrupt(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    learn(core, later(core->learnt, check->core[other_core(master)].rung));
}

/* By the other core, when that has just written RCC_GCR: it knows what was visible then. A reset of the
 * chip begins everything anew. */
void check_started(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    const struct core *other = &check->core[other_core(master)];
    bool by_other = other->wrote.publisher.address == RCC_GCR;
    learn(core, by_other ? other->wrote.released : other->seq);
    if (!by_other)
        return;
    core->flag = other->wrote;
    core->flag.barriers = UINT64_MAX;
    core->flag.seer = party_now(check, master, CHECK_STARTED, 0);
}

/* No access, so a DMB does not order it. */
void check_sent_event(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    core->sent = (struct flag){
        .seq = ++core->seq,
        .released = core->completed,
        .publisher = party_now(check, master, CHECK_SENT, 0),
    };
}

void check_got_event(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    const struct core *other = &check->core[other_core(master)];
    core->called = true;
    learn(core, other->sent.released);
    if (other->sent.seq > core->flag.seq) {
        core->flag = other->sent;
        core->flag.barriers = UINT64_MAX;
        core->flag.seer = party_now(check, master, CHECK_HEARD, 0);
    }
}

/* ---- Registers between the cores ---------------------------------------------------------------- */

/* Those by which one core tells another that something is there: a semaphore's release (RM0399 11.4),
 * a software interrupt of the EXTI (RM0399 20.5). */
static bool is_doorbell(uint32_t address)
{
    uint32_t hsem = address - HSEM, exti = address - EXTI;
    return hsem < 0x80 || hsem == 0x140 || exti == 0x08 || exti == 0x28 || exti == 0x48;
}

static bool is_doorbell_block(uint32_t address)
{
    return address - HSEM < BUS_PAGE_SIZE || address - EXTI < BUS_PAGE_SIZE;
}

/* The bell is off: whoever rings from now on is heard anew. */
void check_silenced(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    if (is_doorbell_block(core->device))
        core->silenced =
            change_now(check, master, party_now(check, master, CHECK_WROTE, core->device));
}

static struct bell *bell_of(struct check *check, uint32_t address)
{
    uint32_t block = address & ~(uint32_t)(BUS_PAGE_SIZE - 1);
    for (unsigned n = 0; n < check->bell_count; n++)
        if (check->bells[n].block == block)
            return &check->bells[n];
    if (check->bell_count == BELLS_MAX)
        return NULL; /* not even all blocks of the chip are that many */
    check->bells[check->bell_count] = (struct bell){.block = block};
    return &check->bells[check->bell_count++];
}

/* A flag that the core sets now. */
static struct flag flag_now(struct check *check, enum bus_master master, uint32_t address)
{
    struct core *core = &check->core[master];
    return (struct flag){
        .seq = ++core->seq,
        .released = core->released,
        .publisher = party_now(check, master, CHECK_PUBLISHED, address),
    };
}

/* What rang here last is a flag that this core has seen. */
static void hears(struct check *check, const struct bell *bell, enum bus_master master,
                  uint32_t address)
{
    const struct flag *rung = &bell->rung[other_core(master)];
    struct flag *flag = &check->core[master].flag;
    if (rung->seq <= flag->seq)
        return;
    *flag = *rung;
    flag->barriers = UINT64_MAX; /* no barrier is missing between a register and what follows */
    flag->seer = party_now(check, master, CHECK_SAW, address);
}

/* ---- Masters that go by what a core wrote into their registers (RM0399 table "Memory map") -------- */

static enum bus_master started_by(uint32_t address)
{
    static const struct {
        uint32_t base, size;
        enum bus_master master;
    } blocks[] = {
        {0x40020000, 0x400, MASTER_DMA1},   {0x40020400, 0x400, MASTER_DMA2},
        {0x52000000, 0x1000, MASTER_MDMA},  {0x52001000, 0x1000, MASTER_DMA2D},
        {0x50001000, 0x1000, MASTER_LTDC},  {0x58025400, 0x400, MASTER_BDMA},
        {0x40040000, 0x40000, MASTER_USB1}, {0x40080000, 0x40000, MASTER_USB2},
        {0x40028000, 0x1400, MASTER_ETH},
    };
    for (unsigned n = 0; n < sizeof blocks / sizeof *blocks; n++)
        if (address - blocks[n].base < blocks[n].size)
            return blocks[n].master;
    return MASTER_COUNT;
}

/* The Cortex-M4's accesses leave in their order (ARM DAI 0321A, 3.6), and the maker's drivers, which have no
 * barrier there, go by that; the architecture does not promise it. */
const struct flag *started_too_soon(const struct check *check, enum bus_master master,
                                    enum bus_master core, uint64_t seq)
{
    if (core == MASTER_CM4 && !check->late_effects)
        return NULL;
    const struct flag *start = &check->started[master][core];
    return seq && seq < start->seq && seq > start->released ? start : NULL;
}

const struct flag *seen_too_soon(const struct check *check, enum bus_master reader, uint64_t seq)
{
    const struct flag *flag = &check->core[reader].flag;
    return seq && seq < flag->seq && seq > flag->released ? flag : NULL;
}

/* ---- What a core does to registers ------------------------------------------------------------------ */

void check_register(struct check *check, enum bus_master master, uint32_t address, bool write)
{
    struct core *core = &check->core[master];
    struct bell *bell = bell_of(check, address);
    core->device = address;
    if (!write && address >> BUS_PAGE_SHIFT == core->silenced.by.address >> BUS_PAGE_SHIFT)
        core->silenced.seq = 0; /* read back: it is there */
    if (!bell)
        return;
    learn(core, bell->released[other_core(master)]);
    hears(check, bell, master, address);
    if (!write)
        return;
    bell->released[master] = later(bell->released[master], core->released);
    core->rung = later(core->rung, core->released);
    core->wrote = flag_now(check, master, address);
    if (is_doorbell(address))
        bell->rung[master] = core->wrote;
    if (started_by(address) != MASTER_COUNT)
        check->started[started_by(address)][master] = core->wrote;
}
