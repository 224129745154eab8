#include "cm7/remote.h"

#include "cm7/blitter.h"
#include "cm7/keepsake.h"
#include "shared/link.h"
#include "tx_api.h"

enum { JOBS = 6 };

void remote_thread(ULONG unused);

static struct {
    TX_QUEUE waiting; /* which of the jobs */
    ULONG waiting_memory[JOBS];
    struct remote_job jobs[JOBS + 2]; /* one is being run, one is being written */
    ULONG next;
    TX_MUTEX lock; /* of album and news */
    struct album album;
    void (*changed)(void);
    enum remote_news news;
    struct panel_camera recalled;
    uint32_t versions;
} remote;

void remote_open(void (*changed)(void))
{
    remote.changed = changed;
    tx_queue_create(&remote.waiting, (CHAR *)"remote", TX_1_ULONG, remote.waiting_memory,
                    sizeof remote.waiting_memory);
    tx_mutex_create(&remote.lock, (CHAR *)"album", TX_INHERIT);
    files_open();
}

bool remote_do(const struct remote_job *job)
{
    ULONG which = remote.next;
    remote.jobs[which] = *job;
    if (tx_queue_send(&remote.waiting, &which, TX_NO_WAIT) != TX_SUCCESS)
        return false;
    remote.next = (which + 1) % (JOBS + 2);
    return true;
}

void remote_get_album(struct album *album)
{
    tx_mutex_get(&remote.lock, TX_WAIT_FOREVER);
    *album = remote.album;
    tx_mutex_put(&remote.lock);
}

enum remote_news remote_get_news(struct panel_camera *camera)
{
    tx_mutex_get(&remote.lock, TX_WAIT_FOREVER);
    enum remote_news news = remote.news;
    *camera = remote.recalled;
    remote.news = REMOTE_NOTHING;
    tx_mutex_put(&remote.lock);
    return news;
}

static void tell(enum remote_news news)
{
    tx_mutex_get(&remote.lock, TX_WAIT_FOREVER);
    remote.news = news;
    tx_mutex_put(&remote.lock);
}

static bool heard(enum files_result result)
{
    if (result == FILES_SILENT)
        tell(REMOTE_SILENT);
    return result == FILES_DONE;
}

/* Something else is to be done. */
static bool is_wanted(void)
{
    ULONG waiting = 0;
    tx_queue_info_get(&remote.waiting, NULL, &waiting, NULL, NULL, NULL, NULL);
    return waiting;
}

/* --- Small pictures --- */

static uint16_t *thumbnail_memory(unsigned n)
{
    return (uint16_t *)LINK_THUMBNAILS + n * THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT;
}

/* Of two points of each pixel, a half and a half: in each field of RGB565 without its lowest bit. */
static uint16_t mean(uint16_t a, uint16_t b)
{
    return (uint16_t)((a & b) + (((a ^ b) & 0xf7de) >> 1));
}

/* Every `step`th pixel of every `step`th line, of an RGB565 picture in the scratch memory. */
static void shrink(uint16_t *to, uint32_t width, uint32_t height, uint32_t step, uint32_t stride)
{
    for (uint32_t y = 0; y < height; y++) {
        const uint16_t *line = (const uint16_t *)LINK_SCRATCH + y * step * stride;
        for (uint32_t x = 0; x < width; x++)
            to[y * width + x] = mean(line[x * step], line[step / 2 * stride + x * step + step / 2]);
    }
}

static bool convert(const struct picture_shape *shape, uint32_t stride)
{
    blitter_take();
    dma2d_convert(LINK_STILL, LINK_SCRATCH, stride, shape->height,
                  (enum dma2d_chroma)shape->chroma);
    return blitter_finish(stride * shape->height);
}

/* How many pixels become one, where no more than `room` fit. */
static uint32_t steps_of(uint32_t pixels, uint32_t room)
{
    return (pixels + room - 1) / room;
}

