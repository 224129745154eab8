/*
 * What stands around DMAMUX1 and DMAMUX2 (RM0399 chapter 18): the DMA behind them and the triggers
 * in front of them. Mux 0 is DMAMUX1 (channels 0 to 7 go to DMA1, 8 to 15 to DMA2), mux 1 is
 * DMAMUX2 (channels 0 to 7 of the BDMA).
 */
#ifndef SIM_SOC_DMAMUX_H
#define SIM_SOC_DMAMUX_H

#include "sim/soc/soc.h"

/* Tables "DMAMUX1 and DMAMUX2: assignment of trigger and synchronization inputs". */
enum dmamux1_trigger {
    DMAMUX1_EVT0,
    DMAMUX1_EVT1,
    DMAMUX1_EVT2,
    DMAMUX1_LPTIM1_OUT,
    DMAMUX1_LPTIM2_OUT,
    DMAMUX1_LPTIM3_OUT,
    DMAMUX1_EXTI0,
    DMAMUX1_TIM12_TRGO,
    DMAMUX1_TRIGGERS
};
enum dmamux2_trigger {
    DMAMUX2_LPUART1_RX_WKUP = 7,
    DMAMUX2_LPUART1_TX_WKUP,
    DMAMUX2_LPTIM2_WKUP,
    DMAMUX2_LPTIM2_OUT,
    DMAMUX2_LPTIM3_WKUP,
    DMAMUX2_LPTIM3_OUT,
    DMAMUX2_LPTIM4_WKUP,
    DMAMUX2_LPTIM5_WKUP,
    DMAMUX2_I2C4_WKUP,
    DMAMUX2_SPI6_WKUP,
    DMAMUX2_COMP1_OUT,
    DMAMUX2_COMP2_OUT,
    DMAMUX2_RTC_WKUP,
    DMAMUX2_EXTI0,
    DMAMUX2_EXTI2,
    DMAMUX2_I2C4_EVENT,
    DMAMUX2_SPI6_IT,
    DMAMUX2_LPUART1_TX_IT,
    DMAMUX2_LPUART1_RX_IT,
    DMAMUX2_ADC3_IT,
    DMAMUX2_ADC3_AWD1,
    DMAMUX2_BDMA0_IT,
    DMAMUX2_BDMA1_IT
};

/* The request line from a channel to its DMA stream; NULL: this SoC has no such multiplexer. */
struct wire *dmamux_output(struct soc *soc, unsigned mux, unsigned channel);
/* The DMA has acknowledged one request of the channel. */
void dmamux_served(struct soc *soc, unsigned mux, unsigned channel);
/* The channel's DMA has done all of its programme and stopped. */
void dmamux_finished(struct soc *soc, unsigned mux, unsigned channel);
/* False: dmamux_served() would do nothing for the channel as it is set up. */
bool dmamux_heeds(struct soc *soc, unsigned mux, unsigned channel);
/* The level of a trigger input has changed to `level`. */
void dmamux_trigger(struct soc *soc, unsigned mux, unsigned input, bool level);

#endif
