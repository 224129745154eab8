/* Blocks to and from a microSD card: SD specification 4.3.3, 4.3.4. */
#include "sim/board/microsd_internal.h"

#include <string.h>

/* Its lines are not those that the host uses, or the wires are bad. */
static bool is_garbled(struct microsd *card, const struct sd_line *line)
{
    card->blocks++;
    return line->width != card->width ||
           (card->config.errors && card->blocks % card->config.errors == 0);
}

sim_time microsd_sends_at(void *ctx)
{
    struct microsd *card = ctx;
    return card->state == CARD_DATA ? card->send_at : SIM_NEVER;
}

static unsigned send_register(struct microsd *card, uint8_t *bytes)
{
    memcpy(bytes, card->reply, card->reply_length);
    card->state = CARD_TRANSFER;
    return card->reply_length;
}

/* What cannot be read is not sent: the host waits in vain, and is told by the status. */
static unsigned send_sector(struct microsd *card, uint8_t *bytes, bool *good)
{
    const struct disk *disk = &card->config.disk;
    if (!disk->read(disk->ctx, card->sector, bytes)) {
        card->status |= ECC_FAILED;
        *good = false;
        card->send_at = SIM_NEVER;
        return 0;
    }
    card->statistics.sectors_read++;
    card->sector++;
    if (--card->left == 0) {
        card->state = CARD_TRANSFER;
    } else if (card->sector == disk->sectors) {
        card->status |= OUT_OF_RANGE;
        card->send_at = SIM_NEVER;
    }
    return 512;
}

unsigned microsd_send(void *ctx, const struct sd_line *line, uint8_t *bytes, bool *good)
{
    struct microsd *card = ctx;
    *good = !is_garbled(card, line);
    return card->reply_length ? send_register(card, bytes) : send_sector(card, bytes, good);
}

static bool store(struct microsd *card, const uint8_t *bytes)
{
    const struct disk *disk = &card->config.disk;
    if (card->sector >= disk->sectors) {
        card->status |= OUT_OF_RANGE;
        return false;
    }
    if (!disk->write(disk->ctx, card->sector, bytes)) {
        card->status |= GENERAL_ERROR;
        return false;
    }
    card->statistics.sectors_written++;
    card->written++;
    card->sector++;
    return true;
}

enum sd_token microsd_take(void *ctx, const struct sd_line *line, const uint8_t *bytes,
                           unsigned length)
{
    struct microsd *card = ctx;
    if (card->state != CARD_RECEIVE)
        return SD_NO_TOKEN;
    if (is_garbled(card, line) || length != 512 || !store(card, bytes))
        return SD_REFUSED;
    microsd_program(card, sim_cycles_to_time(512, card->config.rate));
    if (--card->left)
        card->state = CARD_RECEIVE;
    return SD_TAKEN;
}

sim_time microsd_busy_until(void *ctx)
{
    return ((struct microsd *)ctx)->free_at;
}
