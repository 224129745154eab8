/* The classes of the blocks that are modelled, for the table of the chip. One file each. */
#ifndef SIM_SOC_CLASSES_H
#define SIM_SOC_CLASSES_H

#include "sim/soc/block.h"

/* Clocks, power, system */
extern const struct block_class rcc_class, pwr_class, syscfg_class, flash_class, exti_class;
extern const struct block_class hsem_class, gpio_class, dbgmcu_class, axi_class, art_class;
extern const struct block_class ramecc_class, crs_class;
/* Serial */
extern const struct block_class usart_class, i2c_class, spi_class, sai_class;
/* Moving data */
extern const struct block_class dma_class, dmamux_class, bdma_class, mdma_class, dma2d_class;
/* Time and chance */
extern const struct block_class tim_class, lptim_class, iwdg_class, wwdg_class, rtc_class;
extern const struct block_class rng_class, crc_class, hrtim_class;
/* Pictures and outside memory */
extern const struct block_class fmc_class, dcmi_class, ltdc_class, dsi_class, jpeg_class;
extern const struct block_class quadspi_class, dlyb_class, sdmmc_class;
/* Analogue */
extern const struct block_class adc12_class, adc3_class, dac_class, vrefbuf_class, comp_class,
    opamp_class;
/* Outside connections */
extern const struct block_class usb_otg_class, fdcan_class, can_ccu_class, can_ram_class;
extern const struct block_class eth_class;

#endif
