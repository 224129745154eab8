/*
 * What the files of USB OTG share: usb_otg.c (registers, reset, mode, interrupts), usb_otg_port.c
 * (power, connection, reset, suspend, frames), usb_otg_channel.c (channels and what a transaction does
 * to them), usb_otg_fifo.c (FIFOs and request queues), usb_otg_bus.c (what goes over the wire when),
 * usb_otg_timing.c (how long it takes), usb_otg_dma.c (packets in memory); and in device mode
 * usb_otg_device.c (session, attachment, reset, suspend), usb_otg_endpoint.c (endpoints' registers and
 * FIFOs), usb_otg_answer.c (what they answer to a host's tokens).
 */
#ifndef SIM_SOC_USB_OTG_H
#define SIM_SOC_USB_OTG_H

#include "sim/soc/block.h"
#include "sim/soc/bus_port.h"
#include "sim/soc/usb.h"

enum {
    GOTGCTL = 0x000,
    GOTGINT = 0x004,
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
    CID = 0x03c,
    GLPMCFG = 0x054,
    HPTXFSIZ = 0x100,
    HCFG = 0x400,
    HFIR = 0x404,
    HFNUM = 0x408,
    HPTXSTS = 0x410,
    HAINT = 0x414,
    HAINTMSK = 0x418,
    HPRT = 0x440,
    HCCHAR = 0x500, /* of channel 0, and so on */
    HCSPLT = 0x504,
    HCINT = 0x508,
    HCINTMSK = 0x50c,
    HCTSIZ = 0x510,
    HCDMA = 0x514,
    DCFG = 0x800,
    DCTL = 0x804,
    DSTS = 0x808,
    DIEPMSK = 0x810,
    DOEPMSK = 0x814,
    DAINT = 0x818,
    DAINTMSK = 0x81c,
    DIEPEMPMSK = 0x834,
    DIEPCTL = 0x900,
    DIEPINT = 0x908,
    DIEPTSIZ = 0x910,
    DIEPDMA = 0x914,
    DTXFSTS = 0x918,
    DOEPCTL = 0xb00,
    DOEPINT = 0xb08,
    DOEPTSIZ = 0xb10,
    DOEPDMA = 0xb14,
    PCGCCTL = 0xe00,
    DFIFO = 0x1000,
    USB_STRIDE = 0x20, /* from a channel to the next, from an endpoint to the next */
    USB_CHANNELS = 16,
    USB_ENDPOINTS = 9,
    USB_FIFO_STRIDE = 0x1000,
    USB_FIFO_WORDS = 1024, /* of all FIFOs together */
};

enum {
    GAHBCFG_GINT = 1 << 0,
    GAHBCFG_DMAEN = 1 << 5,
    GAHBCFG_TXFELVL = 1 << 7,
    GAHBCFG_PTXFELVL = 1 << 8,
    GUSBCFG_PHYSEL = 1 << 6,
    GUSBCFG_FHMOD = 1 << 29,
    GINTSTS_CMOD = 1 << 0,
    GINTSTS_OTGINT = 1 << 2,
    GINTSTS_SOF = 1 << 3,
    GINTSTS_RXFLVL = 1 << 4,
    GINTSTS_NPTXFE = 1 << 5,
    GINTSTS_GINAKEFF = 1 << 6,
    GINTSTS_GONAKEFF = 1 << 7,
    GINTSTS_IEPINT = 1 << 18,
    GINTSTS_OEPINT = 1 << 19,
    GINTSTS_HPRTINT = 1 << 24,
    GINTSTS_HCINT = 1 << 25,
    GINTSTS_PTXFE = 1 << 26,
    GINTSTS_DISCINT = 1 << 29,
    GINTSTS_WKUINT = (int)0x80000000,
    HCCHAR_MPSIZ = 0x7ff,
    HCCHAR_EPDIR = 1 << 15,
    HCCHAR_ODDFRM = 1 << 29,
    HCCHAR_CHDIS = 1 << 30,
    HCCHAR_CHENA = (int)0x80000000,
    HCSPLT_SPLITEN = (int)0x80000000,
    HCINT_XFRC = 1 << 0,
    HCINT_CHH = 1 << 1,
    HCINT_AHBERR = 1 << 2,
    HCINT_STALL = 1 << 3,
    HCINT_NAK = 1 << 4,
    HCINT_ACK = 1 << 5,
    HCINT_NYET = 1 << 6,
    HCINT_TXERR = 1 << 7,
    HCINT_BBERR = 1 << 8,
    HCINT_FRMOR = 1 << 9,
    HCINT_DTERR = 1 << 10,
    HCTSIZ_DOPING = (int)0x80000000,
    HPTXFSIZ_RESET = 0x02000600,
};

