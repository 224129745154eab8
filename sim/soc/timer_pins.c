/* Data sheet DS12930, tables "port A to K alternate functions". */
#include "sim/soc/timer_pins.h"

#include "sim/soc/gpio.h"
#include "sim/soc/tim.h"

enum { A, B, C, D, E, F, G, H, I, J, K };
/* In place of a channel. ETR is behind the channels, which may have the same pin; 5 to 7 are complementary. */
enum { ETR = 0, N1 = TIM_COMPLEMENT + 1, N2, N3, BKIN, BKIN2 };

static const struct timer_pin {
    uint8_t port, pin, function, timer, channel;
} pins[] = {
    {A, 8, 1, 1, 1},     {E, 9, 1, 1, 1},     {K, 1, 1, 1, 1},      {A, 9, 1, 1, 2},
    {E, 11, 1, 1, 2},    {J, 11, 1, 1, 2},    {A, 10, 1, 1, 3},     {E, 13, 1, 1, 3},
    {J, 9, 1, 1, 3},     {A, 11, 1, 1, 4},    {E, 14, 1, 1, 4},     {A, 0, 1, 2, 1},
    {A, 5, 1, 2, 1},     {A, 15, 1, 2, 1},    {A, 1, 1, 2, 2},      {B, 3, 1, 2, 2},
    {A, 2, 1, 2, 3},     {B, 10, 1, 2, 3},    {A, 3, 1, 2, 4},      {B, 11, 1, 2, 4},
    {A, 6, 2, 3, 1},     {B, 4, 2, 3, 1},     {C, 6, 2, 3, 1},      {A, 7, 2, 3, 2},
    {B, 5, 2, 3, 2},     {C, 7, 2, 3, 2},     {B, 0, 2, 3, 3},      {C, 8, 2, 3, 3},
    {B, 1, 2, 3, 4},     {C, 9, 2, 3, 4},     {B, 6, 2, 4, 1},      {D, 12, 2, 4, 1},
    {B, 7, 2, 4, 2},     {D, 13, 2, 4, 2},    {B, 8, 2, 4, 3},      {D, 14, 2, 4, 3},
    {B, 9, 2, 4, 4},     {D, 15, 2, 4, 4},    {A, 0, 2, 5, 1},      {H, 10, 2, 5, 1},
    {A, 1, 2, 5, 2},     {H, 11, 2, 5, 2},    {A, 2, 2, 5, 3},      {H, 12, 2, 5, 3},
    {A, 3, 2, 5, 4},     {I, 0, 2, 5, 4},     {C, 6, 3, 8, 1},      {I, 5, 3, 8, 1},
    {J, 8, 3, 8, 1},     {C, 7, 3, 8, 2},     {I, 6, 3, 8, 2},      {J, 6, 3, 8, 2},
    {J, 10, 3, 8, 2},    {C, 8, 3, 8, 3},     {I, 7, 3, 8, 3},      {K, 0, 3, 8, 3},
    {C, 9, 3, 8, 4},     {I, 2, 3, 8, 4},     {B, 14, 2, 12, 1},    {H, 6, 2, 12, 1},
    {B, 15, 2, 12, 2},   {H, 9, 2, 12, 2},    {A, 6, 9, 13, 1},     {F, 8, 9, 13, 1},
    {A, 7, 9, 14, 1},    {F, 9, 9, 14, 1},    {A, 2, 4, 15, 1},     {E, 5, 4, 15, 1},
    {A, 3, 4, 15, 2},    {E, 6, 4, 15, 2},    {B, 8, 1, 16, 1},     {F, 6, 1, 16, 1},
    {B, 9, 1, 17, 1},    {F, 7, 1, 17, 1},    {A, 12, 1, 1, ETR},   {E, 7, 1, 1, ETR},
    {G, 5, 1, 1, ETR},   {A, 0, 1, 2, ETR},   {A, 5, 1, 2, ETR},    {A, 15, 1, 2, ETR},
    {D, 2, 2, 3, ETR},   {E, 0, 2, 4, ETR},   {A, 4, 2, 5, ETR},    {H, 8, 2, 5, ETR},
    {A, 0, 3, 8, ETR},   {G, 8, 3, 8, ETR},   {I, 3, 3, 8, ETR},    {A, 7, 1, 1, N1},
    {B, 13, 1, 1, N1},   {E, 8, 1, 1, N1},    {K, 0, 1, 1, N1},     {B, 0, 1, 1, N2},
    {B, 14, 1, 1, N2},   {E, 10, 1, 1, N2},   {J, 10, 1, 1, N2},    {B, 1, 1, 1, N3},
    {B, 15, 1, 1, N3},   {E, 12, 1, 1, N3},   {J, 8, 1, 1, N3},     {A, 5, 3, 8, N1},
    {A, 7, 3, 8, N1},    {H, 13, 3, 8, N1},   {J, 9, 3, 8, N1},     {B, 0, 3, 8, N2},
    {B, 14, 3, 8, N2},   {H, 14, 3, 8, N2},   {J, 7, 3, 8, N2},     {J, 11, 3, 8, N2},
    {B, 1, 3, 8, N3},    {B, 15, 3, 8, N3},   {H, 15, 3, 8, N3},    {K, 1, 3, 8, N3},
    {A, 1, 4, 15, N1},   {E, 4, 4, 15, N1},   {B, 6, 1, 16, N1},    {F, 8, 1, 16, N1},
    {B, 7, 1, 17, N1},   {F, 9, 1, 17, N1},   {A, 6, 1, 1, BKIN},   {B, 12, 1, 1, BKIN},
    {E, 15, 1, 1, BKIN}, {K, 2, 1, 1, BKIN},  {E, 6, 1, 1, BKIN2},  {G, 4, 1, 1, BKIN2},
    {A, 6, 3, 8, BKIN},  {G, 2, 3, 8, BKIN},  {I, 4, 3, 8, BKIN},   {K, 2, 3, 8, BKIN},
    {A, 8, 3, 8, BKIN2}, {G, 3, 3, 8, BKIN2}, {I, 1, 3, 8, BKIN2},  {A, 0, 4, 15, BKIN},
    {E, 3, 4, 15, BKIN}, {B, 4, 1, 16, BKIN}, {F, 10, 1, 16, BKIN}, {B, 5, 1, 17, BKIN},
    {G, 6, 1, 17, BKIN},
};
enum { PINS = sizeof pins / sizeof pins[0] };

