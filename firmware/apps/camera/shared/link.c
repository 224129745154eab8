#include "shared/link.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"
#include "duet_stm32h7.h"
#include "shared/blink.h"
#include "threads/ipc_wait.h"
#include "tx_execution_profile.h"

DUET_ASSERT_LINES(struct link_map, notify);
DUET_ASSERT_LINES(struct link_map, frames);
DUET_ASSERT_LINES(struct link_map, log_ends);
DUET_ASSERT_LINES(struct link_map, log);
DUET_ASSERT_LINES(struct link_map, figures);
DUET_ASSERT_LINES(struct link_map, panel_ends);
DUET_ASSERT_LINES(struct link_map, asks_ends);
DUET_ASSERT_LINES(struct link_map, calls_table);
DUET_ASSERT_LINES(struct link_map, fault);
DUET_ASSERT_LINES(struct link_map, threads);
DUET_ASSERT_LINES(struct link_map, log_statistics);
_Static_assert(sizeof(struct link_map) <= 0x10000, "the map does not fit SRAM4");
_Static_assert((FRAME_COUNT + PICTURE_COUNT) * FRAME_BYTES_MAX + LINK_STREAMS_BYTES +
                       LINK_FILM_BYTES <=
                   9u << 20,
               "what is recorded reaches into what is shown");

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct link_map, notify, 1, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, frames, 2, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, log_ends, 3, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, log, 4, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, figures, 5, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, fault, 6, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, threads, 7, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, log_statistics, 8, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, panel_ends, 9, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, asks_ends, 10, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, panel, 11, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, asks, 12, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, calls_table, 13, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct link_map, calls, 14, DUET_NON_CACHEABLE),
};

#ifdef DUET_STM32H7_CORE_M7
enum { OWN_BELL = HSEM_RINGS_CM7, PEER_BELL = HSEM_RINGS_CM4, OWN_IRQ = IRQ_HSEM_CM7 };
#else
enum { OWN_BELL = HSEM_RINGS_CM4, PEER_BELL = HSEM_RINGS_CM7, OWN_IRQ = IRQ_HSEM_CM4 };
#endif

/* One clock for both, or latencies from core to core would mean nothing; the M7 started it before it
 * let the M4 run. */
static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

static const struct duet_stm32h7 chip = {
    .own = OWN_BELL, .peer = PEER_BELL, .microseconds = microseconds};
static const struct duet_port chip_port = DUET_STM32H7_PORT(hsem, chip);
static struct duet_port port; /* the chip's, with the kernel's way of waiting */

struct link own_link;

/* They must outlive the ends. */
static struct {
    struct duet_region_config region;
    struct duet_notify_config notify;
    struct duet_ring_config log, panel, asks;
    struct duet_frame_config frames;
    struct duet_rpmsg_config calls;
} config;

void hsem_handler(void);

void hsem_handler(void)
{
    _tx_execution_isr_enter();
    duet_notify_interrupt(&own_link.notify);
    ipc_wait_rung();
    _tx_execution_isr_exit();
}

static void configure(const struct duet_notify_entry *handlers)
{
    const struct duet_memory memory = {.port = &port, .policy = DUET_NON_CACHEABLE};
    config.region = (struct duet_region_config){
        .memory = memory,
        .base = LINK_MAP,
        .size = sizeof(struct link_map),
        .parts = parts,
        .part_count = sizeof parts / sizeof parts[0],
    };
    config.notify = (struct duet_notify_config){
        .memory = memory,
        .shared = &LINK_MAP->notify,
        .entries = handlers,
        .entry_count = handlers ? LINE_COUNT : 0,
    };
    config.log = (struct duet_ring_config){
        .memory = memory,
        .shared = &LINK_MAP->log_ends,
        .data = LINK_MAP->log,
        .size = LOG_BYTES,
        .notify = &own_link.notify,
        .line = LINE_LOG,
        .observer = duet_statistics_observe,
        .statistics = &LINK_MAP->log_statistics[LINK_THIS_CORE],
    };
    config.panel = (struct duet_ring_config){
        .memory = memory,
        .shared = &LINK_MAP->panel_ends,
        .data = LINK_MAP->panel,
        .size = PANEL_BYTES,
        .notify = &own_link.notify,
        .line = LINE_PANEL,
    };
    config.asks = (struct duet_ring_config){
        .memory = memory,
        .shared = &LINK_MAP->asks_ends,
        .data = LINK_MAP->asks,
        .size = ASKS_BYTES,
        .notify = &own_link.notify,
        .line = LINE_ASKS,
    };
    config.frames = (struct duet_frame_config){
        .control = memory,
        .pixels = memory,
        .shared = &LINK_MAP->frames,
        .buffers = LINK_FRAMES,
        .count = FRAME_COUNT,
        .stride = FRAME_BYTES_MAX,
        .notify = &own_link.notify,
        .line = LINE_FRAMES,
    };
}

