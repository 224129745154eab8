// A frame is free, filling (the caller has it) or out (sent). The receiver publishes which frames it
// owns, so that a sender that restarts does not fill a frame that is being shown, and a sender whose
// receiver restarted gets back what was lost with it. Frames in flight when either end opens anew are
// free again: the ring drops their messages before it lets the two talk.
#include "duet/frame.h"
#include "shared.h"

#define INDEX_BITS 4
#define INDEX_MASK ((1u << INDEX_BITS) - 1)

// The message that passes ownership, both ways.
struct frame_message {
    uint32_t frame; // index in bits 3:0, the sender's stamp above
    uint32_t length;
    uint32_t sequence;
    uint32_t tag;
};

_Static_assert(sizeof(struct frame_message) == 16, "the frame message has 16 bytes on the wire");
_Static_assert(DUET_FRAME_RING_BYTES > DUET_FRAME_MAX * (16 + DUET_RING_LENGTH_BYTES),
               "every frame of the pool can be on its way at once");
DUET_ASSERT_LINES(struct duet_frame_shared, forward);
DUET_ASSERT_LINES(struct duet_frame_shared, back);
DUET_ASSERT_LINES(struct duet_frame_shared, sender);
DUET_ASSERT_LINES(struct duet_frame_shared, receiver);

static int config_is_valid(const struct duet_frame_config *config)
{
    return config->shared && (uintptr_t)config->shared % DUET_LINE == 0 && config->buffers &&
           config->control.port && config->pixels.port && config->count >= 1 &&
           config->count <= DUET_FRAME_MAX && config->stride != 0 &&
           config->stride % DUET_LINE == 0 && (uintptr_t)config->buffers % DUET_LINE == 0 &&
           config->stride <= UINT32_MAX / DUET_FRAME_MAX;
}

static struct duet_ring_config ring_config(const struct duet_frame_config *config, int forward)
{
    struct duet_frame_shared *shared = config->shared;

    return (struct duet_ring_config){
        .memory = config->control,
        .shared = forward ? &shared->forward_ring : &shared->back_ring,
        .data = forward ? shared->forward : shared->back,
        .size = DUET_FRAME_RING_BYTES,
        .notify = config->notify,
        .line = config->line,
    };
}

static uint8_t *buffer_of(const struct duet_frame_config *config, uint32_t index)
{
    return config->buffers + (size_t)index * config->stride;
}

static void publish_counts(const struct duet_frame_config *config, struct duet_frame_counts *shared,
                           const struct duet_frame_counts *counts)
{
    shared_store(&shared->held, counts->held);
    shared_store(&shared->frames, counts->frames);
    shared_store(&shared->starved, counts->starved);
    shared_store(&shared->lost, counts->lost);
    shared_store(&shared->freed, counts->freed);
    shared_publish(&config->control, shared, sizeof(*shared)); // the ring's fence follows
}

void duet_frame_hand(const struct duet_frame_config *config, struct duet_frame *frame,
                     enum duet_frame_user user)
{
    if (!frame->data || frame->user == user)
        return;
    if (user == DUET_BY_DMA)
        shared_publish(&config->pixels, frame->data, config->stride);
    else
        shared_fetch(&config->pixels, frame->data, config->stride);
    frame->user = user;
}

static struct duet_frame own(const struct duet_frame_config *config, uint32_t index,
                             enum duet_frame_user user)
{
    return (struct duet_frame){.data = buffer_of(config, index), .index = index, .user = user};
}

// A frame that the caller may give back: one that this end has handed out and that is not altered.
static int is_owned(const struct duet_frame_config *config, const struct duet_frame *frame,
                    uint32_t owned)
{
    return frame->data && frame->index < config->count && (owned >> frame->index & 1) &&
           frame->data == buffer_of(config, frame->index);
}

// ---- sender

int duet_frame_open_sender(struct duet_frame_sender *sender, const struct duet_frame_config *config)
{
    if (!config_is_valid(config))
        return DUET_INVALID;
    *sender = (struct duet_frame_sender){.config = config, .resync = 1};
    sender->forward_config = ring_config(config, 1);
    sender->back_config = ring_config(config, 0);
    publish_counts(config, &config->shared->sender, &sender->counts);
    duet_ring_open_consumer(&sender->back, &sender->back_config); // as valid as the pool's own
    duet_ring_open_producer(&sender->forward, &sender->forward_config);
    sender->stamp = sender->forward.epoch << 16;
    return DUET_OK;
}

