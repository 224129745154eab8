/*
 * The M4 looks after the USB connector: says what is plugged in, lists the stick's root, writes a file,
 * reads it again, and measures both.
 */
#include "shared/example.h"
#include "usb/usb_host.h"

#include "ff.h"

#include <string.h>

enum { PIECE = 32768, PIECES = 64 };

static FATFS volume;
static FIL file;
static uint8_t piece[PIECE] __attribute__((aligned(4), section(".sram1")));

static bool good(FRESULT result, const char *what)
{
    if (result != FR_OK)
        say("%s: FatFs error %d", what, (int)result);
    return result == FR_OK;
}

static void list_root(void)
{
    DIR folder;
    FILINFO info;
    if (!good(f_opendir(&folder, "/"), "root"))
        return;
    while (good(f_readdir(&folder, &info), "list") && info.fname[0])
        say("  %s%s %lu", info.fname, info.fattrib & AM_DIR ? "/" : "", (unsigned long)info.fsize);
    f_closedir(&folder);
}

static void fill_piece(unsigned number)
{
    for (unsigned n = 0; n < PIECE / 4; n++)
        ((uint32_t *)(void *)piece)[n] = number << 16 | n;
}

static bool piece_is(unsigned number)
{
    for (unsigned n = 0; n < PIECE / 4; n++)
        if (((uint32_t *)(void *)piece)[n] != (number << 16 | n))
            return false;
    return true;
}

/* Bytes a millisecond are kilobytes a second. */
static unsigned speed(uint32_t microseconds)
{
    return (unsigned)((uint64_t)PIECE * PIECES * 1000 / microseconds);
}

static bool write_file(void)
{
    UINT moved = 0;
    if (!good(f_open(&file, "/duet.bin", FA_WRITE | FA_CREATE_ALWAYS), "create"))
        return false;
    uint32_t busy = 0;
    for (unsigned n = 0; n < PIECES; n++) {
        fill_piece(n);
        uint32_t began = example_microseconds();
        if (!good(f_write(&file, piece, PIECE, &moved), "write") || moved != PIECE)
            return false;
        busy += example_microseconds() - began;
    }
    if (!good(f_close(&file), "close"))
        return false;
    say("wrote %u bytes, %u kB/s", PIECE * PIECES, speed(busy));
    return true;
}

static bool read_file(void)
{
    UINT moved = 0;
    uint32_t busy = 0;
    if (!good(f_open(&file, "/duet.bin", FA_READ), "open"))
        return false;
    for (unsigned n = 0; n < PIECES; n++) {
        uint32_t began = example_microseconds();
        if (!good(f_read(&file, piece, PIECE, &moved), "read") || moved != PIECE)
            return false;
        busy += example_microseconds() - began;
        if (!piece_is(n)) {
            say("piece %u is not what was written", n);
            return false;
        }
    }
    f_close(&file);
    say("read it, %u kB/s", speed(busy));
    return true;
}

static void use_stick(void)
{
    char label[36] = "";
    say("a stick of %lu sectors of %lu bytes", (unsigned long)stick_sectors(),
        (unsigned long)stick_sector_size());
    if (!good(f_mount(&volume, "", 1), "mount"))
        return;
    f_getlabel("", label, NULL);
    say("%s, label \"%s\"",
        volume.fs_type == FS_EXFAT   ? "exFAT"
        : volume.fs_type == FS_FAT32 ? "FAT32"
        : volume.fs_type == FS_FAT16 ? "FAT16"
                                     : "FAT12",
        label);
    list_root();
    if (write_file() && read_file())
        say("all is well");
    f_unmount("");
}

static void tell(enum usb_host_state state)
{
    static const char *const why[] = {"it is something else",
                                      "it is gone",
                                      "it does not answer",
                                      "there is no card in it",
                                      "it is write-protected",
                                      "it has bad sectors",
                                      "it refuses"};
    if (state == USB_HOST_EMPTY)
        say("nothing is plugged in");
    else if (state == USB_HOST_NO_STICK)
        say("that is no stick: %s", why[stick_last_error()]);
    else if (state == USB_HOST_STICK)
        use_stick();
}

int main(void)
{
    example_start();
    if (!usb_host_start())
        say("the USB core does not answer");
    for (enum usb_host_state told = USB_HOST_BUSY;;) {
        usb_host_run();
        enum usb_host_state state = usb_host_state();
        if (state != told)
            tell(told = state);
        usb_host_idle();
    }
}
