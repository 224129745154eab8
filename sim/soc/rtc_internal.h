/* What the files of the RTC share: rtc.c registers, rtc_calendar.c the count behind the calendar, rtc_alarm.c alarms
 * and wake-up timer, rtc_tamper.c time stamps and tamper detection, rtc_output.c RTC_OUT. */
#ifndef SIM_SOC_RTC_INTERNAL_H
#define SIM_SOC_RTC_INTERNAL_H

#include "sim/soc/block.h"
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
    CR_TSEDGE = 1 << 3,
    CR_REFCKON = 1 << 4,
    CR_BYPSHAD = 1 << 5,
    CR_FMT = 1 << 6,
    CR_ALRAE = 1 << 8,
    CR_WUTE = 1 << 10,
    CR_TSE = 1 << 11,
    CR_ALRAIE = 1 << 12,
    CR_WUTIE = 1 << 14,
    CR_TSIE = 1 << 15,
    CR_ADD1H = 1 << 16,
    CR_SUB1H = 1 << 17,
    CR_COSEL = 1 << 19,
    CR_POL = 1 << 20,
    CR_OSEL = 3 << 21,
    CR_COE = 1 << 23,
    OR_ALARM_TYPE = 1 << 0,
    OR_OUT_RMP = 1 << 1,
    ISR_ALRAWF = 1 << 0,
    ISR_ALRBWF = 1 << 1,
    ISR_WUTWF = 1 << 2,
    ISR_SHPF = 1 << 3,
    ISR_INITS = 1 << 4,
    ISR_RSF = 1 << 5,
    ISR_INITF = 1 << 6,
    ISR_INIT = 1 << 7,
    ISR_ALRAF = 1 << 8,
    ISR_WUTF = 1 << 10,
    ISR_TSF = 1 << 11,
    ISR_TSOVF = 1 << 12,
    ISR_TAMP1F = 1 << 13,
    ISR_RECALPF = 1 << 16,
    ISR_FLAGS = 0x2ff00, /* cleared by writing 0 */
    TR_PM = 1 << 22,
    TAMPCR_TAMPIE = 1 << 2,
    TAMPCR_TAMPTS = 1 << 7,
    TAMPCR_TAMPPUDIS = 1 << 15,
    DAY = 86400,
};

enum { TAMPERS = 3, BACKUP_REGISTERS = 32 };

/* One of the tamper inputs. */
struct tamper {
    struct rtc *rtc;
    struct event detected; /* after its filter, or when its flag may show */
    bool seen;             /* the event is over, the flag is not yet there */
};

struct rtc {
    struct block block;
    struct event alarm[2], wake_up, stamped, output;
    bool out[2];      /* PC13 and PB2 are the RTC's */
    uint64_t hz;      /* of the clock that the calendar has run on since base */
    sim_time base;    /* when the calendar was at `ticks` */
    uint64_t ticks;   /* of ck_apre since 2000-01-01 */
    unsigned weekday; /* of 2000-01-01, as the dates that were written have it; 0 to 6 */
    unsigned key;     /* how far the unlocking has come: 2 is unlocked */
    bool hour_format_12;
    sim_time synchronised;     /* when RSF rises */
    sim_time initialised;      /* when INITF does */
    sim_time wake_up_free;     /* when WUTWF does */
    sim_time shifted;          /* when SHPF falls */
    sim_time calibrated;       /* when RECALPF does */
    bool shadow_reset;         /* the shadows have not been copied since a system reset */
    uint32_t told;             /* flags as the low-power timers know them */
    bool time_held, date_held; /* SSR, or SSR or TR, was read, and DR not yet (49.3.9) */
    uint64_t held_time, held_date;
    struct tamper tamper[TAMPERS];
};

static inline sim_time rtc_now(const struct rtc *r)
{
    return sim_now(block_sim(&r->block));
}

static inline uint32_t prescaler_s(const struct rtc *r)
{
    return (REG(&r->block, PRER) & 0x7fff) + 1;
}

static inline uint32_t prescaler_a(const struct rtc *r)
{
    return (REG(&r->block, PRER) >> 16 & 0x7f) + 1;
}

static inline bool rtc_running(const struct rtc *r)
{
    return r->hz && !(REG(&r->block, ISR) & ISR_INIT);
}

/* ---- rtc.c ---- */

void rtc_update_lines(struct rtc *r);
/* Flags of alarms and tampers rise. */
void rtc_raise(struct rtc *r, uint32_t flags);
/* The low-power timers hear of those that have changed. */
void rtc_tell_timers(struct rtc *r);
/* So many cycles of RTCCLK from now on; now, if it stands still. */
sim_time rtc_in_cycles(const struct rtc *r, uint64_t cycles);

/* ---- rtc_calendar.c ---- */

uint32_t rtc_time_register(const struct rtc *r, const struct moment *m);
uint32_t rtc_date_register(const struct moment *m);
uint64_t rtc_ticks(const struct rtc *r);
/* Cycles of the calibrated clock, `ticks` times the prescaler and more. */
uint64_t rtc_cycles(const struct rtc *r);
/* The count goes on from now, so that what it depends on may change. */
void rtc_rebase(struct rtc *r);
sim_time rtc_time_of_tick(const struct rtc *r, uint64_t tick);
/* So many cycles of the calibrated clock. */
sim_time rtc_calibrated_time(const struct rtc *r, uint64_t cycles);
/* TR and DR into the count, and back. */
void rtc_load_calendar(struct rtc *r);
void rtc_store_calendar(struct rtc *r);
void rtc_change_hour(struct rtc *r, uint32_t cr);
void rtc_shift(struct rtc *r, uint32_t value);
/* CALR as it takes effect. */
void rtc_write_calibration(struct rtc *r, uint32_t value);

/* ---- rtc_alarm.c ---- */

void rtc_init_alarms(struct rtc *r);
void rtc_schedule_alarms(struct rtc *r);
void rtc_schedule_wake_up(struct rtc *r);

/* ---- rtc_output.c ---- */

void rtc_init_outputs(struct rtc *r);
/* A flag, the count or what goes out has changed. */
void rtc_update_outputs(struct rtc *r);

/* ---- rtc_tamper.c ---- */

void rtc_init_tampers(struct rtc *r);
/* TAMPCR has changed from this. */
void rtc_tampers_changed(struct rtc *r, uint32_t before);
/* A backup register is held at 0 by a tamper event that was not cleared. */
bool rtc_backup_held(const struct rtc *r);
/* TSF has fallen, or a flag of a tamper. */
void rtc_flags_cleared(struct rtc *r);
void rtc_stop_tampers(struct rtc *r);

#endif
