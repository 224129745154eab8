/*
 * RTC (RM0399 chapter 49): calendar, two alarms, wake-up timer, backup registers. All of it lives
 * in the backup domain and survives every reset but its own.
 *
 * The calendar is a count of seconds since 2000-01-01 that is worked out from board time whenever
 * it is looked at; events are pending for alarms and the wake-up timer alone. Not modelled: time
 * stamps, tamper detection and smooth calibration (told when they are used), outputs, the reference
 * clock; a shift is done at once, and after a reset the shadows show the time before RSF says so.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/pwr.h"
#include "sim/soc/rtc_date.h"

enum {
    TR = 0x00,
    DR = 0x04,
    CR = 0x08,
    ISR = 0x0c,
    PRER = 0x10,
    WUTR = 0x14,
    ALRMAR = 0x1c,
    ALRMBR = 0x20,
    WPR = 0x24,
    SSR = 0x28,
    SHIFTR = 0x2c,
    TSTR = 0x30,
    TSDR = 0x34,
    TSSSR = 0x38,
    CALR = 0x3c,
    TAMPCR = 0x40,
    ALRMASSR = 0x44,
    ALRMBSSR = 0x48,
    OR = 0x4c,
    BKP0R = 0x50,
};

enum {
    CR_WUCKSEL = 7,
    CR_REFCKON = 1 << 4,
    CR_BYPSHAD = 1 << 5,
    CR_FMT = 1 << 6,
    CR_ALRAE = 1 << 8,
    CR_WUTE = 1 << 10,
    CR_TSE = 1 << 11,
    CR_ALRAIE = 1 << 12,
    CR_WUTIE = 1 << 14,
    CR_ADD1H = 1 << 16,
    CR_SUB1H = 1 << 17,
    ISR_ALRAWF = 1 << 0,
    ISR_ALRBWF = 1 << 1,
    ISR_WUTWF = 1 << 2,
    ISR_INITS = 1 << 4,
    ISR_RSF = 1 << 5,
    ISR_INITF = 1 << 6,
    ISR_INIT = 1 << 7,
    ISR_ALRAF = 1 << 8,
    ISR_WUTF = 1 << 10,
    ISR_FLAGS = 0x2ff00, /* cleared by writing 0 */
    TR_PM = 1 << 22,
    TAMPCR_ENABLES = 1 << 0 | 1 << 3 | 1 << 5,
    DAY = 86400,
};

static const struct reg rtc_regs[] = {
    {TR, "TR", 0, 0x7f7f7f, 0, 0},
    {DR, "DR", 0x2101, 0xffff3f, 0, 0},
    {CR, "CR", 0, 0x1fcff7f, 0, 0},
    {ISR, "ISR", 7, 0, 0, 0},
    {PRER, "PRER", 0x7f00ff, 0x7f7fff, 0, 0},
    {WUTR, "WUTR", 0xffff, 0xffff, 0, 0},
    {ALRMAR, "ALRMAR", 0, 0xffffffff, 0, 0},
    {ALRMBR, "ALRMBR", 0, 0xffffffff, 0, 0},
    {WPR, "WPR", 0, 0, 0, 0},
    {SSR, "SSR", 0, 0, 0, 0},
    {SHIFTR, "SHIFTR", 0, 0, 0, 0},
    {TSTR, "TSTR", 0, 0, 0, 0},
    {TSDR, "TSDR", 0, 0, 0, 0},
    {TSSSR, "TSSSR", 0, 0, 0, 0},
    {CALR, "CALR", 0, 0xe1ff, 0, 0},
    {TAMPCR, "TAMPCR", 0, 0xffffff, 0, 0},
    {ALRMASSR, "ALRMASSR", 0, 0x0f007fff, 0, 0},
    {ALRMBSSR, "ALRMBSSR", 0, 0x0f007fff, 0, 0},
    {OR, "OR", 0, 3, 0, 0},
    {BKP0R, "BKP%uR", 0, 0xffffffff, 32, 4},
};

struct rtc {
    struct block block;
    struct event alarm[2], wake_up;
    uint64_t hz;      /* of the clock that the calendar has run on since base */
    sim_time base;    /* when the calendar was at `ticks` */
    uint64_t ticks;   /* of ck_apre since 2000-01-01 */
    unsigned weekday; /* of 2000-01-01, as the dates that were written have it; 0 to 6 */
    unsigned key;     /* how far the unlocking has come: 2 is unlocked */
    bool hour_format_12;
    sim_time synchronised; /* when RSF rises */
    sim_time initialised;  /* when INITF does */
    sim_time wake_up_free; /* when WUTWF does */
    bool shadow_held;      /* TR or SSR was read, DR not yet (49.3.9) */
    uint64_t shadow;
};

