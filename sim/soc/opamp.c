/*
 * OPAMP1 and OPAMP2 (RM0399 chapter 30): follower and non-inverting gains of what is at VINP (a pin: at the supply or at
 * 0 V; or the DAC), as ADC1 and ADC2 read it at OPAMP1's output PC4, input 4; calibration against an
 * optimum at the middle of the trims. Not modelled: what resistors around VINM make of it (standalone and inverting).
 */
#include "sim/soc/opamp.h"

#include "sim/soc/adc.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CSR = 0x00, OTR = 0x04, HSOTR = 0x08, STRIDE = 0x10 };

enum {
    CSR_OPAEN = 1 << 0,
    CSR_FORCE_VP = 1 << 1,
    CSR_OPAHSM = 1 << 8,
    CSR_CALON = 1 << 11,
    CSR_CALOUT = 1 << 30,
    CSR_WRITABLE = 0x2007f96f,
    FACTORY = 0x1010,
    OPTIMUM = 16,
};

static const struct reg opamp_regs[] = {
    {CSR, "OPAMP%1u_CSR", 0, CSR_WRITABLE, 2, STRIDE},
    {OTR, "OPAMP%1u_OTR", FACTORY, 0x1f1f, 2, STRIDE},
    {HSOTR, "OPAMP%1u_HSOTR", FACTORY, 0x1f1f, 2, STRIDE},
    {0x0c, "OR", 0, 0, 0, 0},
};

enum { AMPLIFIERS = 2, FULL_SCALE = 65535, OUTPUT_CHANNEL = 4 };

struct opamp {
    struct block block;
    uint16_t dac[AMPLIFIERS];
};

static const struct {
    uint8_t port, pin;
} plus_pins[AMPLIFIERS] = {{1, 0}, {4, 9}}; /* PB0, PE9 */

static uint32_t csr(const struct opamp *opamp, unsigned n)
{
    return REG(&opamp->block, CSR + STRIDE * n);
}

static uint32_t plus_input(const struct opamp *opamp, unsigned n)
{
    static const uint16_t references[4] = {2163, 6554, 32768, 58982}; /* 0.033, 0.1, 0.5, 0.9 */
    const struct soc *soc = opamp->block.soc;
    if (csr(opamp, n) & CSR_FORCE_VP)
        return references[csr(opamp, n) >> 12 & 3];
    if (csr(opamp, n) >> 2 & 1)
        return opamp->dac[n];
    return soc->pin_level[plus_pins[n].port][plus_pins[n].pin].level ? FULL_SCALE : 0;
}

/* VM_SEL: 3 follows, 2 multiplies by 2, 4, 8 or 16. */
static uint16_t output(const struct opamp *opamp, unsigned n)
{
    uint32_t value = plus_input(opamp, n), control = csr(opamp, n);
    if ((control & (CSR_OPAEN | CSR_CALON)) != CSR_OPAEN)
        return 0;
    if ((control >> 5 & 3) == 2)
        value <<= 1 + (control >> 14 & 3);
    return (uint16_t)(value > FULL_SCALE ? FULL_SCALE : value);
}

static void put_out(struct opamp *opamp)
{
    for (unsigned adc = 1; adc <= 2; adc++)
        adc_drive_code(opamp->block.soc, adc, OUTPUT_CHANNEL, output(opamp, 0));
}

void opamp_dac_changed(struct soc *soc, unsigned n, uint16_t code)
{
    struct opamp *opamp = (struct opamp *)soc_block(soc, "OPAMP");
    if (!opamp || opamp->dac[n] == code)
        return;
    opamp->dac[n] = code;
    if (csr(opamp, 0) & CSR_OPAEN)
        put_out(opamp);
}

static void pin_changed(void *ctx, unsigned n, bool level)
{
    struct opamp *opamp = ctx;
    (void)level;
    if (n == 0 && csr(opamp, 0) & CSR_OPAEN)
        put_out(opamp);
}

/* 30.3.5: the flag falls where the trim of the pair that CALSEL selects has reached its optimum. */
static uint32_t opamp_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    uint32_t value = REG(block, offset);
    if (offset % STRIDE != CSR || (value & (CSR_OPAEN | CSR_CALON)) != (CSR_OPAEN | CSR_CALON))
        return value;
    uint32_t trims = REG(block, offset + (value & CSR_OPAHSM ? HSOTR : OTR));
    uint32_t trim = value >> 13 & 1 ? trims & 31 : trims >> 8 & 31;
    return trim < OPTIMUM ? value | CSR_CALOUT : value;
}

static void opamp_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct opamp *opamp = (struct opamp *)block;
    bool before = csr(opamp, 0) & CSR_OPAEN;
    block_store(block, offset, value, access);
    if (before || csr(opamp, 0) & CSR_OPAEN)
        put_out(opamp);
}

static void opamp_init(struct block *block)
{
    for (unsigned n = 0; n < AMPLIFIERS; n++)
        wire_connect(&block->soc->pin_level[plus_pins[n].port][plus_pins[n].pin], pin_changed,
                     block, n);
}

const struct block_class opamp_class = {
    .name = "OPAMP",
    .regs = opamp_regs,
    .reg_count = sizeof opamp_regs / sizeof opamp_regs[0],
    .size = sizeof(struct opamp),
    .words_asked = true,
    .init = opamp_init,
    .read = opamp_read,
    .write = opamp_write,
};
