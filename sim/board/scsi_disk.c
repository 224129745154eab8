#include "sim/board/scsi_disk.h"

#include <string.h>

enum {
    TEST_UNIT_READY = 0x00,
    REQUEST_SENSE = 0x03,
    INQUIRY = 0x12,
    MODE_SENSE_6 = 0x1a,
    START_STOP_UNIT = 0x1b,
    PREVENT_REMOVAL = 0x1e,
    READ_FORMAT_CAPACITIES = 0x23,
    READ_CAPACITY_10 = 0x25,
    READ_10 = 0x28,
    WRITE_10 = 0x2a,
    VERIFY_10 = 0x2f,
    SYNCHRONIZE_CACHE_10 = 0x35,
    MODE_SENSE_10 = 0x5a,
    READ_16 = 0x88,
    WRITE_16 = 0x8a,
    SYNCHRONIZE_CACHE_16 = 0x91,
    SERVICE_ACTION_IN = 0x9e,
    REPORT_LUNS = 0xa0,
    READ_12 = 0xa8,
    WRITE_12 = 0xaa,
    READ_CAPACITY_16 = 0x10, /* of SERVICE_ACTION_IN */
    BYTE_CHECK = 0x06,
    CACHING_PAGE = 0x08,
    EXCEPTIONS_PAGE = 0x1c,
    ALL_PAGES = 0x3f,
    WRITE_PROTECT = 0x80,
    REMOVABLE = 0x80,
    FORMATTED = 2,
};

