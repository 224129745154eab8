/* The M4 serves. Whatever comes from the other core is checked before it is used. */
#include "remote-service/remote-service.h"

#include <string.h>

static const struct file {
    const char *name, *content;
} files[] = {
    {"greeting.txt", "Hello from the M4's flash, over one doorbell."},
    {"empty.txt", ""},
};

static const struct duet_rpmsg_config place = RPMSG_PLACE;
static struct duet_rpmsg rpmsg;
static struct duet_rpc rpc;

/* Reads a name off the parameters: the file, or NULL. */
static const struct file *file_of(struct duet_msgpack_reader *params)
{
    const char *name;
    uint32_t length;
    if (duet_msgpack_get_string(params, &name, &length) != DUET_OK)
        return NULL;
    for (size_t n = 0; n < sizeof files / sizeof files[0]; n++)
        if (length == strlen(files[n].name) && memcmp(name, files[n].name, length) == 0)
            return &files[n];
    return NULL;
}

static int size_of_file(struct duet_msgpack_reader *params, uint32_t count,
                        struct duet_msgpack_writer *result, void *argument)
{
    (void)argument;
    const struct file *file = count == 1 ? file_of(params) : NULL;
    if (!file)
        return DUET_INVALID;
    duet_msgpack_put_uint(result, strlen(file->content));
    return DUET_OK;
}

static int read_file(struct duet_msgpack_reader *params, uint32_t count,
                     struct duet_msgpack_writer *result, void *argument)
{
    uint64_t offset, wanted;
    (void)argument;
    const struct file *file = count == 3 ? file_of(params) : NULL;
    if (!file || duet_msgpack_get_uint(params, &offset) != DUET_OK ||
        duet_msgpack_get_uint(params, &wanted) != DUET_OK)
        return DUET_INVALID;
    size_t size = strlen(file->content);
    size_t from = offset < size ? (size_t)offset : size;
    size_t bytes = wanted < size - from ? (size_t)wanted : size - from;
    duet_msgpack_put_bin(result, &file->content[from], (uint32_t)bytes);
    return DUET_OK;
}

static void on_tty(struct duet_rpc *from, const void *bytes, uint32_t length)
{
    (void)from;
    say("tty: %.*s", (int)length, (const char *)bytes);
}

static const struct duet_rpc_method methods[] = {
    {.name = "size", .call = size_of_file},
    {.name = "read", .call = read_file},
};
static const struct duet_rpc_config config = {
    .methods = methods,
    .method_count = sizeof methods / sizeof methods[0],
    .tty = on_tty,
};

int main(void)
{
    rpmsg_start();
    must(duet_rpmsg_open(&rpmsg, &place), "open");
    must(duet_rpc_open(&rpc, &rpmsg, &config), "rpc");
    for (;;) {
        duet_rpc_poll(&rpc);
        rpmsg_sleep();
    }
}
