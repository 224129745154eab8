/*
 * The cores take turns: the M7 asks, the M4 does something and answers. What is counted stands in
 * SRAM4, which no cache holds, behind a notification; nothing is lost whoever is late. Threads.
 */
#ifndef FAULTS_TURNS_H
#define FAULTS_TURNS_H

#include "shared/link.h"

void turns_start(void); /* either core, first of all: example_start and the link with it */
void ask(void);
void wait_for_answer(void);
uint32_t wait_until_asked(void); /* which time this is, from 1 */
void answer(void);

/* Whoever needs more in SRAM4 has it from here. */
#define TURNS_FREE (LINK_FREE + sizeof(struct turns))

struct turns {
    uint32_t asked, answered;
};

#endif
