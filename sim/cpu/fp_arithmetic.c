/* Single and double precision from one text. */
#include "sim/cpu/fp_host.h"

enum host_operation { HOST_ADD, HOST_MUL, HOST_DIV, HOST_SQRT, HOST_FMA };

#define F(name)             f32_##name
#define BITS                uint32_t
#define HOST                float
#define FRACTION            23
#define BIAS                127
#define HOST_FUNCTION(name) name##f
#include "sim/cpu/fp_ieee.inc"
#undef F
#undef BITS
#undef HOST
#undef FRACTION
#undef BIAS
#undef HOST_FUNCTION

#define F(name)             f64_##name
#define BITS                uint64_t
#define HOST                double
#define FRACTION            52
#define BIAS                1023
#define HOST_FUNCTION(name) name
#include "sim/cpu/fp_ieee.inc"