static uint32_t get16(const uint8_t *at)
{
    return (uint32_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return get16(at) << 16 | get16(at + 2);
}

static uint64_t get64(const uint8_t *at)
{
    return (uint64_t)get32(at) << 32 | get32(at + 4);
}

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

static void put64(uint8_t *at, uint64_t value)
{
    put32(at, (uint32_t)(value >> 32));
    put32(at + 4, (uint32_t)value);
}

/* ---- Outcomes ---- */

void scsi_fail(struct scsi_disk *scsi, enum scsi_sense sense)
{
    scsi->sense = sense;
}

static void refuse(struct scsi_disk *scsi, struct scsi_command *command, enum scsi_sense sense)
{
    scsi_fail(scsi, sense);
    command->failed = true;
}

/* At most as much as the command has room for. */
static void answer(struct scsi_command *command, uint64_t length, uint64_t room)
{
    command->length = length < room ? length : room;
    command->direction = command->length ? SCSI_TO_HOST : SCSI_NO_DATA;
}

/* ---- Who it is ---- */

static void pad(uint8_t *to, const char *text, size_t width)
{
    size_t length = strlen(text);
    memset(to, ' ', width);
    memcpy(to, text, length < width ? length : width);
}

/* Vital product data: the list of pages, and the serial number. */
static void vital_data(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    uint8_t *to = command->answer;
    if (cdb[2] == 0x00) {
        to[3] = 2;
        to[5] = 0x80;
        answer(command, 6, get16(cdb + 3));
    } else if (cdb[2] == 0x80) {
        uint8_t length = (uint8_t)strlen(scsi->serial);
        to[1] = 0x80;
        to[3] = length;
        memcpy(to + 4, scsi->serial, length);
        answer(command, 4u + length, get16(cdb + 3));
    } else {
        refuse(scsi, command, SENSE_WRONG_FIELD);
    }
}

static void inquiry(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    uint8_t *to = command->answer;
    if (cdb[1] & 1) {
        vital_data(scsi, cdb, command);
        return;
    }
    if (cdb[2]) {
        refuse(scsi, command, SENSE_WRONG_FIELD);
        return;
    }
    to[1] = REMOVABLE;
    to[2] = 6; /* SPC-4 */
    to[3] = 2;
    to[4] = 36 - 5;
    pad(to + 8, "Duet", 8);
    pad(to + 16, scsi->product, 16);
    pad(to + 32, "1.0", 4);
    answer(command, 36, get16(cdb + 3));
}

/* ---- How it is ---- */

static void request_sense(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    uint8_t *to = command->answer;
    to[0] = 0x70;
    to[2] = (uint8_t)(scsi->sense >> 16);
    to[7] = 18 - 8;
    to[12] = (uint8_t)(scsi->sense >> 8);
    to[13] = (uint8_t)scsi->sense;
    answer(command, 18, cdb[4]);
    scsi->sense = SENSE_NONE;
}

static uint8_t *put_page(uint8_t *to, uint8_t page)
{
    to[0] = page;
    to[1] = 10;
    return to + 12; /* all 0: no write cache, no exceptions */
}

static void mode_sense(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    bool ten = cdb[0] == MODE_SENSE_10;
    uint8_t page = cdb[2] & 0x3f, *to = command->answer, *at = to + (ten ? 8 : 4);
    if (page != CACHING_PAGE && page != EXCEPTIONS_PAGE && page != ALL_PAGES) {
        refuse(scsi, command, SENSE_WRONG_FIELD);
        return;
    }
    if (page != EXCEPTIONS_PAGE)
        at = put_page(at, CACHING_PAGE);
    if (page != CACHING_PAGE)
        at = put_page(at, EXCEPTIONS_PAGE);
    uint32_t length = (uint32_t)(at - to);
    to[ten ? 3 : 2] = scsi->disk->read_only ? WRITE_PROTECT : 0;
    if (ten)
        put16(to, length - 2);
    else
        to[0] = (uint8_t)(length - 1);
    answer(command, length, ten ? get16(cdb + 7) : cdb[4]);
}

static void report_luns(const uint8_t *cdb, struct scsi_command *command)
{
    put32(command->answer, 8);
    answer(command, 16, get32(cdb + 6));
}

/* ---- How large it is ---- */

static uint32_t short_count(uint64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void read_capacity_10(struct scsi_disk *scsi, struct scsi_command *command)
{
    put32(command->answer, short_count(scsi->disk->sectors - 1));
    put32(command->answer + 4, scsi->disk->sector_size);
    answer(command, 8, 8);
}

static void service_action(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    if ((cdb[1] & 0x1f) != READ_CAPACITY_16) {
        refuse(scsi, command, SENSE_WRONG_FIELD);
        return;
    }
    put64(command->answer, scsi->disk->sectors - 1);
    put32(command->answer + 8, scsi->disk->sector_size);
    answer(command, 32, get32(cdb + 10));
}

static void format_capacities(struct scsi_disk *scsi, const uint8_t *cdb,
                              struct scsi_command *command)
{
    uint8_t *to = command->answer;
    to[3] = 8;
    put32(to + 4, short_count(scsi->disk->sectors));
    put32(to + 8, scsi->disk->sector_size);
    to[8] = FORMATTED;
    answer(command, 12, get16(cdb + 7));
}

/* ---- The medium ---- */

static void start_stop(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    bool start = cdb[4] & 1, load_or_eject = cdb[4] & 2;
    if (!load_or_eject)
        return;
    if (!start && scsi->removal_prevented)
        refuse(scsi, command, SENSE_PREVENTED);
    else
        scsi->ejected = !start;
}

static void move(struct scsi_disk *scsi, struct scsi_command *command,
                 enum scsi_direction direction, uint64_t sector, uint64_t count)
{
    if (sector > scsi->disk->sectors || count > scsi->disk->sectors - sector) {
        refuse(scsi, command, SENSE_OUT_OF_RANGE);
    } else if (direction == SCSI_FROM_HOST && scsi->disk->read_only) {
        refuse(scsi, command, SENSE_WRITE_PROTECTED);
    } else {
        command->direction = count ? direction : SCSI_NO_DATA;
        command->sectors = true;
        command->sector = sector;
        command->length = count * scsi->disk->sector_size;
    }
}

static void verify(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    uint8_t sector[DISK_SECTOR_MAX];
    uint64_t first = get32(cdb + 2), count = get16(cdb + 7);
    if (cdb[1] & BYTE_CHECK) {
        refuse(scsi, command, SENSE_WRONG_FIELD);
        return;
    }
    move(scsi, command, SCSI_NO_DATA, first, count);
    for (uint64_t n = 0; !command->failed && n < count; n++)
        if (!scsi->disk->read(scsi->disk->ctx, first + n, sector))
            refuse(scsi, command, SENSE_READ_ERROR);
    command->length = 0;
}

/* ---- Decoding ---- */

static bool needs_medium(uint8_t operation)
{
    return operation != INQUIRY && operation != REQUEST_SENSE && operation != REPORT_LUNS &&
           operation != START_STOP_UNIT && operation != MODE_SENSE_6 &&
           operation != MODE_SENSE_10 && operation != PREVENT_REMOVAL;
}

/* What every command but a few is told first. */
static enum scsi_sense state(struct scsi_disk *scsi, sim_time now, uint8_t operation)
{
    if (operation == INQUIRY || operation == REQUEST_SENSE || operation == REPORT_LUNS)
        return SENSE_NONE;
    if (now < scsi->ready_at)
        return SENSE_BECOMING_READY;
    if (scsi->changed) {
        scsi->changed = false;
        return SENSE_MEDIUM_CHANGED;
    }
    return scsi->ejected && needs_medium(operation) ? SENSE_NO_MEDIUM : SENSE_NONE;
}

static bool decode_transfer(struct scsi_disk *scsi, const uint8_t *cdb,
                            struct scsi_command *command)
{
    switch (cdb[0]) {
    case READ_10:
    case WRITE_10:
        move(scsi, command, cdb[0] == READ_10 ? SCSI_TO_HOST : SCSI_FROM_HOST, get32(cdb + 2),
             get16(cdb + 7));
        return true;
    case READ_12:
    case WRITE_12:
        move(scsi, command, cdb[0] == READ_12 ? SCSI_TO_HOST : SCSI_FROM_HOST, get32(cdb + 2),
             get32(cdb + 6));
        return true;
    case READ_16:
    case WRITE_16:
        move(scsi, command, cdb[0] == READ_16 ? SCSI_TO_HOST : SCSI_FROM_HOST, get64(cdb + 2),
             get32(cdb + 10));
        return true;
    }
    return false;
}

static bool decode_question(struct scsi_disk *scsi, const uint8_t *cdb,
                            struct scsi_command *command)
{
    switch (cdb[0]) {
    case REQUEST_SENSE:
        request_sense(scsi, cdb, command);
        return true;
    case INQUIRY:
        inquiry(scsi, cdb, command);
        return true;
    case MODE_SENSE_6:
    case MODE_SENSE_10:
        mode_sense(scsi, cdb, command);
        return true;
    case READ_FORMAT_CAPACITIES:
        format_capacities(scsi, cdb, command);
        return true;
    case READ_CAPACITY_10:
        read_capacity_10(scsi, command);
        return true;
    case SERVICE_ACTION_IN:
        service_action(scsi, cdb, command);
        return true;
    case REPORT_LUNS:
        report_luns(cdb, command);
        return true;
    }
    return false;
}

static void decode_other(struct scsi_disk *scsi, const uint8_t *cdb, struct scsi_command *command)
{
    switch (cdb[0]) {
    case TEST_UNIT_READY:
    case SYNCHRONIZE_CACHE_10: /* nothing is ever kept back */
    case SYNCHRONIZE_CACHE_16:
        break;
    case START_STOP_UNIT:
        start_stop(scsi, cdb, command);
        break;
    case PREVENT_REMOVAL:
        scsi->removal_prevented = cdb[4] & 1;
        break;
    case VERIFY_10:
        verify(scsi, cdb, command);
        break;
    default:
        refuse(scsi, command, SENSE_UNKNOWN_COMMAND);
    }
}

void scsi_decode(struct scsi_disk *scsi, sim_time now, const uint8_t *cdb, unsigned length,
                 struct scsi_command *command)
{
    uint8_t whole[SCSI_COMMAND_MAX] = {0};
    memcpy(whole, cdb, length < sizeof whole ? length : sizeof whole);
    memset(command, 0, sizeof *command);
    enum scsi_sense wrong = state(scsi, now, whole[0]);
    if (wrong != SENSE_NONE) {
        refuse(scsi, command, wrong);
        return;
    }
    if (whole[0] != REQUEST_SENSE)
        scsi->sense = SENSE_NONE;
    if (!decode_transfer(scsi, whole, command) && !decode_question(scsi, whole, command))
        decode_other(scsi, whole, command);
}

void scsi_power_on(struct scsi_disk *scsi, sim_time ready_at, bool empty)
{
    scsi->sense = SENSE_NONE;
    scsi->changed = !empty;
    scsi->ejected = empty;
    scsi->removal_prevented = false;
    scsi->ready_at = ready_at;
}
