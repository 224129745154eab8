/* The stick as FatFs's only drive. */
#include "usb/usb_host.h"

#include "ff.h"

#include "diskio.h"

DSTATUS disk_initialize(BYTE drive)
{
    return disk_status(drive);
}

DSTATUS disk_status(BYTE drive)
{
    (void)drive;
    enum usb_host_state state = usb_host_state();
    if (state != USB_HOST_STICK)
        return state == USB_HOST_EMPTY ? STA_NOINIT | STA_NODISK : STA_NOINIT;
    return stick_is_write_protected() ? STA_PROTECT : 0;
}

DRESULT disk_read(BYTE drive, BYTE *bytes, LBA_t sector, UINT count)
{
    if (disk_status(drive) & STA_NOINIT)
        return RES_NOTRDY;
    return stick_read(bytes, (uint32_t)sector, count) ? RES_OK : RES_ERROR;
}

DRESULT disk_write(BYTE drive, const BYTE *bytes, LBA_t sector, UINT count)
{
    if (disk_status(drive) & STA_NOINIT)
        return RES_NOTRDY;
    if (stick_write(bytes, (uint32_t)sector, count))
        return RES_OK;
    return stick_last_error() == STICK_WRITE_PROTECTED ? RES_WRPRT : RES_ERROR;
}

DRESULT disk_ioctl(BYTE drive, BYTE command, void *answer)
{
    if (disk_status(drive) & STA_NOINIT)
        return RES_NOTRDY;
    switch (command) {
    case CTRL_SYNC:
        return stick_flush() ? RES_OK : RES_ERROR;
    case GET_SECTOR_COUNT:
        *(LBA_t *)answer = stick_sectors();
        return RES_OK;
    case GET_SECTOR_SIZE:
        *(WORD *)answer = (WORD)stick_sector_size();
        return RES_OK;
    case GET_BLOCK_SIZE:
        *(DWORD *)answer = 1;
        return RES_OK;
    }
    return RES_PARERR;
}
