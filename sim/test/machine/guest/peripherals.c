/* The M7 alone through polls and interrupts of many drivers, each wait with its time-out. */
#include "drivers.h"

static volatile uint32_t irqs[160];

void systick_handler(void)
{
    ticks++;
}

void irq_handler(void)
{
    uint32_t number;
    __asm volatile("mrs %0, ipsr" : "=r"(number));
    number -= 16;
    irqs[number]++;
    if (number == 3) { /* RTC wake-up timer */
        MMIO(0x5800400cu) = ~((1u << 10 | 1u << 7)) | (MMIO(0x5800400cu) & 1u << 7);
        EXTI_C1PR1 = 1u << 19;
    } else if (number == 41) { /* RTC alarm A */
        MMIO(0x5800400cu) = ~((1u << 8 | 1u << 7)) | (MMIO(0x5800400cu) & 1u << 7);
        EXTI_C1PR1 = 1u << 17;
    } else if (number == 28) { /* TIM2 */
        MMIO(0x40000010u) = ~1u;
    } else if (number == 93) { /* LPTIM1 */
        MMIO(0x40002404u) = 2;
    } else if (number == 4) { /* FLASH */
        SET(FLASH_CR1, 0);
        MMIO(0x52002114u) = 1u << 16;
        MMIO(0x52002014u) = 1u << 16;
    } else {
        NVIC_ICER(number / 32) = 1u << (number % 32);
    }
}

#ifdef CM7
#define CHECK(condition, number)                                                                   \
    do {                                                                                           \
        if (!(condition) && !failure)                                                              \
            failure = (number);                                                                    \
    } while (0)

/* --- FLASH --- */

static void flash_wait(unsigned bank, uint32_t number)
{
    WAIT_UNTIL(!(MMIO(0x52002010u + 0x100 * bank) & 4), number);
    CHECK(!(MMIO(0x52002010u + 0x100 * bank) & 0x07ee0000u), number);
    if (MMIO(0x52002010u + 0x100 * bank) & 1u << 16)
        MMIO(0x52002014u + 0x100 * bank) = 1u << 16;
}

static void flash_program(unsigned bank, uint32_t to, const uint32_t *from)
{
    volatile uint32_t *cr = (uint32_t *)(0x5200200cu + 0x100 * bank);
    flash_wait(bank, 30);
    SET(*cr, 2);
    isb();
    dsb();
    for (int n = 0; n < 8; n++)
        MMIO(to + 4 * n) = from[n];
    isb();
    dsb();
    flash_wait(bank, 31);
    CLEAR(*cr, 2);
}

static void flash_erase(unsigned bank, unsigned sector)
{
    volatile uint32_t *cr = (uint32_t *)(0x5200200cu + 0x100 * bank);
    flash_wait(bank, 32);
    CLEAR(*cr, 3u << 4 | 7u << 8);
    SET(*cr, 4 | 2u << 4 | sector << 8 | 0x80);
    flash_wait(bank, 33);
    CLEAR(*cr, 4 | 7u << 8);
}

static void flash(void)
{
    static const uint32_t words[8] = {1, 2, 3, 4, 5, 6, 7, 0x12345678};
    for (unsigned bank = 0; bank < 2; bank++) {
        uint32_t at = 0x080e0000u + 0x100000 * bank;
        volatile uint32_t *keyr = (uint32_t *)(0x52002004u + 0x100 * bank);
        volatile uint32_t *cr = (uint32_t *)(0x5200200cu + 0x100 * bank);
        CHECK(*cr & 1, 34);
        *keyr = 0x45670123;
        *keyr = 0xcdef89ab;
        CHECK(!(*cr & 1), 35);
        flash_erase(bank, 7);
        CHECK(MMIO(at) == 0xffffffff, 36);
        flash_program(bank, at + 32, words);
        CHECK(MMIO(at + 32 + 28) == 0x12345678 && MMIO(at + 32) == 1, 37);
        flash_erase(bank, 7);
        CHECK(MMIO(at + 32) == 1, 38); /* the cache does not know that it was erased */
        MMIO(0xe000ef5cu) = at + 32;
        dsb();
        CHECK(MMIO(at + 32) == 0xffffffff, 46);
        SET(*cr, 1);
        CHECK(*cr & 1, 39);
    }
    /* option bytes: the M4's boot address, then launch */
    MMIO(0x52002008u) = 0x08192a3b;
    MMIO(0x52002008u) = 0x4c5d6e7f;
    CHECK(!(MMIO(0x52002018u) & 1), 40);
    MODIFY(MMIO(0x5200204cu), 0xffffu << 16, 0x1001u << 16);
    SET(MMIO(0x52002018u), 2);
    WAIT_UNTIL(!(MMIO(0x5200201cu) & 1), 41);
    CHECK(!(MMIO(0x5200201cu) & 1u << 30), 42);
    CHECK(MMIO(0x52002048u) == 0x10010810u, 43);
    SET(MMIO(0x52002018u), 1);
}

