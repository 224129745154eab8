/*
 * Fault 3. HSEM_RLR is read to see whether a semaphore is free.
 *
 * People meet it as a semaphore that nobody took and nobody gives back: the other core waits for
 * ever, from the first time that somebody "only looked". Reading HSEM_RLR is the one-step lock: it
 * takes the semaphore when it is free, and says who has it then.
 *
 * Cure: look at HSEM_R, which only tells; read HSEM_RLR to take. RM0399 11.3.3 and 11.3.4.
 */
#ifndef PRINTER_H
#define PRINTER_H

#include "chip/stm32h747.h"
#include "shared/turns.h"
#include "shared/verdict.h"

enum { HSEM_PRINTER = 5, PATIENCE_US = 100000 };

#endif
