/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"

/* An SSLv2 SERVER-HELLO selects nothing: a kind is accepted when it is listed (DESIGN 3, rule 5).
 */
static bool kinds_have(struct span kinds, uint32_t kind)
{
	for (size_t i = 0; i + 3 <= kinds.len; i += 3) {
		const uint8_t *at = kinds.at + i;
		if (((uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2]) == kind)
			return true;
	}
	return false;
}

bool finding_is_accepted(const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	if (finding->kind == FINDING_PLAINTEXT)
		return seen->outcome == OUTCOME_PLAINTEXT;
	if (seen->outcome != OUTCOME_SERVER_HELLO && seen->outcome != OUTCOME_HELLO_RETRY_REQUEST)
		return false;
	if (seen->version != finding->version)
		return false;
	if (finding->kind == FINDING_VERSION)
		return true;
	if (finding->version == SSLV2)
		return kinds_have(seen->kinds, finding->suite);
	return finding->kind == FINDING_SUITE && seen->suite == finding->suite;
}

const char *finding_suite_name(const struct finding *finding)
{
	const char *slash = strrchr(finding->id, '/');
	return finding->kind == FINDING_SUITE && slash ? slash + 1 : "";
}

const struct finding *finding_by_kind(const struct run_result *result, enum finding_kind kind,
				      size_t *at)
{
	while (*at < result->findings_len) {
		const struct finding *finding = &result->findings[(*at)++];
		if (finding->kind == kind)
			return finding;
	}
	return NULL;
}

size_t result_accepted(const struct run_result *result, enum version version, size_t *asked)
{
	size_t count = 0;
	*asked = 0;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->kind != FINDING_SUITE || finding->version != version)
			continue;
		++*asked;
		count += finding_is_accepted(finding);
	}
	return count;
}

void report_counts(size_t counts[VERDICTS_LEN], const struct report *report)
{
	memset(counts, 0, VERDICTS_LEN * sizeof(counts[0]));
	for (size_t i = 0; i < report->runs_len; i++) {
		for (size_t v = 0; v < VERDICTS_LEN; v++)
			counts[v] += report->runs[i].result->counts[v];
	}
}

bool report_settings_differ(const struct report *report)
{
	for (size_t i = 1; i < report->runs_len; i++) {
		const struct settings *a = &report->runs[0].result->settings;
		const struct settings *b = &report->runs[i].result->settings;
		for (size_t s = 0; a->policy && s < a->policy->settings_len; s++) {
			if (a->policy != b->policy || a->value[s] != b->value[s])
				return true;
		}
	}
	return false;
}

bool report_targets_differ(const struct report *report)
{
	for (size_t i = 1; i < report->runs_len; i++) {
		const struct report_run *a = &report->runs[0], *b = &report->runs[i];
		if (!(a->builtin && b->builtin) && strcmp(a->target, b->target) != 0)
			return true;
	}
	return false;
}

static size_t label_settings(struct text *out, const struct settings *settings, const char *before)
{
	size_t count = 0;
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++) {
		const struct setting *setting = &settings->policy->settings[i];
		if (settings->value[i] == setting->default_value)
			continue;
		text_printf(out, "%s%s=%s", before, setting->name,
			    setting->values[settings->value[i]]);
		before = " ";
		count++;
	}
	return count;
}

void run_label(struct text *out, const struct report *report, size_t run)
{
	const struct report_run *it = &report->runs[run];
	if (report_targets_differ(report)) {
		text_put(out, it->target);
		if (it->result->policy)
			text_printf(out, " %s", it->result->policy->name);
		label_settings(out, &it->result->settings, " ");
	} else if (!report_settings_differ(report)) {
		text_put(out, it->address);
	} else if (!label_settings(out, &it->result->settings, "")) {
		text_put(out, "every setting at its default");
	}
}

const struct report_evidence *run_evidence(const struct report_run *run,
					   const struct finding *finding)
{
	size_t low = 0, high = run->evidence ? run->evidence_len : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (run->evidence[middle].probe < finding->observed.probe)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = run->evidence && low < run->evidence_len && finding->observed.probe != 0 &&
		     run->evidence[low].probe == finding->observed.probe;
	return found ? &run->evidence[low] : NULL;
}
