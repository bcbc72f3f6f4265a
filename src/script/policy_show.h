/* policy_show.h - what the print, the matrix and the diff of a policy have in common. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_POLICY_SHOW_H
#define SCRIPT_POLICY_SHOW_H

#include "base/text.h"
#include "policy/ruling.h"

/* A code point that nobody is known to use: what `*` says of it holds for everything unknown. */
#define SUITE_UNKNOWN 0xEEEE

/* ruling_same says whether two rulings read alike: kind and `?`. */
bool ruling_same(const struct ruling *a, const struct ruling *b);

/* ruling_label writes "accept?", "-" for silence; 16 bytes. */
void ruling_label(char out[16], const struct ruling *ruling);

/* ruling_line writes a cell's id, its ruling, and the line and text of the rows behind it. */
void ruling_line(struct text *out, const char *id, const struct ruling *ruling);

/* The subjects that the rows of a policy's tables of a kind name exactly, each once. */
#define SUBJECTS_MAX 256
struct subjects {
	const char *at[SUBJECTS_MAX];
	size_t len;
	bool any; /* a row `*`, or a pattern, speaks of others as well */
};
void subjects_add(struct subjects *subjects, const struct policy *policy, enum table_kind kind);

/* A subject that no row can name: what is said of it holds for every other. */
#define SUBJECT_OTHER " "

#endif
