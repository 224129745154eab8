/* What the files of the checker share. */
#ifndef SIM_CHECK_INTERNAL_H
#define SIM_CHECK_INTERNAL_H

#include <string.h>

#include "sim/check/check.h"

enum { PAGE_LINES = BUS_PAGE_SIZE / CPU_LINE_SIZE, PAGE_WORDS = BUS_PAGE_SIZE / 4 };
enum { CACHE_LINES = 512, CACHE_WAYS = 4 }; /* of the M7's data cache (DDI 0489, 5.8) */
enum { CORES = 2 };                         /* indices are those of enum bus_master */

/* Bytes of a line, a bit each. */
typedef uint32_t byte_mask;

/* What the M7 wrote into a line and threw away. Whoever reads it next misses it. */
struct lost {
    byte_mask bytes;
    struct check_party writer, thrown_by;
};

/* What the M7 did to a line on purpose: `seq` is that event of the M7; 0: none. */
struct maintained {
    uint64_t seq;
    uint32_t pc;
    sim_time time;
};

/* What a core did to a word last. Sequence numbers count the events of that core; 0: nothing. */
struct store {
    uint64_t seq;
    uint64_t released; /* its events up to this one are visible to who has seen the store */
    uint32_t pc;
    uint8_t bytes; /* of the word: a bit each */
    bool release;  /* right behind a barrier: a flag, and not data that another flag goes with */
    bool lone;     /* the first word of shared memory that was stored since a barrier */
    sim_time time;
};

struct word {
    struct store store[CORES]; /* what of each core's last store is still there */
    uint64_t seen[CORES];      /* by this core: the other's store */
    uint64_t seen_barriers[CORES];
    bool exclusive;
};

/* A page of memory that somebody must watch. */
struct check_page {
    struct ram *ram;
    uint32_t number;
    uint32_t address;            /* as the M7 sees it; the M4's where the M7 has none */
    uint16_t cached[PAGE_LINES]; /* index of the M7's line, + 1; 0: none */
    unsigned cached_count;
    struct lost *lost[PAGE_LINES]; /* NULL: nothing */
    struct maintained clean[PAGE_LINES], dropped[PAGE_LINES];
    unsigned lost_count;
    struct word *words; /* PAGE_WORDS, if more than lines are watched */
    bool stores_only;   /* one core stores there, and DMAs read it */
};

/* A line of the M7's data cache, by set and way. */
struct check_line {
    struct check_page *page; /* NULL: none, or one of flash */
    unsigned index;          /* in the page */
    uint32_t address;
    bool dirty;
    struct check_party dirtied; /* who made it so */
    uint64_t dirtied_seq;       /* the event of the M7 that it was */
    byte_mask changed;          /* in memory by another master since the fill */
    struct check_party changer; /* the last of them */
    sim_time stale_since;       /* first read of an old byte that nothing orders; 0: none */
    sim_time hidden_since;      /* first read by the M4 of a byte that this line hides; 0: none */
};

/* A flag that a core has seen: what it learnt of the other core by that. */
struct flag {
    uint64_t seq, released; /* of the other's store; seq 0: none */
    uint64_t barriers;      /* of the reader, when it loaded it */
    struct check_party publisher, seer;
};

/* What a core set of its own, see settings.c. */
enum setting {
    SETTING_MEMORY,     /* what memory is: MPU, CCR.DC */
    SETTING_FP,         /* CPACR */
    SETTING_VECTORS,    /* VTOR */
    SETTING_SLEEP,      /* SCR */
    SETTING_CACHE_SIZE, /* CSSELR */
    SETTING_LINES,      /* the caches' invalidation as a whole */
    SETTINGS
};

struct change {
    uint64_t seq; /* event of the core; 0: none */
    uint64_t cycles;
    struct check_party by;
};

struct core {
    uint64_t seq;      /* events so far */
    uint64_t known;    /* the other's events up to this one happened before now */
    uint64_t learnt;   /* likewise, but for a barrier that is still to come */
    uint64_t released; /* events before its last barrier */
    uint64_t barriers;
    uint32_t barrier_pc;
    const struct word *stored; /* the first since the barrier; NULL: none */
    struct flag flag;   /* the latest of the other's stores that it has seen with nothing before */
    struct flag wrote;  /* its last write of a device's register */
    struct flag sent;   /* its last SEV */
    uint64_t rung;      /* by registers: likewise, for who is interrupted */
    uint64_t completed; /* events before its last DSB */
    uint64_t synchronized; /* of them those before the ISB, or the exception, behind that */
    struct change changes[SETTINGS];
    uint32_t device;           /* the register that it touched last */
    struct change shared;      /* its last store to a word that both cores use */
    struct change silenced;    /* its last write that made an interrupt's line fall */
    struct check_party asleep; /* where it last executed WFI or WFE */
    uint64_t slept;            /* its events before that */
    struct check_party
        slept_on; /* a store that the other core has seen meanwhile, and need not have;
                                    time 0: none */
    bool called;  /* by the other's SEV, since then */
};

