// All that the library needs from outside: one struct of functions and sizes, const, one per core.
//
// The library calls the functions from whatever context called the library: threads, and interrupt
// handlers where a header says "any context". No function may call back into the library.
//
// Barriers are not in the struct: the library uses C11 fences, which are DMB on both cores of the
// STM32H7. A port function that orders memory against a peripheral (notify, clean, invalidate, copy)
// contains the DSB that it needs.
#ifndef DUET_PORT_H
#define DUET_PORT_H

#include <stddef.h>
#include <stdint.h>

// One block copy for the port's engine; see duet/transfer.h for the meaning of the members.
struct duet_transfer;

struct duet_port {
    // Which of the two cores this is: 0 or 1. On the STM32H7 0 is the M7 and 1 the M4. Required.
    uint32_t core;

    // Bytes in a line of this core's data cache: a power of two up to 32; 0 when it has none.
    uint32_t line_size;

    // Rings the hardware line to the other core and wakes it from any sleep. May be called again
    // before the peer has answered. Cannot fail: state in shared memory stands behind the ring.
    // Any context. Required.
    void (*notify)(const struct duet_port *port);

    // Clears this core's pending flag of the hardware line. Interrupt handler. NULL: nothing to clear.
    void (*acknowledge)(const struct duet_port *port);

    // Sleeps until the hardware line rings, timeout_us microseconds have passed, or anything else
    // wakes the core; may return early. Called between mask and unmask, must wake for an interrupt
    // that is pending although masked, and returns with the mask as it was; a kernel's port may open
    // the mask while it waits, if a ring in that time makes it return. Threads. NULL: the library
    // polls.
    void (*wait)(const struct duet_port *port, uint32_t timeout_us);

    // Keeps out every other context of this core that calls the library, and returns what unmask
    // needs to restore. They nest. Held for some tens of instructions. Required, but on a Cortex-M:
    // there the library sets PRIMASK itself, unless it is built with DUET_MASK_BY_PORT.
    uint32_t (*mask)(const struct duet_port *port);
    void (*unmask)(const struct duet_port *port, uint32_t state);

    // Microseconds since any origin, wrapping at 2^32. Any context. Required: without a
    // clock that runs no call that waits can keep its bound.
    uint32_t (*clock)(const struct duet_port *port);

    // Writes back, or drops, the lines of [address, address + size) in this core's data cache,
    // complete on return. address and size are multiples of line_size where the library drops, and
    // need not be where it writes back. Any context. NULL, both: this core has no data cache.
    void (*clean)(const struct duet_port *port, const volatile void *address, uint32_t size);
    void (*invalidate)(const struct duet_port *port, const volatile void *address, uint32_t size);

    // Starts the copy engine on one transfer: 0 when it runs, or a duet_status. Any context.
    // NULL: transfers are copied by this core.
    int (*copy)(const struct duet_port *port, const struct duet_transfer *transfer);

    // DUET_AGAIN while the transfer runs, DUET_OK when done, or the error that stopped it.
    int (*copy_state)(const struct duet_port *port, const struct duet_transfer *transfer);

    // Stops the engine at once; what it had moved stays moved.
    void (*copy_cancel)(const struct duet_port *port, const struct duet_transfer *transfer);

    // The port's own; the library does not look at it.
    void *context;
};

// How the two cores see a piece of shared memory. It is Normal memory in either case: words are copied at
// any address, which Device and Strongly-ordered memory answer with a fault (DDI 0403, A3.2.1).
enum duet_policy {
    DUET_NON_CACHEABLE, // no cache holds it: by the MPU, or because no core that uses it has one
    DUET_MAINTAINED,    // a cache may hold it; the library cleans and invalidates
};

struct duet_memory {
    const struct duet_port *port; // required
    enum duet_policy policy;
};

// The line that no two writers may share, whatever core looks at it: the M7's cache line.
#define DUET_LINE 32

// Refuses at build time a member of a shared-memory map that would share a cache line with another.
#define DUET_ASSERT_LINES(map, member)                                                             \
    _Static_assert(offsetof(map, member) % DUET_LINE == 0,                                         \
                   #map "." #member " does not begin on a cache line");                            \
    _Static_assert(sizeof(((map *)0)->member) % DUET_LINE == 0,                                    \
                   #map "." #member " shares its last cache line with what follows")

#endif
