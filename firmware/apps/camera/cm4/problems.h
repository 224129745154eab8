/*
 * What went wrong with the stick, as a person reads it on the panel. No kernel, no hardware.
 */
#ifndef CAMERA_PROBLEMS_H
#define CAMERA_PROBLEMS_H

#include "cm4/storage.h"
#include "shared/panel_link.h"

struct panel_dialog problem_dialog(enum storage_status status);
/* What stands in place of a label where no stick is mounted. */
const char *problem_name(enum storage_status status);

#endif
