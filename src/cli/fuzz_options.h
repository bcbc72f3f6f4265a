/* fuzz_options.h - what `tlsgauge fuzz` was asked to do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_OPTIONS_H
#define CLI_FUZZ_OPTIONS_H

#include "cli/check_options.h"
#include "cli/watch_options.h"
#include "live/probe_index.h"

/* Texts point into argv; NULL where the option was not given. `base` holds what is as in `check`.
 * A `time_us` of 0 is no limit, and so is a `runs` of 0. */
struct fuzz_options {
	struct check_options base;
	const char *against, *alpn, *corpus, *keep;
	struct watch_options watch;
	uint64_t time_us, runs;
	bool allowed, replays, first;
	struct probe_index replay;
};

/* fuzz_options_parse reads the command line. STATUS_PASS, or STATUS_USAGE after one sentence. */
int fuzz_options_parse(struct fuzz_options *out, int argc, char **argv);

#endif
