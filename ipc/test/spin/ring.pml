/* The ring of ipc/src/ring.c, its sessions included, a shared access a step. Messages are one slot.
 *
 * An end looks in one of two ways: at both of the peer's words and then its position, or at the
 * position first and then at one word (ipc/src/ring_quick.h). Either core may die at any step and start
 * again, RESTARTS times in all. Checked: a message arrives at most once, in order, and only if it was
 * sent; no slot is read that does not hold the message that its position says; when the restarts are
 * over, a last message gets through without any of the two being started again. A wait is a wait for a
 * change: that it ends is wake.pml's and notify.pml's. */
#define SIZE     3
#define MESSAGES 3
#define RESTARTS 3
#define LAST     200

byte p_position, p_epoch, p_seen; /* written by the producer */
byte c_position, c_epoch, c_seen; /* written by the consumer */
byte data[SIZE];
byte next = 1, expected = 1, restarts;
bool producer_dead, consumer_dead, consumer_open, resets_over, got_last;

inline open(position, epoch, seen)
{
    my = position;
    self = epoch + 1;
    known = 0;
    seen = 0;
    position = my;
    epoch = self
}

active proctype producer()
{
    byte my, self, known, theirs, they_see, at, message;

start:
    {
        open(p_position, p_epoch, p_seen);
        do
        ::
            if
            :: next <= MESSAGES -> message = next
            :: next > MESSAGES && next < LAST -> (resets_over); message = LAST
            :: next >= LAST -> goto idle
            fi;
look:
            if
            :: at = c_position; /* the quick way: one word tells that nothing has changed */
                if
                :: c_seen == self -> theirs = known; they_see = self; goto agreed
                :: else
                fi
            :: true
            fi;
            theirs = c_epoch;
            they_see = c_seen;
            if
            :: theirs != known && theirs != 0 ->
                known = theirs;
                p_seen = theirs;
                goto look
            :: theirs == 0 || (theirs == known && they_see != self) ->
                (c_epoch != theirs || c_seen != they_see) -> goto look
            :: else
            fi;
            at = c_position;
agreed:
            assert(at < SIZE);
            if
            :: (my + SIZE - at) % SIZE == SIZE - 1 ->
                (c_position != at || c_epoch != theirs || c_seen != they_see) -> goto look
            :: else
            fi;
            next = message + 1; /* the number is spent, whether it arrives or not */
            data[my] = message;
            my = (my + 1) % SIZE;
            p_position = my
        od;
idle:
        /* a producer that has nothing to send still answers a consumer that starts anew */
end:
        (c_epoch != known) -> known = c_epoch; p_seen = known; goto idle
    } unless { producer_dead };
    producer_dead = false;
    goto start
}

active proctype consumer()
{
    byte my, self, known, theirs, they_see, at, message;

start:
    {
        open(c_position, c_epoch, c_seen);
        consumer_open = true;
look:
        if
        :: known != 0 ->
            at = p_position;
            if
            :: p_epoch == known -> theirs = known; they_see = self; goto agreed
            :: else
            fi
        :: true
        fi;
        theirs = p_epoch;
        they_see = p_seen;
        if
        :: theirs == 0 || (known == 0 && they_see != self) ->
end0:
            (p_epoch != theirs || p_seen != they_see) -> goto look
        :: known != 0 && they_see != self -> known = 0; c_seen = 0; goto look
        :: theirs != 0 && they_see == self && theirs != known ->
            my = p_position; /* the producer is frozen until it is answered */
            c_position = my;
            known = theirs;
            c_seen = theirs;
            goto look
        :: else
        fi;
        at = p_position;
agreed:
        assert(at < SIZE);
        if
        :: at == my ->
end1:
            (p_position != at || p_epoch != theirs || p_seen != they_see) -> goto look
        :: else
        fi;
        message = data[my];
        assert(message >= expected && message < next);
        d_step {
            expected = message + 1;
            if
            :: message == LAST -> got_last = true
            :: else
            fi
        };
        my = (my + 1) % SIZE;
        c_position = my;
        goto look
    } unless { consumer_dead };
    consumer_dead = false;
    goto start
}

active proctype reset()
{
    do
    :: restarts < RESTARTS ->
        restarts++;
        if
        :: producer_dead = true; (!producer_dead)
        :: d_step { consumer_open = false; consumer_dead = true }; (!consumer_dead)
        fi
    :: break
    od;
    (consumer_open); /* or the last message may be one that a start drops */
    resets_over = true
}

active proctype monitor()
{
    timeout;
    assert(got_last)
}
