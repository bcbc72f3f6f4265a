/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"
#include "cli/check_known.h"
#include "cli/file.h"

#define BASELINE_MAX ((size_t)256 << 20)

static int refuse(const struct check *check, const char *why)
{
	return complain(check->options->who, "cannot use baseline '%s': %s",
			check->options->baseline, why);
}

static const char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* Settings as one word, so that a deviation is known only under the values it was found under. */
static const char *key_of_json(struct check *check, const json_t *run, const char *id)
{
	const char *name;
	json_t *value;
	struct text key;
	text_init(&key);
	json_object_foreach(json_object_get(run, "settings"), name, value) text_printf(
		&key, "%s=%s;", name, json_is_string(value) ? json_string_value(value) : "");
	text_printf(&key, " %s", id);
	const char *out = arena_text(&check->arena, span_text(text_view(&key)));
	text_release(&key);
	return out;
}

static const char *key_of_run(struct check *check, const struct check_run *run, const char *id)
{
	const struct settings *settings = &run->settings;
	const struct policy *policy = run->result.policy;
	struct text key;
	text_init(&key);
	for (size_t i = 0; policy && i < policy->settings_len; i++)
		text_printf(&key, "%s=%s;", policy->settings[i].name,
			    policy->settings[i].values[settings->value[i]]);
	text_printf(&key, " %s", id);
	const char *out = arena_text(&check->arena, span_text(text_view(&key)));
	text_release(&key);
	return out;
}

static int compare_keys(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

static bool keep(struct known *known, struct check *check, const json_t *root,
		 const json_t *finding)
{
	const char *verdict = string_of(finding, "verdict");
	if (strcmp(verdict, "fail") != 0 && strcmp(verdict, "expected_fail") != 0)
		return true;
	size_t index = (size_t)json_integer_value(json_object_get(finding, "run"));
	const json_t *run = json_array_get(json_object_get(root, "runs"), index);
	const char **grown = arena_grow(&check->arena, known->failed, known->failed_len,
					&known->failed_cap, sizeof(*grown));
	if (!grown)
		return false;
	known->failed = grown;
	grown[known->failed_len] = key_of_json(check, run ? run : json_object_get(root, "run"),
					       string_of(finding, "id"));
	return grown[known->failed_len++] != NULL;
}

static int read_document(struct known *known, struct check *check, const json_t *root)
{
	const json_t *findings = json_object_get(root, "findings");
	if (strcmp(string_of(root, "schema"), "tlsgauge.report/1") != 0 || !json_is_array(findings))
		return refuse(check, "it is no tlsgauge.report/1");
	const char *policy = check->proves_policy ? check->policy.name : "";
	if (strcmp(string_of(json_object_get(root, "run"), "policy"), policy) != 0)
		return refuse(check, "it is about another policy");
	for (size_t i = 0; i < json_array_size(findings); i++) {
		if (!keep(known, check, root, json_array_get(findings, i)))
			return complain_fault(check->options->who, check->arena.fault);
	}
	if (known->failed_len)
		qsort(known->failed, known->failed_len, sizeof(*known->failed), compare_keys);
	return STATUS_PASS;
}

int baseline_read(struct known *known, struct check *check)
{
	char why[512] = "";
	struct span text;
	json_error_t error;
	if (file_read(&text, &check->arena, check->options->baseline, BASELINE_MAX, why,
		      sizeof(why)) != FAULT_NONE)
		return complain(check->options->who, "%s", why);
	json_t *root = json_loadb((const char *)text.at, text.len, 0, &error);
	if (!root)
		return refuse(check, "it is no JSON");
	int status = read_document(known, check, root);
	json_decref(root);
	return status;
}

static bool was_failed(const struct known *known, struct check *check, const struct check_run *run,
		       const char *id)
{
	const char *key = key_of_run(check, run, id);
	return key && known->failed_len &&
	       bsearch(&key, known->failed, known->failed_len, sizeof(*known->failed),
		       compare_keys) != NULL;
}

static void apply_one(const struct known *known, struct check *check, const struct check_run *run,
		      struct finding *finding)
{
	bool deviates = finding->verdict == VERDICT_FAIL;
	if (!deviates && finding->verdict != VERDICT_PASS)
		return;
	bool before = was_failed(known, check, run, finding->id);
	if (deviates && before) {
		finding->verdict = VERDICT_EXPECTED_FAIL;
		known_remark(finding, "known: the baseline has it too");
	} else if (deviates) {
		known_remark(finding, "new since the baseline");
	} else if (before) {
		known_remark(finding, "repaired since the baseline");
	}
}

void baseline_apply(const struct known *known, struct check *check)
{
	for (size_t i = 0; i < check->runs_done; i++) {
		struct check_run *run = &check->runs[i];
		for (size_t k = 0; k < run->result.findings_len; k++)
			apply_one(known, check, run, &run->result.findings[k]);
	}
}
