#include "cm4/volume.h"

#include "diskio.h"

#include <string.h>

static struct {
    FATFS fat;
    char label[STORAGE_LABEL_BYTES];
    DIR folder;
    FIL file;
    bool file_is_open;
} volume;

enum storage_status volume_trouble(void)
{
    DSTATUS status = disk_status(0);
    return status & STA_NODISK ? STORAGE_GONE : status & STA_NOINIT ? STORAGE_SLOW : STORAGE_BROKEN;
}

enum storage_status volume_status(FRESULT result)
{
    switch (result) {
    case FR_OK:
        return STORAGE_OK;
    case FR_NO_FILE:
    case FR_NO_PATH:
        return STORAGE_NOT_FOUND;
    case FR_INVALID_NAME:
    case FR_INVALID_DRIVE: /* a colon */
    case FR_INVALID_PARAMETER:
        return STORAGE_BAD_NAME;
    case FR_WRITE_PROTECTED:
        return STORAGE_READ_ONLY;
    case FR_DENIED:
        return STORAGE_FULL;
    case FR_LOCKED:
    case FR_TOO_MANY_OPEN_FILES:
        return STORAGE_IN_USE;
    case FR_NO_FILESYSTEM:
        return STORAGE_NOT_FORMATTED;
    case FR_NOT_READY:
    case FR_NOT_ENABLED:
    case FR_INVALID_OBJECT:
        return STORAGE_NO_STICK;
    default:
        return volume_trouble();
    }
}

/* FatFs counts what is free once, and from then on itself. */
enum storage_status volume_mount(void)
{
    struct volume_space space;
    volume.file_is_open = false;
    FRESULT result = f_mount(&volume.fat, "", 1);
    if (result == FR_OK)
        result = f_getlabel("", volume.label, NULL);
    return result == FR_OK ? volume_space(&space) : volume_status(result);
}

void volume_unmount(void)
{
    volume.file_is_open = false;
    f_unmount("");
}

static const char *type_name(void)
{
    switch (volume.fat.fs_type) {
    case FS_FAT12:
        return "FAT12";
    case FS_FAT16:
        return "FAT16";
    case FS_FAT32:
        return "FAT32";
    default:
        return "exFAT";
    }
}

enum storage_status volume_space(struct volume_space *space)
{
    DWORD clusters;
    FATFS *fat;
    FRESULT result = f_getfree("", &clusters, &fat);
    if (result != FR_OK)
        return volume_status(result);
    space->cluster = (uint32_t)fat->csize * fat->ssize;
    space->size = (uint64_t)(fat->n_fatent - 2) * space->cluster;
    space->free = (uint64_t)clusters * space->cluster;
    return STORAGE_OK;
}

enum storage_status volume_info(struct storage_info *info)
{
    struct volume_space space;
    enum storage_status status = volume_space(&space);
    if (status != STORAGE_OK)
        return status;
    info->type = type_name();
    info->size_bytes = space.size;
    info->free_bytes = space.free;
    info->is_read_only = disk_status(0) & STA_PROTECT;
    strcpy(info->label, volume.label);
    return STORAGE_OK;
}

/* FatFs knows one that is not open. */
void volume_close_folder(void)
{
    f_closedir(&volume.folder);
}

enum storage_status volume_open_folder(const char *path)
{
    FILINFO info;
    volume_close_folder();
    FRESULT result = f_opendir(&volume.folder, path);
    if (result == FR_NO_PATH && f_stat(path, &info) == FR_OK)
        return STORAGE_IS_FILE;
    return volume_status(result);
}

static void set_date(struct storage_entry *entry, WORD date, WORD time)
{
    entry->year = date ? (uint16_t)(1980 + (date >> 9)) : 0;
    entry->month = date >> 5 & 15;
    entry->day = date & 31;
    entry->hour = (uint8_t)(time >> 11);
    entry->minute = time >> 5 & 63;
}

_Static_assert(FF_LFN_BUF < STORAGE_NAME_BYTES, "a name has room");

/* One that is too long for FatFs itself, as UTF-8, comes as "?". */
const char *volume_name(const FILINFO *info, size_t room)
{
    bool fits = strlen(info->fname) < room && strcmp(info->fname, "?") != 0;
    return fits || !info->altname[0] ? info->fname : info->altname;
}

enum storage_status volume_next_entry(struct storage_entry *entry, char *name, bool *there)
{
    static FILINFO info;
    FRESULT result = f_readdir(&volume.folder, &info);
    *there = result == FR_OK && info.fname[0];
    if (!*there)
        return volume_status(result);
    strcpy(name, volume_name(&info, STORAGE_NAME_BYTES));
    entry->name = name;
    entry->bytes = info.fsize;
    entry->is_folder = info.fattrib & AM_DIR;
    set_date(entry, info.fdate, info.ftime);
    return STORAGE_OK;
}

enum storage_status volume_open_file(const char *path)
{
    FILINFO info;
    if (volume.file_is_open)
        return STORAGE_IN_USE;
    FRESULT result = f_stat(path, &info);
    if (result == FR_OK && info.fattrib & AM_DIR)
        return STORAGE_IS_FOLDER;
    if (result == FR_OK)
        result = f_open(&volume.file, path, FA_READ);
    volume.file_is_open = result == FR_OK;
    return volume_status(result);
}

enum storage_status volume_read(void *bytes, uint32_t count, uint32_t *taken)
{
    UINT got = 0;
    if (!volume.file_is_open)
        return STORAGE_NO_STICK;
    FRESULT result = f_read(&volume.file, bytes, count, &got);
    *taken = got;
    return volume_status(result);
}

void volume_close_file(void)
{
    if (volume.file_is_open)
        f_close(&volume.file);
    volume.file_is_open = false;
}

/* FatFs denies what is read-only, and a folder that is not empty: that is told apart here. */
enum storage_status volume_remove(const char *path)
{
    FILINFO info;
    FRESULT result = f_stat(path, &info);
    if (result != FR_OK)
        return volume_status(result);
    result = f_unlink(path);
    if (result != FR_DENIED)
        return volume_status(result);
    return info.fattrib & AM_RDO ? STORAGE_READ_ONLY : STORAGE_NOT_EMPTY;
}
