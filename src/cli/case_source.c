/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/case_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/file.h"
#include "script/builtin_find.h"

#define SUFFIX	 ".case"
#define FEATURES "features"

void diags_print(const struct diags *diags)
{
	for (const struct diag *d = diags->first; d; d = d->next)
		fprintf(stderr, "%s:%u:%u: %s%s%s\n", d->at.file, d->at.line, d->at.col,
			d->level == DIAG_ERROR ? "" : diag_level_name(d->level),
			d->level == DIAG_ERROR ? "" : ": ", d->text);
	size_t all = diags->errors + diags->warnings + diags->notes;
	if (all > DIAGS_MAX)
		fprintf(stderr, "... and %zu more\n", all - DIAGS_MAX);
}

static bool has_suffix(const char *word)
{
	size_t len = strlen(word), suffix = strlen(SUFFIX);
	return len > suffix && strcmp(word + len - suffix, SUFFIX) == 0;
}

static bool is_theme(const char *word)
{
	return builtin_find(builtin_cases, span_text(word)) != NULL;
}

static bool is_keyword(const char *word)
{
	return strcmp(word, "all") == 0 || strcmp(word, "none") == 0;
}

/* A name of a case has a dot; a file beside it would have to be called by its path. */
static bool is_file(const char *word)
{
	if (strchr(word, '/') || has_suffix(word))
		return true;
	return !is_keyword(word) && !is_theme(word) && access(word, F_OK) == 0;
}

static bool words_are_files(const char *const *words, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_file(words[i]) && strcmp(words[i], "none") != 0)
			return false;
	}
	return true;
}

/* Files of the operator's need the built-in features, and nothing else that is built in. */
static enum fault read_builtin(struct case_source *out, bool features_only)
{
	enum fault fault = FAULT_NONE;
	for (const struct builtin_file *file = builtin_cases; file->name; file++) {
		if (features_only && strcmp(file->name, FEATURES) != 0)
			continue;
		enum fault one = catalogue_read(&out->catalogue, file->path, file->text);
		fault = fault == FAULT_NONE ? one : fault;
	}
	return fault;
}

