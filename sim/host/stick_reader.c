#define _GNU_SOURCE
#include "sim/host/stick_reader.h"

#include "sim/host/json.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What FatFs calls its drives by comes in here. */
#include <ff.h>

#include <diskio.h>

enum { DEPTH_MAX = 16, FILES_MAX = 2000, PATH_SIZE = 1024 };

struct stick_reader {
    unsigned drive;
    int descriptor;
    uint32_t sector_size;
    uint64_t sectors;
    FATFS volume;
    FIL file;
};

static struct stick_reader *drives[FF_VOLUMES];

/* ---- What FatFs wants of a drive ---- */

DSTATUS disk_initialize(BYTE drive)
{
    return disk_status(drive);
}

DSTATUS disk_status(BYTE drive)
{
    return drive < FF_VOLUMES && drives[drive] ? STA_PROTECT : STA_NOINIT;
}

DRESULT disk_read(BYTE drive, BYTE *bytes, LBA_t sector, UINT count)
{
    const struct stick_reader *reader = drives[drive];
    if (sector >= reader->sectors || count > reader->sectors - sector)
        return RES_PARERR;
    size_t size = (size_t)count * reader->sector_size;
    ssize_t got = pread(reader->descriptor, bytes, size, (off_t)(sector * reader->sector_size));
    return got == (ssize_t)size ? RES_OK : RES_ERROR;
}

DRESULT disk_write(BYTE drive, const BYTE *bytes, LBA_t sector, UINT count)
{
    (void)drive, (void)bytes, (void)sector, (void)count;
    return RES_WRPRT;
}

DRESULT disk_ioctl(BYTE drive, BYTE command, void *answer)
{
    const struct stick_reader *reader = drives[drive];
    if (command == GET_SECTOR_SIZE)
        *(WORD *)answer = (WORD)reader->sector_size;
    else if (command == GET_SECTOR_COUNT)
        *(LBA_t *)answer = reader->sectors;
    else
        return command == CTRL_SYNC ? RES_OK : RES_PARERR;
    return RES_OK;
}

/* ---- Readers ---- */

static bool in_words(FRESULT result, const char *path, struct failure *failure)
{
    const char *what = result == FR_NO_FILESYSTEM ? "has no FAT or exFAT file system"
                       : result == FR_NO_FILE || result == FR_NO_PATH  ? "there is no such file"
                       : result == FR_INVALID_NAME                     ? "is no name of a file"
                       : result == FR_DISK_ERR || result == FR_INT_ERR ? "cannot be read"
                                                                       : "cannot be opened";
    return result == FR_OK || failed(failure, "%s: %s", path, what);
}

static void full_path(const struct stick_reader *reader, const char *path, char to[PATH_SIZE])
{
    snprintf(to, PATH_SIZE, "%u:%s%s", reader->drive, *path == '/' ? "" : "/", path);
}

static unsigned free_drive(void)
{
    unsigned drive = 0;
    while (drive < FF_VOLUMES && drives[drive])
        drive++;
    return drive;
}

struct stick_reader *stick_reader_open(int descriptor, uint32_t sector_size, uint64_t sectors,
                                       struct failure *failure)
{
    char root[PATH_SIZE];
    unsigned drive = free_drive();
    struct stick_reader *reader = drive < FF_VOLUMES ? calloc(1, sizeof *reader) : NULL;
    if (!reader) {
        failed(failure, "too many files of the stick are being read; try again");
        return NULL;
    }
    reader->drive = drive;
    reader->descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    reader->sector_size = sector_size;
    reader->sectors = sectors;
    drives[drive] = reader;
    full_path(reader, "", root);
    if (in_words(f_mount(&reader->volume, root, 1), "the stick", failure))
        return reader;
    stick_reader_close(reader);
    return NULL;
}

void stick_reader_close(struct stick_reader *reader)
{
    char root[PATH_SIZE];
    if (!reader)
        return;
    full_path(reader, "", root);
    f_mount(NULL, root, 0);
    drives[reader->drive] = NULL;
    if (reader->descriptor >= 0)
        close(reader->descriptor);
    free(reader);
}

/* ---- The list ---- */

struct listing {
    struct stick_reader *reader;
    FILE *to;
    unsigned count;
    bool more;
};

static void write_entry(struct listing *listing, const char *path, const FILINFO *info)
{
    fprintf(listing->to, "%s{\"path\":\"", listing->count++ ? "," : "");
    json_write_string(listing->to, (const uint8_t *)path, strlen(path));
    if (info->fattrib & AM_DIR)
        fputs("\",\"folder\":true}", listing->to);
    else
        fprintf(listing->to, "\",\"size\":%" PRIu64 "}", (uint64_t)info->fsize);
}

static bool is_shown(const FILINFO *info)
{
    return !(info->fattrib & (AM_SYS | AM_HID)) && info->fname[0] != '.';
}

static FRESULT list_folder(struct listing *listing, const char *path, unsigned depth)
{
    char full[PATH_SIZE], below[PATH_SIZE];
    DIR folder;
    FILINFO info;
    full_path(listing->reader, path, full);
    FRESULT result = f_opendir(&folder, full);
    if (result != FR_OK)
        return result;
    while ((result = f_readdir(&folder, &info)) == FR_OK && info.fname[0]) {
        int length = snprintf(below, sizeof below, "%s%s%s", path, *path ? "/" : "", info.fname);
        if (!is_shown(&info))
            continue;
        if (listing->count == FILES_MAX || length >= PATH_SIZE - 8) {
            listing->more = true;
            break;
        }
        write_entry(listing, below, &info);
        if ((info.fattrib & AM_DIR) && depth == DEPTH_MAX)
            listing->more = true;
        else if (info.fattrib & AM_DIR)
            list_folder(listing, below, depth + 1); /* the others are shown without a broken one */
    }
    f_closedir(&folder);
    return result;
}

static void write_volume(struct stick_reader *reader, FILE *to)
{
    char root[PATH_SIZE], label[64] = "";
    DWORD free_clusters = 0;
    FATFS *volume = &reader->volume;
    full_path(reader, "", root);
    uint64_t cluster = (uint64_t)volume->csize * volume->ssize;
    f_getlabel(root, label, NULL);
    f_getfree(root, &free_clusters, &volume);
    fputs("\"label\":\"", to);
    json_write_string(to, (const uint8_t *)label, strlen(label));
    fprintf(to, "\",\"size\":%" PRIu64 ",\"free\":%" PRIu64,
            (reader->volume.n_fatent - 2) * cluster, free_clusters * cluster);
}

bool stick_reader_list(struct stick_reader *reader, FILE *to, struct failure *failure)
{
    struct listing listing = {.reader = reader, .to = to};
    fputs("{\"files\":[", to);
    bool done = in_words(list_folder(&listing, "", 0), "the stick", failure);
    fprintf(to, "],\"more\":%s,", listing.more ? "true" : "false");
    write_volume(reader, to);
    fputs("}", to);
    return done;
}

/* ---- One file ---- */

bool stick_reader_find(struct stick_reader *reader, const char *path, uint64_t *size,
                       struct failure *failure)
{
    char full[PATH_SIZE];
    if (strlen(path) >= PATH_SIZE - 8)
        return failed(failure, "the name is too long");
    full_path(reader, path, full);
    if (!in_words(f_open(&reader->file, full, FA_READ), path, failure))
        return false;
    *size = f_size(&reader->file);
    return true;
}

size_t stick_reader_read(struct stick_reader *reader, void *bytes, size_t size)
{
    UINT count = 0;
    return f_read(&reader->file, bytes, (UINT)size, &count) == FR_OK ? count : 0;
}
