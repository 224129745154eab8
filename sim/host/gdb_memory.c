/* Memory as the chosen core sees it, the M7 through its data cache; and the flash as a programmer
 * sees it. */
#include "sim/host/gdb_internal.h"

#include <stdlib.h>
#include <string.h>

enum { PART_MAX = GDB_PACKET_MAX / 2 - 16 };

static bool in_system_space(uint32_t address)
{
    return address >> 20 == 0xe00;
}

static bool peek_byte(struct debugger *debugger, uint32_t address, uint8_t *byte)
{
    if (!in_system_space(address))
        return machine_peek(debugger->machine, debugger->core, address, byte, 1);
    uint32_t word;
    if (!cpu_scs_peek(machine_cpu(debugger->machine, debugger->core), address & ~3u, &word))
        return false;
    *byte = (uint8_t)(word >> 8 * (address & 3));
    return true;
}

/* "ADDR,LENGTH" and what follows. */
static const char *range(const char *text, uint32_t *address, uint32_t *length)
{
    char *end;
    *address = (uint32_t)strtoul(text, &end, 16);
    if (*end != ',')
        return NULL;
    *length = (uint32_t)strtoul(end + 1, &end, 16);
    return end;
}

void gdb_read_memory(struct debugger *debugger, const char *arguments)
{
    static uint8_t bytes[PART_MAX];
    uint32_t address, length, count = 0;
    if (!range(arguments, &address, &length)) {
        reply(&debugger->link, "E01");
        return;
    }
    while (count < length && count < sizeof bytes &&
           peek_byte(debugger, address + count, &bytes[count]))
        count++;
    if (length && !count) {
        reply(&debugger->link, "E0e"); /* as EFAULT: nothing answers there */
        return;
    }
    reply_begin(&debugger->link);
    reply_hex(&debugger->link, bytes, count);
    reply_send(&debugger->link);
}

static void write_bytes(struct debugger *debugger, uint32_t address, const void *bytes,
                        uint32_t length)
{
    const struct deed deed = {.kind = DEED_MEMORY,
                              .core = debugger->core,
                              .address = address,
                              .bytes = bytes,
                              .length = length};
    reply(&debugger->link, gdb_change(debugger, &deed));
}

void gdb_write_memory(struct debugger *debugger, const char *arguments)
{
    static uint8_t bytes[PART_MAX];
    uint32_t address, length;
    const char *data = range(arguments, &address, &length);
    if (!data || *data != ':' || length > sizeof bytes ||
        unhex(data + 1, bytes, length) != length) {
        reply(&debugger->link, "E01");
        return;
    }
    write_bytes(debugger, address, bytes, length);
}

void gdb_write_binary(struct debugger *debugger, const char *arguments, size_t length)
{
    uint32_t address, count;
    const char *data = range(arguments, &address, &count);
    if (!data || *data != ':' || count > length - (size_t)(data + 1 - arguments)) {
        reply(&debugger->link, "E01");
        return;
    }
    write_bytes(debugger, address, data + 1, count);
}

/* --- load: vFlashErase, vFlashWrite, vFlashDone --- */

static const char *erase(struct debugger *debugger, uint32_t address, uint32_t length)
{
    uint8_t blank[1024];
    const char *answer = "OK";
    memset(blank, 0xff, sizeof blank);
    while (length && strcmp(answer, "OK") == 0) {
        uint32_t part = length < sizeof blank ? length : (uint32_t)sizeof blank;
        answer = gdb_change(debugger, &(struct deed){.kind = DEED_MEMORY,
                                                     .core = SOC_CM7,
                                                     .address = address,
                                                     .bytes = blank,
                                                     .length = part});
        address += part;
        length -= part;
    }
    return answer;
}

void gdb_flash(struct debugger *debugger, const char *packet, size_t length)
{
    uint32_t address, count;
    if (strncmp(packet, "vFlashErase:", 12) == 0 && range(packet + 12, &address, &count)) {
        reply(&debugger->link, erase(debugger, address, count));
    } else if (strncmp(packet, "vFlashWrite:", 12) == 0) {
        char *data;
        address = (uint32_t)strtoul(packet + 12, &data, 16);
        size_t head = (size_t)(data - packet) + 1;
        if (*data == ':' && head <= length)
            write_bytes(debugger, address, data + 1, (uint32_t)(length - head));
        else
            reply(&debugger->link, "E01");
    } else {
        reply(&debugger->link, strcmp(packet, "vFlashDone") == 0 ? "OK" : "E01");
    }
}
