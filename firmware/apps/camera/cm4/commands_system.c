/* Commands about the board: figures, camera, LEDs, log, restart. */
#include "chip/boot.h"
#include "cm4/camera.h"
#include "cm4/commands.h"
#include "cm4/console.h"
#include "cm4/journal.h"
#include "cm4/leds.h"
#include "cm4/status.h"
#include "cm4/storage.h"

#include <string.h>

static void print_stick(void)
{
    struct storage_info info;
    enum storage_status status = storage_get_info(&info);
    if (status != STORAGE_OK) {
        console_format("stick: %s\n", storage_text(status));
        return;
    }
    console_format("stick: %s %s, %lu of %lu MB free%s\n", info.label[0] ? info.label : "no name",
                   info.type, (unsigned long)(info.free_bytes / 1000000),
                   (unsigned long)(info.size_bytes / 1000000),
                   info.is_read_only ? ", write-protected" : "");
    if (info.is_recording)
        console_format("recording %s: %lu frames\n", info.recorded,
                       (unsigned long)info.recorded_frames);
}

bool run_status(const struct words *words)
{
    bool on;
    if (words->count == 1) {
        status_print();
        print_stick();
        return true;
    }
    if (words->count != 2 || !word_to_switch(words->word[1], &on))
        return false;
    status_repeat(on);
    return true;
}

static void print_camera(void)
{
    struct camera_state state;
    camera_get_state(&state);
    console_format("%ux%u at %u a second, mirror %s, flip %s, pattern %s%s\n", state.width,
                   state.height, state.frames_per_second, state.mirror ? "on" : "off",
                   state.flip ? "on" : "off", state.pattern ? "on" : "off",
                   state.sensor_works ? "" : "; no sensor answers");
}

static bool set_mode(const struct words *words, bool *done)
{
    uint32_t width, height, rate;
    if (!word_to_size(words->word[1], &width, &height) || !word_to_number(words->word[2], &rate) ||
        !camera_has_mode(width, height, rate))
        return false;
    *done = camera_set_mode(width, height, rate);
    return true;
}

static bool set_switch(const struct words *words, bool *done)
{
    static const char *const names[] = {"pattern", "flip", "mirror"};
    static bool (*const set[])(bool) = {camera_set_test_pattern, camera_set_flip,
                                        camera_set_mirror};
    unsigned which;
    bool on;
    if (!word_to_choice(words->word[1], names, 3, &which) || !word_to_switch(words->word[2], &on))
        return false;
    *done = set[which](on);
    return true;
}

bool run_camera(const struct words *words)
{
    bool done = true;
    if (words->count != 1 &&
        (words->count != 3 || (!set_mode(words, &done) && !set_switch(words, &done))))
        return false;
    if (!done)
        console_print("camera: the sensor does not answer\n");
    print_camera();
    return true;
}

static const char *const led_modes[] = {[LED_OFF] = "off", [LED_ON] = "on", [LED_BLINKS] = "blink"};

bool run_leds(const struct words *words)
{
    uint32_t number;
    unsigned mode;
    if (words->count == 1) {
        console_format("1 green %s, 2 orange %s, 3 red %s, 4 blue %s\n", led_modes[leds_mode(1)],
                       led_modes[leds_mode(2)], led_modes[leds_mode(3)], led_modes[leds_mode(4)]);
        return true;
    }
    if (words->count != 3 || !word_to_number(words->word[1], &number) || number < 1 ||
        number > LEDS || !word_to_choice(words->word[2], led_modes, 3, &mode))
        return false;
    leds_set(number, (enum led_mode)mode);
    return true;
}

bool run_log(const struct words *words)
{
    static const char *const names[LOG_LEVELS] = {"error", "warning", "info", "debug"};
    unsigned level = journal_level();
    if (words->count > 2 ||
        (words->count == 2 && !word_to_choice(words->word[1], names, LOG_LEVELS, &level)))
        return false;
    journal_set_level((enum log_level)level);
    console_format("log %s\n", names[level]);
    return true;
}

/* Files first: a stick that is there is left in order. */
bool run_reboot(const struct words *words)
{
    if (words->count != 1)
        return false;
    enum storage_status status = storage_eject();
    if (status != STORAGE_OK && status != STORAGE_NO_STICK && status != STORAGE_EJECTED)
        console_format("stick: %s\n", storage_text(status));
    console_print("both cores start again\n");
    console_flush();
    boot_restart();
}
