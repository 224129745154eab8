/*
 * The M7's cached lines beside what memory has: stale reads, hidden writes, lost writes and shared
 * lines. What the M7 itself wrote in a line is where the line's bytes differ from its origin; what
 * others wrote since is remembered here.
 */
#include <stdlib.h>

#include "sim/check/internal.h"

/* A core may look at a word again and again until it changes, and read an old value meanwhile: that
 * is an error only when it goes on for longer than the other takes from the store to the clean. */
static const sim_time POLL_PATIENCE = SIM_MS;

static struct check_line *line_of(struct check *check, const struct cpu_cache_line *line)
{
    return &check->lines[line->set * CACHE_WAYS + line->way];
}

static uint32_t offset_of(const struct check_page *page, unsigned index)
{
    return page->number * BUS_PAGE_SIZE + index * CPU_LINE_SIZE;
}

static const uint8_t *memory_of(const struct check_line *line)
{
    return &line->page->ram->bytes[offset_of(line->page, line->index)];
}

static byte_mask differing(const uint8_t *a, const uint8_t *b)
{
    byte_mask mask = 0;
    for (unsigned n = 0; n < CPU_LINE_SIZE; n++)
        mask |= (byte_mask)(a[n] != b[n]) << n;
    return mask;
}

static byte_mask bytes_from(uint32_t first, uint32_t count)
{
    byte_mask ones = count >= CPU_LINE_SIZE ? ~0u : (1u << count) - 1;
    return ones << first;
}

/* From the first byte of the mask to the last. */
static void set_range(struct check_report *report, uint32_t line, byte_mask mask)
{
    unsigned first = (unsigned)__builtin_ctz(mask), last = 31u - (unsigned)__builtin_clz(mask);
    report->address = line + first;
    report->length = last - first + 1;
}

static void add_party(struct check_report *report, const struct check_party *party)
{
    report->parties[report->party_count++] = *party;
}

static struct check_party maintainer(const struct maintained *maintained, enum check_deed did,
                                     uint32_t address)
{
    return (struct check_party){.master = MASTER_CM7,
                                .did = did,
                                .address = address,
                                .pc = maintained->pc,
                                .time = maintained->time};
}

/* ---- What the M7's cache does ------------------------------------------------------------------ */

static struct check_page *page_at(struct check *check, uint32_t address, uint32_t *offset)
{
    struct bus_region *region = bus_find(check->world.bus, MASTER_CM7, address);
    if (!region || !region->ram || region->device)
        return NULL;
    *offset = region->ram_offset + (address - region->base);
    return page_make(check, region->ram, *offset >> BUS_PAGE_SHIFT);
}

/* The load that fills the line may have been done before the invalidation, which is complete when a DSB
 * is (PM0253 4.8.7). */
static void judge_fill(struct check *check, const struct check_line *line)
{
    struct maintained *dropped = &line->page->dropped[line->index];
    if (dropped->seq <= check->core[MASTER_CM7].completed)
        return;
    struct check_party by = maintainer(dropped, CHECK_INVALIDATED, line->address);
    struct check_party reader = party_now(check, MASTER_CM7, CHECK_READ, line->address);
    dropped->seq = 0;
    missing_barrier(check, CURE_DSB, &by, &reader);
}

static void filled(struct check *check, struct check_line *line, uint32_t address,
                   enum cpu_cache_reason reason)
{
    uint32_t offset;
    *line = (struct check_line){.address = address, .page = page_at(check, address, &offset)};
    if (!line->page)
        return;
    line->index = offset % BUS_PAGE_SIZE / CPU_LINE_SIZE;
    line->page->cached[line->index] = (uint16_t)(line - check->lines + 1);
    line->page->cached_count++;
    if (line->page->lost[line->index])
        check->world.watch_line(check->world.ctx, address, true);
    if (reason == CPU_CACHE_READ)
        judge_fill(check, line);
    page_update_watch(check, line->page);
}

static void forgotten(struct check *check, struct check_line *line)
{
    struct check_page *page = line->page;
    line->page = NULL;
    line->dirty = false;
    if (!page)
        return;
    if (page->cached[line->index] == line - check->lines + 1)
        page->cached[line->index] = 0; /* not so if it is cached by its other address, too */
    page->cached_count--;
    page_update_watch(check, page);
}

