#include "sim/host/session.h"

#include "sim/host/check_report.h"
#include "sim/host/fault_report.h"
#include "sim/host/number.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double wall_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static sim_time now_of(const struct session *session)
{
    return sim_now(machine_sim(session->machine));
}

static void hear_led(void *ctx, unsigned led, bool on)
{
    struct session *session = ctx;
    events_led(&session->events, now_of(session), led, on);
}

static void hear_console(void *ctx, const uint8_t *bytes, size_t count)
{
    struct session *session = ctx;
    if (count == 0)
        return;
    events_console(&session->events, now_of(session), bytes, count);
    fwrite(bytes, 1, count, session->console);
    if (session->console == stdout)
        session->console_open_line = bytes[count - 1] != '\n';
    if (session->timeline)
        timeline_console(session->timeline, bytes, count);
    if (session->web)
        web_console(session->web, bytes, count);
}

static void hear_panel(void *ctx, bool on)
{
    struct session *session = ctx;
    events_panel(&session->events, now_of(session), on);
    session->frames++; /* for the page: the picture changed */
}

static void hear_frame(void *ctx, uint64_t number)
{
    struct session *session = ctx;
    events_frame(&session->events, now_of(session), number);
    session->frames++;
}

static void hear_audio(void *ctx, int16_t left, int16_t right, sim_time period)
{
    struct session *session = ctx;
    if (session->wav)
        wav_frame(session->wav, now_of(session), period, left, right);
}

/* "guest: USART1: … (Cortex-M7 at 0x08001234, main+0x12 (main.c:34), board time 0.012345 s)" */
static void show_complaint(struct session *session, const struct complaint *complaint,
                           enum bus_master master, uint32_t pc)
{
    static const char *const kinds[] = {"guest", "not modelled", "board"};
    char place[700] = "";
    if (master == MASTER_CM7 || master == MASTER_CM4)
        guest_describe(&session->guest, master == MASTER_CM7 ? SOC_CM7 : SOC_CM4, pc, place,
                       sizeof place);
    sim_time now = now_of(session);
    if (session->timeline)
        timeline_complaint(session->timeline, kinds[complaint->kind], complaint->block,
                           complaint->text, *place ? place : bus_master_name(master));
    fflush(session->console);
    fprintf(stderr, "%sduet: %s: %s: %s (%s", session->console_open_line ? "\n" : "",
            kinds[complaint->kind], complaint->block, complaint->text, bus_master_name(master));
    if (*place)
        fprintf(stderr, " at 0x%08x%s%s", pc, strncmp(place, "0x", 2) ? ", " : "",
                strncmp(place, "0x", 2) ? place : "");
    fprintf(stderr, ", board time %" PRIu64 ".%06" PRIu64 " s)\n", now / SIM_S,
            now % SIM_S / SIM_US);
    session->console_open_line = false;
}

static void stop_strictly(struct session *session, enum soc_core core)
{
    if (!session->options->strict || session->strict_stop)
        return;
    session->strict_stop = true;
    session->strict_core = core;
    machine_stop(session->machine);
}

static void hear_complaint(void *ctx, const struct complaint *complaint, enum bus_master master,
                           uint32_t pc)
{
    struct session *session = ctx;
    bool by_core = master == MASTER_CM7 || master == MASTER_CM4;
    enum soc_core core = master == MASTER_CM4 ? SOC_CM4 : SOC_CM7;
    if (by_core && session->no_program[core])
        return; /* erased flash runs as on a real board, and nobody is to blame */
    show_complaint(session, complaint, master, pc);
    if (complaint->kind == COMPLAINT_GUEST)
        stop_strictly(session, core);
}

/* The last party is the one in whose deed it showed. */
static void hear_incoherent(void *ctx, const struct check_report *report)
{
    struct session *session = ctx;
    char headline[1400], name[64];
    const struct check_party *last = &report->parties[report->party_count - 1];
    if (session->timeline) {
        check_report_headline(&session->guest, report, headline, sizeof headline);
        check_party_name(last, name, sizeof name);
        timeline_complaint(session->timeline, "checker", check_kind_name(report->kind), headline,
                           name);
    }
    fflush(session->console);
    if (session->console_open_line)
        fputc('\n', stderr);
    session->console_open_line = false;
    check_report_text(stderr, &session->guest, report);
    stop_strictly(session, last->master == MASTER_CM4 ? SOC_CM4 : SOC_CM7);
}

static void hear_trace(void *ctx, enum soc_core core, enum cpu_trace_kind kind, uint32_t address,
                       uint32_t value)
{
    struct session *session = ctx;
    if (session->log)
        register_log_trace(session->log, core, kind, address, value);
    if (session->timeline)
        timeline_cpu(session->timeline, core, kind, address, value);
}

/* Finds out now what would be a pity at the end. */
static bool can_write(const char *option, const char *path, struct failure *failure)
{
    bool existed = access(path, F_OK) == 0;
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failed(failure, "%s %s: cannot be written: %s", option, path, strerror(errno));
    close(descriptor);
    if (!existed)
        unlink(path);
    return true;
}

