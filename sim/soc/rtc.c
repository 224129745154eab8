/*
 * RTC (RM0399 chapter 49): calendar, two alarms, wake-up timer, time stamps, tamper detection, smooth calibration,
 * backup registers. All of it lives in the backup domain and survives every reset but its own.
 *
 * The calendar is a count of seconds since 2000-01-01 that is worked out from board time whenever
 * it is looked at; events are pending for alarms, the wake-up timer and tampers alone. This file has the
 * registers; the rest is in rtc_calendar.c, rtc_alarm.c, rtc_tamper.c and rtc_output.c. Not modelled: the
 * reference clock, time stamps by the switch to VBAT; a shift and a calibration take effect at once, while
 * their flags are still pending.
 */
#include "sim/soc/classes.h"
#include "sim/soc/lptim.h"
#include "sim/soc/pwr.h"
#include "sim/soc/rtc_internal.h"

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

void rtc_update_lines(struct rtc *r)
{
    uint32_t isr = REG(&r->block, ISR), cr = REG(&r->block, CR);
    uint32_t tampcr = REG(&r->block, TAMPCR);
    bool event = isr & ISR_TSF && cr & CR_TSIE;
    for (unsigned n = 0; n < TAMPERS; n++) /* TAMPIE, or the input's own */
        event |= isr & (uint32_t)ISR_TAMP1F << n && tampcr & (TAMPCR_TAMPIE | 1u << (16 + 3 * n));
    block_exti(&r->block, 0, (isr >> 8 & cr >> 12 & 3) != 0);
    block_exti(&r->block, 1, event);
    block_exti(&r->block, 2, isr & ISR_WUTF && cr & CR_WUTIE);
    if (cr & (CR_COE | CR_OSEL) || r->out[0] || r->out[1])
        rtc_update_outputs(r);
}

void rtc_tell_timers(struct rtc *r)
{
    static const struct {
        uint32_t flag;
        enum lptim_signal signal;
    } signals[] = {
        {ISR_ALRAF, LPTIM_ALARM_A},     {ISR_ALRAF << 1, LPTIM_ALARM_B}, {ISR_TAMP1F, LPTIM_TAMP1},
        {ISR_TAMP1F << 1, LPTIM_TAMP2}, {ISR_TAMP1F << 2, LPTIM_TAMP3},
    };
    uint32_t isr = REG(&r->block, ISR), changed = isr ^ r->told;
    r->told = isr;
    for (unsigned n = 0; n < sizeof signals / sizeof signals[0]; n++)
        if (changed & signals[n].flag)
            lptim_signal(r->block.soc, signals[n].signal, isr & signals[n].flag);
}

void rtc_raise(struct rtc *r, uint32_t flags)
{
    REG(&r->block, ISR) |= flags;
    rtc_tell_timers(r);
}

/* Registers. */

static void unlock(struct rtc *r, uint32_t key)
{
    if (key == 0xca)
        r->key = 1;
    else
        r->key = key == 0x53 && r->key == 1 ? 2 : 0;
}

sim_time rtc_in_cycles(const struct rtc *r, uint64_t cycles)
{
    return rtc_now(r) + (r->hz ? sim_cycles_to_time(cycles, r->hz) : 0);
}

/* What crosses to the calendar's clock and back takes two of its cycles (49.3.8). */
static sim_time in_two_cycles(const struct rtc *r)
{
    return rtc_in_cycles(r, 2);
}

static void release_shadows(struct rtc *r)
{
    r->time_held = r->date_held = false;
}

static void resynchronise(struct rtc *r)
{
    r->synchronised = in_two_cycles(r);
    release_shadows(r);
}

static bool initialising(const struct rtc *r)
{
    return REG(&r->block, ISR) & ISR_INIT && r->hz && rtc_now(r) >= r->initialised;
}

static bool wake_up_writable(const struct rtc *r)
{
    return !(REG(&r->block, CR) & CR_WUTE) && rtc_now(r) >= r->wake_up_free;
}

static void end_initialisation(struct rtc *r)
{
    rtc_load_calendar(r);
    REG(&r->block, ISR) &= ~(uint32_t)ISR_INIT;
    resynchronise(r);
}

static void write_isr(struct rtc *r, uint32_t value, const struct block_access *access)
{
    uint32_t *isr = &REG(&r->block, ISR);
    *isr &= value | ~((uint32_t)ISR_FLAGS & access->lanes);
    rtc_flags_cleared(r);
    if (r->key == 2 && access->lanes & ISR_INIT) {
        if (!(value & ISR_RSF))
            resynchronise(r);
        if (value & ISR_INIT && !(*isr & ISR_INIT)) {
            rtc_store_calendar(r);
            *isr |= ISR_INIT;
            r->initialised = in_two_cycles(r);
        } else if (!(value & ISR_INIT) && *isr & ISR_INIT) {
            end_initialisation(r);
        }
        rtc_schedule_alarms(r);
    }
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
    rtc_change_hour(r, value & access->lanes);
    uint32_t changed = before ^ REG(&r->block, CR);
    if (changed & before & CR_WUTE)
        r->wake_up_free = in_two_cycles(r);
    rtc_schedule_alarms(r);
    if (changed & (CR_WUTE | CR_WUCKSEL))
        rtc_schedule_wake_up(r);
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
        return offset < BKP0R || !rtc_backup_held(r);
    }
}

