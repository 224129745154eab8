// The remote: checks what the table says and follows it.
#include "rpmsg_private.h"

static int table_is_ready(const struct duet_rpmsg *rpmsg)
{
    return (shared_load(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_STATUS)) &
            RPMSG_STATUS_OK) != 0;
}

static int read_vring(const struct duet_rpmsg *rpmsg, uint32_t at, struct duet_virtqueue *queue)
{
    const struct duet_rpmsg_config *config = rpmsg->config;
    uint32_t offset =
        shared_load(rpmsg_table_word(rpmsg->config, at + VRING_ADDRESS)) - config->address;
    uint32_t align = shared_load(rpmsg_table_word(rpmsg->config, at + VRING_ALIGN));
    uint32_t count = shared_load(rpmsg_table_word(rpmsg->config, at + VRING_COUNT));

    if (!rpmsg_ring_is_valid(config, offset, count, align))
        return DUET_CORRUPT;
    virtqueue_open(queue, config->shared + offset, count, align, 0);
    queue->is_fixed = config->sessions != 0; // OpenAMP's host changes its descriptors
    return DUET_OK;
}

// OpenAMP's tables for this chip have the entry at 0x18, and the table says so; any other is refused.
static int read_table(struct duet_rpmsg *rpmsg)
{
    if (!table_is_ready(rpmsg))
        return DUET_DOWN;
    duet_fence();
    if (shared_load(rpmsg_table_word(rpmsg->config, TABLE_VERSION)) != 1 ||
        shared_load(rpmsg_table_word(rpmsg->config, TABLE_OFFSET0)) != TABLE_DEVICE ||
        shared_load(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_TYPE)) != 3 ||
        shared_load(rpmsg_table_word(rpmsg->config, TABLE_DEVICE + ENTRY_ID)) != 7)
        return DUET_CORRUPT;
    rpmsg->capacity = UINT32_MAX; // each buffer says its own
    if (read_vring(rpmsg, TABLE_DEVICE + ENTRY_VRING0, &rpmsg->out) != DUET_OK)
        return DUET_CORRUPT;
    return read_vring(rpmsg, TABLE_DEVICE + ENTRY_VRING1, &rpmsg->in);
}

// Lets go of the old rings, says so, and follows the table once the host has answered.
static void remote_session(struct duet_rpmsg *rpmsg, uint32_t epoch, uint32_t seen)
{
    if (epoch != rpmsg->session) {
        rpmsg->is_up = 0;
        rpmsg->arrivals = 0;
        rpmsg->session = epoch;
        rpmsg_write_word(&rpmsg_card(rpmsg, 0)->seen, epoch);
        rpmsg_kick(rpmsg);
    }
    if (!rpmsg->is_up && seen == rpmsg->epoch && read_table(rpmsg) == DUET_OK)
        rpmsg_enter_session(rpmsg);
}

static void remote_plain(struct duet_rpmsg *rpmsg)
{
    if (rpmsg->is_up && !table_is_ready(rpmsg)) {
        rpmsg->tell = 1;
        rpmsg_leave_session(rpmsg);
    } else if (!rpmsg->is_up && read_table(rpmsg) == DUET_OK) {
        rpmsg_enter_session(rpmsg);
    }
}

const struct duet_rpmsg_role duet_rpmsg_remote = {0, remote_session, remote_plain};
