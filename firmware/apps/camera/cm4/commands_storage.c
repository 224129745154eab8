/* Commands about the stick. */
#include "cm4/commands.h"
#include "cm4/console.h"
#include "cm4/printable.h"
#include "cm4/storage.h"

#include <string.h>

/* A failure in one line, which begins with what was asked for. */
static bool answer(const char *what, enum storage_status status)
{
    if (status != STORAGE_OK)
        console_format("%s: %s\n", what, storage_text(status));
    return true;
}

struct listing {
    unsigned long count;
    bool is_interrupted;
};

static void print_entry(const struct storage_entry *entry)
{
    if (entry->is_folder)
        console_format("    folder  ");
    else if (entry->bytes <= UINT32_MAX)
        console_format("%10lu  ", (unsigned long)entry->bytes);
    else
        console_format("%7lu MB  ", (unsigned long)(entry->bytes / 1000000));
    if (entry->year)
        console_format("%04u-%02u-%02u %02u:%02u  ", entry->year, entry->month, entry->day,
                       entry->hour, entry->minute);
    console_print(entry->name);
    console_print(entry->is_folder ? "/\n" : "\n");
}

static bool list_entry(void *context, const struct storage_entry *entry)
{
    struct listing *listing = context;
    print_entry(entry);
    listing->count++;
    listing->is_interrupted = console_interrupted();
    return !listing->is_interrupted;
}

bool run_ls(const struct words *words)
{
    struct listing listing = {0};
    if (words->count > 2)
        return false;
    const char *folder = words->count == 2 ? words->word[1] : "/";
    enum storage_status status = storage_list(folder, list_entry, &listing);
    if (status == STORAGE_OK)
        console_format("%lu %s%s\n", listing.count, listing.count == 1 ? "entry" : "entries",
                       listing.is_interrupted ? ", and perhaps more" : "");
    return answer(words->count == 2 ? folder : "ls", status);
}

/* The part of `held` bytes that can be shown; how many wait for the next piece. */
static size_t print_bytes(char *bytes, size_t held, bool is_last)
{
    size_t ready = printable(bytes, held, is_last);
    char next = bytes[ready];
    bytes[ready] = 0;
    console_print(bytes);
    bytes[ready] = next;
    memmove(bytes, bytes + ready, held - ready);
    return held - ready;
}

bool run_cat(const struct words *words)
{
    enum { PIECE = 128, CHARACTER = 4 };
    if (words->count != 2)
        return false;
    enum storage_status status = storage_open(words->word[1]);
    if (status != STORAGE_OK)
        return answer(words->word[1], status);
    char bytes[PIECE + CHARACTER];
    uint32_t taken = 1;
    for (size_t held = 0; status == STORAGE_OK && taken && !console_interrupted();) {
        status = storage_read(bytes + held, PIECE, &taken);
        held = print_bytes(bytes, held + taken, !taken);
    }
    storage_close();
    console_print("\n");
    return answer(words->word[1], status);
}

bool run_rm(const struct words *words)
{
    return words->count == 2 && answer(words->word[1], storage_remove(words->word[1]));
}

bool run_record(const struct words *words)
{
    char name[STORAGE_NAME_BYTES];
    if (words->count != 1)
        return false;
    enum storage_status status = storage_record(name);
    if (status == STORAGE_OK)
        console_format("recording %s\n", name);
    return answer("record", status);
}

bool run_stop(const struct words *words)
{
    char name[STORAGE_NAME_BYTES];
    uint32_t frames;
    if (words->count != 1)
        return false;
    enum storage_status status = storage_stop(name, &frames);
    if (status == STORAGE_OK)
        console_format("%s: %lu frames\n", name, (unsigned long)frames);
    return answer("stop", status);
}

bool run_snapshot(const struct words *words)
{
    char name[STORAGE_NAME_BYTES];
    if (words->count != 1)
        return false;
    enum storage_status status = storage_snapshot(name);
    if (status == STORAGE_OK)
        console_format("%s\n", name);
    return answer("snapshot", status);
}

bool run_eject(const struct words *words)
{
    if (words->count != 1)
        return false;
    enum storage_status status = storage_eject();
    if (status == STORAGE_OK)
        console_print("the stick may be taken out\n");
    return answer("eject", status);
}
