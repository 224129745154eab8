/* The library itself, which is one header. */
#define NK_IMPLEMENTATION
#include "cm7/nuklear_config.h"
