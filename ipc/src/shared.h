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

// Each is one or two instructions: a call would cost more, and a small build would make one.
#define DUET_INLINE static inline __attribute__((always_inline))

// On the way of every message: in line where the build is for speed.
#ifdef __OPTIMIZE_SIZE__
#define DUET_HOT  static __attribute__((unused))
#define DUET_COLD static
#else
#define DUET_COLD static __attribute__((noinline))
#define DUET_HOT  static inline __attribute__((always_inline))
#endif

// 0 leaves out the cache duty: for a core without a data cache, such as the M4.
#ifndef DUET_CORE_HAS_CACHE
#define DUET_CORE_HAS_CACHE 1
#endif

DUET_INLINE void duet_fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

DUET_INLINE uint32_t shared_load(const volatile uint32_t *word)
{
    DUET_STEP();
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

DUET_INLINE void shared_store(volatile uint32_t *word, uint32_t value)
{
    DUET_STEP();
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}

// Keeps out this core's other contexts: on a Cortex-M by PRIMASK, in line (a call each way would be a
// third of what it costs to raise a line), unless the port is to do it.
#if defined(__arm__) && !defined(DUET_MASK_BY_PORT)
DUET_INLINE uint32_t duet_mask(const struct duet_port *port)
{
    uint32_t state;

    (void)port;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(state)::"memory");
    return state;
}

DUET_INLINE void duet_unmask(const struct duet_port *port, uint32_t state)
{
    (void)port;
    __asm volatile("msr primask, %0" ::"r"(state) : "memory");
}
#else
#define duet_mask(port)          ((port)->mask(port))
#define duet_unmask(port, state) ((port)->unmask(port, state))
#endif

// Before reading what the peer wrote: drops this core's stale lines.
DUET_INLINE void shared_fetch(const struct duet_memory *memory, const volatile void *address,
                              uint32_t size)
{
    if (DUET_CORE_HAS_CACHE && memory->policy == DUET_MAINTAINED && memory->port->invalidate) {
        DUET_STEP();
        memory->port->invalidate(memory->port, address, size);
    }
}

// After writing what the peer will read: brings this core's dirty lines to memory.
DUET_INLINE void shared_publish(const struct duet_memory *memory, const volatile void *address,
                                uint32_t size)
{
    if (DUET_CORE_HAS_CACHE && memory->policy == DUET_MAINTAINED && memory->port->clean) {
        DUET_STEP();
        memory->port->clean(memory->port, address, size);
    }
}

// Copies by words; neither reads nor writes outside the two ranges. The shared side, which is often the
// slower one, gets aligned words if any does: `to` of duet_copy_out, `from` of duet_copy_in.
void duet_copy(void *to, const void *from, uint32_t count);
#ifdef __OPTIMIZE_SIZE__
#define duet_copy_out duet_copy
#define duet_copy_in  duet_copy
#else
void duet_copy_out(void *to, const void *from, uint32_t count);
void duet_copy_in(void *to, const void *from, uint32_t count);
#endif

#endif
