#include "cm4/status.h"

#include "chip/clocks.h"
#include "cm4/camera.h"
#include "cm4/console.h"
#include "shared/census.h"
#include "shared/fault.h"
#include "shared/load.h"
#include "shared/log.h"
#include "shared/threads.h"

enum { SECOND = TX_TIMER_TICKS_PER_SECOND };

void status_thread(ULONG unused);

static struct load load;
static struct link_figures own;
static volatile bool repeats;

/* Tenths, as "30.0". */
#define TENTHS(value) (unsigned long)((value) / 10), (unsigned long)((value) % 10)

void status_print(void)
{
    const volatile struct link_figures *peer = link_peer_figures();
    console_format("frames %lu  fps %lu.%lu  drops %lu  load M7 %lu.%lu %%  M4 %lu.%lu %%  "
                   "underruns %lu  texts lost %lu\n",
                   (unsigned long)own.frames, TENTHS(own.frames_per_second_x10),
                   (unsigned long)(own.drops + peer->drops), TENTHS(peer->load_permille),
                   TENTHS(own.load_permille), (unsigned long)peer->underruns,
                   (unsigned long)console_dropped());
}

void status_repeat(bool on)
{
    repeats = on;
}

static void tell_faults(void)
{
    static const char *const names[] = {[CORE_CM7] = "M7", [CORE_CM4] = "M4"};
    for (enum core core = CORE_CM7; core <= CORE_CM4; core++) {
        const char *text = fault_news(core);
        if (text)
            console_format("%s: %s\n", names[core], text);
    }
}

void status_thread(ULONG unused)
{
    (void)unused;
    ULONG due = tx_time_get();
    uint64_t passed;
    load_start(&load, TIMER_CM4, CLOCK_CM4_HZ / 1000000);
    if (!link_wait_for_peer(SECOND))
        log_line(LOG_ERROR, "the M7 does not open the shared memory");
    for (;;) {
        sleep_out(&due, SECOND);
        own.load_permille = load_permille(&load, &passed);
        census_take(passed);
        camera_figures(&own);
        link_tell(&own);
        tell_faults();
        if (repeats)
            status_print();
    }
}
