/* What the board plays, as a WAV file: 16 bits, two channels, at the pace of the frames. */
#ifndef SIM_HOST_WAV_H
#define SIM_HOST_WAV_H

#include "sim/core/event.h"
#include "sim/host/failure.h"

struct wav;

/* NULL: it cannot be written; see the failure. */
struct wav *wav_open(const char *path, struct failure *failure);
/* A frame at a board time. Where none was, between two of them, there is silence. */
void wav_frame(struct wav *wav, sim_time time, sim_time period, int16_t left, int16_t right);
/* False: it could not be written to its end; see the failure. NULL: nothing, and true. */
bool wav_close(struct wav *wav, struct failure *failure);

#endif
