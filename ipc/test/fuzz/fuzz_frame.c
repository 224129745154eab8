// Sender and receiver of frames against a peer that writes anything. A buffer that the caller has is
// never handed out twice, whatever the peer says.
#include "fuzz.h"

#include "duet/frame.h"

#define COUNT  4u
#define STRIDE 32u

static const struct duet_port port = FUZZ_PORT(1);

static void check(const struct duet_frame *owned, const struct duet_frame_config *config)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        if (!owned[i].data)
            continue;
        FUZZ_CHECK(owned[i].index < COUNT);
        FUZZ_CHECK(owned[i].data == config->buffers + owned[i].index * STRIDE);
        FUZZ_CHECK(owned[i].length <= STRIDE);
        for (uint32_t k = 0; k < i; k++)
            FUZZ_CHECK(owned[k].data != owned[i].data);
    }
}

static void send(const struct duet_frame_config *config)
{
    struct duet_frame_sender sender;
    struct duet_frame owned[COUNT] = {0};

    duet_frame_open_sender(&sender, config);
    while (fuzz_next < fuzz_end) {
        uint32_t what = fuzz_byte();
        struct duet_frame *frame = &owned[what >> 6];

        if (!frame->data)
            duet_frame_acquire(&sender, frame, DUET_BY_CPU);
        else if (what & 1)
            duet_frame_cancel(&sender, frame);
        else
            duet_frame_send(&sender, frame);
        if (frame->data)
            memset(frame->data, 1, STRIDE);
        check(owned, config);
    }
}

static void receive(const struct duet_frame_config *config)
{
    struct duet_frame_receiver receiver;
    struct duet_frame owned[COUNT] = {0};

    duet_frame_open_receiver(&receiver, config);
    while (fuzz_next < fuzz_end) {
        uint32_t what = fuzz_byte();
        struct duet_frame *frame = &owned[what >> 6];

        if (!frame->data)
            duet_frame_receive(&receiver, frame, what & 1 ? DUET_LATEST_FRAME : DUET_EVERY_FRAME,
                               DUET_BY_CPU);
        else
            duet_frame_release(&receiver, frame);
        check(owned, config);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint32_t shared = sizeof(struct duet_frame_shared);

    fuzz_begin(data, size, shared + COUNT * STRIDE);

    const struct duet_memory memory = {.port = &port, .policy = DUET_NON_CACHEABLE};
    const struct duet_frame_config config = {.control = memory,
                                             .pixels = memory,
                                             .shared = (void *)fuzz_memory,
                                             .buffers = fuzz_memory + shared,
                                             .count = COUNT,
                                             .stride = STRIDE};

    if (fuzz_byte() & 1)
        send(&config);
    else
        receive(&config);
    fuzz_finish();
    return 0;
}
