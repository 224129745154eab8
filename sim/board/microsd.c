#include "sim/board/microsd_internal.h"

#define OCR_READY 0x80000000u

enum {
    OCR_HIGH_CAPACITY = 1 << 30,
    OCR_VOLTAGES = 0xff8000, /* 2.7 to 3.6 V */
};

#define START_TIME  (40 * SIM_MS)  /* from the first ACMD41 on */
#define ACCESS_TIME (250 * SIM_US) /* of what is read */
#define STOP_TIME   (300 * SIM_US) /* after the last block that was written */
#define WRITE_RATE  20000000
#define ERASE_TIME  (2 * SIM_MS)

struct request {
    const struct sd_line *line;
    uint32_t argument;
    struct sd_answer *answer;
};

static sim_time now_of(const struct microsd *card)
{
    return sim_now(card->sim);
}

/* What it writes is written some time later. */
static void settle(struct microsd *card)
{
    if (card->state == CARD_PROGRAM && card->free_at <= now_of(card))
        card->state = CARD_TRANSFER;
}

/* ---- Answers ---- */

static void answer_long(const struct request *request)
{
    request->answer->kind = SD_LONG;
}

static void answer_status(struct microsd *card, const struct request *request)
{
    request->answer->kind = SD_SHORT;
    request->answer->words[0] = card->status | (uint32_t)card->state_before << 9 |
                                (card->free_at <= now_of(card) ? READY_FOR_DATA : 0) |
                                (card->application ? APPLICATION_COMMAND : 0);
    card->status = 0;
}

/* Named by its address; before it has one, by 0. */
static bool is_meant(const struct microsd *card, const struct request *request)
{
    return request->argument >> 16 == card->rca;
}

/* ---- Identification ---- */

static void go_idle(struct microsd *card, const struct request *request)
{
    (void)request;
    microsd_power_on(card);
}

static void interface_condition(struct microsd *card, const struct request *request)
{
    (void)card;
    if ((request->argument >> 8 & 15) != 1) /* 2.7 to 3.6 V */
        return;
    request->answer->kind = SD_SHORT;
    request->answer->words[0] = request->argument & 0xfff;
}

/* A host that does not know of high capacity waits for ever. */
static void operation_condition(struct microsd *card, const struct request *request)
{
    bool inquiry = !(request->argument & OCR_VOLTAGES);
    bool knows = request->argument & OCR_HIGH_CAPACITY;
    request->answer->kind = SD_SHORT;
    request->answer->without_crc = true;
    request->answer->words[0] = OCR_VOLTAGES;
    if (inquiry)
        return;
    if (!card->ready_at)
        card->ready_at = now_of(card) + START_TIME;
    if (card->ready_at > now_of(card) || !knows)
        return;
    request->answer->words[0] |= OCR_READY | OCR_HIGH_CAPACITY;
    card->state = CARD_READY;
}

static void all_send_cid(struct microsd *card, const struct request *request)
{
    answer_long(request);
    microsd_cid(request->answer->words);
    card->state = CARD_IDENT;
}

static void publish_address(struct microsd *card, const struct request *request)
{
    enum { ERRORS_IN_ADDRESS_ANSWER = 15, STATUS_LOW = 0x1fff };
    answer_status(card, request);
    card->rca = (uint16_t)(card->rca == 0xffff ? 1 : card->rca + 1);
    uint32_t status = request->answer->words[0];
    request->answer->words[0] = (uint32_t)card->rca << 16 | (status & STATUS_LOW) |
                                (status & CRC_ERROR ? 1u << ERRORS_IN_ADDRESS_ANSWER : 0) |
                                (status & ILLEGAL_COMMAND ? 1u << 14 : 0) |
                                (status & GENERAL_ERROR ? 1u << 13 : 0);
    card->state = CARD_STANDBY;
}

static void send_csd(struct microsd *card, const struct request *request)
{
    if (!is_meant(card, request))
        return;
    answer_long(request);
    microsd_csd(card, request->answer->words);
}

static void send_cid(struct microsd *card, const struct request *request)
{
    if (!is_meant(card, request))
        return;
    answer_long(request);
    microsd_cid(request->answer->words);
}

static void select_card(struct microsd *card, const struct request *request)
{
    if (is_meant(card, request)) {
        answer_status(card, request);
        if (card->state == CARD_STANDBY)
            card->state = CARD_TRANSFER;
    } else if (card->state == CARD_TRANSFER) {
        card->state = CARD_STANDBY;
    }
}

static void send_status(struct microsd *card, const struct request *request)
{
    if (is_meant(card, request))
        answer_status(card, request);
}

static void go_inactive(struct microsd *card, const struct request *request)
{
    if (is_meant(card, request))
        card->state = CARD_INACTIVE;
}

