#include "cm7/blitter.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "tx_execution_profile.h"

/* A short operation is over before a thread would be asleep. */
enum { SHORT_PIXELS = 1024, SHORT_POLLS = 10000, PATIENCE_TICKS = 100 };

void dma2d_handler(void);

static struct {
    TX_MUTEX turn;
    TX_SEMAPHORE ended;
    void (*tell)(enum dma2d_result result);
    volatile enum dma2d_result result; /* of what blitter_finish() waits for */
} blitter;

void dma2d_handler(void)
{
    _tx_execution_isr_enter();
    enum dma2d_result result = dma2d_result();
    if (result != DMA2D_NOTHING)
        blitter.tell(result);
    _tx_execution_isr_exit();
}

void blitter_open(void)
{
    tx_mutex_create(&blitter.turn, (CHAR *)"DMA2D", TX_INHERIT);
    tx_semaphore_create(&blitter.ended, (CHAR *)"DMA2D ended", 0);
}

void blitter_start(void)
{
    dma2d_enable();
    irq_enable(IRQ_DMA2D, 4);
}

void blitter_take(void)
{
    tx_mutex_get(&blitter.turn, TX_WAIT_FOREVER);
}

void blitter_give(void)
{
    tx_mutex_put(&blitter.turn);
}

void blitter_ring(void (*ended)(enum dma2d_result result))
{
    blitter.tell = ended;
    dma2d_ring();
}

static void wake(enum dma2d_result result)
{
    blitter.result = result;
    tx_semaphore_put(&blitter.ended);
}

static enum dma2d_result sleep_to_end(void)
{
    blitter.result = DMA2D_NOTHING;
    blitter_ring(wake);
    tx_semaphore_get(&blitter.ended, PATIENCE_TICKS);
    return blitter.result;
}

static enum dma2d_result look_for_end(void)
{
    enum dma2d_result result = DMA2D_NOTHING;
    for (unsigned n = 0; n < SHORT_POLLS && result == DMA2D_NOTHING; n++)
        result = dma2d_result();
    return result;
}

bool blitter_finish(uint32_t pixels)
{
    enum dma2d_result result = pixels <= SHORT_PIXELS ? look_for_end() : sleep_to_end();
    blitter_give();
    return result == DMA2D_DONE;
}
