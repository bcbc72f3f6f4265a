/* progress.h - what standard error shows while probes are in flight. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/check.h"

/* progress_show rewrites one line, on a terminal only, unless --quiet or --verbose. */
void progress_show(const struct check_run *run, size_t answered, size_t planned);

/* progress_clear removes that line. */
void progress_clear(const struct check_run *run);

/* progress_attempt prints one finished attempt, for --verbose. */
void progress_attempt(const struct engine_attempt *attempt);

#endif
