// Calls on the pool of frame_pair.h for tests that look at whose each frame is.
#ifndef DUET_TEST_FRAME_CALLS_H
#define DUET_TEST_FRAME_CALLS_H

#include "frame_pair.h"

// The message that passes a frame (docs/ipc-wire.md, "Frames").
struct message {
    uint32_t frame, length, sequence, tag;
};

static inline int acquire(struct duet_frame *frame)
{
    return duet_frame_acquire(&sender, frame, DUET_BY_DMA);
}

static inline int receive(struct duet_frame *frame)
{
    return duet_frame_receive(&receiver, frame, DUET_EVERY_FRAME, DUET_BY_DMA);
}

static inline void send_frame(void)
{
    struct duet_frame frame;

    assert_int_equal(acquire(&frame), DUET_OK);
    assert_int_equal(duet_frame_send(&sender, &frame), DUET_OK);
}

// Both look until they agree, and move no frame.
static inline void agree(void)
{
    struct duet_frame frame;

    for (int i = 0; i < 4; i++) {
        if (acquire(&frame) == DUET_OK)
            duet_frame_cancel(&sender, &frame);
        assert_int_not_equal(receive(&frame), DUET_OK);
    }
}

static inline void open_both(void)
{
    open_sender();
    open_receiver();
    agree();
}

// How many frames the sender can have.
static inline uint32_t free_frames(void)
{
    struct duet_frame frame[COUNT + 1];
    uint32_t count = 0;

    while (acquire(&frame[count]) == DUET_OK)
        count++;
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(duet_frame_cancel(&sender, &frame[i]), DUET_OK);
    return count;
}

#endif
