/*
 * CRS, clock recovery: RM0399 chapter 10. HSI48 has no error here, so a synchronisation by software or by
 * the LSE finds nothing to correct; those by USB and by the pin are not made.
 */
#include "sim/soc/classes.h"
#include "sim/soc/rcc.h"

enum { CR = 0x00, CFGR = 0x04, ISR = 0x08, ICR = 0x0c };
enum { CR_CEN = 1 << 5, CR_SWSYNC = 1 << 7, SYNCOK = 1 << 0, ESYNC = 1 << 3, FLAGS = 0xf };
enum { CFGR_SYNCDIV = 24, CFGR_SYNCSRC = 28, SYNCSRC_LSE = 1, LSE_HZ = 32768 };

struct crs {
    struct block block;
    struct event pulse; /* the next one of the LSE that would tell anything */
};

static const struct reg crs_regs[] = {
    {CR, "CR", 0x2000, 0x00003f6f, 0, 0},
    {CFGR, "CFGR", 0x2022bb7f, 0xb7ffffff, 0, 0},
    {ISR, "ISR", 0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
};

static void update_interrupt(struct block *block)
{
    block_irq(block, 0, REG(block, ISR) & REG(block, CR) & FLAGS);
}

/* Once both flags stand, further pulses change nothing. */
static void await_pulse(struct crs *crs)
{
    struct block *block = &crs->block;
    struct event_queue *events = &block_sim(block)->events;
    uint32_t cfgr = REG(block, CFGR);
    bool wanted = REG(block, CR) & CR_CEN && (cfgr >> CFGR_SYNCSRC & 3) == SYNCSRC_LSE &&
                  (REG(block, ISR) & (SYNCOK | ESYNC)) != (SYNCOK | ESYNC);
    if (!wanted)
        event_cancel(events, &crs->pulse);
    else if (!event_pending(&crs->pulse))
        event_in(events, &crs->pulse, sim_cycles_to_time(1u << (cfgr >> CFGR_SYNCDIV & 7), LSE_HZ));
}

static void pulse(void *ctx)
{
    struct crs *crs = ctx;
    const struct rcc_oscillator *source = rcc_of(crs->block.soc->rcc)->source;
    if (source[RCC_LSE].ready && source[RCC_HSI48].ready)
        REG(&crs->block, ISR) |= SYNCOK | ESYNC;
    update_interrupt(&crs->block);
    await_pulse(crs);
}

static void crs_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    block_store(block, offset, value, access);
    if (offset == CR && value & CR_SWSYNC && REG(block, CR) & CR_CEN)
        REG(block, ISR) |= SYNCOK | ESYNC;
    if (offset == ICR)
        REG(block, ISR) &= ~(value & FLAGS);
    update_interrupt(block);
    await_pulse((struct crs *)block);
}

static void crs_reset(struct block *block)
{
    event_cancel(&block_sim(block)->events, &((struct crs *)block)->pulse);
}

static void crs_init(struct block *block)
{
    event_init(&((struct crs *)block)->pulse, "CRS pulse", pulse, block);
}

const struct block_class crs_class = {
    .name = "CRS",
    .regs = crs_regs,
    .reg_count = sizeof crs_regs / sizeof crs_regs[0],
    .size = sizeof(struct crs),
    .init = crs_init,
    .reset = crs_reset,
    .write = crs_write,
};
