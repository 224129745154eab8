#!/usr/bin/env python3
"""Compares firmware/chip/stm32h747.h with the vendor's register description.

Every register that the header names must stand at that address in the description, under that name,
and every field must have that place and width. Differences that are the description's are listed
below with their reason; one that is listed and does not occur is an error too.

usage: compare_registers.py HEADER DESCRIPTION.svd     exit 77: no description, nothing compared
"""
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

# What the description calls a block that the manual names otherwise.
BLOCKS = {"DSI": "DSIHOST", "FLASH": "Flash", "GPIO": "GPIOA", "TIM": "TIM2"}

EXPLAINED = {
    "RCC_GCR.BOOT_C1": "the description leaves out the dual-core boot bits (RM0399 9.7.35)",
    "RCC_GCR.BOOT_C2": "the same",
    "RCC_APB3RSTR.DSIRST": "the description leaves out the DSI of this register (RM0399 9.7.31)",
    "RCC_APB3ENR.DSIEN": "the same (RM0399 9.7.44)",
    "RCC_RSR.SFT1RSTF": "described by its name on chips of one core, SFTRSTF (RM0399 9.7.39)",
    "PWR_CPU2CR": "the description leaves out the second core's register (RM0399 7.8.6)",
    "EXTI_C2IMR1": "likewise",
    "EXTI_C2PR1": "likewise",
    "EXTI_C2EMR3": "described in the file of the other core only (RM0399 20.6)",
    "FLASH_ACR.LATENCY": "three bits are described, RM0399 4.9.1 has four",
    "DMAMUX1_C11CR.DMAREQ_ID": "seven bits are described, RM0399 18.6.1 has eight",
    "DMA2D_CR.MODE": "two bits are described, RM0399 19.5.1 has three, of six modes",
    "I2C4_CR2.SADD": "described bit by bit (SADD0 to SADD9)",
}


def fields_of(register):
    return {
        field.find("name").text: (int(field.find("bitOffset").text, 0), int(field.find("bitWidth").text, 0))
        for field in register.iter("field")
    }


def load_description(path):
    """{block: {address: [(register, {field: (low, width)})]}}"""
    blocks = {p.find("name").text: p for p in ElementTree.parse(path).getroot().find("peripherals")}
    described = {}
    for name, block in blocks.items():
        source = block
        if block.get("derivedFrom") and block.find("registers") is None:
            source = blocks[block.get("derivedFrom")]
        base = int(block.find("baseAddress").text, 16)
        registers = described.setdefault(name, {})
        for register in source.find("registers").iter("register"):
            address = base + int(register.find("addressOffset").text, 16)
            registers.setdefault(address, []).append((register.find("name").text, fields_of(register)))
    return described


def load_header(path):
    text = open(path, encoding="utf-8").read().replace("\\\n", "")
    bases = {m[1]: int(m[2], 16) for m in re.finditer(r"#define (\w+)_BASE\s+(0x\w+)u", text)}
    registers = {
        m[1]: (m[2], bases[m[2]] + int(m[3], 16))
        for m in re.finditer(r"#define (\w+)\s+\((\w+)_BASE \+ (0x\w+)\)", text)
    }
    # Registers that repeat: MDMA_CISR(channel) is compared as C0ISR, LTDC_LCR(layer) as L1CR.
    repeated = r"#define (\w+?)_([CL])(\w+)\((channel|layer)\)\s+\(\w+_BASE \+ (0x\w+?)u \+ (0x\w+?)u \* \(\w+\)\)"
    for m in re.finditer(repeated, text):
        first = 0 if m[4] == "channel" else 1
        address = bases[m[1]] + int(m[5], 16) + first * int(m[6], 16)
        registers[f"{m[1]}_{m[2]}{first}{m[3]}"] = (m[1], address)
    # Blocks that repeat: GPIO_MODER, TIM_CR1 are offsets, compared in the first block used.
    bases.update({"GPIO": 0x58020000, "TIM": bases["TIM2"]})
    for m in re.finditer(r"#define ((GPIO|TIM)_(\w+))\s+(0x\w+)\n", text):
        registers[m[1]] = (m[2], bases[m[2]] + int(m[4], 16))
    fields = []
    pattern = r"#define (\w+?)(?:\(v\))?\s+(?:BIT\((\d+)\)|BITS\(v, (\d+), (\d+)\))\n"
    for m in re.finditer(pattern, text):
        owner = max((r for r in registers if m[1].startswith(r + "_")), key=len, default=None)
        if owner:
            place = (int(m[2]), 1) if m[2] else (int(m[3]), int(m[4]))
            fields.append((owner, m[1][len(owner) + 1:], place))
    return registers, fields


def main():
    header, description = sys.argv[1:]
    if not os.path.exists(description):
        print(f"skipped: there is no {description}")
        return 77
    described = load_description(description)
    registers, fields = load_header(header)
    differences = {}
    for name, (block, address) in registers.items():
        at = described[BLOCKS.get(block, block)].get(address, [])
        short = name[len(block) + 1:]
        if not any(n in (name, short) or n.endswith("_" + short) for n, _ in at):
            differences[name] = f"0x{address:08x} is {[n for n, _ in at] or 'nothing'} in the description"
    for owner, field, place in fields:
        block, address = registers[owner]
        known = {k: v for _, f in described[BLOCKS.get(block, block)].get(address, []) for k, v in f.items()}
        if owner not in differences and known.get(field) != place:
            differences[f"{owner}.{field}"] = f"header {place}, description {known.get(field)}"
    unexplained = {k: v for k, v in differences.items() if k not in EXPLAINED}
    stale = [k for k in EXPLAINED if k not in differences]
    for name, what in unexplained.items():
        print(f"{name}: {what}")
    for name in stale:
        print(f"{name}: explained, but there is no difference")
    print(f"{len(registers)} registers and {len(fields)} fields compared, "
          f"{len(differences) - len(unexplained)} differences explained, {len(unexplained)} not")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
