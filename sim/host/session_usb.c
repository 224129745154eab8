/* What a host in the USB connector says of the board, as events. */
#include "sim/host/session.h"

static sim_time now_of(const struct session *session)
{
    return sim_now(machine_sim(session->machine));
}

static void hear_usb_attached(void *ctx, bool attached)
{
    struct session *session = ctx;
    events_usb_attached(&session->events, now_of(session), attached);
}

static void hear_usb_configured(void *ctx, const struct usb_pc_found *found)
{
    struct session *session = ctx;
    events_usb_configured(&session->events, now_of(session), found);
}

static void hear_usb_failed(void *ctx, const char *why)
{
    struct session *session = ctx;
    events_usb_failed(&session->events, now_of(session), why);
}

static void hear_usb_report(void *ctx, const uint8_t *bytes, unsigned count)
{
    struct session *session = ctx;
    events_usb_report(&session->events, now_of(session), bytes, count);
}

struct usb_pc_listener session_usb(struct session *session)
{
    return (struct usb_pc_listener){session, hear_usb_attached, hear_usb_configured,
                                    hear_usb_failed, hear_usb_report};
}
