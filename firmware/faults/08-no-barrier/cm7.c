/* The M7 writes an order, marks it as ready, and waits until it is taken. */
#include "orders.h"

static void post(uint32_t number)
{
    BOARD->order.number = number;
    BOARD->order.place = place_of(number);
    BOARD->order.length = length_of(number);
#ifdef FAULT_CURED
    data_memory_barrier();
#endif
    BOARD->ready = number;
}

int main(void)
{
    turns_start();
    BOARD->ready = BOARD->taken = 0;
    ask(); /* the M4 may look */
    for (uint32_t number = 1; number <= ORDERS; number++) {
        post(number);
        while (BOARD->taken != number)
            continue;
    }
    example_end();
}
