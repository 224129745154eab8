// Sender and receiver of frames; see fuzz.h. A buffer that a caller has is never handed to him twice,
// whatever the peer says; and while nothing was damaged nobody else has it.
#include "fuzz.h"

#include "duet/frame.h"

#define COUNT  4u
#define STRIDE 32u

static struct duet_frame_sender sender;
static struct duet_frame_receiver receiver;
static struct end {
    struct duet_frame_config config;
    struct duet_frame owned[COUNT];
} ends[2]; // the sender, the receiver

static void check(const struct end *end)
{
    const struct duet_frame *owned = end->owned;

    for (uint32_t i = 0; i < COUNT; i++) {
        if (!owned[i].data)
            continue;
        FUZZ_CHECK(owned[i].index < COUNT);
        FUZZ_CHECK(owned[i].data == end->config.buffers + owned[i].index * STRIDE);
        FUZZ_CHECK(owned[i].length <= STRIDE);
        for (uint32_t k = 0; k < i; k++)
            FUZZ_CHECK(owned[k].data != owned[i].data);
    }
}

static void check_both(void)
{
    for (uint32_t i = 0; i < COUNT && fuzz_damages == 0 && !fuzz_is_nested; i++)
        for (uint32_t k = 0; k < COUNT && ends[0].owned[i].data; k++)
            FUZZ_CHECK(ends[1].owned[k].data != ends[0].owned[i].data);
}

static void restart(uint32_t number)
{
    memset(ends[number].owned, 0, sizeof(ends[number].owned));
    if (number == 0)
        FUZZ_CHECK(duet_frame_open_sender(&sender, &ends[0].config) == DUET_OK);
    else
        FUZZ_CHECK(duet_frame_open_receiver(&receiver, &ends[1].config) == DUET_OK);
}

static void send(uint32_t what, struct duet_frame *frame)
{
    if (!frame->data)
        duet_frame_acquire(&sender, frame, DUET_BY_CPU);
    else if (what & 8)
        duet_frame_cancel(&sender, frame);
    else
        duet_frame_send(&sender, frame);
    if (frame->data) {
        memset(frame->data, 1, STRIDE);
        frame->length = what >> 4;
    }
}

static void receive(uint32_t what, struct duet_frame *frame)
{
    if (!frame->data)
        duet_frame_receive(&receiver, frame, what & 8 ? DUET_LATEST_FRAME : DUET_EVERY_FRAME,
                           DUET_BY_CPU);
    else
        duet_frame_release(&receiver, frame);
}

static void fuzz_act(uint32_t number)
{
    uint32_t what = fuzz_byte();
    struct duet_frame *frame = &ends[number].owned[what & 3];

    if ((what & 0xF8) == 0xF8)
        restart(number);
    else if (number == 0)
        send(what, frame);
    else
        receive(what, frame);
    check(&ends[number]);
    check_both();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint32_t shared = sizeof(struct duet_frame_shared);

    fuzz_begin(data, size, shared + COUNT * STRIDE);
    for (uint32_t end = 0; end < 2; end++) {
        ends[end].config = (struct duet_frame_config){.control = fuzz_memory_of(end),
                                                      .pixels = fuzz_memory_of(end),
                                                      .shared = (void *)fuzz_memory,
                                                      .buffers = fuzz_memory + shared,
                                                      .count = COUNT,
                                                      .stride = STRIDE};
        restart(end);
    }
    fuzz_run();
    return 0;
}
