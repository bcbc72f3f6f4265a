/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cases_command.h"
#include "cli/options.h"

static const struct command verbs[] = {
	{ "list", "the conformance cases, with what each demands", cases_verb_list },
	{ "show", "one case in words, and its bytes with their meaning", cases_verb_show },
	{ "emit", "the bytes that a case sends", cases_verb_emit },
	{ "lint", "what is wrong with files of cases, and how they are formatted",
	  cases_verb_lint },
	{ NULL, NULL, NULL },
};

int command_cases(int argc, char **argv)
{
	return command_verb(verbs, "[NAME|FILE...]", argc, argv);
}

static error_t add(struct cases_words *words, const char **list, size_t *len, size_t most,
		   const char *text)
{
	if (*len == most)
		return complain(words->who, "'%s' is one word too many", text);
	list[(*len)++] = text;
	return 0;
}

static error_t take_version(struct cases_words *words, const char *text)
{
	static const char *const names[] = { "SSLv2",  "SSLv3",	 "TLS1.0", "TLS1.1",
					     "TLS1.2", "TLS1.3", NULL };
	words->at = version_by_name(span_text(text));
	if (words->at != VERSION_NONE)
		return 0;
	const char *nearest = text_nearest(text, names);
	if (nearest)
		return complain(words->who, "unknown version '%s'; did you mean '%s'?", text,
				nearest);
	return complain(words->who,
			"unknown version '%s'; there are SSLv2 SSLv3 TLS1.0 TLS1.1 "
			"TLS1.2 TLS1.3",
			text);
}