/* Device mode */
enum {
    GINTSTS_ESUSP = 1 << 10,
    GINTSTS_USBSUSP = 1 << 11,
    GINTSTS_USBRST = 1 << 12,
    GINTSTS_ENUMDNE = 1 << 13,
    GINTSTS_SRQINT = 1 << 30,
    DCTL_SDIS = 1 << 1,
    DCTL_GINSTS = 1 << 2,
    DCTL_GONSTS = 1 << 3,
    EPCTL_MPSIZ = 0x7ff,
    EPCTL_USBAEP = 1 << 15,
    EPCTL_DPID = 1 << 16,
    EPCTL_NAKSTS = 1 << 17,
    EPCTL_STALL = 1 << 21,
    EPCTL_TXFNUM_SHIFT = 22,
    EPCTL_CNAK = 1 << 26,
    EPCTL_SNAK = 1 << 27,
    EPCTL_SD0PID = 1 << 28,
    EPCTL_SD1PID = 1 << 29,
    EPCTL_EPDIS = 1 << 30,
    EPCTL_EPENA = (int)0x80000000,
    EPINT_XFRC = 1 << 0,
    EPINT_EPDISD = 1 << 1,
    EPINT_STUP = 1 << 3,    /* of OUT endpoints */
    EPINT_ITTXFE = 1 << 4,  /* of IN endpoints */
    EPINT_OTEPDIS = 1 << 4, /* of OUT endpoints */
    EPINT_INEPNE = 1 << 6,
    EPINT_TXFE = 1 << 7,
    EPINT_NAK = 1 << 13,
    EPINT_STPKTRX = 1 << 15,
    EPTSIZ_XFRSIZ = 0x7ffff,
    EPTSIZ_PKTCNT = 0x3ff << 19,
    EPTSIZ_ONE_PACKET = 1 << 19,
    EPTSIZ_STUPCNT = 3 << 29, /* of OUT endpoint 0 */
    EPTSIZ_ONE_SETUP = 1 << 29,
};

/* GRXSTSP.PKTSTS in host mode, and in device mode */
enum { RX_DATA = 2, RX_COMPLETE = 3, RX_TOGGLE_ERROR = 5, RX_HALTED = 7 };
enum { RX_SETUP_COMPLETE = 4, RX_SETUP = 6 };

/* What slave mode has posted for a channel. */
struct usb_request {
    enum usb_token token;
    uint8_t channel;
    unsigned length;
    uint8_t data[USB_PACKET_MAX];
};

enum { USB_NON_PERIODIC, USB_PERIODIC, USB_QUEUES, USB_QUEUE_DEPTH = 8 };

struct usb_queue {
    unsigned count; /* requests; the first is the next to go */
    struct usb_request request[USB_QUEUE_DEPTH];
    struct usb_request filling; /* the packet that is being written into the FIFO */
    unsigned expected;          /* its whole length; 0: none is */
};

/* Words in the order in which they are read: a status, its data, the next status. */
struct usb_rx_fifo {
    uint32_t words[USB_FIFO_WORDS];
    unsigned head, tail; /* ever put and taken */
    unsigned unread;     /* data words of the status that was popped last */
};

struct usb_channel {
    bool stopped;       /* slave mode: what is posted waits for a halt in vain */
    bool halting;       /* CHDIS was set, and it takes a while */
    sim_time quiet;     /* DMA mode: the device said NAK, and has nothing new until then */
    unsigned transfers; /* periodic: in `frame` */
    uint64_t frame;
    unsigned unwritten; /* slave mode, OUT: bytes that the FIFO has not been given yet */
};

