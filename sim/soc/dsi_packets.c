/* The generic interface of the DSI host: commands, their payload and the panel's answers (RM0399 34.7). */
#include <string.h>

#include "sim/soc/dsi_internal.h"

enum { PCR_BTAE = 4 };
enum { GPSR_CMDFE = 1, GPSR_CMDFF = 2, GPSR_PWRFE = 4, GPSR_PWRFF = 8, GPSR_PRDFE = 16 };
enum { GPSR_PRDFF = 32, GPSR_RCB = 64 };
enum { ISR1_GCWRE = 1 << 8, ISR1_GPWRE = 1 << 9, ISR1_GPTXE = 1 << 10, ISR1_GPRDE = 1 << 11 };
enum { ISR1_GPRXE = 1 << 12 };

static bool is_long(uint8_t type)
{
    return type == DSI_GENERIC_LONG_WRITE || type == DSI_DCS_LONG_WRITE;
}

static bool is_read(uint8_t type)
{
    return type == DSI_DCS_READ || type == DSI_GENERIC_READ_0 || type == DSI_GENERIC_READ_1 ||
           type == DSI_GENERIC_READ_2;
}

static unsigned parameters(uint8_t type)
{
    switch (type) {
    case DSI_GENERIC_WRITE_2:
    case DSI_GENERIC_READ_2:
    case DSI_DCS_WRITE_1:
    case DSI_MAX_RETURN_SIZE:
        return 2;
    case DSI_GENERIC_WRITE_1:
    case DSI_GENERIC_READ_1:
    case DSI_DCS_WRITE_0:
    case DSI_DCS_READ:
        return 1;
    default:
        return 0;
    }
}

/* This kind of packet goes in low-power mode: by VMCR in video mode (34.9.2), by CMCR otherwise. */
static bool low_power(const struct dsi *dsi, uint8_t type)
{
    static const struct {
        uint8_t type, bit;
    } bits[] = {
        {DSI_GENERIC_WRITE_0, 8},     {DSI_GENERIC_WRITE_1, 9}, {DSI_GENERIC_WRITE_2, 10},
        {DSI_GENERIC_READ_0, 11},     {DSI_GENERIC_READ_1, 12}, {DSI_GENERIC_READ_2, 13},
        {DSI_GENERIC_LONG_WRITE, 14}, {DSI_DCS_WRITE_0, 16},    {DSI_DCS_WRITE_1, 17},
        {DSI_DCS_READ, 18},           {DSI_DCS_LONG_WRITE, 19}, {DSI_MAX_RETURN_SIZE, 24},
    };
    if (!(REG(&dsi->block, DSI_MCR) & DSI_MCR_CMDM))
        return REG(&dsi->block, DSI_VMCR) & DSI_VMCR_LPCE;
    for (unsigned n = 0; n < sizeof bits / sizeof bits[0]; n++)
        if (bits[n].type == type)
            return REG(&dsi->block, DSI_CMCR) >> bits[n].bit & 1;
    return false;
}

static sim_time packet_time(const struct dsi *dsi, uint32_t header)
{
    uint8_t type = header & 0x3f;
    uint64_t bits = 8 * (4 + (is_long(type) ? (header >> 8 & 0xffff) + 2 : 0));
    uint64_t rate = dsi_lane_rate(dsi), lanes = dsi_lanes(dsi);
    uint32_t divider = REG(&dsi->block, DSI_CCR) & 0xff;
    if (low_power(dsi, type) && divider)
        return sim_cycles_to_time(bits * 2, rate / 8 / divider) + SIM_US;
    return sim_cycles_to_time(bits, rate * lanes) + SIM_US;
}

/* 34.8.2: how long the link stands still after a packet, in command mode. */
static sim_time rest_time(const struct dsi *dsi, uint8_t type)
{
    const struct block *block = &dsi->block;
    bool slow = low_power(dsi, type);
    uint32_t cycles = is_read(type) ? REG(block, slow ? DSI_TCCR2 : DSI_TCCR1)
                                    : REG(block, slow ? DSI_TCCR4 : DSI_TCCR3);
    if (!(REG(block, DSI_MCR) & DSI_MCR_CMDM))
        return 0;
    cycles = (cycles & 0xffff) + (is_read(type) ? REG(block, DSI_TCCR5) : 0);
    sim_time time = sim_cycles_to_time(8ull * cycles, dsi_lane_rate(dsi));
    return time == SIM_NEVER ? 0 : time;
}

void dsi_send_next(struct dsi *dsi)
{
    if (!dsi->command_count || event_pending(&dsi->sent))
        return;
    if (!dsi_link_ready(dsi)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_GHCR,
                       "a packet waits for the DSI link: set CR.EN, PCTLR, the regulator and the "
                       "PLL first");
        return;
    }
    sim_time time = packet_time(dsi, dsi->commands[0]);
    sim_time now = sim_now(block_sim(&dsi->block));
    sim_time start = dsi->rests_until > now ? dsi->rests_until : now;
    event_at(&block_sim(&dsi->block)->events, &dsi->sent,
             start + (time == SIM_NEVER ? SIM_MS : time));
}