/* CRC of a sector: FLASH_CRCCR by sector */
static void flash_crc(void)
{
    FLASH_KEYR1 = 0x45670123;
    FLASH_KEYR1 = 0xcdef89ab;
    SET(FLASH_CR1, 1u << 15);
    SET(MMIO(0x52002050u), 3u << 20 | 1u << 17); /* bursts of 256 words, result cleared */
    SET(MMIO(0x52002050u), 1u << 8);             /* by sector: none but the erased one */
    SET(MMIO(0x52002050u), 1u << 10);
    SET(MMIO(0x52002050u), 1u << 9 | 7);
    SET(MMIO(0x52002050u), 1u << 16);
    WAIT_UNTIL(!(MMIO(0x52002010u) & 8), 44);
    CHECK(MMIO(0x52002010u) & 1u << 27, 45);
    MMIO(0x58024c08u) |= 1; /* the CRC block's opinion of 128 KB of ones */
    for (uint32_t n = 0; n < 0x20000 / 4; n++)
        MMIO(0x58024c00u) = 0xffffffffu;
    CHECK(MMIO(0x5200205cu) == MMIO(0x58024c00u), 47);
    MMIO(0x52002014u) = 1u << 27;
    CLEAR(FLASH_CR1, 1u << 15);
    SET(FLASH_CR1, 1);
}

/* --- Backup domain, RTC --- */

#define RTC(offset) MMIO(0x58004000u + (offset))

static void lse_and_lsi(void)
{
    SET(PWR_CR1, 1u << 8);
    WAIT_UNTIL(PWR_CR1 & 1u << 8, 50);
    SET(RCC_BDCR, 1);
    WAIT_UNTIL(RCC_BDCR & 2, 51);
    SET(RCC_CSR, 1);
    WAIT_UNTIL(RCC_CSR & 2, 52);
    if ((RCC_BDCR & 3u << 8) != 1u << 8) {
        uint32_t keep = RCC_BDCR & ~(3u << 8);
        SET(RCC_BDCR, 1u << 16);
        CLEAR(RCC_BDCR, 1u << 16);
        RCC_BDCR = keep;
        WAIT_UNTIL(RCC_BDCR & 2, 53);
    }
    MODIFY(RCC_CFGR, 0x3fu << 8, 0);
    SET(RCC_BDCR, 1u << 8);
    SET(RCC_BDCR, 1u << 15);
    CLOCK_ON(RCC_APB4ENR, 1u << 16);
}

static void rtc_init(void)
{
    RTC(0x24) = 0xca;
    RTC(0x24) = 0x53;
    if (!(RTC(0x0c) & 1u << 6)) {
        RTC(0x0c) = 0xffffffffu;
        WAIT_UNTIL(RTC(0x0c) & 1u << 6, 60);
    }
    CLEAR(RTC(0x08), 1u << 6 | 3u << 21 | 1u << 20);
    RTC(0x10) = 0xff;
    RTC(0x10) |= 0x7fu << 16;
    RTC(0x00) = 0x00101112u;
    RTC(0x04) = 0x0021c915u;
    CLEAR(RTC(0x0c), 1u << 7);
    CLEAR(RTC(0x0c), 1u << 5);
    WAIT_UNTIL(RTC(0x0c) & 1u << 5, 61);
    RTC(0x24) = 0xff;
    CHECK((RTC(0) & 0x007fffff) == 0x00101112u, 62);
    CHECK((RTC(4) & 0x00ffff3f) == 0x0021c915u, 63);
}

