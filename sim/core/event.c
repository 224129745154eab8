#include "sim/core/event.h"

#include <stdlib.h>

void event_queue_init(struct event_queue *queue)
{
    *queue = (struct event_queue){0};
}

void event_queue_free(struct event_queue *queue)
{
    free(queue->heap);
    *queue = (struct event_queue){0};
}

void event_init(struct event *event, const char *name, void (*fire)(void *ctx), void *ctx)
{
    *event = (struct event){.name = name, .fire = fire, .ctx = ctx};
}

static bool before(const struct event *a, const struct event *b)
{
    return a->when != b->when ? a->when < b->when : a->order < b->order;
}

static void put(struct event_queue *queue, size_t place, struct event *event)
{
    queue->heap[place] = event;
    event->place = place + 1;
}

static void sift_up(struct event_queue *queue, size_t place, struct event *event)
{
    while (place > 0 && before(event, queue->heap[(place - 1) / 2])) {
        put(queue, place, queue->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(queue, place, event);
}

static void sift_down(struct event_queue *queue, size_t place, struct event *event)
{
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= queue->count)
            break;
        if (child + 1 < queue->count && before(queue->heap[child + 1], queue->heap[child]))
            child++;
        if (!before(queue->heap[child], event))
            break;
        put(queue, place, queue->heap[child]);
        place = child;
    }
    put(queue, place, event);
}

static void grow(struct event_queue *queue)
{
    size_t capacity = queue->capacity ? 2 * queue->capacity : 64;
    struct event **heap = realloc(queue->heap, capacity * sizeof *heap);
    if (!heap)
        abort(); /* out of host memory: nothing sensible is left to do */
    queue->heap = heap;
    queue->capacity = capacity;
}

void event_at(struct event_queue *queue, struct event *event, sim_time when)
{
    event_cancel(queue, event);
    if (queue->count == queue->capacity)
        grow(queue);
    event->when = when;
    event->order = queue->next_order++;
    sift_up(queue, queue->count++, event);
}

void event_cancel(struct event_queue *queue, struct event *event)
{
    if (!event->place)
        return;
    size_t place = event->place - 1;
    struct event *last = queue->heap[--queue->count];
    event->place = 0;
    if (last == event)
        return;
    if (place > 0 && before(last, queue->heap[(place - 1) / 2]))
        sift_up(queue, place, last);
    else
        sift_down(queue, place, last);
}

void event_run_until(struct event_queue *queue, sim_time time)
{
    while (queue->count && queue->heap[0]->when <= time) {
        struct event *event = queue->heap[0];
        if (event->when > queue->now)
            queue->now = event->when;
        event_cancel(queue, event);
        event->fire(event->ctx);
    }
}

sim_time sim_cycles_to_time(uint64_t count, uint64_t hz)
{
    if (!hz)
        return SIM_NEVER;
    if (count < UINT64_MAX / SIM_S - 1 && hz < SIM_S) /* the usual case, without a wide division */
        return (count * SIM_S + hz - 1) / hz;
    unsigned __int128 time = (unsigned __int128)count * SIM_S + hz - 1;
    return (sim_time)(time / hz);
}