static bool open_output(FILE **file, const char *option, const char *path, struct failure *failure)
{
    *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    return *file || failed(failure, "%s %s: cannot be written: %s", option, path, strerror(errno));
}

static bool open_outputs(struct session *session, struct failure *failure)
{
    const struct options *options = session->options;
    session->console = stdout;
    if (options->console && !open_output(&session->console, "--console", options->console, failure))
        return false;
    if (options->events && !open_output(&session->event_file, "--events", options->events, failure))
        return false;
    if (options->check_json &&
        !open_output(&session->check_file, "--check-json", options->check_json, failure))
        return false;
    events_open(&session->events, session->event_file);
    session->timeline = options->trace ? timeline_open(options->trace, failure) : NULL;
    if (options->trace && !session->timeline)
        return false;
    session->wav = options->audio ? wav_open(options->audio, failure) : NULL;
    if (options->audio && !session->wav)
        return false;
    return !options->screenshot || can_write("--screenshot", options->screenshot, failure);
}

static bool open_inputs(struct session *session, struct failure *failure)
{
    const struct options *options = session->options;
    if (!guest_read(&session->guest, options, failure))
        return false;
    session->camera = camera_open(options->camera ? options->camera : "scene", failure);
    if (!session->camera)
        return false;
    if (!camera_is_deterministic(session->camera))
        fprintf(stderr, "duet: note: a webcam shows what is there now; no two runs are the same\n");
    if (options->input && !input_read(&session->input, options->input, failure))
        return false;
    if (options->log) {
        session->log = register_log_open(options->log, stderr, failure);
        return session->log;
    }
    return true;
}

static bool open_page(struct session *session, struct failure *failure)
{
    const char *place = session->options->web;
    if (!place || strcmp(place, "off") == 0)
        return true;
    live_picture_init(&session->browser);
    session->web = web_start(place, &session->browser, failure);
    if (!session->web)
        return false;
    camera_offer(session->camera, &session->browser);
    fprintf(stderr, "duet: the live page is at %s\n", web_url(session->web));
    return true;
}

/* The page's thread is not in this process. */
static void depart(void *ctx)
{
    struct session *session = ctx;
    session->web = NULL;
    connector_depart(session->connector);
    camera_depart(session->camera);
    gdb_depart(session->gdb);
}

static bool open_debugger(struct session *session, struct failure *failure)
{
    const struct history_host host = {session, depart};
    if (!session->options->gdb)
        return true;
    const struct hands hands = session_hands(session);
    session->history = history_create(&hands, &host, session->camera_log, failure);
    if (!session->history)
        return false;
    session->gdb = gdb_open(session->options->gdb, session->machine, &session->guest,
                            session->history, failure);
    if (session->gdb)
        fprintf(stderr, "duet: waiting for gdb: %s\n", gdb_where(session->gdb));
    return session->gdb;
}

/* "NAME=VALUE", or "NAME=VALUE@TIME" for what comes while it runs. */
static bool no_such_option(const char *setting, struct failure *failure)
{
    char names[512] = "";
    size_t length = 0;
    for (unsigned n = 0; machine_setting_name(n) && length < sizeof names; n++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", n ? ", " : "",
                                   machine_setting_name(n));
    return failed(failure, "--set %s: no such option; there are %s", setting, names);
}

static bool apply_setting(struct session *session, const char *setting, struct failure *failure)
{
    char name[64], value[64];
    sim_time time = 0;
    const char *equals = strchr(setting, '='), *at = strchr(equals, '@');
    size_t name_length = (size_t)(equals - setting);
    size_t length = at ? (size_t)(at - equals - 1) : strlen(equals + 1);
    if (name_length >= sizeof name || length >= sizeof value)
        return failed(failure, "--set %s: no such option", setting);
    snprintf(name, sizeof name, "%.*s", (int)name_length, setting);
    snprintf(value, sizeof value, "%.*s", (int)length, equals + 1);
    if (at && !parse_time(at + 1, &time))
        return failed(failure, "--set %s: behind the @ is a time: 3s, 500ms, 20us", setting);
    const char *wrong = at ? machine_set_at(session->machine, name, value, time)
                           : machine_set(session->machine, name, value);
    if (wrong && !*wrong)
        return no_such_option(setting, failure);
    return !wrong || failed(failure, "--set %s: %s", setting, wrong);
}

static bool apply_settings(struct session *session, struct failure *failure)
{
    const struct string_list *settings = &session->options->settings;
    for (size_t n = 0; n < settings->count; n++)
        if (!apply_setting(session, settings->items[n], failure))
            return false;
    return true;
}

/* What a debugger sees when it goes back in time must be what was there. */
static struct camera_source open_source(struct session *session)
{
    if (session->options->gdb)
        session->camera_log = camera_log_create(session->camera);
    return session->camera_log ? camera_log_source(session->camera_log)
                               : camera_source(session->camera);
}

