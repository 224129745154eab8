// What a call of the library answers. Counts and lengths are zero or more; everything below zero is
// one of these, and each says what did *not* happen.
#ifndef DUET_STATUS_H
#define DUET_STATUS_H

enum duet_status {
    DUET_OK = 0,
    DUET_AGAIN = -1,   // nothing there, or no room now; nothing was changed
    DUET_TIMEOUT = -2, // the bound passed; nothing was sent or taken
    DUET_DOWN = -3,    // the peer has not opened its end; nothing was sent or taken
    DUET_RESTARTED =
        -4,            // the peer opened its end anew: what was in flight is lost, both ends are in
                       // step again. Told once; the call may be repeated
    DUET_CORRUPT = -5, // the peer's words make no sense; this end began a new session
    DUET_TOO_LARGE =
        -6,            // longer than it can ever be, or than the caller's buffer; nothing was moved
    DUET_INVALID = -7, // a bad argument or configuration; no shared memory was touched
    DUET_MISMATCH = -8, // the peer was built with another layout; nothing was sent or taken
};

#endif
