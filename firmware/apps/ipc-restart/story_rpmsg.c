/*
 * RPMsg, the M7 the host: the M4 announces "talk", the M7 speaks a burst to it without a copy, the M4
 * holds what came, answers, and gives it back when the next has come. A life is whole when the
 * endpoint is destroyed again.
 */
#include "duet/rpmsg.h"
#include "ipc-restart/restart.h"

#define RESTART_FILE 3

#define TABLE ((uint8_t *)SHARED_PLACE(0))

static struct duet_rpmsg rpmsg;
static struct duet_rpmsg_config config;
static struct duet_endpoint talk;
static uint32_t heard, said;
static bool is_open;
static void *kept;

/* Gives back what was kept before. Refused after a restart: it is no longer ours. */
static void keep(struct duet_endpoint *from, void *data)
{
    duet_rpmsg_hold(from);
    if (kept)
        duet_rpmsg_release(from, kept);
    kept = data;
}

static void on_message(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    uint8_t copy[LONGEST];
    (void)source;
    EXPECT(length >= 4 && length <= LONGEST);
    if (length > LONGEST)
        return;
    __builtin_memcpy(copy, data, length);
    message_check(copy, length);
    heard++;
    if (IS_CM7)
        return;
    keep(from, data);
    length = message_make(copy);
    uint32_t start = microseconds();
    int status = duet_rpmsg_send(from, copy, length, BOUND_US);
    came_back(start, status);
    said += status == DUET_OK;
}

static void create(void)
{
    EXPECT(duet_rpmsg_create_endpoint(&rpmsg, &talk, "talk", DUET_RPMSG_ANY, DUET_RPMSG_ANY,
                                      on_message) == DUET_OK);
    is_open = true;
}

static void open_rpmsg(void)
{
    heard = said = 0;
    kept = NULL;
    config = (struct duet_rpmsg_config){
        .memory = {.port = &restart_port, .policy = DUET_NON_CACHEABLE},
        .role = IS_CM7 ? &duet_rpmsg_host : &duet_rpmsg_remote,
        .table = TABLE,
        .shared = TABLE + DUET_RPMSG_TABLE_BYTES,
        .size = 0x3000,
        .address = SHARED_PLACE(DUET_RPMSG_TABLE_BYTES),
        .layout = IS_CM7 ? &duet_rpmsg_layout_st : NULL,
        .sessions = 1,
        .notify = &restart_notify,
        .line = LINE_RPMSG,
    };
    EXPECT(duet_rpmsg_open(&rpmsg, &config) == DUET_OK);
    create();
}

/* The M7's turn to speak: into the buffer that travels. */
static void speak(void)
{
    uint32_t capacity, start = microseconds();
    void *buffer = duet_rpmsg_get_buffer(&talk, &capacity, BOUND_US);
    came_back(start, DUET_OK);
    if (!buffer)
        return;
    EXPECT(capacity >= LONGEST);
    int status = duet_rpmsg_send_buffer(&talk, buffer, message_make(buffer));
    said += status == DUET_OK;
    if (status == DUET_DOWN)
        duet_rpmsg_drop_buffer(&talk, buffer);
}

static void speak_ahead(void)
{
    for (uint32_t n = 0; n < BURST && said < heard + BURST; n++)
        if (IS_CM7 && duet_rpmsg_is_up(&rpmsg) && talk.peer != DUET_RPMSG_ANY)
            speak();
}

static void look(void)
{
    int status = duet_rpmsg_poll(&rpmsg); /* the callbacks' calls have bounds of their own */
    uint32_t start = microseconds();
    if (status <= 0)
        duet_notify_wait(&restart_notify, 1u << LINE_RPMSG, BOUND_US);
    came_back(start, status < 0 ? status : DUET_OK);
    if (status != DUET_RESTARTED)
        return;
    heard = said = 0;
    kept = NULL;
}

static bool round_of_rpmsg(void)
{
    look();
    speak_ahead();
    if (heard < EXCHANGES || said < EXCHANGES)
        return false;
    if (is_open)
        duet_rpmsg_destroy_endpoint(&talk);
    is_open = false;
    return true;
}

static void serve_rpmsg(void)
{
    look();
    speak_ahead();
}

const struct story story_rpmsg = {open_rpmsg, round_of_rpmsg, serve_rpmsg};
