/* RPMsg with a ring of two buffers each way; the M7 is the host, without sessions. */
#ifndef LONE_BARRIERS_RPMSG_H
#define LONE_BARRIERS_RPMSG_H

#include "duet/rpmsg.h"
#include "lone-barriers/lone-barriers.h"

enum {
    TABLE = SHARED_BASE + 0x1000,
    BUFFERS = TABLE + DUET_RPMSG_TABLE_BYTES,
    PLACE_BYTES = 0x1000
};
enum { OWN_ADDRESS = 100, MESSAGE_BYTES = 8 };

#define RPMSG_CONFIG(its_port, its_role, its_layout)                                               \
    {                                                                                              \
        .memory = {.port = (its_port), .policy = DUET_NON_CACHEABLE}, .role = (its_role),          \
        .table = (uint8_t *)TABLE, .shared = (uint8_t *)BUFFERS, .size = PLACE_BYTES,              \
        .address = BUFFERS, .layout = (its_layout),                                                \
    }

/* The same on both cores: who takes a buffer back, and who asks for one. */
void rpmsg_steps(void);

#endif