static uint32_t time_register(const struct rtc *r, const struct moment *m)
{
    uint32_t hour = to_bcd(m->hour);
    if (r->hour_format_12)
        hour = to_bcd((m->hour + 11) % 12 + 1) | (m->hour >= 12 ? 0x40u : 0);
    return hour << 16 | to_bcd(m->minute) << 8 | to_bcd(m->second);
}

static uint32_t date_register(const struct moment *m)
{
    return to_bcd(m->year) << 16 | (m->weekday ? m->weekday : 7) << 13 | to_bcd(m->month) << 8 |
           to_bcd(m->day);
}

/* The calendar's place. */

static uint32_t prescaler_s(const struct rtc *r)
{
    return (REG(&r->block, PRER) & 0x7fff) + 1;
}

static uint32_t prescaler_a(const struct rtc *r)
{
    return (REG(&r->block, PRER) >> 16 & 0x7f) + 1;
}

static bool running(const struct rtc *r)
{
    return r->hz && !(REG(&r->block, ISR) & ISR_INIT);
}

static uint64_t ticks_now(const struct rtc *r)
{
    if (!running(r))
        return r->ticks;
    sim_time passed = sim_now(block_sim(&r->block)) - r->base;
    unsigned __int128 cycles = (unsigned __int128)passed * r->hz / SIM_S;
    return r->ticks + (uint64_t)cycles / prescaler_a(r);
}

static void rebase(struct rtc *r)
{
    r->ticks = ticks_now(r);
    r->base = sim_now(block_sim(&r->block));
}

static sim_time time_of_tick(const struct rtc *r, uint64_t tick)
{
    return r->base + sim_cycles_to_time((tick - r->ticks) * prescaler_a(r), r->hz);
}

static void update_lines(struct rtc *r)
{
    uint32_t isr = REG(&r->block, ISR), cr = REG(&r->block, CR);
    block_exti(&r->block, 0, (isr >> 8 & cr >> 12 & 3) != 0);
    block_exti(&r->block, 2, isr & ISR_WUTF && cr & CR_WUTIE);
}

/* Alarms. */

static bool field_matches(uint32_t alarm, uint32_t now, uint32_t mask, uint32_t ignore)
{
    return alarm & ignore || ((alarm ^ now) & mask) == 0;
}

static bool date_matches(const struct rtc *r, unsigned n, uint64_t seconds)
{
    uint32_t alarm = REG(&r->block, ALRMAR + 4 * n);
    struct moment m = moment_of(seconds, r->weekday);
    uint32_t now = time_register(r, &m);
    uint32_t day = alarm >> 30 & 1 ? (m.weekday ? m.weekday : 7) : to_bcd(m.day);
    uint32_t day_mask = alarm >> 30 & 1 ? 0x0f000000 : 0x3f000000;
    return field_matches(alarm, now, 0x7f, 1u << 7) &&
           field_matches(alarm, now, 0x7f00, 1u << 15) &&
           field_matches(alarm, now, 0x7f0000, 1u << 23) &&
           field_matches(alarm, day << 24, day_mask, 1u << 31);
}

/* ALRMxSSR: the bits that MASKSS compares, or the second's beginning where it compares none. SSR
 * counts down. */
static bool subsecond_matches(const struct rtc *r, unsigned n, uint64_t tick)
{
    uint32_t assr = REG(&r->block, ALRMASSR + 4 * n), bits = assr >> 24 & 15;
    uint32_t whole = prescaler_s(r), place = (uint32_t)(tick % whole);
    return bits ? (((whole - 1 - place) ^ assr) & ((1u << bits) - 1) & 0x7fff) == 0 : place == 0;
}

/* The first tick after `tick` that may be the alarm's; the next second but one if none is. */
static uint64_t next_subsecond(const struct rtc *r, unsigned n, uint64_t tick)
{
    uint64_t end = tick + 2ull * prescaler_s(r);
    do
        tick++;
    while (tick < end && !subsecond_matches(r, n, tick));
    return tick;
}

