/*
 * The M4: camera, console and (to come) files. It waits for the M7, starts the kernel, and all else
 * is in the threads of cm4/threads.c.
 */
#include "boards/stm32h747i_disco/board.h"
#include "chip/boot.h"
#include "chip/clocks.h"
#include "cm4/camera.h"
#include "cm4/console.h"
#include "drivers/timer.h"
#include "shared/blink.h"
#include "shared/link.h"
#include "shared/threads.h"

static struct blink sign_of_life;

VOID tx_application_define(VOID *unused)
{
    (void)unused;
    console_open();
    camera_open();
    blink_start(&sign_of_life, LED2_ORANGE, 250);
    console_print("\nDuet camera system: M4 is up. Type help.\n");
    if (link_open(NULL) != DUET_OK)
        console_print("ipc: the shared memory's map is wrong\n");
    if (!threads_create())
        console_print("the table of threads is wrong\n");
}

int main(void)
{
    boot_wait_for_m7();
    timer_start(TIMER_CM4);
    tx_port_core_clock = CLOCK_CM4_HZ;
    tx_kernel_enter();
}
