#include "duet/notify.h"
#include "duet/status.h"
#include "shared.h"

static struct duet_notify_card *own_card(const struct duet_notify *notify)
{
    return &notify->config->shared->card[notify->config->memory.port->core];
}

static const struct duet_notify_card *peer_card(const struct duet_notify *notify)
{
    return &notify->config->shared->card[notify->config->memory.port->core ^ 1u];
}

static uint32_t peer_word(const struct duet_notify *notify, const uint32_t *word)
{
    shared_fetch(&notify->config->memory, peer_card(notify), sizeof(struct duet_notify_card));
    return shared_load(word);
}

static void write_word(const struct duet_notify *notify, uint32_t *word, uint32_t value)
{
    shared_store(word, value);
    shared_publish(&notify->config->memory, own_card(notify), sizeof(struct duet_notify_card));
    duet_fence();
}

static void ring(const struct duet_port *port)
{
    DUET_STEP();
    if (port->notify)
        port->notify(port);
}

int duet_notify_open(struct duet_notify *notify, const struct duet_notify_config *config)
{
    const struct duet_port *port = config->memory.port;

    if (!port || port->core > 1 || !config->shared || (uintptr_t)config->shared % DUET_LINE != 0 ||
        config->entry_count > DUET_NOTIFY_LINES || (config->entry_count && !config->entries))
        return DUET_INVALID;
    notify->config = config;
    notify->request = ~peer_word(notify, &peer_card(notify)->acknowledge);
    notify->acknowledge = shared_load(&peer_card(notify)->request);
    notify->latched = UINT32_MAX;
    write_word(notify, &own_card(notify)->acknowledge, notify->acknowledge);
    write_word(notify, &own_card(notify)->request, notify->request);
    ring(port);
    return DUET_OK;
}

void duet_notify_raise(struct duet_notify *notify, uint32_t line)
{
    const struct duet_port *port = notify->config->memory.port;

    if (line >= DUET_NOTIFY_LINES)
        return;
    duet_fence(); // what the event is about, before the question whether it is still pending

    uint32_t state = port_mask(port);
    uint32_t pending = notify->request ^ peer_word(notify, &peer_card(notify)->acknowledge);
    uint32_t bit = 1u << line;

    if (!(pending & bit)) {
        notify->request ^= bit;
        write_word(notify, &own_card(notify)->request, notify->request);
    }
    port_unmask(port, state);
    if (!(pending & bit))
        ring(port);
}

// Moves what is pending from shared memory to the latch; the acknowledgement is visible before
// anything that the events are about is read.
static void collect(struct duet_notify *notify)
{
    uint32_t request = peer_word(notify, &peer_card(notify)->request);
    uint32_t fresh = request ^ notify->acknowledge;

    if (fresh == 0)
        return;
    notify->latched |= fresh;
    notify->acknowledge = request;
    write_word(notify, &own_card(notify)->acknowledge, request);
}

uint32_t duet_notify_take(struct duet_notify *notify, uint32_t lines)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t state = port_mask(port);

    collect(notify);
    lines &= notify->latched;
    notify->latched &= ~lines;
    port_unmask(port, state);
    return lines;
}

uint32_t duet_notify_pending(const struct duet_notify *notify, uint32_t lines)
{
    uint32_t request = peer_word(notify, &peer_card(notify)->request);

    return ((request ^ notify->acknowledge) | notify->latched) & lines;
}

uint32_t duet_notify_wait(struct duet_notify *notify, uint32_t lines, uint32_t timeout_us)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t start = port_clock(port);

    for (;;) {
        uint32_t taken = duet_notify_take(notify, lines);
        uint32_t elapsed = port_clock(port) - start;

        if (taken || !port->clock || elapsed >= timeout_us)
            return taken;

        uint32_t state = port_mask(port);

        if (port->wait && !duet_notify_pending(notify, lines))
            port->wait(port, timeout_us - elapsed);
        port_unmask(port, state);
    }
}

void duet_notify_interrupt(struct duet_notify *notify)
{
    const struct duet_notify_config *config = notify->config;
    uint32_t handled = 0;

    if (config->memory.port->acknowledge)
        config->memory.port->acknowledge(config->memory.port);
    duet_fence(); // the hardware's flag first, then the state: a ring in between comes again

    for (uint32_t line = 0; line < config->entry_count; line++)
        if (config->entries[line].handler)
            handled |= 1u << line;

    uint32_t taken = duet_notify_take(notify, handled);

    for (uint32_t line = 0; taken; line++, taken >>= 1)
        if (taken & 1)
            config->entries[line].handler(config->entries[line].argument, line);
}
