/* USB OTG as a host, with a device whose every answer is scripted. */
#ifndef SIM_TEST_SOC_USB_FIXTURE_H
#define SIM_TEST_SOC_USB_FIXTURE_H

#include "sim/soc/usb.h"
#include "sim/test/soc/soc_fixture.h"

#define USB1 0x40040000u
#define USB2 0x40080000u
#define RCC  0x58024400u
#define SRAM 0x30000000u

enum {
    GOTGCTL = 0x000,
    GAHBCFG = 0x008,
    GUSBCFG = 0x00c,
    GRSTCTL = 0x010,
    GINTSTS = 0x014,
    GINTMSK = 0x018,
    GRXSTSR = 0x01c,
    GRXSTSP = 0x020,
    GRXFSIZ = 0x024,
    HNPTXFSIZ = 0x028,
    HNPTXSTS = 0x02c,
    GCCFG = 0x038,
    HPTXFSIZ = 0x100,
    HCFG = 0x400,
    HFIR = 0x404,
    HFNUM = 0x408,
    HPTXSTS = 0x410,
    HAINT = 0x414,
    HAINTMSK = 0x418,
    HPRT = 0x440,
    DIEPCTL1 = 0x920,
    DIEPINT1 = 0x928,
    PCGCCTL = 0xe00,
    RCC_D2CCIP2R = 0x54,
    RCC_AHB1ENR = 0xd8,
};
#define HCCHAR(n)   (0x500u + 0x20u * (n))
#define HCSPLT(n)   (0x504u + 0x20u * (n))
#define HCINT(n)    (0x508u + 0x20u * (n))
#define HCINTMSK(n) (0x50cu + 0x20u * (n))
#define HCTSIZ(n)   (0x510u + 0x20u * (n))
#define HCDMA(n)    (0x514u + 0x20u * (n))
#define DFIFO(n)    (0x1000u + 0x1000u * (n))

enum { /* GINTSTS */
       SOF = 1 << 3,
       RXFLVL = 1 << 4,
       NPTXFE = 1 << 5,
       HPRTINT = 1 << 24,
       HCINTS = 1 << 25,
       PTXFE = 1 << 26,
       DISCINT = 1 << 29,
};
enum { /* HPRT */
       PCSTS = 1 << 0,
       PCDET = 1 << 1,
       PENA = 1 << 2,
       PENCHNG = 1 << 3,
       POCA = 1 << 4,
       POCCHNG = 1 << 5,
       PRES = 1 << 6,
       PSUSP = 1 << 7,
       PRST = 1 << 8,
       PLSTS_DP = 1 << 10,
       PLSTS_DM = 1 << 11,
       PPWR = 1 << 12,
       PSPD = 3 << 17,
};
enum { /* HCINT */
       XFRC = 1 << 0,
       CHH = 1 << 1,
       AHBERR = 1 << 2,
       STALL = 1 << 3,
       NAK = 1 << 4,
       ACK = 1 << 5,
       NYET = 1 << 6,
       TXERR = 1 << 7,
       BBERR = 1 << 8,
       FRMOR = 1 << 9,
       DTERR = 1 << 10,
};
enum {
    IN = 1 << 15,
    CONTROL = 0,
    BULK = 2 << 18,
    INTERRUPT = 3 << 18,
    ODDFRM = 1 << 29,
    CHDIS = 1 << 30
};
#define CHENA    0x80000000u
#define DOPING   0x80000000u
#define ADDRESS  (5u << 22)
#define ENDPOINT (2u << 11)
enum { DATA0 = 0, DATA1 = 2, SETUP = 3 };
#define TSIZ(pid, packets, bytes) ((uint32_t)(pid) << 29 | (uint32_t)(packets) << 19 | (bytes))

/* ---- The device: says what it is told to, in this order, then ACK for ever; remembers all ---- */

enum { STEPS = 64 };

struct step {
    enum usb_answer answer;
    unsigned length; /* IN */
    bool wrong_pid;
};

static struct {
    struct step steps[STEPS];
    unsigned step, count, acknowledged, length;
    bool data1;
    struct usb_transaction seen[STEPS * 4];
    sim_time at[STEPS * 4];
    struct sim *sim;
    bool powered;
    unsigned resets;
    enum usb_speed speed;
    sim_time ready;
} fake;