/* A block of registers that both cores use. */
struct bell {
    uint32_t block; /* address of its 1 KB */
    uint64_t released[CORES];
    struct flag rung[CORES]; /* by this core; only of blocks that are doorbells */
};

struct memory {
    const struct ram *ram;
    struct check_page **pages;
    uint32_t page_count;
};

enum { MEMORIES_MAX = 32, BELLS_MAX = 128 };

struct check {
    struct check_world world;
    bool late_effects;
    struct memory memories[MEMORIES_MAX];
    unsigned memory_count;
    struct check_line lines[CACHE_LINES];
    struct core core[CORES];
    struct flag started[MASTER_COUNT][CORES]; /* the last register of a DMA that a core wrote */
    struct bell bells[BELLS_MAX];
    unsigned bell_count;
    struct check_report *places;
    size_t place_count, place_room;
};

/* pages.c */
struct check_page *page_find(const struct check *check, const struct ram *ram, uint32_t number);
struct check_page *page_make(struct check *check, struct ram *ram, uint32_t number);
/* After cached_count, lost_count or words changed from or to nothing. */
void page_update_watch(struct check *check, struct check_page *page);
void pages_free(struct check *check);

/* places.c */
struct check_party party_now(const struct check *check, enum bus_master master, enum check_deed did,
                             uint32_t address);
/* Counts it, and tells the listener when it is the first of its place. */
void place_report(struct check *check, const struct check_report *report);
/* Sets cure_address and cure_length: the lines of the job of a party that is about the address, or those
 * of the report. */
void place_cure(struct check_report *report, enum check_cure cure, const struct check_party *party);

/* lines.c: an access by another master than the M7 */
void lines_read(struct check *check, struct check_page *page, enum bus_master master,
                uint32_t offset, uint32_t length);
void lines_written(struct check *check, struct check_page *page, enum bus_master master,
                   uint32_t offset, uint32_t length);

/* words.c: an access of a core to a page with words */
void words_access(struct check *check, struct check_page *page, enum bus_master core,
                  uint32_t offset, unsigned size, bool write);
void words_transferred(struct check_page *page, uint32_t offset, uint32_t length);
/* By another master than the cores. */
void words_fetched(struct check *check, const struct check_page *page, enum bus_master master,
                   uint32_t offset, uint32_t length);

enum { EXCEPTION_IRQ0 = 16 };

/* settings.c: an event of the core now, for what may have to be complete before something else. */
struct change change_now(struct check *check, enum bus_master core, struct check_party by);
/* What the core does now depends on the change; it is forgotten. `isb`: and on an ISB behind the DSB. */
void change_used(struct check *check, enum bus_master core, struct change *change, bool isb,
                 struct check_party user);
void missing_barrier(struct check *check, enum check_cure cure, const struct check_party *first,
                     const struct check_party *then);

/* order.c: a DMB or DSB; an external interrupt */
void order_barrier(struct check *check, enum bus_master core);
void order_interrupt(struct check *check, enum bus_master core);
/* The core did something that it has not made visible, and then wrote the registers that the
 * master goes by. NULL: not so; else what it wrote. */
const struct flag *started_too_soon(const struct check *check, enum bus_master master,
                                    enum bus_master core, uint64_t seq);
/* The same for a core that has seen a flag of the other. */
const struct flag *seen_too_soon(const struct check *check, enum bus_master reader, uint64_t seq);
/* The other core's store to the word happened before what this core does now: a matter of `seq` where
 * the store itself was before the page was watched. */
bool words_ordered(const struct check *check, const struct check_page *page, enum bus_master core,
                   uint32_t offset, uint64_t seq);

static inline enum bus_master other_core(enum bus_master core)
{
    return core == MASTER_CM7 ? MASTER_CM4 : MASTER_CM7;
}
static inline uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

#endif
