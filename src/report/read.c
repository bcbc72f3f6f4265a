/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/read_internal.h"

#define NOTES_MAX	  1024
#define REMARK_EFFORT_MAX UINT32_MAX

/* One run of the document under way. */
struct entry {
	struct report_run run;
	struct run_result result;
	size_t evidence_len;
};

struct document {
	struct reading in;
	const json_t *root, *runs;
	struct entry *entries;
	size_t len;
	struct report_tables tables;
};

/* The first run of the same policy lends its list of settings: runs differ by values only. */
static struct policy *policy_of_earlier(const struct document *doc, size_t run, const char *name)
{
	for (size_t i = 0; i < run; i++) {
		const struct policy *policy = doc->entries[i].result.policy;
		if (policy && strcmp(policy->name, name) == 0)
			return (struct policy *)(uintptr_t)policy;
	}
	return NULL;
}

static struct policy *policy_make(struct document *doc, const json_t *run, const char *name)
{
	struct policy *policy = arena_alloc(doc->in.arena, sizeof(*policy));
	struct setting *settings =
		arena_array(doc->in.arena, POLICY_SETTINGS_MAX, sizeof(*settings));
	if (!policy || !settings) {
		reading_memory(&doc->in);
		return NULL;
	}
	*policy = (struct policy){
		.name = name,
		.source = reading_text(&doc->in, run, "source"),
		.source_date = reading_text(&doc->in, run, "source_date"),
		.settings = settings,
	};
	return policy;
}

static struct setting *setting_make(struct document *doc, struct policy *policy, const char *name)
{
	size_t at = policy_setting(policy, span_text(name));
	if (at != SIZE_MAX)
		return &policy->settings[at];
	if (policy->settings_len == POLICY_SETTINGS_MAX) {
		reading_refuse(&doc->in, "settings", "has more than %d entries",
			       POLICY_SETTINGS_MAX);
		return NULL;
	}
	struct setting *setting = &policy->settings[policy->settings_len++];
	setting->name = arena_text(doc->in.arena, span_text(name));
	setting->values = arena_array(doc->in.arena, POLICY_VALUES_MAX, sizeof(*setting->values));
	setting->default_value = SIZE_MAX;
	if (setting->name && setting->values)
		return setting;
	reading_memory(&doc->in);
	return NULL;
}

static size_t value_make(struct document *doc, struct setting *setting, const char *value)
{
	size_t at = setting_value(setting, span_text(value));
	if (at != SIZE_MAX)
		return at;
	if (setting->values_len == POLICY_VALUES_MAX) {
		reading_refuse(&doc->in, "settings", "has more than %d values of one setting",
			       POLICY_VALUES_MAX);
		return 0;
	}
	setting->values[setting->values_len] = arena_text(doc->in.arena, span_text(value));
	if (!setting->values[setting->values_len])
		reading_memory(&doc->in);
	return setting->values_len++;
}

static bool names(const json_t *array, const char *name)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (text && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

static void read_settings(struct document *doc, const json_t *run, struct policy *policy,
			  struct settings *out)
{
	const json_t *given = reading_array(&doc->in, run, "given");
	const json_t *defaults = reading_array(&doc->in, run, "at_default");
	const json_t *object = reading_object(&doc->in, run, "settings");
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		struct setting *setting = setting_make(doc, policy, name);
		if (!json_is_string(value))
			reading_refuse(&doc->in, "settings", "holds a value that is no string");
		if (doc->in.fault != FAULT_NONE)
			return;
		size_t index = (size_t)(setting - policy->settings);
		out->value[index] = value_make(doc, setting, json_string_value(value));
		out->given[index] = names(given, name);
		if (names(defaults, name))
			setting->default_value = out->value[index];
	}
}

static void read_policy(struct document *doc, size_t index, const json_t *run)
{
	struct entry *entry = &doc->entries[index];
	struct settings *settings = &entry->result.settings;
	const char *name = reading_text(&doc->in, run, "policy");
	const char *day = reading_text(&doc->in, run, "judged_at");
	settings->today = DATE_NONE;
	if (!name)
		return;
	if (day && date_parse(&settings->today, span_text(day)) != FAULT_NONE)
		reading_refuse(&doc->in, "judged_at", "is no day of the calendar, YYYY-MM-DD");
	struct policy *policy = policy_of_earlier(doc, index, name);
	if (!policy)
		policy = policy_make(doc, run, name);
	if (!policy)
		return;
	settings->policy = entry->result.policy = policy;
	settings->strict = reading_bool(&doc->in, run, "strict");
	read_settings(doc, run, policy, settings);
}

/* A stable report has no times, and of the built-in endpoint no address. */
static const char *text_or_empty(struct reading *in, const json_t *object, const char *key)
{
	const char *text = reading_text(in, object, key);
	return text ? text : "";
}

static uint32_t number(struct document *doc, const json_t *run, const char *key)
{
	return (uint32_t)reading_int(&doc->in, run, key, REMARK_EFFORT_MAX);
}

