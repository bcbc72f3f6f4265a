/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cases_command.h"
#include "cli/options.h"
#include "report/json_internal.h"

static const struct argp_option options[] = {
	{ "theme", CASES_KEY_THEME, "THEME", 0, "only the cases of one theme", 0 },
	{ "format", CASES_KEY_FORMAT, "text|json", 0,
	  "a line a case (the default), or one array with everything", 0 },
	{ "file", CASES_KEY_FILE, "FILE", 0, "cases of FILE instead of those built in", 0 },
	{ 0 },
};

static const char doc[] =
	"List conformance cases: name, versions, level, the rule that is named, and what is at "
	"stake. NAME is a case, a theme or a glob over names.\v"
	"Examples:\n"
	"  tlsgauge cases list 'record.*'\n"
	"  tlsgauge cases list --theme versions --format json | jq -r '.[].name'\n\n"
	"Exit status: 0, or 2 when a file cannot be understood or a name fits no case.";

const char *cases_family_word(enum family_kind kind)
{
	static const char *const words[] = {
		[FAMILY_VALUES] = "value",
		[FAMILY_TRUNCATION] = "truncation",
		[FAMILY_LENGTHS] = "length",
		[FAMILY_TWICE] = "extension twice",
	};
	return words[kind];
}

const char *cases_needs_word(const struct need *need)
{
	return need->name ? need->name : version_name(need->version);
}

static void list_line(struct text *out, const struct conformance_case *of)
{
	struct text versions;
	text_init(&versions);
	for (int v = SSLV2; v < VERSIONS_LEN; v++) {
		if (of->versions & VERSION_BIT(v))
			text_printf(&versions, "%s%s", versions.len ? " " : "",
				    version_name((enum version)v));
	}
	const struct citation *cite = of->citations_len ? &of->citations[0] : NULL;
	text_printf(out, "%-44s %-34s %-10s %s: %s\n", of->name,
		    versions.len ? text_view(&versions) : "-",
		    cite ? case_level_name(cite->level) : "-", cite ? cite->text : "-",
		    of->why ? of->why : "");
	text_release(&versions);
}

static json_t *versions_json(const struct conformance_case *of)
{
	json_t *array = json_array();
	for (int v = SSLV2; array && v < VERSIONS_LEN; v++) {
		if (of->versions & VERSION_BIT(v))
			json_array_append_new(array, json_string(version_name((enum version)v)));
	}
	return array;
}

static json_t *citations_json(const struct conformance_case *of)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < of->citations_len; i++) {
		const struct citation *cite = &of->citations[i];
		struct object object = object_make();
		object_text(&object, "text", cite->text);
		object_text(&object, "level", case_level_name(cite->level));
		object_bool(&object, "prohibits", cite->prohibits);
		object_bool(&object, "sender", cite->sender);
		json_array_append_new(array, object.json);
	}
	return array;
}

static json_t *needs_json(const struct conformance_case *of)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < of->needs_len; i++) {
		struct object object = object_make();
		object_text(&object, "name", cases_needs_word(&of->needs[i]));
		object_bool(&object, "absent", of->needs[i].absent);
		json_array_append_new(array, object.json);
	}
	return array;
}

/* How many members each version has; a family of a hello differs from version to version. */
static json_t *members_json(const struct conformance_case *of, struct arena *arena)
{
	enum version versions[VERSIONS_LEN];
	size_t len = cases_versions(versions, of), members_len = 0;
	json_t *object = json_object();
	for (size_t i = 0; object && i < len; i++) {
		const uint32_t *members = case_members(arena, of, versions[i], &members_len);
		json_t *array = json_array();
		for (size_t k = 0; members && array && k < members_len; k++)
			json_array_append_new(array, json_integer(members[k]));
		json_object_set_new(object, version_name(versions[i]), array);
	}
	return object;
}

static struct object case_json(const struct conformance_case *of, struct arena *arena)
{
	struct object object = object_make();
	object_text(&object, "name", of->name);
	object_text(&object, "theme", of->theme);
	object_put(&object, "versions", versions_json(of));
	object_text(&object, "level",
		    of->citations_len ? case_level_name(of->citations[0].level) : NULL);
	object_put(&object, "citations", citations_json(of));
	object_text(&object, "why", of->why);
	object_text(&object, "cve", of->cve);
	object_text(&object, "cve_shows", of->cve_shows);
	object_text(&object, "edition", of->edition);
	object_text(&object, "over", of->over);
	object_put(&object, "needs", needs_json(of));
	object_text(&object, "family", cases_family_word(of->family.kind));
	if (of->family.kind != FAMILY_NONE)
		object_put(&object, "members", members_json(of, arena));
	object_text(&object, "file", of->at.file);
	object_int(&object, "line", of->at.line);
	return object;
}

enum fault cases_json(struct text *out, const struct case_source *source, struct arena *arena)
{
	text_printf(out, "[");
	for (size_t i = 0; i < source->len; i++) {
		text_printf(out, "%s", i ? ",\n " : "");
		enum fault fault = object_dump(out, case_json(source->at[i], arena));
		if (fault != FAULT_NONE)
			return fault;
		/* Each object is a line of its own already. */
		while (out->len && out->at[out->len - 1] == '\n')
			out->at[--out->len] = '\0';
	}
	text_printf(out, "]\n");
	return out->fault;
}

static int take_format(const struct cases_words *words, bool *json)
{
	*json = words->format && strcmp(words->format, "json") == 0;
	if (!words->format || *json || strcmp(words->format, "text") == 0)
		return STATUS_PASS;
	return complain(words->who, "unknown format '%s'; there are 'text' and 'json'",
			words->format);
}

int cases_verb_list(int argc, char **argv)
{
	struct cases_words words;
	struct case_source source;
	struct arena arena;
	struct text text;
	bool json;
	int status = cases_words_parse(&words, argc, argv, options, "[NAME...]", doc);
	if (status == STATUS_PASS)
		status = take_format(&words, &json);
	if (status != STATUS_PASS)
		return status;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	status = cases_load(&source, &arena, &words);
	if (status == STATUS_PASS) {
		enum fault fault = FAULT_NONE;
		for (size_t i = 0; !json && i < source.len; i++)
			list_line(&text, source.at[i]);
		if (json)
			fault = cases_json(&text, &source, &arena);
		status = fault == FAULT_NONE ? cases_text_show(&text, words.who)
					     : complain_fault(words.who, fault);
	}
	text_release(&text);
	arena_release(&arena);
	return status;
}
