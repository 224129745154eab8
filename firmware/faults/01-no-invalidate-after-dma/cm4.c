/* The M4 is the camera: a picture whenever one is asked for. */
#include "picture.h"

int main(void)
{
    turns_start();
    for (;;) {
        uint32_t round = wait_until_asked();
        for (uint32_t n = 0; n < BYTES; n++)
            SENSOR[n] = pixel(round, n);
        answer();
    }
}
