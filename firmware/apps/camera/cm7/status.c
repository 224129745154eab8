/* Once a second the figures of this core, told to the other, and shown. */
#include "chip/clocks.h"
#include "cm7/display.h"
#include "cm7/ui.h"
#include "shared/census.h"
#include "shared/load.h"
#include "shared/log.h"
#include "shared/threads.h"

enum { SECOND = TX_TIMER_TICKS_PER_SECOND };

void status_thread(ULONG unused);

void status_thread(ULONG unused)
{
    (void)unused;
    struct load load;
    struct link_figures own = {0};
    uint64_t passed;
    ULONG due = tx_time_get();
    load_start(&load, TIMER_CM7, CLOCK_CM7_HZ / 1000000);
    if (!link_wait_for_peer(SECOND))
        log_line(LOG_WARNING, "the M4 was late to open the shared memory");
    for (;;) {
        ui_show_figures(&own);
        sleep_out(&due, SECOND);
        own.load_permille = load_permille(&load, &passed);
        census_take(passed);
        display_figures(&own);
        link_tell(&own);
    }
}
