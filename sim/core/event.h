/*
 * Board time and the one queue of named events. Time is in picoseconds since power-on. Events fire
 * in the order of their time, and of their scheduling where the times are equal, so that a run is
 * the same on every machine.
 */
#ifndef SIM_CORE_EVENT_H
#define SIM_CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t sim_time; /* ps; wraps after 213 days of board time */

#define SIM_NS    ((sim_time)1000)
#define SIM_US    ((sim_time)1000000)
#define SIM_MS    ((sim_time)1000000000)
#define SIM_S     ((sim_time)1000000000000)
#define SIM_NEVER UINT64_MAX

/* Embedded in the device that it belongs to; set up once with event_init(). */
struct event {
    const char *name;        /* for traces: "DCMI line", static storage */
    void (*fire)(void *ctx); /* runs with the queue's `now` at the event's time; may schedule
                                     and cancel any event, itself included */
    void *ctx;
    sim_time when;  /* valid while pending */
    uint64_t order; /* among equals */
    size_t place;   /* in the heap, plus 1; 0: not pending */
};

struct event_queue {
    struct event **heap;
    size_t count, capacity;
    uint64_t next_order;
    sim_time now; /* the present: set by the scheduler to the time of what runs */
};

void event_queue_init(struct event_queue *queue);
void event_queue_free(struct event_queue *queue);

void event_init(struct event *event, const char *name, void (*fire)(void *ctx), void *ctx);
/* Schedules or reschedules. A time in the past fires as soon as events are run again. */
void event_at(struct event_queue *queue, struct event *event, sim_time when);
static inline void event_in(struct event_queue *queue, struct event *event, sim_time delay)
{
    event_at(queue, event, queue->now + delay);
}
void event_cancel(struct event_queue *queue, struct event *event); /* no-op if not pending */
static inline bool event_pending(const struct event *event)
{
    return event->place != 0;
}
/* Time of the first event; SIM_NEVER if there is none. */
static inline sim_time event_next(const struct event_queue *queue)
{
    return queue->count ? queue->heap[0]->when : SIM_NEVER;
}
/* Fires all events with when <= time, in order; `now` is each one's time while it runs. */
void event_run_until(struct event_queue *queue, sim_time time);

/* Duration of `count` cycles at `hz`, rounded up; SIM_NEVER if hz is 0. */
sim_time sim_cycles_to_time(uint64_t count, uint64_t hz);

#endif
