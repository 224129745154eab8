#include "cm4/encoder.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/link.h"
#include "tx_execution_profile.h"

_Static_assert(ENCODER_SLOTS *ENCODER_SLOT_BYTES <= LINK_STREAMS_BYTES, "the slots' memory");

void jpeg_handler(void);

static struct {
    TX_QUEUE unused, ready; /* numbers of slots */
    ULONG unused_numbers[ENCODER_SLOTS], ready_numbers[ENCODER_SLOTS];
    struct encoder_picture pictures[ENCODER_SLOTS];
    volatile int32_t wanted;
    struct encoder_picture *making; /* NULL: the codec is free */
    void (*done)(void);
    struct encoder_counts counts;
    bool is_set_up, has_tables;
    void (*volatile lent)(enum jpeg_result result); /* to a decoder; NULL: to nobody */
} encoder;

void encoder_open(void)
{
    tx_queue_create(&encoder.unused, (CHAR *)"slots", 1, encoder.unused_numbers,
                    sizeof encoder.unused_numbers);
    tx_queue_create(&encoder.ready, (CHAR *)"pictures", 1, encoder.ready_numbers,
                    sizeof encoder.ready_numbers);
    for (ULONG n = 0; n < ENCODER_SLOTS; n++) {
        encoder.pictures[n].head = LINK_STREAMS + n * ENCODER_SLOT_BYTES;
        encoder.pictures[n].slot = n;
        tx_queue_send(&encoder.unused, &n, TX_NO_WAIT);
    }
}

/* Decoding leaves other tables behind. */
static void set_up(void)
{
    if (!encoder.has_tables)
        jpeg_start(ENCODER_QUALITY);
    if (!encoder.is_set_up)
        irq_enable(IRQ_JPEG, 3);
    encoder.is_set_up = encoder.has_tables = true;
}

void encoder_want(int32_t frames)
{
    if (encoder.lent)
        return;
    set_up();
    encoder.wanted = frames;
}

bool encoder_lend(void (*ended)(enum jpeg_result result))
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    bool can = !encoder.wanted && !encoder.making && !encoder.lent;
    if (can)
        encoder.lent = ended;
    tx_interrupt_control(before);
    if (can)
        set_up();
    return can;
}

void encoder_take_back(void)
{
    encoder.has_tables = false;
    encoder.lent = NULL;
}

bool encoder_is_lent(void)
{
    return encoder.lent;
}

bool encoder_next(struct encoder_picture *picture, ULONG ticks)
{
    ULONG slot;
    if (tx_queue_receive(&encoder.ready, &slot, ticks) != TX_SUCCESS)
        return false;
    *picture = encoder.pictures[slot];
    return true;
}

void encoder_give_back(const struct encoder_picture *picture)
{
    ULONG slot = picture->slot;
    tx_queue_send(&encoder.unused, &slot, TX_NO_WAIT);
}

struct encoder_counts encoder_counts(void)
{
    return encoder.counts;
}

/* --- In interrupts --- */

static bool begin(struct encoder_picture *picture, const uint8_t *units, uint32_t width,
                  uint32_t height)
{
    picture->width = (uint16_t)width;
    picture->height = (uint16_t)height;
    return jpeg_encode(units, width, height, picture->head + ENCODER_HEAD,
                       ENCODER_SLOT_BYTES - ENCODER_HEAD - ENCODER_TAIL);
}

bool encoder_take_frame(const uint8_t *units, uint32_t width, uint32_t height, void (*done)(void))
{
    ULONG slot;
    if (!encoder.wanted)
        return false;
    if (encoder.making) {
        encoder.counts.busy++;
        return false;
    }
    if (tx_queue_receive(&encoder.unused, &slot, TX_NO_WAIT) != TX_SUCCESS) {
        encoder.counts.no_slot++;
        return false;
    }
    if (!begin(&encoder.pictures[slot], units, width, height)) {
        tx_queue_send(&encoder.unused, &slot, TX_NO_WAIT);
        return false;
    }
    if (encoder.wanted > 0)
        encoder.wanted = encoder.wanted - 1;
    encoder.making = &encoder.pictures[slot];
    encoder.done = done;
    return true;
}

static void after(enum jpeg_result result, uint32_t length)
{
    if (result == JPEG_NOTHING)
        return;
    if (encoder.lent) {
        encoder.lent(result);
        return;
    }
    struct encoder_picture *picture = encoder.making;
    ULONG slot = picture->slot;
    encoder.making = NULL;
    picture->length = length;
    if (result == JPEG_DONE)
        encoder.counts.pictures++;
    else
        encoder.counts.too_large++;
    tx_queue_send(result == JPEG_DONE ? &encoder.ready : &encoder.unused, &slot, TX_NO_WAIT);
    encoder.done();
}

void jpeg_handler(void)
{
    uint32_t length = 0;
    _tx_execution_isr_enter();
    enum jpeg_result result = jpeg_interrupt(&length);
    after(result, length);
    _tx_execution_isr_exit();
}

void encoder_mdma_interrupt(void)
{
    after(jpeg_mdma_interrupt(), 0);
}