static void schedule_alarm(struct rtc *r, unsigned n)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    event_cancel(events, &r->alarm[n]);
    if (!(REG(&r->block, CR) & CR_ALRAE << n) || !running(r))
        return;
    event_at(events, &r->alarm[n], time_of_tick(r, next_subsecond(r, n, ticks_now(r))));
}

static void alarm_candidate(struct rtc *r, unsigned n)
{
    uint64_t tick = ticks_now(r);
    if (subsecond_matches(r, n, tick) && date_matches(r, n, tick / prescaler_s(r)))
        REG(&r->block, ISR) |= (uint32_t)ISR_ALRAF << n;
    update_lines(r);
    schedule_alarm(r, n);
}

static void alarm_a(void *ctx)
{
    alarm_candidate(ctx, 0);
}

static void alarm_b(void *ctx)
{
    alarm_candidate(ctx, 1);
}

/* The wake-up timer (49.3.7): RTCCLK by 16, 8, 4 or 2, or whole seconds. */
static void schedule_wake_up(struct rtc *r)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    uint32_t select = REG(&r->block, CR) & CR_WUCKSEL;
    uint64_t count = (REG(&r->block, WUTR) & 0xffff) + 1ull;
    event_cancel(events, &r->wake_up);
    if (!(REG(&r->block, CR) & CR_WUTE) || !r->hz)
        return;
    if (select >= 6)
        count += 0x10000;
    uint64_t cycles = select < 4 ? 16u >> select : (uint64_t)prescaler_a(r) * prescaler_s(r);
    event_in(events, &r->wake_up, sim_cycles_to_time(count * cycles, r->hz));
}

static void wake_up(void *ctx)
{
    struct rtc *r = ctx;
    REG(&r->block, ISR) |= ISR_WUTF;
    update_lines(r);
    schedule_wake_up(r);
}

static void schedule_all(struct rtc *r)
{
    schedule_alarm(r, 0);
    schedule_alarm(r, 1);
    schedule_wake_up(r);
    update_lines(r);
}

/* Registers. */

static void unlock(struct rtc *r, uint32_t key)
{
    if (key == 0xca)
        r->key = 1;
    else
        r->key = key == 0x53 && r->key == 1 ? 2 : 0;
}

/* What crosses to the calendar's clock and back takes two of its cycles (49.3.8). */
static sim_time in_two_cycles(const struct rtc *r)
{
    return sim_now(block_sim(&r->block)) + (r->hz ? sim_cycles_to_time(2, r->hz) : 0);
}

static void resynchronise(struct rtc *r)
{
    r->synchronised = in_two_cycles(r);
    r->shadow_held = false;
}

static bool initialising(const struct rtc *r)
{
    return REG(&r->block, ISR) & ISR_INIT && r->hz &&
           sim_now(block_sim(&r->block)) >= r->initialised;
}

static bool wake_up_writable(const struct rtc *r)
{
    return !(REG(&r->block, CR) & CR_WUTE) && sim_now(block_sim(&r->block)) >= r->wake_up_free;
}

/* Takes what stands in TR and DR over into the count, at the end of initialisation. */
static void load_calendar(struct rtc *r)
{
    uint32_t tr = REG(&r->block, TR), dr = REG(&r->block, DR);
    unsigned hour = from_bcd(tr >> 16 & 0x3f);
    r->hour_format_12 = REG(&r->block, CR) & CR_FMT;
    if (r->hour_format_12)
        hour = hour % 12 + (tr & TR_PM ? 12 : 0);
    uint32_t days =
        days_of(from_bcd(dr >> 16 & 0xff), from_bcd(dr >> 8 & 0x1f), from_bcd(dr & 0x3f));
    uint64_t seconds = (uint64_t)days * DAY + hour * 3600ull + from_bcd(tr >> 8 & 0x7f) * 60ull +
                       from_bcd(tr & 0x7f);
    r->weekday = ((dr >> 13 & 7) + 7 * 36525 - days) % 7;
    r->ticks = seconds * prescaler_s(r);
    r->base = sim_now(block_sim(&r->block));
    if (dr >> 16 & 0xff)
        REG(&r->block, ISR) |= ISR_INITS;
    else
        REG(&r->block, ISR) &= ~(uint32_t)ISR_INITS;
}

