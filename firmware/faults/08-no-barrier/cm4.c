/* The M4 takes each order as soon as it is marked, and looks whether it is the one. */
#include "orders.h"

static bool is_right(uint32_t number)
{
    return BOARD->order.number == number && BOARD->order.place == place_of(number) &&
           BOARD->order.length == length_of(number);
}

int main(void)
{
    uint32_t wrong = 0;
    turns_start();
    wait_until_asked();
    for (uint32_t number = 1; number <= ORDERS; number++) {
        while (BOARD->ready != number)
            continue;
        data_memory_barrier();
        wrong += !is_right(number);
        data_memory_barrier();
        BOARD->taken = number;
    }
    say("%lu of %d orders were not there when they were marked as ready", (unsigned long)wrong,
        ORDERS);
    verdict(wrong == 0);
    example_end();
}