// The receiver is known to have dropped every message in flight: what it says it holds is all it has.
static void recover(struct duet_frame_sender *sender)
{
    const struct duet_frame_config *config = sender->config;
    const struct duet_frame_counts *receiver = &config->shared->receiver;

    shared_fetch(&config->control, receiver, sizeof(*receiver));

    uint32_t held = shared_load(&receiver->held) & ((1u << config->count) - 1);
    uint32_t before = sender->out;

    sender->out = (uint16_t)(held & ~(uint32_t)sender->filling);
    sender->inherited = sender->out;
    for (before &= ~held; before; before &= before - 1)
        sender->counts.freed++;
    sender->resync = 0;
}

static void take_back(struct duet_frame_sender *sender, const struct frame_message *message)
{
    uint32_t index = message->frame & INDEX_MASK;
    uint32_t bit = 1u << index;

    if (!(sender->inherited & bit) && sender->stamps[index] != message->frame)
        return; // a message from before the last recovery
    sender->out = (uint16_t)(sender->out & ~bit);
    sender->inherited = (uint16_t)(sender->inherited & ~bit);
}

// Takes the frames that came back: at most as many as there are, and one. DUET_OK, or DUET_CORRUPT.
static int take_returns(struct duet_frame_sender *sender)
{
    struct frame_message message;
    int status = (int)sizeof(message);

    for (uint32_t i = 0; i <= DUET_FRAME_MAX && status == (int)sizeof(message); i++) {
        status = duet_ring_receive(&sender->back, &message, sizeof(message));
        if (status == (int)sizeof(message))
            take_back(sender, &message);
    }
    if (status == DUET_TOO_LARGE || (status > 0 && status != (int)sizeof(message)))
        return DUET_CORRUPT;
    return status == DUET_CORRUPT ? status : DUET_OK;
}

// Brings the sender up to date: the handshake, recovery, and the frames that came back.
static int serve(struct duet_frame_sender *sender)
{
    int status = duet_ring_used(&sender->forward);

    if (status == DUET_RESTARTED || status == DUET_CORRUPT)
        sender->resync = 1;
    if (status < 0)
        return status;
    if (sender->resync)
        recover(sender);
    if (take_returns(sender) == DUET_OK)
        return DUET_OK;
    duet_ring_reset(&sender->back);
    duet_ring_reset(&sender->forward); // messages were lost: count anew
    sender->resync = 1;
    return DUET_DOWN;
}

int duet_frame_acquire(struct duet_frame_sender *sender, struct duet_frame *frame,
                       enum duet_frame_user user)
{
    const struct duet_frame_config *config = sender->config;
    uint32_t busy;

    *frame = (struct duet_frame){0};
    serve(sender);
    if (sender->resync)
        return DUET_DOWN; // which buffers the receiver has is not known
    busy = (uint32_t)sender->out | sender->filling;
    for (uint32_t index = 0; index < config->count; index++) {
        if (busy >> index & 1)
            continue;
        sender->filling = (uint16_t)(sender->filling | 1u << index);
        *frame = own(config, index, user);
        if (user == DUET_BY_DMA) // no line of ours may be evicted over what the DMA writes
            shared_fetch(&config->pixels, frame->data, config->stride);
        return DUET_OK;
    }
    sender->counts.starved++;
    publish_counts(config, &config->shared->sender, &sender->counts);
    return DUET_AGAIN;
}

int duet_frame_cancel(struct duet_frame_sender *sender, struct duet_frame *frame)
{
    if (!is_owned(sender->config, frame, sender->filling))
        return DUET_INVALID;
    duet_frame_hand(sender->config, frame, DUET_BY_DMA); // leaves no dirty line behind
    sender->filling = (uint16_t)(sender->filling & ~(1u << frame->index));
    *frame = (struct duet_frame){0};
    return DUET_OK;
}

int duet_frame_send(struct duet_frame_sender *sender, struct duet_frame *frame)
{
    const struct duet_frame_config *config = sender->config;

    if (!is_owned(config, frame, sender->filling) || frame->length > config->stride)
        return DUET_INVALID;

    struct frame_message message = {
        .frame = ++sender->stamp << INDEX_BITS | frame->index,
        .length = frame->length,
        .sequence = sender->sequence++,
        .tag = frame->tag,
    };
    uint32_t index = frame->index;

    duet_frame_cancel(sender, frame); // ours no longer, and clean in memory

    int status = serve(sender);

    if (status == DUET_OK) // or it is not known yet what the receiver holds
        status = duet_ring_send(&sender->forward, &message, sizeof(message));
    if (status > 0) {
        sender->stamps[index] = message.frame;
        sender->out = (uint16_t)(sender->out | 1u << index);
        sender->counts.frames++;
    } else { // the receiver is another one, or not there: it is asked what it holds
        sender->resync = 1;
        sender->counts.lost++;
    }
    publish_counts(config, &config->shared->sender, &sender->counts);
    return status > 0 ? DUET_OK : DUET_DOWN;
}

// ---- receiver

