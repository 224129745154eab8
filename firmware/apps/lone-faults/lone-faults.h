/*
 * Threads that fault, and the barriers that only then matter: a frame that lies in the guard of a stack
 * that ran over, a thread that uses the last one's guard right behind the switch, the card that tells
 * the other core. For the checker, which names each when it is not there (docs/faults.md, "Proof by
 * mutation").
 */
#ifndef LONE_FAULTS_H
#define LONE_FAULTS_H

#include "lone-faults/cards.h"
#include "shared/example.h"

/* Starts the kernel with the threads that fault and, behind them, `teller`. */
void story_start(void (*teller)(unsigned long)) __attribute__((noreturn));

#endif
