/*
 * AXI interconnect: RM0399 chapter 2.2.4. Its registers tune arbitration, which has no time here:
 * they keep what is written. Start-up code writes AXI_TARG7_FN_MOD at +0x8108.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

/* Registers of one target port (at 0x1000 times its number plus 1) and of one initiator port. */
static const struct reg axi_regs[] = {
    {0x1fd0, "AXI_PERIPH_ID_4", 0x04, 0, 0, 0},
    {0x1fe0, "AXI_PERIPH_ID_0", 0x00, 0, 0, 0},
    {0x1fe4, "AXI_PERIPH_ID_1", 0xb4, 0, 0, 0},
    {0x1fe8, "AXI_PERIPH_ID_2", 0x2b, 0, 0, 0},
    {0x1fec, "AXI_PERIPH_ID_3", 0x00, 0, 0, 0},
    {0x1ff0, "AXI_COMP_ID_0", 0x0d, 0, 0, 0},
    {0x1ff4, "AXI_COMP_ID_1", 0xf0, 0, 0, 0},
    {0x1ff8, "AXI_COMP_ID_2", 0x05, 0, 0, 0},
    {0x1ffc, "AXI_COMP_ID_3", 0xb1, 0, 0, 0},
    {0x2008, "AXI_TARG%1u_FN_MOD_ISS_BM", 0, 0x3, 7, 0x1000},
    {0x800c, "AXI_TARG7_FN_MOD_ISS_BM", 0, 0x3, 0, 0},
    {0x2024, "AXI_TARG%1u_FN_MOD2", 0, 0x1, 7, 0x1000},
    {0x202c, "AXI_TARG%1u_FN_MOD_LB", 0, 0x1, 7, 0x1000},
    {0x2108, "AXI_TARG%1u_FN_MOD", 0, 0x3, 7, 0x1000},
};

/* The initiators' ports lie above 64 KB: their table has its own base. */
static const struct reg initiator_regs[] = {
    {0x0024, "AXI_INI%1u_FN_MOD2", 0, 0x1, 6, 0x1000},
    {0x0028, "AXI_INI%1u_FN_MOD_AHB", 0, 0x3, 6, 0x1000},
    {0x0100, "AXI_INI%1u_READ_QOS", 0x4, 0xf, 6, 0x1000},
    {0x0104, "AXI_INI%1u_WRITE_QOS", 0x4, 0xf, 6, 0x1000},
    {0x0108, "AXI_INI%1u_FN_MOD", 0, 0x3, 6, 0x1000},
};
enum { INITIATORS = 0x42000 };

static void each_initiator(struct block *block, bool describe)
{
    for (size_t n = 0; n < sizeof initiator_regs / sizeof initiator_regs[0]; n++)
        for (unsigned k = 0; k < initiator_regs[n].count; k++) {
            uint32_t offset = INITIATORS + initiator_regs[n].offset + k * initiator_regs[n].stride;
            if (describe)
                block->reg_at[offset / 4] = &initiator_regs[n];
            else
                REG(block, offset) = initiator_regs[n].reset;
        }
}

static void axi_init(struct block *block)
{
    each_initiator(block, true);
}

static void axi_reset(struct block *block)
{
    each_initiator(block, false);
}

const struct block_class axi_class = {
    .name = "AXI interconnect",
    .regs = axi_regs,
    .reg_count = sizeof axi_regs / sizeof axi_regs[0],
    .size = sizeof(struct block),
    .init = axi_init,
    .reset = axi_reset,
};
