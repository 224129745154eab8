// The host: clears the rings, writes the table, and lets the remote in.
#include "rpmsg_private.h"

const struct duet_rpmsg_layout duet_rpmsg_layout_st = {
    .vring1 = 0, .vring0 = 0x400, .buffers = 0x800, .align = 4, .count = 4, .buffer_size = 512};
const struct duet_rpmsg_layout duet_rpmsg_layout_arduino = {
    .vring1 = 0, .vring0 = 0x1000, .buffers = 0x2000, .align = 32, .count = 64, .buffer_size = 512};

static int layout_is_valid(const struct duet_rpmsg_config *config)
{
    const struct duet_rpmsg_layout *layout = config->layout;

    return layout && rpmsg_ring_is_valid(config, layout->vring0, layout->count, layout->align) &&
           rpmsg_ring_is_valid(config, layout->vring1, layout->count, layout->align) &&
           layout->buffers % 4 == 0 && layout->buffer_size % 4 == 0 &&
           layout->buffer_size > DUET_RPMSG_HEADER && layout->buffers < config->size &&
           (config->size - layout->buffers) / layout->buffer_size > layout->count;
}

static void write_vring(const struct duet_rpmsg *rpmsg, uint32_t at, uint32_t offset,
                        uint32_t notify_id)
{
    shared_store(rpmsg_table_word(rpmsg->config, at + VRING_ADDRESS),
                 rpmsg->config->address + offset);
    shared_store(rpmsg_table_word(rpmsg->config, at + VRING_ALIGN), rpmsg->config->layout->align);
    shared_store(rpmsg_table_word(rpmsg->config, at + VRING_COUNT), rpmsg->config->layout->count);
    shared_store(rpmsg_table_word(rpmsg->config, at + VRING_NOTIFY_ID), notify_id);
}

static void write_table(struct duet_rpmsg *rpmsg)
{
    const struct duet_rpmsg_config *config = rpmsg->config;
    const struct duet_rpmsg_layout *layout = config->layout;
    uint32_t pool = (config->size - layout->buffers) / layout->buffer_size;
    uint32_t in_bytes = layout->count * layout->buffer_size;
    uint8_t *buffers = config->shared + layout->buffers;
    uint32_t address = config->address + layout->buffers;

    for (uint32_t offset = 0; offset < TABLE_DEVICE + ENTRY_BYTES; offset += 4)
        shared_store(rpmsg_table_word(rpmsg->config, offset), 0);
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_VERSION), 1); // version
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_ENTRIES), 1); // entries
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_OFFSET0), TABLE_DEVICE);
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_TYPE), 3);
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_ID), 7);
    shared_store(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_FEATURES), 1);
    write_vring(rpmsg, TABLE_DEVICE + ENTRY_VRING0, layout->vring0, 0);
    write_vring(rpmsg, TABLE_DEVICE + ENTRY_VRING1, layout->vring1, 1);

    virtqueue_open(&rpmsg->in, config->shared + layout->vring0, layout->count, layout->align, 1);
    virtqueue_open(&rpmsg->out, config->shared + layout->vring1, layout->count, layout->align, 1);
    virtqueue_fill(&rpmsg->in, buffers, address, layout->buffer_size, layout->count, 2);
    virtqueue_fill(&rpmsg->out, buffers + in_bytes, address + in_bytes, layout->buffer_size,
                   pool - layout->count, 0);
    rpmsg->capacity = layout->buffer_size - DUET_RPMSG_HEADER;
    for (uint32_t id = 0; id < layout->count; id++)
        virtqueue_give(&rpmsg->in, id);
}

// The remote has let go of the old rings when it has seen this epoch; only then are they cleared.
static void host_session(struct duet_rpmsg *rpmsg, uint32_t epoch, uint32_t seen)
{
    if (epoch != rpmsg->peer_epoch) {
        rpmsg_leave_session(rpmsg);
        rpmsg->peer_epoch = epoch;
    }
    if (rpmsg->is_up || seen != rpmsg->epoch || !layout_is_valid(rpmsg->config))
        return;
    write_table(rpmsg);
    rpmsg_write_word(&rpmsg_card(rpmsg, 1)->seen, epoch);
    rpmsg_table_status(rpmsg->config, RPMSG_DRIVER_OK);
    rpmsg_enter_session(rpmsg);
    rpmsg_kick(rpmsg);
}

static void host_plain(struct duet_rpmsg *rpmsg)
{
    if (rpmsg->is_up || !layout_is_valid(rpmsg->config))
        return;
    write_table(rpmsg);
    rpmsg_table_status(rpmsg->config, RPMSG_DRIVER_OK);
    rpmsg_enter_session(rpmsg);
}

const struct duet_rpmsg_role duet_rpmsg_host = {1, host_session, host_plain};
