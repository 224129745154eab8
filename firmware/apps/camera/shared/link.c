#include "shared/link.h"

DUET_ASSERT_LINES(struct link_map, notify);
DUET_ASSERT_LINES(struct link_map, frames);
DUET_ASSERT_LINES(struct link_map, log_ends);
DUET_ASSERT_LINES(struct link_map, log);
DUET_ASSERT_LINES(struct link_map, figures);
_Static_assert(sizeof(struct link_map) <= 0x10000, "the map does not fit SRAM4");

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct link_map, notify, 1, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, frames, 2, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, log_ends, 3, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, log, 4, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, figures, 5, DUET_NON_CACHEABLE),
};

/* One link a core: its configurations live here because they must outlive the ends. */
static struct {
    struct duet_region_config region;
    struct duet_notify_config notify;
    struct duet_ring_config log;
    struct duet_frame_config frames;
} config;

static void configure(struct link *link, const struct duet_port *port)
{
    const struct duet_memory memory = {.port = port, .policy = DUET_NON_CACHEABLE};
    config.region = (struct duet_region_config){
        .memory = memory,
        .base = LINK_MAP,
        .size = sizeof(struct link_map),
        .parts = parts,
        .part_count = sizeof parts / sizeof parts[0],
    };
    config.notify = (struct duet_notify_config){.memory = memory, .shared = &LINK_MAP->notify};
    config.log = (struct duet_ring_config){
        .memory = memory,
        .shared = &LINK_MAP->log_ends,
        .data = LINK_MAP->log,
        .size = LOG_BYTES,
        .notify = &link->notify,
        .line = LINE_LOG,
    };
    config.frames = (struct duet_frame_config){
        .control = memory,
        .pixels = memory,
        .shared = &LINK_MAP->frames,
        .buffers = LINK_FRAMES,
        .count = FRAME_COUNT,
        .stride = FRAME_BYTES_MAX,
        .notify = &link->notify,
        .line = LINE_FRAMES,
    };
}

static int open_ends(struct link *link, const struct duet_port *port)
{
    if (port->core == CORE_CM7) {
        int status = duet_ring_open_producer(&link->log, &config.log);
        return status ? status : duet_frame_open_receiver(&link->receiver, &config.frames);
    }
    int status = duet_ring_open_consumer(&link->log, &config.log);
    return status ? status : duet_frame_open_sender(&link->sender, &config.frames);
}

int link_open(struct link *link, const struct duet_port *port)
{
    configure(link, port);
    int status = duet_region_open(&link->region, &config.region);
    if (status == DUET_OK)
        status = duet_notify_open(&link->notify, &config.notify);
    return status == DUET_OK ? open_ends(link, port) : status;
}

void link_tell(struct link *link, const struct duet_port *port, const struct link_figures *own)
{
    volatile struct link_figures *card = &LINK_MAP->figures[port->core];
    card->load_permille = own->load_permille;
    card->frames = own->frames;
    card->drops = own->drops;
    card->frames_per_second_x10 = own->frames_per_second_x10;
    duet_notify_raise(&link->notify, LINE_FIGURES);
}

const volatile struct link_figures *link_peer_figures(const struct duet_port *port)
{
    return &LINK_MAP->figures[1 - port->core];
}
