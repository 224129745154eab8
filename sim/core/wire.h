/*
 * A wire: one digital level from one driver to any number of listeners. Interrupt lines, DMA
 * requests, pins and triggers are wires. Listeners hear changes only.
 */
#ifndef SIM_CORE_WIRE_H
#define SIM_CORE_WIRE_H

#include <stdbool.h>

enum { WIRE_SINKS_MAX = 8 };

/* `index` is what the listener gave at wire_connect(), so that one function serves many wires. */
typedef void (*wire_sink)(void *ctx, unsigned index, bool level);

struct wire {
    bool level;
    unsigned sink_count;
    struct {
        wire_sink sink;
        void *ctx;
        unsigned index;
    } sinks[WIRE_SINKS_MAX];
};

/* The listener is told at once if the level is already high. Aborts beyond WIRE_SINKS_MAX: a wiring
 * error of ours, found by the first test that builds the board. */
void wire_connect(struct wire *wire, wire_sink sink, void *ctx, unsigned index);
/* A listener may set this or other wires in turn. */
void wire_set(struct wire *wire, bool level);
static inline void wire_pulse(struct wire *wire)
{
    wire_set(wire, true);
    wire_set(wire, false);
}

#endif
