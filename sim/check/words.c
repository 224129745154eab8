/*
 * Words that both cores use: racing accesses and data that a flag does not order. Any word may be a
 * flag: a store that the other core sees without having known of it. It is an error when nothing but
 * luck makes what came with it right:
 *
 *   the data were stored before the flag, with no barrier between      unordered publish (writer)
 *   the data were loaded after the flag, with no barrier between       unordered publish (reader)
 *   several words of one batch are loaded, with no barrier anywhere    racing access
 *   a word is stored that the other has stored meanwhile               racing access
 *
 * A lone word that one core stores and the other polls is none of these.
 */
#include "sim/check/internal.h"

/* A store so closely behind a barrier is what compilers and people write for a flag: `dmb; str`. */
enum { RELEASE_BYTES = 32 };

static struct check_party storer(enum bus_master core, const struct store *store, uint32_t address,
                                 enum check_deed did)
{
    return (struct check_party){
        .master = core, .did = did, .address = address, .pc = store->pc, .time = store->time};
}

static void report(struct check *check, enum check_kind kind, enum check_cure cure,
                   uint32_t address, const struct check_party *parties, unsigned count)
{
    struct check_report what = {.kind = kind, .address = address, .length = 4};
    memcpy(what.parties, parties, count * sizeof *parties);
    what.party_count = count;
    place_cure(&what, cure, NULL);
    place_report(check, &what);
}

static void racing(struct check *check, uint32_t address, const struct check_party *first,
                   const struct check_party *second)
{
    const struct check_party parties[] = {*first, *second};
    report(check, CHECK_RACING_ACCESS, CURE_ORDER, address, parties, 2);
}

static void unordered(struct check *check, enum check_cure cure, const struct flag *flag,
                      const struct check_party *stored, const struct check_party *loaded)
{
    const struct check_party parties[] = {*stored, flag->publisher, flag->seer, *loaded};
    report(check, CHECK_UNORDERED_PUBLISH, cure, stored->address, parties, 4);
}

/* ---- Loads ---------------------------------------------------------------------------------------- */

/* Of a store that the core did not know of. */
static void judge_load(struct check *check, enum bus_master master, const struct store *store,
                       uint32_t address)
{
    const struct core *core = &check->core[master];
    const struct flag *flag = &core->flag;
    struct check_party stored = storer(other_core(master), store, address, CHECK_WROTE);
    struct check_party loaded = party_now(check, master, CHECK_READ, address);
    bool no_barrier = flag->barriers == core->barriers && flag->seer.address != address;
    if (store->release)
        return;
    if (store->seq < flag->seq && store->seq > flag->released)
        unordered(check, CURE_BARRIER_WRITER, flag, &stored, &loaded);
    else if (store->seq <= flag->released && no_barrier && !store->lone)
        unordered(check, CURE_BARRIER_READER, flag, &stored, &loaded);
    else if (store->seq > flag->seq && store->released == flag->released && no_barrier)
        racing(check, address, &stored, &loaded);
}

/* The other core sleeps on the store: without a DSB it may still wait in that core (ARMv7-M ARM B1.5.18).
 * If this one, as it has seen the store, wakes it, nothing might have. */
static void note_sleeper(struct check *check, enum bus_master master, const struct store *store,
                         uint32_t address)
{
    struct core *sleeper = &check->core[other_core(master)];
    if (store->seq <= sleeper->completed || store->seq > sleeper->slept ||
        !check->world.asleep(check->world.ctx, other_core(master)))
        return;
    sleeper->slept_on = storer(other_core(master), store, address, CHECK_WROTE);
}

/* In a handler, between what silences its interrupt and its end: what comes now must be seen, for the
 * next ring may be lost with this one. */
static void judge_handler(struct check *check, enum bus_master master, uint32_t address)
{
    struct core *core = &check->core[master];
    if (!core->silenced.seq || core->silenced.seq <= core->released)
        return;
    change_used(check, master, &core->silenced, false,
                party_now(check, master, CHECK_READ, address));
}

static void load(struct check *check, enum bus_master master, struct word *word, uint8_t bytes,
                 uint32_t address)
{
    struct core *core = &check->core[master];
    const struct store *store = &word->store[other_core(master)];
    if (!(store->bytes & bytes))
        return;
    note_sleeper(check, master, store, address);
    judge_handler(check, master, address);
    bool again = word->seen[master] == store->seq;
    word->seen[master] = store->seq;
    word->seen_barriers[master] = core->barriers;
    core->learnt = later(core->learnt, store->released);
    if (again || word->exclusive || store->seq <= core->known)
        return;
    judge_load(check, master, store, address);
    if (store->seq <= core->flag.seq)
        return;
    core->flag = (struct flag){
        .seq = store->seq,
        .released = store->released,
        .barriers = core->barriers,
        .publisher = storer(other_core(master), store, address, CHECK_PUBLISHED),
        .seer = party_now(check, master, CHECK_SAW, address),
    };
}

/* ---- Stores --------------------------------------------------------------------------------------- */

/* The other core's value is overwritten: this one must know of it, or have seen it (and done with what
 * it means, hence the barrier). */
