/*
 * --trace: what happens on both cores and around them, as a timeline in the Perfetto trace format.
 * docs/timeline.md says what is on it. It listens and changes nothing.
 */
#ifndef SIM_HOST_TIMELINE_H
#define SIM_HOST_TIMELINE_H

#include "sim/host/failure.h"
#include "sim/host/guest.h"
#include "sim/machine/machine.h"

struct timeline;

/* NULL: the failure says why. */
struct timeline *timeline_open(const char *path, struct failure *failure);
/* Before power-on; guest and machine outlive the timeline. */
void timeline_attach(struct timeline *timeline, struct machine *machine, struct guest *guest);
/* Ends what is open at the present board time. False: the file could not be written. NULL: no-op. */
bool timeline_close(struct timeline *timeline, struct failure *failure);

/* machine_config.trace */
void timeline_cpu(struct timeline *timeline, enum soc_core core, enum cpu_trace_kind kind,
                  uint32_t address, uint32_t value);
void timeline_console(struct timeline *timeline, const uint8_t *bytes, size_t count);
void timeline_complaint(struct timeline *timeline, const char *kind, const char *block,
                        const char *text, const char *by);

#endif
