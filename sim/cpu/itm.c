/*
 * Instrumentation trace macrocell (ARMv7-M ARM C1.7): stimulus ports that are always ready.
 */
#include "sim/cpu/system.h"

enum {
    ITM_STIM0 = 0xE0000000u,
    ITM_STIM_END = 0xE0000080u,
    ITM_TER = 0xE0000E00u,
    ITM_TPR = 0xE0000E40u,
    ITM_TCR = 0xE0000E80u,
    ITM_LAR = 0xE0000FB0u,
    ITM_LSR = 0xE0000FB4u,
    ITM_ID = 0xE0000FD0u,
    ITM_END = 0xE0001000u,
};
#define TCR_ITMENA   1u
#define TCR_WRITABLE 0x007f0f1fu
#define LAR_KEY      0xC5ACCE55u

/* TPR bit n closes ports 8n to 8n + 7 to unprivileged writes. */
bool itm_port_is_open(const struct cpu *cpu, uint32_t address)
{
    unsigned port = (address - ITM_STIM0) / 4;
    return address < ITM_STIM_END && !(cpu->system->itm.tpr >> port / 8 & 1);
}

bool itm_read(struct cpu *cpu, uint32_t address, uint32_t *value)
{
    static const uint8_t ids[12] = {0x04, 0, 0, 0, 0x01, 0xb0, 0x3b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    const struct itm *itm = &cpu->system->itm;

    if (address >= ITM_END)
        return false;
    *value = 0;
    if (address < ITM_STIM_END)
        *value = 1; /* FIFOREADY */
    else if (address == ITM_TER)
        *value = itm->ter;
    else if (address == ITM_TPR)
        *value = itm->tpr;
    else if (address == ITM_TCR)
        *value = itm->tcr;
    else if (address == ITM_LSR)
        *value = itm->unlocked ? 1 : 3;
    else if (address >= ITM_ID)
        *value = ids[(address - ITM_ID) / 4];
    return true;
}

static void write_port(struct cpu *cpu, unsigned port, uint32_t value)
{
    const struct itm *itm = &cpu->system->itm;
    bool on = (cpu->system->demcr & DEMCR_TRCENA) && (itm->tcr & TCR_ITMENA);
    if (on && (itm->ter >> port & 1))
        trace(cpu, CPU_TRACE_ITM, port, value);
}

/* Control registers ignore software until LAR is given its key; stimulus ports have no lock. */
bool itm_write(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    struct itm *itm = &cpu->system->itm;
    (void)size;

    if (address >= ITM_END)
        return false;
    if (address < ITM_STIM_END)
        write_port(cpu, (address - ITM_STIM0) / 4, value);
    else if (address == ITM_LAR)
        itm->unlocked = value == LAR_KEY;
    else if (!itm->unlocked)
        report_unpredictable(cpu, "write to the ITM while it is locked (ITM_LAR)");
    else if (address == ITM_TER)
        itm->ter = value;
    else if (address == ITM_TPR)
        itm->tpr = value & 15;
    else if (address == ITM_TCR)
        itm->tcr = value & TCR_WRITABLE;
    return true;
}
