#include "cm4/files.h"

#include "cm4/archive.h"
#include "cm4/panel.h"
#include "cm4/player.h"
#include "duet/rpc.h"
#include "shared/files_link.h"
#include "shared/link.h"

#include <string.h>

enum { LOOK_US = 1000000 };

void files_thread(ULONG unused);

static struct duet_rpc rpc;
static struct archive_file file; /* the one that the M7 has open */

/* --- Parameters and results --- */

static bool get_path(struct duet_msgpack_reader *params, char path[FILES_PATH_BYTES])
{
    const char *text;
    uint32_t length;
    if (duet_msgpack_get_string(params, &text, &length) != DUET_OK || length >= FILES_PATH_BYTES)
        return false;
    memcpy(path, text, length);
    path[length] = 0;
    return true;
}

static bool get_number(struct duet_msgpack_reader *params, uint32_t *number)
{
    uint64_t value;
    if (duet_msgpack_get_uint(params, &value) != DUET_OK || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}

/* An array of the status and `more` items, which the caller puts if it is STORAGE_OK. */
static int put_status(struct duet_msgpack_writer *result, enum storage_status status, uint32_t more)
{
    duet_msgpack_put_array(result, status == STORAGE_OK ? 1 + more : 1);
    duet_msgpack_put_uint(result, status);
    return DUET_OK;
}

/* What a person asked for and did not get is said on the panel. */
static int put_wish(struct duet_msgpack_writer *result, enum storage_status status)
{
    if (status != STORAGE_OK)
        panel_problem(status);
    return put_status(result, status, 0);
}

static void put_entry(struct duet_msgpack_writer *result, const struct archive_entry *entry)
{
    duet_msgpack_put_string(result, entry->name, (uint32_t)strlen(entry->name));
    duet_msgpack_put_uint(result, entry->bytes);
    duet_msgpack_put_bool(result, entry->is_folder);
    duet_msgpack_put_uint(result, entry->year);
    duet_msgpack_put_uint(result, entry->month);
    duet_msgpack_put_uint(result, entry->day);
    duet_msgpack_put_uint(result, entry->hour);
    duet_msgpack_put_uint(result, entry->minute);
}

/* --- Methods --- */

enum { ENTRY_ITEMS = 8 };

static int list(struct duet_msgpack_reader *params, uint32_t items,
                struct duet_msgpack_writer *result, void *unused)
{
    static struct archive_entry entries[FILES_LISTED];
    char folder[FILES_PATH_BYTES];
    uint32_t skip, count, total;
    int shown;
    (void)unused;
    if (items != 4 || !get_path(params, folder) || duet_msgpack_get_bool(params, &shown) ||
        !get_number(params, &skip) || !get_number(params, &count))
        return DUET_INVALID;
    count = count < FILES_LISTED ? count : FILES_LISTED;
    enum storage_status status = archive_list(folder, shown, skip, entries, &count, &total);
    put_status(result, status, 1 + count * ENTRY_ITEMS);
    if (status != STORAGE_OK)
        return DUET_OK;
    duet_msgpack_put_uint(result, total);
    for (uint32_t n = 0; n < count; n++)
        put_entry(result, &entries[n]);
    return DUET_OK;
}

static int stat_path(struct duet_msgpack_reader *params, uint32_t items,
                     struct duet_msgpack_writer *result, void *unused)
{
    char path[FILES_PATH_BYTES];
    struct archive_entry entry;
    (void)unused;
    if (items != 1 || !get_path(params, path))
        return DUET_INVALID;
    enum storage_status status = archive_stat(path, &entry);
    put_status(result, status, ENTRY_ITEMS);
    if (status == STORAGE_OK)
        put_entry(result, &entry);
    return DUET_OK;
}

static int open_path(struct duet_msgpack_reader *params, uint32_t items,
                     struct duet_msgpack_writer *result, void *unused)
{
    char path[FILES_PATH_BYTES];
    int write;
    (void)unused;
    if (items != 2 || !get_path(params, path) || duet_msgpack_get_bool(params, &write))
        return DUET_INVALID;
    if (write)
        return put_wish(result, archive_open(&file, path, ARCHIVE_WRITE));
    return put_status(result, archive_open(&file, path, ARCHIVE_READ), 0);
}

static int read_bytes(struct duet_msgpack_reader *params, uint32_t items,
                      struct duet_msgpack_writer *result, void *unused)
{
    static uint8_t bytes[FILES_READ] __attribute__((aligned(4)));
    uint32_t at, count, taken;
    (void)unused;
    if (items != 2 || !get_number(params, &at) || !get_number(params, &count) ||
        count > sizeof bytes)
        return DUET_INVALID;
    enum storage_status status = archive_read(&file, at, bytes, count, &taken);
    put_status(result, status, 1);
    if (status == STORAGE_OK)
        duet_msgpack_put_bin(result, bytes, taken);
    return DUET_OK;
}

static int write_bytes(struct duet_msgpack_reader *params, uint32_t items,
                       struct duet_msgpack_writer *result, void *unused)
{
    static uint8_t aligned_bytes[DUET_RPC_BYTES] __attribute__((aligned(4)));
    const uint8_t *bytes;
    uint32_t count;
    (void)unused;
    if (items != 1 || duet_msgpack_get_bin(params, &bytes, &count) || count > sizeof aligned_bytes)
        return DUET_INVALID;
    memcpy(aligned_bytes, bytes, count);
    return put_wish(result, archive_write(&file, aligned_bytes, count));
}

static int close_file(struct duet_msgpack_reader *params, uint32_t items,
                      struct duet_msgpack_writer *result, void *unused)
{
    (void)params, (void)unused;
    return items ? DUET_INVALID : put_status(result, archive_close(&file), 0);
}

/* Of one path and nothing else: what `argument` does with it. */
static int with_path(struct duet_msgpack_reader *params, uint32_t items,
                     struct duet_msgpack_writer *result, void *argument)
{
    enum storage_status (*const *act)(const char *path) = argument;
    char path[FILES_PATH_BYTES];
    if (items != 1 || !get_path(params, path))
        return DUET_INVALID;
    return put_wish(result, (*act)(path));
}

static int pause_film(struct duet_msgpack_reader *params, uint32_t items,
                      struct duet_msgpack_writer *result, void *unused)
{
    int on;
    (void)unused;
    if (items != 1 || duet_msgpack_get_bool(params, &on))
        return DUET_INVALID;
    player_pause(on);
    return put_status(result, STORAGE_OK, 0);
}

static int seek_film(struct duet_msgpack_reader *params, uint32_t items,
                     struct duet_msgpack_writer *result, void *unused)
{
    uint32_t frame;
    (void)unused;
    if (items != 1 || !get_number(params, &frame))
        return DUET_INVALID;
    player_seek(frame);
    return put_status(result, STORAGE_OK, 0);
}

static int leave(struct duet_msgpack_reader *params, uint32_t items,
                 struct duet_msgpack_writer *result, void *unused)
{
    (void)params, (void)unused;
    if (items)
        return DUET_INVALID;
    player_close();
    return put_status(result, STORAGE_OK, 0);
}

static int still(struct duet_msgpack_reader *params, uint32_t items,
                 struct duet_msgpack_writer *result, void *unused)
{
    char path[FILES_PATH_BYTES];
    struct picture_shape shape;
    (void)unused;
    if (items != 1 || !get_path(params, path))
        return DUET_INVALID;
    enum storage_status status = player_still(path, LINK_STILL, LINK_STILL_BYTES, &shape);
    put_status(result, status, 3);
    if (status == STORAGE_OK) {
        duet_msgpack_put_uint(result, shape.width);
        duet_msgpack_put_uint(result, shape.height);
        duet_msgpack_put_uint(result, shape.chroma);
    }
    return DUET_OK;
}

/* --- The thread --- */

static enum storage_status (*remove_path)(const char *path) = storage_remove;
static enum storage_status (*show_path)(const char *path) = player_show;

static const struct duet_rpc_method methods[] = {
    {"list", list, NULL},
    {"stat", stat_path, NULL},
    {"open", open_path, NULL},
    {"read", read_bytes, NULL},
    {"write", write_bytes, NULL},
    {"close", close_file, NULL},
    {"remove", with_path, &remove_path},
    {"show", with_path, &show_path},
    {"pause", pause_film, NULL},
    {"seek", seek_film, NULL},
    {"leave", leave, NULL},
    {"still", still, NULL},
};
static const struct duet_rpc_config config = {
    .methods = methods,
    .method_count = sizeof methods / sizeof methods[0],
};

void files_open(void)
{
    duet_rpc_open(&rpc, &own_link.calls, &config);
}

/* A rest in the ring's notification makes it look again without a ring. */
void files_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        duet_rpc_poll(&rpc);
        duet_notify_wait(&own_link.notify, 1u << LINE_FILES, LOOK_US);
    }
}
