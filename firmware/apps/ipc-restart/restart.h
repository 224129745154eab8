/*
 * A core that dies at any instruction and comes back, and one that survives it. Both run the same
 * story; the runner (sim/test/machine/restarts.c) says which core is the victim, stops or resets it
 * at every instruction between restart_life_begin and restart_life_end, and reads the diaries.
 *
 * The victim lives again and again: it opens its ends over whatever the life before left in memory,
 * and its life is whole when messages have gone both ways. The survivor is never reset. Messages come
 * in bursts and buffers are kept for a while, so that a death finds some of all on their way.
 */
#ifndef IPC_RESTART_H
#define IPC_RESTART_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/notify.h"
#include "duet/region.h"
#include "duet/status.h"
#include "duet_stm32h7.h"

#include <stdbool.h>

/* In a burst so many messages are on their way at once. */
enum { BOUND_US = 1000, TICK_US = 250, EXCHANGES = 2, BURST = 3 };

#ifdef DUET_STM32H7_CORE_M7
enum { IS_CM7 = 1 };
#else
enum { IS_CM7 = 0 };
#endif

/* What the runner asks for. */
struct orders {
    uint32_t victim; /* 0 the M7, 1 the M4 */
    uint32_t story;
    uint32_t is_cached; /* the M7 may cache what is shared */
};

/* What outlives a core's lives: in memory that no start clears. */
struct diary {
    uint32_t sent;    /* number of its last message */
    uint32_t heard;   /* number of the last that it got */
    uint32_t returns; /* calls with a bound that came back */
    uint32_t told;    /* how often it was told of a restart */
    uint32_t latest;  /* microseconds that such a call took beyond its bound, at most */
    uint32_t faults;  /* what went wrong: 0, or its line number */
    uint32_t lives;   /* begun */
    uint32_t reserved;
};

extern struct orders restart_orders;
extern struct diary restart_diaries[2]; /* by core */

#define MINE (&restart_diaries[!IS_CM7])

#define EXPECT(holds)                                                                              \
    do {                                                                                           \
        if (!(holds) && MINE->faults == 0)                                                         \
            MINE->faults = __LINE__ + 10000u * RESTART_FILE;                                       \
    } while (0)

/* One thing that the two talk by. Both cores have the same; a core that restarts opens it anew. */
struct story {
    void (*open)(void);
    bool (*live)(void);  /* a round of the victim; true: its life is whole */
    void (*serve)(void); /* a round of the survivor */
};

extern const struct story story_ring, story_buffer, story_rpmsg, story_frames;

/* The link of both: a region with a card for each, and lines. */
enum { LINE_TO_CM4, LINE_TO_CM7, LINE_RPMSG, LINE_FRAMES };
extern const struct duet_port restart_port;
extern struct duet_notify restart_notify;
struct duet_memory restart_memory(void);

uint32_t microseconds(void);
/* A call with a bound began at `start`, and answered `status`. */
void came_back(uint32_t start, int status);

/* Messages that say by themselves whether they are whole: a number, and bytes that follow from it. */
enum { LONGEST = 80 };
uint32_t message_make(uint8_t *message); /* the next one; its length */
/* A message that came: in order, at most once, whole. */
void message_check(const uint8_t *message, uint32_t length);

/* The shared memory of the stories, behind the link's. */
#define SHARED_PLACE(offset) (0x38000000u + 0x400u + (offset))

#endif