static struct maintained maintained_now(struct check *check)
{
    const struct check_party now = party_now(check, MASTER_CM7, CHECK_CLEANED, 0);
    return (struct maintained){
        .seq = ++check->core[MASTER_CM7].seq, .pc = now.pc, .time = now.time};
}

/* What was stored need not be in the cache yet when the maintenance comes to it (PM0253 4.8.7). */
static void judge_maintenance(struct check *check, const struct check_line *line,
                              enum check_deed did)
{
    if (line->dirtied_seq <= check->core[MASTER_CM7].completed)
        return;
    struct check_party now = party_now(check, MASTER_CM7, did, line->dirtied.address);
    missing_barrier(check, CURE_DSB, &line->dirtied, &now);
}

/* The line goes to memory as a whole: what another master wrote there since is overwritten by what
 * the M7 read before. */
static void cleaned(struct check *check, struct check_line *line,
                    const struct cpu_cache_line *bytes, enum cpu_cache_reason reason)
{
    line->dirty = false;
    line->hidden_since = 0;
    if (!line->page)
        return;
    if (reason != CPU_CACHE_REPLACEMENT)
        line->page->clean[line->index] = maintained_now(check);
    if (reason == CPU_CACHE_BY_ADDRESS)
        judge_maintenance(check, line, CHECK_CLEANED);
    if (!line->changed)
        return;
    byte_mask gone = line->changed & differing(bytes->bytes, memory_of(line)) &
                     ~differing(bytes->bytes, bytes->origin);
    line->changed = 0;
    if (!gone)
        return;
    struct check_report report = {.kind = CHECK_LOST_WRITE};
    enum check_deed did = reason == CPU_CACHE_REPLACEMENT ? CHECK_EVICTED : CHECK_CLEANED;
    struct check_party destroyer = party_now(check, MASTER_CM7, did, line->address);
    if (did == CHECK_EVICTED)
        destroyer.pc = line->dirtied.pc; /* whatever needed the line's place is not to blame */
    set_range(&report, line->address, gone);
    add_party(&report, &line->dirtied);
    add_party(&report, &line->changer);
    add_party(&report, &destroyer);
    bool whole = line->changer.job.bytes >= CPU_LINE_SIZE;
    place_cure(&report, whole ? CURE_INVALIDATE_BEFORE : CURE_OWN_LINES, &line->changer);
    place_report(check, &report);
}

static void note_lost(struct check *check, struct check_line *line, byte_mask bytes)
{
    struct check_page *page = line->page;
    struct lost **lost = &page->lost[line->index];
    if (!*lost) {
        *lost = calloc(1, sizeof **lost);
        if (!*lost)
            abort(); /* out of host memory */
        page->lost_count++;
    }
    (*lost)->bytes = bytes;
    (*lost)->writer = line->dirtied;
    (*lost)->thrown_by = party_now(check, MASTER_CM7, CHECK_INVALIDATED, line->address);
}

/* The bytes need not be missed: before a DMA writes a buffer, throwing away is right. By set and way
 * a whole cache is emptied, which is for the start. */
static void invalidated(struct check *check, struct check_line *line,
                        const struct cpu_cache_line *bytes, enum cpu_cache_reason reason)
{
    if (!line->page || reason != CPU_CACHE_BY_ADDRESS)
        return;
    line->page->dropped[line->index] = maintained_now(check);
    if (!bytes->dirty)
        return;
    judge_maintenance(check, line, CHECK_INVALIDATED);
    byte_mask thrown =
        differing(bytes->bytes, bytes->origin) & differing(bytes->bytes, memory_of(line));
    if (thrown)
        note_lost(check, line, thrown);
}

void check_cache_event(struct check *check, enum cpu_cache_event event,
                       enum cpu_cache_reason reason, const struct cpu_cache_line *bytes)
{
    struct check_line *line = line_of(check, bytes);
    switch (event) {
    case CPU_CACHE_FILLED:
        filled(check, line, bytes->address, reason);
        break;
    case CPU_CACHE_DIRTIED:
        line->dirty = true;
        line->dirtied = party_now(check, MASTER_CM7, CHECK_WROTE, line->address);
        line->dirtied_seq = ++check->core[MASTER_CM7].seq;
        break;
    case CPU_CACHE_CLEANED:
        cleaned(check, line, bytes, reason);
        break;
    case CPU_CACHE_INVALIDATED:
        invalidated(check, line, bytes, reason);
        forgotten(check, line);
        break;
    case CPU_CACHE_EVICTED:
        forgotten(check, line);
        break;
    }
}

