// The one door to shared memory: word access that the compiler neither splits nor repeats, the cache
// duty around it, and the fences. Everything in src/ reads and writes shared memory through it.
#ifndef DUET_SHARED_H
#define DUET_SHARED_H

#include "duet/port.h"
#include "duet/status.h"

// Tests that stop a core at every step build the library with this hook; see test/step.h.
#ifdef DUET_STEP_HOOK
void duet_step(void);
#define DUET_STEP() duet_step()
#else
#define DUET_STEP() ((void)0)
#endif

static inline void duet_fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline uint32_t shared_load(const volatile uint32_t *word)
{
    DUET_STEP();
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline void shared_store(volatile uint32_t *word, uint32_t value)
{
    DUET_STEP();
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}

// Before reading what the peer wrote: drops this core's stale lines.
static inline void shared_fetch(const struct duet_memory *memory, const volatile void *address,
                                uint32_t size)
{
    if (memory->policy == DUET_MAINTAINED && memory->port->invalidate) {
        DUET_STEP();
        memory->port->invalidate(memory->port, address, size);
    }
}

// After writing what the peer will read: brings this core's dirty lines to memory.
static inline void shared_publish(const struct duet_memory *memory, const volatile void *address,
                                  uint32_t size)
{
    if (memory->policy == DUET_MAINTAINED && memory->port->clean) {
        DUET_STEP();
        memory->port->clean(memory->port, address, size);
    }
}

static inline uint32_t port_mask(const struct duet_port *port)
{
    return port->mask ? port->mask(port) : 0;
}

static inline void port_unmask(const struct duet_port *port, uint32_t state)
{
    if (port->unmask)
        port->unmask(port, state);
}

static inline uint32_t port_clock(const struct duet_port *port)
{
    return port->clock ? port->clock(port) : 0;
}

// Copies by words wherever both sides allow it; never reads or writes outside the two ranges.
void duet_copy(void *to, const void *from, uint32_t count);

#endif
