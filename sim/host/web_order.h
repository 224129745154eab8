/* What is ordered in a browser, as it comes: one JSON object a message. */
#ifndef SIM_HOST_WEB_ORDER_H
#define SIM_HOST_WEB_ORDER_H

#include "sim/host/input.h"

enum web_order_kind {
    WEB_ACTION, /* an object of --input without "t" */
    WEB_HOLD,   /* {"hold":true}: board time stands */
    WEB_GO,     /* {"go":true} */
    WEB_STEP,   /* {"step":33}: on by so many milliseconds of board time, at most 10,000 */
    WEB_PACE,   /* {"pace":"real"}, {"pace":"max"} */
};

struct web_order {
    enum web_order_kind kind;
    struct action action;
    sim_time step;
    bool real;
};

/* False: see the failure. */
bool web_order_parse(struct web_order *order, const char *text, size_t size,
                     struct failure *failure);
void web_order_free(struct web_order *order);

/* How an upload begins: {"upload":"stick","name":"a.img","size":1048576}, "camera" likewise, or
 * {"upload":"browser"}, the browser's own camera. */
enum web_upload_kind { WEB_STICK, WEB_CAMERA, WEB_BROWSER };
struct web_upload_head {
    enum web_upload_kind kind;
    char name[256]; /* the person's; "" with WEB_BROWSER */
    uint64_t size;  /* bytes that follow */
};
bool web_upload_parse(struct web_upload_head *head, const char *text, size_t size,
                      struct failure *failure);

#endif
