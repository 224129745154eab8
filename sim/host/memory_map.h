/* The memories that a file can be loaded into, for messages and `duet info`. */
#ifndef SIM_HOST_MEMORY_MAP_H
#define SIM_HOST_MEMORY_MAP_H

#include "sim/host/image.h"

struct memory_range {
    const char *name; /* "flash bank 1" */
    uint32_t base, size;
};

/* The memory that holds the address; NULL: none. */
const struct memory_range *memory_at(uint32_t address);
/* Every byte of every piece lies in a memory. */
bool image_fits(const struct image *image, struct failure *failure);

#endif
