/* RTC_ALARM and RTC_CALIB at PC13 and PB2: RM0399 49.3.3, 49.3.17, 49.3.18. */
#include "sim/soc/gpio.h"
#include "sim/soc/rtc.h"
#include "sim/soc/rtc_internal.h"

enum output { NONE, ALARM, CALIB };
enum { PC13, PB2, PINS };

static const struct {
    uint8_t port, pin;
} pins[PINS] = {{2, 13}, {1, 2}};

static unsigned alarm_select(const struct rtc *r)
{
    return REG(&r->block, CR) >> 21 & 3; /* OSEL */
}

/* Table 396. */
static enum output output_at(const struct rtc *r, unsigned n)
{
    bool calibration = REG(&r->block, CR) & CR_COE, remapped = REG(&r->block, OR) & OR_OUT_RMP;
    bool alarm = alarm_select(r) != 0;
    if (!remapped)
        return n == PB2 ? NONE : alarm ? ALARM : calibration ? CALIB : NONE;
    if (alarm && calibration)
        return n == PB2 ? CALIB : ALARM;
    return n == PC13 ? NONE : alarm ? ALARM : calibration ? CALIB : NONE;
}

/* Half a period in cycles of the calibrated clock: 512 Hz is its 64th, 1 Hz the second. */
static uint64_t half_period(const struct rtc *r)
{
    bool seconds = REG(&r->block, CR) & CR_COSEL;
    return seconds ? (uint64_t)prescaler_a(r) * prescaler_s(r) / 2 : 32;
}

static bool level(const struct rtc *r, enum output output)
{
    static const uint32_t flags[4] = {0, ISR_ALRAF, ISR_ALRAF << 1, ISR_WUTF};
    if (output == CALIB)
        return rtc_running(r) && half_period(r) && rtc_cycles(r) / half_period(r) % 2 == 0;
    bool flag = REG(&r->block, ISR) & flags[alarm_select(r)];
    return flag != ((REG(&r->block, CR) & CR_POL) != 0);
}

int rtc_pin_level(struct soc *soc, unsigned port, unsigned pin)
{
    unsigned n = port == pins[PC13].port && pin == pins[PC13].pin ? PC13 : PB2;
    if (port != pins[n].port || pin != pins[n].pin)
        return RTC_PIN_FREE;
    const struct rtc *r = (const struct rtc *)soc_block(soc, "RTC");
    enum output output = r ? output_at(r, n) : NONE;
    if (output == NONE || (n == PB2 && gpio_function(soc, port, pin) != 0))
        return RTC_PIN_FREE;
    bool high = level(r, output);
    bool open_drain = n == PC13 && output == ALARM && !(REG(&r->block, OR) & OR_ALARM_TYPE);
    return high && open_drain ? -1 : high;
}

static void edge(void *ctx)
{
    rtc_update_outputs(ctx);
}

/* The pins follow; while RTC_CALIB is out, at its every edge. */
void rtc_update_outputs(struct rtc *r)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    bool shown = false;
    for (unsigned n = 0; n < PINS; n++) {
        enum output output = output_at(r, n);
        if (output != NONE || r->out[n])
            gpio_pin_changed(r->block.soc, pins[n].port, pins[n].pin);
        r->out[n] = output != NONE;
        shown |= output == CALIB;
    }
    event_cancel(events, &r->output);
    if (!shown || !rtc_running(r) || !half_period(r))
        return;
    uint64_t next = (rtc_cycles(r) / half_period(r) + 1) * half_period(r);
    event_at(events, &r->output,
             r->base + rtc_calibrated_time(r, next - r->ticks * prescaler_a(r)));
}

void rtc_init_outputs(struct rtc *r)
{
    event_init(&r->output, "RTC output", edge, r);
}
