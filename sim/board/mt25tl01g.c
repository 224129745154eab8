/*
 * MT25TL01G: commands, registers and times of the data sheet of its dies (MT25QL512AB, tables
 * "command set", "read ID", "AC characteristics"). A die takes a command by whatever number of lines
 * it comes, so it is more patient than the real one, which must be put into quad mode first. Erasing
 * and writing registers for good take a hundredth of their typical time. Not modelled: protection,
 * one-time bytes, suspending, SFDP.
 */
#include "sim/board/mt25tl01g.h"

#include <string.h>

enum {
    WRITE_STATUS = 0x01,
    WRITE_DISABLE = 0x04,
    READ_STATUS = 0x05,
    WRITE_ENABLE = 0x06,
    ENTER_QUAD = 0x35,
    CLEAR_FLAGS = 0x50,
    WRITE_ENHANCED = 0x61,
    READ_ENHANCED = 0x65,
    RESET_ENABLE = 0x66,
    READ_FLAGS = 0x70,
    WRITE_VOLATILE = 0x81,
    READ_VOLATILE = 0x85,
    RESET_MEMORY = 0x99,
    READ_ID_MULTIPLE = 0xaf,
    READ_ID = 0x9f,
    READ_ID_OLD = 0x9e,
    WRITE_CONFIGURATION = 0xb1,
    READ_CONFIGURATION = 0xb5,
    ENTER_4_BYTES = 0xb7,
    EXIT_4_BYTES = 0xe9,
    EXIT_QUAD = 0xf5,
};

enum { STATUS_WIP = 1, STATUS_WEL = 2, FLAGS_READY = 0x80, FLAGS_4_BYTES = 1 };

enum kind { KIND_OTHER, KIND_READ, KIND_PROGRAM, KIND_ERASE };

/* Commands on the array; erased bytes of a die, 0: all of it. */
static const struct array_command {
    uint8_t command;
    enum kind kind;
    uint32_t bytes;
} array_commands[] = {
    {0x03, KIND_READ, 0},         {0x0b, KIND_READ, 0},         {0x0c, KIND_READ, 0},
    {0x0d, KIND_READ, 0},         {0x0e, KIND_READ, 0},         {0x13, KIND_READ, 0},
    {0x3b, KIND_READ, 0},         {0x3c, KIND_READ, 0},         {0x3d, KIND_READ, 0},
    {0x6b, KIND_READ, 0},         {0x6c, KIND_READ, 0},         {0x6d, KIND_READ, 0},
    {0xbb, KIND_READ, 0},         {0xbc, KIND_READ, 0},         {0xbd, KIND_READ, 0},
    {0xbe, KIND_READ, 0},         {0xe7, KIND_READ, 0},         {0xeb, KIND_READ, 0},
    {0xec, KIND_READ, 0},         {0xed, KIND_READ, 0},         {0xee, KIND_READ, 0},
    {0x02, KIND_PROGRAM, 0},      {0x12, KIND_PROGRAM, 0},      {0x32, KIND_PROGRAM, 0},
    {0x34, KIND_PROGRAM, 0},      {0x38, KIND_PROGRAM, 0},      {0x3e, KIND_PROGRAM, 0},
    {0xa2, KIND_PROGRAM, 0},      {0xd2, KIND_PROGRAM, 0},      {0x20, KIND_ERASE, 4 << 10},
    {0x21, KIND_ERASE, 4 << 10},  {0x52, KIND_ERASE, 32 << 10}, {0x5c, KIND_ERASE, 32 << 10},
    {0xd8, KIND_ERASE, 64 << 10}, {0xdc, KIND_ERASE, 64 << 10}, {0xc7, KIND_ERASE, 0},
    {0x60, KIND_ERASE, 0},        {0xc4, KIND_ERASE, 0},
};

static const struct array_command *array_command(uint8_t command)
{
    for (size_t n = 0; n < sizeof array_commands / sizeof array_commands[0]; n++)
        if (array_commands[n].command == command)
            return &array_commands[n];
    return NULL;
}

static enum kind kind_of(uint8_t command)
{
    const struct array_command *array = array_command(command);
    return array ? array->kind : KIND_OTHER;
}

