/*
 * The voltage detectors of PWR (RM0399 7.5.3, 7.5.4): PVD for VDD, AVD for VDDA, which on the board is the
 * same voltage; both on EXTI line 16. Thresholds are those of the rising voltage, the falling one's are
 * 0.1 V lower (data sheet DS12930, typical values).
 */
#include "sim/soc/pwr.h"

enum {
    CR1_PVDE = 1 << 4,
    CR1_PLS = 5,
    CR1_AVDEN = 1 << 16,
    CR1_ALS = 17,
    CSR1_PVDO = 1 << 4,
    CSR1_AVDO = 1 << 16,
    LINE = 16,
    HYSTERESIS = 100,
};

static const uint16_t pvd_millivolts[8] = {1950, 2100, 2250, 2400, 2550, 2700, 2850, 0};
static const uint16_t avd_millivolts[4] = {1700, 2100, 2500, 2800};

/* 1: too low. Level 7 of the PVD looks at a pin that is not connected. */
static uint32_t detect(uint32_t before, uint32_t millivolts, uint32_t threshold)
{
    return millivolts < threshold - (threshold && !before ? HYSTERESIS : 0);
}

void pwr_monitor(struct block *pwr)
{
    uint32_t cr1 = REG(pwr, PWR_CR1), *csr1 = &REG(pwr, PWR_CSR1), vdd = pwr->soc->vdd_millivolts;
    bool pvd = cr1 & CR1_PVDE && detect(*csr1 & CSR1_PVDO, vdd, pvd_millivolts[cr1 >> CR1_PLS & 7]);
    bool avd =
        cr1 & CR1_AVDEN && detect(*csr1 & CSR1_AVDO, vdd, avd_millivolts[cr1 >> CR1_ALS & 3]);
    *csr1 = (*csr1 & ~(uint32_t)(CSR1_PVDO | CSR1_AVDO)) | (pvd ? CSR1_PVDO : 0) |
            (avd ? CSR1_AVDO : 0);
    wire_set(&pwr->soc->exti_line[LINE], pvd || avd);
}

void soc_set_vdd(struct soc *soc, uint32_t millivolts)
{
    soc->vdd_millivolts = millivolts;
    pwr_monitor(soc->pwr);
}