/* Device mode: an endpoint to the host with its transmit FIFO, one from the host. */
struct usb_in_endpoint {
    bool data1; /* the next packet's */
    unsigned
        length; /* slave mode: bytes in the FIFO, not counting what fills up a packet's last word */
    uint8_t data[4 * USB_FIFO_WORDS];
};

struct usb_out_endpoint {
    bool data1;
};

enum usb_port_step { PORT_CONNECTS, PORT_IS_ENABLED, PORT_DISCONNECTS };

struct usb {
    struct block block;
    enum bus_master master;
    struct event reset_done, mode_changed, port_changes, frame_begins, halts, wire;
    struct usb_socket socket;
    const struct usb_device *device; /* NULL: nothing is plugged in */
    /* port */
    enum usb_port_step next_step;
    bool vbus, frames_run;
    sim_time reset_began;
    sim_time frames_since; /* beginning of frame `first_frame` */
    uint64_t first_frame;  /* frames ever, of the port's time before */
    uint64_t frames_seen;  /* GINTSTS.SOF has been cleared for all before this one */
    /* channels, FIFOs */
    struct usb_channel channel[USB_CHANNELS];
    struct usb_queue queue[USB_QUEUES];
    struct usb_rx_fifo rx;
    struct bus_port memory;
    /* on the wire */
    bool busy;
    unsigned turn;   /* DMA mode: the channel that was served last */
    unsigned active; /* channel of the transaction */
    struct usb_transaction transaction;
    enum usb_answer answer;
    /* device mode */
    const struct usb_host_end *host; /* NULL: none is plugged in */
    struct usb_bus bus;              /* for it */
    bool session, attached;
    bool setup_open;  /* a SETUP came, and nothing else yet */
    bool setup_waits; /* by DMA: as `transaction`, until endpoint 0 is enabled */
    uint8_t address;  /* in use: DCFG.DAD's new one once the host uses it */
    enum usb_speed speed;
    struct event idle;
    struct usb_in_endpoint in[USB_ENDPOINTS];
    struct usb_out_endpoint out[USB_ENDPOINTS];
};

/* A register of channel n. */
#define CH(u, n, offset) REG(&(u)->block, (offset) + (n)*USB_STRIDE)
/* Of endpoint n. */
#define EP(u, n, offset) CH(u, n, offset)

static inline struct event_queue *usb_events(struct usb *u)
{
    return &block_sim(&u->block)->events;
}

static inline sim_time usb_now(const struct usb *u)
{
    return sim_now(block_sim(&u->block));
}

static inline bool usb_dma(const struct usb *u)
{
    return REG(&u->block, GAHBCFG) & GAHBCFG_DMAEN;
}

static inline bool usb_host(const struct usb *u)
{
    return REG(&u->block, GINTSTS) & GINTSTS_CMOD;
}

/* usb_otg.c: levels of GINTSTS and the interrupt line anew; after every change of what they show. */
void usb_update_irq(struct usb *u);

/* usb_otg_port.c */
void usb_port_init(struct usb *u);
void usb_port_reset(struct usb *u);
void usb_port_write(struct usb *u, uint32_t value);
void usb_port_power(struct usb *u); /* mode or PPWR may have changed */
bool usb_external_phy(const struct usb *u);
bool usb_phy_works(struct usb *u, bool tell); /* tell: the person, if it does not */
void usb_frames_start(struct usb *u);
void usb_frames_stop(struct usb *u);
enum usb_speed usb_port_speed(const struct usb *u); /* in either mode */
bool usb_port_runs(const struct usb *u);            /* enabled and awake: packets can go */
sim_time usb_frame_time(const struct usb *u);
uint64_t usb_frame(const struct usb *u); /* the present one, counted without end */
sim_time usb_frame_begin(const struct usb *u, uint64_t frame);
uint32_t usb_frame_register(const struct usb *u); /* HFNUM */
void usb_frame_interrupts(struct usb *u); /* schedules the next SOF, if anybody waits for it */