static void configure_calls(void)
{
    config.calls = (struct duet_rpmsg_config){
        .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
        .table = LINK_MAP->calls_table,
        .shared = LINK_MAP->calls,
        .size = CALLS_BYTES,
        .address = (uint32_t)LINK_MAP->calls,
        .sessions = 1,
        .notify = &own_link.notify,
        .line = LINE_FILES,
    };
#ifdef DUET_STM32H7_CORE_M7
    config.calls.role = &duet_rpmsg_host;
    config.calls.layout = &duet_rpmsg_layout_st;
#else
    config.calls.role = &duet_rpmsg_remote;
#endif
}

static int open_ends_of_cm7(struct link *link)
{
    int status = duet_ring_open_producer(&link->log, &config.log);
    if (status == DUET_OK)
        status = duet_ring_open_consumer(&link->panel, &config.panel);
    if (status == DUET_OK)
        status = duet_ring_open_producer(&link->asks, &config.asks);
    return status ? status : duet_frame_open_receiver(&link->receiver, &config.frames);
}

static int open_ends_of_cm4(struct link *link)
{
    int status = duet_ring_open_consumer(&link->log, &config.log);
    if (status == DUET_OK)
        status = duet_ring_open_producer(&link->panel, &config.panel);
    if (status == DUET_OK)
        status = duet_ring_open_consumer(&link->asks, &config.asks);
    return status ? status : duet_frame_open_sender(&link->sender, &config.frames);
}

static int open_ends(void)
{
    return LINK_THIS_CORE == CORE_CM7 ? open_ends_of_cm7(&own_link) : open_ends_of_cm4(&own_link);
}

int link_open(const struct duet_notify_entry handlers[LINE_COUNT])
{
    timer_join(TIMER_CM7);
    ipc_wait_port(&port, &chip_port);
    configure(handlers);
    configure_calls();
    LINK_MAP->figures[LINK_THIS_CORE] = (struct link_figures){.led_wish = LED_BLINKS};
    LINK_MAP->threads[LINK_THIS_CORE].count = 0;
    duet_statistics_open(&LINK_MAP->log_statistics[LINK_THIS_CORE], &config.log.memory);
    LINK_MAP->fault[LINK_THIS_CORE] = (struct link_fault){0};
    duet_stm32h7_start_hsem(&chip); /* opening rings the other core already */
    int status = duet_region_open(&own_link.region, &config.region);
    if (status == DUET_OK)
        status = duet_notify_open(&own_link.notify, &config.notify);
    if (status == DUET_OK)
        status = open_ends();
    if (status == DUET_OK)
        status = duet_rpmsg_open(&own_link.calls, &config.calls);
    irq_enable(OWN_IRQ, 5);
    return status;
}

bool link_wait_for_peer(ULONG ticks)
{
    for (ULONG start = tx_time_get(); duet_region_peer(&own_link.region) != DUET_OK;) {
        if (tx_time_get() - start >= ticks)
            return false;
        tx_thread_sleep(1);
    }
    return true;
}

void link_wish(uint32_t led_mode)
{
    LINK_MAP->figures[CORE_CM4].led_wish = led_mode;
    duet_notify_raise(&own_link.notify, LINE_FIGURES);
}

uint32_t link_wished(void)
{
    return LINK_MAP->figures[CORE_CM4].led_wish;
}

void link_tell(const struct link_figures *own)
{
    volatile struct link_figures *card = &LINK_MAP->figures[LINK_THIS_CORE];
    card->load_permille = own->load_permille;
    card->frames = own->frames;
    card->drops = own->drops;
    card->frames_per_second_x10 = own->frames_per_second_x10;
    card->underruns = own->underruns;
    duet_notify_raise(&own_link.notify, LINE_FIGURES);
}

const volatile struct link_figures *link_peer_figures(void)
{
    return &LINK_MAP->figures[LINK_OTHER_CORE];
}
