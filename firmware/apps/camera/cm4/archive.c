#include "cm4/archive.h"

#include "cm4/stick.h"
#include "cm4/volume.h"

#include <string.h>

/* A page of a folder: entries from `first` to `end`, the last first. */
struct listing {
    bool shown;
    uint32_t seen, first, end;
    struct archive_entry entries[ARCHIVE_LISTED];
};

_Static_assert((unsigned)ARCHIVE_SMALL <= (unsigned)STICK_READ_BYTES, "a request's memory");

/* What storage_thread is asked, in its own words; between stick_begin() and stick_end(). */
static struct {
    FIL *file;
    BYTE mode;
    uint32_t at, count;
    void *bytes;
    FILINFO info;
    DIR folder;
    struct listing listing;
} job;

/* --- In storage_thread --- */

static enum storage_status run_open(struct stick_request *request)
{
    return volume_status(f_open(job.file, request->path, job.mode));
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
    return volume_status(result);
}

static enum storage_status run_write(struct stick_request *request)
{
    UINT written = 0;
    FRESULT result = f_write(job.file, job.bytes, job.count, &written);
    (void)request;
    return result == FR_OK && written < job.count ? STORAGE_FULL : volume_status(result);
}

static enum storage_status run_close(struct stick_request *request)
{
    (void)request;
    return volume_status(f_close(job.file));
}

static enum storage_status run_stat(struct stick_request *request)
{
    return volume_status(f_stat(request->path, &job.info));
}

static struct archive_entry entry_of(const FILINFO *info)
{
    struct archive_entry entry = {
        .bytes = info->fsize < UINT32_MAX ? (uint32_t)info->fsize : UINT32_MAX,
        .is_folder = info->fattrib & AM_DIR,
        .year = info->fdate ? (uint16_t)(1980 + (info->fdate >> 9)) : 0,
        .month = info->fdate >> 5 & 15,
        .day = info->fdate & 31,
        .hour = (uint8_t)(info->ftime >> 11),
        .minute = info->ftime >> 5 & 63,
    };
    const char *name = volume_name(info, sizeof entry.name);
    memcpy(entry.name, name, strnlen(name, sizeof entry.name - 1));
    return entry;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

static bool belongs(const struct listing *listing, const FILINFO *info)
{
    size_t room = sizeof listing->entries[0].name;
    if (strlen(volume_name(info, room)) >= room)
        return false;
    return !listing->shown || (!(info->fattrib & AM_DIR) && info->fname[0] != '.' &&
                               (ends_with(info->fname, ".avi") || ends_with(info->fname, ".jpg")));
}

/* Once through the folder. */
static FRESULT look_through(const char *path, struct listing *listing, bool take)
{
    FRESULT result = f_opendir(&job.folder, path);
    for (listing->seen = 0; result == FR_OK;) {
        result = f_readdir(&job.folder, &job.info);
        if (result != FR_OK || !job.info.fname[0])
            break;
        if (!belongs(listing, &job.info))
            continue;
        uint32_t n = listing->seen++;
        if (take && n >= listing->first && n < listing->end)
            listing->entries[listing->end - 1 - n] = entry_of(&job.info);
    }
    return result;
}

/* The last come first, so it is counted before it is taken. */
static enum storage_status run_list(struct stick_request *request)
{
    struct listing *listing = &job.listing;
    uint32_t skip = listing->first, count = listing->end - skip;
    FRESULT result = look_through(request->path, listing, false);
    listing->end = skip < listing->seen ? listing->seen - skip : 0;
    listing->first = count < listing->end ? listing->end - count : 0;
    if (result == FR_OK && listing->first < listing->end)
        result = look_through(request->path, listing, true);
    return volume_status(result);
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

/* What is done with an open file, between stick_begin() and stick_end(). */
static enum storage_status act(struct archive_file *file, struct stick_request *request,
                               enum storage_status (*run)(struct stick_request *request))
{
    job.file = &file->file;
    return stick_do(request, run);
}

static struct stick_request *begin(const struct archive_file *file, enum storage_status *status)
{
    struct stick_request *request = file->is_open ? stick_begin() : NULL;
    *status = file->is_open ? STORAGE_SLOW : STORAGE_NO_STICK;
    return request;
}

enum storage_status archive_read(struct archive_file *file, uint32_t at, void *bytes,
                                 uint32_t count, uint32_t *taken)
{
    enum storage_status status;
    struct stick_request *request = begin(file, &status);
    *taken = 0;
    if (!request)
        return status;
    job.at = at;
    job.count = count;
    job.bytes = count > ARCHIVE_SMALL ? bytes : request->bytes;
    status = act(file, request, run_read);
    if (status == STORAGE_OK) {
        *taken = request->count;
        if (job.bytes == request->bytes)
            memcpy(bytes, request->bytes, *taken);
    }
    stick_end();
    return status;
}

enum storage_status archive_write(struct archive_file *file, const void *bytes, uint32_t count)
{
    enum storage_status status;
    struct stick_request *request = begin(file, &status);
    if (!request)
        return status;
    if (count > ARCHIVE_SMALL)
        count = ARCHIVE_SMALL;
    memcpy(request->bytes, bytes, count);
    job.bytes = request->bytes;
    job.count = count;
    status = act(file, request, run_write);
    stick_end();
    return status;
}

enum storage_status archive_close(struct archive_file *file)
{
    enum storage_status status;
    struct stick_request *request = begin(file, &status);
    file->is_open = false;
    if (!request)
        return status;
    status = act(file, request, run_close);
    stick_end();
    return status;
}

enum storage_status archive_stat(const char *path, struct archive_entry *entry)
{
    struct stick_request *request = stick_begin();
    if (!request)
        return STORAGE_SLOW;
    enum storage_status status = ask(request, path, run_stat);
    if (status == STORAGE_OK)
        *entry = entry_of(&job.info);
    stick_end();
    return status;
}

enum storage_status archive_list(const char *folder, bool shown, uint32_t skip,
                                 struct archive_entry *entries, uint32_t *count, uint32_t *total)
{
    struct stick_request *request = stick_begin();
    uint32_t wanted = *count < ARCHIVE_LISTED ? *count : ARCHIVE_LISTED;
    *count = *total = 0;
    if (!request)
        return STORAGE_SLOW;
    job.listing = (struct listing){.shown = shown, .first = skip, .end = skip + wanted};
    enum storage_status status = ask(request, folder, run_list);
    if (status == STORAGE_OK) {
        *total = job.listing.seen;
        *count = job.listing.end - job.listing.first;
        memcpy(entries, job.listing.entries, *count * sizeof *entries);
    }
    stick_end();
    return status;
}
