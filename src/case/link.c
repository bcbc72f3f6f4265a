/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "case/lint.h"
#include "registry/registry.h"

#include <stdlib.h>

/* Every stanza by its name; `visit` and `depth` are of the search for features that need
 * themselves. */
struct entry {
	struct conformance_case *stanza;
	size_t order;
	enum { UNSEEN, UNDER_WAY, SEEN } visit;
};

struct index {
	struct catalogue *catalogue;
	struct entry *entries;
	size_t len;
};

static int by_name(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(left->stanza->name, right->stanza->name);
	return order ? order : (left->order > right->order) - (left->order < right->order);
}

static struct entry *index_find(const struct index *index, const char *name)
{
	size_t low = 0, high = index->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(index->entries[middle].stanza->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->len && strcmp(index->entries[low].stanza->name, name) == 0
		       ? &index->entries[low]
		       : NULL;
}

static bool index_make(struct index *index, struct catalogue *catalogue)
{
	size_t features = catalogue->features_len;
	*index = (struct index){ .catalogue = catalogue, .len = features + catalogue->cases_len };
	index->entries = arena_array(catalogue->arena, index->len, sizeof(*index->entries));
	if (!index->entries)
		return index->len == 0;
	for (size_t i = 0; i < index->len; i++) {
		struct conformance_case *stanza =
			i < features ? catalogue->features[i] : catalogue->cases[i - features];
		index->entries[i] = (struct entry){ .stanza = stanza, .order = i };
	}
	qsort(index->entries, index->len, sizeof(*index->entries), by_name);
	return true;
}

static void twice_check(const struct index *index)
{
	for (size_t i = 1; i < index->len; i++) {
		const struct conformance_case *one = index->entries[i - 1].stanza,
					      *other = index->entries[i].stanza;
		if (strcmp(one->name, other->name) == 0)
			diag_add(index->catalogue->diags, DIAG_ERROR, other->at,
				 "the name '%s' is taken: %s:%u", other->name, one->at.file,
				 one->at.line);
	}
}

static void need_unknown(const struct index *index, const struct need *need)
{
	const struct catalogue *catalogue = index->catalogue;
	struct diags *diags = catalogue->diags;
	/* An error of a thousand is no reason to compare a million names. */
	const char **names =
		diags->errors < DIAGS_MAX
			? arena_array(catalogue->arena, catalogue->features_len + 1, sizeof(*names))
			: NULL;
	for (size_t i = 0; names && i < catalogue->features_len; i++)
		names[i] = catalogue->features[i]->name;
	const char *near = names ? text_nearest(need->name, names) : NULL;
	if (near)
		diag_add(diags, DIAG_ERROR, need->at,
			 "no feature is called '%.80s'; did you mean '%s'?", need->name, near);
	else
		diag_add(diags, DIAG_ERROR, need->at, "no feature is called '%.80s'", need->name);
}

static void needs_link(const struct index *index, struct conformance_case *stanza)
{
	for (size_t i = 0; i < stanza->needs_len; i++) {
		struct need *need = &stanza->needs[i];
		if (need->version != VERSION_NONE)
			continue;
		const struct entry *entry = index_find(index, need->name);
		if (entry && entry->stanza->is_feature)
			need->feature = entry->stanza;
		else
			need_unknown(index, need);
	}
}

/* How deep features may need each other: the search is as deep. */
#define NEEDS_DEPTH_MAX 32

static void cycle_check(struct index *index, struct entry *entry, unsigned depth)
{
	entry->visit = UNDER_WAY;
	for (size_t i = 0; i < entry->stanza->needs_len; i++) {
		const struct need *need = &entry->stanza->needs[i];
		struct entry *next = need->feature ? index_find(index, need->name) : NULL;
		if (!next || next->visit == SEEN)
			continue;
		if (next->visit == UNDER_WAY)
			diag_add(index->catalogue->diags, DIAG_ERROR, need->at,
				 "the feature '%s' needs itself", need->name);
		else if (depth == NEEDS_DEPTH_MAX)
			diag_add(index->catalogue->diags, DIAG_ERROR, need->at,
				 "features need each other more than %d deep", NEEDS_DEPTH_MAX);
		else
			cycle_check(index, next, depth + 1);
	}
	entry->visit = SEEN;
}

enum fault catalogue_link(struct catalogue *catalogue)
{
	struct index index;
	size_t errors = catalogue->diags->errors;
	if (!index_make(&index, catalogue))
		return catalogue->arena->fault;
	twice_check(&index);
	for (size_t i = 0; i < catalogue->features_len; i++)
		needs_link(&index, catalogue->features[i]);
	for (size_t i = 0; i < catalogue->cases_len; i++)
		needs_link(&index, catalogue->cases[i]);
	for (size_t i = 0; i < index.len; i++)
		if (index.entries[i].visit == UNSEEN && index.entries[i].stanza->is_feature)
			cycle_check(&index, &index.entries[i], 0);
	for (size_t i = 0; i < catalogue->features_len; i++)
		case_lint(catalogue->features[i], catalogue->diags);
	for (size_t i = 0; i < catalogue->cases_len; i++)
		case_lint(catalogue->cases[i], catalogue->diags);
	if (catalogue->arena->fault != FAULT_NONE)
		return catalogue->arena->fault;
	return catalogue->diags->errors == errors ? FAULT_NONE : FAULT_INPUT;
}
