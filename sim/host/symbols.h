/*
 * From an address of the guest to a function and a source line. Functions come from the ELF's symbol
 * table, lines and call frames from its debug information (libdw).
 */
#ifndef SIM_HOST_SYMBOLS_H
#define SIM_HOST_SYMBOLS_H

#include "sim/host/image.h"

#include <stdint.h>

struct symbol {
    uint32_t address; /* without the Thumb bit */
    uint32_t size;    /* 0: not known */
    const char *name; /* owned by the image's file */
};

struct symbols {
    const struct image *image;
    struct symbol *functions; /* ascending by address */
    struct symbol *objects;   /* likewise: variables */
    size_t function_count, object_count;
    struct debug_info *debug; /* opened at the first question; NULL: not yet or none */
    bool debug_tried;
};

/* Keeps a reference to the image. An image that is no ELF, or has no symbols, gives an empty table. */
void symbols_open(struct symbols *symbols, const struct image *image);
void symbols_close(struct symbols *symbols);
bool symbols_have_lines(struct symbols *symbols);

/* The function that holds the address; NULL: none. */
const struct symbol *symbols_function(const struct symbols *symbols, uint32_t address);
/* The variable that holds the address; NULL: none. */
const struct symbol *symbols_object(const struct symbols *symbols, uint32_t address);
/* "file.c:12"; false: not known. */
bool symbols_line(struct symbols *symbols, uint32_t address, char *text, size_t size);
/* "name+0x12 (file.c:34)", or what of it is known; "0x…" at worst. Always fills `text`. `count`
 * tables are asked in order; an address that is none's is tried as the D2 SRAM's other alias. */
void symbols_describe(struct symbols *const *tables, size_t count, uint32_t address, char *text,
                      size_t size);

/* "name+0x12", "name" for its first byte; false: no table has a variable there. Aliases as above. */
bool symbols_describe_object(struct symbols *const *tables, size_t count, uint32_t address,
                             char *text, size_t size);

/* One step up by call frame information: registers r0 to r15 on entry those of the frame, on
 * success those of its caller. `read` gets a word of the guest's memory. */
struct unwind_memory {
    void *ctx;
    bool (*read)(void *ctx, uint32_t address, uint32_t *value);
};
bool symbols_unwind(struct symbols *symbols, uint32_t registers[16],
                    const struct unwind_memory *memory);

#endif