int duet_frame_open_receiver(struct duet_frame_receiver *receiver,
                             const struct duet_frame_config *config)
{
    if (!config_is_valid(config))
        return DUET_INVALID;
    *receiver = (struct duet_frame_receiver){.config = config};
    receiver->forward_config = ring_config(config, 1);
    receiver->back_config = ring_config(config, 0);
    publish_counts(config, &config->shared->receiver, &receiver->counts);
    duet_ring_open_producer(&receiver->back, &receiver->back_config);
    duet_ring_open_consumer(&receiver->forward, &receiver->forward_config);
    return DUET_OK;
}

// Sends the frames that were released and could not go back yet; takes part in the handshake.
static void give_back(struct duet_frame_receiver *receiver)
{
    if (!receiver->returning && duet_ring_used(&receiver->back) == DUET_CORRUPT)
        duet_ring_reset(&receiver->forward);
    for (uint32_t index = 0; index < receiver->config->count && receiver->returning; index++) {
        struct frame_message message = {.frame = receiver->stamps[index]};

        if (!(receiver->returning >> index & 1))
            continue;

        int status = duet_ring_send(&receiver->back, &message, sizeof(message));

        if (status == DUET_CORRUPT)
            duet_ring_reset(&receiver->forward); // what is on its way back is lost: count anew
        if (status < 0)
            return;
        receiver->returning = (uint16_t)(receiver->returning & ~(1u << index));
    }
}

static void let_go(struct duet_frame_receiver *receiver, uint32_t index)
{
    receiver->counts.held &= ~(1u << index);
    receiver->returning = (uint16_t)(receiver->returning | 1u << index);
    publish_counts(receiver->config, &receiver->config->shared->receiver, &receiver->counts);
    give_back(receiver);
}

// Takes the next message into `frame`; messages that make no sense are counted and passed over.
static int take_next(struct duet_frame_receiver *receiver, struct duet_frame *frame,
                     enum duet_frame_user user)
{
    const struct duet_frame_config *config = receiver->config;
    struct frame_message message;
    int length = duet_ring_receive(&receiver->forward, &message, sizeof(message));

    if (length < 0 && length != DUET_TOO_LARGE)
        return length;

    uint32_t index = message.frame & INDEX_MASK;

    if (length != (int)sizeof(message) || index >= config->count ||
        message.length > config->stride || (receiver->counts.held >> index & 1)) {
        receiver->counts.lost++;
        duet_ring_reset(&receiver->forward);
        return DUET_CORRUPT;
    }
    *frame = own(config, index, user);
    frame->length = message.length;
    frame->sequence = message.sequence;
    frame->tag = message.tag;
    receiver->stamps[index] = message.frame;
    receiver->returning = (uint16_t)(receiver->returning & ~(1u << index));
    receiver->counts.held |= 1u << index;
    receiver->counts.frames++;
    publish_counts(config, &config->shared->receiver, &receiver->counts);
    return DUET_OK;
}

static int take_latest(struct duet_frame_receiver *receiver, struct duet_frame *frame,
                       enum duet_frame_user user)
{
    struct duet_frame next;
    int status = take_next(receiver, frame, user);

    for (uint32_t i = 0; status == DUET_OK && i < DUET_FRAME_MAX; i++) {
        int more = take_next(receiver, &next, user);

        if (more == DUET_RESTARTED || more == DUET_CORRUPT)
            receiver->told = more;
        if (more != DUET_OK)
            break;
        receiver->counts.starved++;
        let_go(receiver, frame->index);
        *frame = next;
    }
    return status;
}

int duet_frame_receive(struct duet_frame_receiver *receiver, struct duet_frame *frame,
                       enum duet_frame_mode mode, enum duet_frame_user user)
{
    int status = receiver->told;

    *frame = (struct duet_frame){0};
    receiver->told = DUET_OK;
    give_back(receiver);
    if (status != DUET_OK)
        return status;
    status = mode == DUET_LATEST_FRAME ? take_latest(receiver, frame, user)
                                       : take_next(receiver, frame, user);
    if (status == DUET_OK && user == DUET_BY_CPU)
        shared_fetch(&receiver->config->pixels, frame->data, receiver->config->stride);
    return status;
}

int duet_frame_release(struct duet_frame_receiver *receiver, struct duet_frame *frame)
{
    if (!is_owned(receiver->config, frame, receiver->counts.held))
        return DUET_INVALID;
    if (frame->user == DUET_BY_CPU) // a line that it wrote must not be evicted over the next frame
        shared_fetch(&receiver->config->pixels, frame->data, receiver->config->stride);

    uint32_t index = frame->index;

    *frame = (struct duet_frame){0};
    receiver->counts.freed++;
    let_go(receiver, index);
    return DUET_OK;
}
