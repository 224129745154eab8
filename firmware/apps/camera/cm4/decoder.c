#include "cm4/decoder.h"

#include "cm4/encoder.h"
#include "cm4/jpeg_header.h"
#include "drivers/jpeg.h"
#include "shared/link.h"
#include "tx_api.h"

#include <string.h>

/* A picture as large as the panel takes 10 ms. */
enum { PATIENCE_TICKS = 200, TURN_TICKS = 1000 };

_Static_assert(DECODER_STREAM_BYTES <= LINK_STREAMS_BYTES, "the stream's memory");

static struct {
    TX_MUTEX turn;
    TX_SEMAPHORE ended;
    volatile enum jpeg_result result;
} decoder;

void decoder_open(void)
{
    tx_mutex_create(&decoder.turn, (CHAR *)"decoder", TX_INHERIT);
    tx_semaphore_create(&decoder.ended, (CHAR *)"decoder ended", 0);
}

/* In the codec's interrupt. */
static void ended(enum jpeg_result result)
{
    decoder.result = result;
    tx_semaphore_put(&decoder.ended);
}

enum storage_status decoder_take(void)
{
    if (tx_mutex_get(&decoder.turn, TURN_TICKS) != TX_SUCCESS)
        return STORAGE_SLOW;
    if (encoder_lend(ended))
        return STORAGE_OK;
    tx_mutex_put(&decoder.turn);
    return STORAGE_RECORDING;
}

void decoder_give(void)
{
    encoder_take_back();
    tx_mutex_put(&decoder.turn);
}

uint8_t *decoder_memory(void)
{
    return LINK_STREAMS;
}

static bool fits_panel(const struct picture_shape *shape)
{
    return shape->width <= FRAME_WIDTH_MAX && shape->height <= FRAME_HEIGHT_MAX;
}

/* The codec's transfer begins at a multiple of 8, and what the recorder made is there. */
static uint8_t *aligned(uint8_t *stream, uint32_t bytes)
{
    uint32_t over = (uint32_t)stream % 8;
    if (over)
        memmove(stream - over, stream, bytes);
    return stream - over;
}

static bool decode(const uint8_t *stream, uint32_t bytes, uint8_t *units,
                   const struct picture_shape *shape)
{
    while (tx_semaphore_get(&decoder.ended, TX_NO_WAIT) == TX_SUCCESS)
        continue;
    if (!jpeg_decode(stream, bytes, units, shape_columns(shape) * shape_unit_bytes(shape),
                     shape_rows(shape)))
        return false;
    if (tx_semaphore_get(&decoder.ended, PATIENCE_TICKS) == TX_SUCCESS)
        return decoder.result == JPEG_DONE;
    jpeg_stop();
    return false;
}

enum storage_status decoder_decode(uint8_t *stream, uint32_t bytes, uint8_t *units, uint32_t room,
                                   struct picture_shape *shape)
{
    if (!jpeg_header(stream, bytes, shape))
        return STORAGE_NOT_A_FILM;
    if (!fits_panel(shape) || shape_bytes(shape) > room)
        return STORAGE_TOO_WIDE;
    return decode(aligned(stream, bytes), bytes, units, shape) ? STORAGE_OK : STORAGE_NOT_A_FILM;
}
