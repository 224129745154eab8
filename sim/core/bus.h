/*
 * Memory as each master sees it: an address map of RAM and device regions, with the set of masters
 * that reach each region. Watches tell when somebody writes memory in which somebody else has an
 * interest (decoded code, an exclusive monitor, a debugger). Each page knows which masters use it:
 * what one master has for itself concerns nobody else.
 */
#ifndef SIM_CORE_BUS_H
#define SIM_CORE_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bus_master {
    MASTER_CM7,
    MASTER_CM4,
    MASTER_DMA1,
    MASTER_DMA2,
    MASTER_BDMA,
    MASTER_MDMA,
    MASTER_DMA2D,
    MASTER_LTDC,
    MASTER_USB1,
    MASTER_USB2,
    MASTER_ETH,
    MASTER_SDMMC1,
    MASTER_SDMMC2,
    MASTER_DEBUG, /* loader, debugger, tests: sees the M7's map, no side effects wanted */
    MASTER_COUNT
};
const char *bus_master_name(enum bus_master master); /* "Cortex-M7", "DMA2", … */
#define MASTERS_ALL   ((1u << MASTER_COUNT) - 1)
#define MASTER_BIT(m) (1u << (m))

enum bus_status { BUS_OK, BUS_ERROR, BUS_ERROR_LATE };

enum { BUS_PAGE_SHIFT = 10, BUS_PAGE_SIZE = 1 << BUS_PAGE_SHIFT };

/* One physical memory, however many addresses lead to it. */
struct ram {
    const char *name; /* "AXI SRAM" */
    uint8_t *bytes;
    uint32_t size;           /* a multiple of BUS_PAGE_SIZE */
    uint8_t *page_watch;     /* one byte a page: WATCH_* bits */
    uint8_t *page_granted;   /* likewise: cores (bit of the master) that write it past the bus */
    uint16_t *page_masters;  /* likewise: MASTER_BIT()s, see bus_touch() */
    struct traffic *traffic; /* who keeps it busy: traffic.h */
    bool mapped;             /* bytes come from mmap() */
};

enum {
    WATCH_CODE_CM7 = 1, /* the M7 (M4) holds decoded instructions of this page */
    WATCH_CODE_CM4 = 2,
    WATCH_EXCLUSIVE_CM7 = 4, /* the M7's (M4's) exclusive monitor is armed in this page */
    WATCH_EXCLUSIVE_CM4 = 8,
    WATCH_DEBUG = 16,
    WATCH_CHECK = 32, /* all accesses but the cores' are told: bus.accessed */
};

/* What a master is at work on, for reports: its stream, channel or layer and the transfer as it was
 * programmed. */
struct bus_job {
    unsigned n;
    uint32_t from, to, bytes;
};

struct bus_access {
    enum bus_master master;
    unsigned size; /* 1, 2 or 4 */
};

/* A region that is no plain memory. `address` is the full bus address, aligned to the size. */
struct bus_device {
    const char *name;
    void *ctx;
    enum bus_status (*read)(void *ctx, uint32_t address, const struct bus_access *access,
                            uint32_t *value);
    enum bus_status (*write)(void *ctx, uint32_t address, const struct bus_access *access,
                             uint32_t value);
    /* As up to `count` reads of one word each from the same address, a FIFO's. How many were read;
     * 0: read them one by one. NULL: likewise. */
    unsigned (*read_fifo)(void *ctx, uint32_t address, uint32_t *words, unsigned count);
};

struct bus_region {
    uint32_t base, size;
    uint32_t masters; /* MASTER_BIT()s that reach it here */
    struct ram *ram;  /* or NULL */
    uint32_t ram_offset;
    const struct bus_device *device; /* for ram != NULL: takes the writes (flash), or NULL */
    bool enabled;
};

enum { BUS_REGIONS_MAX = 256, BUS_HINTS = 64 };

struct bus {
    struct bus_region regions[BUS_REGIONS_MAX]; /* in order of addition; the first match wins */
    unsigned region_count;
    uint8_t hint[MASTER_COUNT][BUS_HINTS]; /* the region a master last found, by page */
    /* Called before bytes of a watched page change; `watch` is the page's bits. */
    void (*watched_write)(void *ctx, struct ram *ram, uint32_t offset, uint32_t length,
                          uint8_t watch, enum bus_master master);
    void *watch_ctx;
    /* Called when a master first touches a page that another one has touched. */
    void (*page_shared)(void *ctx, struct ram *ram, uint32_t page, enum bus_master master);
    void *share_ctx;
    /* Called before an access to a page with WATCH_CHECK, by whomever; changes nothing. */
    void (*accessed)(void *ctx, struct ram *ram, uint32_t offset, uint32_t length,
                     enum bus_master master, bool write);
    void *access_ctx;
    const struct bus_job *job[MASTER_COUNT]; /* NULL: not known */
    /* Called after the map changed: answers of bus_page() are void. */
    void (*map_changed)(void *ctx);
    void *map_ctx;
};

void bus_init(struct bus *bus);
bool ram_init(struct ram *ram, const char *name, uint32_t size); /* false: out of memory */
/* The same full of 0xff, as flash comes from the factory; a page costs the host nothing until it is
 * written. `size` is a multiple of ERASED_CHUNK. */
