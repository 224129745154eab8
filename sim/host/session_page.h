/* What the live page of a session is told and what it orders. */
#ifndef SIM_HOST_SESSION_PAGE_H
#define SIM_HOST_SESSION_PAGE_H

#include "sim/host/hand.h"
#include "sim/host/session.h"

struct page_watch { /* what the page was told last, and what it still has to do */
    struct hand hand;
    double next_status, next_picture, last_status;
    sim_time last_time;
    struct machine_core_statistics last[SOC_CORES];
    double load[SOC_CORES];
    uint64_t frames; /* frames + 1 at the last picture; 0: none yet */
    unsigned stick;  /* changes of the connector that it knows of */
};

/* Between two runs of the board; does nothing without a page. */
void session_meet_page(struct session *session, struct page_watch *watch, double wall);
/* Does to the board what comes from a person, now, for the past to know. */
void session_do(struct session *session, struct action *action);

#endif
