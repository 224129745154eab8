/* What a conversion of the ADC gives: RM0399 26.4.27 (offsets), 26.4.30 (watchdogs), 26.4.31 (oversampling). */
#include "sim/soc/adc_internal.h"
#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"

enum { TEMPERATURE = 18, VREFINT = 19, VBAT = 17, OFFSETS = 4 };

/* 26.4.33: the sensor between its two calibration points, here at 25 degrees; the reference as the
 * factory measured it; a quarter of a full battery. As 16 bits of 3.3 V. */
static uint32_t internal_code(const struct adc *adc, unsigned channel)
{
    enum { TS_CAL1 = 12180, TS_CAL2 = 15960, VREFINT_CAL = 24270 };
    uint32_t ccr = REG(&adc->block, CCR);
    if (channel == TEMPERATURE)
        return ccr & CCR_VSENSEEN ? TS_CAL1 - 5 * (TS_CAL2 - TS_CAL1) / 80 : 0;
    if (channel == VREFINT)
        return ccr & CCR_VREFEN ? VREFINT_CAL : 0;
    return ccr & CCR_VBATEN ? 65535 / 4 : 0;
}

static uint32_t code_of(const struct unit *u, unsigned channel)
{
    if (channel >= CHANNELS)
        return 0;
    if (is_adc3(u->adc) && channel >= VBAT)
        return internal_code(u->adc, channel);
    if (!(*reg(u, PCSEL) >> channel & 1))
        block_complain(&u->adc->block, COMPLAINT_GUEST, 0x1000 + u->at + channel,
                       "ADC%u converts input %u, which PCSEL does not connect", adc_number(u),
                       channel);
    return u->input[channel];
}

/* 16, 14, 12, 10 and 8 bits; revision V has other codes beside the old ones. */
unsigned adc_resolution(const struct unit *u)
{
    static const uint8_t bits[8] = {16, 14, 12, 10, 8, 14, 12, 8};
    return bits[*reg(u, CFGR) >> 2 & 7];
}

static bool is_beyond(const struct unit *u, uint32_t low, uint32_t high, uint32_t value)
{
    return value < *reg(u, low) || value > *reg(u, high);
}

/* The value is as wide as the thresholds: left-aligned to 16 bits, or accumulated. */
static void watch(struct unit *u, unsigned channel, bool injected, uint32_t value)
{
    uint32_t cfgr = *reg(u, CFGR);
    bool guarded = cfgr & (injected ? CFGR_JAWD1EN : CFGR_AWD1EN);
    bool this_one = !(cfgr & CFGR_AWD1SGL) || (cfgr >> 26 & 31) == channel;
    if (guarded && this_one) {
        bool beyond = is_beyond(u, LTR1, HTR1, value);
        *reg(u, ISR) |= beyond ? AWD1 : 0;
        if (u->adc->block.class == &adc3_class)
            dmamux_trigger(u->adc->block.soc, 1, DMAMUX2_ADC3_AWD1, beyond);
    }
    if (*reg(u, AWD2CR) >> channel & 1 && is_beyond(u, LTR2, HTR2, value))
        *reg(u, ISR) |= AWD1 << 1;
    if (*reg(u, AWD2CR + 4) >> channel & 1 && is_beyond(u, LTR3, HTR3, value))
        *reg(u, ISR) |= AWD1 << 2;
}

/* Which of the four offsets belongs to the channel; OFFSETS: none. */
static unsigned offset_of(const struct unit *u, unsigned channel)
{
    unsigned n = 0;
    while (n < OFFSETS) {
        uint32_t ofr = *reg(u, OFR1 + 4 * n);
        if (ofr & 0x3ffffff && (ofr >> 26 & 31) == channel)
            break;
        n++;
    }
    return n;
}

static int32_t offset_value(const struct unit *u, unsigned n)
{
    return n < OFFSETS ? (int32_t)(*reg(u, OFR1 + 4 * n) & 0x3ffffff) : 0;
}

/* Samples are added up; the sum is rounded as it is shifted. */
static uint32_t oversampled(struct unit *u, unsigned channel, bool injected, uint32_t code)
{
    uint32_t cfgr2 = *reg(u, CFGR2);
    unsigned shift = cfgr2 >> 5 & 15;
    uint32_t sum = (code >> (16 - adc_resolution(u))) * ((cfgr2 >> 16 & 0x3ff) + 1);
    watch(u, channel, injected, sum);
    int32_t value = (int32_t)sum - offset_value(u, offset_of(u, channel));
    int32_t half = shift ? 1 << (shift - 1) : 0;
    return (uint32_t)((value + half) >> shift);
}

/* SSATE: as wide as a signed number of the resolution, for 16 and 8 bits only. */
static int32_t saturated(int32_t value, unsigned bits)
{
    int32_t most = (1 << (bits - 1)) - 1;
    return value > most ? most : value < -most - 1 ? -most - 1 : value;
}

static int32_t less_offset(const struct unit *u, unsigned channel, uint32_t left_aligned)
{
    unsigned n = offset_of(u, channel), bits = adc_resolution(u);
    int32_t value = ((int32_t)left_aligned - offset_value(u, n)) >> (16 - bits);
    if (n == OFFSETS)
        return value;
    if (*reg(u, OFR1 + 4 * n) & OFR_SSATE && (bits == 16 || bits == 8))
        return saturated(value, bits);
    return *reg(u, CFGR2) & (uint32_t)CFGR2_RSHIFT1 << n ? value >> 1 : value;
}

uint32_t adc_convert(struct unit *u, unsigned channel, bool injected)
{
    uint32_t code = code_of(u, channel), cfgr2 = *reg(u, CFGR2);
    if (cfgr2 & (injected ? CFGR2_JOVSE : CFGR2_ROVSE))
        return oversampled(u, channel, injected, code);
    unsigned unused = 16 - adc_resolution(u);
    uint32_t left_aligned = code >> unused << unused;
    watch(u, channel, injected, left_aligned);
    return (uint32_t)less_offset(u, channel, left_aligned) << (injected ? 0 : cfgr2 >> 28);
}
