// A pool of three frames: the sender on core 1, the receiver on core 0.
#ifndef DUET_TEST_FRAME_PAIR_H
#define DUET_TEST_FRAME_PAIR_H

#include "pair.h"

#include "duet/frame.h"

#define COUNT  3u
#define STRIDE 64u

static struct duet_host host;
static struct {
    struct duet_frame_shared frames;
    struct duet_notify_shared notify;
    uint8_t pixels[COUNT * STRIDE] SHARED;
} shared;
static struct duet_frame_config config[2];
static struct duet_frame_sender sender;     // core 1
static struct duet_frame_receiver receiver; // core 0

static int setup(void **state)
{
    (void)state;
    memset(&shared, 0x99, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++)
        config[core] = (struct duet_frame_config){.control = memory_of(&host, core),
                                                  .pixels = memory_of(&host, core),
                                                  .shared = &shared.frames,
                                                  .buffers = shared.pixels,
                                                  .count = COUNT,
                                                  .stride = STRIDE};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static inline void open_sender(void)
{
    assert_int_equal(duet_frame_open_sender(&sender, &config[1]), DUET_OK);
}

static inline void open_receiver(void)
{
    assert_int_equal(duet_frame_open_receiver(&receiver, &config[0]), DUET_OK);
}

#endif
