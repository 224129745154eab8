/* The notification of ipc/src/notify.c, one line in one direction, a shared access a step.
 *
 * The sender raises EVENTS events, each about one more in `about`. The receiver sleeps while its hardware
 * flag is clear. Either core may die at any step and start again, RESTARTS times in all.
 * Checked: when nothing moves any more, the receiver has seen all that was raised (no lost wake-up);
 * the hardware line rings at most once an event (bounded); nothing is deadlocked. */
#define EVENTS   4
#define RESTARTS 2

bit request, acknowledge; /* each written by one core */
bit flag;                 /* the hardware's */
byte about, seen, rings, restarts;
bool sender_dead, receiver_dead, sender_done;

active proctype sender()
{
    bit mine, theirs;

start:
    {
        /* duet_notify_open: everything is pending at the peer */
        theirs = acknowledge;
        mine = !theirs;
        request = mine;
        flag = 1;
        do
        :: about < EVENTS ->
            about++;
            theirs = acknowledge;
            if
            :: mine == theirs ->
                mine = !mine;
                request = mine;
                flag = 1;
                rings++
            :: else
            fi
        :: else -> break
        od
    } unless { sender_dead };
    if
    :: sender_dead -> sender_dead = false; goto start
    :: else
    fi;
    sender_done = true;
end:
    (sender_dead) -> sender_dead = false; sender_done = false;
    goto start
}

active proctype receiver()
{
    bit mine, theirs;

start:
    {
        /* everything counts once as pending here */
        theirs = request;
        mine = theirs;
        acknowledge = mine;
        seen = about;
end_asleep:
        (flag) -> flag = 0; /* the hardware's flag first */
        theirs = request;
        if
        :: theirs != mine ->
            mine = theirs;
            acknowledge = mine; /* then the state */
            seen = about        /* and then the look */
        :: else
        fi;
        goto end_asleep
    } unless { receiver_dead };
    receiver_dead = false;
    goto start
}

active proctype reset()
{
    do
    :: restarts < RESTARTS ->
        restarts++;
        if
        :: sender_dead = true; (!sender_dead)
        :: receiver_dead = true; (!receiver_dead)
        fi
    :: break
    od
}

active proctype monitor()
{
    timeout;
    assert(sender_done);
    assert(seen == about && about == EVENTS);
    assert(rings <= EVENTS)
}
