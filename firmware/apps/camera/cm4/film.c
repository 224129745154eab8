#include "cm4/film.h"

#include "cm4/volume.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MAX = 9999, INDEX_PIECE = 512 };

static unsigned last_number; /* of the names that are there; 0: not looked yet */
static bool looked;

void film_new_stick(void)
{
    looked = false;
}

/* "DUET1234.xyz": 1234; anything else: 0. FAT's names do not tell a from A. */
static unsigned number_of(const char *name)
{
    unsigned number = 0;
    if (strncasecmp(name, "DUET", 4) != 0 || strlen(name) != 12 || name[8] != '.')
        return 0;
    for (unsigned n = 4; n < 8; n++) {
        if (name[n] < '0' || name[n] > '9')
            return 0;
        number = number * 10 + (unsigned)(name[n] - '0');
    }
    return number;
}

static FRESULT look_for_names(void)
{
    DIR folder;
    FILINFO info;
    FRESULT result = f_opendir(&folder, "/");
    for (last_number = 0; result == FR_OK;) {
        result = f_readdir(&folder, &info);
        if (result != FR_OK || !info.fname[0])
            break;
        unsigned number = number_of(info.fname);
        last_number = number > last_number ? number : last_number;
    }
    looked = result == FR_OK;
    return result;
}

/* FILM_GOES_ON, FILM_NO_NAME, FILM_BROKEN. */
static enum film_status next_name(const char *kind, char name[FILM_NAME_BYTES])
{
    if (!looked && look_for_names() != FR_OK)
        return FILM_BROKEN;
    if (last_number >= NUMBER_MAX)
        return FILM_NO_NAME;
    snprintf(name, FILM_NAME_BYTES, "DUET%04u.%s", ++last_number, kind);
    return FILM_GOES_ON;
}

/* Another file of that name came from somewhere: the next. */
static enum film_status create(FIL *file, const char *kind, char name[FILM_NAME_BYTES])
{
    for (;;) {
        enum film_status status = next_name(kind, name);
        if (status != FILM_GOES_ON)
            return status;
        FRESULT result = f_open(file, name, FA_WRITE | FA_CREATE_NEW);
        if (result == FR_OK)
            return FILM_GOES_ON;
        if (result == FR_DENIED)
            return FILM_NO_SPACE; /* none for the folder's entry */
        if (result == FR_WRITE_PROTECTED)
            return FILM_READ_ONLY;
        if (result != FR_EXIST)
            return FILM_BROKEN;
    }
}

/* FILM_NO_SPACE: a part of it is there. It comes when less is free than the file system says, as it may
 * after the power was cut. */
static enum film_status write_all(FIL *file, const void *bytes, uint32_t count)
{
    UINT written = 0;
    if (f_write(file, bytes, count, &written) != FR_OK)
        return FILM_BROKEN;
    return written == count ? FILM_GOES_ON : FILM_NO_SPACE;
}

/* Room for that many bytes more, and two clusters for what the file system needs itself. */
static enum film_status has_space(uint64_t bytes)
{
    struct volume_space space;
    if (volume_space(&space) != STORAGE_OK)
        return FILM_BROKEN;
    return bytes + 2 * space.cluster <= space.free ? FILM_GOES_ON : FILM_NO_SPACE;
}

static enum film_status write_header(struct film *film,
                                     void (*header)(const struct avi *, uint8_t sector[AVI_SECTOR]))
{
    static uint32_t sector[AVI_SECTOR / 4]; /* whole words, for the DMA */
    header(&film->avi, (uint8_t *)sector);
    return write_all(&film->file, sector, AVI_SECTOR);
}

enum film_status film_begin(struct film *film, unsigned width, unsigned height,
                            unsigned frames_per_second, uint32_t *lengths, uint32_t frames_max)
{
    *film = (struct film){0};
    avi_begin(&film->avi, width, height, frames_per_second, lengths, frames_max);
    enum film_status status = has_space(AVI_FRAME_MAX / 8);
    if (status == FILM_GOES_ON)
        status = create(&film->file, "AVI", film->name);
    if (status != FILM_GOES_ON)
        return status;
    film->is_open = true;
    status = write_header(film, avi_open_header);
    if (status == FILM_GOES_ON && f_sync(&film->file) != FR_OK)
        status = FILM_BROKEN;
    return status;
}

static bool cut_behind_frames(struct film *film)
{
    FSIZE_t end = (FSIZE_t)(film->avi.sectors + 1) * AVI_SECTOR;
    return f_lseek(&film->file, end) == FR_OK && f_truncate(&film->file) == FR_OK;
}

enum film_status film_add(struct film *film, uint8_t *chunk, uint32_t bytes)
{
    if (!avi_has_room(&film->avi))
        return FILM_IS_FULL;
    enum film_status status =
        has_space((uint64_t)bytes + 2 * AVI_SECTOR + AVI_INDEX_ENTRY + avi_index_bytes(&film->avi));
    if (status != FILM_GOES_ON)
        return status;
    struct avi before = film->avi;
    status = write_all(&film->file, chunk, avi_frame(&film->avi, chunk, bytes));
    if (status == FILM_NO_SPACE) {
        film->avi = before;
        return cut_behind_frames(film) ? FILM_NO_SPACE : FILM_BROKEN;
    }
    if (status == FILM_GOES_ON && film->avi.frames % FILM_SYNC_FRAMES == 0 &&
        f_sync(&film->file) != FR_OK)
        return FILM_BROKEN;
    return status;
}

static enum film_status write_index(struct film *film)
{
    static uint32_t piece[INDEX_PIECE / 4];
    enum film_status status = FILM_GOES_ON;
    uint32_t at = 0, count;
    for (; (count = avi_index(&film->avi, at, (uint8_t *)piece, sizeof piece)) != 0; at += count)
        if ((status = write_all(&film->file, piece, count)) != FILM_GOES_ON)
            break;
    return status;
}

/* The index first: until the header says so it is only what follows the frames. A film plays without. */
enum film_status film_end(struct film *film)
{
    enum film_status index = write_index(film);
    bool done = index == FILM_GOES_ON || (index == FILM_NO_SPACE && cut_behind_frames(film));
    done = done && f_sync(&film->file) == FR_OK && f_lseek(&film->file, 0) == FR_OK &&
           write_header(film, index == FILM_GOES_ON ? avi_final_header : avi_plain_header) ==
               FILM_GOES_ON;
    film->is_open = false;
    return f_close(&film->file) == FR_OK && done ? FILM_GOES_ON : FILM_BROKEN;
}

void film_abandon(struct film *film)
{
    film->is_open = false;
    f_close(&film->file);
}

enum film_status film_picture(const uint8_t *jpeg, uint32_t bytes, char name[FILM_NAME_BYTES])
{
    static FIL file; /* with a sector of its own: too large for a stack */
    enum film_status status = has_space(bytes);
    if (status == FILM_GOES_ON)
        status = create(&file, "JPG", name);
    if (status != FILM_GOES_ON)
        return status;
    status = write_all(&file, jpeg, bytes);
    if (f_close(&file) != FR_OK)
        return FILM_BROKEN;
    if (status == FILM_NO_SPACE)
        f_unlink(name);
    return status;
}
