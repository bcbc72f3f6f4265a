/* diag.h - what is wrong with a file of ours, and where: file:line:col: sentence. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"

/* Lines and columns count from 1; columns count bytes. `file` outlives the place. */
struct place {
	const char *file;
	uint32_t line, col;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
	struct place at;
	enum diag_level level;
	const char *text;
	struct diag *next;
};

/* A list in the order of discovery, owned by the arena. At most DIAGS_MAX are kept; all are
 * counted. */
struct diags {
	struct arena *arena;
	struct diag *first, *last;
	size_t errors, warnings, notes;
};

#define DIAGS_MAX 100

/* diags_init starts an empty list whose texts live in `arena`. */
void diags_init(struct diags *diags, struct arena *arena);

/* diag_add appends one sentence: lower case, no full stop, the subject in quotes. */
void diag_add(struct diags *diags, enum diag_level level, struct place at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* diag_level_name returns "error", "warning" or "note". */
const char *diag_level_name(enum diag_level level);

#endif
