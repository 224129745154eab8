#include "duet/transfer.h"

#include "shared.h"

static int lines_are_whole(const struct duet_transfer *transfer)
{
    uintptr_t lines = (uintptr_t)transfer->to | transfer->row | transfer->to_stride;

    return transfer->to_policy != DUET_MAINTAINED || lines % DUET_LINE == 0;
}

static int is_valid(const struct duet_transfer *transfer)
{
    for (; transfer; transfer = transfer->next)
        if (!transfer->to || !transfer->from || transfer->row == 0 || transfer->rows == 0 ||
            !lines_are_whole(transfer))
            return 0;
    return 1;
}

// Before: what this core wrote goes to memory, and no dirty line may be evicted over the result. After:
// what the cache fetched meanwhile is stale.
static void maintain(const struct duet_port *port, const struct duet_transfer *transfer, int before)
{
    const struct duet_memory from = {.port = port, .policy = transfer->from_policy};
    const struct duet_memory to = {.port = port, .policy = transfer->to_policy};

    for (uint32_t i = 0; i < transfer->rows; i++) {
        if (before)
            shared_publish(&from, (const uint8_t *)transfer->from + i * transfer->from_stride,
                           transfer->row);
        shared_fetch(&to, (uint8_t *)transfer->to + i * transfer->to_stride, transfer->row);
    }
}

// The next piece that the engine can take: whole rows, or a part of a row that is too long.
static void cut_piece(struct duet_mover *mover)
{
    const struct duet_transfer *whole = mover->transfer;
    struct duet_transfer *piece = &mover->piece;
    uint32_t rows = whole->rows - mover->row;

    *piece = *whole;
    piece->to = (uint8_t *)whole->to + mover->row * whole->to_stride + mover->offset;
    piece->from = (const uint8_t *)whole->from + mover->row * whole->from_stride + mover->offset;
    if (whole->row > DUET_ENGINE_ROW) {
        uint32_t left = whole->row - mover->offset;

        piece->row = left > DUET_ENGINE_ROW ? DUET_ENGINE_ROW : left;
        piece->rows = 1;
    } else {
        piece->rows = rows > DUET_ENGINE_ROWS ? DUET_ENGINE_ROWS : rows;
    }
}

static void piece_is_done(struct duet_mover *mover)
{
    const struct duet_transfer *whole = mover->transfer;

    if (whole->row > DUET_ENGINE_ROW) {
        mover->offset += mover->piece.row;
        if (mover->offset < whole->row)
            return;
        mover->offset = 0;
    }
    mover->row += mover->piece.rows;
}

static int copy_piece(struct duet_mover *mover)
{
    const struct duet_port *port = mover->config->port;
    const struct duet_transfer *piece = &mover->piece;

    DUET_STEP();
    if (port->copy)
        return port->copy(port, piece);
    for (uint32_t i = 0; i < piece->rows; i++)
        duet_copy((uint8_t *)piece->to + i * piece->to_stride,
                  (const uint8_t *)piece->from + i * piece->from_stride, piece->row);
    return DUET_OK;
}

static int start_transfer(struct duet_mover *mover, const struct duet_transfer *transfer)
{
    mover->transfer = transfer;
    mover->row = mover->offset = 0;
    maintain(mover->config->port, transfer, 1);
    cut_piece(mover);
    duet_fence();
    return copy_piece(mover);
}

static int finish(struct duet_mover *mover, int status)
{
    const struct duet_mover_config *config = mover->config;

    mover->transfer = NULL;
    mover->status = status;
    duet_fence();
    if (!config->notify)
        return status;
    if (config->tell_peer)
        duet_notify_raise(config->notify, config->line);
    else
        duet_notify_latch(config->notify, config->line);
    return status;
}

void duet_mover_open(struct duet_mover *mover, const struct duet_mover_config *config)
{
    mover->config = config;
    mover->transfer = NULL;
    mover->status = DUET_OK;
}

int duet_mover_start(struct duet_mover *mover, const struct duet_transfer *transfer)
{
    int status;

    if (mover->transfer)
        return DUET_AGAIN;
    if (!transfer || !is_valid(transfer))
        return DUET_INVALID;
    status = start_transfer(mover, transfer);
    return status == DUET_OK ? DUET_OK : finish(mover, status);
}

int duet_mover_serve(struct duet_mover *mover)
{
    const struct duet_port *port = mover->config->port;
    int status;

    if (!mover->transfer)
        return mover->status;
    status = port->copy ? port->copy_state(port, &mover->piece) : DUET_OK;
    if (status == DUET_AGAIN)
        return status;
    if (status != DUET_OK)
        return finish(mover, status);
    piece_is_done(mover);
    if (mover->row < mover->transfer->rows) {
        cut_piece(mover);
        status = copy_piece(mover);
    } else {
        const struct duet_transfer *next = mover->transfer->next;

        maintain(port, mover->transfer, 0);
        if (!next)
            return finish(mover, DUET_OK);
        status = start_transfer(mover, next);
    }
    return status == DUET_OK ? DUET_AGAIN : finish(mover, status);
}

void duet_mover_cancel(struct duet_mover *mover)
{
    const struct duet_port *port = mover->config->port;

    if (!mover->transfer)
        return;
    if (port->copy_cancel)
        port->copy_cancel(port, &mover->piece);
    maintain(port, mover->transfer, 0);
    mover->transfer = NULL;
    mover->status = DUET_TIMEOUT;
}

int duet_mover_wait(struct duet_mover *mover, uint32_t timeout_us)
{
    const struct duet_port *port = mover->config->port;
    uint32_t start = port->clock(port);

    for (;;) {
        int status = duet_mover_serve(mover);

        if (status != DUET_AGAIN)
            return status;
        if (port->clock(port) - start >= timeout_us) {
            duet_mover_cancel(mover);
            return DUET_TIMEOUT;
        }
    }
}
