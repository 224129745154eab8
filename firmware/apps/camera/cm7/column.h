/* The status column at the right of the panel, over the camera's picture. One thread. */
#ifndef CAMERA_COLUMN_H
#define CAMERA_COLUMN_H

#include "shared/link.h"

/* Draws it and puts it on the panel, unless the one before is still on its way there. */
void column_show(const struct link_figures *own, const volatile struct link_figures *m4);

#endif