static inline enum usb_answer fake_transact(void *ctx, struct usb_transaction *t)
{
    (void)ctx;
    struct step step = fake.step < STEPS ? fake.steps[fake.step] : (struct step){USB_ACK, 0, false};
    fake.step++;
    if (t->token == USB_IN) {
        t->length = step.length ? step.length : fake.length;
        t->data1 = fake.data1 != step.wrong_pid;
        for (unsigned n = 0; n < t->length && n < USB_PACKET_MAX; n++)
            t->data[n] = (uint8_t)(n + fake.acknowledged);
    }
    if (fake.count < STEPS * 4) {
        fake.at[fake.count] = sim_now(fake.sim);
        fake.seen[fake.count++] = *t;
    }
    return step.answer;
}

static inline void fake_acknowledged(void *ctx, unsigned endpoint)
{
    (void)ctx, (void)endpoint;
    fake.acknowledged++;
    fake.data1 = !fake.data1;
}

static inline void fake_power(void *ctx, bool on)
{
    (void)ctx;
    fake.powered = on;
}

static inline void fake_reset(void *ctx, enum usb_speed speed)
{
    (void)ctx;
    fake.resets++;
    fake.speed = speed;
}

static inline sim_time fake_ready(void *ctx, const struct usb_transaction *t)
{
    (void)ctx, (void)t;
    return fake.ready;
}

static struct usb_device device = {.name = "test",
                                   .speed = USB_SPEED_HIGH,
                                   .power = fake_power,
                                   .reset = fake_reset,
                                   .transact = fake_transact,
                                   .acknowledged = fake_acknowledged,
                                   .ready = fake_ready};

#define SCRIPT(...)                                                                                \
    do {                                                                                           \
        const struct step given[] = {__VA_ARGS__};                                                 \
        memcpy(fake.steps, given, sizeof given);                                                   \
        fake.step = fake.count = 0;                                                                \
    } while (0)

/* ---- Steps of the tests ---- */

static inline struct soc_fixture *start(void)
{
    struct soc_fixture *f = fixture_create();
    memset(&fake, 0, sizeof fake);
    fake.sim = &f->sim;
    device.speed = USB_SPEED_HIGH;
    return f;
}

static inline void set(struct soc_fixture *f, uint32_t offset, uint32_t value)
{
    fixture_write(f, USB1 + offset, value);
}

static inline uint32_t get(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, USB1 + offset);
}

static inline void be_host(struct soc_fixture *f)
{
    set(f, GUSBCFG, 1u << 29 | 9 << 10);
    fixture_wait(f, 26 * SIM_MS);
}

static inline void clear_port_changes(struct soc_fixture *f)
{
    set(f, HPRT, (get(f, HPRT) & (0x1f140u)) | PCDET | PENCHNG | POCCHNG);
}

static inline void reset_port(struct soc_fixture *f)
{
    set(f, HPRT, PPWR | PRST);
    fixture_wait(f, 50 * SIM_MS);
    set(f, HPRT, PPWR);
    fixture_wait(f, SIM_MS);
}

/* A host whose port is enabled, at the device's speed. */
static inline struct soc_fixture *start_enabled(enum usb_speed speed)
{
    struct soc_fixture *f = start();
    device.speed = speed;
    usb_plug(soc_block(f->soc, "USB1_OTG_HS"), &device);
    be_host(f);
    set(f, HPRT, PPWR);
    fixture_wait(f, 100 * SIM_MS);
    reset_port(f);
    assert_int_equal(get(f, HPRT) & (PENA | PSPD), PENA | (uint32_t)speed << 17);
    clear_port_changes(f);
    set(f, HAINTMSK, 0xffff);
    return f;
}

static inline struct soc_fixture *start_dma(void)
{
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, GAHBCFG, 1 | 1 << 5);
    return f;
}

static inline uint32_t *memory(struct soc_fixture *f)
{
    return (uint32_t *)(void *)bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, SRAM, 0x8000);
}

static inline void run_channel(struct soc_fixture *f, unsigned n, uint32_t character, uint32_t size)
{
    set(f, HCINT(n), 0x7ff);
    set(f, HCTSIZ(n), size);
    set(f, HCDMA(n), SRAM);
    set(f, HCCHAR(n), CHENA | ADDRESS | ENDPOINT | character);
    fixture_wait(f, 200 * SIM_US);
}

#endif
