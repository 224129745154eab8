#include "cm7/files.h"

#include "duet/rpc.h"
#include "shared/link.h"

#include <string.h>

static struct {
    struct duet_rpc rpc;
    struct duet_msgpack_writer writer;
    uint32_t refusal;
} files;

static const struct duet_rpc_config serves_nothing;

void files_open(void)
{
    duet_rpc_open(&files.rpc, &own_link.calls, &serves_nothing);
}

uint32_t files_refusal(void)
{
    return files.refusal;
}

/* --- One call --- */

static struct duet_msgpack_writer *begin(const char *method, uint32_t params)
{
    duet_rpc_begin(&files.rpc, &files.writer, method, params);
    return &files.writer;
}

static void put_text(struct duet_msgpack_writer *writer, const char *text)
{
    duet_msgpack_put_string(writer, text, (uint32_t)strlen(text));
}

/* The M4 may be about to open its end. */
static bool is_ready(void)
{
    for (unsigned n = 0; n < 100 && !duet_rpc_is_ready(&files.rpc); n++) {
        duet_rpc_poll(&files.rpc);
        duet_notify_wait(&own_link.notify, 1u << LINE_FILES, 10000);
    }
    return duet_rpc_is_ready(&files.rpc);
}

/* What was begun. `result` stands behind the status, *items of its array are left. A peer that has
 * opened anew says so once. */
static enum files_result call(struct duet_msgpack_reader *result, uint32_t *items)
{
    uint64_t status;
    if (!is_ready())
        return FILES_SILENT;
    int answer = duet_rpc_call(&files.rpc, &files.writer, result, FILES_PATIENCE_US);
    if (answer != DUET_OK || duet_msgpack_get_array(result, items) != DUET_OK || !*items ||
        duet_msgpack_get_uint(result, &status) != DUET_OK)
        return FILES_SILENT;
    --*items;
    files.refusal = (uint32_t)status;
    return status == FILES_OK ? FILES_DONE : FILES_REFUSED;
}

static enum files_result call_for_nothing(void)
{
    struct duet_msgpack_reader result;
    uint32_t items;
    return call(&result, &items);
}

static bool get_number(struct duet_msgpack_reader *result, uint32_t most, uint32_t *number)
{
    uint64_t value;
    if (duet_msgpack_get_uint(result, &value) != DUET_OK || value > most)
        return false;
    *number = (uint32_t)value;
    return true;
}

/* --- Lists --- */

enum { ENTRY_ITEMS = 8 };

static bool get_entry(struct duet_msgpack_reader *result, struct files_entry *entry)
{
    const char *name;
    uint32_t length, part[5];
    int is_folder;
    if (duet_msgpack_get_string(result, &name, &length) != DUET_OK ||
        length >= sizeof entry->name || !get_number(result, UINT32_MAX, &entry->bytes) ||
        duet_msgpack_get_bool(result, &is_folder) != DUET_OK)
        return false;
    for (unsigned n = 0; n < 5; n++)
        if (!get_number(result, n ? 59 : 9999, &part[n]))
            return false;
    memcpy(entry->name, name, length);
    entry->name[length] = 0;
    entry->is_folder = is_folder;
    entry->year = (uint16_t)part[0];
    entry->month = (uint8_t)part[1];
    entry->day = (uint8_t)part[2];
    entry->hour = (uint8_t)part[3];
    entry->minute = (uint8_t)part[4];
    return true;
}

enum files_result files_list(uint32_t skip, struct files_entry entries[FILES_LISTED],
                             uint32_t *count, uint32_t *total)
{
    struct duet_msgpack_reader result;
    uint32_t items;
    struct duet_msgpack_writer *writer = begin("list", 4);
    put_text(writer, "/");
    duet_msgpack_put_bool(writer, 1);
    duet_msgpack_put_uint(writer, skip);
    duet_msgpack_put_uint(writer, FILES_LISTED);
    *count = *total = 0;
    enum files_result done = call(&result, &items);
    if (done != FILES_DONE)
        return done;
    if (!items || !get_number(&result, UINT32_MAX, total))
        return FILES_SILENT;
    for (uint32_t n = 0; n < (items - 1) / ENTRY_ITEMS && n < FILES_LISTED; n++) {
        if (!get_entry(&result, &entries[n]))
            return FILES_SILENT;
        ++*count;
    }
    return FILES_DONE;
}

