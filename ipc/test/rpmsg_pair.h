// The library on both sides, with sessions, over one memory.
#ifndef DUET_TEST_RPMSG_PAIR_H
#define DUET_TEST_RPMSG_PAIR_H

#include "pair.h"

#include "duet/rpmsg.h"

static struct duet_host host;
static uint8_t memory[0x400 + 0x800 + 12 * 512] SHARED;
static struct duet_rpmsg_config config[2];
static struct duet_rpmsg side[2]; // host, remote

static const struct duet_rpmsg_role *const role_of[2] = {&duet_rpmsg_host, &duet_rpmsg_remote};

static void configure(void)
{
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++)
        config[core] = (struct duet_rpmsg_config){.memory = memory_of(&host, core),
                                                  .role = role_of[core],
                                                  .table = memory,
                                                  .shared = memory + 0x400,
                                                  .size = sizeof(memory) - 0x400,
                                                  .address = 0x38000400,
                                                  .layout = &duet_rpmsg_layout_st,
                                                  .sessions = 1};
}

// Both poll until they agree.
static inline void settle(void)
{
    for (int i = 0; i < 6; i++) {
        duet_rpmsg_poll(&side[0]);
        duet_rpmsg_poll(&side[1]);
    }
}

#endif