static void judge_store(struct check *check, enum bus_master master, const struct word *word,
                        const struct store *theirs, uint32_t address)
{
    const struct core *core = &check->core[master];
    bool seen = word->seen[master] == theirs->seq && core->barriers > word->seen_barriers[master];
    if (word->exclusive || seen || theirs->seq <= core->known)
        return;
    struct check_party first = storer(other_core(master), theirs, address, CHECK_WROTE);
    struct check_party second = party_now(check, master, CHECK_WROTE, address);
    racing(check, address, &first, &second);
}

static void store(struct check *check, enum bus_master master, struct word *word, uint8_t bytes,
                  uint32_t address)
{
    const struct check_world *world = &check->world;
    struct core *core = &check->core[master];
    struct store *theirs = &word->store[other_core(master)], *mine = &word->store[master];
    if (theirs->bytes & bytes) {
        judge_store(check, master, word, theirs, address);
        theirs->bytes &= (uint8_t)~bytes;
    }
    uint32_t pc = world->pc(world->ctx, master);
    core->stored = core->stored ? core->stored : word;
    *mine = (struct store){
        .seq = ++core->seq,
        .released = core->released,
        .pc = pc,
        .bytes = mine->bytes | bytes,
        .release = pc - core->barrier_pc < RELEASE_BYTES,
        .lone = core->stored == word,
        .time = world->time(world->ctx, master),
    };
    core->shared.seq = mine->seq;
    core->shared.by = storer(master, mine, address, CHECK_WROTE);
}

/* ---- For the others ------------------------------------------------------------------------------- */

void words_access(struct check *check, struct check_page *page, enum bus_master core,
                  uint32_t offset, unsigned size, bool write)
{
    struct word *word = &page->words[offset % BUS_PAGE_SIZE / 4];
    uint8_t bytes = (uint8_t)(((1u << size) - 1) << offset % 4);
    uint32_t address = page->address + offset % BUS_PAGE_SIZE;
    if (write)
        store(check, core, word, bytes, address);
    else
        load(check, core, word, bytes, address);
}

void words_transferred(struct check_page *page, uint32_t offset, uint32_t length)
{
    uint32_t first = offset % BUS_PAGE_SIZE / 4, end = (offset % BUS_PAGE_SIZE + length + 3) / 4;
    for (uint32_t n = first; n < end; n++)
        page->words[n].store[MASTER_CM7].bytes = page->words[n].store[MASTER_CM4].bytes = 0;
}

/* A DMA reads what a core stored: the store must be visible before the register that starts it. */
void words_fetched(struct check *check, const struct check_page *page, enum bus_master master,
                   uint32_t offset, uint32_t length)
{
    uint32_t first = offset % BUS_PAGE_SIZE / 4, end = (offset % BUS_PAGE_SIZE + length + 3) / 4;
    for (uint32_t n = first; n < end; n++)
        for (enum bus_master core = MASTER_CM7; core <= MASTER_CM4; core++) {
            const struct store *store = &page->words[n].store[core];
            uint32_t address = page->address + 4 * n;
            const struct flag *start = started_too_soon(check, master, core, store->seq);
            if (!start || !store->bytes)
                continue;
            const struct check_party parties[] = {storer(core, store, address, CHECK_WROTE),
                                                  start->publisher,
                                                  party_now(check, master, CHECK_READ, address)};
            report(check, CHECK_UNORDERED_PUBLISH, CURE_BARRIER_START, address, parties, 3);
        }
}

bool words_ordered(const struct check *check, const struct check_page *page, enum bus_master core,
                   uint32_t offset, uint64_t seq)
{
    if (page->words) {
        const struct word *word = &page->words[offset % BUS_PAGE_SIZE / 4];
        const struct store *store = &word->store[other_core(core)];
        seq = store->seq ? store->seq : seq;
    }
    return seq && seq <= check->core[core].known;
}

void check_exclusive(struct check *check, struct ram *ram, uint32_t offset)
{
    const struct check_page *page = page_find(check, ram, offset >> BUS_PAGE_SHIFT);
    if (page && page->words)
        page->words[offset % BUS_PAGE_SIZE / 4].exclusive = true;
}

void check_access(struct check *check, enum bus_master core, struct ram *ram, uint32_t offset,
                  unsigned size, bool write)
{
    struct check_page *page = page_find(check, ram, offset >> BUS_PAGE_SHIFT);
    if (!page)
        return;
    if (core == MASTER_CM4) {
        if (write)
            lines_written(check, page, core, offset, size);
        else
            lines_read(check, page, core, offset, size);
    }
    if (page->words)
        words_access(check, page, core, offset, size, write);
}

void check_transfer(struct check *check, enum bus_master master, struct ram *ram, uint32_t offset,
                    uint32_t length, bool write)
{
    struct check_page *page = page_find(check, ram, offset >> BUS_PAGE_SHIFT);
    if (!page || master <= MASTER_CM4 || master == MASTER_DEBUG)
        return;
    if (!write) {
        lines_read(check, page, master, offset, length);
        if (page->words)
            words_fetched(check, page, master, offset, length);
        return;
    }
    lines_written(check, page, master, offset, length);
    if (page->words)
        words_transferred(page, offset, length);
}
