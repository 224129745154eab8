#include "sim/host/web_internal.h"

#include "sim/host/json.h"
#include "sim/host/scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Its life ---- */

static void *serve(void *argument)
{
    struct web *web = argument;
    while (!atomic_load(&web->ending))
        if (lws_service(web->context, 0) < 0)
            break;
    return NULL;
}

/* Signals are for the simulation's thread. */
static bool start_thread(struct web *web)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&web->thread, NULL, serve, web);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}

/* One that nobody took: its files are still the page's. */
static void drop_order(struct web_order *order)
{
    if (order->action.plug.scratch)
        unlink(order->action.plug.image);
    if (order->action.scratch)
        unlink(order->action.source);
    web_order_free(order);
}

static void release(struct web *web)
{
    struct web_order order;
    if (web->context)
        lws_context_destroy(web->context);
    while (web_next_order(web, &order))
        drop_order(&order);
    if (web->stick.view.descriptor >= 0)
        close(web->stick.view.descriptor);
    if (web->encoder)
        tjDestroy(web->encoder);
    free(web->jpeg ? web->jpeg - LWS_PRE : NULL);
    pthread_mutex_destroy(&web->lock);
    free(web);
}

struct web *web_start(const char *place, struct live_picture *browser, struct failure *failure)
{
    struct web *web = calloc(1, sizeof *web);
    uint8_t *jpeg = malloc(LWS_PRE + tjBufSize(PANEL_WIDTH, PANEL_HEIGHT, TJSAMP_444));
    if (!web || !jpeg) {
        free(web);
        free(jpeg);
        failed(failure, "out of memory");
        return NULL;
    }
    scratch_sweep();
    pthread_mutex_init(&web->lock, NULL);
    web->jpeg = jpeg + LWS_PRE;
    web->encoder = tjInitCompress();
    web->browser = browser;
    web->stick.view.descriptor = -1;
    lws_set_log_level(0, NULL);
    if (web_server_open(web, place, failure)) {
        if (start_thread(web))
            return web;
        failed(failure, "--web %s: no thread can be started", place);
    }
    release(web);
    return NULL;
}

void web_stop(struct web *web)
{
    if (!web)
        return;
    atomic_store(&web->ending, true);
    lws_cancel_service(web->context);
    pthread_join(web->thread, NULL);
    release(web);
}

const char *web_url(const struct web *web)
{
    return web->url;
}

/* ---- From the simulation ---- */

bool web_wants_picture(struct web *web)
{
    return atomic_load(&web->clients) && atomic_load(&web->picture_wanted);
}

void web_picture(struct web *web, const uint8_t *rgb)
{
    pthread_mutex_lock(&web->lock);
    memcpy(web->picture, rgb, PICTURE_SIZE);
    web->picture_number++;
    pthread_mutex_unlock(&web->lock);
    atomic_store(&web->picture_wanted, false);
    lws_cancel_service(web->context);
}

void web_console(struct web *web, const uint8_t *bytes, size_t count)
{
    pthread_mutex_lock(&web->lock);
    for (size_t n = 0; n < count; n++)
        web->console[web->console_end++ % CONSOLE_KEPT] = bytes[n];
    pthread_mutex_unlock(&web->lock);
}

static const char *word(bool yes)
{
    return yes ? "true" : "false";
}

static void write_loads(FILE *to, const double load[2])
{
    for (unsigned n = 0; n < 2; n++)
        if (load[n] < 0)
            fprintf(to, "%snull", n ? "," : "");
        else
            fprintf(to, "%s%.4f", n ? "," : "", load[n]);
}

static void write_status(FILE *to, const struct web_status *status)
{
    fprintf(to, "{\"t\":%.1f,\"speed\":%.3f,\"load\":[", (double)status->time / (double)SIM_US,
            status->speed);
    write_loads(to, status->load);
    fprintf(to,
            "],\"notified\":[%llu,%llu],\"panel\":%s,\"leds\":[%d,%d,%d,%d],\"frames\":%llu,"
            "\"written\":%llu,\"held\":%s,\"pace\":\"%s\",\"camera\":\"",
            (unsigned long long)status->notified[0], (unsigned long long)status->notified[1],
            word(status->panel), status->led[0], status->led[1], status->led[2], status->led[3],
            (unsigned long long)status->frames, (unsigned long long)status->written,
            word(status->held), status->real ? "real" : "max");
    const char *camera = status->camera ? status->camera : "";
    json_write_string(to, (const uint8_t *)camera, strnlen(camera, 64));
    fputs("\"}", to);
}

void web_status(struct web *web, const struct web_status *status)
{
    pthread_mutex_lock(&web->lock);
    FILE *to = fmemopen(web->status, sizeof web->status, "w");
    if (to) {
        write_status(to, status);
        fclose(to);
        web->status_number++;
    }
    pthread_mutex_unlock(&web->lock);
    lws_cancel_service(web->context);
}

void web_stick(struct web *web, const struct connector_view *view)
{
    int own = view->descriptor >= 0 ? fcntl(view->descriptor, F_DUPFD_CLOEXEC, 0) : -1;
    pthread_mutex_lock(&web->lock);
    int last = web->stick.view.descriptor;
    web->stick.view = *view;
    web->stick.view.descriptor = own;
    web->stick.number++;
    pthread_mutex_unlock(&web->lock);
    if (last >= 0)
        close(last);
    lws_cancel_service(web->context);
}

void web_tell(struct web *web, const char *text)
{
    pthread_mutex_lock(&web->lock);
    snprintf(web->told[web->told_end++ % TOLD_KEPT], sizeof web->told[0], "%s", text);
    pthread_mutex_unlock(&web->lock);
    lws_cancel_service(web->context);
}

bool web_next_order(struct web *web, struct web_order *order)
{
    pthread_mutex_lock(&web->lock);
    bool found = web->order_count;
    if (found) {
        *order = web->orders[web->order_first];
        web->order_first = (web->order_first + 1) % ORDERS_MAX;
        web->order_count--;
    }
    pthread_mutex_unlock(&web->lock);
    return found;
}

/* ---- From the server ---- */

bool web_post(struct web *web, struct web_order *order)
{
    pthread_mutex_lock(&web->lock);
    bool room = web->order_count < ORDERS_MAX;
    if (room)
        web->orders[(web->order_first + web->order_count++) % ORDERS_MAX] = *order;
    pthread_mutex_unlock(&web->lock);
    if (!room)
        drop_order(order);
    return room;
}

bool web_inbox_add(struct web_inbox *inbox, const void *bytes, size_t size, size_t most)
{
    if (size > most || inbox->size > most - size)
        return false;
    char *grown = realloc(inbox->bytes, inbox->size + size + 1);
    if (!grown)
        return false;
    memcpy(grown + inbox->size, bytes, size);
    inbox->bytes = grown;
    inbox->size += size;
    return true;
}

void web_inbox_free(struct web_inbox *inbox)
{
    free(inbox->bytes);
    *inbox = (struct web_inbox){0};
}
