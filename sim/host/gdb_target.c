/* What the debugger is told of the target: its registers, in the order of gdb_registers.c, and its
 * memories (GDB manual, appendix G.4.3 and G.5; RM0399 chapter 2.3). */
#include "sim/host/gdb_internal.h"

#define REG32(name)        "<reg name=\"" name "\" bitsize=\"32\"/>"
#define REG_AS(name, type) "<reg name=\"" name "\" bitsize=\"32\" type=\"" type "\"/>"
#define DOUBLE(name)       "<reg name=\"" name "\" bitsize=\"64\" type=\"ieee_double\"/>"

const char gdb_target_xml[] =
    "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
    "<architecture>arm</architecture>"
    "<feature name=\"org.gnu.gdb.arm.m-profile\">" REG32("r0") REG32("r1") REG32("r2") REG32("r3")
        REG32("r4") REG32("r5") REG32("r6") REG32("r7") REG32("r8") REG32("r9") REG32("r10") REG32(
            "r11") REG32("r12") REG_AS("sp", "data_ptr") REG32("lr") REG_AS("pc", "code_ptr")
            REG32("xpsr") "</feature>"
                          "<feature name=\"org.gnu.gdb.arm.vfp\">" DOUBLE("d0") DOUBLE("d1") DOUBLE(
                              "d2") DOUBLE("d3") DOUBLE("d4") DOUBLE("d5") DOUBLE("d6") DOUBLE("d7")
                              DOUBLE("d8") DOUBLE("d9") DOUBLE("d10") DOUBLE("d11") DOUBLE("d12")
                                  DOUBLE("d13") DOUBLE("d14") DOUBLE(
                                      "d15") "<reg name=\"fpscr\" bitsize=\"32\" type=\"int\" "
                                             "group=\"float\"/></feature>"
                                             "<feature name=\"org.gnu.gdb.arm.m-system\">" REG_AS(
                                                 "msp", "data_ptr") REG_AS("psp", "data_ptr")
                                                 REG32("primask") REG32("basepri")
                                                     REG32("faultmask")
                                                         REG32("control") "</feature></target>";

#define MEMORY(type, start, length)                                                                \
    "<memory type=\"" type "\" start=\"" start "\" length=\"" length "\"/>"

const char gdb_memory_map_xml[] =
    "<?xml version=\"1.0\"?><!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map "
    "V1.0//EN\" \"http://sourceware.org/gdb/gdb-memory-map.dtd\"><memory-map>" MEMORY(
        "ram", "0x0",
        "0x8000000") "<memory type=\"flash\" start=\"0x08000000\" length=\"0x200000\">"
                     "<property name=\"blocksize\">0x20000</property></memory>" MEMORY(
                         "ram", "0x08200000", "0xf7e00000") "</memory-map>";
