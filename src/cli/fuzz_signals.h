/* fuzz_signals.h - SIGINT and SIGTERM while no engine runs: a run is then told, not lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_SIGNALS_H
#define CLI_FUZZ_SIGNALS_H

#include <stdbool.h>
#include <uv.h>

#include "base/fault.h"

struct fuzz_signals {
	uv_loop_t loop;
	uv_signal_t handles[2];
	bool came;
};

/*
 * From fuzz_signals_begin on the first signal of a kind does not end the process; fuzz_signals_look
 * says whether one came, and once it said so the next one ends it. Fault: IO.
 */
MUST_USE enum fault fuzz_signals_begin(struct fuzz_signals *signals);
bool fuzz_signals_look(struct fuzz_signals *signals);
void fuzz_signals_end(struct fuzz_signals *signals);

#endif
