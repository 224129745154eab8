/* The M4 receives: the interrupt handler wakes the one of two tasks whose buffer has a message. */
#include "chip/cortex_m.h"
#include "message-buffers/message-buffers.h"

static StaticMessageBuffer_t data_storage[DATA_BUFFERS], control_storage;
static MessageBufferHandle_t data[DATA_BUFFERS], control;
static volatile uint32_t ready; /* a bit per task: what a kernel's task notification would be */

/* In the interrupt. The ring says only that something came; the control buffer says where. */
static void on_control(void *argument, uint32_t line)
{
    uint8_t which;
    (void)argument;
    (void)line;
    while (xMessageBufferReceiveFromISR(control, &which, sizeof which, NULL) == sizeof which)
        if (which < DATA_BUFFERS) /* written by the other core: looked at before it is used */
            ready = ready | BIT(which);
}

static const struct duet_notify_entry entries[] = {
    [LINE_CONTROL] = {.handler = on_control},
};

static void create_buffers(void)
{
    struct duet_ring_config where = control_buffer();
    control = xMessageBufferCreateShared(&where, DUET_RECEIVER, &control_storage, NULL, NULL);
    for (unsigned which = 0; which < DATA_BUFFERS; which++) {
        where = data_buffer(which);
        data[which] =
            xMessageBufferCreateShared(&where, DUET_RECEIVER, &data_storage[which], NULL, NULL);
    }
}

static void text_task(void)
{
    char text[64];
    size_t length;
    while ((length = xMessageBufferReceive(data[BUFFER_TEXT], text, sizeof text, 0)) != 0)
        say("text task: \"%.*s\", %u bytes", (int)length, text, (unsigned)length);
}

static void numbers_task(void)
{
    uint32_t numbers[3];
    while (xMessageBufferReceive(data[BUFFER_NUMBERS], numbers, sizeof numbers, 0) ==
           sizeof numbers) {
        say("numbers task: %lu %lu %lu", (unsigned long)numbers[0], (unsigned long)numbers[1],
            (unsigned long)numbers[2]);
        duet_notify_raise(&link_notify, LINE_DONE);
    }
}

/* Which tasks are ready, sleeping until one is. Masked, so that no ring falls between look and
 * sleep. */
static uint32_t wait_for_ready(void)
{
    uint32_t primask = interrupts_mask();
    if (!ready)
        wait_for_interrupt();
    uint32_t tasks = ready;
    ready = 0;
    interrupts_restore(primask);
    instruction_sync_barrier(); /* what ended the sleep comes in now, before the next mask (B5.2) */
    return tasks;
}

int main(void)
{
    static void (*const tasks[DATA_BUFFERS])(void) = {text_task, numbers_task};
    link_start(entries, LINE_CONTROL + 1, create_buffers);
    join(data[BUFFER_TEXT]);
    join(data[BUFFER_NUMBERS]);
    for (;;) {
        uint32_t woken = wait_for_ready();
        for (unsigned which = 0; which < DATA_BUFFERS; which++)
            if (woken & BIT(which))
                tasks[which]();
    }
}
