/* What the coherency checker found, for a person and for a program (docs/checker.md). */
#ifndef SIM_HOST_CHECK_REPORT_H
#define SIM_HOST_CHECK_REPORT_H

#include "sim/host/guest.h"

#include <stdio.h>

/* "the Cortex-M7 read 0x24001000..0x24001003 (inbox) as it was before …": one line without an end. */
void check_report_headline(struct guest *guest, const struct check_report *report, char *text,
                           size_t size);
/* Headline, a line for each party, and the cure. */
void check_report_text(FILE *to, struct guest *guest, const struct check_report *report);
/* One object and a newline. */
void check_report_json(FILE *to, struct guest *guest, const struct check_report *report);
/* "duet: check: …": how many places of which kind, and those that came again. */
void check_report_summary(FILE *to, const struct check_report *places, size_t count);

#endif