static void write_protected(struct rtc *r, uint32_t offset, uint32_t value,
                            const struct block_access *access)
{
    struct block *block = &r->block;
    uint32_t before = REG(block, offset);
    switch (offset) {
    case CR:
        write_cr(r, value, access);
        break;
    case ISR:
        write_isr(r, value, access);
        break;
    case SHIFTR:
        rtc_shift(r, value);
        r->synchronised = r->shifted;
        release_shadows(r);
        break;
    case CALR:
        if (rtc_now(r) >= r->calibrated)
            rtc_write_calibration(r, block_merge(block, CALR, value, access));
        break;
    case TAMPCR:
        block_store(block, offset, value, access);
        rtc_tampers_changed(r, before);
        break;
    default:
        if (is_writable(r, offset))
            block_store(block, offset, value, access);
    }
    rtc_update_lines(r);
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

/*
 * Reading SSR or TR holds the registers of higher order until DR is read, unless shadows are bypassed; whoever reads
 * TR alone sees the time pass (49.3.9).
 */
static uint64_t shadow_ticks(struct rtc *r, uint32_t offset)
{
    uint64_t now = rtc_ticks(r);
    if (REG(&r->block, CR) & CR_BYPSHAD)
        return now;
    uint64_t time = r->time_held ? r->held_time : now;
    uint64_t date = r->date_held ? r->held_date : now;
    r->held_time = time;
    r->held_date = date;
    r->time_held = offset == SSR || (offset == TR && r->time_held);
    r->date_held = offset != DR;
    return offset == SSR ? now : offset == TR ? time : date;
}

static bool is_synchronised(const struct rtc *r)
{
    return r->hz && !(REG(&r->block, ISR) & ISR_INIT) && !(REG(&r->block, CR) & CR_BYPSHAD) &&
           rtc_now(r) >= r->synchronised;
}

static uint32_t read_isr(const struct rtc *r)
{
    uint32_t value = REG(&r->block, ISR) & ~7u, cr = REG(&r->block, CR);
    value |= initialising(r) ? ISR_INITF : 0;
    value |= is_synchronised(r) ? ISR_RSF : 0;
    value |= wake_up_writable(r) ? ISR_WUTWF : 0;
    value |= rtc_now(r) < r->shifted ? ISR_SHPF : 0;
    value |= rtc_now(r) < r->calibrated ? ISR_RECALPF : 0;
    if (value & ISR_INIT)
        return value;
    value |= cr & CR_ALRAE ? 0 : ISR_ALRAWF;
    value |= cr & CR_ALRAE << 1 ? 0 : ISR_ALRBWF;
    return value;
}

static bool is_calendar(uint32_t offset)
{
    return offset == TR || offset == DR || offset == SSR;
}

/* A system reset resets the shadows; RSF tells when they show the calendar again (49.3.9). */
static bool shadows_are_reset(struct rtc *r)
{
    r->shadow_reset = r->shadow_reset && !(REG(&r->block, CR) & CR_BYPSHAD) &&
                      !(REG(&r->block, ISR) & ISR_INIT) && rtc_now(r) < r->synchronised;
    return r->shadow_reset;
}

static uint32_t rtc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct rtc *r = (struct rtc *)block;
    (void)access;
    if (offset == ISR)
        return read_isr(r);
    if (is_calendar(offset) && shadows_are_reset(r))
        return offset == DR ? 0x2101 : 0;
    if (!is_calendar(offset) || REG(block, ISR) & ISR_INIT)
        return offset == WPR ? 0 : REG(block, offset);
    uint64_t ticks = shadow_ticks(r, offset);
    if (offset == SSR)
        return prescaler_s(r) - 1 - (uint32_t)(ticks % prescaler_s(r));
    struct moment m = moment_of(ticks / prescaler_s(r), r->weekday);
    return offset == TR ? rtc_time_register(r, &m) : rtc_date_register(&m);
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
    rtc_rebase(r);
    r->hz = hz;
    resynchronise(r);
    rtc_schedule_alarms(r);
    rtc_schedule_wake_up(r);
    rtc_update_lines(r);
}

static void rtc_init(struct block *block)
{
    struct rtc *r = (struct rtc *)block;
    rtc_init_alarms(r);
    rtc_init_tampers(r);
    rtc_init_outputs(r);
}

static void rtc_reset(struct block *block)
{
    struct rtc *r = (struct rtc *)block;
    if (REG(block, ISR) & ISR_INIT)
        end_initialisation(r);
    resynchronise(r);
    r->shadow_reset = true;
    if (!block->soc->power_on)
        return;
    rtc_stop_tampers(r);
    event_cancel(&block_sim(block)->events, &r->output);
    r->shifted = r->calibrated = 0;
    r->key = 0; /* a system reset locks nothing (49.3.8) */
    r->ticks = 0;
    r->hz = 0;
    r->weekday = 1; /* DR.WDU resets to Monday */
    r->hour_format_12 = false;
    r->base = sim_now(block_sim(block));
    rtc_schedule_alarms(r);
    rtc_schedule_wake_up(r);
    rtc_update_lines(r);
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