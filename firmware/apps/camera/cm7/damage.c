#include "cm7/damage.h"

static void take_out(struct damage *damage, uint32_t n)
{
    damage->box[n] = damage->box[--damage->count];
}

/* One that overlaps `box`, or `count`. */
static uint32_t find_overlap(const struct damage *damage, struct box box)
{
    uint32_t n = 0;
    while (n < damage->count && box_is_empty(box_common(damage->box[n], box)))
        n++;
    return n;
}

/* The one that costs the least to be drawn together with `box`. */
static uint32_t find_nearest(const struct damage *damage, struct box box)
{
    uint32_t best = 0;
    int least = INT32_MAX;
    for (uint32_t n = 0; n < damage->count; n++) {
        int more = box_area(box_around(damage->box[n], box)) - box_area(damage->box[n]);
        if (more < least) {
            least = more;
            best = n;
        }
    }
    return best;
}

/* One that grows over others takes them in. */
void damage_add(struct damage *damage, struct box box)
{
    if (box_is_empty(box))
        return;
    for (;;) {
        uint32_t n = find_overlap(damage, box);
        if (n == damage->count && n < DAMAGE_BOXES)
            break;
        if (n == damage->count)
            n = find_nearest(damage, box);
        box = box_around(box, damage->box[n]);
        take_out(damage, n);
    }
    damage->box[damage->count++] = box;
}

static bool same(const struct painted *a, const struct painted *b)
{
    return a->look == b->look && a->box.left == b->box.left && a->box.top == b->box.top &&
           a->box.right == b->box.right && a->box.bottom == b->box.bottom;
}

/* What is in both in the same order stays; all else is damage, where it was and where it will be. */
void damage_between(struct damage *damage, const struct painting *before,
                    const struct painting *after, struct box whole)
{
    uint32_t old = 0;
    if (before->is_partial || after->is_partial) {
        damage_add(damage, whole);
        return;
    }
    for (uint32_t n = 0; n < after->count; n++) {
        uint32_t found = old;
        while (found < before->count && !same(&before->item[found], &after->item[n]))
            found++;
        if (found == before->count) {
            damage_add(damage, after->item[n].box);
            continue;
        }
        for (; old < found; old++)
            damage_add(damage, before->item[old].box);
        old = found + 1;
    }
    for (; old < before->count; old++)
        damage_add(damage, before->item[old].box);
}
