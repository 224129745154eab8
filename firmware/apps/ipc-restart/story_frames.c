/* Frames from the M4 to the M7: acquire, fill, send; receive, look, keep a few, give back. */
#include "duet/frame.h"
#include "ipc-restart/restart.h"

#define RESTART_FILE 4

enum { FRAMES = 4, KEPT = 2, FRAME_BYTES = 96 };

#define CONTROL ((struct duet_frame_shared *)SHARED_PLACE(0))
#define PIXELS  ((uint8_t *)SHARED_PLACE(0x800))

static struct duet_frame_config config;
static struct duet_frame_sender sender;
static struct duet_frame_receiver receiver;
static uint32_t passed;
static struct duet_frame kept[KEPT]; /* the oldest first */
static uint32_t kept_count;

static void open_frames(void)
{
    passed = kept_count = 0;
    config = (struct duet_frame_config){
        .control = restart_memory(),
        .pixels = restart_memory(),
        .shared = CONTROL,
        .buffers = PIXELS,
        .count = FRAMES,
        .stride = FRAME_BYTES,
        .notify = &restart_notify,
        .line = LINE_FRAMES,
    };
    if (IS_CM7)
        EXPECT(duet_frame_open_receiver(&receiver, &config) == DUET_OK);
    else
        EXPECT(duet_frame_open_sender(&sender, &config) == DUET_OK);
}

static void sleep_on(int status)
{
    uint32_t start = microseconds();
    if (status != DUET_OK)
        duet_notify_wait(&restart_notify, 1u << LINE_FRAMES, BOUND_US);
    came_back(start, status);
}

static void send_frame(void)
{
    struct duet_frame frame;
    int status = duet_frame_acquire(&sender, &frame, DUET_BY_CPU);
    if (status == DUET_OK) {
        frame.length = message_make(frame.data);
        frame.tag = MINE->sent;
        status = duet_frame_send(&sender, &frame);
        passed += status == DUET_OK;
    }
    sleep_on(status);
}

static int release_oldest(void)
{
    int status = duet_frame_release(&receiver, &kept[0]);
    for (uint32_t n = 1; n < kept_count; n++)
        kept[n - 1] = kept[n];
    kept_count--;
    return status;
}

/* What is kept belongs to the receiver, whatever becomes of the sender. */
static void receive_frame(void)
{
    int status = DUET_OK;
    if (kept_count == KEPT)
        EXPECT(release_oldest() == DUET_OK);
    status = duet_frame_receive(&receiver, &kept[kept_count], DUET_EVERY_FRAME, DUET_BY_CPU);
    if (status == DUET_OK) {
        message_check(kept[kept_count].data, kept[kept_count].length);
        kept_count++;
        passed++;
    }
    sleep_on(status);
}

static bool live_by_frames(void)
{
    IS_CM7 ? receive_frame() : send_frame();
    return passed == EXCHANGES + FRAMES; /* so some came back */
}

static void serve_by_frames(void)
{
    live_by_frames();
}

const struct story story_frames = {open_frames, live_by_frames, serve_by_frames};
