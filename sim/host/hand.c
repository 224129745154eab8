#include "sim/host/hand.h"

#include <string.h>

static const sim_time least = 50 * SIM_MS; /* a quick tap */

bool hand_does(const struct action *action)
{
    return action->kind == ACTION_TOUCH || action->kind == ACTION_LIFT ||
           action->kind == ACTION_PRESS || action->kind == ACTION_RELEASE;
}

/* Fingers are the first two parts; buttons get theirs when they are first used. */
static unsigned part_of(struct hand *hand, const struct action *action)
{
    unsigned part = 2;
    if (action->kind == ACTION_TOUCH || action->kind == ACTION_LIFT)
        return action->finger;
    while (part < HAND_PARTS - 1 && *hand->parts[part].button &&
           strcmp(hand->parts[part].button, action->button) != 0)
        part++;
    strcpy(hand->parts[part].button, action->button);
    return part;
}

void hand_put(struct hand *hand, const struct action *action)
{
    if (hand->count == HAND_QUEUE) { /* the newest give way; the last of all is kept */
        hand->queue[(hand->first + HAND_QUEUE - 1) % HAND_QUEUE] = *action;
        return;
    }
    hand->queue[(hand->first + hand->count++) % HAND_QUEUE] = *action;
}

bool hand_next(struct hand *hand, sim_time now, struct action *action)
{
    if (hand->count == 0)
        return false;
    const struct action *next = &hand->queue[hand->first];
    unsigned part = part_of(hand, next);
    bool down = next->kind == ACTION_TOUCH || next->kind == ACTION_PRESS;
    bool changes = hand->parts[part].down != down;
    sim_time since = hand->parts[part].since;
    if (changes && since && now < since + least)
        return false;
    if (changes) {
        hand->parts[part].down = down;
        hand->parts[part].since = now;
    }
    *action = *next;
    hand->first = (hand->first + 1) % HAND_QUEUE;
    hand->count--;
    return true;
}
