// RPMsg with the names that users of ST's OpenAMP middleware know, over duet/rpmsg.h. One instance a core,
// as there. The application says where the memory is: duet_openamp_config.
//
// Contexts: threads, one at a time; OPENAMP_check_for_message from the main loop.
#ifndef DUET_OPENAMP_H
#define DUET_OPENAMP_H

#include "duet/rpmsg.h"

#define RPMSG_HOST        0
#define RPMSG_MASTER      0
#define RPMSG_REMOTE      1
#define RPMSG_ADDR_ANY    DUET_RPMSG_ANY
#define RPMSG_SUCCESS     0
#define RPMSG_ERR_PARAM   (-2003) // too long for a buffer, or a bad argument; nothing was sent
#define RPMSG_ERR_NO_BUFF (-2002)

struct rpmsg_device; // not used; there is one
struct rpmsg_endpoint;

typedef int (*rpmsg_ept_cb)(struct rpmsg_endpoint *ept, void *data, size_t len, uint32_t src,
                            void *priv);
typedef void (*rpmsg_ns_unbind_cb)(struct rpmsg_endpoint *ept);
typedef void (*rpmsg_ns_bind_cb)(struct rpmsg_device *rdev, const char *name, uint32_t dest);

struct rpmsg_endpoint {
    struct duet_endpoint endpoint; // first
    rpmsg_ept_cb cb;
    rpmsg_ns_unbind_cb ns_unbind_cb;
    void *priv;
};

// How long a send waits for a buffer and for its peer: 15 s, as OpenAMP.
#ifndef OPENAMP_TICK_TIMEOUT_US
#define OPENAMP_TICK_TIMEOUT_US 15000000u
#endif

// The application's: the configuration of this core. Its `service` is replaced.
extern const struct duet_rpmsg_config duet_openamp_config;

// role: RPMSG_HOST or RPMSG_REMOTE. 0, or -1 when the configuration is refused.
int MX_OPENAMP_Init(int role, rpmsg_ns_bind_cb ns_bind_cb);
void OPENAMP_DeInit(void);

void OPENAMP_init_ept(struct rpmsg_endpoint *ept);
int OPENAMP_create_endpoint(struct rpmsg_endpoint *ept, const char *name, uint32_t dest,
                            rpmsg_ept_cb cb, rpmsg_ns_unbind_cb unbind_cb);
void OPENAMP_destroy_ept(struct rpmsg_endpoint *ept);

// Bytes sent, or one of the errors above.
int OPENAMP_send(struct rpmsg_endpoint *ept, const void *data, size_t len);

// Serves what has arrived.
void OPENAMP_check_for_message(void);

// Serves until the endpoint knows its peer: 0, or RPMSG_ERR_NO_BUFF after OPENAMP_TICK_TIMEOUT_US.
int OPENAMP_Wait_EndPointready(struct rpmsg_endpoint *ept);

#endif
