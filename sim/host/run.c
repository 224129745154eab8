#include "sim/host/run.h"

#include "sim/host/fault_report.h"
#include "sim/host/picture.h"
#include "sim/host/session_page.h"
#include "sim/host/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The board runs from tick to tick; between two of them it meets the person. Ticks are in board time
 * and do not depend on the pace or on who watches, so neither does the run. */
static const sim_time tick = SIM_MS;
/* A page that holds the board is looked at so often. */
static const double look_every = 0.005;

static struct machine *volatile running; /* for the signal handler */
static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
    if (running)
        machine_stop(running);
}

/* The second Ctrl-C ends the program the hard way. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void meet_terminal(struct session *session)
{
    uint8_t bytes[256];
    size_t count = terminal_read(bytes, sizeof bytes);
    struct action typed = {.kind = ACTION_TYPE, .typed = bytes, .typed_count = count};
    if (count)
        session_do(session, &typed);
    if (fflush(session->console) != 0 && errno == EPIPE)
        interrupted = 1; /* whoever read the console has gone */
}

/* What a debugger tries out in the past does not end. */
static sim_time end_of_run(const struct session *session)
{
    bool trial = session->history && history_is_trial(session->history);
    return session->options->timed && !trial ? session->options->duration : SIM_NEVER;
}

/* The next time at which the board meets somebody. */
static sim_time next_meeting(const struct session *session)
{
    sim_time end = end_of_run(session);
    sim_time now = machine_time(session->machine);
    sim_time next = now - now % tick + tick;
    sim_time input = input_due(&session->input);
    next = input > now && input < next ? input : next;
    return next < end ? next : end;
}

/* True: go on. A core without a program is allowed to lock up. */
static bool go_on_after(struct session *session, enum machine_stop stop)
{
    if (interrupted || session->strict_stop)
        return false;
    if (session->gdb && gdb_killed(session->gdb))
        return false;
    if (session->gdb && gdb_stopped(session->gdb, stop))
        return true;
    if (stop == MACHINE_STOP_LOCKUP)
        return session->no_program[machine_stopped_core(session->machine)];
    return true;
}

static bool is_past(const struct session *session)
{
    return session->history && history_is_past(session->history);
}

/* Nobody holds the past from the page. */
static bool page_holds(struct session *session)
{
    return !is_past(session) && pacing_holds(&session->pacing, machine_time(session->machine));
}

static void sleep_a_little(void)
{
    const struct timespec time = {.tv_nsec = (long)(look_every * 1e9)};
    nanosleep(&time, NULL); /* a signal ends it, as it should */
}

/* While a debugger looks or the page holds the board, time stands still; the page and the terminal do
 * not. False: the debugger killed. */
static bool stand_still(struct session *session, struct page_watch *watch)
{
    while (!interrupted) {
        bool looks = session->gdb && gdb_holds(session->gdb);
        if (!looks && !page_holds(session))
            break;
        session_meet_page(session, watch, wall_time());
        meet_terminal(session);
        if (!looks)
            sleep_a_little();
    }
    return !session->gdb || !gdb_killed(session->gdb);
}

/* Up to the next meeting, however often a debugger stops on the way. */
static enum machine_stop run_to_meeting(struct session *session, struct page_watch *watch)
{
    sim_time next = next_meeting(session);
    enum machine_stop stop;
    do {
        if (!stand_still(session, watch) || interrupted)
            return MACHINE_STOP_ASKED;
        stop = session->gdb ? history_run(session->history, next)
                            : machine_run(session->machine, next);
    } while ((stop == MACHINE_STOP_PAUSED || stop == MACHINE_STOP_BREAKPOINT) && session->gdb &&
             go_on_after(session, stop));
    return stop;
}

/* Between two runs of the board. */
static void meet(struct session *session, struct page_watch *watch, double wall)
{
    if (session->history)
        history_meet(session->history);
    session_meet_page(session, watch, wall);
    meet_terminal(session);
    if (session->history)
        history_met(session->history);
}

/* False: the run cannot go on as it was asked. */
static bool do_input(struct session *session)
{
    const struct hands hands = session_hands(session);
    struct failure failure;
    if (input_do(&session->input, machine_time(session->machine), &hands, &failure))
        return true;
    fprintf(stderr, "duet: --input: %s\n", failure.text);
    session->input_failed = true;
    return false;
}