static error_t take_number(struct cases_words *words, uint64_t *out, const char *option,
			   const char *text, uint64_t min)
{
	if (number_parse(out, span_text(text), min, UINT32_MAX) == FAULT_NONE)
		return 0;
	return complain(words->who, "'--%s %s' is not a number from %u on", option, text,
			(unsigned)min);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct cases_words *words = state->input;
	switch (key) {
	case CASES_KEY_THEME:
		words->theme = text;
		return 0;
	case CASES_KEY_FORMAT:
		words->format = text;
		return 0;
	case CASES_KEY_FILE:
		return add(words, words->files, &words->files_len, CASES_FILES_MAX, text);
	case CASES_KEY_AT:
		return take_version(words, text);
	case CASES_KEY_MEMBER:
		words->has_member = true;
		return take_number(words, &words->member, "member", text, 0);
	case CASES_KEY_STEP:
		return take_number(words, &words->step, "step", text, 1);
	case CASES_KEY_HEX:
		words->hex = true;
		return 0;
	case CASES_KEY_ALL:
		words->directory = text;
		return 0;
	case CASES_KEY_CANONICAL:
		words->canonical = true;
		return 0;
	case CASES_KEY_CHECK_FORMAT:
		words->check_format = true;
		return 0;
	case CASES_KEY_OUTPUT:
		words->output = text;
		return 0;
	case ARGP_KEY_ARG:
		return add(words, words->names, &words->names_len, CASES_WORDS_MAX, text);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cases_words_parse(struct cases_words *out, int argc, char **argv,
		      const struct argp_option *options, const char *args_doc, const char *doc)
{
	const struct argp argp = {
		.options = options, .parser = parse, .args_doc = args_doc, .doc = doc
	};
	*out = (struct cases_words){ .who = argv[0], .at = VERSION_NONE };
	return options_parse(&argp, argc, argv, out);
}

/* A file that holds no path looks like a name to who only reads it: it is called by its path. */
static const char *as_path(struct arena *arena, const char *file)
{
	return strchr(file, '/') ? file : arena_printf(arena, "./%s", file);
}

static bool is_named(const struct cases_words *words, const struct conformance_case *one)
{
	if (words->theme && strcmp(words->theme, one->theme) != 0)
		return false;
	for (size_t i = 0; i < words->names_len; i++) {
		if (strcmp(words->names[i], one->theme) == 0 ||
		    strcmp(words->names[i], "all") == 0 || glob_match(words->names[i], one->name))
			return true;
	}
	return words->names_len == 0;
}

static void keep_named(struct case_source *source, const struct cases_words *words)
{
	size_t kept = 0;
	for (size_t i = 0; i < source->len; i++) {
		if (is_named(words, source->at[i]))
			source->at[kept++] = source->at[i];
	}
	source->len = kept;
}

static int refuse_nothing(const struct cases_words *words)
{
	if (words->theme)
		return complain(words->who, "there is no case of theme '%s' among those named",
				words->theme);
	return complain(words->who, "no file given has a case '%s'", words->names[0]);
}

int cases_load(struct case_source *out, struct arena *arena, const struct cases_words *words)
{
	const char *all[CASES_FILES_MAX + CASES_WORDS_MAX + 1];
	size_t len = 0;
	for (size_t i = 0; i < words->files_len; i++) {
		all[len] = as_path(arena, words->files[i]);
		if (!all[len++])
			return complain_fault(words->who, arena->fault);
	}
	for (size_t i = 0; i < words->names_len && words->files_len == 0; i++)
		all[len++] = words->names[i];
	if (len == 0)
		all[len++] = "all";
	if (catalogue_load(out, arena, words->who, all, len) != FAULT_NONE)
		return STATUS_USAGE;
	if (words->files_len || words->theme)
		keep_named(out, words);
	bool narrowed = words->names_len || words->theme;
	return out->len || !narrowed ? STATUS_PASS : refuse_nothing(words);
}

size_t cases_versions(enum version out[VERSIONS_LEN], const struct conformance_case *of)
{
	size_t len = 0;
	for (int v = SSLV2; v < VERSIONS_LEN; v++) {
		if (of->versions & VERSION_BIT(v))
			out[len++] = (enum version)v;
	}
	if (len == 0)
		out[len++] = TLS1_2;
	return len;
}

/* "case/NAME/VERSION/MEMBER", of which all but NAME may be missing. */
static int split_id(struct cases_words *words, char *name, size_t cap)
{
	const char *id = words->names[0];
	if (strncmp(id, "case/", 5) == 0)
		id += 5;
	snprintf(name, cap, "%s", id);
	for (char *rest = strchr(name, '/'); rest; rest = strchr(rest, '/')) {
		*rest++ = '\0';
		size_t len = strcspn(rest, "/");
		struct span word = span_of(rest, len);
		if (version_by_name(word) != VERSION_NONE)
			words->at = version_by_name(word);
		else if (number_parse(&words->member, word, 0, UINT32_MAX) == FAULT_NONE)
			words->has_member = true;
		else
			return complain(words->who,
					"'%.*s' of '%s' is neither a version nor a "
					"number",
					(int)len, rest, words->names[0]);
	}
	return STATUS_PASS;
}

static int choose_version(struct cases_choice *out, const struct cases_words *words)
{
	enum version versions[VERSIONS_LEN];
	size_t len = cases_versions(versions, out->of);
	out->version = words->at == VERSION_NONE ? versions[0] : words->at;
	if (out->of->versions == 0 || (out->of->versions & VERSION_BIT(out->version)))
		return STATUS_PASS;
	char list[64] = "";
	for (size_t i = 0; i < len; i++) {
		size_t at = strlen(list);
		snprintf(list + at, sizeof(list) - at, " %s", version_name(versions[i]));
	}
	return complain(words->who, "case '%s' is not asked at %s, but at%s", out->of->name,
			version_name(words->at), list);
}

static int choose_member(struct cases_choice *out, const struct cases_words *words)
{
	out->member = out->members_len ? out->members[0] : 0;
	if (!words->has_member)
		return STATUS_PASS;
	if (out->of->family.kind == FAMILY_NONE)
		return complain(words->who, "case '%s' has no members", out->of->name);
	for (size_t i = 0; i < out->members_len; i++) {
		if (out->members[i] != words->member)
			continue;
		out->member = out->members[i];
		return STATUS_PASS;
	}
	return complain(words->who, "case '%s' has no member %u; it has %zu, from %u to %u",
			out->of->name, (unsigned)words->member, out->members_len,
			out->members_len ? out->members[0] : 0,
			out->members_len ? out->members[out->members_len - 1] : 0);
}

int cases_choose(struct cases_choice *out, const struct case_source *source,
		 const struct cases_words *words, struct arena *arena)
{
	struct cases_words asked = *words;
	char name[CASE_ID_MAX];
	int status = split_id(&asked, name, sizeof(name));
	if (status != STATUS_PASS)
		return status;
	*out = (struct cases_choice){ .of = case_source_find(source, words->who, name) };
	if (!out->of)
		return STATUS_USAGE;
	status = choose_version(out, &asked);
	if (status != STATUS_PASS)
		return status;
	out->members = case_members(arena, out->of, out->version, &out->members_len);
	if (!out->members)
		return complain_fault(words->who, FAULT_NO_MEMORY);
	return choose_member(out, &asked);
}

int cases_text_show(struct text *text, const char *who)
{
	enum fault fault = text->fault;
	if (fault == FAULT_NONE)
		fwrite(text_view(text), 1, text->len, stdout);
	text_release(text);
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(who, fault);
}
