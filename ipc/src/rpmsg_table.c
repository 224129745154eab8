// What both roles ask of the resource table.
#include "rpmsg_private.h"

static int is_power_of_two(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

int rpmsg_ring_is_valid(const struct duet_rpmsg_config *config, uint32_t offset, uint32_t count,
                        uint32_t align)
{
    if (!is_power_of_two(count) || count < 2 || count > DUET_RPMSG_BUFFERS ||
        !is_power_of_two(align) || align < 4 || align > 4096 || offset % 4 != 0)
        return 0;

    uint32_t bytes = (virtqueue_bytes(count, align) + 3) & ~3u;

    return bytes <= config->size && offset <= config->size - bytes;
}

void rpmsg_table_status(const struct duet_rpmsg_config *config, uint32_t status)
{
    rpmsg_write_word(rpmsg_table_word(config, TABLE_DEVICE + ENTRY_STATUS), status | 2u << 8);
}

void duet_rpmsg_forget(const struct duet_rpmsg_config *config)
{
    rpmsg_table_status(config, 0);
    duet_fence(); // before whatever lets the remote run
}
