/* The M7 has nothing to tell: its card does. */
#include "lone-faults/lone-faults.h"

static void tell(unsigned long unused)
{
    (void)unused;
    example_end();
}

int main(void)
{
    cards_clear();
    story_start(tell);
}
