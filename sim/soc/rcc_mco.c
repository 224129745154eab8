/*
 * The clock outputs MCO1 and MCO2 at their pins: RM0399 9.5.4; data sheet DS12930, alternate functions. Listeners
 * of a pin hear of edges up to a rate; whoever reads the port sees the level of the moment at any.
 */
#include "sim/soc/gpio.h"
#include "sim/soc/rcc.h"

enum { FUNCTION = 0, MOST_EDGES = 4000000 /* a second */ };
static const struct {
    uint8_t port, pin;
} outputs[RCC_MCOS] = {{0, 8}, {2, 9}}; /* PA8, PC9 */

/* Half periods since the board was switched on. */
static uint64_t half_periods(struct rcc *rcc, uint64_t hz)
{
    return (uint64_t)((unsigned __int128)sim_now(block_sim(&rcc->block)) * 2 * hz / SIM_S);
}

static bool is_shown(const struct soc *soc, unsigned n)
{
    return gpio_function(soc, outputs[n].port, outputs[n].pin) == FUNCTION;
}

int rcc_mco_level(struct soc *soc, unsigned port, unsigned pin)
{
    struct rcc *rcc = rcc_of(soc->rcc);
    for (unsigned n = 0; n < RCC_MCOS; n++) {
        if (outputs[n].port != port || outputs[n].pin != pin)
            continue;
        uint64_t hz = rcc_mco_hz(rcc, n + 1);
        return hz ? half_periods(rcc, hz) & 1 : 0;
    }
    return -1;
}

static void plan_edge(struct rcc *rcc, unsigned n)
{
    struct event_queue *events = rcc_events(rcc);
    uint64_t hz = is_shown(rcc->block.soc, n) ? rcc_mco_hz(rcc, n + 1) : 0;
    event_cancel(events, &rcc->mco[n].edge);
    if (2 * hz > MOST_EDGES)
        block_complain(&rcc->block, COMPLAINT_UNMODELLED, RCC_CFGR + n,
                       "MCO%u has %llu Hz: what is connected to its pin does not hear edges above "
                       "%u Hz; who reads the port sees them",
                       n + 1, (unsigned long long)hz, MOST_EDGES / 2);
    else if (hz)
        event_in(events, &rcc->mco[n].edge,
                 sim_cycles_to_time(half_periods(rcc, hz) + 1, 2 * hz) - events->now);
}

static void edge(void *ctx)
{
    struct rcc_mco *mco = ctx;
    unsigned n = (unsigned)(mco - mco->rcc->mco);
    gpio_pin_changed(mco->rcc->block.soc, outputs[n].port, outputs[n].pin);
    plan_edge(mco->rcc, n);
}

void rcc_mco_changed(struct rcc *rcc)
{
    for (unsigned n = 0; n < RCC_MCOS; n++) {
        if (is_shown(rcc->block.soc, n))
            gpio_pin_changed(rcc->block.soc, outputs[n].port, outputs[n].pin);
        plan_edge(rcc, n);
    }
}

void rcc_mco_selected(struct soc *soc, unsigned port)
{
    for (unsigned n = 0; n < RCC_MCOS; n++)
        if (outputs[n].port == port)
            plan_edge(rcc_of(soc->rcc), n);
}

void rcc_mco_looked_at(struct soc *soc, unsigned port)
{
    for (unsigned n = 0; n < RCC_MCOS; n++)
        if (outputs[n].port == port && is_shown(soc, n))
            gpio_pin_changed(soc, port, outputs[n].pin);
}

void rcc_mco_init(struct rcc *rcc)
{
    static const char *const names[RCC_MCOS] = {"MCO1 edge", "MCO2 edge"};
    for (unsigned n = 0; n < RCC_MCOS; n++) {
        rcc->mco[n].rcc = rcc;
        event_init(&rcc->mco[n].edge, names[n], edge, &rcc->mco[n]);
    }
}