static void store_calendar(struct rtc *r)
{
    struct moment m = moment_of(ticks_now(r) / prescaler_s(r), r->weekday);
    REG(&r->block, TR) = time_register(r, &m);
    REG(&r->block, DR) = date_register(&m);
}

static void end_initialisation(struct rtc *r)
{
    load_calendar(r);
    REG(&r->block, ISR) &= ~(uint32_t)ISR_INIT;
    resynchronise(r);
}

static void write_isr(struct rtc *r, uint32_t value, const struct block_access *access)
{
    uint32_t *isr = &REG(&r->block, ISR);
    *isr &= value | ~((uint32_t)ISR_FLAGS & access->lanes);
    if (r->key == 2 && access->lanes & ISR_INIT) {
        if (!(value & ISR_RSF))
            resynchronise(r);
        if (value & ISR_INIT && !(*isr & ISR_INIT)) {
            store_calendar(r);
            *isr |= ISR_INIT;
            r->initialised = in_two_cycles(r);
        } else if (!(value & ISR_INIT) && *isr & ISR_INIT) {
            end_initialisation(r);
        }
    }
    schedule_all(r);
}

/* Down only where it is not the day's first hour (49.6.3). */
static void change_hour(struct rtc *r, uint32_t cr)
{
    if (!(cr & (CR_ADD1H | CR_SUB1H)))
        return;
    rebase(r);
    uint64_t hour = 3600ull * prescaler_s(r), day = (uint64_t)DAY * prescaler_s(r);
    if (cr & CR_ADD1H)
        r->ticks += hour;
    if (cr & CR_SUB1H && r->ticks % day >= hour)
        r->ticks -= hour;
}

/* FMT and REFCKON are open while initialising, the wake-up timer's clock while that is (49.6.3). */
static uint32_t open_bits_of_cr(const struct rtc *r)
{
    uint32_t closed = initialising(r) ? 0 : CR_FMT | CR_REFCKON;
    return ~(closed | (wake_up_writable(r) ? 0 : CR_WUCKSEL));
}

static void write_cr(struct rtc *r, uint32_t value, const struct block_access *access)
{
    uint32_t before = REG(&r->block, CR), open = open_bits_of_cr(r);
    block_store(&r->block, CR, (before & ~open) | (value & open), access);
    change_hour(r, value & access->lanes);
    uint32_t changed = before ^ REG(&r->block, CR);
    if (changed & before & CR_WUTE)
        r->wake_up_free = in_two_cycles(r);
    schedule_alarm(r, 0);
    schedule_alarm(r, 1);
    if (changed & (CR_WUTE | CR_WUCKSEL))
        schedule_wake_up(r);
}

/* SHIFTR (49.3.11): SUBFS delays by fractions of a second, ADD1S goes one ahead. */
static void shift(struct rtc *r, uint32_t value)
{
    rebase(r);
    r->ticks += value >> 31 ? prescaler_s(r) : 0;
    uint64_t back = value & 0x7fff;
    r->ticks -= back < r->ticks ? back : r->ticks;
    resynchronise(r);
    schedule_all(r);
}

static bool is_open(const struct rtc *r, uint32_t offset)
{
    return r->key == 2 || offset >= BKP0R || offset == TAMPCR || offset == OR || offset == ISR;
}

static bool alarm_writable(const struct rtc *r, unsigned n)
{
    return !(REG(&r->block, CR) & CR_ALRAE << n) || initialising(r);
}

/* What can be written only at times: 49.6.1 to 49.6.8, 49.6.17, 49.6.18. */
static bool is_writable(const struct rtc *r, uint32_t offset)
{
    switch (offset) {
    case TR:
    case DR:
    case PRER:
        return initialising(r);
    case WUTR:
        return wake_up_writable(r);
    case ALRMAR:
    case ALRMASSR:
        return alarm_writable(r, 0);
    case ALRMBR:
    case ALRMBSSR:
        return alarm_writable(r, 1);
    default:
        return true;
    }
}

static void write_protected(struct rtc *r, uint32_t offset, uint32_t value,
                            const struct block_access *access)
{
    struct block *block = &r->block;
    switch (offset) {
    case CR:
        write_cr(r, value, access);
        break;
    case ISR:
        write_isr(r, value, access);
        break;
    case SHIFTR:
        shift(r, value);
        break;
    default:
        if (is_writable(r, offset))
            block_store(block, offset, value, access);
    }
    if (REG(block, CR) & CR_TSE || REG(block, TAMPCR) & TAMPCR_ENABLES || REG(block, CALR))
        block_complain(block, COMPLAINT_UNMODELLED, offset,
                       "time stamps, tamper detection and smooth calibration are not modelled");
    update_lines(r);
}

