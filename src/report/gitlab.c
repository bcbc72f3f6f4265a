/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"
#include "report/json_internal.h"
#include "report/told.h"

/* Code Climate's words, as far as they fit. */
static const char *severity(enum gravity gravity)
{
	static const char *const words[] = { "info", "info", "minor", "major" };
	return words[gravity];
}

static struct object location_object(const struct report_run *run, const struct finding *finding)
{
	struct place place = finding_place(finding);
	struct object object = object_make(), lines = object_make();
	const char *policy = run->result->policy ? run->result->policy->name : "tlsgauge";
	object_text(&object, "path", place.file ? place.file : policy);
	object_int(&lines, "begin", place.file ? place.line : 1);
	object_object(&object, "lines", lines);
	return object;
}

static void put_text(struct object *object, const char *key, struct text *text)
{
	object->bad = object->bad || text->fault != FAULT_NONE;
	object_text(object, key, text_view(text));
	text_release(text);
}

static struct object issue_object(const struct report *report, size_t run,
				  const struct finding *finding)
{
	char fingerprint[FINGERPRINT_TEXT];
	struct text text;
	struct object object = object_make();
	text_init(&text);
	text_printf(&text, "%s: %s: ", verdict_name(finding->verdict), finding->id);
	finding_account(&text, finding);
	put_text(&object, "description", &text);
	finding_rule_name(&text, finding);
	put_text(&object, "check_name", &text);
	finding_fingerprint(fingerprint, report, run, finding);
	object_text(&object, "fingerprint", fingerprint);
	object_text(&object, "severity", severity(finding_gravity(report, finding)));
	object_object(&object, "location", location_object(&report->runs[run], finding));
	return object;
}

static enum fault write(struct text *out, const struct report *report)
{
	const char *before = "\n";
	text_put(out, "[");
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			if (!finding_is_issue(report, &result->findings[k]))
				continue;
			text_put(out, before);
			before = ",\n";
			enum fault fault =
				object_dump(out, issue_object(report, i, &result->findings[k]));
			if (fault != FAULT_NONE)
				return fault;
		}
	}
	text_put(out, "]\n");
	return out->fault;
}

const struct report_format report_gitlab = {
	.name = "gitlab",
	.description = "GitLab's code quality report (Code Climate issues)",
	.write = write,
};
