/* One core writes code that the other executes, by another alias, and writes it anew. */
#include "guest.h"

enum { RETURN_1 = 0x2001, RETURN_2 = 0x2002, BX_LR = 0x4770 };

#ifdef CM7
static void write_code(uint16_t first)
{
    volatile uint16_t *code = (volatile uint16_t *)0x30008000;
    code[0] = first;
    code[1] = BX_LR;
    dsb();
}

int main(void)
{
    write_code(RETURN_1);
    RESULT(2) = 1;
    while (RESULT(3) != 1)
        ;
    write_code(RETURN_2);
    RESULT(2) = 2;
    while (RESULT(3) != 2)
        ;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    int (*code)(void) = (int (*)(void))0x10008001;
    for (unsigned n = 1; n <= 2; n++) {
        while (RESULT(2) != n)
            ;
        int sum = 0;
        for (unsigned k = 0; k < 10; k++)
            sum += code();
        RESULT(9 + n) = (uint32_t)sum;
        RESULT(3) = n;
    }
    CM4_DONE = DONE;
    wait_forever();
}
#endif
