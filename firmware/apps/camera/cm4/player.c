#include "cm4/player.h"

#include "cm4/archive.h"
#include "cm4/avi_reader.h"
#include "cm4/camera.h"
#include "cm4/decoder.h"
#include "cm4/panel.h"
#include "shared/link.h"
#include "tx_api.h"

#include <string.h>

enum { CHANGED = 1, SECTOR = 512, RETRY_TICKS = 2, TELL_TICKS = 100 };

void player_thread(ULONG unused);

/* What a film or a picture is read from. */
struct reel {
    struct archive_file file;
    struct avi_source source;
    struct avi_film film; /* frame_us 0: it is a picture */
    uint32_t bytes;
    enum storage_status status; /* of what was read last */
};

static struct {
    TX_MUTEX lock; /* of all that follows */
    TX_EVENT_FLAGS_GROUP events;
    enum player_state state;
    struct reel reel;
    struct picture_shape shape;
    struct duet_frame next; /* decoded, and due at `due`; data NULL: none */
    uint32_t next_number, shown_number;
    uint32_t due_us; /* since `began`, in microseconds of the film */
    ULONG began, told;
} player;

void player_open(void)
{
    tx_mutex_create(&player.lock, (CHAR *)"player", TX_INHERIT);
    tx_event_flags_create(&player.events, (CHAR *)"player");
}

/* --- Reading --- */

static uint32_t read_reel(void *context, uint32_t at, void *bytes, uint32_t count)
{
    struct reel *reel = context;
    uint32_t taken;
    enum storage_status status = archive_read(&reel->file, at, bytes, count, &taken);
    if (status != STORAGE_OK)
        reel->status = status;
    return taken;
}

/* Whole sectors, as they are on the stick, so that they go to memory without a copy. The stream's place
 * in the decoder's memory; NULL: it could not be read. */
static uint8_t *read_stream(struct reel *reel, uint32_t at, uint32_t bytes)
{
    uint32_t lead = at % SECTOR, count = (lead + bytes + SECTOR - 1) / SECTOR * SECTOR;
    if (bytes > DECODER_LARGEST) {
        reel->status = STORAGE_TOO_WIDE;
        return NULL;
    }
    uint32_t taken = read_reel(reel, at - lead, decoder_memory(), count);
    return taken >= lead + bytes ? decoder_memory() + lead : NULL;
}

static enum storage_status open_reel(struct reel *reel, const char *path)
{
    struct archive_entry entry;
    enum storage_status status = archive_stat(path, &entry);
    if (status == STORAGE_OK && entry.is_folder)
        status = STORAGE_IS_FOLDER;
    if (status == STORAGE_OK)
        status = archive_open(&reel->file, path, ARCHIVE_READ);
    reel->status = status;
    reel->bytes = entry.bytes;
    reel->source = (struct avi_source){read_reel, reel};
    if (status == STORAGE_OK && !avi_film_open(&reel->film, &reel->source))
        reel->film.frame_us = 0;
    return reel->status;
}

/* The next picture into `units`. False: there is none, and reel->status says whether that is the end. */
static bool next_picture(struct reel *reel, uint8_t *units, uint32_t room,
                         struct picture_shape *shape)
{
    uint32_t at = 0, bytes = reel->bytes;
    if (reel->film.frame_us && !avi_film_next(&reel->film, &at, &bytes))
        return false;
    uint8_t *stream = read_stream(reel, at, bytes);
    if (stream)
        reel->status = decoder_decode(stream, bytes, units, room, shape);
    return stream && reel->status == STORAGE_OK;
}

enum storage_status player_still(const char *path, uint8_t *units, uint32_t room,
                                 struct picture_shape *shape)
{
    static struct reel reel; /* of the one thread that asks for these */
    enum storage_status status = decoder_take();
    if (status != STORAGE_OK)
        return status;
    status = open_reel(&reel, path);
    if (status == STORAGE_OK && !next_picture(&reel, units, room, shape))
        status = reel.status == STORAGE_OK ? STORAGE_NOT_A_FILM : reel.status;
    if (reel.file.is_open)
        archive_close(&reel.file);
    decoder_give();
    return status;
}

/* --- Telling and sending, with the lock --- */

static void tell(void)
{
    const struct avi_film *film = &player.reel.film;
    struct panel_player message = {
        .kind = PANEL_PLAYER,
        .state = (uint8_t)player.state,
        .width = player.shape.width,
        .height = player.shape.height,
        .frame = player.shown_number,
        .frames = film->frames,
        .frame_us = film->frame_us,
        .bytes = player.reel.bytes,
    };
    player.told = tx_time_get();
    panel_tell(&message, sizeof message);
}

static void set_state(enum player_state state)
{
    player.state = state;
    tell();
}

/* The capture's interrupts use the same end. */
static bool take_buffer(void)
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    bool taken = duet_frame_acquire(&own_link.sender, &player.next, DUET_BY_DMA) == DUET_OK;
    tx_interrupt_control(before);
    return taken;
}

