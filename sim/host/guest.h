/* The firmware on the board: its images and symbols, and what it says of an address. */
#ifndef SIM_HOST_GUEST_H
#define SIM_HOST_GUEST_H

#include "sim/host/image.h"
#include "sim/host/options.h"
#include "sim/host/symbols.h"
#include "sim/machine/machine.h"

enum { GUEST_IMAGES_MAX = OPTION_LIST_MAX + 2 };

struct guest {
    struct image images[GUEST_IMAGES_MAX];
    struct symbols symbols[GUEST_IMAGES_MAX];
    size_t count;
    struct symbols *order[SOC_CORES][GUEST_IMAGES_MAX]; /* which to ask first, for each core */
};

/* Reads --cm7, --cm4 and --load; the bundled camera system where none of them says what a core
 * boots. Checks that all fits the memory and nothing overlaps. */
bool guest_read(struct guest *guest, const struct options *options, struct failure *failure);
void guest_free(struct guest *guest);
/* Into the machine's memories. */
bool guest_load(const struct guest *guest, struct machine *machine, struct failure *failure);

/* "name+0x12 (file.c:34)"; see symbols_describe(). */
void guest_describe(struct guest *guest, enum soc_core core, uint32_t address, char *text,
                    size_t size);
/* "name+0x4" of a variable of either core; false: there is none. */
bool guest_object(const struct guest *guest, uint32_t address, char *text, size_t size);
/* One frame up, by whichever image knows the place. False: none does. */
bool guest_unwind(struct guest *guest, enum soc_core core, uint32_t registers[16],
                  const struct unwind_memory *memory);
bool guest_knows_function(const struct guest *guest, uint32_t address);
/* "Cortex-M7" */
const char *core_name(enum soc_core core);

#endif
