#include "sim/host/session_page.h"

#include "sim/host/scratch.h"

#include <stdio.h>
#include <string.h>

/* ---- What it is told ---- */

static double load_since(const struct machine_core_statistics *now,
                         const struct machine_core_statistics *last, sim_time time)
{
    sim_time asleep = now->asleep - last->asleep, held = now->held - last->held;
    if (held >= time)
        return -1;
    sim_time awake = asleep + held < time ? time - asleep - held : 0;
    return (double)awake / (double)(time - held);
}

/* While time stands the loads stay what they were. */
static void measure_loads(struct session *session, struct page_watch *watch, sim_time elapsed)
{
    for (unsigned core = 0; elapsed && core < SOC_CORES; core++) {
        struct machine_core_statistics now;
        machine_core_statistics(session->machine, (enum soc_core)core, &now);
        watch->load[core] = load_since(&now, &watch->last[core], elapsed);
        watch->last[core] = now;
    }
}

static void fill_board(struct session *session, struct web_status *status)
{
    struct board *board = machine_board(session->machine);
    const struct sim *sim = machine_sim(session->machine);
    status->panel = board_panel_on(board);
    for (unsigned n = 0; n < BOARD_LEDS; n++)
        status->led[n] = board_led(board, n + 1);
    status->frames = session->frames;
    status->notified[SOC_CM7] = sim->notified[MASTER_CM7];
    status->notified[SOC_CM4] = sim->notified[MASTER_CM4];
    status->written = connector_look(session->connector).written;
    status->camera = camera_name(session->camera);
}

static void show_status(struct session *session, struct page_watch *watch, double wall)
{
    struct web_status status = {.time = machine_time(session->machine),
                                .held = session->pacing.held,
                                .real = session->pacing.real};
    sim_time elapsed = status.time - watch->last_time;
    measure_loads(session, watch, elapsed);
    memcpy(status.load, watch->load, sizeof status.load);
    double seconds = wall - watch->last_status;
    status.speed = seconds > 0 ? (double)elapsed / (double)SIM_S / seconds : 0;
    fill_board(session, &status);
    web_status(session->web, &status);
    watch->last_time = status.time;
    watch->last_status = wall;
    watch->next_status = wall + 0.1;
}

/* At most 60 pictures a second, and only new ones. */
static void show_picture(struct session *session, struct page_watch *watch, double wall)
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

static void show_stick(struct session *session, struct page_watch *watch)
{
    if (watch->stick == session->stick_changes + 1)
        return;
    watch->stick = session->stick_changes + 1;
    const struct connector_view view = connector_look(session->connector);
    web_stick(session->web, &view);
}

/* ---- What it orders ---- */

static void tell(struct session *session, struct failure *failure)
{
    scratch_take_out(failure->text);
    fprintf(stderr, "duet: %s\n", failure->text);
    if (session->web)
        web_tell(session->web, failure->text);
}

/* Whoever looks at the past must find the stick as it was when it was plugged in: in a file. */
static bool make_fresh(struct action *action, struct failure *failure)
{
    struct plug *plug = &action->plug;
    bool has_image = plug->kind == PLUG_STICK || plug->kind == PLUG_CARD;
    bool plugs = action->kind == ACTION_PLUG || action->kind == ACTION_INSERT;
    if (!plugs || action->again || !has_image || plug->image)
        return true;
    plug->image = disk_image_make_scratch(&plug->disk, failure);
    plug->scratch = plug->image;
    return plug->image;
}

void session_do(struct session *session, struct action *action)
{
    const struct hands hands = session_hands(session);
    struct failure failure;
    bool done = !session->history || make_fresh(action, &failure);
    if (done && session->history)
        done = history_do(session->history, &(struct deed){.kind = DEED_ACTION, .action = *action},
                          &failure);
    else if (done)
        done = action_do(action, &hands, &failure);
    if (!done)
        tell(session, &failure);
}

static void obey(struct session *session, struct page_watch *watch, struct web_order *order)
{
    struct pacing *pacing = &session->pacing;
    switch (order->kind) {
    case WEB_ACTION:
        if (hand_does(&order->action))
            hand_put(&watch->hand, &order->action);
        else
            session_do(session, &order->action);
        break;
    case WEB_HOLD:
        pacing_hold(pacing);
        break;
    case WEB_GO:
        pacing_go(pacing);
        break;
    case WEB_STEP:
        pacing_step(pacing, machine_time(session->machine), order->step);
        break;
    case WEB_PACE:
        pacing->real = order->real;
        break;
    }
}

void session_meet_page(struct session *session, struct page_watch *watch, double wall)
{
    struct web_order order;
    struct action action;
    if (!session->web)
        return;
    while (web_next_order(session->web, &order)) {
        obey(session, watch, &order);
        web_order_free(&order);
    }
    while (hand_next(&watch->hand, machine_time(session->machine), &action))
        session_do(session, &action);
    show_stick(session, watch);
    if (wall >= watch->next_status)
        show_status(session, watch, wall);
    show_picture(session, watch, wall);
}
