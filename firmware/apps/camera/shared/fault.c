#include "shared/fault.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cortex_m.h"
#include "tx_api.h"

#include <stdarg.h>
#include <stdio.h>

enum { CALLERS_TOLD = 3 };

/* CFSR's bits by its three registers (ARM DDI 0403E, B3.2.15). */
static const char *kind_of(const TX_PORT_FAULT *fault)
{
    if (fault->stack_overflow)
        return "its stack is full";
    if (fault->cfsr & 0xff)
        return "memory protection";
    if (fault->cfsr & 0xff00)
        return "bus error";
    return fault->cfsr ? "bad instruction" : "hard fault";
}

/* A text that grows in its place and is cut off at its end. */
struct text {
    char *end;
    size_t room;
};

static void append(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void append(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->end, text->room, format, arguments);
    va_end(arguments);
    size_t taken = length < 0 ? 0 : (size_t)length < text->room ? (size_t)length : text->room - 1;
    text->end += taken;
    text->room -= taken;
}

/* Right behind a call, BL or BLX (ARM DDI 0403E, A7.7.18 and A7.7.19), with the Thumb bit. */
static bool is_return_address(uint32_t word)
{
    extern const uint16_t linker_code_start[], linker_code_end[];
    uint32_t start = (uint32_t)&linker_code_start[2], end = (uint32_t)linker_code_end;
    if (!(word & 1) || word < start || word > end)
        return false;
    const uint16_t *next = (const uint16_t *)(word - 1);
    return ((next[-2] & 0xf800) == 0xf000 && (next[-1] & 0xd000) == 0xd000) ||
           (next[-1] & 0xff87) == 0x4780;
}

static unsigned append_caller(struct text *text, unsigned told, uint32_t word)
{
    if (told == CALLERS_TOLD || !is_return_address(word))
        return told;
    append(text, "%s 0x%08lx", told == 0 ? ", called from" : "", word - 1);
    return told + 1;
}

/* The way to the fault: LR, and the return addresses on the thread's stack, the last calls first. Some
 * may be left over from calls that have returned. */
static void append_callers(struct text *text, const TX_PORT_FAULT *fault)
{
    const uint32_t *end = (const uint32_t *)((uint32_t)fault->thread->tx_thread_stack_end & ~3u);
    unsigned told = append_caller(text, 0, fault->frame_valid ? fault->lr : 0);
    for (const uint32_t *word = (const uint32_t *)fault->stack; word < end; word++)
        told = append_caller(text, told, *word);
}

static void write_text(struct text text, const TX_PORT_FAULT *fault)
{
    if (fault->thread)
        append(&text, "thread %s stopped: %s", fault->thread_name, kind_of(fault));
    else
        append(&text, "the core stopped, in a handler: %s", kind_of(fault));
    if (fault->frame_valid)
        append(&text, ", at 0x%08lx", fault->pc);
    if (fault->address)
        append(&text, ", address 0x%08lx", fault->address);
    if (fault->thread)
        append_callers(&text, fault);
}

/* The kernel calls it, and ends the thread when it returns. */
void tx_port_fault(const TX_PORT_FAULT *fault)
{
    struct link_fault *card = &LINK_MAP->fault[LINK_THIS_CORE];
    led_init(LED3_RED);
    led_set(LED3_RED, true);
    write_text((struct text){card->text, sizeof card->text}, fault);
    data_memory_barrier();
    card->count++;
    if (!fault->thread)
        fault_last_words(card->text);
}

const char *fault_news(enum core which)
{
    static uint32_t seen[2];
    const volatile struct link_fault *card = &LINK_MAP->fault[which];
    uint32_t count = card->count;
    if (count == seen[which])
        return NULL;
    seen[which] = count;
    data_memory_barrier();
    return LINK_MAP->fault[which].text;
}
