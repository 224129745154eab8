#include "shared/link.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

enum { PEER_US = 500000 };

#ifdef DUET_STM32H7_CORE_M7
enum { OWN_BELL = HSEM_RINGS_CM7, PEER_BELL = HSEM_RINGS_CM4, OWN_IRQ = IRQ_HSEM_CM7 };
#else
enum { OWN_BELL = HSEM_RINGS_CM4, PEER_BELL = HSEM_RINGS_CM7, OWN_IRQ = IRQ_HSEM_CM4 };
#endif

/* Not const: a word that the M4 reads from flash costs it five cycles more than one from its RAM. */
static struct duet_stm32h7 chip = {
    .own = OWN_BELL,
    .peer = PEER_BELL,
    .microseconds = example_microseconds,
    .sleep = 1, /* the tick ends every sleep in time */
    .mdma_channel = OWN_BELL,
};
struct duet_port link_port = DUET_STM32H7_PORT_MDMA(hsem, chip);

#define MAP ((struct link_map *)SHARED_BASE)

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct link_map, notify, 1, DUET_NON_CACHEABLE),
};
static const struct duet_region_config region_config = {
    .memory = LINK_MEMORY,
    .base = MAP,
    .size = sizeof(struct link_map),
    .parts = parts,
    .part_count = 1,
};
static struct duet_notify_config notify_config = {.memory = LINK_MEMORY, .shared = &MAP->notify};
static struct duet_region region;
struct duet_notify link_notify;

void hsem_handler(void);

void hsem_handler(void)
{
    duet_notify_interrupt(&link_notify);
}

void link_start(const struct duet_notify_entry *entries, uint32_t count, void (*prepare)(void))
{
    example_start();
    notify_config.entries = entries;
    notify_config.entry_count = count;
    duet_stm32h7_start_hsem(&chip); /* opening rings the other core already */
    must(duet_notify_open(&link_notify, &notify_config), "the notification");
    if (prepare)
        prepare();
    irq_enable(OWN_IRQ, 5);
    must(duet_region_open(&region, &region_config), "the region");
    must(duet_region_wait_peer(&region, PEER_US), "the other core");
}
