/* The M7 calls. An answer that does not come, or says no, is an ordinary result here. */
#include "remote-service/remote-service.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct duet_rpmsg_config place = RPMSG_PLACE;
static const struct duet_rpc_config config; /* serves nothing itself */
static struct duet_rpmsg rpmsg;
static struct duet_rpc rpc;

__attribute__((format(printf, 1, 2))) static void print(const char *format, ...);

static void print(const char *format, ...)
{
    char line[80];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > 0)
        must(duet_rpc_tty(&rpc, line, (uint32_t)length, PATIENCE_US), "tty");
}

/* The answer that is no result is a text. */
static void print_error(const char *name, int status, struct duet_msgpack_reader *reader)
{
    const char *text;
    uint32_t length;
    if (status == DUET_RPC_FAILED && duet_msgpack_get_string(reader, &text, &length) == DUET_OK)
        print("%s: %.*s", name, (int)length, text);
    else
        print("%s: %d", name, status);
}

static bool size_of_file(const char *name, uint64_t *size)
{
    struct duet_msgpack_writer writer;
    struct duet_msgpack_reader result;
    duet_rpc_begin(&rpc, &writer, "size", 1);
    duet_msgpack_put_string(&writer, name, (uint32_t)strlen(name));
    int status = duet_rpc_call(&rpc, &writer, &result, PATIENCE_US);
    if (status == DUET_OK && duet_msgpack_get_uint(&result, size) == DUET_OK)
        return true;
    print_error(name, status, &result);
    return false;
}

/* Bytes read into `bytes`, 0 for none. */
static uint32_t read_file(const char *name, uint32_t offset, char bytes[READ_BYTES])
{
    struct duet_msgpack_writer writer;
    struct duet_msgpack_reader result;
    const uint8_t *read;
    uint32_t count;
    duet_rpc_begin(&rpc, &writer, "read", 3);
    duet_msgpack_put_string(&writer, name, (uint32_t)strlen(name));
    duet_msgpack_put_uint(&writer, offset);
    duet_msgpack_put_uint(&writer, READ_BYTES);
    int status = duet_rpc_call(&rpc, &writer, &result, PATIENCE_US);
    if (status != DUET_OK || duet_msgpack_get_bin(&result, &read, &count) != DUET_OK ||
        count > READ_BYTES)
        return 0;
    memcpy(bytes, read, count);
    return count;
}

static void print_file(const char *name)
{
    char bytes[READ_BYTES];
    uint32_t count;
    uint64_t size;
    if (!size_of_file(name, &size))
        return;
    print("%s, %lu bytes", name, (unsigned long)size);
    for (uint32_t offset = 0; (count = read_file(name, offset, bytes)) != 0; offset += count)
        print("| %.*s", (int)count, bytes);
}

int main(void)
{
    rpmsg_start();
    must(duet_rpmsg_open(&rpmsg, &place), "open");
    must(duet_rpc_open(&rpc, &rpmsg, &config), "rpc");
    while (!duet_rpc_is_ready(&rpc)) {
        duet_rpc_poll(&rpc);
        rpmsg_sleep();
    }
    print("the M7 is here");
    print_file("greeting.txt");
    print_file("empty.txt");
    print_file("nothing.txt");
    print("done");
    example_end();
}
