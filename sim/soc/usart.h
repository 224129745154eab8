/*
 * What is at the other end of a serial line (RM0399 chapters 51 and 52): "USART1" to "USART3",
 * "UART4", "UART5", "USART6", "UART7", "UART8", "LPUART1". The other end has the same speed and frame format.
 */
#ifndef SIM_SOC_USART_H
#define SIM_SOC_USART_H

#include "sim/soc/soc.h"

struct usart_peer {
    void *ctx;
    /* A frame has left the chip, at the end of its stop bits. Parity is taken off. */
    void (*receive)(void *ctx, uint16_t data);
};

/* Joins a peer to the line; `peer` is copied. False: no such line. */
bool usart_attach(struct soc *soc, const char *name, const struct usart_peer *peer);

/* Crosses the lines of two of the chip's own: what one sends, the other receives, at its own speed and in its
 * own format. `one` may be `other`. False: no such line, or joined already. */
bool usart_join(struct soc *soc, const char *one, const char *other);

/* The peer sends: the bytes enter the chip one after the other at the line's speed, the first frame
 * beginning now or after what was sent before. While the receiver is off (or has no clock) they
 * wait. Any number; false: no such line, or out of memory. */
bool usart_send(struct soc *soc, const char *name, const uint8_t *bytes, size_t count);

#endif
