/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_internal.h"

#include "case/case.h"
#include "registry/registry.h"
#include "report/case_words.h"

static const char *level_at(size_t i)
{
	return i < LEVELS_LEN ? case_level_name((enum case_level)i) : NULL;
}

static const char *grade_at(size_t i)
{
	static const char *const words[] = { "-", "strict", "tolerated", NULL };
	return i < 4 ? words[i] : NULL;
}

static const char *outcome_at(size_t i)
{
	const struct expectation expectation = { .kind = (enum expected_kind)i };
	return i <= EXPECT_BYTES ? expectation_word(&expectation) : NULL;
}

static bool read_alert(struct span name, uint8_t *out)
{
	const struct code_point *point = registry_by_name(&registry_alerts, name);
	unsigned number = 0;
	for (size_t i = 0; !point && i < name.len; i++) {
		if (name.at[i] < '0' || name.at[i] > '9' || number > UINT8_MAX)
			return false;
		number = 10 * number + name.at[i] - '0';
	}
	*out = (uint8_t)(point ? point->code : number);
	return name.len && (point || number <= UINT8_MAX);
}

/* "alert decode_error or illegal_parameter", as expectation_write has it. */
static bool read_expectation(const char *text, struct expectation *out)
{
	size_t word = strcspn(text, " "), kind = 0;
	while (outcome_at(kind) && !span_is(span_of(text, word), outcome_at(kind)))
		kind++;
	if (!outcome_at(kind))
		return false;
	out->kind = (enum expected_kind)kind;
	for (const char *at = text + word; *at; at += strcspn(at, " ")) {
		struct span name = span_of(at + 1, strcspn(at + 1, " "));
		at++;
		if (span_is(name, "or") && out->alerts_len)
			continue;
		if (out->alerts_len == EXPECT_ALERTS_MAX ||
		    !read_alert(name, &out->alerts[out->alerts_len++]))
			return false;
	}
	return true;
}

static void read_expectations(struct reading *in, const json_t *expected,
			      struct conformance_case *out)
{
	size_t lens[2];
	const char **lists[2] = {
		reading_texts(in, expected, "strict", CASE_LIST_MAX, &lens[0]),
		reading_texts(in, expected, "tolerated", CASE_LIST_MAX, &lens[1]),
	};
	out->expectations = arena_array(in->arena, lens[0] + lens[1], sizeof(*out->expectations));
	if (!out->expectations && lens[0] + lens[1])
		reading_memory(in);
	for (size_t list = 0; list < 2; list++) {
		for (size_t i = 0; in->fault == FAULT_NONE && i < lens[list]; i++) {
			struct expectation *item = &out->expectations[out->expectations_len++];
			item->tolerated = list == 1;
			if (!read_expectation(lists[list][i], item))
				reading_refuse(in, "expected", "names no outcome: '%s'",
					       lists[list][i]);
		}
	}
}

static void read_citation(struct reading *in, const json_t *expected, struct conformance_case *out)
{
	const char *text = reading_text(in, expected, "cite");
	if (!text)
		return;
	out->citations = arena_alloc(in->arena, sizeof(*out->citations));
	if (!out->citations) {
		reading_memory(in);
		return;
	}
	*out->citations = (struct citation){
		.text = text,
		.level = (enum case_level)reading_word(in, expected, "level", level_at, LEVEL_MUST),
		.sender = reading_bool(in, expected, "inferred"),
	};
	out->citations_len = 1;
}

static void read_place(struct reading *in, const json_t *object, struct place *out)
{
	const json_t *source = reading_object(in, object, "source");
	if (!source)
		return;
	out->file = reading_text(in, source, "file");
	out->line = (uint32_t)reading_int(in, source, "line", UINT32_MAX);
}

void read_case(struct reading *in, const json_t *object, struct finding *out)
{
	const json_t *expected = reading_object(in, object, "expected");
	struct conformance_case *of = arena_alloc(in->arena, sizeof(*of));
	if (!of) {
		reading_memory(in);
		return;
	}
	of->theme = reading_text(in, object, "theme");
	of->why = reading_text(in, object, "why");
	of->cve = reading_text(in, object, "cve");
	of->cve_shows = reading_text(in, object, "cve_shows");
	read_place(in, object, &of->at);
	out->grade = (enum grade)reading_word(in, object, "grade", grade_at, GRADE_NONE);
	if (!of->theme)
		of->theme = "";
	read_expectations(in, expected, of);
	read_citation(in, expected, of);
	of->edition = reading_text(in, expected, "edition");
	out->demanded = reading_text(in, expected, "text");
	out->of = of;
}
