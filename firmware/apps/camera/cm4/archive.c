#include "cm4/archive.h"

#include "cm4/stick.h"

#include <string.h>

/* What storage_thread is asked, in its own words; between stick_begin() and stick_end(). */
static struct {
    FIL *file;
    BYTE mode;
    uint32_t at, count;
    void *bytes;
    FILINFO info;
} job;

static enum storage_status status_of(FRESULT result)
{
    switch (result) {
    case FR_OK:
        return STORAGE_OK;
    case FR_NO_FILE:
    case FR_NO_PATH:
        return STORAGE_NOT_FOUND;
    case FR_INVALID_NAME:
    case FR_INVALID_PARAMETER:
        return STORAGE_BAD_NAME;
    case FR_WRITE_PROTECTED:
        return STORAGE_READ_ONLY;
    case FR_DENIED:
        return STORAGE_FULL;
    case FR_NOT_READY:
    case FR_NOT_ENABLED:
    case FR_INVALID_OBJECT:
        return STORAGE_NO_STICK;
    default:
        return STORAGE_BROKEN;
    }
}

/* --- In storage_thread --- */

static enum storage_status run_open(struct stick_request *request)
{
    return status_of(f_open(job.file, request->path, job.mode));
}

static enum storage_status run_read(struct stick_request *request)
{
    UINT taken = 0;
    FRESULT result = FR_OK;
    if (f_tell(job.file) != job.at)
        result = f_lseek(job.file, job.at);
    if (result == FR_OK)
        result = f_read(job.file, job.bytes, job.count, &taken);
    request->count = taken;
    return status_of(result);
}

static enum storage_status run_write(struct stick_request *request)
{
    UINT written = 0;
    FRESULT result = f_write(job.file, job.bytes, job.count, &written);
    (void)request;
    return result == FR_OK && written < job.count ? STORAGE_FULL : status_of(result);
}

static enum storage_status run_close(struct stick_request *request)
{
    (void)request;
    return status_of(f_close(job.file));
}

static enum storage_status run_stat(struct stick_request *request)
{
    return status_of(f_stat(request->path, &job.info));
}

/* --- For the callers --- */

static enum storage_status ask(struct stick_request *request, const char *path,
                               enum storage_status (*run)(struct stick_request *request))
{
    enum storage_status status = STORAGE_BAD_NAME;
    if (strlen(path) < sizeof request->path) {
        strcpy(request->path, path);
        status = stick_do(request, run);
    }
    return status;
}

enum storage_status archive_open(struct archive_file *file, const char *path,
                                 enum archive_mode mode)
{
    if (file->is_open)
        archive_close(file);
    struct stick_request *request = stick_begin();
    if (!request)
        return STORAGE_SLOW;
    job.file = &file->file;
    job.mode = mode == ARCHIVE_WRITE ? FA_WRITE | FA_CREATE_ALWAYS : FA_READ;
    enum storage_status status = ask(request, path, run_open);
    file->is_open = status == STORAGE_OK;
    stick_end();
    return status;
}

/* What is done with an open file's bytes. */
static enum storage_status move(struct archive_file *file, uint32_t at, void *bytes, uint32_t count,
                                enum storage_status (*run)(struct stick_request *request),
                                uint32_t *moved)
{
    struct stick_request *request = file->is_open ? stick_begin() : NULL;
    if (!request)
        return file->is_open ? STORAGE_SLOW : STORAGE_NO_STICK;
    job.file = &file->file;
    job.at = at;
    job.bytes = bytes;
    job.count = count;
    enum storage_status status = stick_do(request, run);
    *moved = status == STORAGE_OK ? request->count : 0;
    stick_end();
    return status;
}

enum storage_status archive_read(struct archive_file *file, uint32_t at, void *bytes,
                                 uint32_t count, uint32_t *taken)
{
    *taken = 0;
    return move(file, at, bytes, count, run_read, taken);
}

enum storage_status archive_write(struct archive_file *file, const void *bytes, uint32_t count)
{
    uint32_t moved;
    return move(file, 0, (void *)bytes, count, run_write, &moved);
}

enum storage_status archive_close(struct archive_file *file)
{
    uint32_t moved;
    enum storage_status status = move(file, 0, NULL, 0, run_close, &moved);
    file->is_open = false;
    return status;
}

static void set_date(struct archive_entry *entry, WORD date, WORD time)
{
    entry->year = date ? (uint16_t)(1980 + (date >> 9)) : 0;
    entry->month = date >> 5 & 15;
    entry->day = date & 31;
    entry->hour = (uint8_t)(time >> 11);
    entry->minute = time >> 5 & 63;
}

enum storage_status archive_stat(const char *path, struct archive_entry *entry)
{
    struct stick_request *request = stick_begin();
    if (!request)
        return STORAGE_SLOW;
    enum storage_status status = ask(request, path, run_stat);
    if (status == STORAGE_OK) {
        strncpy(entry->name, job.info.fname, sizeof entry->name - 1);
        entry->name[sizeof entry->name - 1] = 0;
        entry->bytes = job.info.fsize < UINT32_MAX ? (uint32_t)job.info.fsize : UINT32_MAX;
        entry->is_folder = job.info.fattrib & AM_DIR;
        set_date(entry, job.info.fdate, job.info.ftime);
    }
    stick_end();
    return status;
}

/* --- Lists: once through the folder to count, and once more to take --- */

struct listing {
    bool shown;
    uint32_t seen, first, end; /* entries; those from `first` to `end` are taken, the last first */
    struct archive_entry *entries;
};

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

static bool belongs(const struct listing *listing, const struct storage_entry *entry)
{
    if (strlen(entry->name) >= sizeof listing->entries->name)
        return false;
    return !listing->shown || (!entry->is_folder && entry->name[0] != '.' &&
                               (ends_with(entry->name, ".avi") || ends_with(entry->name, ".jpg")));
}

static void take(struct archive_entry *to, const struct storage_entry *entry)
{
    strcpy(to->name, entry->name);
    to->bytes = entry->bytes < UINT32_MAX ? (uint32_t)entry->bytes : UINT32_MAX;
    to->is_folder = entry->is_folder;
    to->year = entry->year;
    to->month = entry->month;
    to->day = entry->day;
    to->hour = entry->hour;
    to->minute = entry->minute;
}

static bool look_at(void *context, const struct storage_entry *entry)
{
    struct listing *listing = context;
    if (!belongs(listing, entry))
        return true;
    uint32_t n = listing->seen++;
    if (n >= listing->first && n < listing->end)
        take(&listing->entries[listing->end - 1 - n], entry);
    return true;
}

enum storage_status archive_list(const char *folder, bool shown, uint32_t skip,
                                 struct archive_entry *entries, uint32_t *count, uint32_t *total)
{
    struct listing listing = {.shown = shown, .entries = entries};
    uint32_t wanted = *count;
    *count = *total = 0;
    enum storage_status status = storage_list(folder, look_at, &listing);
    if (status != STORAGE_OK)
        return status;
    *total = listing.seen;
    listing.end = skip < *total ? *total - skip : 0;
    listing.first = wanted < listing.end ? listing.end - wanted : 0;
    listing.seen = 0;
    *count = listing.end - listing.first;
    return *count ? storage_list(folder, look_at, &listing) : STORAGE_OK;
}
