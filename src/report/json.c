/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"
#include "report/facts.h"
#include "report/json_internal.h"

static struct object tool_object(void)
{
	struct object object = object_make();
	object_text(&object, "name", "tlsgauge");
	object_text(&object, "version", TLSGAUGE_VERSION);
	return object;
}

static struct object settings_object(const struct settings *settings)
{
	struct object object = object_make();
	for (size_t i = 0; i < settings->policy->settings_len; i++) {
		const struct setting *setting = &settings->policy->settings[i];
		object_text(&object, setting->name, setting->values[settings->value[i]]);
	}
	return object;
}

/* Names of the settings that the operator gave, and of those that have their documented default. */
static void put_setting_names(struct object *object, const struct settings *settings)
{
	const char *given[POLICY_SETTINGS_MAX], *at_default[POLICY_SETTINGS_MAX];
	size_t given_len = 0, at_default_len = 0;
	for (size_t i = 0; i < settings->policy->settings_len; i++) {
		const struct setting *setting = &settings->policy->settings[i];
		if (settings->given[i])
			given[given_len++] = setting->name;
		if (settings->value[i] == setting->default_value)
			at_default[at_default_len++] = setting->name;
	}
	object_texts(object, "given", given, given_len);
	object_texts(object, "at_default", at_default, at_default_len);
}

/* What differs between two runs against an endpoint that did not change. */
static void put_volatile(struct object *object, const struct report_run *run)
{
	const struct run_result *result = run->result;
	object_text(object, "started", run->started);
	if (run->resumed)
		object_text(object, "resumed", run->resumed);
	object_int(object, "duration_ms", run->duration_ms);
	object_int(object, "connections", result->connections);
	object_int(object, "retries", result->retries);
	object_int(object, "controls", result->controls);
	object_int(object, "controls_failed", result->controls_failed);
	object_int(object, "audits", result->audits);
}

static struct object run_object(const struct report_run *run, bool stable)
{
	const struct run_result *result = run->result;
	char day[11];
	struct object object = object_make();
	if (!stable || !run->builtin) {
		object_text(&object, "target", run->target);
		object_text(&object, "address", run->address);
	}
	object_bool(&object, "builtin", run->builtin);
	if (result->policy) {
		object_text(&object, "policy", result->policy->name);
		object_text(&object, "source", result->policy->source);
		object_text(&object, "source_date", result->policy->source_date);
		object_object(&object, "settings", settings_object(&result->settings));
		put_setting_names(&object, &result->settings);
		object_bool(&object, "strict", result->settings.strict);
		if (result->settings.today != DATE_NONE) {
			date_print(day, result->settings.today);
			object_text(&object, "judged_at", day);
		}
	}
	object_int(&object, "seed", run->seed);
	object_text(&object, "depth", run->depth);
	if (!stable)
		put_volatile(&object, run);
	object_bool(&object, "reached", result->reached);
	object_bool(&object, "interrupted", result->interrupted);
	object_texts(&object, "notes", result->notes, result->notes_len);
	return object;
}

/* "strict" and "tolerated" are parts of "pass": those of cases. */
static struct object counts_object(const size_t counts[VERDICTS_LEN],
				   const size_t grades[GRADE_TOLERATED + 1])
{
	struct object object = object_make();
	for (size_t i = 0; i < VERDICTS_LEN; i++)
		object_int(&object, verdict_name((enum verdict)i), counts[i]);
	object_int(&object, "strict", grades[GRADE_STRICT]);
	object_int(&object, "tolerated", grades[GRADE_TOLERATED]);
	return object;
}

/* One finding a line: a report can be read, searched and compared by the tools for lines. */
static enum fault write_member(struct text *out, const char *before, struct object object)
{
	text_put(out, before);
	return object_dump(out, object);
}

static enum fault write_runs(struct text *out, const struct report *report)
{
	text_put(out, ",\n \"runs\": [");
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		size_t grades[GRADE_TOLERATED + 1] = { 0 };
		report_grades(grades, result);
		struct object run = run_object(&report->runs[i], report->stable);
		object_int(&run, "exit_status", (uint64_t)run_exit_status(result));
		object_object(&run, "summary", counts_object(result->counts, grades));
		enum fault fault = write_member(out, i ? ",\n  " : "\n  ", run);
		if (fault != FAULT_NONE)
			return fault;
	}
	text_put(out, "]");
	return FAULT_NONE;
}

static enum fault write_findings(struct text *out, const struct report *report)
{
	const char *before = "\n  ";
	text_put(out, ",\n \"findings\": [");
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct report_run *run = &report->runs[i];
		for (size_t k = 0; k < run->result->findings_len; k++) {
			text_put(out, before);
			json_finding(out, report, i, &run->result->findings[k]);
			before = ",\n  ";
			text_settle(out);
		}
	}
	text_put(out, "]}\n");
	return out->fault;
}

static enum fault write(struct text *out, const struct report *report)
{
	size_t counts[VERDICTS_LEN], grades[GRADE_TOLERATED + 1] = { 0 };
	report_counts(counts, report);
	for (size_t i = 0; i < report->runs_len; i++)
		report_grades(grades, report->runs[i].result);
	text_put(out, "{\"schema\": \"tlsgauge.report/1\"");
	enum fault fault = write_member(out, ",\n \"tool\": ", tool_object());
	if (fault == FAULT_NONE && report->runs_len)
		fault = write_member(out,
				     ",\n \"run\": ", run_object(&report->runs[0], report->stable));
	if (fault == FAULT_NONE)
		fault = write_member(out, ",\n \"summary\": ", counts_object(counts, grades));
	text_printf(out, ",\n \"exit_status\": %d", report_exit_status(report));
	if (fault == FAULT_NONE)
		fault = write_runs(out, report);
	if (fault == FAULT_NONE)
		fault = write_findings(out, report);
	return fault;
}

const struct report_format report_json = {
	.name = "json",
	.description = "one document with every finding, a line each (tlsgauge.report/1)",
	.write = write,
};
