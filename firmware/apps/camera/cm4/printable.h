/* What of a file may be shown at a terminal. Knows no hardware. */
#ifndef CAMERA_PRINTABLE_H
#define CAMERA_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes of `count` bytes what a terminal can show: printable ASCII, characters in UTF-8 and line ends stay;
 * '\r' becomes a space, anything else a '.'. A character that is cut off at the end waits for the next
 * piece: how many bytes are ready to be shown. `is_last`: none comes, and all are.
 */
size_t printable(char *bytes, size_t count, bool is_last);

#endif
