#include "lone-faults/cards.h"

#include "shared/fault.h"

#include <string.h>

void cards_clear(void)
{
    memset(LINK_MAP->fault, 0, sizeof LINK_MAP->fault);
}

const char *card_news(bool of_cm7)
{
    return fault_news(of_cm7 ? CORE_CM7 : CORE_CM4);
}

void fault_last_words(const char *text)
{
    story_last_words(text);
}