static void read_run(struct document *doc, size_t index, const json_t *run)
{
	struct entry *entry = &doc->entries[index];
	struct reading *in = &doc->in;
	snprintf(in->where, sizeof(in->where), "runs[%zu]", index);
	if (!json_is_object(run)) {
		reading_refuse(in, "", "is no object");
		return;
	}
	read_policy(doc, index, run);
	entry->run = (struct report_run){
		.target = text_or_empty(in, run, "target"),
		.address = text_or_empty(in, run, "address"),
		.builtin = reading_bool(in, run, "builtin"),
		.depth = text_or_empty(in, run, "depth"),
		.started = text_or_empty(in, run, "started"),
		.resumed = reading_text(in, run, "resumed"),
		.seed = reading_int(in, run, "seed", INT64_MAX),
		.duration_ms = reading_int(in, run, "duration_ms", INT64_MAX),
		.result = &entry->result,
	};
	struct run_result *result = &entry->result;
	result->connections = number(doc, run, "connections");
	result->retries = number(doc, run, "retries");
	result->controls = number(doc, run, "controls");
	result->controls_failed = number(doc, run, "controls_failed");
	result->audits = number(doc, run, "audits");
	result->reached = reading_bool(in, run, "reached");
	result->interrupted = reading_bool(in, run, "interrupted");
	result->notes = reading_texts(in, run, "notes", NOTES_MAX, &result->notes_len);
}

static void read_runs(struct document *doc)
{
	struct reading *in = &doc->in;
	const json_t *runs = reading_array(in, doc->root, "runs");
	doc->len = json_array_size(runs);
	if (!doc->len || doc->len > REPORT_READ_RUNS) {
		reading_refuse(in, "runs", "does not hold 1 to %d runs", REPORT_READ_RUNS);
		return;
	}
	doc->entries = arena_array(in->arena, doc->len, sizeof(*doc->entries));
	if (!doc->entries) {
		reading_memory(in);
		return;
	}
	for (size_t i = 0; i < doc->len && in->fault == FAULT_NONE; i++)
		read_run(doc, i, json_array_get(runs, i));
}

/* The run that a finding is of; findings stand in the order of their runs. */
static struct entry *entry_of(struct document *doc, const json_t *finding)
{
	uint64_t run = reading_int(&doc->in, finding, "run", doc->len - 1);
	if (!json_is_object(finding))
		reading_refuse(&doc->in, "", "is no object");
	return doc->in.fault == FAULT_NONE ? &doc->entries[run] : NULL;
}

static void name_finding(struct document *doc, size_t i)
{
	snprintf(doc->in.where, sizeof(doc->in.where), "findings[%zu]", i);
}

static void make_room(struct document *doc, const json_t *findings)
{
	struct reading *in = &doc->in;
	for (size_t i = 0; i < json_array_size(findings) && in->fault == FAULT_NONE; i++) {
		name_finding(doc, i);
		struct entry *entry = entry_of(doc, json_array_get(findings, i));
		if (entry)
			entry->result.findings_len++;
	}
	for (size_t i = 0; i < doc->len && in->fault == FAULT_NONE; i++) {
		struct run_result *result = &doc->entries[i].result;
		size_t len = result->findings_len;
		struct report_evidence *evidence = arena_array(in->arena, len, sizeof(*evidence));
		result->findings = arena_array(in->arena, len, sizeof(*result->findings));
		doc->entries[i].run.evidence = evidence;
		result->findings_len = 0;
		if (len && (!result->findings || !evidence))
			reading_memory(in);
	}
}

static void read_findings(struct document *doc)
{
	const json_t *findings = reading_array(&doc->in, doc->root, "findings");
	if (!findings)
		reading_refuse(&doc->in, "findings", "is missing");
	make_room(doc, findings);
	for (size_t i = 0; i < json_array_size(findings) && doc->in.fault == FAULT_NONE; i++) {
		const json_t *object = json_array_get(findings, i);
		name_finding(doc, i);
		struct entry *entry = entry_of(doc, object);
		struct run_result *result = &entry->result;
		struct finding *finding = &result->findings[result->findings_len];
		struct report_evidence *evidence =
			(struct report_evidence *)(uintptr_t)entry->run.evidence;
		evidence[entry->evidence_len].probe = (uint32_t)++result->findings_len;
		entry->evidence_len += read_finding(&doc->in, &doc->tables, object, finding,
						    &evidence[entry->evidence_len]);
		result->counts[finding->verdict]++;
	}
}

static void read_root(struct document *doc)
{
	const char *schema = reading_text(&doc->in, doc->root, "schema");
	if (!json_is_object(doc->root) || !schema || strcmp(schema, "tlsgauge.report/1") != 0)
		reading_refuse(&doc->in, "", "is no report of the schema tlsgauge.report/1");
	if (doc->in.fault == FAULT_NONE)
		read_runs(doc);
	*doc->in.where = '\0';
	if (doc->in.fault == FAULT_NONE)
		read_findings(doc);
}

static enum fault finish(struct report *out, struct document *doc)
{
	struct report_run *runs = arena_array(doc->in.arena, doc->len, sizeof(*runs));
	if (!runs)
		return doc->in.arena->fault;
	for (size_t i = 0; i < doc->len; i++) {
		struct entry *entry = &doc->entries[i];
		runs[i] = entry->run;
		runs[i].evidence_len = entry->evidence_len;
		if (!entry->evidence_len)
			runs[i].evidence = NULL;
	}
	*out = (struct report){ .runs = runs, .runs_len = doc->len };
	return FAULT_NONE;
}

enum fault report_read(struct report *out, struct arena *arena, const char *file, struct span text,
		       char *why, size_t why_len)
{
	json_error_t error;
	struct document doc = {
		.in = { .arena = arena, .file = file, .why = why, .why_len = why_len },
	};
	json_t *root = json_loadb((const char *)text.at, text.len, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		snprintf(why, why_len, "%s:%d:%d: no JSON: %s", file, error.line, error.column,
			 error.text);
		return FAULT_MALFORMED;
	}
	doc.root = root;
	read_root(&doc);
	enum fault fault = doc.in.fault;
	if (fault == FAULT_NONE)
		fault = finish(out, &doc);
	json_decref(root);
	return fault;
}
