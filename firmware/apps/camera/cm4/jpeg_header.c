#include "cm4/jpeg_header.h"

enum { SOI = 0xd8, SOF0 = 0xc0, DHT = 0xc4, JPG = 0xc8, DAC = 0xcc, SOS = 0xda };
enum { FRAME_BYTES = 15, COMPONENTS = 3 };

static uint32_t big16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* A frame of baseline: precision, height, width, then of each component its sampling. */
static bool take_frame(const uint8_t *frame, struct picture_shape *shape)
{
    uint8_t luma = frame[7];
    shape->height = (uint16_t)big16(frame + 1);
    shape->width = (uint16_t)big16(frame + 3);
    if (frame[0] != 8 || frame[5] != COMPONENTS || frame[10] != 0x11 || frame[13] != 0x11)
        return false;
    shape->chroma = luma == 0x11 ? SHAPE_444 : luma == 0x21 ? SHAPE_422 : SHAPE_420;
    return (luma == 0x11 || luma == 0x21 || luma == 0x22) && shape->width && shape->height;
}

static bool is_other_frame(uint8_t marker)
{
    return marker > SOF0 && marker <= 0xcf && marker != DHT && marker != JPG && marker != DAC;
}

bool jpeg_header(const uint8_t *bytes, uint32_t count, struct picture_shape *shape)
{
    if (count < 4 || bytes[0] != 0xff || bytes[1] != SOI)
        return false;
    for (uint32_t at = 2; at + 4 <= count && bytes[at] == 0xff;) {
        uint8_t marker = bytes[at + 1];
        uint32_t length = big16(&bytes[at + 2]);
        if (marker == SOF0 && length >= 2 + FRAME_BYTES && at + 4 + FRAME_BYTES <= count)
            return take_frame(&bytes[at + 4], shape);
        if (marker == SOS || is_other_frame(marker) || length < 2)
            return false;
        at += 2 + length;
    }
    return false;
}
