// The host's port: each core is a thread of one process, the hardware line is a flag behind a
// condition variable. There is no cache; a test may set clean and invalidate in its copy of the port.
#ifndef DUET_HOST_H
#define DUET_HOST_H

#include <pthread.h>

#include "duet/port.h"

// The hardware line of one core: what rings it, and what keeps that core's contexts apart.
struct duet_host_core {
    pthread_mutex_t mask; // recursive
    pthread_mutex_t line_mutex;
    pthread_cond_t line;
    int rung;
    unsigned long rings; // how often notify was called for this core
};

struct duet_host {
    struct duet_host_core core[2];
    struct duet_port port[2];
};

// Prepares both cores' ports. host stays where it is until duet_host_close.
void duet_host_open(struct duet_host *host);
void duet_host_close(struct duet_host *host);

#endif
