/* The `wake` words of ipc/src/ring.c and ring_quick.h, a shared access a step: who sleeps for bytes or
 * for room is rung. Both ends agree from the start: restarts are ring.pml's, and how a ring gets to a
 * core that sleeps is notify.pml's.
 *
 * Messages of one or two bytes go through a ring that holds two. An end that moves reads the other's
 * `wake` with the line that it looks at (a core that caches it), and counts it if it asks; else after
 * its position is stored. Waits have no bound here. Checked: nobody sleeps for what is there, every
 * message arrives, and there are no more rings than moves. */
#define HOLDS    2
#define MESSAGES 6

byte sent, taken;    /* the positions, not wrapped */
byte room_wake;      /* the producer's `wake`: room for so many bytes; 0: it does not wait */
byte bytes_wake = 1; /* the consumer's: whatever comes */
bit room_bell, bytes_bell;
byte lengths[MESSAGES];
byte rings, moves, arrived;

/* ring_move from where the position is stored. `early` is what was read with the line, or 0. */
inline move(position, value, ready, early, word, bell)
{
    d_step { position = value; moves++ }
    if
    :: early == 0 || early > ready -> early = word
    :: else
    fi;
    if
    :: early != 0 && early <= ready -> d_step { bell = 1; rings++ }
    :: else
    fi;
    early = 0
}

/* duet_ring_doze: a ring that is pending is taken; without one the core sleeps until there is. */
inline doze(bell)
{
    if
    :: d_step { bell -> bell = 0 }
    :: (!bell) -> (bell)
    fi
}

/* duet_ring_send_wait for each message. */
active proctype producer()
{
    byte number, size, at, early;
    bool waits;

    do
    :: number < MESSAGES ->
        if
        :: size = 1
        :: size = 2
        fi;
put:
        atomic { at = taken; early = bytes_wake }; /* one line */
        if
        :: early = 0 /* a core that caches nothing */
        :: true
        fi;
        if
        :: sent - at + size > HOLDS ->
            if
            :: !waits -> waits = true; room_wake = size /* and looked once more */
            :: else -> doze(room_bell)
            fi;
            goto put
        :: else
        fi;
        lengths[number] = size;
        move(sent, sent + size, sent - at, early, bytes_wake, bytes_bell);
        if
        :: waits -> waits = false; room_wake = 0
        :: else
        fi;
        number++
    :: else -> break
    od
}

/* duet_ring_receive_wait for each message. */
active proctype consumer()
{
    byte at, early;

    do
    :: arrived < MESSAGES ->
get:
        atomic { at = sent; early = room_wake }; /* one line */
        if
        :: early = 0
        :: true
        fi;
        if
        :: at == taken -> doze(bytes_bell); goto get
        :: else
        fi;
        assert(lengths[arrived] != 0 && taken + lengths[arrived] <= at);
        d_step { at = at - taken - lengths[arrived] } /* bytes that stay */
        move(taken, taken + lengths[arrived], HOLDS - at, early, room_wake, room_bell);
        arrived++
    :: else -> break
    od
}

active proctype monitor()
{
    timeout;
    assert(arrived == MESSAGES);
    assert(rings <= moves)
}
