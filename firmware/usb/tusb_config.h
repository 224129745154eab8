/* TinyUSB as this firmware wants it: a host on USB1 at high speed, by DMA, for one device. */
#ifndef TUSB_CONFIG_H
#define TUSB_CONFIG_H

#define CFG_TUSB_MCU   OPT_MCU_STM32H7
#define CFG_TUSB_OS    OPT_OS_NONE /* one thread runs it; see usb_host.h */
#define CFG_TUSB_DEBUG 0

/* TinyUSB counts the chip's full-speed core as port 0, its high-speed core as port 1. */
#define USB_HOST_PORT     1
#define CFG_TUH_ENABLED   1
#define CFG_TUD_ENABLED   0
#define CFG_TUH_MAX_SPEED OPT_MODE_HIGH_SPEED
#ifndef CFG_TUH_DWC2_DMA_ENABLE
#define CFG_TUH_DWC2_DMA_ENABLE 1
#endif

#define CFG_TUH_DEVICE_MAX 1
#define CFG_TUH_HUB        0
/* descriptors.c refuses a device that numbers its interfaces higher. */
#define CFG_TUH_INTERFACE_MAX       32
#define CFG_TUH_ENUMERATION_BUFSIZE 512
#define CFG_TUH_MSC                 0 /* bulk_only.c */

/* The M4 has no cache. The core's DMA moves whole words. */
#define CFG_TUH_MEM_ALIGN __attribute__((aligned(4)))

#endif
