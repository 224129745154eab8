/* `duet info`: where files load, for which core, entry, stack, symbols. */
#ifndef SIM_HOST_INFO_H
#define SIM_HOST_INFO_H

#include "sim/host/image.h"
#include "sim/soc/soc.h"

#include <stdio.h>

/* What a file says about the core that it is for. */
struct image_target {
    enum { TARGET_CM7, TARGET_CM4, TARGET_EITHER } core;
    char reason[160]; /* "its vector table is in flash bank 2, where the Cortex-M4 boots" */
    bool has_vectors; /* a vector table was found */
    uint32_t vectors, stack, reset; /* its address, and its first two words */
};
void image_target(const struct image *image, struct image_target *target);

bool info_print(FILE *to, const char *path, struct failure *failure);

#endif
