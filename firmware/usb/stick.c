/* The stick as a SCSI disk: what it is, its sectors, and why it will not. */
#include "usb/bulk_only.h"
#include "usb/usb_host.h"

enum {
    TEST_UNIT_READY = 0x00,
    REQUEST_SENSE = 0x03,
    MODE_SENSE = 0x1a,
    READ_CAPACITY = 0x25,
    READ = 0x28,
    WRITE = 0x2a,
    SYNCHRONIZE_CACHE = 0x35,
    ALL_PAGES = 0x3f,
    WRITE_PROTECT = 0x80,
    SENSE_BYTES = 18,
    ATTENTION = 0x06, /* sense keys */
    ABORTED = 0x0b,
    NOT_READY = 0x02,
    MEDIUM = 0x03,
    ILLEGAL = 0x05,
    PROTECTED = 0x07,
    NO_MEDIUM = 0x3a, /* additional sense code of NOT_READY */
    ATTEMPTS = 4,
    PART = 128 * 1024, /* bytes of one command */
    START_PATIENCE_MS = 4000,
};

static struct {
    uint32_t sector_size, sectors;
    bool write_protected, knows_flush;
    enum stick_error error;
    uint8_t key, code; /* of the last sense */
} stick;

static uint8_t answer[36] __attribute__((aligned(4)));

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- Commands that answer in a few bytes ---- */

static enum bulk_only_outcome ask(uint8_t operation, uint8_t page, uint8_t room, uint8_t length)
{
    struct bulk_only_command command = {.block = {operation, 0, page, 0, room},
                                        .block_length = operation < 0x20 ? 6 : 10,
                                        .to_host = length,
                                        .data = length ? answer : 0,
                                        .length = length};
    enum bulk_only_outcome outcome = bulk_only_do(&command);
    return outcome == BULK_ONLY_PASSED && command.moved < length && operation == READ_CAPACITY
               ? BULK_ONLY_BROKEN
               : outcome;
}

static void take_sense(void)
{
    stick.key = stick.code = 0;
    if (ask(REQUEST_SENSE, 0, SENSE_BYTES, SENSE_BYTES) != BULK_ONLY_PASSED)
        return;
    stick.key = answer[2] & 15;
    stick.code = answer[12];
}

/* What has nothing to do with the command: it is worth another attempt. */
static bool is_passing(void)
{
    return stick.key == ATTENTION || stick.key == ABORTED;
}

static enum stick_error error_of(enum bulk_only_outcome outcome)
{
    if (outcome == BULK_ONLY_BROKEN)
        return bulk_only_present() && usb_host_keeps_device() ? STICK_SILENT : STICK_GONE;
    return stick.key == PROTECTED                              ? STICK_WRITE_PROTECTED
           : stick.key == MEDIUM                               ? STICK_BAD_SECTOR
           : stick.key == NOT_READY && stick.code == NO_MEDIUM ? STICK_NO_MEDIUM
                                                               : STICK_REFUSES;
}

/* ---- What it is ---- */

static bool become_ready(void)
{
    uint32_t began = usb_host_milliseconds(), waited = began;
    while (bulk_only_present() && usb_host_milliseconds() - began < START_PATIENCE_MS) {
        enum bulk_only_outcome outcome = ask(TEST_UNIT_READY, 0, 0, 0);
        if (outcome == BULK_ONLY_PASSED)
            return true;
        if (outcome == BULK_ONLY_FAILED)
            take_sense();
        stick.error = error_of(outcome);
        for (waited = usb_host_milliseconds(); usb_host_milliseconds() - waited < 20;)
            usb_host_idle();
    }
    return false;
}

static bool measure(void)
{
    if (ask(READ_CAPACITY, 0, 0, 8) != BULK_ONLY_PASSED)
        return false;
    uint32_t last = get32(answer), size = get32(answer + 4);
    bool good = size >= 512 && size <= 4096 && (size & (size - 1)) == 0 && last;
    stick.sector_size = good ? size : 0;
    stick.sectors =
        last == UINT32_MAX ? last : last + 1; /* FatFs's sector numbers end there, too */
    return good;
}

/* Some do not know the question: then nothing is protected. */
static void look_for_protection(void)
{
    stick.write_protected =
        ask(MODE_SENSE, ALL_PAGES, 4, 4) == BULK_ONLY_PASSED && answer[2] & WRITE_PROTECT;
    if (!stick.write_protected)
        take_sense(); /* of the question that it did not know */
}

void stick_forget(void)
{
    stick.sector_size = stick.sectors = 0;
    stick.error = STICK_GOOD;
}

bool stick_meet(void)
{
    stick_forget();
    if (!become_ready() || !measure())
        return false;
    look_for_protection();
    stick.knows_flush = true;
    stick.error = STICK_GOOD;
    return bulk_only_present();
}

uint32_t stick_sector_size(void)
{
    return stick.sector_size;
}

uint32_t stick_sectors(void)
{
    return stick.sectors;
}

bool stick_is_write_protected(void)
{
    return stick.write_protected;
}

enum stick_error stick_last_error(void)
{
    return stick.error;
}

/* ---- Sectors ---- */

static bool insist(struct bulk_only_command *command)
{
    for (unsigned n = 0; n < ATTEMPTS; n++) {
        enum bulk_only_outcome outcome = bulk_only_do(command);
        if (outcome == BULK_ONLY_PASSED && command->moved == command->length)
            return true;
        if (outcome == BULK_ONLY_FAILED)
            take_sense();
        stick.error = error_of(outcome);
        if (outcome == BULK_ONLY_BROKEN || !is_passing())
            return false;
    }
    return false;
}

static bool move_part(uint8_t operation, void *bytes, uint32_t sector, uint32_t count)
{
    struct bulk_only_command command = {.block = {operation, 0, (uint8_t)(sector >> 24),
                                                  (uint8_t)(sector >> 16), (uint8_t)(sector >> 8),
                                                  (uint8_t)sector, 0, (uint8_t)(count >> 8),
                                                  (uint8_t)count},
                                        .block_length = 10,
                                        .to_host = operation == READ,
                                        .data = bytes,
                                        .length = count * stick.sector_size};
    return insist(&command);
}

static bool move_all(uint8_t operation, uint8_t *bytes, uint32_t sector, uint32_t count)
{
    if (sector > stick.sectors || count > stick.sectors - sector) {
        stick.error = bulk_only_present() ? STICK_REFUSES : STICK_GONE;
        return false;
    }
    while (count) {
        uint32_t part = PART / stick.sector_size;
        part = count < part ? count : part;
        if (!move_part(operation, bytes, sector, part))
            return false;
        bytes += part * stick.sector_size;
        sector += part;
        count -= part;
    }
    return true;
}

bool stick_read(void *bytes, uint32_t sector, uint32_t count)
{
    return move_all(READ, bytes, sector, count);
}

bool stick_write(const void *bytes, uint32_t sector, uint32_t count)
{
    return move_all(WRITE, (uint8_t *)(uintptr_t)bytes, sector, count);
}

bool stick_flush(void)
{
    struct bulk_only_command command = {.block = {SYNCHRONIZE_CACHE}, .block_length = 10};
    if (!stick.knows_flush || insist(&command))
        return true;
    stick.knows_flush = stick.error != STICK_REFUSES || stick.key != ILLEGAL;
    return !stick.knows_flush;
}
