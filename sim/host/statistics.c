#include "sim/host/session.h"

#include <inttypes.h>

static double percent(sim_time part, sim_time whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_core(FILE *to, const struct machine *machine, enum soc_core core)
{
    struct machine_core_statistics its;
    machine_core_statistics(machine, core, &its);
    fprintf(to,
            "%s     instructions %" PRIu64 ", cycles %" PRIu64 ", asleep %.2f %%, held %.2f %%, "
            "interrupts %" PRIu64 "%s\n",
            core_name(core), its.instructions, its.cycles,
            percent(its.asleep, machine_time(machine)), percent(its.held, machine_time(machine)),
            its.interrupts, its.started ? "" : " (never started)");
}

static void print_dma(FILE *to, const struct sim *sim)
{
    const char *separator = "DMA bytes     ";
    for (unsigned n = 0; n < MASTER_COUNT; n++) {
        enum bus_master master = (enum bus_master)n;
        if (master == MASTER_CM7 || master == MASTER_CM4 || master == MASTER_DEBUG)
            continue;
        if (sim->dma_bytes[n] == 0 && master > MASTER_MDMA)
            continue;
        fprintf(to, "%s%s %" PRIu64, separator, bus_master_name(master), sim->dma_bytes[n]);
        separator = ", ";
    }
    fputc('\n', to);
}

static void print_stick(FILE *to, const struct connector *connector)
{
    struct usb_stick_statistics stick;
    if (connector_statistics(connector, &stick))
        fprintf(to,
                "stick         commands %" PRIu64 ", writes %" PRIu64 ", sectors read %" PRIu64
                ", written %" PRIu64 "\n",
                stick.commands, stick.writes, stick.sectors_read, stick.sectors_written);
}

static void print_card(FILE *to, const struct connector *connector)
{
    struct microsd_statistics card;
    if (connector_card_statistics(connector, &card))
        fprintf(to,
                "card          commands %" PRIu64 ", sectors read %" PRIu64 ", written %" PRIu64
                "\n",
                card.commands, card.sectors_read, card.sectors_written);
}

void print_statistics(struct session *session, FILE *to)
{
    struct machine *machine = session->machine;
    struct board_statistics board;
    double wall = wall_time() - session->started;
    double seconds = (double)machine_time(machine) / (double)SIM_S;
    board_statistics(machine_board(machine), &board);
    fprintf(to, "board time    %.6f s\n", seconds);
    fprintf(to, "wall time     %.3f s (%.2f times real time)\n", wall,
            wall > 0 ? seconds / wall : 0);
    print_core(to, machine, SOC_CM7);
    print_core(to, machine, SOC_CM4);
    print_dma(to, machine_sim(machine));
    fprintf(to,
            "frames        captured %" PRIu64 ", shown %" PRIu64 ", panel refreshes %" PRIu64 "\n",
            board.frames_captured, board.frames_shown, board.panel_refreshes);
    print_stick(to, session->connector);
    print_card(to, session->connector);
    print_shared_statistics(session, to);
    const struct reporter *reporter = &machine_sim(machine)->reporter;
    fprintf(to, "complaints    guest %" PRIu64 ", not modelled %" PRIu64 ", board %" PRIu64 "\n",
            reporter->distinct[COMPLAINT_GUEST], reporter->distinct[COMPLAINT_UNMODELLED],
            reporter->distinct[COMPLAINT_BOARD]);
    size_t places;
    machine_check_places(machine, &places);
    if (session->options->check)
        fprintf(to, "checker       reports %zu\n", places);
}
