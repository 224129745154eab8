#include "sim/host/run.h"

#include "sim/host/fault_report.h"
#include "sim/host/picture.h"
#include "sim/host/session.h"
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
/* A machine that fell behind real time by more than this does not hurry to catch up. */
static const double patience = 0.1;

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

struct watch { /* what the page was told last */
    double next_status, next_picture, last_status;
    sim_time last_time;
    struct machine_core_statistics last[SOC_CORES];
    uint64_t frames; /* frames + 1 at the last picture; 0: none yet */
};

struct pacing {
    double wall; /* board time `board` was due at wall time `wall` */
    sim_time board;
};

static double load_since(const struct machine_core_statistics *now,
                         const struct machine_core_statistics *last, sim_time time)
{
    sim_time asleep = now->asleep - last->asleep, held = now->held - last->held;
    if (time == 0 || held >= time)
        return -1;
    sim_time awake = asleep + held < time ? time - asleep - held : 0;
    return (double)awake / (double)(time - held);
}

static void show_status(struct session *session, struct watch *watch, double wall)
{
    struct web_status status = {.time = machine_time(session->machine)};
    struct board *board = machine_board(session->machine);
    sim_time elapsed = status.time - watch->last_time;
    for (unsigned core = 0; core < SOC_CORES; core++) {
        struct machine_core_statistics now;
        machine_core_statistics(session->machine, (enum soc_core)core, &now);
        status.load[core] = load_since(&now, &watch->last[core], elapsed);
        watch->last[core] = now;
    }
    double seconds = wall - watch->last_status;
    status.speed = seconds > 0 ? (double)elapsed / (double)SIM_S / seconds : 0;
    status.panel = board_panel_on(board);
    for (unsigned n = 0; n < BOARD_LEDS; n++)
        status.led[n] = board_led(board, n + 1);
    status.frames = session->frames;
    web_status(session->web, &status);
    watch->last_time = status.time;
    watch->last_status = wall;
    watch->next_status = wall + 0.1;
}

/* At most 60 pictures a second, and only new ones. */
static void show_picture(struct session *session, struct watch *watch, double wall)
{
    static uint8_t rgb[PANEL_WIDTH * PANEL_HEIGHT * 3];
    if (wall < watch->next_picture || watch->frames == session->frames + 1 ||
        !web_wants_picture(session->web))
        return;
    board_panel_picture(machine_board(session->machine), rgb);
    web_picture(session->web, rgb);
    watch->frames = session->frames + 1;
    watch->next_picture = wall + 1.0 / 60;
}

/* What is plugged in by the page is not remembered: the past has no stick of that time. */
static void do_action(struct session *session, const struct action *action)
{
    const struct hands hands = session_hands(session);
    bool plugs = action->kind >= ACTION_PLUG && action->kind <= ACTION_EJECT;
    struct failure failure;
    if (session->history && !plugs)
        history_do(session->history, &(struct deed){.kind = DEED_ACTION, .action = *action});
    else if (!action_do(action, &hands, &failure))
        fprintf(stderr, "duet: %s\n", failure.text);
}

static void meet_page(struct session *session, struct watch *watch, double wall)
{
    struct action action;
    if (!session->web)
        return;
    while (web_next_action(session->web, &action)) {
        do_action(session, &action);
        action_free(&action);
    }
    if (wall >= watch->next_status)
        show_status(session, watch, wall);
    show_picture(session, watch, wall);
}

static void meet_terminal(struct session *session)
{
    uint8_t bytes[256];
    size_t count = terminal_read(bytes, sizeof bytes);
    const struct action typed = {.kind = ACTION_TYPE, .typed = bytes, .typed_count = count};
    if (count)
        do_action(session, &typed);
    if (fflush(session->console) != 0 && errno == EPIPE)
        interrupted = 1; /* whoever read the console has gone */
}

static void sleep_until(double wall)
{
    struct timespec until = {.tv_sec = (time_t)wall};
    until.tv_nsec = (long)((wall - (double)until.tv_sec) * 1e9);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until,
                    NULL); /* a signal ends it, as it should */
}

static void keep_pace(const struct session *session, struct pacing *pace, double wall)
{
    sim_time board = machine_time(session->machine);
    double due = pace->wall + (double)(board - pace->board) / (double)SIM_S;
    if (due > wall + 0.001)
        sleep_until(due);
    else if (due < wall - patience)
        *pace = (struct pacing){wall, board};
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

/* While a debugger looks, time stands still; the page and the terminal do not. False: it killed. */
static bool serve_debugger(struct session *session, struct watch *watch)
{
    while (!interrupted && gdb_holds(session->gdb)) {
        meet_page(session, watch, wall_time());
        meet_terminal(session);
    }
    return !gdb_killed(session->gdb);
}

/* Up to the next meeting, however often a debugger stops on the way. */
static enum machine_stop run_to_meeting(struct session *session, struct watch *watch)
{
    sim_time next = next_meeting(session);
    enum machine_stop stop;
    if (!session->gdb)
        return machine_run(session->machine, next);
    do {
        if (!serve_debugger(session, watch))
            return MACHINE_STOP_ASKED;
        stop = history_run(session->history, next);
    } while ((stop == MACHINE_STOP_PAUSED || stop == MACHINE_STOP_BREAKPOINT) &&
             go_on_after(session, stop));
    return stop;
}

/* Between two runs of the board. */
static void meet(struct session *session, struct watch *watch, double wall)
{
    if (session->history)
        history_meet(session->history);
    meet_page(session, watch, wall);
    meet_terminal(session);
    if (session->history)
        history_met(session->history);
}

static bool is_past(const struct session *session)
{
    return session->history && history_is_past(session->history);
}

static bool keeps_pace(const struct session *session)
{
    return session->options->pace == PACE_REAL && !is_past(session);
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
    struct watch watch = {.last_status = wall_time()};
    struct pacing pace = {session->started, 0};
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
        if (keeps_pace(session) && stop == MACHINE_STOP_TIME)
            keep_pace(session, &pace, wall);
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