/* ---- Registers that are sent as data ---- */

static void send_reply(struct microsd *card, const struct request *request, unsigned length)
{
    answer_status(card, request);
    card->reply_length = length;
    card->send_at = now_of(card) + 2 * SIM_US;
    card->state = CARD_DATA;
}

static void send_scr(struct microsd *card, const struct request *request)
{
    microsd_scr(card->reply);
    send_reply(card, request, 8);
}

static void send_sd_status(struct microsd *card, const struct request *request)
{
    microsd_sd_status(card, card->reply);
    send_reply(card, request, 64);
}

static void send_written(struct microsd *card, const struct request *request)
{
    for (unsigned n = 0; n < 4; n++)
        card->reply[n] = (uint8_t)(card->written >> (24 - 8 * n));
    send_reply(card, request, 4);
}

static void switch_function(struct microsd *card, const struct request *request)
{
    microsd_switch(card, request->argument, card->reply);
    send_reply(card, request, 64);
}

static void set_width(struct microsd *card, const struct request *request)
{
    answer_status(card, request);
    card->width = (request->argument & 3) == 2 ? 4 : 1;
}

/* ---- Sectors ---- */

static void set_block_length(struct microsd *card, const struct request *request)
{
    if (request->argument > 512)
        card->status |= BLOCK_LENGTH_ERROR;
    answer_status(card, request);
}

static void only_answer(struct microsd *card, const struct request *request)
{
    answer_status(card, request);
}

static void set_count(struct microsd *card, const struct request *request)
{
    answer_status(card, request);
    card->count = request->argument;
}

/* The answer tells at once what is wrong with the place. */
static bool begin(struct microsd *card, const struct request *request, bool many, bool write)
{
    card->sector = request->argument;
    card->left = !many ? 1 : card->count ? card->count : UINT64_MAX;
    card->count = 0;
    if (card->sector >= card->config.disk.sectors)
        card->status |= OUT_OF_RANGE;
    else if (write && card->config.disk.read_only)
        card->status |= WRITE_PROTECTED;
    bool good = !card->status;
    answer_status(card, request);
    return good;
}

static void begin_reading(struct microsd *card, const struct request *request, bool many)
{
    if (!begin(card, request, many, false))
        return;
    card->reply_length = 0;
    card->send_at = now_of(card) + ACCESS_TIME;
    card->state = CARD_DATA;
}

static void read_single(struct microsd *card, const struct request *request)
{
    begin_reading(card, request, false);
}

static void read_many(struct microsd *card, const struct request *request)
{
    begin_reading(card, request, true);
}

static void begin_writing(struct microsd *card, const struct request *request, bool many)
{
    if (!begin(card, request, many, true))
        return;
    card->written = 0;
    card->state = CARD_RECEIVE;
}

static void write_single(struct microsd *card, const struct request *request)
{
    begin_writing(card, request, false);
}

static void write_many(struct microsd *card, const struct request *request)
{
    begin_writing(card, request, true);
}

void microsd_program(struct microsd *card, sim_time time)
{
    sim_time now = now_of(card);
    card->free_at = (card->free_at > now ? card->free_at : now) + time;
    card->state = CARD_PROGRAM;
}

static void stop(struct microsd *card, const struct request *request)
{
    answer_status(card, request);
    if (card->state == CARD_RECEIVE)
        microsd_program(card, STOP_TIME);
    else if (card->state == CARD_DATA)
        card->state = CARD_TRANSFER;
}

/* ---- Erasing ---- */

static void erase_from(struct microsd *card, const struct request *request)
{
    card->erase_first = request->argument;
    card->erase_steps = 1;
    answer_status(card, request);
}

static void erase_to(struct microsd *card, const struct request *request)
{
    card->erase_last = request->argument;
    if (card->erase_steps == 1)
        card->erase_steps = 2;
    else
        card->status |= ERASE_SEQUENCE_ERROR;
    answer_status(card, request);
}

static void erase_sectors(struct microsd *card)
{
    static const uint8_t zeros[512];
    const struct disk *disk = &card->config.disk;
    for (uint64_t n = card->erase_first; n <= card->erase_last; n++)
        if (!disk->write(disk->ctx, n, zeros))
            card->status |= GENERAL_ERROR;
    microsd_program(card, ERASE_TIME);
}

static void erase(struct microsd *card, const struct request *request)
{
    if (card->erase_steps != 2)
        card->status |= ERASE_SEQUENCE_ERROR;
    else if (card->erase_first > card->erase_last || card->erase_last >= card->config.disk.sectors)
        card->status |= ERASE_PARAMETER;
    else if (card->config.disk.read_only)
        card->status |= WRITE_PROTECTED;
    bool good = !card->status;
    card->erase_steps = 0;
    answer_status(card, request);
    if (good)
        erase_sectors(card);
}

