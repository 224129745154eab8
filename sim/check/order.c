/*
 * What orders the two cores: what each knows of the other's past. The events of a core are numbered;
 * `known` says up to which of the other's events everything happened before what it does now.
 *
 * A barrier on the writer's side releases all events before it to whoever sees a later store; one on
 * the reader's side takes effect of what was seen before it. Registers, interrupts, events (SEV) and
 * start-up take what was released at once: no core reorders them (ARMv7-M ARM A3.7.3).
 */
#include "sim/check/internal.h"

static void learn(struct core *core, uint64_t released)
{
    core->known = later(core->known, released);
}

void check_barrier(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    learn(core, core->learnt);
    core->released = core->seq;
    core->barriers++;
    core->stored = NULL;
    core->barrier_pc = check->world.pc(check->world.ctx, master);
}

void check_interrupt(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    learn(core, later(core->learnt, check->core[other_core(master)].rung));
}

void check_started(struct check *check, enum bus_master master)
{
    learn(&check->core[master], check->core[other_core(master)].seq);
}

void check_sent_event(struct check *check, enum bus_master master)
{
    struct core *core = &check->core[master];
    core->sent = later(core->sent, core->released);
}

void check_got_event(struct check *check, enum bus_master master)
{
    learn(&check->core[master], check->core[other_core(master)].sent);
}

/* ---- Registers ---------------------------------------------------------------------------------- */

/* Those by which one core tells another that something is there: a semaphore's release (RM0399 11.4),
 * a software interrupt of the EXTI (RM0399 20.5). */
static bool is_doorbell(uint32_t address)
{
    uint32_t hsem = address - 0x58026400u, exti = address - 0x58000000u;
    return hsem < 0x80 || hsem == 0x140 || exti == 0x08 || exti == 0x28 || exti == 0x48;
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

static void rings(struct check *check, struct bell *bell, enum bus_master master, uint32_t address)
{
    struct core *core = &check->core[master];
    bell->rung[master] = (struct flag){
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

void check_register(struct check *check, enum bus_master master, uint32_t address, bool write)
{
    struct core *core = &check->core[master];
    struct bell *bell = bell_of(check, address);
    if (!bell)
        return;
    learn(core, bell->released[other_core(master)]);
    hears(check, bell, master, address);
    if (!write)
        return;
    bell->released[master] = later(bell->released[master], core->released);
    core->rung = later(core->rung, core->released);
    if (is_doorbell(address))
        rings(check, bell, master, address);
}
