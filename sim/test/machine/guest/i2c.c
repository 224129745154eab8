/*
 * Point 9: I2C v2. START and STOP clear themselves; SOFTEND leads to TC and a repeated start,
 * AUTOEND to STOPF, RELOAD to TCR and a CR2 rewrite without START; NACKF where nobody is.
 */
#include "guest.h"

#define I2C(offset) MMIO(0x58001c00u + (offset))
#define CR1         I2C(0x00)
#define CR2         I2C(0x04)
#define ISR         I2C(0x18)
#define ICR         I2C(0x1c)
#define RXDR        I2C(0x24)
#define TXDR        I2C(0x28)
#define READ        (1u << 10)
#define START       (1u << 13)
#define RELOAD      (1u << 24)
#define AUTOEND     (1u << 25)
#define BYTES(n)    ((n) << 16)
enum { TXIS = 2, RXNE = 4, NACKF = 16, STOPF = 32, TC = 64, TCR = 128 };
enum { TOUCH = 0x54, CAMERA = 0x78, NOBODY = 0x22 };

#ifdef CM7
static int wait_for(uint32_t flag)
{
    for (uint32_t n = 0; n < 200000; n++)
        if (ISR & flag)
            return 1;
    return 0;
}

static void set_up(void)
{
    RCC_AHB4ENR |= 1u << 3 | 1u << 9;
    RCC_APB4ENR |= 1u << 7;
    GPIO(9, 0x18) = 1u << (14 + 16); /* the camera's power-down, PJ14, low */
    GPIO(9, 0x00) = (GPIO(9, 0x00) & ~(3u << 28)) | 1u << 28;
    GPIO(3, 0x04) |= 3u << 12;
    GPIO(3, 0x24) = (GPIO(3, 0x24) & ~0xff0000u) | 0x440000u;
    GPIO(3, 0x00) = (GPIO(3, 0x00) & ~(0xfu << 24)) | 0xau << 24;
    I2C(0x10) = 0x10c0ecff;
    CR1 = 1;
    spin(2000000); /* the sensor needs 20 ms after power-up */
}

static void touch_id(void)
{
    CR2 = TOUCH | BYTES(1) | START;
    RESULT(10) = wait_for(TXIS);
    TXDR = 0xa8;
    RESULT(11) = wait_for(TC);
    RESULT(12) = CR2 & START;
    CR2 = TOUCH | READ | BYTES(1) | AUTOEND | START;
    RESULT(13) = wait_for(RXNE);
    RESULT(14) = RXDR;
    RESULT(15) = wait_for(STOPF);
    ICR = STOPF;
    RESULT(16) = ISR & (STOPF | TC);
}

/* The register's address in two parts by RELOAD, then its two bytes. */
static void camera_id(void)
{
    CR2 = CAMERA | BYTES(1) | RELOAD | START;
    (void)wait_for(TXIS);
    TXDR = 0x30;
    RESULT(17) = wait_for(TCR);
    CR2 = CAMERA | BYTES(1);
    (void)wait_for(TXIS);
    TXDR = 0x0a;
    RESULT(18) = wait_for(TC);
    CR2 = CAMERA | READ | BYTES(2) | AUTOEND | START;
    (void)wait_for(RXNE);
    RESULT(19) = RXDR;
    (void)wait_for(RXNE);
    RESULT(20) = RXDR;
    RESULT(21) = wait_for(STOPF);
    ICR = STOPF;
}

int main(void)
{
    set_up();
    touch_id();
    camera_id();
    CR2 = NOBODY | BYTES(1) | AUTOEND | START;
    RESULT(22) = wait_for(NACKF);
    RESULT(23) = wait_for(STOPF);
    RESULT(24) = CR2 & START;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