/* ---- Which command is allowed where (SD specification, table 4-35) ---- */

static void application_command(struct microsd *card, const struct request *request)
{
    if (!is_meant(card, request))
        return;
    card->application = true;
    answer_status(card, request);
}

#define IN(state) (1u << CARD_##state)
enum {
    ALWAYS = 0xff,
    ADDRESSED = IN(STANDBY) | IN(TRANSFER) | IN(DATA) | IN(RECEIVE) | IN(PROGRAM),
};

struct command {
    uint8_t index, states;
    void (*go)(struct microsd *card, const struct request *request);
};

static const struct command commands[] = {
    {0, ALWAYS, go_idle},
    {2, IN(READY), all_send_cid},
    {3, IN(IDENT) | IN(STANDBY), publish_address},
    {6, IN(TRANSFER), switch_function},
    {7, ADDRESSED, select_card},
    {8, IN(IDLE), interface_condition},
    {9, IN(STANDBY), send_csd},
    {10, IN(STANDBY), send_cid},
    {12, IN(DATA) | IN(RECEIVE), stop},
    {13, ADDRESSED, send_status},
    {15, ADDRESSED, go_inactive},
    {16, IN(TRANSFER), set_block_length},
    {17, IN(TRANSFER), read_single},
    {18, IN(TRANSFER), read_many},
    {23, IN(TRANSFER), set_count},
    {24, IN(TRANSFER), write_single},
    {25, IN(TRANSFER), write_many},
    {32, IN(TRANSFER), erase_from},
    {33, IN(TRANSFER), erase_to},
    {38, IN(TRANSFER), erase},
    {55, IN(IDLE) | ADDRESSED, application_command},
};

static const struct command application_commands[] = {
    {6, IN(TRANSFER), set_width},        {13, IN(TRANSFER), send_sd_status},
    {22, IN(TRANSFER), send_written},    {23, IN(TRANSFER), only_answer},
    {41, IN(IDLE), operation_condition}, {42, IN(TRANSFER), only_answer},
    {51, IN(TRANSFER), send_scr},
};

static const struct command *find(const struct command *table, size_t count, unsigned index)
{
    for (size_t n = 0; n < count; n++)
        if (table[n].index == index)
            return &table[n];
    return NULL;
}

/* An application command that there is not is taken as a plain one. */
static const struct command *look_up(const struct microsd *card, unsigned index)
{
    const struct command *found = NULL;
    if (card->application)
        found = find(application_commands,
                     sizeof application_commands / sizeof application_commands[0], index);
    return found ? found : find(commands, sizeof commands / sizeof commands[0], index);
}

static void check_clock(struct microsd *card, const struct sd_line *line)
{
    uint64_t most = card->state < CARD_STANDBY ? 400000 : card->high_speed ? 50000000 : 25000000;
    if (line->hz > most)
        complain(&card->sim->reporter, COMPLAINT_GUEST, "microSD", most,
                 "its clock is %llu kHz, and at most %llu kHz are allowed %s",
                 (unsigned long long)line->hz / 1000, (unsigned long long)most / 1000,
                 card->state < CARD_STANDBY ? "until it is identified"
                 : card->high_speed         ? "at high speed"
                                            : "before CMD6 has switched it to high speed");
}

static void command(void *ctx, const struct sd_line *line, unsigned index, uint32_t argument,
                    struct sd_answer *answer)
{
    struct microsd *card = ctx;
    const struct request request = {line, argument, answer};
    if (card->state == CARD_INACTIVE)
        return;
    settle(card);
    check_clock(card, line);
    card->statistics.commands++;
    const struct command *found = look_up(card, index);
    answer->index = (uint8_t)index;
    card->state_before = card->state;
    if (!found || !(found->states >> card->state & 1)) {
        card->status |= ILLEGAL_COMMAND;
        card->application = false;
        return;
    }
    found->go(card, &request);
    if (index != 55)
        card->application = false;
}

/* ---- Power ---- */

void microsd_power_on(struct microsd *card)
{
    card->state = CARD_IDLE;
    card->status = 0;
    card->rca = 0;
    card->application = card->high_speed = false;
    card->width = 1;
    card->ready_at = card->free_at = 0;
    card->reply_length = card->erase_steps = 0;
    card->count = card->written = 0;
}

void microsd_init(struct microsd *card, struct sim *sim, const struct microsd_config *config)
{
    *card = (struct microsd){.sim = sim, .config = *config};
    if (!card->config.rate)
        card->config.rate = WRITE_RATE;
    card->device = (struct sd_device){
        card, "microSD", command, microsd_sends_at, microsd_send, microsd_take, microsd_busy_until};
    microsd_power_on(card);
}
