/* catalogue.h - cases from files, read, checked and linked to the features that they need. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_CATALOGUE_H
#define CASE_CATALOGUE_H

#include "base/text.h"
#include "case/case.h"

/* Cases and features in the order of reading. Everything lives in the arena given at init. */
struct catalogue {
	struct arena *arena;
	struct diags *diags;
	struct conformance_case **cases, **features;
	size_t cases_len, cases_cap, features_len, features_cap;
};

void catalogue_init(struct catalogue *catalogue, struct arena *arena, struct diags *diags);

/*
 * catalogue_read adds one file's stanzas; text and `file` must outlive the catalogue. What is wrong
 * goes to the diags, each with its place: a misspelt word names the nearest one. Faults: INPUT
 * (errors were found), NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault catalogue_read(struct catalogue *catalogue, const char *file, struct span text);

/*
 * catalogue_link finds the feature of every need and the lint's complaints: names taken twice,
 * needs of features that nobody defines, features that need themselves, `captured` without such a
 * need, a hello of TLS 1.3 without supported_versions where TLS 1.3 is expected, expectations that
 * exclude each other. Fault: INPUT.
 */
MUST_USE enum fault catalogue_link(struct catalogue *catalogue);

/* catalogue_find returns the case, or feature, of that name, or NULL. */
const struct conformance_case *catalogue_find(const struct catalogue *catalogue, struct span name);

/*
 * case_file_format writes the file as it is formatted: one form for one meaning, comments kept.
 * Formatting its own output changes nothing. Faults: INPUT (the file has errors), NO_MEMORY,
 * TOO_LARGE.
 */
MUST_USE enum fault case_file_format(struct text *out, struct diags *diags, const char *file,
				     struct span text);

#endif
