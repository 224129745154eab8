/* What the files of the PWR share. RM0399 chapter 7. */
#ifndef SIM_SOC_PWR_PARTS_H
#define SIM_SOC_PWR_PARTS_H

#include "sim/soc/pwr.h"

enum {
    CR1 = PWR_CR1,
    CSR1 = PWR_CSR1,
    CR2 = 0x08,
    CR3 = 0x0c,
    CPUCR = 0x10,
    CPU2CR = 0x14,
    D3CR = 0x18,
    WKUPCR = 0x20,
    WKUPFR = 0x24,
    WKUPEPR = 0x28,
};

enum {
    CR1_PVDE_PLS = 0xf << 4,
    CR1_DBP = 1u << 8,
    CSR1_ACTVOSRDY = 1u << 13,
    VOS = 3u << 14, /* in D3CR; ACTVOS in CSR1 at the same place */
    CR2_BREN = 1u << 0,
    CR2_BRRDY = 1u << 16,
    CR3_BYPASS = 1u << 0,
    CR3_LDOEN = 1u << 1,
    CR3_SDEN = 1u << 2,
    CR3_SDEXTHP = 1u << 3,
    CR3_SDLEVEL = 3u << 4,
    CR3_SUPPLY = 0x3f, /* written once after a power-on (7.8.4) */
    CR3_SDEXTRDY = 1u << 16,
    CR3_USB33DEN = 1u << 24,
    CR3_USB33RDY = 1u << 26,
    PDDS_D1 = 1u << 0,
    PDDS_D2 = 1u << 1,
    PDDS_ALL = 7u << 0,
    HOLDF = 1u << 4, /* the other core is held */
    STOPF = 1u << 5,
    SBF = 1u << 6,
    SBF_D1 = 1u << 7,
    SBF_D2 = 1u << 8,
    CSSF = 1u << 9,
    HOLD = 1u << 10,
    RUN_D3 = 1u << 11,
    D3CR_VOSRDY = 1u << 13,
};

struct pwr {
    struct block block;
    struct event scaled;     /* the regulator reached the wanted voltage */
    bool supply_set;         /* CR3's supply bits were written since power-on */
    bool supply_valid;       /* and their combination is one of table 33 */
    bool asleep[SOC_CORES];  /* the core is in CSleep or CStop */
    bool stopped[SOC_CORES]; /* the core is in CStop */
    bool standby[SOC_CORES]; /* and its domain in DStandby: it wakes by a reset */
    bool dozing[SOC_CORES];  /* EXTI gave it its clock back, and it has not left WFI */
    struct event doze_checked;
    struct event refused;     /* an option byte makes a reset of the low-power mode (9.4.5) */
    uint32_t refusal;         /* its flag in RCC_RSR */
    bool held[SOC_CORES];     /* the core woke from Stop, and waits for the other to let it go */
    bool system_stopped;      /* all domains are */
    bool holdable[SOC_CORES]; /* the core has been in CStop since the system's Stop */
    bool system_standby;
};

static inline struct pwr *pwr_of(struct soc *soc)
{
    return (struct pwr *)soc->pwr;
}

/* pwr_supply.c: the wanted voltage is reached; registers of the supply. */
void pwr_scaled(void *pwr);
void pwr_write_cr1(struct block *block, uint32_t value, const struct block_access *access);
void pwr_write_cr2(struct block *block, uint32_t value, const struct block_access *access);
void pwr_write_cr3(struct pwr *pwr, uint32_t value, const struct block_access *access);
void pwr_write_d3cr(struct pwr *pwr, uint32_t value, const struct block_access *access);

#endif