static uint8_t *byte_at(struct mt25tl01g_die *die, uint32_t address)
{
    return &die->memory->bytes[address % MT25TL01G_DIE_SIZE * MT25TL01G_DIES + die->lane];
}

static void will_change(struct mt25tl01g_die *die, uint32_t address, uint32_t length)
{
    bus_tell_watchers(&die->sim->bus, die->memory, address % MT25TL01G_DIE_SIZE * MT25TL01G_DIES,
                      length * MT25TL01G_DIES, MASTER_DEBUG);
}

/* ---- What takes time ---- */

static void stay_busy(struct mt25tl01g_die *die, sim_time time)
{
    die->busy = true;
    event_in(&die->sim->events, &die->done, time);
}

static void done(void *ctx)
{
    struct mt25tl01g_die *die = ctx;
    die->busy = false;
    die->write_enabled = false;
}

/* Bits only fall; an address runs round in its page. */
static void program(struct mt25tl01g_die *die)
{
    uint32_t base = die->address & ~(MT25TL01G_PAGE - 1u);
    will_change(die, base, MT25TL01G_PAGE);
    for (unsigned n = 0; n < MT25TL01G_PAGE; n++)
        *byte_at(die, base + n) &= die->page[n];
    stay_busy(die, 120 * SIM_US);
}

static void erase(struct mt25tl01g_die *die, uint32_t bytes)
{
    uint32_t size = bytes ? bytes : MT25TL01G_DIE_SIZE;
    uint32_t base = bytes ? die->address & ~(bytes - 1) : 0;
    will_change(die, base, size);
    for (uint32_t n = 0; n < size; n++)
        *byte_at(die, base + n) = 0xff;
    stay_busy(die, bytes == 4 << 10    ? 500 * SIM_US
                   : bytes == 32 << 10 ? 1 * SIM_MS
                   : bytes             ? 1500 * SIM_US
                                       : 1530 * SIM_MS);
}

static void change_array(struct mt25tl01g_die *die, const struct array_command *array)
{
    if (!die->write_enabled)
        return;
    if (array->kind == KIND_ERASE)
        erase(die, array->bytes);
    else if (array->kind == KIND_PROGRAM && die->count)
        program(die);
}

/* ---- Registers ---- */

static void reset(struct mt25tl01g_die *die)
{
    event_cancel(&die->sim->events, &die->done);
    die->busy = die->write_enabled = die->reset_enabled = false;
    die->four_bytes = !(die->configuration[0] & 1);
    die->volatile_configuration = (uint8_t)(die->configuration[1] & 0xf0) | 0x0b;
    die->enhanced = 0xff;
}

static uint8_t status(const struct mt25tl01g_die *die)
{
    return (uint8_t)(die->status | (die->busy ? STATUS_WIP : 0) |
                     (die->write_enabled ? STATUS_WEL : 0));
}

static uint8_t flags(const struct mt25tl01g_die *die)
{
    return (uint8_t)((die->busy ? 0 : FLAGS_READY) | (die->four_bytes ? FLAGS_4_BYTES : 0));
}

/* Manufacturer, 3 V, 512 Mb, and the length of what follows: 0x10 bytes of unique id. */
static uint8_t id(unsigned n)
{
    static const uint8_t bytes[] = {0x20, 0xba, 0x20, 0x10, 0x44, 0x00};
    return n < sizeof bytes ? bytes[n] : 0;
}

static void act_at_end(struct mt25tl01g_die *die)
{
    switch (die->command) {
    case WRITE_ENABLE:
        die->write_enabled = true;
        break;
    case WRITE_DISABLE:
        die->write_enabled = false;
        break;
    case ENTER_4_BYTES:
    case EXIT_4_BYTES:
        die->four_bytes = die->command == ENTER_4_BYTES;
        die->write_enabled = false;
        break;
    case ENTER_QUAD:
        die->enhanced &= 0x7f;
        break;
    case EXIT_QUAD:
        die->enhanced |= 0x80;
        break;
    case WRITE_ENHANCED:
    case WRITE_VOLATILE:
        die->write_enabled = false;
        break;
    case WRITE_STATUS:
    case WRITE_CONFIGURATION:
        if (die->write_enabled)
            stay_busy(die, 13 * SIM_US);
        break;
    case RESET_MEMORY:
        if (die->reset_enabled)
            reset(die);
        break;
    default:
        break;
    }
    die->reset_enabled = die->command == RESET_ENABLE;
}

