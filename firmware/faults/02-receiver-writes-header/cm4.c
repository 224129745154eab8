/* The M4 sends: the next message as soon as the last is taken. */
#include "mailbox.h"

int main(void)
{
    turns_start();
    for (;;) {
        uint32_t number = wait_until_asked();
        MAILBOX->number = number;
        for (uint32_t n = 0; n < WORDS; n++)
            MAILBOX->words[n] = word_of(number, n);
        answer();
    }
}
