/* The board put together: devices to their buses and pins, people to the devices. */
#include "sim/board/board.h"

#include <stdlib.h>
#include <string.h>

#include "sim/board/internal.h"
#include "sim/soc/block.h"
#include "sim/soc/eth.h"
#include "sim/soc/fmc.h"
#include "sim/soc/quadspi.h"
#include "sim/soc/sai.h"
#include "sim/soc/usart.h"

enum { GPIO_MODER = 0x00, GPIO_AFRL = 0x20, MODE_ALTERNATE = 2 };

/* ---- Pins ---- */

static void drive(struct board *board, struct pin pin, bool level)
{
    soc_drive_pin(board->soc, pin.port, pin.number, level);
}

static bool pin_connected(struct board *board, struct pin pin, unsigned alternate)
{
    const char name[] = {'G', 'P', 'I', 'O', (char)('A' + pin.port), 0};
    const struct block *port = soc_block(board->soc, name);
    if (!port)
        return false;
    uint32_t afr = REG(port, GPIO_AFRL + pin.number / 8u * 4);
    return (REG(port, GPIO_MODER) >> (2 * pin.number) & 3) == MODE_ALTERNATE &&
           (afr >> (pin.number % 8u * 4) & 15) == alternate;
}

bool board_connected(struct board *board, const struct connection *connection)
{
    for (unsigned n = 0; n < connection->count; n++) {
        struct pin pin = connection->pins[n];
        if (pin_connected(board, pin, connection->alternate))
            continue;
        complain(&board->sim->reporter, COMPLAINT_GUEST, connection->what, 0x10000u + n,
                 "%s is used but its pin P%c%u is not in alternate function %u", connection->what,
                 'A' + pin.port, pin.number, connection->alternate);
        return false;
    }
    return true;
}

/* ---- What the chip drives ---- */

static void led_changed(void *ctx, unsigned n, bool lit)
{
    struct board *board = ctx;
    board->led[n] = lit;
    if (board->listener.led)
        board->listener.led(board->listener.ctx, n + 1, lit);
}

static void panel_reset_changed(void *ctx, unsigned index, bool low)
{
    (void)index;
    panel_reset_pin(&((struct board *)ctx)->panel, low);
}

static void backlight_changed(void *ctx, unsigned index, bool low)
{
    (void)index;
    panel_backlight(&((struct board *)ctx)->panel, !low);
}

static void camera_power_changed(void *ctx, unsigned index, bool high)
{
    (void)index;
    ov5640_power_down_pin(&((struct board *)ctx)->camera, high);
}

/* ---- What the devices drive, and what they tell ---- */

static void touch_interrupt(void *ctx, bool level)
{
    drive(ctx, disco_touch_interrupt, level);
}

static void tearing_effect(void *ctx, bool level)
{
    drive(ctx, disco_tearing_effect, level);
}

static void panel_changed(void *ctx, bool on)
{
    struct board *board = ctx;
    if (board->listener.panel)
        board->listener.panel(board->listener.ctx, on);
}

static void frame_shown(void *ctx)
{
    struct board *board = ctx;
    if (board->listener.frame)
        board->listener.frame(board->listener.ctx, board->panel.frames);
}

/* A frame begins: whoever captures it needs the wires. */
static void camera_frame_starts(void *ctx)
{
    struct board *board = ctx;
    enum { DCMI_CR = 0, CR_ENABLE = 1 << 14, CR_CAPTURE = 1 };
    uint32_t cr = REG(board->camera.dcmi, DCMI_CR);
    if ((cr & (CR_ENABLE | CR_CAPTURE)) == (CR_ENABLE | CR_CAPTURE))
        board_connected(board, &disco_camera);
}

static void console_receive(void *ctx, uint16_t data)
{
    struct board *board = ctx;
    const uint8_t byte = (uint8_t)data;
    if (board_connected(board, &disco_console) && board->listener.console)
        board->listener.console(board->listener.ctx, &byte, 1);
}

/* ---- USB ---- */

static bool usb_wired(void *ctx)
{
    return board_connected(ctx, &disco_usb);
}

void board_plug(struct board *board, const struct usb_device *device)
{
    usb_plug(soc_block(board->soc, disco_usb.what), device);
}

void board_plug_host(struct board *board, const struct usb_host_end *host)
{
    usb_plug_host(soc_block(board->soc, disco_usb.what), host);
}

/* ---- The microSD card ---- */

static bool card_wired(void *ctx, unsigned width)
{
    return board_connected(ctx, &disco_card) &&
           (width == 1 || (width == 4 && board_connected(ctx, &disco_card_wide)));
}

