/*
 * The coherency checker: it watches memory that more than one master touches, and says who broke
 * coherency, where, and what would cure it (docs/checker.md).
 *
 * It is told what happens by the owner of cores and bus, and changes nothing of it. What one master has
 * for itself costs nothing: pages are watched from when the M7 caches a line of them, when both cores, or
 * a core and a DMA, have touched them, and from the beginning where memory is made for sharing; other
 * accesses need not be told.
 *
 * Single-threaded. All addresses are the M7's where not said otherwise.
 */
#ifndef SIM_CHECK_CHECK_H
#define SIM_CHECK_CHECK_H

#include "sim/core/bus.h"
#include "sim/core/event.h"
#include "sim/cpu/cpu.h"

enum check_kind {
    CHECK_STALE_READ,   /* the M7 read a cached byte that another master has changed since */
    CHECK_HIDDEN_WRITE, /* a master read a byte whose newer value is dirty in the M7's cache */
    CHECK_LOST_WRITE,   /* a clean, an eviction or an invalidation destroyed what was written */
    CHECK_SHARED_LINE,  /* a master wrote into a line that the M7 holds dirty */
    CHECK_UNORDERED_PUBLISH, /* a flag was seen before the data that were written before it */
    CHECK_RACING_ACCESS,     /* both cores use a word, one writes it, and nothing orders them */
    CHECK_MISSING_BARRIER, /* a core depends on what it did itself, which need not have happened */
    CHECK_KINDS
};
const char *check_kind_name(enum check_kind kind); /* "stale read" */

enum check_deed {
    CHECK_READ,
    CHECK_WROTE,
    CHECK_CLEANED,     /* by maintenance */
    CHECK_EVICTED,     /* the line gave way to another; written to memory, as it was dirty */
    CHECK_INVALIDATED, /* by maintenance */
    CHECK_PUBLISHED,   /* stored the flag, or rang the bell */
    CHECK_SAW,         /* loaded the flag */
    CHECK_SET,         /* wrote a register of its own (of the system control space) */
    CHECK_GOT,         /* read one */
    CHECK_USED_FP,     /* executed a floating-point instruction */
    CHECK_TOOK,        /* entered an exception's handler; `address` is its number */
    CHECK_SLEPT,       /* executed WFI or WFE */
    CHECK_STARTED,     /* came out of reset */
    CHECK_SENT,        /* executed SEV */
    CHECK_HEARD,       /* got the event of it */
};

struct check_party {
    enum bus_master master;
    enum check_deed did;
    uint32_t address;   /* what it did it to: the first byte, or a register */
    uint32_t pc;        /* of a core */
    struct bus_job job; /* of another master; bytes 0: not known */
    sim_time time;
};

enum check_cure {
    CURE_INVALIDATE_AFTER,  /* the range, when the first party has written it */
    CURE_CLEAN_BEFORE,      /* the range, before the reader starts or is told */
    CURE_INVALIDATE_BEFORE, /* the range, before the first party writes it */
    CURE_OWN_LINES,         /* what both write belongs in different lines */
    CURE_CLEAN_NOT_DROP,    /* the range, before it is invalidated */
    CURE_LAST_OF_MEMORY = CURE_CLEAN_NOT_DROP,
    CURE_BARRIER_WRITER, /* between the store of the data and the flag's */
    CURE_BARRIER_CLEAN,  /* between the clean and the flag's store */
    CURE_BARRIER_READER, /* between the load of the flag and the data's */
    CURE_BARRIER_START,  /* between the store or clean and the register that starts the reader */
    CURE_ORDER,          /* a semaphore, exclusives, or a flag with barriers */
    CURE_DSB,            /* on the core, between what the first and the last party did */
    CURE_ISB,            /* likewise */
    CURE_DSB_ISB,        /* likewise */
};

enum { CHECK_PARTIES = 4 };
struct check_report {
    enum check_kind kind;
    uint32_t address, length;
    struct check_party parties[CHECK_PARTIES]; /* in the order of the deeds */
    unsigned party_count;
    enum check_cure cure;
    uint32_t cure_address, cure_length; /* whole lines, where the cure is about memory */
    uint64_t count;                     /* how often it happened at this place */
};

/* "DMA2 stream 1", "Cortex-M7" */
void check_party_name(const struct check_party *party, char *text, size_t size);
/* "clean 0x24000400..0x2400047f before starting DMA2 stream 1" */
void check_cure_text(const struct check_report *report, char *text, size_t size);
/* Of a missing barrier: "the change of MPU_CTRL take effect before the Cortex-M7 reads 0x24000000". The
 * range is what report.address and .length are, in words. */
void check_effect_text(const struct check_report *report, const char *range, char *text,
                       size_t size);

