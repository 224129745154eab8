/* libFuzzer: any bytes as a file. Loaders, symbols and `duet info` must live with all of them. */
#include "sim/host/image.h"
#include "sim/host/info.h"
#include "sim/host/memory_map.h"
#include "sim/host/symbols.h"

#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void look_at(const struct image *image)
{
    struct failure failure;
    struct image_target target;
    struct symbols symbols, *table = &symbols;
    char text[600];
    image_fits(image, &failure);
    image_target(image, &target);
    symbols_open(&symbols, image);
    symbols_describe(&table, 1, image->pieces[0].address, text, sizeof text);
    symbols_close(&symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char path[64];
    struct image image;
    struct failure failure;
    if (!*path)
        snprintf(path, sizeof path, "/dev/shm/duet_fuzz_%d", (int)getpid());
    FILE *file = fopen(path, "wb");
    if (!file)
        return 0;
    fwrite(bytes, 1, size, file);
    fclose(file);
    if (image_read(&image, path, NULL, &failure)) {
        look_at(&image);
        image_free(&image);
    }
    unlink(path);
    return 0;
}
