/* Floating point in x86-64. */
#include "sim/cpu/translate.h"

#if defined(__x86_64__)
bool translate_fp(struct translation *t, const struct insn *insn)
{
    (void)t;
    (void)insn;
    return false;
}
#endif
