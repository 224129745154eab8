#include "sim/host/image.h"

#include "sim/host/number.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool image_add_piece(struct image *image, uint32_t address, const uint8_t *bytes, uint32_t length,
                     struct failure *failure)
{
    struct image_piece *pieces =
        realloc(image->pieces, (image->piece_count + 1) * sizeof *image->pieces);
    if (!pieces)
        return failed(failure, "out of memory");
    image->pieces = pieces;
    pieces[image->piece_count++] = (struct image_piece){address, length, bytes};
    return true;
}

static int by_address(const void *a, const void *b)
{
    const struct image_piece *left = a, *right = b;
    return left->address < right->address ? -1 : left->address > right->address;
}

static bool sort_pieces(struct image *image, struct failure *failure)
{
    if (image->piece_count == 0)
        return failed(failure, "holds nothing to load; link it with code in the flash");
    qsort(image->pieces, image->piece_count, sizeof *image->pieces, by_address);
    for (size_t n = 1; n < image->piece_count; n++) {
        const struct image_piece *last = &image->pieces[n - 1], *next = &image->pieces[n];
        if ((uint64_t)last->address + last->length > next->address)
            return failed(failure, "gives the byte at 0x%08x twice; its parts overlap",
                          next->address);
    }
    return true;
}

static bool looks_like_hex(const struct file *file)
{
    if (file->size < 11 || file->bytes[0] != ':')
        return false;
    for (size_t n = 1; n < 11; n++)
        if (!strchr("0123456789abcdefABCDEF", file->bytes[n]) || !file->bytes[n])
            return false;
    return true;
}

static bool parse_raw(struct image *image, const uint32_t *address, struct failure *failure)
{
    image->format = IMAGE_RAW;
    if (!address)
        return failed(failure,
                      "is neither ELF nor Intel HEX; raw bytes need an address: %s@0x08000000",
                      image->path);
    if (image->file.size == 0)
        return failed(failure, "is empty; there is nothing to load");
    if (*address + (uint64_t)image->file.size > UINT64_C(1) << 32)
        return failed(failure, "does not fit below 4 GB at 0x%08x", *address);
    return image_add_piece(image, *address, image->file.bytes, (uint32_t)image->file.size, failure);
}

static bool parse(struct image *image, const uint32_t *address, struct failure *failure)
{
    bool elf = image->file.size >= 4 && memcmp(image->file.bytes, "\177ELF", 4) == 0;
    bool hex = !elf && !address && looks_like_hex(&image->file);
    if (elf && address)
        return failed(failure, "is an ELF, which has its own addresses; leave out @0x%08x",
                      *address);
    bool done = elf   ? image_parse_elf(image, failure)
                : hex ? image_parse_hex(image, failure)
                      : parse_raw(image, address, failure);
    return done && sort_pieces(image, failure);
}

static bool open_image(struct image *image, const char *path, struct failure *failure)
{
    *image = (struct image){0};
    if (!file_read(&image->file, path, failure))
        return false;
    image->path = strdup(path);
    if (image->path)
        return true;
    file_free(&image->file);
    return failed(failure, "%s: out of memory", path);
}

bool image_read(struct image *image, const char *path, const uint32_t *address,
                struct failure *failure)
{
    if (!open_image(image, path, failure))
        return false;
    if (parse(image, address, failure))
        return true;
    image_free(image);
    return failed_in(failure, path);
}

bool image_read_elf(struct image *image, const char *path, struct failure *failure)
{
    if (!open_image(image, path, failure))
        return false;
    bool elf = image->file.size >= 4 && memcmp(image->file.bytes, "\177ELF", 4) == 0;
    if (elf ? parse(image, NULL, failure)
            : failed(failure, "is not an ELF; for Intel HEX or raw bytes use --load"))
        return true;
    image_free(image);
    return failed_in(failure, path);
}

bool image_read_spec(struct image *image, const char *spec, struct failure *failure)
{
    const char *at = strrchr(spec, '@');
    if (!at || access(spec, F_OK) == 0) /* a file may have an @ in its name */
        return image_read(image, spec, NULL, failure);
    uint32_t address;
    if (!parse_address(at + 1, &address))
        return failed(failure, "%s: '%s' is no address; write FILE@0x08000000", spec, at + 1);
    char *path = strndup(spec, (size_t)(at - spec));
    bool done =
        path ? image_read(image, path, &address, failure) : failed(failure, "out of memory");
    free(path);
    return done;
}

void image_free(struct image *image)
{
    free(image->path);
    free(image->pieces);
    free(image->decoded);
    file_free(&image->file);
    *image = (struct image){0};
}

/* Both lists are sorted, so one pass over the two finds the first byte that both want. */
static bool disjoint(const struct image *a, const struct image *b, struct failure *failure)
{
    for (size_t n = 0, m = 0; n < a->piece_count && m < b->piece_count;) {
        const struct image_piece *p = &a->pieces[n], *q = &b->pieces[m];
        uint64_t p_end = (uint64_t)p->address + p->length, q_end = (uint64_t)q->address + q->length;
        uint32_t start = p->address > q->address ? p->address : q->address;
        if (p_end > start && q_end > start)
            return failed(failure, "%s and %s overlap at 0x%08x; load one, or link them apart",
                          a->path, b->path, start);
        if (p_end <= q_end)
            n++;
        else
            m++;
    }
    return true;
}

bool images_disjoint(const struct image *images, size_t count, struct failure *failure)
{
    for (size_t n = 0; n < count; n++)
        for (size_t m = n + 1; m < count; m++)
            if (!disjoint(&images[n], &images[m], failure))
                return false;
    return true;
}

bool image_bytes(const struct image *image, uint32_t address, void *bytes, uint32_t length)
{
    for (size_t n = 0; n < image->piece_count; n++) {
        const struct image_piece *piece = &image->pieces[n];
        if (address < piece->address || address - piece->address > piece->length ||
            piece->length - (address - piece->address) < length)
            continue;
        memcpy(bytes, piece->bytes + (address - piece->address), length);
        return true;
    }
    return false;
}