static bool is_selected(struct soc *soc, const struct timer_pin *p)
{
    return gpio_function(soc, p->port, p->pin) == p->function;
}

static void output_changed(void *ctx, unsigned n, bool level)
{
    (void)level;
    if (is_selected(ctx, &pins[n]))
        gpio_pin_changed(ctx, pins[n].port, pins[n].pin);
}

/* Pins that are no break input count as quiet. */
static void hear_break(struct soc *soc, const struct timer_pin *changed)
{
    bool connected = false, level = false;
    for (unsigned n = 0; n < PINS; n++) {
        const struct timer_pin *p = &pins[n];
        if (p->timer != changed->timer || p->channel != changed->channel || !is_selected(soc, p))
            continue;
        connected = true;
        level |= soc->pin_level[p->port][p->pin].level;
    }
    tim_break_input(soc, changed->timer, changed->channel == BKIN2, TIM_BREAK_PIN, connected,
                    level);
}

/* A channel that drives its pin does not hear itself. */
static void hear(struct soc *soc, const struct timer_pin *p, bool level)
{
    if (p->channel >= BKIN) {
        hear_break(soc, p);
        return;
    }
    if (!is_selected(soc, p) || tim_drives(soc, p->timer, p->channel))
        return;
    if (p->channel == ETR)
        tim_external_trigger(soc, p->timer, level);
    else
        tim_input(soc, p->timer, p->channel, level);
}

/* The table's entries of each pin, as a list: place + 1, 0 ends. */
static uint8_t first_of[SOC_PORTS][SOC_PINS], next_of[PINS];

static void pin_changed(void *ctx, unsigned pin, bool level)
{
    for (unsigned n = first_of[pin / SOC_PINS][pin % SOC_PINS]; n; n = next_of[n - 1])
        hear(ctx, &pins[n - 1], level);
}

int timer_pins_level(struct soc *soc, unsigned port, unsigned pin, unsigned function)
{
    for (unsigned n = first_of[port][pin]; n; n = next_of[n - 1]) {
        const struct timer_pin *p = &pins[n - 1];
        if (p->function == function)
            return tim_drives(soc, p->timer, p->channel)
                       ? tim_output(soc, p->timer, p->channel)->level
                       : -1;
    }
    return -1;
}

void timer_pins_selected(struct soc *soc, unsigned port, unsigned pin)
{
    pin_changed(soc, port * SOC_PINS + pin, soc->pin_level[port][pin].level);
}

static void list_pins(void)
{
    for (unsigned n = PINS; n > 0; n--) {
        uint8_t *first = &first_of[pins[n - 1].port][pins[n - 1].pin];
        next_of[n - 1] = *first;
        *first = (uint8_t)n;
    }
}

void timer_pins_connect(struct soc *soc)
{
    if (!first_of[pins[0].port][pins[0].pin])
        list_pins();
    for (unsigned n = 0; n < PINS; n++) {
        struct wire *output = tim_output(soc, pins[n].timer, pins[n].channel);
        if (output) {
            wire_connect(output, output_changed, soc, n);
            wire_connect(tim_driven(soc, pins[n].timer, pins[n].channel), output_changed, soc, n);
        }
    }
    for (unsigned pin = 0; pin < SOC_PORTS * SOC_PINS; pin++)
        if (first_of[pin / SOC_PINS][pin % SOC_PINS])
            wire_connect(&soc->pin_level[pin / SOC_PINS][pin % SOC_PINS], pin_changed, soc, pin);
}
