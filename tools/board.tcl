# For OpenOCD, after board/stm32h747i-disco.cfg: writes the images of both cores, if the option
# bytes let both cores boot them (docs/board-flash.md).
#
#   duet_option_bytes           says what they are; true: as the images need them
#   duet_flash CM7_ELF CM4_ELF

# What the chip goes by since its last reset: FLASH_OPTSR_CUR, FLASH_BOOT7_CURR and FLASH_BOOT4_CURR
# (RM0399, 4.9). SWAP_BANK_OPT, BCM7 and BCM4 are OPTSR's bits 31, 23 and 22, RDP its second byte.
# With BCM4 = 0 the M7 starts the M4 (firmware/chip/boot.h), so either does.
proc duet_option_bytes {} {
    set optsr [read_memory 0x5200201c 32 1]
    set boot7 [read_memory 0x52002040 32 1]
    set boot4 [read_memory 0x52002048 32 1]
    set right 1
    foreach {name value wanted} [list \
        BCM7 [expr {$optsr >> 23 & 1}] 1 \
        BCM4 [expr {$optsr >> 22 & 1}] {1 0} \
        BOOT_CM7_ADD0 [expr {$boot7 & 0xffff}] 0x0800 \
        BOOT_CM4_ADD0 [expr {$boot4 & 0xffff}] 0x0810 \
        SWAP_BANK_OPT [expr {$optsr >> 31 & 1}] 0 \
        RDP [expr {$optsr >> 8 & 0xff}] 0xaa] {
        set verdict [format " and should be 0x%x" [lindex $wanted 0]]
        foreach good $wanted {
            if {$value == $good} {
                set verdict ""
            }
        }
        if {$verdict ne ""} {
            set right 0
        }
        echo [format "option byte %-13s is 0x%x%s" $name $value $verdict]
    }
    return $right
}

proc duet_flash {cm7 cm4} {
    init
    reset halt
    if {![duet_option_bytes]} {
        reset run
        error "nothing was written; docs/board-flash.md says how to set the option bytes"
    }
    foreach image [list $cm7 $cm4] {
        flash write_image erase $image
        verify_image $image
    }
    reset run
    shutdown
}