static uint16_t phy_read(void *ctx, unsigned address, unsigned reg)
{
    struct board *board = ctx;
    return board_connected(board, &disco_ethernet) ? lan8742_read(&board->phy, address, reg)
                                                   : 0xffff;
}

static void phy_write(void *ctx, unsigned address, unsigned reg, uint16_t value)
{
    struct board *board = ctx;
    if (board_connected(board, &disco_ethernet))
        lan8742_write(&board->phy, address, reg, value);
}

void board_insert(struct board *board, const struct sd_device *card)
{
    board->card = card;
    sd_insert(soc_block(board->soc, disco_card.what), card);
    drive(board, disco_card_detect, !card);
}

/* ---- QUADSPI ---- */

static bool flash_selected(void *ctx)
{
    return board_connected(ctx, &disco_flash);
}

/* ---- The audio codec ---- */

static int16_t sample(uint32_t slot, unsigned bits)
{
    return (int16_t)(bits > 16 ? slot >> (bits - 16) : slot << (16 - bits));
}

/* One slot sounds on both sides. */
static void audio_frame(void *ctx, unsigned half, const uint32_t *slots, unsigned count,
                        unsigned bits, sim_time period)
{
    struct board *board = ctx;
    const struct board_listener *listener = &board->listener;
    if (half == 0 && board_connected(board, &disco_audio) && listener->audio)
        listener->audio(listener->ctx, sample(slots[0], bits), sample(slots[count > 1], bits),
                        period);
}

/* ---- I2C4 ---- */

static bool wired_start(void *ctx, bool read)
{
    struct wired_device *wired = ctx;
    return board_connected(wired->board, &disco_i2c) &&
           wired->inside->start(wired->inside->ctx, read);
}

static bool wired_write(void *ctx, uint8_t byte)
{
    struct wired_device *wired = ctx;
    return wired->inside->write(wired->inside->ctx, byte);
}

static uint8_t wired_read(void *ctx)
{
    struct wired_device *wired = ctx;
    return wired->inside->read(wired->inside->ctx);
}

static void wire_device(struct board *board, unsigned n, struct i2c_device *device)
{
    struct wired_device *wired = &board->wired[n];
    *wired = (struct wired_device){.board = board, .inside = device};
    wired->outside = (struct i2c_device){.name = device->name,
                                         .ctx = wired,
                                         .address = device->address,
                                         .start = wired_start,
                                         .write = wired_write,
                                         .read = wired_read};
    i2c_attach(board->soc, DISCO_I2C, &wired->outside);
}

/* ---- Putting it together ---- */

static void set_revision(struct board *board, enum board_panel revision)
{
    bool first = revision == PANEL_OTM8009A;
    board->revision = revision;
    board->panel.model = first ? &otm8009a_model : &nt35510_model;
    board->touch.device.address = first ? TOUCH_ADDRESS_A >> 1 : TOUCH_ADDRESS_B >> 1;
    board->wired[1].outside.address = board->touch.device.address;
}

static void connect_pins(struct board *board)
{
    struct soc *soc = board->soc;
    for (unsigned n = 0; n < BOARD_LEDS; n++)
        wire_connect(&soc->pin_sunk[disco_led_pins[n].port][disco_led_pins[n].number], led_changed,
                     board, n);
    wire_connect(&soc->pin_sunk[disco_panel_reset.port][disco_panel_reset.number],
                 panel_reset_changed, board, 0);
    wire_connect(&soc->pin_sunk[disco_backlight.port][disco_backlight.number], backlight_changed,
                 board, 0);
    wire_connect(&soc->pin_out[disco_camera_power_down.port][disco_camera_power_down.number],
                 camera_power_changed, board, 0);
}

static void connect_flash(struct board *board)
{
    board->flash.selected = flash_selected;
    board->flash.ctx = board;
    const struct quadspi_bus wires = mt25tl01g_bus(&board->flash);
    quadspi_attach(board->soc, &wires);
}

static void connect_devices(struct board *board, const struct board_config *config)
{
    const struct fmc_sdram sdram = {"IS42S32800J", &board->sdram, 9, 12, 4, 32};
    const struct usart_peer console = {board, console_receive};
    const struct usb_socket usb = {board, usb_wired, NULL};
    const struct sd_socket card = {board, card_wired};
    const struct sai_listener audio = {board, audio_frame};
    const struct eth_phy phy = {board, phy_read, phy_write};
    panel_init(&board->panel, &otm8009a_model, board->sim, soc_block(board->soc, "DSIHOST"));
    board->panel.listener_ctx = board;
    board->panel.shows = panel_changed;
    board->panel.frame = frame_shown;
    board->panel.tearing_effect = tearing_effect;
    ov5640_init(&board->camera, board->sim, soc_block(board->soc, "DCMI"), &config->camera);
    board->camera.frame_starts = camera_frame_starts;
    board->camera.ctx = board;
    ft6x06_init(&board->touch, board->sim);
    board->touch.interrupt = touch_interrupt;
    board->touch.ctx = board;
    wire_device(board, 0, &board->camera.device);
    wire_device(board, 1, &board->touch.device);
    wm8994_init(&board->codec);
    wire_device(board, 2, &board->codec.device);
    fmc_attach_sdram(board->soc, DISCO_SDRAM_BANK, &sdram);
    connect_flash(board);
    usart_attach(board->soc, disco_console.what, &console);
    usb_connect(soc_block(board->soc, disco_usb.what), &usb);
    sd_connect(soc_block(board->soc, disco_card.what), &card);
    sai_listen(soc_block(board->soc, disco_audio.what), &audio);
    eth_connect(soc_block(board->soc, disco_ethernet.what), &phy);
}

