/* The M7 makes the pieces: each word says where it belongs. */
#include "stick-relay/relay.h"

static const struct duet_frame_config config = PIECES_CONFIG;
static struct duet_frame_sender sender;

static void open_pool(void)
{
    must(duet_frame_open_sender(&sender, &config), "the pool");
}

static void fill(uint32_t *words, uint32_t number)
{
    for (uint32_t n = 0; n < PIECE / 4; n++)
        words[n] = number << 16 | n;
}

/* Waits for a free one: the line is raised when the M4 gives one back, too. */
static void send_piece(uint32_t number)
{
    struct duet_frame piece;
    while (duet_frame_acquire(&sender, &piece, DUET_BY_CPU) != DUET_OK)
        duet_notify_wait(&link_notify, 1u << LINE_PIECES, PATIENCE_US);
    fill((uint32_t *)(void *)piece.data, number);
    piece.length = PIECE;
    piece.tag = number;
    must(duet_frame_send(&sender, &piece), "send");
}

int main(void)
{
    link_start(NULL, 0, open_pool);
    for (uint32_t number = 0; number < PIECES; number++)
        send_piece(number);
    example_end();
}
