/* Commands that show what goes on inside: threads, and what crosses between the cores. */
#include "cm4/commands.h"
#include "cm4/console.h"
#include "duet/statistics.h"
#include "shared/census.h"
#include "shared/link.h"

static const char *const core_names[] = {[CORE_CM7] = "M7", [CORE_CM4] = "M4"};

/* Hundredths of a percent, as "12.34". */
#define HUNDREDTHS(value) (unsigned long)((value) / 100), (unsigned long)((value) % 100)

static void print_rest(enum core core, const char *what, uint32_t share)
{
    console_format("%s  %-51s %3lu.%02lu %%\n", core_names[core], what, HUNDREDTHS(share));
}

static void print_threads(enum core core)
{
    const volatile struct link_threads *card = &LINK_MAP->threads[core];
    for (uint32_t n = 0; n < card->count && n < LINK_THREADS_MAX; n++) {
        struct link_thread row = card->thread[n];
        console_format("%s  %-12.12s %-10s %4u %5u/%-5u %9lu %3lu.%02lu %%\n", core_names[core],
                       row.name, census_state(row.state), row.priority, row.stack_used,
                       row.stack_bytes, (unsigned long)row.run_count, HUNDREDTHS(row.share));
    }
    print_rest(core, "timers", card->timers_share);
    print_rest(core, "handlers", card->handlers_share);
}

/* As each core's status thread has counted them in the last second. */
bool run_threads(const struct words *words)
{
    if (words->count != 1)
        return false;
    console_print("    name         state      prio  stack used     runs     cpu\n");
    print_threads(CORE_CM7);
    print_threads(CORE_CM4);
    return true;
}

static void print_frames(const char *who, const volatile struct duet_frame_counts *counts,
                         const char *format)
{
    console_format(format, who, (unsigned long)counts->frames, (unsigned long)counts->starved,
                   (unsigned long)counts->lost, (unsigned long)counts->freed);
}

static void print_ring(enum core core, const char *format)
{
    const volatile struct duet_statistics *counts = &LINK_MAP->log_statistics[core];
    console_format(format, core_names[core], (unsigned long)counts->moves,
                   (unsigned long)counts->bytes, (unsigned long)counts->high_water, LOG_BYTES);
}

bool run_ipc(const struct words *words)
{
    if (words->count != 1)
        return false;
    for (enum core core = CORE_CM7; core <= CORE_CM4; core++) {
        const volatile struct duet_region_card *card = &LINK_MAP->cards.card[core];
        console_format("%s  session %lu, agreed to the other's %lu\n", core_names[core],
                       (unsigned long)card->epoch, (unsigned long)card->seen);
    }
    print_frames("M4", &LINK_MAP->frames.sender,
                 "%s  frames sent %lu, no buffer free %lu, lost %lu, taken back %lu\n");
    print_frames("M7", &LINK_MAP->frames.receiver,
                 "%s  frames received %lu, skipped %lu, refused %lu, released %lu\n");
    print_ring(CORE_CM7, "%s  log sent %lu pieces, %lu bytes, at most %lu of %d waited\n");
    print_ring(CORE_CM4, "%s  log read %lu pieces, %lu bytes, at most %lu of %d waited\n");
    return true;
}
