#include "duet_host.h"

#include <errno.h>
#include <time.h>

static struct duet_host_core *core_of(const struct duet_port *port, uint32_t core)
{
    struct duet_host *host = port->context;

    return &host->core[core];
}

static void host_notify(const struct duet_port *port)
{
    struct duet_host_core *peer = core_of(port, port->core ^ 1u);

    pthread_mutex_lock(&peer->line_mutex);
    peer->rung = 1;
    peer->rings++;
    pthread_cond_signal(&peer->line);
    pthread_mutex_unlock(&peer->line_mutex);
}

static void host_acknowledge(const struct duet_port *port)
{
    struct duet_host_core *own = core_of(port, port->core);

    pthread_mutex_lock(&own->line_mutex);
    own->rung = 0;
    pthread_mutex_unlock(&own->line_mutex);
}

static uint32_t host_clock(const struct duet_port *port)
{
    struct timespec now;

    (void)port;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u);
}

static struct timespec deadline(uint32_t timeout_us)
{
    struct timespec at;
    uint64_t ns;

    clock_gettime(CLOCK_MONOTONIC, &at);
    ns = (uint64_t)at.tv_nsec + (uint64_t)timeout_us * 1000u;
    at.tv_sec += (time_t)(ns / 1000000000u);
    at.tv_nsec = (long)(ns % 1000000000u);
    return at;
}

static void host_wait(const struct duet_port *port, uint32_t timeout_us)
{
    struct duet_host_core *own = core_of(port, port->core);
    struct timespec at = deadline(timeout_us);

    pthread_mutex_unlock(&own->mask);
    pthread_mutex_lock(&own->line_mutex);
    while (!own->rung && pthread_cond_timedwait(&own->line, &own->line_mutex, &at) != ETIMEDOUT)
        continue;
    own->rung = 0;
    pthread_mutex_unlock(&own->line_mutex);
    pthread_mutex_lock(&own->mask);
}

static uint32_t host_mask(const struct duet_port *port)
{
    pthread_mutex_lock(&core_of(port, port->core)->mask);
    return 0;
}

static void host_unmask(const struct duet_port *port, uint32_t state)
{
    (void)state;
    pthread_mutex_unlock(&core_of(port, port->core)->mask);
}

static void open_core(struct duet_host_core *core)
{
    pthread_mutexattr_t recursive;
    pthread_condattr_t monotonic;

    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&core->mask, &recursive);
    pthread_mutexattr_destroy(&recursive);
    pthread_mutex_init(&core->line_mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&core->line, &monotonic);
    pthread_condattr_destroy(&monotonic);
    core->rung = 0;
    core->rings = 0;
}

void duet_host_open(struct duet_host *host)
{
    for (uint32_t core = 0; core < 2; core++) {
        open_core(&host->core[core]);
        host->port[core] = (struct duet_port){
            .core = core,
            .notify = host_notify,
            .acknowledge = host_acknowledge,
            .wait = host_wait,
            .mask = host_mask,
            .unmask = host_unmask,
            .clock = host_clock,
            .context = host,
        };
    }
}

void duet_host_close(struct duet_host *host)
{
    for (uint32_t core = 0; core < 2; core++) {
        pthread_mutex_destroy(&host->core[core].mask);
        pthread_mutex_destroy(&host->core[core].line_mutex);
        pthread_cond_destroy(&host->core[core].line);
    }
}
