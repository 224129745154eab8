/* The M4 writes what the M7 makes. */
#include "stick-relay/relay.h"
#include "usb/usb_host.h"

#include "ff.h"

static const struct duet_frame_config config = PIECES_CONFIG;
static struct duet_frame_receiver receiver;
static FATFS volume;
static FIL file;

static void open_pool(void)
{
    must(duet_frame_open_receiver(&receiver, &config), "the pool");
}

static void wait_for_stick(void)
{
    while (usb_host_state() != USB_HOST_STICK) {
        usb_host_run();
        usb_host_idle();
    }
}

static bool write_piece(void)
{
    struct duet_frame piece;
    UINT moved = 0;
    while (duet_frame_receive(&receiver, &piece, DUET_EVERY_FRAME, DUET_BY_DMA) != DUET_OK)
        duet_notify_wait(&link_notify, 1u << LINE_PIECES, PATIENCE_US);
    bool done = f_write(&file, piece.data, PIECE, &moved) == FR_OK && moved == PIECE;
    must(duet_frame_release(&receiver, &piece), "release");
    return done;
}

/* Bytes a millisecond are kilobytes a second. */
static void write_file(void)
{
    uint32_t began = example_microseconds(), written = 0;
    while (written < PIECES && write_piece())
        written++;
    uint32_t took = example_microseconds() - began;
    if (f_close(&file) == FR_OK && written == PIECES)
        say("wrote %u bytes of the M7's, %u kB/s", PIECE * PIECES,
            (unsigned)((uint64_t)PIECE * PIECES * 1000 / took));
}

int main(void)
{
    link_start(NULL, 0, open_pool);
    if (!usb_host_start())
        say("the USB core does not answer");
    wait_for_stick();
    if (f_mount(&volume, "", 1) == FR_OK &&
        f_open(&file, "/relay.bin", FA_WRITE | FA_CREATE_ALWAYS) == FR_OK)
        write_file();
    else
        say("the stick cannot be written");
    example_end();
}
