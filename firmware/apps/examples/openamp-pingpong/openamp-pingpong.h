/*
 * ST's OpenAMP demonstration, with its names: the remote announces a service, the host binds to it,
 * and a counter goes to and fro until it is 100. On the wire it is RPMsg over virtio, so that
 * either side could be ST's own firmware.
 */
#ifndef OPENAMP_PINGPONG_H
#define OPENAMP_PINGPONG_H

#include "duet/openamp.h"
#include "shared/rpmsg.h"

#define SERVICE_NAME "openamp_pingpong_demo"

enum { LAST_MESSAGE = 100 };

#endif
