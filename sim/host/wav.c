#include "sim/host/wav.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 44, FRAME = 4, LONGEST = 0x7fffffff };

struct wav {
    FILE *file;
    const char *path;
    uint64_t frames;
    sim_time first, period; /* of the first frame; the others follow by this period */
};

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned n = 0; n < 4; n++)
        at[n] = (uint8_t)(value >> 8 * n);
}

/* RIFF, a format chunk for PCM, a data chunk. */
static void make_header(const struct wav *wav, uint8_t header[HEADER])
{
    static const uint8_t fixed[HEADER] =
        "RIFF....WAVEfmt \x10\0\0\0\x01\0\x02\0........\x04\0\x10\0data";
    uint32_t bytes = (uint32_t)(wav->frames * FRAME);
    uint32_t rate = wav->period ? (uint32_t)((SIM_S + wav->period / 2) / wav->period) : 48000;
    memcpy(header, fixed, HEADER);
    put32(header + 4, bytes + HEADER - 8);
    put32(header + 24, rate);
    put32(header + 28, rate * FRAME);
    put32(header + 40, bytes);
}

struct wav *wav_open(const char *path, struct failure *failure)
{
    uint8_t header[HEADER];
    struct wav *wav = calloc(1, sizeof *wav);
    if (!wav) {
        failed(failure, "out of memory");
        return NULL;
    }
    wav->path = path;
    wav->file = fopen(path, "wb");
    make_header(wav, header);
    if (wav->file && fwrite(header, 1, HEADER, wav->file) == HEADER)
        return wav;
    failed(failure, "--audio %s: cannot be written: %s", path, strerror(errno));
    if (wav->file)
        fclose(wav->file);
    free(wav);
    return NULL;
}

static void put_frame(struct wav *wav, int16_t left, int16_t right)
{
    const uint8_t bytes[FRAME] = {(uint8_t)left, (uint8_t)((uint16_t)left >> 8), (uint8_t)right,
                                  (uint8_t)((uint16_t)right >> 8)};
    if (wav->frames < LONGEST / FRAME && fwrite(bytes, 1, FRAME, wav->file) == FRAME)
        wav->frames++;
}

void wav_frame(struct wav *wav, sim_time time, sim_time period, int16_t left, int16_t right)
{
    if (!wav->period) {
        wav->first = time;
        wav->period = period;
    }
    uint64_t due = (time - wav->first + wav->period / 2) / wav->period;
    while (wav->frames < due && wav->frames < LONGEST / FRAME)
        put_frame(wav, 0, 0);
    put_frame(wav, left, right);
}

bool wav_close(struct wav *wav, struct failure *failure)
{
    uint8_t header[HEADER];
    if (!wav)
        return true;
    make_header(wav, header);
    bool good = !ferror(wav->file) && fseek(wav->file, 0, SEEK_SET) == 0 &&
                fwrite(header, 1, HEADER, wav->file) == HEADER;
    good = fclose(wav->file) == 0 && good;
    if (!good)
        failed(failure, "--audio %s: cannot be written: %s", wav->path, strerror(errno));
    free(wav);
    return good;
}
