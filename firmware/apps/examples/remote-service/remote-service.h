/*
 * Remote services: the M4 has the console and the files, the M7 uses both by calling functions on
 * the M4. On the wire it is MessagePack-RPC over RPMsg, as Arduino's RPC library speaks it.
 *
 *     read(name, offset, count) -> bytes, fewer at the end of the file
 *     size(name) -> bytes in the file
 *     tty(text), a notification: a line on the console
 */
#ifndef REMOTE_SERVICE_H
#define REMOTE_SERVICE_H

#include "duet/rpc.h"
#include "duet/status.h"
#include "shared/rpmsg.h"

enum { READ_BYTES = 16, PATIENCE_US = 100000 };

#endif
