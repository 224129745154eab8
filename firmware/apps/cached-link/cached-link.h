/*
 * The whole library in memory that the M7's cache holds: SRAM1 as the default map has it, write-back.
 * No MPU region helps; every access is right because the library cleans and invalidates where it
 * must. The M7 works through other memory in between, so that lines leave its cache when they like.
 *
 * Built a second time with UNCACHED_LINK: the same in SRAM4, where no cache maintenance waits for
 * stores by the way, and fences alone make the order.
 */
#ifndef CACHED_LINK_H
#define CACHED_LINK_H

#include "duet/frame.h"
#include "duet/region.h"
#include "duet/ring.h"
#include "duet/statistics.h"
#include "duet_stm32h7.h"
#include "shared/example.h"

enum { LINE_THERE, LINE_BACK, LINE_PICTURES, LINE_DRAWINGS, LINE_ROOM, LINE_LAST };
enum { RING_BYTES = 512, MESSAGES = 100, MESSAGE_WORDS = 24, PATIENCE_US = 200000 };
enum { FRAMES = 3, FRAME_BYTES = 2048, ROUNDS = 8, MOVED_BYTES = 4096 };
enum { WAKES = 200, WAKE_STEP_CYCLES = 12, LATE_US = 300 };

/* A ring with statistics of both its ends. */
struct cached_ring {
    struct duet_ring_shared ends;
    struct duet_statistics sent, received;
    uint8_t bytes[RING_BYTES];
};

/* A pool: the first is filled by the M4, the second by the M7. */
struct cached_pool {
    struct duet_frame_shared shared;
    uint8_t pixels[FRAMES][FRAME_BYTES];
};

struct map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
    struct cached_ring there, back; /* from the M7 to the M4, and the other way */
    struct cached_pool pictures, drawings;
    uint8_t drawn[MOVED_BYTES]; /* by the M7 */
    uint8_t moved[MOVED_BYTES]; /* from there by the MDMA */
};

#ifdef UNCACHED_LINK
#define MAP    ((struct map *)SHARED_BASE)
#define POLICY DUET_NON_CACHEABLE
#else
#define MAP    ((struct map *)0x30000000u)
#define POLICY DUET_MAINTAINED
#endif

extern const struct duet_port port;
extern struct duet_notify notify;
extern struct duet_region region;
extern struct duet_ring there, back;
extern const struct duet_frame_config pictures_config, drawings_config;

#define LINK_MEMORY                                                                                \
    {                                                                                              \
        .port = &port, .policy = POLICY                                                            \
    }

/* Starts this core and opens all but the pools, which `open_pools` does; returns when the other
 * core has come as far. */
void cached_link_start(void (*open_pools)(void));

/* Step by step together: returns when the other core has called it, too. */
void meet(void);

/* The end of all that goes through rings, on both cores; then their statistics stand still. */
void meet_at_last(void);

/* Sends MESSAGES through one ring, and takes them out of the other: how many words were wrong. */
void send_messages(struct duet_ring *ring);
uint32_t take_messages(struct duet_ring *ring);

/* The n-th word of message or frame `number`. */
static inline uint32_t word_of(uint32_t number, uint32_t n)
{
    return number * 0x10001 + n;
}

/* Fills a frame with its number, and counts what is not. */
void send_frame(struct duet_frame_sender *sender, uint32_t line, uint32_t number);
uint32_t wrong_pixels(const struct duet_frame *frame, uint32_t number);
void acquire_frame(struct duet_frame_sender *sender, uint32_t line, struct duet_frame *frame,
                   enum duet_frame_user user);
void receive_frame(struct duet_frame_receiver *receiver, uint32_t line, struct duet_frame *frame,
                   enum duet_frame_user user);

#endif
