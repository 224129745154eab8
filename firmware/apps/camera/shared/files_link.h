/*
 * What the M7 may ask of files on the stick, and of what the M4 shows of them: remote calls of ipc/
 * (duet/rpc.h), which the M4 serves (cm4/files.c) and the M7 makes (cm7/files.c). A result is an array;
 * its first item is an enum files_status, and what stands here follows where that is FILES_OK. Every
 * call is answered within FILES_PATIENCE_US. Paths as in cm4/storage.h, up to FILES_PATH_BYTES.
 *
 *     list(folder, shown, skip, count)   total, then for each entry: name, bytes, is_folder, year,
 *                                        month, day, hour, minute; the latest first; shown: films and
 *                                        pictures alone; at most FILES_LISTED
 *     stat(path)                         an entry
 *     open(path, write)                  one file at a time; write: a new one, or in place of the old
 *     read(at, count)                    bytes, up to FILES_READ; fewer: that is the end
 *     write(bytes)                       at its end
 *     close()                            what was written is on the stick
 *     remove(path)                       a file or an empty folder
 *     show(path)                         on the panel, in place of the camera's picture
 *     pause(on)  seek(frame)  leave()    of what is shown
 *     still(path)                        width, height, chroma of a picture, or of a film's first, which
 *                                        stands at LINK_STILL until the next call
 */
#ifndef CAMERA_FILES_LINK_H
#define CAMERA_FILES_LINK_H

enum {
    FILES_PATIENCE_US = 12000000,
    FILES_NAME_BYTES = 64,
    FILES_PATH_BYTES = 256,
    FILES_LISTED = 4,
    FILES_READ = 400,
};

/* The statuses of cm4/storage.h that a caller tells apart; the others are failures with words of their
 * own, which the M4 shows. */
enum files_status { FILES_OK = 0 };

#endif
