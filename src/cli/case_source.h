/* case_source.h - where a command takes its conformance cases from. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CASE_SOURCE_H
#define CLI_CASE_SOURCE_H

#include "case/catalogue.h"

/* Everything that was read and linked, and which cases were asked for, in the order of reading. */
struct case_source {
	struct catalogue catalogue;
	struct diags diags;
	const struct conformance_case **at;
	size_t len;
};

/*
 * catalogue_load reads the built-in cases (where only files are asked for, the built-in features)
 * and the files among `words`, and selects: a word is
 * "all", "none", a case, a theme, a glob over the names of cases, or a file (it holds a '/', ends
 * in ".case", or is one and no name), which stands for all of its cases. A file's stanza replaces
 * the built-in one of its name. Everything lives in `arena`. What is wrong goes to stderr, one
 * sentence a line, in the name of `who`. Faults: USAGE (no such case), INPUT (a file that cannot be
 * read or understood), NO_MEMORY, TOO_LARGE: each of them ends a command with status 2.
 */
MUST_USE enum fault catalogue_load(struct case_source *out, struct arena *arena, const char *who,
				   const char *const *words, size_t words_len);

/* case_source_read does the same but selects nothing and tells the diagnoses to nobody. */
MUST_USE enum fault case_source_read(struct case_source *out, struct arena *arena, const char *who,
				     const char *const *words, size_t words_len);

/* case_source_find returns the case or feature of that name; without one it complains, with the
 * nearest name, and returns NULL. */
const struct conformance_case *case_source_find(const struct case_source *source, const char *who,
						const char *name);

/* diags_print writes every diagnosis as "FILE:LINE:COL: sentence" to stderr. */
void diags_print(const struct diags *diags);

#endif
