/*
 * Loops over pixels and samples that the compiler makes vector code of: once for any x86-64 and once for
 * those with AVX2, chosen when the program starts. Only for integers, whose results are the same in both.
 */
#ifndef SIM_CORE_VECTOR_H
#define SIM_CORE_VECTOR_H

#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#define VECTOR_LOOP __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_LOOP
#endif

#endif
