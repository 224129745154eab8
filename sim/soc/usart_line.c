/*
 * The line of a USART: what a frame is on it, how long it takes (RM0399 51.5.7, 52.4.7), and who is at the
 * other end: a peer of the board that has the same speed and format, or another of the chip's own
 * USARTs, whose frames are sampled at the receiver's speed.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/soc/classes.h"
#include "sim/soc/usart_internal.h"

/* ---- Time ---- */

unsigned usart_frame_bits(const struct usart *usart)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    return cr1 & CR1_M1 ? 7 : cr1 & CR1_M0 ? 9 : 8;
}

static uint64_t prescaler(const struct usart *usart)
{
    static const uint16_t prescalers[16] = {1,  2,  4,   6,   8,   10,  12,  16,
                                            32, 64, 128, 256, 256, 256, 256, 256};
    return prescalers[REG(&usart->block, PRESC) & 0xf];
}

sim_time usart_bit_time(const struct usart *usart, uint64_t half_bits)
{
    const struct block *block = &usart->block;
    uint64_t hz = block_kernel_hz(block);
    uint64_t brr = REG(block, BRR), cycles = half_bits * prescaler(usart);
    if (usart_is_low_power(usart)) /* 52.4.7: 256 * f / BRR */
        return sim_cycles_to_time(cycles * brr, 2 * 256 * hz);
    brr &= 0xffff;
    if (REG(block, CR1) & CR1_OVER8) /* 51.5.7 */
        return sim_cycles_to_time(cycles * ((brr & 0xfff0) | (brr & 7) << 1), 4 * hz);
    return sim_cycles_to_time(cycles * brr, 2 * hz);
}

sim_time usart_frame_time(const struct usart *usart)
{
    static const uint8_t stop_half_bits[4] = {2, 1, 4, 3};
    unsigned stop = REG(&usart->block, CR2) >> 12 & 3;
    return usart_bit_time(usart, 2 * (1 + usart_frame_bits(usart)) + stop_half_bits[stop]);
}

/* ---- Frames ---- */

static uint16_t ones(unsigned count)
{
    return (uint16_t)((1u << count) - 1);
}

/* DATAINV and MSBFIRST; applied twice, the same data again. */
static uint16_t arranged(const struct usart *usart, uint16_t bits)
{
    uint32_t cr2 = REG(&usart->block, CR2);
    unsigned count = usart_frame_bits(usart);
    uint16_t reversed = 0;
    if (cr2 & CR2_DATAINV)
        bits = (uint16_t)(~bits & ones(count));
    if (!(cr2 & CR2_MSBFIRST))
        return bits;
    for (unsigned n = 0; n < count; n++)
        reversed = (uint16_t)(reversed << 1 | (bits >> n & 1));
    return reversed;
}

static bool parity_bit(const struct usart *usart, uint32_t data)
{
    bool odd_count = __builtin_popcount(data) & 1;
    return odd_count != ((REG(&usart->block, CR1) & CR1_PS) != 0);
}

struct usart_frame usart_to_line(const struct usart *usart, uint32_t data, bool arrange)
{
    unsigned count = usart_frame_bits(usart);
    data &= ones(count);
    if (REG(&usart->block, CR1) & CR1_PCE) {
        data &= ones(count - 1);
        data |= (uint32_t)parity_bit(usart, data) << (count - 1);
    }
    uint16_t bits = arrange ? arranged(usart, (uint16_t)data) : (uint16_t)data;
    return (struct usart_frame){.bits = bits, .count = (uint8_t)count};
}

uint32_t usart_from_line(const struct usart *usart, uint16_t bits)
{
    return arranged(usart, bits & ones(usart_frame_bits(usart)));
}

/* ---- Levels ---- */

/* The line's level after so much time since the start bit's edge. */
static bool level_at(const struct usart_frame *frame, sim_time since)
{
    sim_time bit = since / frame->bit_time;
    if (bit == 0)
        return false;
    return bit > frame->count || (frame->bits >> (bit - 1) & 1);
}

/* Where a receiver that sees the levels the other way round takes a start bit to be: at the first rising edge. */
static sim_time first_rise(const struct usart_frame *frame)
{
    unsigned bit = 1;
    while (bit <= frame->count && !(frame->bits >> (bit - 1) & 1))
        bit++;
    return bit * frame->bit_time;
}

/* What a receiver makes of a frame: a sample in the middle of each of its own bits. */
static struct usart_frame sampled(const struct usart_frame *frame, unsigned count,
                                  sim_time half_bit, bool inverted)
{
    struct usart_frame seen = {.count = (uint8_t)count, .bit_time = half_bit};
    sim_time edge = inverted ? first_rise(frame) : 0;
    for (unsigned n = 0; n < count; n++) {
        bool high = level_at(frame, edge + (2 * n + 3) * half_bit);
        seen.bits |= (uint16_t)((high != inverted) << n);
    }
    seen.is_break =
        level_at(frame, edge + (2 * count + 3) * half_bit) == inverted; /* no stop bit */
    return seen;
}

static bool has(const struct usart *usart, uint32_t cr2)
{
    return REG(&usart->block, CR2) & cr2;
}

/* An end whose pins are swapped alone has its output at an output. */
static bool reaches_other_end(const struct usart *usart)
{
    return has(usart, CR2_SWAP) == (usart->joined && has(usart->joined, CR2_SWAP));
}

/* ---- Another USART of the chip at the other end ---- */

bool usart_clear_to_send(const struct usart *usart)
{
    return !(REG(&usart->block, CR3) & CR3_CTSE) || !usart->joined || !usart->joined->holds;
}