static bool is_among(const char *word, const char *const *words, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static enum fault read_files(struct case_source *out, struct arena *arena, const char *who,
			     const char *const *words, size_t len)
{
	enum fault fault = FAULT_NONE;
	for (size_t i = 0; i < len; i++) {
		struct span text;
		char why[512] = "";
		if (!is_file(words[i]) || is_among(words[i], words, i))
			continue;
		if (file_read(&text, arena, words[i], CASE_FILE_MAX, why, sizeof(why)) !=
		    FAULT_NONE) {
			complain(who, "%s", why);
			return FAULT_INPUT;
		}
		enum fault one = catalogue_read(&out->catalogue, words[i], text);
		fault = fault == FAULT_NONE ? one : fault;
	}
	return fault;
}

/* Of the first `own` stanzas those stay whose names nobody takes behind them. */
static void drop_replaced(struct conformance_case **stanzas, size_t *len, size_t own)
{
	size_t kept = 0;
	for (size_t i = 0; i < *len; i++) {
		bool replaced = false;
		for (size_t k = own; i < own && k < *len && !replaced; k++)
			replaced = strcmp(stanzas[i]->name, stanzas[k]->name) == 0;
		if (!replaced)
			stanzas[kept++] = stanzas[i];
	}
	*len = kept;
}

static bool word_selects(const char *word, const struct conformance_case *one)
{
	if (is_file(word))
		return strcmp(one->at.file, word) == 0;
	if (strcmp(word, "none") == 0)
		return false;
	return strcmp(word, "all") == 0 || strcmp(word, one->theme) == 0 ||
	       glob_match(word, one->name);
}

/* Names of cases, of features where `features`, and themes; ended by NULL. */
static const char **names_of(const struct catalogue *catalogue, bool features)
{
	size_t len = 0, most = catalogue->cases_len + catalogue->features_len;
	const char **names = calloc(most + builtin_cases_len + 3, sizeof(*names));
	if (!names)
		return NULL;
	for (size_t i = 0; i < catalogue->cases_len; i++)
		names[len++] = catalogue->cases[i]->name;
	for (size_t i = 0; features && i < catalogue->features_len; i++)
		names[len++] = catalogue->features[i]->name;
	for (size_t i = 0; !features && i < builtin_cases_len; i++)
		names[len++] = builtin_cases[i].name;
	if (!features) {
		names[len++] = "all";
		names[len++] = "none";
	}
	return names;
}

static enum fault unknown(const struct case_source *source, const char *who, const char *word,
			  bool features)
{
	const char **names = names_of(&source->catalogue, features);
	const char *nearest = names ? text_nearest(word, names) : NULL;
	if (nearest)
		complain(who, "no case '%s'; did you mean '%s'?", word, nearest);
	else
		complain(who, "no case '%s'; 'tlsgauge cases list' lists them", word);
	free(names);
	return FAULT_USAGE;
}

static bool selects_any(const struct case_source *source, const char *word)
{
	if (is_file(word) || is_keyword(word) || is_theme(word))
		return true;
	for (size_t i = 0; i < source->catalogue.cases_len; i++) {
		if (word_selects(word, source->catalogue.cases[i]))
			return true;
	}
	return false;
}

static enum fault choose(struct case_source *out, struct arena *arena, const char *who,
			 const char *const *words, size_t words_len)
{
	const struct catalogue *catalogue = &out->catalogue;
	for (size_t k = 0; k < words_len; k++) {
		if (!selects_any(out, words[k]))
			return unknown(out, who, words[k], false);
	}
	const struct conformance_case **at =
		arena_array(arena, catalogue->cases_len + 1, sizeof(const void *));
	if (!at)
		return arena->fault;
	for (size_t i = 0; i < catalogue->cases_len; i++) {
		bool wanted = false;
		for (size_t k = 0; k < words_len && !wanted; k++)
			wanted = word_selects(words[k], catalogue->cases[i]);
		if (wanted)
			at[out->len++] = catalogue->cases[i];
	}
	out->at = at;
	return FAULT_NONE;
}

enum fault case_source_read(struct case_source *out, struct arena *arena, const char *who,
			    const char *const *words, size_t words_len)
{
	struct catalogue *catalogue = &out->catalogue;
	*out = (struct case_source){ 0 };
	diags_init(&out->diags, arena);
	catalogue_init(catalogue, arena, &out->diags);
	enum fault fault = read_builtin(out, words_are_files(words, words_len));
	size_t cases = catalogue->cases_len, features = catalogue->features_len;
	enum fault files = read_files(out, arena, who, words, words_len);
	fault = fault == FAULT_NONE ? files : fault;
	if (fault != FAULT_NONE)
		return fault;
	drop_replaced(catalogue->cases, &catalogue->cases_len, cases);
	drop_replaced(catalogue->features, &catalogue->features_len, features);
	return catalogue_link(catalogue);
}

enum fault catalogue_load(struct case_source *out, struct arena *arena, const char *who,
			  const char *const *words, size_t words_len)
{
	enum fault fault = case_source_read(out, arena, who, words, words_len);
	diags_print(&out->diags);
	if (fault == FAULT_NO_MEMORY || fault == FAULT_TOO_LARGE)
		complain(who, "cannot read the cases: %s", fault_text(fault));
	return fault == FAULT_NONE ? choose(out, arena, who, words, words_len) : fault;
}

const struct conformance_case *case_source_find(const struct case_source *source, const char *who,
						const char *name)
{
	const struct conformance_case *found = catalogue_find(&source->catalogue, span_text(name));
	if (!found)
		(void)unknown(source, who, name, true);
	return found;
}
