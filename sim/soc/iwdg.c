/*
 * IWDG1 and IWDG2 (RM0399 chapter 48): a down-counter on the LSI that resets the system when nobody
 * reloads it, or when somebody does so too early (window).
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/flash.h"
#include "sim/soc/rcc.h"

enum { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0c, WINR = 0x10 };

enum { KEY_START = 0xcccc, KEY_RELOAD = 0xaaaa, KEY_UNLOCK = 0x5555 };
enum { LSI_HZ = 32000, UPDATE_CYCLES = 5, WINDOW_OFF = 0xfff };

static const struct reg iwdg_regs[] = {
    {KR, "KR", 0, 0, 0, 0},
    {PR, "PR", 0, 7, 0, 0},
    {RLR, "RLR", 0xfff, 0xfff, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {WINR, "WINR", 0xfff, 0xfff, 0, 0},
};

struct iwdg {
    struct block block;
    struct event expired;
    bool running, unlocked;
    uint32_t start;          /* the counter's value… */
    sim_time since;          /* …at this time */
    sim_time update_over[3]; /* when SR.PVU, RVU, WVU fall */
};

/* Starting the watchdog starts the LSI, whatever RCC_CSR says (48.3). */
static uint64_t lsi_hz(const struct iwdg *w)
{
    uint64_t hz = block_kernel_hz(&w->block);
    return hz ? hz : LSI_HZ;
}

static uint32_t divider(const struct iwdg *w)
{
    uint32_t pr = REG(&w->block, PR);
    return 4u << (pr > 6 ? 6 : pr);
}

static uint32_t counter(const struct iwdg *w)
{
    sim_time passed = sim_now(block_sim(&w->block)) - w->since;
    unsigned __int128 cycles = (unsigned __int128)passed * lsi_hz(w) / SIM_S;
    uint64_t ticks = (uint64_t)cycles / divider(w);
    return ticks < w->start ? w->start - (uint32_t)ticks : 0;
}

static void reset_system(void *ctx)
{
    struct iwdg *w = ctx;
    soc_system_reset(w->block.soc, w->block.row->instance == 1 ? RSR_IWDG1RSTF : RSR_IWDG2RSTF);
}

/* The counter goes on from `value`. */
static void count_from(struct iwdg *w, uint32_t value)
{
    struct event_queue *events = &block_sim(&w->block)->events;
    w->start = value;
    w->since = events->now;
    if (w->running)
        event_in(events, &w->expired, sim_cycles_to_time((value + 1ull) * divider(w), lsi_hz(w)));
}

static void reload(struct iwdg *w)
{
    count_from(w, REG(&w->block, RLR));
}

static void write_key(struct iwdg *w, uint32_t key)
{
    w->unlocked = key == KEY_UNLOCK;
    if (key == KEY_START) {
        w->running = true;
        rcc_force_lsi(w->block.soc->rcc);
        reload(w);
    } else if (key == KEY_RELOAD) {
        uint32_t window = REG(&w->block, WINR);
        if (w->running && window != WINDOW_OFF && counter(w) > window)
            reset_system(w);
        else
            reload(w);
    }
}

/* PR, RLR and WINR cross to the LSI's domain: SR says so for some of its cycles. */
static void write_protected(struct iwdg *w, unsigned flag, uint32_t offset, uint32_t value,
                            const struct block_access *access)
{
    if (!w->unlocked)
        return;
    uint32_t now = counter(w);
    block_store(&w->block, offset, value, access);
    w->update_over[flag] =
        sim_now(block_sim(&w->block)) + sim_cycles_to_time(UPDATE_CYCLES, lsi_hz(w));
    /* A new divider counts from here; a window's write reloads (48.4.5); RLR waits for its key. */
    if (offset == PR)
        count_from(w, now);
    else if (offset == WINR)
        reload(w);
}

static void iwdg_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct iwdg *w = (struct iwdg *)block;
    switch (offset) {
    case KR:
        write_key(w, value & 0xffff);
        break;
    case PR:
        write_protected(w, 0, offset, value, access);
        break;
    case RLR:
        write_protected(w, 1, offset, value, access);
        break;
    case WINR:
        write_protected(w, 2, offset, value, access);
        break;
    }
}

static uint32_t iwdg_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct iwdg *w = (struct iwdg *)block;
    uint32_t flags = 0;
    (void)access;
    if (offset != SR)
        return REG(block, offset);
    for (unsigned n = 0; n < 3; n++)
        if (sim_now(block_sim(block)) < w->update_over[n])
            flags |= 1u << n;
    return flags;
}

static void iwdg_init(struct block *block)
{
    event_init(&((struct iwdg *)block)->expired, block->row->name, reset_system, block);
}

static void iwdg_reset(struct block *block)
{
    struct iwdg *w = (struct iwdg *)block;
    event_cancel(&block_sim(block)->events, &w->expired);
    w->unlocked = false;
    w->running = !(flash_options(block->soc) &
                   (block->row->instance == 1 ? OPTSR_IWDG1_SW : OPTSR_IWDG2_SW));
    if (w->running) /* by hardware: an option byte has it so */
        reload(w);
    for (unsigned n = 0; n < 3; n++)
        w->update_over[n] = 0;
}

const struct block_class iwdg_class = {
    .name = "IWDG",
    .regs = iwdg_regs,
    .reg_count = sizeof iwdg_regs / sizeof iwdg_regs[0],
    .size = sizeof(struct iwdg),
    .init = iwdg_init,
    .reset = iwdg_reset,
    .read = iwdg_read,
    .write = iwdg_write,
};
