/* What a person does at the board, or looks at: read from --input, or from the live page. */
#ifndef SIM_HOST_INPUT_H
#define SIM_HOST_INPUT_H

#include "sim/host/camera.h"
#include "sim/host/connector.h"
#include "sim/host/failure.h"
#include "sim/machine/machine.h"

#include <stddef.h>

enum action_kind {
    ACTION_PRESS,
    ACTION_RELEASE,
    ACTION_TOUCH,
    ACTION_LIFT,
    ACTION_TYPE,
    ACTION_PLUG,
    ACTION_UNPLUG,
    ACTION_INSERT,
    ACTION_EJECT,
    ACTION_PIN,
    ACTION_CAMERA,
    ACTION_RESET,
    ACTION_SCREENSHOT,
    ACTION_KINDS
};

struct action {
    sim_time time; /* of the board */
    enum action_kind kind;
    char button[8];
    unsigned finger, x, y;
    unsigned port, pin; /* port 0 is A */
    bool level;
    uint8_t *typed; /* owned; action_free(). Of a screenshot the file, ended by 0 */
    size_t typed_count;
    struct plug plug; /* likewise */
    bool again;       /* what was pulled out last is plugged in, and not `plug` */
    char *source;     /* of the camera, likewise; NULL: the first one */
    bool scratch;     /* the source is a file of our own */
};

/* What a person's hands reach. */
struct hands {
    struct machine *machine;
    struct connector *connector;
    struct camera *camera;
};

/* One JSON object. `timed`: it must have "t", microseconds of board time; without it comes from the
 * page, which names no files of this machine. False: see the failure. */
bool action_parse(struct action *action, const char *text, size_t size, bool timed,
                  struct failure *failure);
void action_free(struct action *action);
/* False: an image or a camera's source cannot be used any more; see the failure. Nothing is plugged then.
 * Files of our own have a new owner, in any case. */
bool action_do(const struct action *action, const struct hands *hands, struct failure *failure);

/* All of a file, in the order of their times (of their lines where equal). */
struct input {
    struct action *actions;
    size_t count, next;
};
bool input_read(struct input *input, const char *path, struct failure *failure);
void input_free(struct input *input);
/* When the next action is due; SIM_NEVER: none is left. */
sim_time input_due(const struct input *input);
/* Does all actions that are due at `now`; stops at one that fails. */
bool input_do(struct input *input, sim_time now, const struct hands *hands,
              struct failure *failure);

#endif
