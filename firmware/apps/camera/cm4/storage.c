/* The callers' side: each call is a request to storage_thread (cm4/stick.h). */
#include "cm4/storage.h"

#include "cm4/stick.h"

#include <string.h>

const char *storage_text(enum storage_status status)
{
    static const char *const texts[STORAGE_STATUS_COUNT] = {
        [STORAGE_OK] = "done",
        [STORAGE_NO_STICK] = "no stick: plug one in",
        [STORAGE_EJECTED] = "the stick was ejected: plug it in again",
        [STORAGE_NOT_FORMATTED] =
            "the stick has no FAT or exFAT file system: format it on a computer",
        [STORAGE_NOT_A_STICK] = "what is plugged in is no stick",
        [STORAGE_NO_MEDIUM] = "there is no card in the reader",
        [STORAGE_GONE] = "the stick was taken out",
        [STORAGE_NOT_FOUND] = "no such file",
        [STORAGE_BAD_NAME] = "not a file name",
        [STORAGE_IS_FOLDER] = "it is a folder",
        [STORAGE_IS_FILE] = "it is a file",
        [STORAGE_READ_ONLY] = "write-protected",
        [STORAGE_FULL] = "the stick is full: remove something",
        [STORAGE_NOT_EMPTY] = "the folder is not empty",
        [STORAGE_NO_NAME] = "DUET9999 is there: remove films and pictures",
        [STORAGE_IN_USE] = "in use",
        [STORAGE_NO_CAMERA] = "no frames come from the camera",
        [STORAGE_TOO_LARGE] = "the picture has too much detail for its room: try a smaller size",
        [STORAGE_RECORDING] = "it records already: stop first",
        [STORAGE_NOT_RECORDING] = "nothing is being recorded",
        [STORAGE_PLAYING] = "a film or picture is shown: close it first",
        [STORAGE_NOT_A_FILM] = "no film or picture that can be shown here",
        [STORAGE_TOO_WIDE] = "it has more than 800x480 pixels",
        [STORAGE_SLOW] = "the stick does not answer",
        [STORAGE_BROKEN] = "the stick reports errors: check it on a computer",
    };
    return (unsigned)status < STORAGE_STATUS_COUNT ? texts[status] : "unknown";
}

/* False: the path is too long. */
static bool set_path(struct stick_request *request, const char *path)
{
    size_t length = strlen(path);
    if (length >= sizeof request->path)
        return false;
    memcpy(request->path, path, length + 1);
    return true;
}

/* One request with a path or NULL, and what of its answer the caller wants. */
static enum storage_status ask(enum storage_status (*run)(struct stick_request *request),
                               const char *path, void (*keep)(const struct stick_request *, void *),
                               void *kept)
{
    struct stick_request *request = stick_begin();
    if (!request)
        return STORAGE_SLOW;
    enum storage_status status = STORAGE_BAD_NAME;
    if (!path || set_path(request, path))
        status = stick_do(request, run);
    if (keep && status != STORAGE_SLOW)
        keep(request, kept);
    stick_end();
    return status;
}

static void keep_info(const struct stick_request *request, void *info)
{
    *(struct storage_info *)info = request->info;
}

enum storage_status storage_get_info(struct storage_info *info)
{
    return ask(stick_info, NULL, keep_info, info);
}

/* False: the caller has seen enough. */
static bool tell_listed(const struct stick_request *request,
                        bool (*each)(void *context, const struct storage_entry *entry),
                        void *context)
{
    for (uint32_t n = 0; n < request->count; n++)
        if (!each(context, &request->listed[n].entry))
            return false;
    return request->count != 0;
}

enum storage_status storage_list(const char *folder,
                                 bool (*each)(void *context, const struct storage_entry *entry),
                                 void *context)
{
    struct stick_request *request = stick_begin();
    if (!request)
        return STORAGE_SLOW;
    enum storage_status status = STORAGE_BAD_NAME;
    if (set_path(request, folder))
        status = stick_do(request, stick_list_first);
    while (status == STORAGE_OK && tell_listed(request, each, context))
        status = stick_do(request, stick_list_next);
    if (status == STORAGE_OK)
        status = stick_do(request, stick_list_end);
    stick_end();
    return status;
}

enum storage_status storage_open(const char *path)
{
    return ask(stick_open_file, path, NULL, NULL);
}

enum storage_status storage_read(void *bytes, uint32_t count, uint32_t *taken)
{
    struct stick_request *request = stick_begin();
    *taken = 0;
    if (!request)
        return STORAGE_SLOW;
    request->count = count < STICK_READ_BYTES ? count : STICK_READ_BYTES;
    enum storage_status status = stick_do(request, stick_read_file);
    if (status == STORAGE_OK) {
        memcpy(bytes, request->bytes, request->count);
        *taken = request->count;
    }
    stick_end();
    return status;
}

void storage_close(void)
{
    ask(stick_close_file, NULL, NULL, NULL);
}

enum storage_status storage_remove(const char *path)
{
    return ask(stick_remove, path, NULL, NULL);
}

static void keep_name(const struct stick_request *request, void *name)
{
    strcpy(name, request->path);
}

enum storage_status storage_record(char name[STORAGE_NAME_BYTES])
{
    return ask(stick_record, NULL, keep_name, name);
}

struct stopped {
    char *name;
    uint32_t *frames;
};

static void keep_stopped(const struct stick_request *request, void *kept)
{
    const struct stopped *stopped = kept;
    strcpy(stopped->name, request->path);
    *stopped->frames = request->count;
}

enum storage_status storage_stop(char name[STORAGE_NAME_BYTES], uint32_t *frames)
{
    struct stopped stopped = {name, frames};
    return ask(stick_stop, NULL, keep_stopped, &stopped);
}

enum storage_status storage_snapshot(char name[STORAGE_NAME_BYTES])
{
    return ask(stick_snapshot, NULL, keep_name, name);
}

enum storage_status storage_eject(void)
{
    return ask(stick_eject, NULL, NULL, NULL);
}
