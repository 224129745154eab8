#include "shared/fault.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cortex_m.h"
#include "tx_api.h"

#include <stdio.h>

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

static void write_text(char *text, size_t size, const TX_PORT_FAULT *fault)
{
    char address[32] = "";
    if (fault->address)
        snprintf(address, sizeof address, ", address 0x%08lx", fault->address);
    if (fault->thread)
        snprintf(text, size, "thread %s stopped: %s, at 0x%08lx%s", fault->thread_name,
                 kind_of(fault), fault->pc, address);
    else
        snprintf(text, size, "the core stopped, in a handler: %s, at 0x%08lx%s", kind_of(fault),
                 fault->pc, address);
}

/* The kernel calls it, and ends the thread when it returns. */
void tx_port_fault(const TX_PORT_FAULT *fault)
{
    struct link_fault *card = &LINK_MAP->fault[LINK_THIS_CORE];
    led_init(LED3_RED);
    led_set(LED3_RED, true);
    write_text(card->text, sizeof card->text, fault);
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