/* The whole picture, as large as there is room. */
static struct paint_picture make_thumbnail(unsigned n, const struct picture_shape *shape)
{
    uint32_t stride = shape_columns(shape) * shape_unit_width(shape);
    uint32_t across = steps_of(shape->width, THUMBNAIL_WIDTH);
    uint32_t down = steps_of(shape->height, THUMBNAIL_HEIGHT);
    uint32_t step = across > down ? across : down;
    if (!convert(shape, stride))
        return (struct paint_picture){0};
    struct paint_picture picture = {.pixels = thumbnail_memory(n),
                                    .width = shape->width / step,
                                    .height = shape->height / step,
                                    .version = ++remote.versions};
    if (!picture.width || !picture.height)
        return (struct paint_picture){0};
    shrink(thumbnail_memory(n), picture.width, picture.height, step, stride);
    return picture;
}

static void add_thumbnail(unsigned n)
{
    struct picture_shape shape;
    if (!heard(files_still(remote.album.items[n].entry.name, &shape)))
        return;
    struct paint_picture picture = make_thumbnail(n, &shape);
    tx_mutex_get(&remote.lock, TX_WAIT_FOREVER);
    remote.album.items[n].thumbnail = picture;
    tx_mutex_put(&remote.lock);
    remote.changed();
}

/* --- Jobs --- */

static enum files_result fetch_page(uint32_t page, struct album *album)
{
    struct files_entry entries[FILES_LISTED];
    enum files_result result = FILES_DONE;
    *album = (struct album){.page = page};
    for (uint32_t n = 0; n < ALBUM_PAGE && result == FILES_DONE && n == album->count;
         n += FILES_LISTED) {
        uint32_t count;
        result = files_list(page * ALBUM_PAGE + n, entries, &count, &album->total);
        for (uint32_t k = 0; k < count; k++)
            album->items[album->count++].entry = entries[k];
    }
    album->state = result == FILES_DONE ? ALBUM_IS_THERE : ALBUM_FAILED;
    return result;
}

/* A page that is no longer there, because something was removed, is the one before. */
static void list(uint32_t page, uint32_t wish)
{
    static struct album album;
    bool done = heard(fetch_page(page, &album));
    if (done && page && !album.count)
        done = heard(fetch_page(page - 1, &album));
    album.wish = wish;
    tx_mutex_get(&remote.lock, TX_WAIT_FOREVER);
    remote.album = album;
    tx_mutex_put(&remote.lock);
    remote.changed();
    for (unsigned n = 0; done && n < album.count && !is_wanted(); n++)
        add_thumbnail(n);
}

static void keep(const struct panel_camera *camera)
{
    char text[KEEPSAKE_BYTES];
    uint32_t bytes = keepsake_write(text, camera);
    if (heard(files_write(KEEPSAKE_PATH, text, bytes)))
        tell(REMOTE_KEPT);
}

/* A stick that keeps none is no news. */
static void recall(const struct panel_camera *camera)
{
    struct files_entry entry;
    struct panel_camera wanted = *camera;
    char text[KEEPSAKE_BYTES];
    uint32_t bytes;
    if (!heard(files_stat(KEEPSAKE_PATH, &entry)) || entry.bytes > KEEPSAKE_BYTES ||
        !heard(files_read(KEEPSAKE_PATH, text, entry.bytes, &bytes)) ||
        !keepsake_read(text, bytes, &wanted))
        return;
    remote.recalled = wanted;
    tell(REMOTE_RECALLED);
}

static void run(const struct remote_job *job)
{
    switch (job->kind) {
    case REMOTE_LIST:
        list(job->value, job->number);
        break;
    case REMOTE_SHOW:
        heard(files_show(job->path));
        break;
    case REMOTE_REMOVE:
        heard(files_remove(job->path));
        break;
    case REMOTE_PAUSE:
        heard(files_pause(job->value));
        break;
    case REMOTE_SEEK:
        heard(files_seek(job->value));
        break;
    case REMOTE_KEEP:
        keep(&job->camera);
        break;
    case REMOTE_RECALL:
        recall(&job->camera);
        break;
    default:
        heard(files_leave());
        break;
    }
}

void remote_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        ULONG which;
        tx_queue_receive(&remote.waiting, &which, TX_WAIT_FOREVER);
        run(&remote.jobs[which]);
        remote.changed();
    }
}
