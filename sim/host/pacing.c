#include "sim/host/pacing.h"

#include <time.h>

/* A machine that fell behind real time by more than this does not hurry to catch up. */
static const double patience = 0.1;

void pacing_start(struct pacing *pacing, bool real, double wall)
{
    *pacing = (struct pacing){.real = real, .hold_at = SIM_NEVER, .wall = wall};
}

void pacing_hold(struct pacing *pacing)
{
    pacing->held = true;
}

void pacing_go(struct pacing *pacing)
{
    pacing->held = false;
    pacing->hold_at = SIM_NEVER;
}

void pacing_step(struct pacing *pacing, sim_time now, sim_time step)
{
    pacing->held = false;
    pacing->hold_at = now + step;
}

bool pacing_holds(struct pacing *pacing, sim_time now)
{
    if (now >= pacing->hold_at) {
        pacing->held = true;
        pacing->hold_at = SIM_NEVER;
    }
    return pacing->held;
}

static void sleep_until(double wall)
{
    struct timespec until = {.tv_sec = (time_t)wall};
    until.tv_nsec = (long)((wall - (double)until.tv_sec) * 1e9);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until,
                    NULL); /* a signal ends it, as it should */
}

void pacing_keep(struct pacing *pacing, sim_time now, double wall)
{
    double due = pacing->wall + (double)(now - pacing->board) / (double)SIM_S;
    if (!pacing->real || due < wall - patience) {
        pacing->wall = wall;
        pacing->board = now;
    } else if (due > wall + 0.001) {
        sleep_until(due);
    }
}