/* ---- Bytes that were thrown away ----------------------------------------------------------------- */

static void forget_lost(struct check *check, struct check_page *page, unsigned index,
                        byte_mask bytes)
{
    struct lost *lost = page->lost[index];
    if (!lost || (lost->bytes &= ~bytes))
        return;
    free(lost);
    page->lost[index] = NULL;
    page->lost_count--;
    page_update_watch(check, page);
}

static void look_for_lost(struct check *check, struct check_page *page, unsigned index,
                          byte_mask bytes, enum bus_master reader)
{
    const struct lost *lost = page->lost[index];
    byte_mask missed = lost ? lost->bytes & bytes : 0;
    if (!missed)
        return;
    struct check_report report = {.kind = CHECK_LOST_WRITE};
    set_range(&report, lost->thrown_by.address, missed);
    struct check_party read = party_now(check, reader, CHECK_READ, report.address);
    add_party(&report, &lost->writer);
    add_party(&report, &lost->thrown_by);
    add_party(&report, &read);
    place_cure(&report, CURE_CLEAN_NOT_DROP, NULL);
    place_report(check, &report);
    forget_lost(check, page, index, missed);
}

/* ---- The M7 reads and writes a line that is watched --------------------------------------------- */

static bool patience_ends(sim_time *since, sim_time now)
{
    if (!*since)
        *since = now ? now : 1;
    return now - *since > POLL_PATIENCE;
}

static void read_old(struct check *check, struct check_line *line, byte_mask old)
{
    bool by_m4 = line->changer.master == MASTER_CM4;
    uint32_t first = (uint32_t)__builtin_ctz(old);
    uint32_t offset = offset_of(line->page, line->index) + first;
    struct check_report report = {.kind = CHECK_STALE_READ};
    struct check_party reader = party_now(check, MASTER_CM7, CHECK_READ, line->address + first);
    if (by_m4 && !words_ordered(check, line->page, MASTER_CM7, offset, 0) &&
        !patience_ends(&line->stale_since, reader.time))
        return;
    set_range(&report, line->address, old);
    add_party(&report, &line->changer);
    add_party(&report, &reader);
    place_cure(&report, CURE_INVALIDATE_AFTER, &line->changer);
    place_report(check, &report);
}

void check_line_access(struct check *check, const struct cpu_cache_line *bytes, uint32_t address,
                       unsigned size, bool write)
{
    struct check_line *line = line_of(check, bytes);
    byte_mask mask = bytes_from(address % CPU_LINE_SIZE, size);
    if (!line->page)
        return;
    if (write) {
        line->changed &= ~mask;
        forget_lost(check, line->page, line->index, mask);
        return;
    }
    byte_mask old = line->changed & mask;
    if (old && (old & differing(bytes->bytes, memory_of(line))))
        read_old(check, line, old);
    look_for_lost(check, line->page, line->index, mask, MASTER_CM7);
}

/* ---- Another master ------------------------------------------------------------------------------- */

static struct check_line *cached_line(struct check *check, const struct check_page *page,
                                      unsigned index)
{
    return page->cached[index] ? &check->lines[page->cached[index] - 1] : NULL;
}

static void read_hidden(struct check *check, struct check_line *line, byte_mask bytes,
                        enum bus_master master)
{
    struct cpu_cache_line now;
    if (!check->world.find_line(check->world.ctx, line->address, &now))
        return;
    bytes &= differing(now.bytes, now.origin) & differing(now.bytes, memory_of(line));
    if (!bytes)
        return;
    struct check_report report = {.kind = CHECK_HIDDEN_WRITE};
    set_range(&report, line->address, bytes);
    struct check_party reader = party_now(check, master, CHECK_READ, report.address);
    uint32_t offset = offset_of(line->page, line->index) + (report.address - line->address);
    if (master == MASTER_CM4 &&
        !words_ordered(check, line->page, MASTER_CM4, offset, line->dirtied_seq) &&
        !patience_ends(&line->hidden_since, reader.time))
        return;
    add_party(&report, &line->dirtied);
    add_party(&report, &reader);
    place_cure(&report, CURE_CLEAN_BEFORE, &reader);
    place_report(check, &report);
}

