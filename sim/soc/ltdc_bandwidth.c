/* What the LTDC's fetches take of the memories' time, and whether they come in time. */
#include "sim/soc/ltdc_internal.h"

enum { BURST_BYTES = 64 };

static unsigned bursts_of_line(const struct ltdc *ltdc, unsigned n, unsigned y)
{
    return (ltdc_line_bytes(ltdc, n, y) + BURST_BYTES - 1) / BURST_BYTES;
}

static struct ram *source_of(const struct ltdc *ltdc, unsigned n)
{
    struct bus *bus = &block_sim(&ltdc->block)->bus;
    struct bus_region *region = bus_find(bus, MASTER_LTDC, ltdc->layer[n].base);
    return region ? region->ram : NULL;
}

static void forget_plan(struct ltdc *ltdc, unsigned n)
{
    static const struct traffic_plan nothing = {0, 0, 0};
    if (ltdc->source[n])
        traffic_plan(block_sim(&ltdc->block), ltdc->source[n], MASTER_LTDC, n, &nothing, 0);
    ltdc->source[n] = NULL;
}

/* Tells the memory of a layer what will be fetched of it in this frame. */
static void plan_layer(struct ltdc *ltdc, unsigned n)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    unsigned bursts = bursts_of_line(ltdc, n, l->y0), first = ltdc_first_line(ltdc);
    struct ram *ram = bursts ? source_of(ltdc, n) : NULL;
    forget_plan(ltdc, n);
    if (!ram)
        return;
    unsigned end = l->y1 < ltdc->height ? l->y1 : ltdc->height;
    sim_time line = ltdc_line_time(ltdc, 1) - ltdc->frame_start;
    sim_time burst = traffic_burst_time(ram, BURST_BYTES);
    sim_time share = bursts * burst * TRAFFIC_FULL / (line ? line : 1);
    const struct traffic_plan plan = {
        .from = ltdc_line_time(ltdc, first + l->y0),
        .until = ltdc_line_time(ltdc, first + end),
        .share = share < TRAFFIC_FULL ? (uint32_t)share : TRAFFIC_FULL,
    };
    ltdc->source[n] = ram;
    traffic_plan(block_sim(&ltdc->block), ram, MASTER_LTDC, n, &plan, burst);
}

void ltdc_plan_fetches(struct ltdc *ltdc)
{
    for (unsigned n = 0; n < 2; n++)
        plan_layer(ltdc, n);
}

void ltdc_forget_plans(struct ltdc *ltdc)
{
    forget_plan(ltdc, 0);
    forget_plan(ltdc, 1);
}

/* 33.7.9, FUIF: the layers' fetches of a line, other masters in their way, take longer than it. */
void ltdc_look_for_underrun(struct ltdc *ltdc, unsigned y)
{
    sim_time line = ltdc_line_time(ltdc, 1) - ltdc->frame_start, taken = 0;
    for (unsigned n = 0; n < 2; n++) {
        const struct ram *ram = ltdc->source[n];
        if (!ram)
            continue;
        sim_time burst = traffic_burst_time(ram, BURST_BYTES);
        sim_time wait = traffic_wait(ram, MASTER_LTDC, sim_now(block_sim(&ltdc->block)), burst);
        taken += bursts_of_line(ltdc, n, y) * (burst + wait);
    }
    if (taken <= line)
        return;
    sim_trace_mark(block_sim(&ltdc->block), "LTDC", 0, "FIFO underrun");
    ltdc_raise(ltdc, FLAG_UNDERRUN);
}
