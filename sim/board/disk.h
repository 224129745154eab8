/* What a storage device keeps its sectors in: an image file of the person's, or a test's memory. */
#ifndef SIM_BOARD_DISK_H
#define SIM_BOARD_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum { DISK_SECTOR_MAX = 4096 };

struct disk {
    void *ctx;
    uint32_t sector_size; /* 512 or 4096 */
    uint64_t sectors;
    bool read_only;
    /* One sector; false: it cannot be read, or written. What was written is kept when it returns,
     * whatever then happens to the simulator. */
    bool (*read)(void *ctx, uint64_t sector, uint8_t *bytes);
    bool (*write)(void *ctx, uint64_t sector, const uint8_t *bytes);
};

#endif