void usart_line_rts(struct usart *usart)
{
    struct usart *other = usart->joined;
    bool holds = usart_holds_sender(usart);
    if (!other || holds == usart->holds)
        return;
    usart->holds = holds;
    if (REG(&other->block, CR3) & CR3_CTSE)
        other->latched |= ISR_CTSIF;
    usart_send_next(other);
    usart_update(other);
}

/* Not by a clock. */
static bool listens(const struct usart *receiver)
{
    return usart_enabled(receiver, CR1_RE) && !has(receiver, CR2_CLKEN | CR2_SLVEN);
}

static void hear_start(struct usart *receiver)
{
    if (listens(receiver))
        usart_start_bit(receiver);
}

/* 51.5.9: a receiver that measures takes over the sender's speed. */
static void measure(struct usart *receiver, sim_time bit_time)
{
    struct block *block = &receiver->block;
    uint64_t hz = block_kernel_hz(block) / prescaler(receiver);
    unsigned __int128 divider = (unsigned __int128)bit_time * hz + SIM_S / 2;
    if (REG(block, CR2) & CR2_ABREN && !(receiver->latched & ISR_ABRF))
        REG(block, BRR) = (uint32_t)(divider / SIM_S) & 0xffff;
}

static void hear(struct usart *receiver, const struct usart_frame *frame, bool inverted)
{
    if (!listens(receiver) || !block_kernel_hz(&receiver->block))
        return;
    if (!(REG(&receiver->block, CR1) & CR1_OVER8))
        measure(receiver, frame->bit_time);
    struct usart_frame seen =
        sampled(frame, usart_frame_bits(receiver), usart_bit_time(receiver, 1), inverted);
    seen.count = frame->count;
    usart_take(receiver, seen);
}

void usart_line_begin(struct usart *usart)
{
    if (usart->joined && reaches_other_end(usart))
        hear_start(usart->joined);
    if (REG(&usart->block, CR3) & CR3_HDSEL)
        hear_start(usart);
}

static void tell_peer(const struct usart *usart, const struct usart_frame *frame)
{
    unsigned parity = REG(&usart->block, CR1) & CR1_PCE ? 1 : 0;
    struct usart_frame seen = *frame;
    if (has(usart, CR2_TXINV))
        seen = sampled(frame, frame->count, frame->bit_time / 2, true);
    usart->peer.receive(usart->peer.ctx, seen.bits & ones(frame->count - parity));
}

void usart_line_carry(struct usart *usart, const struct usart_frame *frame)
{
    bool reaches = reaches_other_end(usart), inverted = has(usart, CR2_TXINV);
    if (usart->joined && reaches)
        hear(usart->joined, frame, inverted != has(usart->joined, CR2_RXINV));
    if (REG(&usart->block, CR3) & CR3_HDSEL && usart->joined != usart)
        hear(usart, frame,
             inverted != has(usart, CR2_RXINV)); /* one wire: it hears itself (51.5.15) */
    if (!frame->is_break && usart->peer.receive && reaches)
        tell_peer(usart, frame);
}

/* ---- A peer at the other end ---- */

void usart_line_next(struct usart *usart)
{
    if (!usart->incoming_count || event_pending(&usart->received) ||
        !usart_enabled(usart, CR1_RE) || !reaches_other_end(usart))
        return;
    sim_time time = usart_frame_time(usart);
    if (time == SIM_NEVER || !time)
        return;
    event_in(usart_events(usart), &usart->received, time);
    usart_start_bit(usart);
}

void usart_line_received(void *ctx)
{
    struct usart *usart = ctx;
    uint8_t byte = usart->incoming[usart->incoming_first++];
    usart->incoming_count--;
    struct usart_frame frame = usart_to_line(usart, byte, false);
    if (has(usart, CR2_RXINV)) {
        frame.bit_time = usart_bit_time(usart, 2);
        frame = sampled(&frame, frame.count, frame.bit_time / 2, true);
    }
    usart_take(usart, frame);
    usart_line_next(usart);
    usart_update(usart);
}

static struct usart *named(struct soc *soc, const char *name)
{
    struct block *block = soc_block(soc, name);
    return block && block->class == &usart_class ? (struct usart *)block : NULL;
}

bool usart_attach(struct soc *soc, const char *name, const struct usart_peer *peer)
{
    struct usart *usart = named(soc, name);
    if (usart)
        usart->peer = *peer;
    return usart != NULL;
}

bool usart_join(struct soc *soc, const char *one, const char *other)
{
    struct usart *a = named(soc, one), *b = named(soc, other);
    if (!a || !b || a->joined || b->joined)
        return false;
    a->joined = b;
    b->joined = a;
    return true;
}

static bool make_room(struct usart *usart, size_t count)
{
    if (usart->incoming_first) {
        memmove(usart->incoming, &usart->incoming[usart->incoming_first], usart->incoming_count);
        usart->incoming_first = 0;
    }
    size_t wanted = usart->incoming_count + count;
    if (wanted <= usart->incoming_capacity)
        return true;
    uint8_t *grown = realloc(usart->incoming, 2 * wanted);
    if (!grown)
        return false;
    usart->incoming = grown;
    usart->incoming_capacity = 2 * wanted;
    return true;
}

bool usart_send(struct soc *soc, const char *name, const uint8_t *bytes, size_t count)
{
    struct usart *usart = named(soc, name);
    if (!usart || !make_room(usart, count))
        return false;
    memcpy(&usart->incoming[usart->incoming_count], bytes, count);
    usart->incoming_count += count;
    usart_line_next(usart);
    usart_update(usart);
    return true;
}
