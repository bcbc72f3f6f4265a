/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sarif_rule.h"
#include "report/told.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"

static void put_locations(struct object *object, const struct finding *finding)
{
	struct place place = finding_place(finding);
	struct object location = object_make(), physical = object_make();
	struct object artifact = object_make(), region = object_make();
	json_t *array = json_array();
	object_text(&artifact, "uri", place.file ? place.file : "tlsgauge");
	object_int(&region, "startLine", place.file && place.line ? place.line : 1);
	object_object(&physical, "artifactLocation", artifact);
	object_object(&physical, "region", region);
	object_object(&location, "physicalLocation", physical);
	object->bad = object->bad || location.bad || json_array_append_new(array, location.json);
	object_put(object, "locations", array);
}

/* A deviation that is known is told, but not counted as open (SARIF 2.1.0 3.27.23). */
static void put_suppression(struct object *object, const struct finding *finding)
{
	json_t *array = json_array();
	struct object suppression = object_make();
	if (finding->verdict == VERDICT_EXPECTED_FAIL) {
		object_text(&suppression, "kind", "external");
		if (finding->remarks_len)
			object_text(&suppression, "justification",
				    finding->remarks[finding->remarks_len - 1]);
		object->bad = object->bad || suppression.bad ||
			      json_array_append(array, suppression.json);
	}
	json_decref(suppression.json);
	object_put(object, "suppressions", array);
}

static struct object message_object(const struct report *report, size_t run,
				    const struct finding *finding)
{
	struct object object = object_make();
	struct text text;
	text_init(&text);
	text_printf(&text, "%s of ", finding->id);
	run_title(&text, report, run);
	text_put(&text, ": ");
	finding_account(&text, finding);
	object.bad = object.bad || text.fault != FAULT_NONE;
	object_text(&object, "text", text_view(&text));
	text_release(&text);
	return object;
}

static struct object result_object(const struct report *report, size_t run,
				   const struct finding *finding, size_t rule)
{
	char fingerprint[FINGERPRINT_TEXT];
	struct object object = object_make(), prints = object_make(), properties = object_make();
	struct text name;
	text_init(&name);
	finding_rule_name(&name, finding);
	object_text(&object, "ruleId", text_view(&name));
	text_release(&name);
	object_int(&object, "ruleIndex", rule);
	object_text(&object, "level", sarif_level(finding_gravity(report, finding)));
	object_object(&object, "message", message_object(report, run, finding));
	if (finding->since != SINCE_NONE)
		object_text(&object, "baselineState",
			    finding->since == SINCE_NEW ? "new" : "unchanged");
	put_locations(&object, finding);
	finding_fingerprint(fingerprint, report, run, finding);
	object_text(&prints, "tlsgaugeFinding/v1", fingerprint);
	object_text(&prints, "primaryLocationLineHash", fingerprint);
	object_object(&object, "partialFingerprints", prints);
	put_suppression(&object, finding);
	object_text(&properties, "id", finding->id);
	object_text(&properties, "verdict", verdict_name(finding->verdict));
	object_object(&object, "properties", properties);
	return object;
}

static void put_results(struct object *run, const struct report *report,
			const struct sarif_rules *rules)
{
	json_t *results = json_array();
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (!finding_is_issue(report, finding))
				continue;
			struct object object = result_object(report, i, finding,
							     sarif_rules_index(rules, finding));
			run->bad = run->bad || object.bad ||
				   json_array_append_new(results, object.json);
		}
	}
	object_put(run, "results", results);
}

static struct object tool_object(const struct sarif_rules *rules)
{
	struct object tool = object_make(), driver = object_make();
	object_text(&driver, "name", "tlsgauge");
	object_text(&driver, "version", TLSGAUGE_VERSION);
	object_text(&driver, "semanticVersion", TLSGAUGE_VERSION);
	sarif_rules_put(rules, &driver);
	object_object(&tool, "driver", driver);
	return tool;
}

/* One invocation: whether everything could be asked that was to be (3.20). */
static void put_invocation(struct object *run, const struct report *report)
{
	json_t *array = json_array();
	struct object invocation = object_make();
	int status = report_exit_status(report);
	object_bool(&invocation, "executionSuccessful", status != 4);
	object_int(&invocation, "exitCode", (uint64_t)status);
	if (report->runs_len)
		object_text(&invocation, "startTimeUtc", report->runs[0].started);
	run->bad = run->bad || invocation.bad || json_array_append_new(array, invocation.json);
	object_put(run, "invocations", array);
}

static enum fault write(struct text *out, const struct report *report)
{
	struct sarif_rules rules;
	struct object root = object_make(), run = object_make();
	json_t *runs = json_array();
	enum fault fault = sarif_rules_init(&rules, report);
	object_text(&root, "$schema", SCHEMA);
	object_text(&root, "version", "2.1.0");
	object_object(&run, "tool", tool_object(&rules));
	put_invocation(&run, report);
	object_text(&run, "columnKind", "utf16CodeUnits");
	put_results(&run, report, &rules);
	root.bad = root.bad || run.bad || json_array_append_new(runs, run.json);
	object_put(&root, "runs", runs);
	sarif_rules_release(&rules);
	enum fault dumped = object_dump(out, root);
	text_put(out, "\n");
	return fault != FAULT_NONE ? fault : dumped;
}

const struct report_format report_sarif = {
	.name = "sarif",
	.description = "SARIF 2.1.0: deviations at the row of the policy or the stanza of the case",
	.write = write,
};
