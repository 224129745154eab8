/*
 * RPMsg without a copy in either direction: the sender fills the buffer that will travel, in shared
 * memory, and the receiver keeps it there for as long as it needs it.
 */
#ifndef OPENAMP_NOCOPY_H
#define OPENAMP_NOCOPY_H

#include "duet/rpmsg.h"
#include "duet/status.h"
#include "shared/rpmsg.h"

#define SERVICE_NAME "samples"

enum { BLOCKS = 4, SAMPLES = 120, PATIENCE_US = 100000 };

struct block {
    uint32_t number;
    uint32_t samples[SAMPLES];
};

#endif