/* In words, behind what has not been read yet. */
static void keep_answer(struct dsi *dsi, const uint8_t *answer, unsigned count)
{
    unsigned size = (count + 3) & ~3u;
    dsi->answer_count -= dsi->answer_read;
    memmove(dsi->answer, dsi->answer + dsi->answer_read, dsi->answer_count);
    dsi->answer_read = 0;
    if (dsi->answer_count + size > DSI_ANSWER) {
        dsi_set_isr1(dsi, ISR1_GPRXE);
        return;
    }
    memcpy(dsi->answer + dsi->answer_count, answer, size);
    dsi->answer_count += size;
}

static void take_answer(struct dsi *dsi, uint8_t type, const uint8_t *bytes, unsigned count)
{
    if (!(REG(&dsi->block, DSI_PCR) & PCR_BTAE)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_PCR,
                       "a read over DSI gets no answer without bus turn-around: set PCR.BTAE");
        return;
    }
    uint8_t answer[DSI_ANSWER] = {0};
    unsigned room = dsi->return_size < DSI_ANSWER ? dsi->return_size : DSI_ANSWER;
    if (dsi->panel.read)
        keep_answer(
            dsi, answer,
            dsi->panel.read(dsi->panel.ctx, (enum dsi_type)type, bytes, count, answer, room));
}

static void deliver(struct dsi *dsi, uint32_t header, const uint8_t *bytes, unsigned count)
{
    uint8_t type = header & 0x3f;
    if (type == DSI_MAX_RETURN_SIZE)
        dsi->return_size = header >> 8 & 0xffff;
    else if (header >> 6 & 3) /* another virtual channel: nobody is there */
        return;
    else if (is_read(type))
        take_answer(dsi, type, bytes, count);
    else if (dsi->panel.write)
        dsi->panel.write(dsi->panel.ctx, (enum dsi_type)type, bytes, count);
}

static void deliver_long(struct dsi *dsi, uint32_t header)
{
    unsigned count = header >> 8 & 0xffff, words = (count + 3) & ~3u;
    if (words > dsi->payload_count) {
        dsi_set_isr1(dsi, ISR1_GPTXE);
        dsi->payload_count = 0;
        return;
    }
    deliver(dsi, header, dsi->payload, count);
    dsi->payload_count -= words;
    memmove(dsi->payload, dsi->payload + words, dsi->payload_count);
}

static void packet_sent(void *ctx)
{
    struct dsi *dsi = ctx;
    uint32_t header = dsi->commands[0];
    if (is_long(header & 0x3f)) {
        deliver_long(dsi, header);
    } else {
        const uint8_t bytes[2] = {(uint8_t)(header >> 8), (uint8_t)(header >> 16)};
        deliver(dsi, header, bytes, parameters(header & 0x3f));
    }
    dsi->rests_until = sim_now(block_sim(&dsi->block)) + rest_time(dsi, header & 0x3f);
    dsi->command_count--;
    memmove(dsi->commands, dsi->commands + 1, dsi->command_count * sizeof dsi->commands[0]);
    dsi_send_next(dsi);
}

void dsi_write_ghcr(struct dsi *dsi)
{
    if (dsi->command_count == DSI_COMMANDS) {
        dsi_set_isr1(dsi, ISR1_GCWRE);
        return;
    }
    dsi->commands[dsi->command_count++] = REG(&dsi->block, DSI_GHCR);
    dsi_send_next(dsi);
}

void dsi_write_gpdr(struct dsi *dsi, uint32_t value)
{
    if (dsi->payload_count + 4 > DSI_PAYLOAD) {
        dsi_set_isr1(dsi, ISR1_GPWRE);
        return;
    }
    memcpy(&dsi->payload[dsi->payload_count], &value, 4);
    dsi->payload_count += 4;
}

uint32_t dsi_read_gpdr(struct dsi *dsi)
{
    uint32_t value = 0;
    if (dsi->answer_read == dsi->answer_count) {
        dsi_set_isr1(dsi, ISR1_GPRDE);
        return 0;
    }
    memcpy(&value, &dsi->answer[dsi->answer_read], 4);
    dsi->answer_read += 4;
    return value;
}

uint32_t dsi_read_gpsr(const struct dsi *dsi)
{
    uint32_t status = dsi->command_count ? 0 : GPSR_CMDFE;
    status |= dsi->command_count == DSI_COMMANDS ? GPSR_CMDFF : 0;
    status |= dsi->payload_count ? 0 : GPSR_PWRFE;
    status |= dsi->payload_count + 4 > DSI_PAYLOAD ? GPSR_PWRFF : 0;
    status |= dsi->answer_read == dsi->answer_count ? GPSR_PRDFE : 0;
    status |= dsi->answer_count - dsi->answer_read == DSI_ANSWER ? GPSR_PRDFF : 0;
    bool reading = dsi->command_count && is_read(dsi->commands[0] & 0x3f);
    return status | (reading ? GPSR_RCB : 0);
}

void dsi_packets_reset(struct dsi *dsi)
{
    event_cancel(&block_sim(&dsi->block)->events, &dsi->sent);
    dsi->command_count = dsi->payload_count = 0;
    dsi->answer_count = dsi->answer_read = 0;
    dsi->rests_until = 0;
    dsi->return_size = 2; /* what fits a short answer */
}

void dsi_packets_init(struct dsi *dsi)
{
    event_init(&dsi->sent, "DSI packet", packet_sent, dsi);
}
