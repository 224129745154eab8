#include "cm4/status.h"

#include "chip/clocks.h"
#include "cm4/camera.h"
#include "cm4/console.h"
#include "shared/fault.h"
#include "shared/load.h"
#include "shared/threads.h"

enum { SECOND = TX_TIMER_TICKS_PER_SECOND };

void status_thread(ULONG unused);

static struct load load;
static struct link_figures own;

/* Tenths, as "30.0". */
#define TENTHS(value) (unsigned long)((value) / 10), (unsigned long)((value) % 10)

void status_print(void)
{
    const volatile struct link_figures *peer = link_peer_figures();
    console_format("frames %lu  fps %lu.%lu  drops %lu  load M7 %lu.%lu %%  M4 %lu.%lu %%\n",
                   (unsigned long)own.frames, TENTHS(own.frames_per_second_x10),
                   (unsigned long)(own.drops + peer->drops), TENTHS(peer->load_permille),
                   TENTHS(own.load_permille));
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
    load_start(&load, TIMER_CM4, CLOCK_CM4_HZ / 1000000);
    if (!link_wait_for_peer(SECOND))
        console_print("ipc: the M7 does not answer\n");
    for (;;) {
        sleep_out(&due, SECOND);
        own.load_permille = load_permille(&load);
        camera_figures(&own);
        link_tell(&own);
        tell_faults();
        status_print();
    }
}
