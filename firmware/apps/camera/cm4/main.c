/*
 * The M4: camera, console, files. It waits for the M7, starts the kernel, and all else
 * is in the threads of cm4/threads.c.
 */
#include "chip/boot.h"
#include "chip/clocks.h"
#include "cm4/camera.h"
#include "cm4/console.h"
#include "cm4/decoder.h"
#include "cm4/encoder.h"
#include "cm4/files.h"
#include "cm4/leds.h"
#include "cm4/panel.h"
#include "cm4/player.h"
#include "cm4/stick.h"
#include "drivers/timer.h"
#include "shared/link.h"
#include "shared/log.h"
#include "shared/threads.h"

VOID tx_application_define(VOID *unused)
{
    (void)unused;
    console_open();
    camera_open();
    encoder_open();
    decoder_open();
    player_open();
    panel_open();
    stick_open();
    leds_open();
    console_print("\nDuet camera system: M4 is up. Type help.\n");
    if (link_open(NULL) != DUET_OK)
        log_line(LOG_ERROR, "the shared memory's map is wrong");
    files_open();
    if (!threads_create())
        log_line(LOG_ERROR, "the table of threads is wrong");
}

int main(void)
{
    boot_wait_for_m7();
    timer_start(TIMER_CM4);
    tx_port_core_clock = CLOCK_CM4_HZ;
    tx_kernel_enter();
}