static void rtc_alarm_and_wakeup(void)
{
    RTC(0x24) = 0xca;
    RTC(0x24) = 0x53;
    CLEAR(RTC(0x08), 1u << 8);
    RTC(0x0c) = ~((1u << 8 | 1u << 7) & 0x1ffffu) | (RTC(0x0c) & 1u << 7);
    WAIT_UNTIL(RTC(0x0c) & 1, 64);
    RTC(0x1c) = 0x80000000u | 0x00101113u;
    RTC(0x44) = 0;
    SET(RTC(0x08), 1u << 8);
    SET(RTC(0x08), 1u << 12);
    SET(MY_IMR(0), 1u << 17 | 1u << 19);
    SET(EXTI_RTSR1, 1u << 17 | 1u << 19);
    CLEAR(RTC(0x08), 1u << 10);
    RTC(0x0c) = ~((1u << 10 | 1u << 7) & 0x1ffffu) | (RTC(0x0c) & 1u << 7);
    WAIT_UNTIL(RTC(0x0c) & 4, 65);
    RTC(0x14) = 0x0200;
    MODIFY(RTC(0x08), 7, 0);
    SET(RTC(0x08), 1u << 14);
    SET(RTC(0x08), 1u << 10);
    RTC(0x24) = 0xff;
    enable_interrupt(3);
    enable_interrupt(41);
    WAIT_UNTIL(irqs[41] >= 1, 66);
    WAIT_UNTIL(irqs[3] >= 2, 67);
}

/* The M7 stops; the RTC's wake-up timer wakes it; the clocks are set up again. */
static void stop_and_wake(void)
{
    uint32_t before = irqs[3];
    CLEAR(SYST_CSR, 2);
    CLEAR(PWR_CPUCR, 7);
    CLEAR(PWR_CPU2CR, 7);
    enter_stop(0);
    SET(SYST_CSR, 2);
    CHECK(irqs[3] == before + 1, 70);
    RESULT(17) = RCC_CFGR >> 3 & 7;
    SET(RCC_CR, 1u << 16);
    WAIT_UNTIL(RCC_CR & 1u << 17, 71);
    SET(RCC_CR, 1u << 24);
    WAIT_UNTIL(RCC_CR & 1u << 25, 72);
    MODIFY(RCC_CFGR, 7, 3);
    WAIT_UNTIL((RCC_CFGR >> 3 & 7) == 3, 73);
    MMIO(0x58004008u) &= ~(1u << 14);
}

/* --- Timers --- */

static void timers(void)
{
    CLOCK_ON(RCC_APB1LENR, 1u << 0 | 1u << 9);
    volatile uint32_t *tim2 = (uint32_t *)0x40000000u;
    tim2[0x28 / 4] = 25 - 1;
    tim2[0x2c / 4] = 1000 - 1;
    tim2[0x14 / 4] = 1;
    tim2[0x10 / 4] = ~1u;
    tim2[0x0c / 4] |= 1;
    enable_interrupt(28);
    uint32_t began = ticks;
    tim2[0] |= 1;
    WAIT_UNTIL(irqs[28] >= 10, 80);
    CHECK(ticks - began >= 9 && ticks - began <= 11, 81);
    tim2[0] &= ~1u;
    /* one pulse: CEN falls by itself */
    tim2[0x0c / 4] = 0;
    tim2[0] |= 8;
    tim2[0] |= 1;
    WAIT_UNTIL(!(tim2[0] & 1), 82);
    /* LPTIM1 from the LSE, autoreload match wakes */
    MODIFY(RCC(0x54), 7u << 28, 3u << 28);
    volatile uint32_t *lptim = (uint32_t *)0x40002400u;
    SET(MY_IMR(1), 1u << (47 - 32));
    lptim[0x0c / 4] = 0;
    lptim[0x08 / 4] = 2;
    lptim[0x10 / 4] = 1;
    lptim[0x04 / 4] = 1u << 4;
    lptim[0x18 / 4] = 327;
    WAIT_UNTIL(lptim[0] & 1u << 4, 83);
    enable_interrupt(93);
    lptim[0x10 / 4] |= 4;
    WAIT_UNTIL(irqs[93] >= 3, 84);
    lptim[0x10 / 4] = 0;
}

