#include "sim/host/resample.h"

#include <stdlib.h>

enum { WEIGHT_BITS = 14, MIDDLE_BITS = 6 }; /* fractions of weights, and of the pass between */

/* One axis: for each output pixel, which inputs and with what weight. */
struct axis {
    unsigned taps; /* a pixel's share in `weights` */
    unsigned *first;
    int32_t *weights;
};

static double absolute(double x)
{
    return x < 0 ? -x : x;
}

/* Catmull-Rom: Keys' cubic with a = -1/2. */
static double cubic(double x)
{
    x = absolute(x);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/* Weights of one output pixel as whole numbers that sum to exactly 1 << WEIGHT_BITS. */
static void quantise(const double *weights, unsigned count, int32_t *to)
{
    double sum = 0;
    int32_t left = 1 << WEIGHT_BITS;
    unsigned largest = 0;
    for (unsigned n = 0; n < count; n++)
        sum += weights[n];
    for (unsigned n = 0; n < count; n++) {
        double scaled = weights[n] / sum * (1 << WEIGHT_BITS);
        to[n] = (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        left -= to[n];
        if (to[n] > to[largest])
            largest = n;
    }
    to[largest] += left;
}

/* Source pixels `start` to start + length (real numbers) become `count`; edges are repeated. */
static bool axis_create(struct axis *axis, unsigned size, double start, double length,
                        unsigned count)
{
    double step = length / count, width = step > 1 ? step : 1;
    axis->taps = (unsigned)(4 * width) + 3;
    axis->first = calloc(count, sizeof *axis->first);
    axis->weights = calloc((size_t)count * axis->taps, sizeof *axis->weights);
    double *weights = calloc(axis->taps, sizeof *weights);
    bool done = axis->first && axis->weights && weights;
    for (unsigned n = 0; done && n < count; n++) {
        double centre = start + (n + 0.5) * step;
        double low = centre - 2 * width, high = centre + 2 * width;
        unsigned first = low < 0 ? 0 : (unsigned)low;
        unsigned last = high > size - 1 ? size - 1 : (unsigned)high;
        unsigned taps = last - first + 1;
        for (unsigned t = 0; t < taps; t++)
            weights[t] = cubic((first + t + 0.5 - centre) / width);
        axis->first[n] = first;
        quantise(weights, taps, &axis->weights[(size_t)n * axis->taps]);
    }
    free(weights);
    return done;
}

static void axis_free(struct axis *axis)
{
    free(axis->first);
    free(axis->weights);
}

static unsigned taps_of(const struct axis *axis, unsigned n, unsigned size)
{
    unsigned left = size - axis->first[n];
    return left < axis->taps ? left : axis->taps;
}

/* Output row `n` across the whole source width, with MIDDLE_BITS of fraction: whole rows are summed,
 * which compilers turn into vector code, and a shrinking picture leaves fewer rows to the other pass. */
static void down(const struct axis *axis, const struct picture *from, unsigned n,
                 int32_t *restrict sums, int16_t *restrict to)
{
    unsigned taps = taps_of(axis, n, from->height), length = from->width * 3;
    const int32_t *weights = &axis->weights[(size_t)n * axis->taps];
    const uint8_t *row = from->rgb + (size_t)axis->first[n] * length;
    for (unsigned x = 0; x < length; x++)
        sums[x] = 1 << (WEIGHT_BITS - MIDDLE_BITS - 1);
    for (unsigned t = 0; t < taps; t++, row += length) {
        const int16_t weight = (int16_t)weights[t]; /* at most some 1.2, so it fits */
        for (unsigned x = 0; weight && x < length; x++)
            sums[x] += weight * (int16_t)row[x];
    }
    for (unsigned x = 0; x < length; x++)
        to[x] = (int16_t)(sums[x] >> (WEIGHT_BITS - MIDDLE_BITS));
}

static void across(const struct axis *axis, const int16_t *row, unsigned size, unsigned count,
                   uint8_t *to)
{
    const int shift = WEIGHT_BITS + MIDDLE_BITS;
    for (unsigned n = 0; n < count; n++, to += 3) {
        const int32_t *weights = &axis->weights[(size_t)n * axis->taps];
        const int16_t *from = row + (size_t)axis->first[n] * 3;
        unsigned taps = taps_of(axis, n, size);
        int32_t sum[3] = {1 << (shift - 1), 1 << (shift - 1), 1 << (shift - 1)};
        for (unsigned t = 0; t < taps; t++, from += 3)
            for (unsigned c = 0; c < 3; c++)
                sum[c] += weights[t] * from[c];
        for (unsigned c = 0; c < 3; c++) {
            int32_t value = sum[c] >> shift;
            to[c] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

struct crop {
    double x, y, width, height;
};

static struct crop crop_to_fill(const struct picture *picture, unsigned width, unsigned height)
{
    struct crop crop = {0, 0, picture->width, picture->height};
    if ((uint64_t)picture->width * height > (uint64_t)picture->height * width)
        crop.width = (double)picture->height * width / height;
    else
        crop.height = (double)picture->width * height / width;
    crop.x = (picture->width - crop.width) / 2;
    crop.y = (picture->height - crop.height) / 2;
    return crop;
}

bool resample_to_fill(const struct picture *picture, unsigned width, unsigned height, uint8_t *rgb)
{
    struct crop crop = crop_to_fill(picture, width, height);
    struct axis horizontal = {0}, vertical = {0};
    int16_t *row = malloc((size_t)picture->width * 3 * sizeof *row);
    int32_t *sums = malloc((size_t)picture->width * 3 * sizeof *sums);
    bool done = row && sums &&
                axis_create(&horizontal, picture->width, crop.x, crop.width, width) &&
                axis_create(&vertical, picture->height, crop.y, crop.height, height);
    for (unsigned y = 0; done && y < height; y++) {
        down(&vertical, picture, y, sums, row);
        across(&horizontal, row, picture->width, width, rgb + (size_t)y * width * 3);
    }
    axis_free(&horizontal);
    axis_free(&vertical);
    free(sums);
    free(row);
    return done;
}