/* usb_otg_channel.c */
void usb_channels_init(struct usb *u);
void usb_channels_reset(struct usb *u);
bool usb_channel_periodic(const struct usb *u, unsigned n);
bool usb_channel_isochronous(const struct usb *u, unsigned n);
void usb_channel_write(struct usb *u, unsigned n, uint32_t value); /* HCCHARx */
void usb_channel_raise(struct usb *u, unsigned n, uint32_t flags);
void usb_channel_halt(struct usb *u, unsigned n, uint32_t why);
/* What its next transaction of DMA mode is. False: none, it has just failed. */
bool usb_channel_fetch(struct usb *u, unsigned n, struct usb_transaction *t);
/* How its transaction went. */
void usb_channel_result(struct usb *u, unsigned n, const struct usb_transaction *t,
                        enum usb_answer answer);

/* usb_otg_fifo.c */
struct usb_queue *usb_queue_of(struct usb *u, unsigned channel);
void usb_post(struct usb *u, unsigned channel, enum usb_token token);
void usb_queue_pop(struct usb_queue *queue);
void usb_queue_forget(struct usb_queue *queue, unsigned channel);
void usb_flush(struct usb *u, uint32_t grstctl);                /* as GRSTCTL is written */
uint32_t usb_queue_status(const struct usb *u, unsigned queue); /* HNPTXSTS, HPTXSTS */
bool usb_queue_empty(const struct usb *u, unsigned queue);      /* NPTXFE, PTXFE */
void usb_fifo_write(struct usb *u, unsigned channel, uint32_t word);
uint32_t usb_fifo_read(struct usb *u);
bool usb_rx_room(const struct usb *u, unsigned bytes);
bool usb_rx_waiting(const struct usb *u);
void usb_rx_put(struct usb *u, unsigned channel, unsigned status, const struct usb_transaction *t);
uint32_t usb_rx_peek(struct usb *u); /* GRXSTSR */
uint32_t usb_rx_pop(struct usb *u);  /* GRXSTSP */

/* usb_otg_bus.c */
void usb_bus_init(struct usb *u);
void usb_bus_reset(struct usb *u);
void usb_bus_look(struct usb *u); /* there may be something to do */

/* usb_otg_timing.c */
sim_time usb_start_of_frame_time(enum usb_speed speed);

/* usb_otg_dma.c. False: it cannot be reached. */
bool usb_memory_read(struct usb *u, uint32_t from, struct usb_transaction *t);
bool usb_memory_write(struct usb *u, uint32_t to, const struct usb_transaction *t);

/* usb_otg_device.c */
void usb_device_init(struct usb *u);
void usb_device_reset(struct usb *u);
void usb_device_look(struct usb *u);             /* what attaches it may have changed */
uint32_t usb_device_status(const struct usb *u); /* DSTS */

/* usb_otg_endpoint.c: true if the offset is a register of an endpoint, which is then written. */
bool usb_endpoint_write(struct usb *u, uint32_t offset, uint32_t value,
                        const struct block_access *access);
uint32_t usb_endpoint_read(struct usb *u, uint32_t offset);
/* Of GINTSTS, and DAINT with them. */
uint32_t usb_endpoint_levels(struct usb *u);
unsigned usb_endpoint_packet(const struct usb *u, unsigned n, uint32_t control); /* its largest */
unsigned usb_endpoint_fifo_depth(const struct usb *u, unsigned n);               /* words */
void usb_endpoint_fifo_write(struct usb *u, unsigned n, uint32_t word);
void usb_endpoint_flush(struct usb *u, unsigned fifo); /* GRSTCTL.TXFNUM */
void usb_endpoint_toggle(struct usb *u, unsigned n, uint32_t control, bool data1);

/* usb_otg_answer.c */
void usb_endpoint_deliver_setup(struct usb *u);
enum usb_answer usb_endpoint_answer(struct usb *u, struct usb_transaction *t);
void usb_endpoint_popped(struct usb *u, uint32_t status); /* by GRXSTSP */

#endif
