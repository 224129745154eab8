/*
 * The pins of the timers TIM1 to TIM17 (RM0399 chapters 40 to 44): what stands at their inputs, and
 * what their channels put out; and their triggers. Channels are 1 to 4.
 */
#ifndef SIM_SOC_TIM_H
#define SIM_SOC_TIM_H

#include "sim/soc/soc.h"

/* The level at TIx of timer `instance` (1 to 17) is `level` from now on. */
void tim_input(struct soc *soc, unsigned instance, unsigned channel, bool level);
/* The level at the external trigger input ETR. */
void tim_external_trigger(struct soc *soc, unsigned instance, bool level);
enum { TIM_COMPLEMENT = 4 }; /* OC1N to OC3N are 5 to 7 in place of a channel */
enum tim_break_source { TIM_BREAK_PIN, TIM_BREAK_COMP1, TIM_BREAK_COMP2 };
/* A signal at break input BRK (0) or BRK2 (1). */
void tim_break_input(struct soc *soc, unsigned instance, unsigned which, unsigned source,
                     bool connected, bool level);
/* The channel's output OCx, which follows at the board time of each edge once somebody listens.
 * NULL: no such timer or channel. Connect while the board is built. */
struct wire *tim_output(struct soc *soc, unsigned instance, unsigned channel);
/* The channel is an output and is switched on. */
bool tim_drives(struct soc *soc, unsigned instance, unsigned channel);

/* Its level tells whether it is driven, and changes with that. */
struct wire *tim_driven(struct soc *soc, unsigned instance, unsigned channel);

/* For ADC and DAC: `sink` hears the timer's TRGO, `index` as given, while somebody wants it. At init. */
void tim_hear_trigger(struct soc *soc, unsigned instance, wire_sink sink, void *ctx,
                      unsigned index);
/* The same for TRGO2 of TIM1 and TIM8. */
void tim_hear_trigger2(struct soc *soc, unsigned instance, wire_sink sink, void *ctx,
                       unsigned index);
/* TRGO and TRGO2 follow at the board time of each edge as long as any `who` wants it. */
void tim_want_trigger(struct soc *soc, unsigned instance, const void *who, bool wanted);

#endif
