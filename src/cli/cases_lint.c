/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cases_command.h"
#include "cli/file.h"
#include "cli/options.h"
#include "script/builtin.h"

static const struct argp_option options[] = {
	{ "format", CASES_KEY_CANONICAL, 0, 0,
	  "print the one FILE as it is formatted, and nothing else", 0 },
	{ "check-format", CASES_KEY_CHECK_FORMAT, 0, 0,
	  "also say which files are not formatted like that", 0 },
	{ 0 },
};

static const char doc[] =
	"Say what is wrong with files of cases; without a FILE, with the cases that are built in. "
	"Besides what cannot be read, that is what can never be met, and what cannot be sent.\v"
	"Examples:\n"
	"  tlsgauge cases lint ./our.case\n"
	"  tlsgauge cases lint --check-format cases/*.case\n"
	"  tlsgauge cases lint --format draft.case > our.case\n\n"
	"Exit status: 0 without errors, 2 with some.";

static void show_diags(struct text *out, const struct diags *diags)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		text_printf(out, "%s:%u:%u: %s: %s\n", diag->at.file, diag->at.line, diag->at.col,
			    diag_level_name(diag->level), diag->text);
	size_t all = diags->errors + diags->warnings + diags->notes;
	if (all > DIAGS_MAX)
		text_printf(out, "... and %zu more\n", all - DIAGS_MAX);
}

/* The first and the last member stand for the ones between. */
static bool check_sends(struct diags *diags, const struct conformance_case *of,
			enum version version)
{
	struct arena arena;
	struct cases_sent *sent;
	struct cases_choice choice = { .of = of, .version = version };
	size_t fell = 0, len = 0;
	arena_init(&arena, CASE_ARENA_MAX);
	const uint32_t *members = case_members(&arena, of, version, &len);
	enum fault fault = members ? FAULT_NONE : FAULT_NO_MEMORY;
	for (size_t i = 0; i < len && i < 2 && fault == FAULT_NONE; i++) {
		choice.member = members[i ? len - 1 : 0];
		fault = cases_play(&sent, &choice, &arena, &fell);
	}
	if (fault == FAULT_UNSUPPORTED)
		diag_add(diags, DIAG_ERROR, of->steps[fell].at,
			 "'%s' cannot be sent at %s: a share that we do not have, a padding that "
			 "does not fit, or a message that cannot be made",
			 of->name, version_name(version));
	else if (fault != FAULT_NONE)
		diag_add(diags, DIAG_ERROR, of->at, "'%s' cannot be sent at %s: %s", of->name,
			 version_name(version), fault_text(fault));
	else if (len == 0)
		diag_add(diags, DIAG_ERROR, of->family.at,
			 "the family of '%s' has no members at %s", of->name,
			 version_name(version));
	arena_release(&arena);
	return fault == FAULT_NONE && len > 0;
}

static void check_all_sends(struct diags *diags, struct conformance_case *const *stanzas,
			    size_t stanzas_len)
{
	for (size_t i = 0; i < stanzas_len; i++) {
		enum version versions[VERSIONS_LEN];
		size_t len = cases_versions(versions, stanzas[i]);
		for (size_t v = 0; v < len; v++) {
			if (!check_sends(diags, stanzas[i], versions[v]))
				break;
		}
	}
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int lint(const struct cases_words *words)
{
	static const char *const all[] = { "all" };
	struct arena arena;
	struct case_source source;
	struct text text;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	enum fault fault = words->names_len ? case_source_read(&source, &arena, words->who,
							       words->names, words->names_len)
					    : case_source_read(&source, &arena, words->who, all, 1);
	const struct diags *diags = &source.diags;
	if (fault == FAULT_NONE) {
		check_all_sends(&source.diags, source.catalogue.cases, source.catalogue.cases_len);
		check_all_sends(&source.diags, source.catalogue.features,
				source.catalogue.features_len);
	}
	show_diags(&text, diags);
	text_printf(&text, "%zu case%s: %zu error%s, %zu warning%s, %zu note%s\n",
		    source.catalogue.cases_len, plural(source.catalogue.cases_len), diags->errors,
		    plural(diags->errors), diags->warnings, plural(diags->warnings), diags->notes,
		    plural(diags->notes));
	int status = cases_text_show(&text, words->who);
	if (status == STATUS_PASS && (fault != FAULT_NONE || diags->errors))
		status = STATUS_USAGE;
	arena_release(&arena);
	return status;
}

/* The file's text in its one form. */
static int formatted(struct text *out, struct span *original, const struct cases_words *words,
		     const char *file, struct arena *arena)
{
	struct diags diags;
	char why[512] = "";
	if (file_read(original, arena, file, CASE_FILE_MAX, why, sizeof(why)) != FAULT_NONE)
		return complain(words->who, "%s", why);
	diags_init(&diags, arena);
	enum fault fault = case_file_format(out, &diags, file, *original);
	if (fault == FAULT_NONE)
		return STATUS_PASS;
	diags_print(&diags);
	return diags.errors ? STATUS_USAGE : complain_fault(words->who, fault);
}

static int print_canonical(const struct cases_words *words)
{
	struct arena arena;
	struct span original;
	struct text text;
	if (words->names_len != 1)
		return complain(words->who, "'--format' prints one FILE");
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	int status = formatted(&text, &original, words, words->names[0], &arena);
	if (status == STATUS_PASS)
		status = cases_text_show(&text, words->who);
	text_release(&text);
	arena_release(&arena);
	return status;
}

static int check_format(const struct cases_words *words, const char *file)
{
	struct arena arena;
	struct span original;
	struct text text;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	int status = formatted(&text, &original, words, file, &arena);
	if (status == STATUS_PASS && !span_equal(span_of(text_view(&text), text.len), original))
		status = complain(words->who,
				  "'%s' is not formatted; '%s --format %s' prints how it is", file,
				  words->who, file);
	text_release(&text);
	arena_release(&arena);
	return status;
}

int cases_verb_lint(int argc, char **argv)
{
	struct cases_words words;
	int status = cases_words_parse(&words, argc, argv, options, "[FILE...]", doc);
	if (status != STATUS_PASS)
		return status;
	if (words.canonical)
		return print_canonical(&words);
	if (words.check_format && words.names_len == 0)
		return complain(words.who, "'--check-format' is about files; name them");
	for (size_t i = 0; i < words.names_len; i++) {
		if (access(words.names[i], F_OK) != 0)
			return complain(words.who, "cannot read '%s': %s", words.names[i],
					strerror(errno));
	}
	status = lint(&words);
	for (size_t i = 0; words.check_format && i < words.names_len; i++) {
		int one = check_format(&words, words.names[i]);
		status = one > status ? one : status;
	}
	return status;
}
