/* file.h - a whole file of the operator's, with a ceiling. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "base/arena.h"

/* file_read reads at most `max` bytes into the arena. Faults: INPUT with one sentence in `why`. */
MUST_USE enum fault file_read(struct span *out, struct arena *arena, const char *path, size_t max,
			      char *why, size_t why_len);

/* file_read_input does the same with standard input. */
MUST_USE enum fault file_read_input(struct span *out, struct arena *arena, size_t max, char *why,
				    size_t why_len);

#endif