static void drop_buffer(void)
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    if (player.next.data)
        duet_frame_cancel(&own_link.sender, &player.next);
    player.next.data = NULL;
    tx_interrupt_control(before);
}

static void send_buffer(void)
{
    player.next.length = FRAME_BYTES_MAX;
    player.next.tag = shape_tag(&player.shape);
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    duet_frame_send(&own_link.sender, &player.next);
    player.next.data = NULL;
    tx_interrupt_control(before);
    player.shown_number = player.next_number;
}

static void close_all(void)
{
    if (player.state == PLAYER_CLOSED)
        return;
    drop_buffer();
    archive_close(&player.reel.file);
    decoder_give();
    camera_hold(false);
    set_state(PLAYER_CLOSED);
}

/* --- A film's course, with the lock --- */

/* Decodes the next frame. False: there is no buffer for it just now. */
static bool prepare(void)
{
    if (player.next.data)
        return true;
    if (!take_buffer())
        return false;
    player.next_number = player.reel.film.frame;
    if (next_picture(&player.reel, player.next.data, FRAME_BYTES_MAX, &player.shape))
        return true;
    drop_buffer();
    if (player.reel.status == STORAGE_OK) {
        set_state(PLAYER_ENDED);
        return true;
    }
    enum storage_status status = player.reel.status;
    close_all();
    panel_problem(status);
    return true;
}

/* From the frame that is next. */
static void begin_time(void)
{
    player.began = tx_time_get();
    player.due_us = 0;
}

/* Shows what is due; in how many ticks something is. */
static ULONG play(void)
{
    if (!prepare())
        return RETRY_TICKS;
    if (player.state != PLAYER_PLAYS)
        return TX_WAIT_FOREVER;
    ULONG passed = tx_time_get() - player.began, due = player.due_us / 1000;
    if (passed < due)
        return due - passed;
    send_buffer();
    player.due_us += player.reel.film.frame_us;
    if (tx_time_get() - player.told >= TELL_TICKS)
        tell();
    if (passed > due + 1000) /* the stick kept it waiting: no race afterwards */
        begin_time();
    return 1;
}

void player_thread(ULONG unused)
{
    (void)unused;
    for (ULONG ticks = TX_WAIT_FOREVER;;) {
        ULONG what;
        tx_event_flags_get(&player.events, CHANGED, TX_OR_CLEAR, &what, ticks);
        tx_mutex_get(&player.lock, TX_WAIT_FOREVER);
        ticks = player.state == PLAYER_PLAYS ? play() : TX_WAIT_FOREVER;
        tx_mutex_put(&player.lock);
    }
}

/* --- For the callers --- */

static void begin(void)
{
    tx_mutex_get(&player.lock, TX_WAIT_FOREVER);
}

static void end(void)
{
    tx_mutex_put(&player.lock);
    tx_event_flags_set(&player.events, CHANGED, TX_OR);
}

/* The camera has given up its frames; the M7 gives back what it still has. */
static bool wait_for_buffer(void)
{
    for (unsigned n = 0; n < 50; n++) {
        if (take_buffer())
            return true;
        tx_thread_sleep(RETRY_TICKS);
    }
    return false;
}

static enum storage_status show_first(const char *path)
{
    enum storage_status status = open_reel(&player.reel, path);
    if (status == STORAGE_OK && !wait_for_buffer())
        status = STORAGE_SLOW;
    player.next_number = 0;
    if (status == STORAGE_OK &&
        !next_picture(&player.reel, player.next.data, FRAME_BYTES_MAX, &player.shape))
        status = player.reel.status == STORAGE_OK ? STORAGE_NOT_A_FILM : player.reel.status;
    return status;
}

enum storage_status player_show(const char *path)
{
    begin();
    close_all();
    enum storage_status status = decoder_take();
    if (status == STORAGE_OK) {
        camera_hold(true);
        player.state = PLAYER_PAUSED;
        status = show_first(path);
        if (status != STORAGE_OK) {
            close_all();
        } else {
            send_buffer();
            begin_time();
            player.due_us = player.reel.film.frame_us;
            set_state(player.reel.film.frame_us ? PLAYER_PLAYS : PLAYER_PICTURE);
        }
    }
    end();
    return status;
}

void player_pause(bool on)
{
    begin();
    if (on && player.state == PLAYER_PLAYS) {
        set_state(PLAYER_PAUSED);
    } else if (!on && player.state == PLAYER_PAUSED) {
        begin_time();
        set_state(PLAYER_PLAYS);
    }
    end();
}

void player_seek(uint32_t frame)
{
    begin();
    if (player.state >= PLAYER_PLAYS) {
        drop_buffer();
        avi_film_seek(&player.reel.film, frame);
        begin_time();
        set_state(PLAYER_PLAYS);
    }
    end();
}

void player_close(void)
{
    begin();
    close_all();
    end();
}
