// Frames: a pool of large buffers, such as pictures, whose ownership passes from one core to the other
// and back by a message of 16 bytes. The pixels stay where they are.
//
// The owner says who touches the bytes, a CPU or a DMA, and the library does the cache duty that
// follows from it; there is no other way to get at the address. Drops are counted.
//
// Contexts: any, but one at a time for each end of a pool.
#ifndef DUET_FRAME_H
#define DUET_FRAME_H

#include "duet/ring.h"

#define DUET_FRAME_MAX        16u  // frames in a pool
#define DUET_FRAME_RING_BYTES 352u // 17 messages of 16 bytes with their lengths, and whole lines

struct duet_frame_counts {
    uint32_t frames;  // sender: sent; receiver: received
    uint32_t starved; // sender: no buffer was free; receiver: skipped for a later frame
    uint32_t lost;    // sender: sent to nobody; receiver: refused, the message made no sense
    uint32_t freed;   // sender: taken back from a receiver that restarted; receiver: released
    uint32_t held;    // receiver: bit per frame that it owns now
    uint32_t reserved[3];
};

// In shared memory.
struct duet_frame_shared {
    struct duet_ring_shared forward_ring;
    struct duet_ring_shared back_ring;
    uint8_t forward[DUET_FRAME_RING_BYTES];
    uint8_t back[DUET_FRAME_RING_BYTES];
    struct duet_frame_counts sender;   // written by the sender
    struct duet_frame_counts receiver; // written by the receiver
} __attribute__((aligned(DUET_LINE)));

struct duet_frame_config {
    struct duet_memory control;       // how `shared` is seen
    struct duet_memory pixels;        // how the buffers are seen; same port
    struct duet_frame_shared *shared; // as this core addresses it
    uint8_t *buffers;                 // as this core addresses them; a multiple of 32
    uint32_t count;                   // 1 to 16
    uint32_t stride;                  // bytes from one buffer to the next, a multiple of 32
    struct duet_notify *notify;       // this core's; NULL: nobody is told
    uint32_t line;                    // raised when a frame is sent, and when one is given back
};

// Who is about to touch the bytes.
enum duet_frame_user {
    DUET_BY_DMA, // any bus master that does not look into this core's cache
    DUET_BY_CPU, // this core
};

enum duet_frame_mode {
    DUET_EVERY_FRAME,  // in order, none left out
    DUET_LATEST_FRAME, // the newest; those before it go back unseen, and are counted
};

// An owned frame. Owned from acquire or receive until send, release or cancel; data is NULL otherwise.
struct duet_frame {
    uint8_t *data;
    uint32_t length;   // bytes used, at most the stride
    uint32_t sequence; // grows by one with each frame that was sent
    uint32_t tag;      // the user's 32 bits: a format, a time
    uint32_t index;
    enum duet_frame_user user;
};

struct duet_frame_sender {
    const struct duet_frame_config *config;
    struct duet_ring_config forward_config, back_config;
    struct duet_ring forward, back;
    struct duet_frame_counts counts;
    uint32_t sequence;
    uint32_t stamp; // distinguishes this session's frames
    uint32_t stamps[DUET_FRAME_MAX];
    uint16_t out;       // bit per frame at the receiver
    uint16_t filling;   // bit per frame that the caller has
    uint16_t inherited; // bit per frame that a session before this one sent
    uint8_t resync;
};

struct duet_frame_receiver {
    const struct duet_frame_config *config;
    struct duet_ring_config forward_config, back_config;
    struct duet_ring forward, back;
    struct duet_frame_counts counts;
    uint32_t stamps[DUET_FRAME_MAX];
    uint16_t returning; // bit per frame that was released and is not on its way back yet
    int told;           // a status kept for the next call
};

// DUET_OK or DUET_INVALID; config must outlive the end.
int duet_frame_open_sender(struct duet_frame_sender *sender,
                           const struct duet_frame_config *config);
int duet_frame_open_receiver(struct duet_frame_receiver *receiver,
                             const struct duet_frame_config *config);

// Takes a free buffer to be filled by `user`. DUET_AGAIN when none is free (counted as starved);
// DUET_DOWN while the receiver has not answered since either end was opened: until then it is not
// known which buffers it still has.
int duet_frame_acquire(struct duet_frame_sender *sender, struct duet_frame *frame,
                       enum duet_frame_user user);

// Passes the frame on: the length and the tag go with it, and the sender no longer owns it, whatever
// the answer. DUET_OK; DUET_DOWN: nobody is there, the buffer is free again (counted as lost).
// DUET_INVALID: not an owned frame, or a length above the stride.
int duet_frame_send(struct duet_frame_sender *sender, struct duet_frame *frame);

// Gives a buffer back unsent.
int duet_frame_cancel(struct duet_frame_sender *sender, struct duet_frame *frame);

// Takes a frame that `user` is going to read. DUET_OK, DUET_AGAIN, DUET_DOWN, or DUET_RESTARTED once
// when the sender opened anew: frames that are owned stay valid until released.
int duet_frame_receive(struct duet_frame_receiver *receiver, struct duet_frame *frame,
                       enum duet_frame_mode mode, enum duet_frame_user user);

// Gives a received frame back to the sender. DUET_OK or DUET_INVALID.
int duet_frame_release(struct duet_frame_receiver *receiver, struct duet_frame *frame);

// Passes an owned frame from its present user to another on this core: what one wrote, the other sees.
void duet_frame_hand(const struct duet_frame_config *config, struct duet_frame *frame,
                     enum duet_frame_user user);

#endif