enum files_result files_stat(const char *path, struct files_entry *entry)
{
    struct duet_msgpack_reader result;
    uint32_t items;
    put_text(begin("stat", 1), path);
    enum files_result done = call(&result, &items);
    if (done == FILES_DONE && (items != ENTRY_ITEMS || !get_entry(&result, entry)))
        return FILES_SILENT;
    return done;
}

/* --- Bytes --- */

static enum files_result open(const char *path, bool write)
{
    struct duet_msgpack_writer *writer = begin("open", 2);
    put_text(writer, path);
    duet_msgpack_put_bool(writer, write);
    return call_for_nothing();
}

static enum files_result close(enum files_result before)
{
    begin("close", 0);
    enum files_result done = call_for_nothing();
    return before == FILES_DONE ? done : before;
}

enum files_result files_write(const char *path, const char *bytes, uint32_t count)
{
    enum files_result done = open(path, true);
    if (done != FILES_DONE)
        return done;
    for (uint32_t at = 0; at < count && done == FILES_DONE; at += FILES_READ) {
        struct duet_msgpack_writer *writer = begin("write", 1);
        duet_msgpack_put_bin(writer, bytes + at, count - at < FILES_READ ? count - at : FILES_READ);
        done = call_for_nothing();
    }
    return close(done);
}

static enum files_result read_piece(uint32_t at, char *bytes, uint32_t room, uint32_t *count)
{
    struct duet_msgpack_reader result;
    const uint8_t *read;
    uint32_t items;
    struct duet_msgpack_writer *writer = begin("read", 2);
    duet_msgpack_put_uint(writer, at);
    duet_msgpack_put_uint(writer, room);
    enum files_result done = call(&result, &items);
    if (done != FILES_DONE)
        return done;
    if (duet_msgpack_get_bin(&result, &read, count) != DUET_OK || *count > room)
        return FILES_SILENT;
    memcpy(bytes, read, *count);
    return FILES_DONE;
}

enum files_result files_read(const char *path, char *bytes, uint32_t room, uint32_t *count)
{
    enum files_result done = open(path, false);
    *count = 0;
    if (done != FILES_DONE)
        return done;
    for (uint32_t piece = 1; done == FILES_DONE && piece && *count < room; *count += piece) {
        uint32_t left = room - *count;
        piece = 0;
        done = read_piece(*count, bytes + *count, left < FILES_READ ? left : FILES_READ, &piece);
    }
    return close(done);
}

/* --- Whole files, and what is shown of them --- */

static enum files_result call_with_path(const char *method, const char *path)
{
    put_text(begin(method, 1), path);
    return call_for_nothing();
}

enum files_result files_remove(const char *path)
{
    return call_with_path("remove", path);
}

enum files_result files_show(const char *path)
{
    return call_with_path("show", path);
}

enum files_result files_pause(bool on)
{
    duet_msgpack_put_bool(begin("pause", 1), on);
    return call_for_nothing();
}

enum files_result files_seek(uint32_t frame)
{
    duet_msgpack_put_uint(begin("seek", 1), frame);
    return call_for_nothing();
}

enum files_result files_leave(void)
{
    begin("leave", 0);
    return call_for_nothing();
}

enum files_result files_still(const char *path, struct picture_shape *shape)
{
    struct duet_msgpack_reader result;
    uint32_t items, width, height, chroma;
    put_text(begin("still", 1), path);
    enum files_result done = call(&result, &items);
    if (done != FILES_DONE)
        return done;
    if (!get_number(&result, FRAME_WIDTH_MAX, &width) ||
        !get_number(&result, FRAME_HEIGHT_MAX, &height) ||
        !get_number(&result, SHAPE_420, &chroma) || !width || !height)
        return FILES_SILENT;
    *shape = (struct picture_shape){(uint16_t)width, (uint16_t)height, (uint8_t)chroma};
    return FILES_DONE;
}
