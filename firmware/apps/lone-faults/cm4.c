/* The M4 says what the cards of both cores tell. */
#include "lone-faults/lone-faults.h"

#include <string.h>

/* Without the place, which changes with every build. */
static void tell_card(bool of_cm7)
{
    const char *news;
    while (!(news = card_news(of_cm7)))
        continue;
    say("the %s's %.*s", of_cm7 ? "M7" : "M4", (int)strcspn(news, ","), news);
}

static void tell(unsigned long unused)
{
    (void)unused;
    tell_card(true);
    tell_card(false);
    example_end();
}

int main(void)
{
    story_start(tell);
}
