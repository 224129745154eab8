/* The M7 commands a motor that the M4 drives. */
#include "letters.h"

#include <string.h>

enum send_result { SENT, TOO_LONG, NOBODY_TAKES_IT };

static bool is_full(void)
{
    return MAP->sent - MAP->taken >= SLOTS;
}

static enum send_result send(const char *letter)
{
    size_t length = strlen(letter) + 1;
#ifdef FAULT_CURED
    if (length > SLOT_BYTES)
        return TOO_LONG;
    for (uint32_t start = example_microseconds(); is_full();)
        if (example_microseconds() - start > SEND_BOUND_US)
            return NOBODY_TAKES_IT;
#else
    if (length > SLOT_BYTES)
        length = SLOT_BYTES;
    while (is_full())
        continue;
#endif
    for (size_t n = 0; n < length; n++)
        MAP->slots[MAP->sent % SLOTS][n] = letter[n];
    data_memory_barrier();
    MAP->sent = MAP->sent + 1;
    return SENT;
}

static void send_and_tell(const char *letter)
{
    static const char *const trouble[] = {"", "too long", "nobody takes it"};
    enum send_result result = send(letter);
    if (result != SENT)
        say("\"%s\": %s", letter, trouble[result]);
}

int main(void)
{
    MAP->sent = MAP->taken = MAP->done = 0; /* the M4 still sleeps */
    example_start();
    send_and_tell("motor on");
    send_and_tell("speed in rpm 1500");
    for (int letter = 2; letter < LETTERS; letter++)
        send_and_tell("slower");
    MAP->done = 1;
    example_end();
}