static void rtc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct rtc *r = (struct rtc *)block;
    if (offset == WPR) {
        unlock(r, value & 0xff);
    } else if (!pwr_backup_writable(block->soc)) {
        block_complain(block, COMPLAINT_GUEST, offset,
                       "the RTC is written at +0x%x while PWR_CR1.DBP is 0: the write is lost",
                       offset);
    } else if (is_open(r, offset)) {
        write_protected(r, offset, value, access);
    }
}

/* TR and SSR hold all three until DR is read, unless shadows are bypassed. */
static uint64_t shadow_ticks(struct rtc *r, uint32_t offset)
{
    if (REG(&r->block, CR) & CR_BYPSHAD)
        return ticks_now(r);
    if (!r->shadow_held)
        r->shadow = ticks_now(r);
    r->shadow_held = offset != DR;
    return r->shadow;
}

static bool is_synchronised(const struct rtc *r)
{
    return r->hz && !(REG(&r->block, ISR) & ISR_INIT) && !(REG(&r->block, CR) & CR_BYPSHAD) &&
           sim_now(block_sim(&r->block)) >= r->synchronised;
}

static uint32_t read_isr(const struct rtc *r)
{
    uint32_t value = REG(&r->block, ISR) & ~7u, cr = REG(&r->block, CR);
    value |= initialising(r) ? ISR_INITF : 0;
    value |= is_synchronised(r) ? ISR_RSF : 0;
    value |= wake_up_writable(r) ? ISR_WUTWF : 0;
    if (value & ISR_INIT)
        return value;
    value |= cr & CR_ALRAE ? 0 : ISR_ALRAWF;
    value |= cr & CR_ALRAE << 1 ? 0 : ISR_ALRBWF;
    return value;
}

static uint32_t rtc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct rtc *r = (struct rtc *)block;
    (void)access;
    if (offset == ISR)
        return read_isr(r);
    if ((offset != TR && offset != DR && offset != SSR) || REG(block, ISR) & ISR_INIT)
        return offset == WPR ? 0 : REG(block, offset);
    uint64_t ticks = shadow_ticks(r, offset);
    if (offset == SSR)
        return prescaler_s(r) - 1 - (uint32_t)(ticks % prescaler_s(r));
    struct moment m = moment_of(ticks / prescaler_s(r), r->weekday);
    return offset == TR ? time_register(r, &m) : date_register(&m);
}

static bool rtc_survives(const struct block *block, uint32_t offset)
{
    (void)block, (void)offset;
    return true;
}

static void rtc_clock_changed(struct block *block)
{
    struct rtc *r = (struct rtc *)block;
    uint64_t hz = block_kernel_hz(block);
    if (hz == r->hz)
        return;
    rebase(r);
    r->hz = hz;
    resynchronise(r);
    schedule_all(r);
}

static void rtc_init(struct block *block)
{
    struct rtc *r = (struct rtc *)block;
    event_init(&r->alarm[0], "RTC alarm A", alarm_a, r);
    event_init(&r->alarm[1], "RTC alarm B", alarm_b, r);
    event_init(&r->wake_up, "RTC wake-up", wake_up, r);
}

static void rtc_reset(struct block *block)
{
    struct rtc *r = (struct rtc *)block;
    if (REG(block, ISR) & ISR_INIT)
        end_initialisation(r);
    resynchronise(r);
    if (!block->soc->power_on)
        return;
    r->key = 0; /* a system reset locks nothing (49.3.8) */
    r->ticks = 0;
    r->hz = 0;
    r->weekday = 1; /* DR.WDU resets to Monday */
    r->hour_format_12 = false;
    r->base = sim_now(block_sim(block));
    schedule_all(r);
}

const struct block_class rtc_class = {
    .name = "RTC",
    .regs = rtc_regs,
    .reg_count = sizeof rtc_regs / sizeof rtc_regs[0],
    .size = sizeof(struct rtc),
    .init = rtc_init,
    .reset = rtc_reset,
    .survives = rtc_survives,
    .read = rtc_read,
    .write = rtc_write,
    .clock_changed = rtc_clock_changed,
};