/* --- CRC, RNG, DMA, MDMA, BDMA --- */

static void crc_and_rng(void)
{
    CLOCK_ON(RCC_AHB4ENR, 1u << 19);
    MMIO(0x58024c08u) |= 1;
    MMIO(0x58024c00u) = 0x12345678;
    CHECK(MMIO(0x58024c00u) == 0xdf8a8a2b, 90);
    MODIFY(RCC(0x54), 3u << 8, 0);
    SET(RCC_CR, 1u << 12);
    WAIT_UNTIL(RCC_CR & 1u << 13, 91);
    CLOCK_ON(RCC(0xdc), 1u << 6);
    SET(MMIO(0x48021800u), 4);
    for (int n = 0; n < 4; n++) {
        WAIT_UNTIL(MMIO(0x48021804u) & 1, 92);
        RESULT(18) ^= MMIO(0x48021808u);
    }
    CHECK(!(MMIO(0x48021804u) & 0x66), 93);
}

static void dma_memory(void)
{
    volatile uint32_t *from = (uint32_t *)0x24000000u, *to = (uint32_t *)0x30001000u;
    volatile uint32_t *stream = (uint32_t *)0x40020410u; /* DMA2 stream 0 */
    CLOCK_ON(RCC(0xd8), 3);
    CLOCK_ON(RCC(0xdc), 7u << 29);
    for (int n = 0; n < 256; n++)
        from[n] = 0x01010101u * (unsigned)n;
    MMIO(0xe000ef5cu - 0) = 0; /* DCIMVAU of nothing */
    for (uint32_t line = 0x24000000u; line < 0x24000400u; line += 32)
        MMIO(0xe000ef70u) = line; /* DCCIMVAC */
    dsb();
    stream[0] &= ~1u;
    WAIT_UNTIL(!(stream[0] & 1), 100);
    MMIO(0x40020820u) = 0; /* DMAMUX1 channel 8 */
    stream[0] = 2u << 6 | 1u << 9 | 1u << 10 | 2u << 11 | 2u << 13 | 2u << 16 | 1u << 21 | 1u << 23;
    stream[5] = 7;
    MMIO(0x40020408u) = 0x3d;
    stream[1] = 256;
    stream[2] = 0x24000000u;
    stream[3] = 0x30001000u;
    stream[0] |= 1;
    WAIT_UNTIL(MMIO(0x40020400u) & 1u << 5, 101);
    CHECK(!(MMIO(0x40020400u) & 0xd), 102);
    for (uint32_t line = 0x30001000u; line < 0x30001400u; line += 32)
        MMIO(0xe000ef5cu) = line;
    dsb();
    CHECK(to[255] == 0xffffffffu && to[7] == 0x07070707u, 103);
    CHECK(!(stream[0] & 1), 104);
}

static void mdma_memory(void)
{
    volatile uint32_t *channel = (uint32_t *)0x52000040u;
    CLOCK_ON(RCC(0xd4), 1);
    channel[0x0c / 4] &= ~1u;
    WAIT_UNTIL(!(channel[0x0c / 4] & 1), 110);
    channel[0x04 / 4] = 0x1f;
    channel[0x10 / 4] =
        2u | 2u << 2 | 2u << 4 | 2u << 6 | 2u << 8 | 2u << 10 | 127u << 18 | 1u << 28 | 1u << 30;
    channel[0x14 / 4] = 1024;
    channel[0x18 / 4] = 0x24000000u;
    channel[0x1c / 4] = 0x20010000u;
    channel[0x20 / 4] = 0;
    channel[0x24 / 4] = 0;
    channel[0x28 / 4] = 1u << 17; /* the DTCM by the AHBS */
    channel[0x0c / 4] = 0;
    channel[0x0c / 4] |= 1;
    channel[0x0c / 4] |= 1u << 16;
    WAIT_UNTIL(channel[0] & 2, 111);
    CHECK(!(channel[0] & 1), 112);
    channel[0x04 / 4] = 0x1f;
    CHECK(MMIO(0x200103fcu) == 0xffffffffu && MMIO(0x2001001cu) == 0x07070707u, 113);
    CHECK(!(channel[0x0c / 4] & 1), 114);
}

