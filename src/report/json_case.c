/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "registry/registry.h"
#include "report/case_words.h"
#include "report/json_internal.h"

static void put_alerts(struct json_stream *object, const struct expectation *expectation)
{
	char number[12];
	if (!expectation->alerts_len)
		return;
	const char *name = registry_name(&registry_alerts, expectation->alerts[0]);
	snprintf(number, sizeof(number), "%u", expectation->alerts[0]);
	json_text(object, "alert", name ? name : number);
}

static void put_outcomes(struct json_stream *object, const struct conformance_case *of,
			 bool tolerated)
{
	struct json_stream array = json_open_array(object, tolerated ? "tolerated" : "strict");
	struct text words;
	text_init(&words);
	for (size_t i = 0; i < of->expectations_len; i++) {
		if (of->expectations[i].tolerated != tolerated)
			continue;
		expectation_write(&words, &of->expectations[i]);
		if (words.fault != FAULT_NONE)
			object->out->fault = words.fault;
		json_item(&array, text_view(&words));
		text_release(&words);
	}
	json_close_array(&array);
}

static void put_expected(struct json_stream *outer, const struct finding *finding)
{
	const struct conformance_case *of = finding->of;
	const struct citation *citation = finding_citation(finding);
	struct json_stream object = json_open_member(outer, "expected");
	if (of->expectations_len) {
		json_text(&object, "outcome", expectation_word(&of->expectations[0]));
		put_alerts(&object, &of->expectations[0]);
	}
	put_outcomes(&object, of, false);
	put_outcomes(&object, of, true);
	if (citation) {
		json_text(&object, "cite", citation->text);
		json_text(&object, "level", case_level_name(citation->level));
		json_bool(&object, "inferred", citation->sender);
	}
	json_text(&object, "edition", of->edition);
	json_text(&object, "text", finding->demanded);
	json_close(&object);
}

static void put_source(struct json_stream *object, const struct conformance_case *of)
{
	if (!of->at.file)
		return;
	struct json_stream source = json_open_member(object, "source");
	json_text(&source, "file", of->at.file);
	json_int(&source, "line", of->at.line);
	json_close(&source);
}

void json_case(struct json_stream *object, const struct finding *finding)
{
	const struct conformance_case *of = finding->of;
	json_text(object, "theme", of->theme);
	json_text(object, "why", of->why);
	json_text(object, "cve", of->cve);
	json_text(object, "cve_shows", of->cve_shows);
	put_source(object, of);
	put_expected(object, finding);
	if (finding->grade != GRADE_NONE)
		json_text(object, "grade", finding->grade == GRADE_STRICT ? "strict" : "tolerated");
}