static bool create_machine(struct session *session, struct failure *failure)
{
    struct machine_config config = {
        .board = {.camera = open_source(session),
                  .listener = {session, hear_led, hear_console, hear_panel, hear_frame,
                               hear_audio}},
        .hear = hear_complaint,
        .incoherent = session->options->check ? hear_incoherent : NULL,
        .trace = session->log || session->timeline ? hear_trace : NULL,
        .ctx = session,
    };
    session->machine = machine_create(&config);
    if (!session->machine)
        return failed(failure, "out of memory");
    if (session->log)
        register_log_attach(session->log, session->machine);
    if (session->timeline)
        timeline_attach(session->timeline, session->machine, &session->guest);
    return apply_settings(session, failure) &&
           guest_load(&session->guest, session->machine, failure);
}

static void hear_stick(void *ctx, bool plugged)
{
    struct session *session = ctx;
    events_stick(&session->events, now_of(session), plugged);
    session->stick_changes++;
}

static void hear_card(void *ctx, bool inserted)
{
    struct session *session = ctx;
    events_card(&session->events, now_of(session), inserted);
}

static bool plug_in(struct session *session, enum plug_kind kind, const char *words,
                    struct failure *failure)
{
    struct plug plug;
    if (!plug_parse(&plug, kind, words, failure))
        return false;
    bool done = kind == PLUG_CARD ? connector_insert(session->connector, &plug, failure)
                                  : connector_plug(session->connector, &plug, failure);
    plug_free(&plug);
    return done;
}

/* The connectors, and what is in them from the start. */
static bool open_connector(struct session *session, struct failure *failure)
{
    const struct options *options = session->options;
    const struct connector_listener listener = {session, hear_stick, hear_card,
                                                session_usb(session)};
    session->connector =
        connector_create(machine_board(session->machine), machine_sim(session->machine), &listener);
    if (!session->connector)
        return failed(failure, "out of memory");
    if (options->gdb)
        connector_remember(session->connector);
    if (options->stick && !plug_in(session, PLUG_STICK, options->stick, failure))
        return failed_in(failure, "--stick");
    if (options->card && !plug_in(session, PLUG_CARD, options->card, failure))
        return failed_in(failure, "--card");
    return true;
}

struct hands session_hands(const struct session *session)
{
    return (struct hands){session->machine, session->connector, session->camera};
}

/* A core that boots from erased flash locks up at once: on a board nobody notices, and the other
 * core runs. Here too, with a word about it. */
static void note_missing_programs(struct session *session)
{
    struct soc *soc = machine_soc(session->machine);
    for (unsigned n = 0; n < SOC_CORES; n++) {
        enum soc_core core = (enum soc_core)n;
        uint32_t vectors[2], boot = soc_boot_address(soc, core);
        bool there = machine_peek(session->machine, core, boot, vectors, sizeof vectors);
        session->no_program[n] = there && vectors[0] == UINT32_MAX && vectors[1] == UINT32_MAX;
        if (session->no_program[n] && !soc_core_held(soc, core))
            fprintf(stderr,
                    "duet: note: the %s boots at 0x%08x, where nothing is loaded; it locks up at "
                    "once, as on a board (--set %s=0 keeps it in reset)\n",
                    core_name(core), boot, core == SOC_CM7 ? "BCM7" : "BCM4");
    }
}

bool session_open(struct session *session, const struct options *options, struct failure *failure)
{
    *session = (struct session){.options = options};
    if (!open_inputs(session, failure) || !open_outputs(session, failure) ||
        !create_machine(session, failure) || !open_connector(session, failure) ||
        !open_page(session, failure) || !open_debugger(session, failure)) {
        session_close(session);
        return false;
    }
    machine_power_on(session->machine);
    note_missing_programs(session);
    session->started = wall_time();
    pacing_start(&session->pacing, options->pace == PACE_REAL, session->started);
    return true;
}

void session_tell_checks(struct session *session)
{
    size_t count;
    const struct check_report *places = machine_check_places(session->machine, &count);
    if (count)
        check_report_summary(stderr, places, count);
    for (size_t n = 0; session->check_file && n < count; n++)
        check_report_json(session->check_file, &session->guest, &places[n]);
}

void session_close(struct session *session)
{
    struct failure failure;
    web_stop(session->web);
    gdb_close(session->gdb);
    history_destroy(session->history);
    if (!timeline_close(session->timeline, &failure))
        fprintf(stderr, "duet: %s\n", failure.text);
    if (!wav_close(session->wav, &failure))
        fprintf(stderr, "duet: %s\n", failure.text);
    events_close(&session->events);
    connector_destroy(session->connector);
    if (session->machine)
        machine_destroy(session->machine);
    register_log_close(session->log);
    input_free(&session->input);
    camera_log_destroy(session->camera_log);
    camera_close(session->camera);
    live_picture_free(&session->browser);
    guest_free(&session->guest);
    if (session->event_file && session->event_file != stdout)
        fclose(session->event_file);
    if (session->check_file && session->check_file != stdout)
        fclose(session->check_file);
    if (session->console && session->console != stdout)
        fclose(session->console);
    *session = (struct session){0};
}
