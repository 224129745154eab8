/* The queue of injected contexts: RM0399 26.4.21. With CFGR.JQDIS there is but JSQR. */
#include "sim/soc/adc_internal.h"

static bool queues(const struct unit *u)
{
    return !(*reg(u, CFGR) & CFGR_JQDIS);
}

static void show_context(struct unit *u)
{
    *reg(u, JSQR) = u->contexts ? u->context[0] : 0;
}

bool adc_lacks_context(const struct unit *u)
{
    return queues(u) && !u->contexts;
}

/* A third one is lost. */
void adc_write_context(struct unit *u, uint32_t value)
{
    if (!queues(u)) {
        *reg(u, JSQR) = value;
        return;
    }
    if (u->contexts == CONTEXTS)
        *reg(u, ISR) |= JQOVF;
    else
        u->context[u->contexts++] = value;
    show_context(u);
}

/* The last one stays without JQM; with it the queue is empty then. */
void adc_next_context(struct unit *u)
{
    if (!queues(u) || !u->contexts)
        return;
    if (u->contexts == CONTEXTS)
        u->context[0] = u->context[1];
    else if (!(*reg(u, CFGR) & CFGR_JQM))
        return;
    u->contexts--;
    show_context(u);
}

void adc_flush_contexts(struct unit *u)
{
    if (!queues(u))
        return;
    if (*reg(u, CFGR) & CFGR_JQM)
        u->contexts = 0;
    else if (u->contexts == CONTEXTS)
        u->contexts = 1;
    show_context(u);
}

/* It begins empty. */
void adc_queue_changed(struct unit *u)
{
    u->contexts = 0;
    if (queues(u))
        show_context(u);
}
