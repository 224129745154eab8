/* The debug information of an ELF: lines and call frames by libdw, and ARM's own unwind tables. */
#ifndef SIM_HOST_DEBUG_INFO_H
#define SIM_HOST_DEBUG_INFO_H

#include "sim/host/file.h"
#include "sim/host/symbols.h"

struct debug_info;

/* All of these take NULL for "there is none". */
struct debug_info *debug_info_open(const struct file *file); /* keeps a reference to the bytes */
void debug_info_close(struct debug_info *debug);
bool debug_info_has_lines(struct debug_info *debug);
bool debug_info_line(struct debug_info *debug, uint32_t address, char *text, size_t size);
/* One frame up by .debug_frame. */
bool debug_info_unwind(struct debug_info *debug, uint32_t registers[16],
                       const struct unwind_memory *memory);

/* One frame up by .ARM.exidx (exception handling ABI, IHI 0038). */
bool exidx_unwind(const struct file *file, uint32_t registers[16],
                  const struct unwind_memory *memory);

#endif