/* Sooner or later the line goes to memory, or is thrown away: one of the two writes is lost. */
static void wrote_into_dirty(struct check *check, const struct check_line *line, byte_mask bytes,
                             const struct check_party *writer)
{
    struct check_report report = {.kind = CHECK_SHARED_LINE};
    set_range(&report, line->address, bytes);
    add_party(&report, &line->dirtied);
    add_party(&report, writer);
    bool whole = writer->job.bytes >= CPU_LINE_SIZE && bytes == ~0u;
    place_cure(&report, whole ? CURE_INVALIDATE_BEFORE : CURE_OWN_LINES, writer);
    place_report(check, &report);
}

static void write_line(struct check *check, struct check_page *page, unsigned index,
                       byte_mask bytes, enum bus_master master)
{
    struct check_line *line = cached_line(check, page, index);
    forget_lost(check, page, index, bytes);
    if (!line)
        return;
    uint32_t first = (uint32_t)__builtin_ctz(bytes);
    line->changer = party_now(check, master, CHECK_WROTE, line->address + first);
    if (!line->changed)
        check->world.watch_line(check->world.ctx, line->address, true);
    line->changed |= bytes;
    if (line->dirty)
        wrote_into_dirty(check, line, bytes, &line->changer);
}

/* Whoever told the reader to come, `told`, did not make the clean complete first. */
static void report_cleaned(struct check *check, struct maintained *clean, uint32_t line,
                           byte_mask bytes, const struct flag *told, enum bus_master master)
{
    struct check_report report = {.kind = CHECK_UNORDERED_PUBLISH};
    bool core = master == MASTER_CM4;
    set_range(&report, line, bytes);
    struct check_party by = maintainer(clean, CHECK_CLEANED, report.address);
    struct check_party reader = party_now(check, master, CHECK_READ, report.address);
    add_party(&report, &by);
    add_party(&report, &told->publisher);
    if (core)
        add_party(&report, &told->seer);
    add_party(&report, &reader);
    place_cure(&report, core ? CURE_BARRIER_CLEAN : CURE_BARRIER_START, NULL);
    place_report(check, &report);
    clean->seq = 0;
}

/* A clean is complete when a DSB is (ARMv7-M ARM B2.2.7): before it others may read what was there. */
static void read_cleaned(struct check *check, struct check_page *page, unsigned index,
                         byte_mask bytes, enum bus_master master)
{
    struct maintained *clean = &page->clean[index];
    const struct flag *told = master == MASTER_CM4
                                  ? seen_too_soon(check, MASTER_CM4, clean->seq)
                                  : started_too_soon(check, master, MASTER_CM7, clean->seq);
    if (told)
        report_cleaned(check, clean, page->address + index * CPU_LINE_SIZE, bytes, told, master);
}

static void read_line(struct check *check, struct check_page *page, unsigned index, byte_mask bytes,
                      enum bus_master master)
{
    struct check_line *line = cached_line(check, page, index);
    if (line && line->dirty)
        read_hidden(check, line, bytes, master);
    read_cleaned(check, page, index, bytes, master);
    look_for_lost(check, page, index, bytes, master);
}

/* The lines of a range within the page. */
static void each_line(struct check *check, struct check_page *page, enum bus_master master,
                      uint32_t offset, uint32_t length,
                      void (*deed)(struct check *, struct check_page *, unsigned, byte_mask,
                                   enum bus_master))
{
    uint32_t at = offset % BUS_PAGE_SIZE, end = at + length;
    while (at < end) {
        uint32_t first = at % CPU_LINE_SIZE, count = CPU_LINE_SIZE - first;
        count = count < end - at ? count : end - at;
        deed(check, page, at / CPU_LINE_SIZE, bytes_from(first, count), master);
        at += count;
    }
}

void lines_read(struct check *check, struct check_page *page, enum bus_master master,
                uint32_t offset, uint32_t length)
{
    if (page->cached_count || page->lost_count)
        each_line(check, page, master, offset, length, read_line);
}

void lines_written(struct check *check, struct check_page *page, enum bus_master master,
                   uint32_t offset, uint32_t length)
{
    if (page->cached_count || page->lost_count)
        each_line(check, page, master, offset, length, write_line);
}
