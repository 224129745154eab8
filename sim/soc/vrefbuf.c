/* VREFBUF, the voltage reference buffer: RM0399 chapter 29. Ready as soon as it is enabled; VREF+ is 3.3 V
 * with it and without. */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CSR = 0x00, CCR = 0x04 };
enum { CSR_ENVR = 1 << 0, CSR_VRR = 1 << 3 };

static const struct reg vrefbuf_regs[] = {
    {CSR, "CSR", 2, 0x00000073, 0, 0},
    {CCR, "CCR", 0, 0x0000003f, 0, 0},
};

static uint32_t vrefbuf_read(struct block *block, uint32_t offset,
                             const struct block_access *access)
{
    (void)access;
    uint32_t value = REG(block, offset);
    return offset == CSR && value & CSR_ENVR ? value | CSR_VRR : value;
}

const struct block_class vrefbuf_class = {
    .name = "VREFBUF",
    .regs = vrefbuf_regs,
    .reg_count = sizeof vrefbuf_regs / sizeof vrefbuf_regs[0],
    .size = sizeof(struct block),
    .read = vrefbuf_read,
};
