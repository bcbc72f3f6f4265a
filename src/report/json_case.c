/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "registry/registry.h"
#include "report/case_words.h"
#include "report/json_internal.h"

static void put_alerts(struct object *object, const struct expectation *expectation)
{
	char number[12];
	if (!expectation->alerts_len)
		return;
	const char *name = registry_name(&registry_alerts, expectation->alerts[0]);
	snprintf(number, sizeof(number), "%u", expectation->alerts[0]);
	object_text(object, "alert", name ? name : number);
}

static void put_outcomes(struct object *object, const struct conformance_case *of)
{
	struct text words;
	json_t *lists[2] = { json_array(), json_array() };
	text_init(&words);
	for (size_t i = 0; i < of->expectations_len; i++) {
		const struct expectation *expectation = &of->expectations[i];
		expectation_write(&words, expectation);
		if (words.fault != FAULT_NONE ||
		    json_array_append_new(lists[expectation->tolerated],
					  json_string(text_view(&words))) != 0)
			object->bad = true;
		text_release(&words);
	}
	object_put(object, "strict", lists[0]);
	object_put(object, "tolerated", lists[1]);
}

static struct object expected_object(const struct finding *finding)
{
	const struct conformance_case *of = finding->of;
	const struct citation *citation = finding_citation(finding);
	struct object object = object_make();
	if (of->expectations_len) {
		object_text(&object, "outcome", expectation_word(&of->expectations[0]));
		put_alerts(&object, &of->expectations[0]);
	}
	put_outcomes(&object, of);
	if (citation) {
		object_text(&object, "cite", citation->text);
		object_text(&object, "level", case_level_name(citation->level));
		object_bool(&object, "inferred", citation->sender);
	}
	object_text(&object, "edition", of->edition);
	object_text(&object, "text", finding->demanded);
	return object;
}

static void put_source(struct object *object, const struct conformance_case *of)
{
	if (!of->at.file)
		return;
	struct object source = object_make();
	object_text(&source, "file", of->at.file);
	object_int(&source, "line", of->at.line);
	object_object(object, "source", source);
}

void json_case(struct object *object, const struct finding *finding)
{
	const struct conformance_case *of = finding->of;
	object_text(object, "theme", of->theme);
	object_text(object, "why", of->why);
	object_text(object, "cve", of->cve);
	object_text(object, "cve_shows", of->cve_shows);
	put_source(object, of);
	object_object(object, "expected", expected_object(finding));
	if (finding->grade != GRADE_NONE)
		object_text(object, "grade",
			    finding->grade == GRADE_STRICT ? "strict" : "tolerated");
}
