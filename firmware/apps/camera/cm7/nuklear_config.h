/* Nuklear as it is compiled here: no heap, no C library's I/O. Whoever uses it includes this. */
#ifndef CAMERA_NUKLEAR_CONFIG_H
#define CAMERA_NUKLEAR_CONFIG_H

#define NK_INCLUDE_FIXED_TYPES
#define NK_BUTTON_TRIGGER_ON_RELEASE
#define NK_ASSERT(condition) ((void)(condition))

#include <nuklear.h>

#endif