static void bdma_memory(void)
{
    volatile uint32_t *channel = (uint32_t *)0x58025408u;
    CLOCK_ON(RCC_AHB4ENR, 1u << 21);
    for (int n = 0; n < 16; n++)
        MMIO(0x38001000u + 4 * n) = 0xabcd0000u + (unsigned)n;
    channel[0] = 1u << 14 | 1u << 7 | 1u << 6 | 2u << 8 | 2u << 10;
    MMIO(0x58025404u) = 1;
    channel[1] = 16;
    channel[2] = 0x38001000u;
    channel[3] = 0x38001100u;
    channel[0] |= 1;
    WAIT_UNTIL(MMIO(0x58025400u) & 2, 120);
    CHECK(MMIO(0x3800113cu) == 0xabcd000fu, 121);
    channel[0] &= ~1u;
}

/* --- USART1: polling, then DMA --- */

static void usart(void)
{
    volatile uint32_t *usart = (uint32_t *)0x40011000u;
    static const char text[] = "by poll\r\n";
    CLOCK_ON(RCC_APB2ENR, 1u << 4);
    CLOCK_ON(RCC_AHB4ENR, 1);
    MODIFY(GPIO(0, 0x24), 0xffu << 4, 0x77u << 4);
    MODIFY(GPIO(0, 0), 15u << 18, 10u << 18);
    usart[0] &= ~1u;
    usart[0] = 1u << 3 | 1u << 2;
    usart[1] &= ~(3u << 12);
    usart[2] &= ~(1u << 8 | 1u << 9);
    usart[0x2c / 4] = 0;
    usart[3] = (12500000u + 57600) / 115200;
    usart[2] &= ~(7u << 29);
    usart[0] &= ~(1u << 29);
    usart[0] |= 1;
    WAIT_UNTIL(usart[7] & 1u << 21, 130);
    WAIT_UNTIL(usart[7] & 1u << 22, 131);
    for (const char *at = text; *at; at++) {
        WAIT_UNTIL(usart[7] & 1u << 7, 132);
        usart[10] = (uint8_t)*at;
    }
    WAIT_UNTIL(usart[7] & 1u << 6, 133);
    /* DMA1 stream 0 sends from D2 SRAM: request 42 is USART1_TX */
    volatile uint8_t *buffer = (uint8_t *)0x30002000u;
    for (int n = 0; n < 8; n++)
        buffer[n] = (uint8_t) "by DMA\r\n"[n];
    MMIO(0xe000ef70u) = 0x30002000u;
    dsb();
    volatile uint32_t *stream = (uint32_t *)0x40020010u;
    MMIO(0x40020800u) = 42;
    stream[0] = 1u << 6 | 1u << 10;
    MMIO(0x40020008u) = 0x3f;
    stream[1] = 8;
    stream[2] = 0x40011028u;
    stream[3] = 0x30002000u;
    stream[0] |= 1u << 4 | 1u << 2 | 1u << 1 | 1;
    usart[8] = 1u << 6;
    usart[2] |= 1u << 7;
    WAIT_UNTIL(MMIO(0x40020000u) & 1u << 5, 134);
    usart[2] &= ~(1u << 7);
    WAIT_UNTIL(usart[7] & 1u << 6, 135);
}

int main(void)
{
    system_init();
    configure_mpu();
    enable_caches();
    start_tick(64000000);
    configure_clocks();
    MODIFY(RCC_D1CFGR, 0xfu << 8, 10u << 8); /* 50 MHz: the test need not wait so fast */
    start_tick(50000000);
    crc_and_rng();
    RESULT(12) = 1;
    dma_memory();
    mdma_memory();
    bdma_memory();
    RESULT(12) = 2;
    usart();
    RESULT(12) = 3;
    flash();
    RESULT(12) = 4;
    lse_and_lsi();
    rtc_init();
    rtc_alarm_and_wakeup();
    RESULT(12) = 5;
    timers();
    RESULT(12) = 6;
    stop_and_wake();
    RESULT(12) = 7;
    flash_crc();
    RESULT(11) = failure;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    SET(SCB_SCR, SLEEPDEEP);
    wait_forever();
}
#endif
