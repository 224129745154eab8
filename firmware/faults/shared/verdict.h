/*
 * What the programs under faults/ share. Each folder is one fault as it is met on dual-core H7
 * boards (docs/faults.md): built once as it is, and once with FAULT_CURED defined, which is the
 * cure and nothing else. The start-up is the examples'.
 */
#ifndef FAULTS_VERDICT_H
#define FAULTS_VERDICT_H

#include "shared/example.h"

/* The last line of every program: what a person at the console would conclude. */
static inline void verdict(bool as_meant)
{
    say(as_meant ? "as meant" : "WRONG");
}

#endif