/* Volatile registers are there at once, the others take their time when chip select rises. */
static void write_register(struct mt25tl01g_die *die, uint8_t byte)
{
    switch (die->command) {
    case WRITE_STATUS:
        die->status = byte & 0xfc;
        break;
    case WRITE_ENHANCED:
        die->enhanced = byte;
        break;
    case WRITE_VOLATILE:
        die->volatile_configuration = byte;
        break;
    case WRITE_CONFIGURATION:
        if (die->count < sizeof die->configuration)
            die->configuration[die->count] = byte;
        break;
    default:
        break;
    }
}

/* ---- The wires ---- */

static bool taken_while_busy(uint8_t command)
{
    return command == READ_STATUS || command == READ_FLAGS;
}

static void begin(void *ctx, uint8_t command, uint32_t address, unsigned address_bytes)
{
    struct mt25tl01g_die *die = ctx;
    bool selected = !die->flash->selected || die->flash->selected(die->flash->ctx);
    die->command = !selected || (die->busy && !taken_while_busy(command)) ? 0 : command;
    die->address = address_bytes == 3 ? address & 0xffffff : address;
    die->count = 0;
    memset(die->page, 0xff, sizeof die->page);
}

static void take_byte(void *ctx, uint8_t byte)
{
    struct mt25tl01g_die *die = ctx;
    if (kind_of(die->command) == KIND_PROGRAM)
        die->page[(die->address + die->count) % MT25TL01G_PAGE] = byte;
    else if (die->write_enabled)
        write_register(die, byte);
    die->count++;
}

static uint8_t give_byte(void *ctx)
{
    struct mt25tl01g_die *die = ctx;
    uint32_t n = die->count++;
    switch (die->command) {
    case READ_STATUS:
        return status(die);
    case READ_FLAGS:
        return flags(die);
    case READ_ENHANCED:
        return die->enhanced;
    case READ_VOLATILE:
        return die->volatile_configuration;
    case READ_CONFIGURATION:
        return die->configuration[n & 1];
    case READ_ID:
    case READ_ID_OLD:
    case READ_ID_MULTIPLE:
        return id(n);
    default:
        return kind_of(die->command) == KIND_READ ? *byte_at(die, die->address + n) : 0xff;
    }
}

static void end(void *ctx)
{
    struct mt25tl01g_die *die = ctx;
    const struct array_command *array = array_command(die->command);
    if (array)
        change_array(die, array);
    act_at_end(die);
    die->command = 0;
}

static bool reads_memory(void *ctx, uint8_t command)
{
    (void)ctx;
    return kind_of(command) == KIND_READ;
}

struct quadspi_bus mt25tl01g_bus(struct mt25tl01g *flash)
{
    struct quadspi_bus bus = {.memory = &flash->memory};
    for (unsigned n = 0; n < MT25TL01G_DIES; n++)
        bus.chip[n] =
            (struct quadspi_chip){&flash->die[n], begin, take_byte, give_byte, end, reads_memory};
    return bus;
}

void mt25tl01g_power_on(struct mt25tl01g *flash)
{
    for (unsigned n = 0; n < MT25TL01G_DIES; n++)
        reset(&flash->die[n]);
}

bool mt25tl01g_init(struct mt25tl01g *flash, struct sim *sim)
{
    *flash = (struct mt25tl01g){0};
    for (unsigned n = 0; n < MT25TL01G_DIES; n++) {
        flash->die[n] = (struct mt25tl01g_die){.flash = flash,
                                               .sim = sim,
                                               .memory = &flash->memory,
                                               .lane = n,
                                               .configuration = {0xff, 0xff}};
        event_init(&flash->die[n].done, "MT25TL01G", done, &flash->die[n]);
    }
    return ram_init_erased(&flash->memory, "QUADSPI flash", MT25TL01G_DIES * MT25TL01G_DIE_SIZE);
}

void mt25tl01g_free(struct mt25tl01g *flash)
{
    ram_free(&flash->memory);
}
