/* The M7 has nothing to do here but to start the clocks. */
#include "shared/example.h"

int main(void)
{
    example_start();
    example_end();
}
