/*
 * Each barrier of the chip's and the library's lowest layer where no other one stands beside it: what
 * its own comment says that it is for, and nothing else. For the checker, which names it when it is
 * not there (docs/faults.md, "Proof by mutation").
 */
#ifndef LONE_BARRIERS_H
#define LONE_BARRIERS_H

#include "duet/notify.h"
#include "duet/ring.h"
#include "duet/status.h"
#include "duet_stm32h7.h"
#include "shared/example.h"

enum { EXTI_RINGS_CM4, EXTI_RINGS_CM7 };
#define RESTARTED 0x5e7a5e7au
enum { RING_BYTES = 64, CHUNK = 12, BLOCK_WORDS = 16 };

/* In SRAM4, which no cache holds. */
struct map {
    struct duet_notify_shared notify;
    struct duet_ring_shared ends, back; /* to the M4, from it */
    uint8_t bytes[RING_BYTES], back_bytes[RING_BYTES];
    volatile uint32_t turn[2];  /* of the M7, of the M4 */
    volatile uint32_t data[8];  /* the M7 stores them, each for one step */
    volatile uint32_t flag[8];  /* likewise */
    volatile uint32_t sleeps;   /* the M4's how manieth sleep begins */
    volatile uint32_t restarts; /* RESTARTED, or 1 after that */
    uint32_t block[BLOCK_WORDS], moved[BLOCK_WORDS];
};

enum { LINE_RAISED = 3, LINE_BACK = 4 };

#define MAP ((struct map *)SHARED_BASE)

/* In the AXI SRAM, as the default map has it: the M7 caches it. */
#define CACHED ((volatile uint32_t *)0x24020000u)

/* A ring there. */
#define CACHED_ENDS ((struct duet_ring_shared *)0x24020100u)

/* The M4 sends, the M7 takes; `notify` is opened. */
#define BACK_CONFIG(notified)                                                                      \
    {                                                                                              \
        .memory = {.port = &hsem_port, .policy = DUET_NON_CACHEABLE}, .shared = &MAP->back,        \
        .data = MAP->back_bytes, .size = RING_BYTES, .notify = (notified), .line = LINE_BACK       \
    }

/* So many microseconds without a barrier. */
void pass(uint32_t microseconds);

/* Returns when the other core has called it, too; what was stored before is visible behind it. */
void meet(void);

/* By HSEM, by EXTI and by SEV; the semaphore is the console's doorbell no more. */
extern const struct duet_stm32h7 hsem_chip, exti_chip;
extern const struct duet_port hsem_port, exti_port, sev_port;

#endif
