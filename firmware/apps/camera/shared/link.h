/*
 * All that the two cores of the camera system share: one map in SRAM4, which no cache holds, and
 * the frame buffers in SDRAM, which no CPU touches. Everything crosses by ipc/.
 *
 * What goes where:  frames M4 -> M7 and back; log text M7 -> M4; cards of figures, of threads and
 * for a fault each way; a wish M4 -> M7; the user interface's messages and remote calls. What joins gets a member, a part in link.c and a line
 * here.
 */
#ifndef CAMERA_LINK_H
#define CAMERA_LINK_H

#include "duet/frame.h"
#include "duet/notify.h"
#include "duet/port.h"
#include "duet/region.h"
#include "duet/ring.h"
#include "duet/rpmsg.h"
#include "duet/statistics.h"
#include "tx_api.h"

#include <stdbool.h>

enum {
    FRAME_WIDTH_MAX = 800,
    FRAME_HEIGHT_MAX = 480,
    FRAME_BYTES_MAX = FRAME_WIDTH_MAX * FRAME_HEIGHT_MAX * 2, /* YCbCr 4:2:2, drivers/dcmi.h */
    FRAME_COUNT = 4,   /* being filled, being encoded, on its way, being converted */
    PICTURE_COUNT = 4, /* on the panel, from the next blank on, waiting for a blank, being made */
    LOG_BYTES = 4096,
    PANEL_BYTES = 1024,
    ASKS_BYTES = 64,
    CALLS_BYTES = 0x1800,
};

/* Logical notification lines; the same numbers both ways. */
enum link_line {
    LINE_FRAMES,
    LINE_LOG,
    LINE_FIGURES,
    LINE_PANEL,
    LINE_ASKS,
    LINE_FILES,
    LINE_COUNT
};

/* What each core tells the other once a second. One writer; each word stands for itself. */
struct link_figures {
    uint32_t load_permille; /* of the last second, the share not asleep */
    uint32_t frames;        /* captured (M4), shown (M7); since start */
    uint32_t drops;         /* frames that never reached the panel, as this core counts them */
    uint32_t frames_per_second_x10;
    uint32_t underruns; /* M7: times that the LTDC got its pixels too late, or not at all */
    uint32_t led_wish;  /* M4: what the M7's LED is to do, enum led_mode */
    uint32_t reserved[2];
} __attribute__((aligned(DUET_LINE)));

/* What stopped a thread or the core itself (shared/fault.h). */
struct link_fault {
    uint32_t count; /* since start; 0: the text says nothing */
    char text[124];
} __attribute__((aligned(DUET_LINE)));

enum { LINK_THREADS_MAX = 20 };

struct link_thread {
    char name[12]; /* cut off where it is longer; not ended by 0 then */
    uint8_t state; /* TX_READY and so on */
    uint8_t priority;
    uint16_t stack_bytes, stack_used; /* used: the deepest ever */
    uint16_t reserved;
    uint32_t run_count;
    uint32_t share; /* of the core's time in the last second, in hundredths of a percent */
    uint32_t reserved_too;
};

/* A core's threads, once a second (shared/census.h). */
struct link_threads {
    uint32_t count;
    uint32_t handlers_share, timers_share; /* as share: of handlers, and of the kernel's timers */
    uint32_t reserved[5];
    struct link_thread thread[LINK_THREADS_MAX];
} __attribute__((aligned(DUET_LINE)));

struct link_map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
    struct duet_frame_shared frames;
    struct duet_ring_shared log_ends;
    uint8_t log[LOG_BYTES];
    struct link_figures figures[2]; /* by core */
    struct link_fault fault[2];
    struct link_threads threads[2];
    struct duet_statistics log_statistics[2];
    struct duet_ring_shared panel_ends, asks_ends;
    uint8_t panel[PANEL_BYTES], asks[ASKS_BYTES];
    /* Remote calls (shared/files_link.h), in ST's layout: docs/ipc-wire.md. */
    uint8_t calls_table[DUET_RPMSG_TABLE_BYTES] __attribute__((aligned(DUET_LINE)));
    uint8_t calls[CALLS_BYTES];
};

#define LINK_MAP    ((struct link_map *)0x38000000u)
#define LINK_FRAMES ((uint8_t *)0xd0000000u)
/* Behind the frames: the M7's pictures, made of them; the M4's JPEG streams, and where they lie. */
#define LINK_PICTURES      (LINK_FRAMES + FRAME_COUNT * FRAME_BYTES_MAX)
#define LINK_STREAMS       (LINK_PICTURES + PICTURE_COUNT * FRAME_BYTES_MAX)
#define LINK_STREAMS_BYTES (16u * 128 * 1024)
#define LINK_FILM          (LINK_STREAMS + LINK_STREAMS_BYTES)
#define LINK_FILM_BYTES    (36000u * 4) /* a word a frame: 20 minutes at 30 a second */
/* A picture for the M7 that is no frame, in the codec's units; lines of RGB565 made of it, and small
 * ones of these, which are the M7's. */
#define LINK_STILL            (LINK_FRAMES + (9u << 20))
#define LINK_STILL_BYTES      (2u << 20)
#define LINK_SCRATCH          (LINK_STILL + LINK_STILL_BYTES)
#define LINK_THUMBNAILS       (LINK_SCRATCH + LINK_STILL_BYTES)
#define LINK_THUMBNAILS_BYTES (8u * 160 * 120 * 2)
#define LINK_SHARED_BYTES     ((13u << 20) + LINK_THUMBNAILS_BYTES) /* up to here */
#define LINK_FRAMES_SIZE_LOG2 24 /* of the SDRAM at LINK_FRAMES, uncached for the M7 */

enum core { CORE_CM7, CORE_CM4 };
#ifdef DUET_STM32H7_CORE_M7
#define LINK_THIS_CORE  CORE_CM7
#define LINK_OTHER_CORE CORE_CM4
#else
#define LINK_THIS_CORE  CORE_CM4
#define LINK_OTHER_CORE CORE_CM7
#endif

/* Semaphores of the HSEM that ring; chip/boot.h has two more. */
enum { HSEM_RINGS_CM4, HSEM_RINGS_CM7 };

/* This core's end of everything. One thread uses a member, but `notify`: any context. */
struct link {
    struct duet_region region;
    struct duet_notify notify;
    struct duet_ring log;
    struct duet_ring panel, asks;    /* messages of shared/panel_link.h, to the M7 and to the M4 */
    struct duet_rpmsg calls;         /* files_thread, and remote_thread */
    struct duet_frame_sender sender; /* M4 */
    struct duet_frame_receiver receiver; /* M7 */
};
extern struct link own_link;

/* Opens this core's end, under the kernel (threads/ipc_wait.h), and enables its interrupt.
 * `handlers` by line, from the interrupt; a line without one is kept for duet_notify_wait.
 * DUET_OK, or what ipc/ answered. From tx_application_define, before the cores have agreed on
 * anything. */
int link_open(const struct duet_notify_entry handlers[LINE_COUNT]);

/* Until the other core has opened its end, or `ticks` have passed: false. Threads, one a core. */
bool link_wait_for_peer(ULONG ticks);

/* What the M4 wants of the M7's LED, told at once; and what that was last. */
void link_wish(uint32_t led_mode);
uint32_t link_wished(void);

/* Publishes this core's figures, and reads the other's. */
void link_tell(const struct link_figures *own);
const volatile struct link_figures *link_peer_figures(void);

#endif
