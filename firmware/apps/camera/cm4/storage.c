/* No driver of this core's USB ports is there yet, so there never is a stick. */
#include "cm4/storage.h"

const char *storage_text(enum storage_status status)
{
    static const char *const texts[STORAGE_STATUS_COUNT] = {
        [STORAGE_OK] = "done",
        [STORAGE_NO_STICK] = "no stick: plug one in",
        [STORAGE_NOT_FORMATTED] =
            "the stick has no FAT or exFAT file system: format it on a computer",
        [STORAGE_NOT_A_STICK] = "what is plugged in is no stick",
        [STORAGE_NOT_FOUND] = "no such file",
        [STORAGE_BAD_NAME] = "not a file name",
        [STORAGE_IS_FOLDER] = "it is a folder",
        [STORAGE_READ_ONLY] = "write-protected",
        [STORAGE_FULL] = "the stick is full: remove something",
        [STORAGE_IN_USE] = "in use",
        [STORAGE_NO_CAMERA] = "no frames come from the camera",
        [STORAGE_RECORDING] = "it records already: stop first",
        [STORAGE_NOT_RECORDING] = "nothing is being recorded",
        [STORAGE_SLOW] = "the stick does not answer",
        [STORAGE_BROKEN] = "the stick reports errors: take it out and check it on a computer",
    };
    return (unsigned)status < STORAGE_STATUS_COUNT ? texts[status] : "unknown";
}

enum storage_status storage_get_info(struct storage_info *info)
{
    (void)info;
    return STORAGE_NO_STICK;
}

enum storage_status storage_list(const char *folder,
                                 bool (*each)(void *context, const struct storage_entry *entry),
                                 void *context)
{
    (void)folder, (void)each, (void)context;
    return STORAGE_NO_STICK;
}

enum storage_status storage_open(const char *path)
{
    (void)path;
    return STORAGE_NO_STICK;
}

enum storage_status storage_read(void *bytes, uint32_t count, uint32_t *taken)
{
    (void)bytes, (void)count, (void)taken;
    return STORAGE_NO_STICK;
}

void storage_close(void)
{
}

enum storage_status storage_remove(const char *path)
{
    (void)path;
    return STORAGE_NO_STICK;
}

enum storage_status storage_record(char name[STORAGE_NAME_BYTES])
{
    (void)name;
    return STORAGE_NO_STICK;
}

enum storage_status storage_stop(char name[STORAGE_NAME_BYTES], uint32_t *frames)
{
    (void)name, (void)frames;
    return STORAGE_NOT_RECORDING;
}

enum storage_status storage_snapshot(char name[STORAGE_NAME_BYTES])
{
    (void)name;
    return STORAGE_NO_STICK;
}

enum storage_status storage_eject(void)
{
    return STORAGE_NO_STICK;
}