enum { ERASED_CHUNK = 1 << 20 };
bool ram_init_notes(struct ram *ram); /* all but the bytes; ram_init() and _erased() do it */
bool ram_init_erased(struct ram *ram, const char *name, uint32_t size);
void ram_free(struct ram *ram);

/* Regions; the handle is valid for the life of the bus. */
struct bus_region *bus_add_ram(struct bus *bus, uint32_t base, uint32_t size, uint32_t masters,
                               struct ram *ram, uint32_t ram_offset);
struct bus_region *bus_add_device(struct bus *bus, uint32_t base, uint32_t size, uint32_t masters,
                                  const struct bus_device *device);
void bus_enable(struct bus *bus, struct bus_region *region, bool enabled);
/* Change where a region leads (boot alias, remaps). */
void bus_retarget(struct bus *bus, struct bus_region *region, struct ram *ram, uint32_t offset);

/* NULL: nothing answers there for this master. */
struct bus_region *bus_find(struct bus *bus, enum bus_master master, uint32_t address);

/* One aligned access of 1, 2 or 4 bytes. BUS_ERROR: nothing there, or the device refused. */
enum bus_status bus_read(struct bus *bus, enum bus_master master, uint32_t address, unsigned size,
                         uint32_t *value);
enum bus_status bus_write(struct bus *bus, enum bus_master master, uint32_t address, unsigned size,
                          uint32_t value);

/* The same where bus_find() has been asked already. */
enum bus_status bus_read_region(struct bus *bus, const struct bus_region *region,
                                enum bus_master master, uint32_t address, unsigned size,
                                uint32_t *value);
enum bus_status bus_write_region(struct bus *bus, const struct bus_region *region,
                                 enum bus_master master, uint32_t address, unsigned size,
                                 uint32_t value);

/* `length` bytes of plain memory at once, for DMAs and displays: NULL if any of it is no plain RAM
 * of one region for this master. For writing, the watches of the range are told by this call (so
 * ask right before writing), and flash is refused. */
const uint8_t *bus_memory(struct bus *bus, enum bus_master master, uint32_t address,
                          uint32_t length);
uint8_t *bus_memory_for_write(struct bus *bus, enum bus_master master, uint32_t address,
                              uint32_t length);

/* Copies of any length over any regions, byte by byte where it must; BUS_ERROR at the first byte
 * that cannot be reached. */
enum bus_status bus_copy_out(struct bus *bus, enum bus_master master, uint32_t address, void *to,
                             uint32_t length);
enum bus_status bus_copy_in(struct bus *bus, enum bus_master master, uint32_t address,
                            const void *from, uint32_t length);

/*
 * Who has read or written a page since the board was built. All accesses by this header tell it; a core
 * that goes around the bus tells it by this. Fetches and the debugger do not count, nor do pages of
 * flash: nothing of the simulation may depend on who looks.
 */
void bus_first_touch(struct bus *bus, struct ram *ram, uint32_t page, enum bus_master master);
static inline void bus_touch(struct bus *bus, struct ram *ram, uint32_t page,
                             enum bus_master master)
{
    if (!(ram->page_masters[page] & MASTER_BIT(master)))
        bus_first_touch(bus, ram, page, master);
}
/* The same for a checker that watches the page. */
static inline void bus_note(struct bus *bus, struct ram *ram, uint32_t offset, uint32_t length,
                            enum bus_master master, bool write)
{
    uint32_t page = offset >> BUS_PAGE_SHIFT;
    bus_touch(bus, ram, page, master);
    if (ram->page_watch[page] & WATCH_CHECK)
        bus->accessed(bus->access_ctx, ram, offset, length, master, write);
}
/* True if `length` bytes from an address on are plain RAM of this region, for one who only reads. */
static inline bool bus_region_holds(const struct bus_region *region, uint32_t address,
                                    uint32_t length)
{
    uint32_t at = address - region->base;
    return region->ram && at < region->size && length <= region->size - at;
}
/* More than one master has touched it. */
static inline bool ram_page_is_shared(const struct ram *ram, uint32_t page)
{
    unsigned masters = ram->page_masters[page] & ~MASTER_BIT(MASTER_DEBUG);
    return masters & (masters - 1);
}

/* For a device that changes RAM by itself (a flash that programs): tells the watchers of the pages
 * that [offset, offset + length) touches. Before the change. */
void bus_tell_watchers(struct bus *bus, struct ram *ram, uint32_t offset, uint32_t length,
                       enum bus_master master);

/* As bus_memory() and bus_memory_for_write(), of a region for which bus_region_holds() is true. */
static inline uint8_t *bus_region_memory(struct bus *bus, const struct bus_region *region,
                                         uint32_t address, uint32_t length, enum bus_master master,
                                         bool write)
{
    uint32_t offset = region->ram_offset + (address - region->base), left = length;
    for (uint32_t at = offset; left && !region->device;) {
        uint32_t room = BUS_PAGE_SIZE - at % BUS_PAGE_SIZE, part = left < room ? left : room;
        bus_note(bus, region->ram, at, part, master, write);
        if (write && region->ram->page_watch[at >> BUS_PAGE_SHIFT])
            bus_tell_watchers(bus, region->ram, at, part, master);
        at += part;
        left -= part;
    }
    return &region->ram->bytes[offset];
}

/* Sets and clears watch bits of the page that holds an address; false: no RAM there. */
bool bus_watch(struct bus *bus, enum bus_master master, uint32_t address, uint8_t set,
               uint8_t clear);

#endif