static enum machine_stop run_board(struct session *session)
{
    struct page_watch watch = {.last_status = wall_time()};
    enum machine_stop stop = MACHINE_STOP_TIME;
    if (session->gdb) /* out of reset, for a debugger to see */
        machine_run(session->machine, 0);
    while (go_on_after(session, stop) && machine_time(session->machine) < end_of_run(session)) {
        if (!do_input(session))
            break;
        stop = run_to_meeting(session, &watch);
        events_tick(&session->events, machine_time(session->machine));
        double wall = wall_time();
        meet(session, &watch, wall);
        if (!is_past(session) && stop == MACHINE_STOP_TIME)
            pacing_keep(&session->pacing, machine_time(session->machine), wall);
    }
    if (is_past(session)) /* a run that was recorded does not end before the present */
        history_leave(session->history, HISTORY_LOST);
    if (session->gdb)
        gdb_ended(session->gdb, RUN_ENDED);
    return stop;
}

static void end_console_line(struct session *session)
{
    fflush(session->console);
    if (session->console_open_line)
        putchar('\n');
    session->console_open_line = false;
    fflush(stdout);
}

/* "0x08001234, main+0x12 (main.c:34)" */
static void print_place(struct session *session, enum soc_core core, uint32_t pc)
{
    char place[700];
    guest_describe(&session->guest, core, pc, place, sizeof place);
    fprintf(stderr, "0x%08x, %s", pc, strncmp(place, "0x", 2) ? place : "where no symbol is");
}

static void report_failure(struct session *session, enum soc_core core, const char *what)
{
    sim_time now = machine_time(session->machine);
    uint32_t origin;
    end_console_line(session);
    fprintf(stderr, "duet: the %s %s at pc ", core_name(core), what);
    print_place(session, core, cpu_get(machine_cpu(session->machine, core), CPU_PC));
    if (fault_origin(session->machine, core, &origin)) {
        fputs(", after a fault at ", stderr);
        print_place(session, core, origin);
    }
    fprintf(stderr, ", board time %" PRIu64 ".%09" PRIu64 " s\n", now / SIM_S,
            now % SIM_S / SIM_NS);
    fault_report(stderr, session->machine, &session->guest, core);
}

static int judge(struct session *session, enum machine_stop stop)
{
    if (session->input_failed)
        return RUN_WRONG;
    if (session->strict_stop) {
        report_failure(session, session->strict_core, "was stopped by --strict");
        return RUN_GUEST_FAILED;
    }
    if (stop == MACHINE_STOP_LOCKUP && !interrupted) {
        enum soc_core core = machine_stopped_core(session->machine);
        if (!session->no_program[core]) {
            report_failure(session, core, "locked up");
            return RUN_GUEST_FAILED;
        }
    }
    return RUN_ENDED;
}

/* What was asked for at the end comes in any case, also after a failure. */
static int finish(struct session *session, int status)
{
    static uint8_t rgb[PANEL_WIDTH * PANEL_HEIGHT * 3];
    const struct options *options = session->options;
    struct failure failure;
    end_console_line(session);
    if (options->screenshot) {
        board_panel_picture(machine_board(session->machine), rgb);
        if (!picture_write_png(options->screenshot, rgb, PANEL_WIDTH, PANEL_HEIGHT, &failure)) {
            fprintf(stderr, "duet: --screenshot %s\n", failure.text);
            status = status ? status : RUN_WRONG;
        }
    }
    session_tell_checks(session);
    if (options->stats)
        print_statistics(session, stdout);
    if (options->hash)
        printf("hash %016" PRIx64 "\n", machine_hash(session->machine));
    fflush(stdout);
    return status;
}

int run(const struct options *options)
{
    static struct session session;
    struct failure failure;
    signal(SIGPIPE, SIG_IGN);
    if (!session_open(&session, options, &failure)) {
        fprintf(stderr, "duet: %s\n", failure.text);
        return RUN_WRONG;
    }
    running = session.machine;
    catch_signals();
    terminal_open();
    enum machine_stop stop = run_board(&session);
    terminal_close();
    int status = finish(&session, judge(&session, stop));
    running = NULL;
    session_close(&session);
    return status;
}
