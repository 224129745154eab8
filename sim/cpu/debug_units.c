/*
 * Flash patch and breakpoint unit, trace port interface and ROM table (ARMv7-M ARM C1.10, C1.11, C1.2):
 * registers that hold what is written. Nothing is patched or traced by them.
 */
#include "sim/cpu/system.h"

enum {
    FP_CTRL = 0xE0002000u,
    FP_REMAP = 0xE0002004u,
    FP_COMP0 = 0xE0002008u,
    FP_ID = 0xE0002FD0u,
    FP_END = 0xE0003000u,
    TPIU_SSPSR = 0xE0040000u,
    TPIU_CSPSR = 0xE0040004u,
    TPIU_ACPR = 0xE0040010u,
    TPIU_SPPR = 0xE00400F0u,
    TPIU_FFSR = 0xE0040300u,
    TPIU_FFCR = 0xE0040304u,
    TPIU_DEVTYPE = 0xE0040FCCu,
    TPIU_END = 0xE0041000u,
    ROM_TABLE = 0xE00FF000u,
    ROM_ID = 0xE00FFFD0u,
};

/* PIDR4 to 7, PIDR0 to 3, CIDR0 to 3. */
static uint32_t id_byte(const uint8_t *ids, uint32_t offset)
{
    return ids[offset / 4];
}

static bool is_m7(const struct cpu *cpu)
{
    return cpu->config.model == CPU_CORTEX_M7;
}

/* Six code and two literal comparators on the M4, eight of code on the M7 (version 2). */
static uint32_t fpb_read(const struct cpu *cpu, uint32_t address)
{
    static const uint8_t m4[12] = {0x04, 0, 0, 0, 0x03, 0xb0, 0x2b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    static const uint8_t m7[12] = {0x04, 0, 0, 0, 0x0e, 0xb0, 0x0b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    const struct fpb *fpb = &cpu->system->fpb;

    if (address == FP_CTRL)
        return fpb->ctrl | (is_m7(cpu) ? 0x10000080u : 0x00000260u);
    if (address == FP_REMAP)
        return fpb->remap | 1u << 29;
    if (address < FP_COMP0 + 4 * FPB_MAX_COMPARATORS)
        return fpb->comparator[(address - FP_COMP0) / 4];
    return address >= FP_ID ? id_byte(is_m7(cpu) ? m7 : m4, address - FP_ID) : 0;
}

static void fpb_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct fpb *fpb = &cpu->system->fpb;
    if (address == FP_CTRL && (value & 2)) /* KEY */
        fpb->ctrl = value & 1;
    else if (address == FP_REMAP)
        fpb->remap = value & 0x1fffffe0u;
    else if (address >= FP_COMP0 && address < FP_COMP0 + 4 * FPB_MAX_COMPARATORS)
        fpb->comparator[(address - FP_COMP0) / 4] = value & (is_m7(cpu) ? ~0u : 0xdffffffdu);
}

static uint32_t tpiu_read(const struct cpu *cpu, uint32_t address)
{
    const struct tpiu *tpiu = &cpu->system->tpiu;
    switch (address) {
    case TPIU_SSPSR:
        return 0xf;
    case TPIU_CSPSR:
        return tpiu->cspsr;
    case TPIU_ACPR:
        return tpiu->acpr;
    case TPIU_SPPR:
        return tpiu->sppr;
    case TPIU_FFSR:
        return 8; /* FtNonStop */
    case TPIU_FFCR:
        return tpiu->ffcr | 0x100;
    case TPIU_DEVTYPE:
        return 0x11;
    default:
        return 0;
    }
}

static void tpiu_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct tpiu *tpiu = &cpu->system->tpiu;
    if (address == TPIU_CSPSR)
        tpiu->cspsr = value & 0xf;
    else if (address == TPIU_ACPR)
        tpiu->acpr = value & 0x1fff;
    else if (address == TPIU_SPPR)
        tpiu->sppr = value & 3;
    else if (address == TPIU_FFCR)
        tpiu->ffcr = value & 2;
}

/* Entries point from the table to SCS, DWT, FPB, ITM, TPIU and ETM; bit 0: present. */
static uint32_t rom_read(const struct cpu *cpu, uint32_t address)
{
    static const uint32_t entries[] = {0xfff0f003u, 0xfff02003u, 0xfff03003u,
                                       0xfff01003u, 0xfff41003u, 0xfff42003u};
    static const uint8_t m4[12] = {0x04, 0, 0, 0, 0xc4, 0xb4, 0x0b, 0x00, 0x0d, 0x10, 0x05, 0xb1};
    static const uint8_t m7[12] = {0x04, 0, 0, 0, 0xc7, 0xb4, 0x0b, 0x00, 0x0d, 0x10, 0x05, 0xb1};
    uint32_t offset = address - ROM_TABLE;

    if (offset / 4 < sizeof entries / sizeof *entries)
        return entries[offset / 4];
    if (address == 0xE00FFFCCu) /* MEMTYPE: system memory is reachable */
        return 1;
    return address >= ROM_ID ? id_byte(is_m7(cpu) ? m7 : m4, address - ROM_ID) : 0;
}

bool debug_unit_read(struct cpu *cpu, uint32_t address, uint32_t *value)
{
    if (address >= FP_CTRL && address < FP_END)
        *value = fpb_read(cpu, address);
    else if (address >= TPIU_SSPSR && address < TPIU_END)
        *value = tpiu_read(cpu, address);
    else if (address >= ROM_TABLE && address - ROM_TABLE < 0x1000)
        *value = rom_read(cpu, address);
    else
        return false;
    return true;
}

bool debug_unit_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    if (address >= FP_CTRL && address < FP_END)
        fpb_write(cpu, address, value);
    else if (address >= TPIU_SSPSR && address < TPIU_END)
        tpiu_write(cpu, address, value);
    else
        return address >= ROM_TABLE && address - ROM_TABLE < 0x1000;
    return true;
}
