#include "sim/host/guest.h"

#include "sim/host/info.h"
#include "sim/host/memory_map.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *core_name(enum soc_core core)
{
    return core == SOC_CM7 ? "Cortex-M7" : "Cortex-M4";
}

/* The bundled firmware lies beside the program: build/duet, build/firmware/camera/cm7.elf. */
static bool bundled_path(char *path, size_t size, const char *name, struct failure *failure)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = 0;
    int needed = snprintf(path, size, "%s/firmware/camera/%s", program, name);
    if (needed < 0 || (size_t)needed >= size)
        return failed(failure, "%s: the path is too long", program);
    if (access(path, R_OK) == 0)
        return true;
    return failed(failure,
                  "%s: the bundled firmware is missing; build it (make), or give --cm7 and "
                  "--cm4",
                  path);
}

/* A core's own image given as the other's is most likely a slip of the pen. */
static void note_wrong_core(const struct image *image, enum soc_core core)
{
    struct image_target target;
    image_target(image, &target);
    bool wrong = core == SOC_CM7 ? target.core == TARGET_CM4 : target.core == TARGET_CM7;
    if (wrong)
        fprintf(stderr, "duet: note: %s was given for the %s, but %s\n", image->path,
                core_name(core), target.reason);
}

static bool read_core(struct guest *guest, const char *path, enum soc_core core,
                      struct failure *failure)
{
    if (!path)
        return true;
    if (!image_read_elf(&guest->images[guest->count], path, failure))
        return failed_in(failure, core == SOC_CM7 ? "--cm7" : "--cm4");
    note_wrong_core(&guest->images[guest->count++], core);
    return true;
}

/* Does an image say what a core boots (as shipped)? */
static bool boots_something(const struct guest *guest)
{
    uint32_t vectors[2];
    for (size_t n = 0; n < guest->count; n++)
        if (image_bytes(&guest->images[n], 0x08000000, vectors, sizeof vectors) ||
            image_bytes(&guest->images[n], 0x08100000, vectors, sizeof vectors))
            return true;
    return false;
}

static bool read_bundled(struct guest *guest, struct failure *failure)
{
    char cm7[PATH_MAX], cm4[PATH_MAX];
    return bundled_path(cm7, sizeof cm7, "cm7.elf", failure) &&
           bundled_path(cm4, sizeof cm4, "cm4.elf", failure) &&
           read_core(guest, cm7, SOC_CM7, failure) && read_core(guest, cm4, SOC_CM4, failure);
}

static bool read_all(struct guest *guest, const struct options *options, struct failure *failure)
{
    if (!read_core(guest, options->cm7, SOC_CM7, failure) ||
        !read_core(guest, options->cm4, SOC_CM4, failure))
        return false;
    for (size_t n = 0; n < options->loads.count; n++) {
        if (!image_read_spec(&guest->images[guest->count], options->loads.items[n], failure))
            return failed_in(failure, "--load");
        guest->count++;
    }
    if (!options->cm7 && !options->cm4 && !boots_something(guest))
        return read_bundled(guest, failure);
    return true;
}

static bool check(const struct guest *guest, struct failure *failure)
{
    for (size_t n = 0; n < guest->count; n++)
        if (!image_fits(&guest->images[n], failure))
            return false;
    return images_disjoint(guest->images, guest->count, failure);
}

/* Images for the core first, then those for either, then the other core's. */
static void order_symbols(struct guest *guest)
{
    for (unsigned core = 0; core < SOC_CORES; core++) {
        size_t count = 0;
        for (unsigned rank = 0; rank < 3; rank++)
            for (size_t n = 0; n < guest->count; n++) {
                struct image_target target;
                image_target(&guest->images[n], &target);
                bool own = core == SOC_CM7 ? target.core == TARGET_CM7 : target.core == TARGET_CM4;
                unsigned its = own ? 0 : target.core == TARGET_EITHER ? 1 : 2;
                if (its == rank)
                    guest->order[core][count++] = &guest->symbols[n];
            }
    }
}

bool guest_read(struct guest *guest, const struct options *options, struct failure *failure)
{
    *guest = (struct guest){.count = 0};
    if (!read_all(guest, options, failure) || !check(guest, failure)) {
        guest_free(guest);
        return false;
    }
    for (size_t n = 0; n < guest->count; n++)
        symbols_open(&guest->symbols[n], &guest->images[n]);
    order_symbols(guest);
    return true;
}

void guest_free(struct guest *guest)
{
    for (size_t n = 0; n < guest->count; n++) {
        symbols_close(&guest->symbols[n]);
        image_free(&guest->images[n]);
    }
    guest->count = 0;
}

bool guest_load(const struct guest *guest, struct machine *machine, struct failure *failure)
{
    for (size_t n = 0; n < guest->count; n++)
        for (size_t m = 0; m < guest->images[n].piece_count; m++) {
            const struct image_piece *piece = &guest->images[n].pieces[m];
            if (!machine_load(machine, piece->address, piece->bytes, piece->length))
                return failed(failure, "%s: nothing can be loaded at 0x%08x; link it for the flash",
                              guest->images[n].path, piece->address);
        }
    return true;
}

void guest_describe(struct guest *guest, enum soc_core core, uint32_t address, char *text,
                    size_t size)
{
    symbols_describe(guest->order[core], guest->count, address, text, size);
}

bool guest_object(const struct guest *guest, uint32_t address, char *text, size_t size)
{
    return symbols_describe_object(guest->order[SOC_CM7], guest->count, address, text, size);
}

bool guest_unwind(struct guest *guest, enum soc_core core, uint32_t registers[16],
                  const struct unwind_memory *memory)
{
    for (size_t n = 0; n < guest->count; n++)
        if (symbols_unwind(guest->order[core][n], registers, memory))
            return true;
    return false;
}

bool guest_knows_function(const struct guest *guest, uint32_t address)
{
    for (size_t n = 0; n < guest->count; n++)
        if (symbols_function(&guest->symbols[n], address))
            return true;
    return false;
}
