#include "duet/notify.h"
#include "duet/status.h"
#include "shared.h"

DUET_HOT uint32_t peer_word(const struct duet_notify *notify, const uint32_t *word)
{
    shared_fetch(&notify->config->memory, notify->theirs, sizeof(*notify->theirs));
    return shared_load(word);
}

DUET_HOT void write_word(const struct duet_notify *notify, uint32_t *word, uint32_t value)
{
    shared_store(word, value);
    shared_publish(&notify->config->memory, notify->mine, sizeof(*notify->mine));
    duet_fence();
}

static uint32_t lines_with_a_handler(const struct duet_notify_config *config)
{
    uint32_t lines = 0;

    for (uint32_t line = 0; line < config->entry_count; line++)
        if (config->entries[line].handler)
            lines |= 1u << line;
    return lines;
}

int duet_notify_open(struct duet_notify *notify, const struct duet_notify_config *config)
{
    const struct duet_port *port = config->memory.port;

    if (!port || port->core > 1 || !config->shared || (uintptr_t)config->shared % DUET_LINE != 0 ||
        config->entry_count > DUET_NOTIFY_LINES)
        return DUET_INVALID;
    notify->config = config;
    notify->mine = &config->shared->card[port->core];
    notify->theirs = &config->shared->card[port->core ^ 1u];
    notify->handled = lines_with_a_handler(config);
    notify->request = ~peer_word(notify, &notify->theirs->acknowledge);
    notify->acknowledge = shared_load(&notify->theirs->request);
    notify->latched = UINT32_MAX;
    write_word(notify, &notify->mine->acknowledge, notify->acknowledge);
    write_word(notify, &notify->mine->request, notify->request);
    DUET_STEP();
    port->notify(port);
    return DUET_OK;
}

void duet_notify_raise(struct duet_notify *notify, uint32_t line)
{
    const struct duet_port *port = notify->config->memory.port;

    if (line >= DUET_NOTIFY_LINES)
        return;
    duet_fence(); // what the event is about, before the question whether it is still pending

    uint32_t state = duet_mask(port);
    uint32_t pending = notify->request ^ peer_word(notify, &notify->theirs->acknowledge);
    uint32_t bit = 1u << line;

    if (!(pending & bit)) {
        notify->request ^= bit;
        write_word(notify, &notify->mine->request, notify->request);
    }
    duet_unmask(port, state);
    DUET_STEP();
    if (!(pending & bit))
        port->notify(port);
}

// Moves what is pending from shared memory to the latch; the acknowledgement is visible before
// anything that the events are about is read. Masked.
DUET_HOT void collect(struct duet_notify *notify)
{
    uint32_t request = peer_word(notify, &notify->theirs->request);
    uint32_t fresh = request ^ notify->acknowledge;

    if (fresh == 0)
        return;
    notify->latched |= fresh;
    notify->acknowledge = request;
    write_word(notify, &notify->mine->acknowledge, request);
}

DUET_HOT uint32_t take(struct duet_notify *notify, uint32_t lines)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t state = duet_mask(port);

    collect(notify);
    lines &= notify->latched;
    notify->latched &= ~lines;
    duet_unmask(port, state);
    return lines;
}

// What an interrupt has collected: not looked for in shared memory again.
#ifdef __OPTIMIZE_SIZE__
#define take_latched(notify, lines) 0
#else
DUET_HOT uint32_t take_latched(struct duet_notify *notify, uint32_t lines)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t state = duet_mask(port);

    lines &= notify->latched;
    notify->latched &= ~lines;
    duet_unmask(port, state);
    return lines;
}
#endif

uint32_t duet_notify_take(struct duet_notify *notify, uint32_t lines)
{
    return take(notify, lines);
}

void duet_notify_latch(struct duet_notify *notify, uint32_t line)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t state = duet_mask(port);

    notify->latched |= 1u << (line & (DUET_NOTIFY_LINES - 1));
    duet_unmask(port, state);
}

uint32_t duet_notify_pending(const struct duet_notify *notify, uint32_t lines)
{
    uint32_t request = peer_word(notify, &notify->theirs->request);

    return ((request ^ notify->acknowledge) | notify->latched) & lines;
}

void duet_notify_sleep(struct duet_notify *notify, uint32_t lines, uint32_t timeout_us)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t state = duet_mask(port);

    if (port->wait && !duet_notify_pending(notify, lines))
        port->wait(port, timeout_us);
    duet_unmask(port, state);
}

uint32_t duet_notify_wait(struct duet_notify *notify, uint32_t lines, uint32_t timeout_us)
{
    const struct duet_port *port = notify->config->memory.port;
    uint32_t start = port->clock(port);

    for (;;) {
        uint32_t taken = take_latched(notify, lines);

        if (!taken)
            taken = duet_notify_take(notify, lines);

        uint32_t elapsed = taken ? 0 : port->clock(port) - start;

        if (taken || elapsed >= timeout_us)
            return taken;
        duet_notify_sleep(notify, lines, timeout_us - elapsed);
    }
}

void duet_notify_interrupt(struct duet_notify *notify)
{
    const struct duet_notify_config *config = notify->config;
    const struct duet_port *port = config->memory.port;

    if (port->acknowledge)
        port->acknowledge(port);
    duet_fence(); // the hardware's flag first, then the state: a ring in between comes again

    uint32_t taken = take(notify, notify->handled);

    for (uint32_t line = 0; taken; line++, taken >>= 1)
        if (taken & 1)
            config->entries[line].handler(config->entries[line].argument, line);
}
