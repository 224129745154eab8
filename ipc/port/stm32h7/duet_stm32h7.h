// The port for either core of an STM32H745, H747, H755 or H757. Compiled once for each core.
//
//     static const struct duet_stm32h7 chip = {
//         .own = 1, .peer = 0,                    // HSEM 1 rings this core, HSEM 0 the other
//         .microseconds = board_microseconds,
//     };
//     static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);
//
//     void HSEM1_IRQHandler(void) { duet_notify_interrupt(&notify); }
//
// Then: duet_stm32h7_start_hsem(&chip), duet_notify_open(...), and enable the interrupt in the NVIC.
// Shared memory must be Normal memory in this core's MPU or default map: Device memory refuses the
// library's unaligned words.
#ifndef DUET_STM32H7_H
#define DUET_STM32H7_H

#include "duet/port.h"

struct duet_stm32h7 {
    // The number of the notification line that rings this core, and of the one that rings the other.
    // hsem: semaphores 0 to 31. exti: EXTI lines 0 to 21 that no pin uses. sev: not used.
    uint32_t own, peer;

    // Microseconds since any origin, wrapping at 2^32; NULL: no call waits.
    uint32_t (*microseconds)(void);

    // 1: a call that waits sleeps (WFI or WFE). Some interrupt must then end every sleep in time, such
    // as a kernel's tick: the timeout is looked at when the core wakes. 0: it polls.
    uint32_t sleep;

    // Which MDMA channel (0 to 15) this core's transfers use; see duet/transfer.h.
    uint32_t mdma_channel;

    // Base addresses; 0 means the chip's own. Others are for tests.
    uintptr_t hsem, exti, rcc, mdma;
};

#ifdef DUET_STM32H7_CORE_M7
#define DUET_STM32H7_THIS_CORE                                                                     \
    .core = 0, .line_size = 32, .clean = duet_stm32h7_clean, .invalidate = duet_stm32h7_invalidate
#else
#define DUET_STM32H7_THIS_CORE .core = 1, .line_size = 0
#endif

#define DUET_STM32H7_MEMBERS(method, config)                                                       \
    DUET_STM32H7_THIS_CORE, .notify = duet_stm32h7_notify_##method,                                \
                            .acknowledge = duet_stm32h7_acknowledge_##method,                      \
                            .wait = duet_stm32h7_wait_##method, .clock = duet_stm32h7_clock,       \
                            .context = (void *)(uintptr_t) & (config)

// Initialisers of a const struct duet_port. method: hsem, exti or sev. The second has the MDMA for its
// copy engine.
#define DUET_STM32H7_PORT(method, config)                                                          \
    {                                                                                              \
        DUET_STM32H7_MEMBERS(method, config)                                                       \
    }
#define DUET_STM32H7_PORT_MDMA(method, config)                                                     \
    {                                                                                              \
        DUET_STM32H7_MEMBERS(method, config), .copy = duet_stm32h7_copy,                           \
                                              .copy_state = duet_stm32h7_copy_state,               \
                                              .copy_cancel = duet_stm32h7_copy_cancel              \
    }

// Makes the method's line able to interrupt this core and to wake it from CStop, and a SEV to end a WFE:
// clocks, the peripheral's mask and EXTI's. The NVIC is the caller's: HSEM is interrupt 125 on the M7 and 126 on
// the M4; an EXTI line has its own; SEV of the other core is 65 on the M7 and 64 on the M4.
void duet_stm32h7_start_hsem(const struct duet_stm32h7 *config);
void duet_stm32h7_start_exti(const struct duet_stm32h7 *config);
void duet_stm32h7_start_sev(const struct duet_stm32h7 *config);

// The MDMA's clock, for transfers. Its interrupt (122, on either core) calls duet_mover_serve.
void duet_stm32h7_start_mdma(const struct duet_stm32h7 *config);

int duet_stm32h7_copy(const struct duet_port *port, const struct duet_transfer *piece);
int duet_stm32h7_copy_state(const struct duet_port *port, const struct duet_transfer *piece);
void duet_stm32h7_copy_cancel(const struct duet_port *port, const struct duet_transfer *piece);
void duet_stm32h7_notify_hsem(const struct duet_port *port);
void duet_stm32h7_notify_exti(const struct duet_port *port);
void duet_stm32h7_notify_sev(const struct duet_port *port);
void duet_stm32h7_acknowledge_hsem(const struct duet_port *port);
void duet_stm32h7_acknowledge_exti(const struct duet_port *port);
void duet_stm32h7_acknowledge_sev(const struct duet_port *port);
void duet_stm32h7_wait_hsem(const struct duet_port *port, uint32_t timeout_us);
void duet_stm32h7_wait_exti(const struct duet_port *port, uint32_t timeout_us);
void duet_stm32h7_wait_sev(const struct duet_port *port, uint32_t timeout_us);
uint32_t duet_stm32h7_clock(const struct duet_port *port);
void duet_stm32h7_clean(const struct duet_port *port, const volatile void *address, uint32_t size);
void duet_stm32h7_invalidate(const struct duet_port *port, const volatile void *address,
                             uint32_t size);

#endif
