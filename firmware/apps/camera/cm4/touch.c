/* The panel's touch: one message a finger and change, to the M7. */
#include "boards/stm32h747i_disco/ft6x06.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm4/camera.h"
#include "cm4/panel.h"
#include "shared/log.h"
#include "tx_api.h"
#include "tx_execution_profile.h"

/* While a finger is down there is a report in each 17 ms; one that is missed is asked for. */
enum { REPORT_TICKS = 20, START_TICKS = 500 };

void touch_thread(ULONG unused);
void exti9_5_handler(void);

static TX_SEMAPHORE reported;
static volatile bool works;
static struct ft6x06_finger began[FT6X06_FINGERS]; /* where each came down last */

void exti9_5_handler(void)
{
    _tx_execution_isr_enter();
    if (ft6x06_interrupt() && works)
        tx_semaphore_ceiling_put(&reported, 1);
    _tx_execution_isr_exit();
}

static void tell(unsigned finger, const struct ft6x06_finger *before,
                 const struct ft6x06_finger *now)
{
    struct panel_touch touch = {
        .kind = PANEL_TOUCH, .finger = (uint8_t)finger, .x = now->x, .y = now->y};
    if (now->down && before->down && now->x == before->x && now->y == before->y)
        return;
    if (!now->down && !before->down)
        return;
    touch.event = !now->down ? TOUCH_UP : before->down ? TOUCH_MOVED : TOUCH_DOWN;
    if (touch.event == TOUCH_DOWN)
        began[finger] = *now;
    if (touch.event == TOUCH_UP)
        touch.stroke = (uint8_t)touch_stroke_of(now->x - began[finger].x, now->y - began[finger].y);
    panel_tell(&touch, sizeof touch);
}

/* True: a finger is down. */
static bool look(struct ft6x06_finger fingers[FT6X06_FINGERS])
{
    struct ft6x06_finger before[FT6X06_FINGERS];
    bool down = false;
    for (unsigned n = 0; n < FT6X06_FINGERS; n++)
        before[n] = fingers[n];
    camera_take_bus();
    ft6x06_read(fingers);
    camera_give_bus();
    for (unsigned n = 0; n < FT6X06_FINGERS; n++) {
        tell(n, &before[n], &fingers[n]);
        down = down || fingers[n].down;
    }
    return down;
}

static bool start(void)
{
    camera_take_bus();
    bool found = ft6x06_start();
    camera_give_bus();
    return found;
}

void touch_thread(ULONG unused)
{
    (void)unused;
    struct ft6x06_finger fingers[FT6X06_FINGERS] = {0};
    tx_semaphore_create(&reported, (CHAR *)"touch", 0);
    tx_thread_sleep(START_TICKS); /* the controller is reset with the panel */
    if (!start()) {
        log_line(LOG_WARNING, "no touch controller answers on I2C4");
        return;
    }
    works = true;
    irq_enable(IRQ_EXTI9_5, 6);
    for (bool down = false;;) {
        tx_semaphore_get(&reported, down ? REPORT_TICKS : TX_WAIT_FOREVER);
        down = look(fingers);
    }
}
