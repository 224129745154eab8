#include "sim/core/wire.h"

#include <stdlib.h>

void wire_connect(struct wire *wire, wire_sink sink, void *ctx, unsigned index)
{
    if (wire->sink_count == WIRE_SINKS_MAX)
        abort();
    unsigned n = wire->sink_count++;
    wire->sinks[n].sink = sink;
    wire->sinks[n].ctx = ctx;
    wire->sinks[n].index = index;
    if (wire->level)
        sink(ctx, index, true);
}

void wire_set(struct wire *wire, bool level)
{
    if (wire->level == level)
        return;
    wire->level = level;
    for (unsigned n = 0; n < wire->sink_count && wire->level == level; n++)
        wire->sinks[n].sink(wire->sinks[n].ctx, wire->sinks[n].index, level);
}