/* What the checker asks of its owner. */
struct check_world {
    void *ctx;
    struct bus *bus;
    uint32_t (*pc)(void *ctx, enum bus_master core);
    sim_time (*time)(void *ctx, enum bus_master master); /* of what this master does now */
    uint64_t (*cycles)(void *ctx, enum bus_master core); /* of its clock; only differences count */
    bool (*asleep)(void *ctx, enum bus_master core);
    /* Of the core's system control space: as cpu_scs_peek(); as cpu_remember_memory() and
     * cpu_memory_differs(). */
    uint32_t (*setting)(void *ctx, enum bus_master core, uint32_t address);
    void (*remember_memory)(void *ctx, enum bus_master core);
    bool (*memory_differs)(void *ctx, enum bus_master core, uint32_t address);
    bool (*uncached)(void *ctx, uint32_t address); /* as cpu_memory_is_uncached(), of the M7 */
    /* Of the M7's data cache: as cpu_cache_find() and cpu_cache_watch(). */
    bool (*find_line)(void *ctx, uint32_t address, struct cpu_cache_line *line);
    void (*watch_line)(void *ctx, uint32_t address, bool on);
    /* check_watches() has another answer for pages of this core: it must ask anew. */
    void (*changed)(void *ctx, enum bus_master core);
    /* Each place once, when it is found; later only its count rises. */
    void (*hear)(void *ctx, const struct check_report *report);
};

struct check;
struct check *check_create(const struct check_world *world); /* NULL: out of memory */
void check_destroy(struct check *check);
/* What a core changes of itself is never taken to have happened by the time that passed. */
void check_set_late_effects(struct check *check);
/* All places in the order in which they were found. */
const struct check_report *check_places(const struct check *check, size_t *count);

/* ---- What happens ------------------------------------------------------------------------------ */

/* Which accesses of a core to the page are to be told by check_access(): CPU_WATCH_*. */
unsigned check_watches(const struct check *check, enum bus_master core, const struct ram *ram,
                       uint32_t page);
/* A core's loads and stores (after they happened), at least those of watched pages. */
void check_access(struct check *check, enum bus_master core, struct ram *ram, uint32_t offset,
                  unsigned size, bool write);
/* Everybody else's accesses to pages with WATCH_CHECK (before they happen). */
void check_transfer(struct check *check, enum bus_master master, struct ram *ram, uint32_t offset,
                    uint32_t length, bool write);
/* A page has got a second master (bus.page_shared). */
void check_page_shared(struct check *check, struct ram *ram, uint32_t page);
/* A core is about to use a page, at this address of its own; told before check_watches() is asked. */
void check_page_used(struct check *check, enum bus_master core, struct ram *ram, uint32_t page,
                     uint32_t address);
/* As cpu_cache_ops. */
void check_cache_event(struct check *check, enum cpu_cache_event event,
                       enum cpu_cache_reason reason, const struct cpu_cache_line *line);
void check_line_access(struct check *check, const struct cpu_cache_line *line, uint32_t address,
                       unsigned size, bool write);

/* What a core does to itself: ARMv7-M ARM B3.1.1, what it depends on may need a barrier first. While
 * check_is_alert() all accesses of the core are to be told by check_own_access(), before check_access().
 * When the answer changes, world.changed() says so. */
bool check_is_alert(const struct check *check, enum bus_master core);
void check_own_access(struct check *check, enum bus_master core, uint32_t address, bool write);
void check_sets(struct check *check, enum bus_master core, uint32_t address, uint32_t value);
void check_gets(struct check *check, enum bus_master core, uint32_t address);
void check_uses_fp(struct check *check, enum bus_master core);
void check_waits(struct check *check, enum bus_master core); /* WFI, WFE */
/* Its sleep ends; by what the other core does to a register now, perhaps. */
void check_wakes(struct check *check, enum bus_master core, bool by_other);
/* It entered the handler of this exception number; it left one; an interrupt's line fell because of what it
 * does to a register now. */
void check_entered(struct check *check, enum bus_master core, unsigned exception);
void check_left(struct check *check, enum bus_master core);
void check_silenced(struct check *check, enum bus_master core);

/* What orders the cores. */
enum check_barrier { CHECK_DMB, CHECK_DSB, CHECK_ISB };
void check_barrier(struct check *check, enum bus_master core, enum check_barrier kind);
void check_register(struct check *check, enum bus_master core, uint32_t address, bool write);
void check_sent_event(struct check *check, enum bus_master core); /* SEV */
void check_got_event(struct check *check, enum bus_master core);
void check_started(struct check *check, enum bus_master core); /* it came out of reset */
/* The core's exclusive monitor tags the word: loads and stores of it are as good as ordered. */
void check_exclusive(struct check *check, struct ram *ram, uint32_t offset);

#endif
