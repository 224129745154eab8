/*
 * What the M7 calls of the stick's files (shared/files_link.h), served by files_thread (cm4/threads.c).
 */
#ifndef CAMERA_FILES_H
#define CAMERA_FILES_H

/* From tx_application_define, after link_open(). */
void files_open(void);

#endif