static void free_memories(struct board *board)
{
    ram_free(&board->sdram);
    mt25tl01g_free(&board->flash);
}

struct board *board_create(struct soc *soc, const struct board_config *config)
{
    struct board *board = calloc(1, sizeof *board);
    if (!board)
        return NULL;
    board->soc = soc;
    board->sim = soc_sim(soc);
    if (!ram_init(&board->sdram, "SDRAM", DISCO_SDRAM_SIZE) ||
        !mt25tl01g_init(&board->flash, board->sim)) {
        free_memories(board);
        free(board);
        return NULL;
    }
    board->listener = config->listener;
    connect_devices(board, config);
    set_revision(board, config->panel);
    connect_pins(board);
    board_reset(board);
    return board;
}

void board_destroy(struct board *board)
{
    if (!board)
        return;
    ov5640_free(&board->camera);
    free_memories(board);
    free(board);
}

void board_reset(struct board *board)
{
    for (unsigned n = 0; n < disco_button_count; n++)
        drive(board, disco_buttons[n].pin, !disco_buttons[n].pressed_level);
    drive(board, disco_card_detect, !board->card);
    drive(board, disco_tearing_effect, false);
    panel_power_on(&board->panel);
    ft6x06_power_on(&board->touch);
    ov5640_power_on(&board->camera);
    mt25tl01g_power_on(&board->flash);
    wm8994_power_on(&board->codec);
    lan8742_power_on(&board->phy);
}

static const char *set_panel(struct board *board, const char *value)
{
    bool is_late = !strcmp(value, "nt35510");
    if (!is_late && strcmp(value, "otm8009a") != 0)
        return "panel is otm8009a or nt35510";
    set_revision(board, is_late ? PANEL_NT35510 : PANEL_OTM8009A);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*set)(struct board *board, const char *value);
} settings[] = {
    {"panel", set_panel},
    {"jumper", board_set_jumper},
    {"wire", board_set_wire},
};

const char *board_setting_name(unsigned n)
{
    return n < sizeof settings / sizeof *settings ? settings[n].name : NULL;
}

const char *board_set(struct board *board, const char *name, const char *value)
{
    for (unsigned n = 0; n < sizeof settings / sizeof *settings; n++)
        if (!strcmp(name, settings[n].name))
            return settings[n].set(board, value);
    return "";
}

/* ---- People ---- */

bool board_press(struct board *board, const char *button, bool pressed)
{
    for (unsigned n = 0; n < disco_button_count; n++) {
        const struct button *b = &disco_buttons[n];
        if (strcmp(button, b->name) != 0)
            continue;
        drive(board, b->pin, pressed == b->pressed_level);
        return true;
    }
    return false;
}

void board_drive_pin(struct board *board, unsigned port, unsigned pin, bool level)
{
    soc_drive_pin(board->soc, port, pin, level);
}

void board_touch(struct board *board, unsigned finger, unsigned x, unsigned y)
{
    ft6x06_touch(&board->touch, finger, x, y);
}

void board_lift(struct board *board, unsigned finger)
{
    ft6x06_lift(&board->touch, finger);
}

void board_type(struct board *board, const uint8_t *bytes, size_t count)
{
    usart_send(board->soc, disco_console.what, bytes, count);
}

void board_panel_picture(struct board *board, uint8_t *rgb)
{
    panel_look(&board->panel, rgb);
}

bool board_panel_on(const struct board *board)
{
    return panel_shows(&board->panel);
}

bool board_led(const struct board *board, unsigned led)
{
    return led >= 1 && led <= BOARD_LEDS && board->led[led - 1];
}

void board_statistics(const struct board *board, struct board_statistics *statistics)
{
    *statistics = (struct board_statistics){.frames_captured = board->camera.frames,
                                            .frames_shown = board->panel.frames,
                                            .panel_refreshes = board->panel.refreshes};
}
