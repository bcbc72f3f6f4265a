/* SPDX-License-Identifier: Apache-2.0 */
#include "report/told.h"

#include <mbedtls/sha256.h>

#include "base/hex.h"
#include "report/case_words.h"
#include "report/facts.h"
#include "report/text_internal.h"

enum gravity finding_gravity(const struct report *report, const struct finding *finding)
{
	switch (finding->verdict) {
	case VERDICT_FAIL:
	case VERDICT_ERROR:
		return GRAVITY_ERROR;
	case VERDICT_INCONCLUSIVE:
		return GRAVITY_WARNING;
	case VERDICT_UNEXPECTED_PASS:
		return report->strict_expected ? GRAVITY_ERROR : GRAVITY_NOTE;
	case VERDICT_REMARK:
	case VERDICT_EXPECTED_FAIL:
		return GRAVITY_NOTE;
	case VERDICT_PASS:
		return finding->since == SINCE_REPAIRED ? GRAVITY_NOTE : GRAVITY_NONE;
	case VERDICT_UNJUDGED:
	case VERDICT_NOT_APPLICABLE:
	case VERDICTS_LEN:
		break;
	}
	return GRAVITY_NONE;
}

bool finding_is_issue(const struct report *report, const struct finding *finding)
{
	return finding->verdict != VERDICT_PASS && finding_gravity(report, finding) != GRAVITY_NONE;
}

void gravity_counts(size_t counts[GRAVITY_ERROR + 1], const struct report *report)
{
	memset(counts, 0, (GRAVITY_ERROR + 1) * sizeof(counts[0]));
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++)
			counts[finding_gravity(report, &result->findings[k])]++;
	}
}

struct place finding_place(const struct finding *finding)
{
	if (finding_is_case(finding))
		return finding->of->at;
	if (finding->expected.rule)
		return finding->expected.rule->at;
	return (struct place){ .file = NULL };
}

void finding_rule_name(struct text *out, const struct finding *finding)
{
	const char *id = finding->id;
	size_t len = strlen(id);
	const char *slash = strchr(id, '/');
	const char *second = slash ? strchr(slash + 1, '/') : NULL;
	if ((finding->kind == FINDING_CASE || finding->kind == FINDING_SUITE) && second)
		len = (size_t)(second - id);
	text_append(out, span_of(id, len));
}

static void demand_row(struct text *out, const struct rule *rule)
{
	text_put(out, " (");
	if (rule->table->cite)
		text_join(out, "\"", rule->table->cite, "\", ");
	text_join(out, rule->at.file, ":");
	text_put_decimal(out, rule->at.line, 0);
	text_join(out, ": ", rule->row, ")");
}

void finding_demand(struct text *out, const struct finding *finding)
{
	const struct citation *citation = finding_citation(finding);
	if (finding_is_case(finding)) {
		text_put(out, finding->demanded ? finding->demanded : "see the case");
		if (citation)
			text_printf(out, " (%s %s)", citation->text,
				    case_level_name(citation->level));
		return;
	}
	text_join(out, ruling_name(finding->expected.kind),
		  finding->expected.inferred ? ", inferred" : "");
	if (finding->expected.rule)
		demand_row(out, finding->expected.rule);
	if (finding->expected.against) {
		text_put(out, " against reject");
		demand_row(out, finding->expected.against);
	}
}

void finding_account(struct text *out, const struct finding *finding)
{
	if (finding->reason)
		text_printf(out, "%s\n", finding->reason);
	text_put(out, "expected: ");
	finding_demand(out, finding);
	text_put(out, "\nobserved: ");
	describe_full(out, finding);
	text_put(out, "\n");
	if (finding_is_case(finding) && finding->of->why)
		text_printf(out, "why: %s\n", finding->of->why);
	if (finding_is_case(finding) && finding->of->cve)
		text_printf(out, "known bug: %s%s%s\n", finding->of->cve,
			    finding->of->cve_shows ? ": " : "",
			    finding->of->cve_shows ? finding->of->cve_shows : "");
	if (finding->control)
		text_printf(out, "control: %s\n", finding->control);
	for (size_t i = 0; i < finding->remarks_len; i++)
		text_printf(out, "remark: %s\n", finding->remarks[i]);
}

static void title_settings(struct text *out, const struct settings *settings, bool all)
{
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++) {
		const struct setting *setting = &settings->policy->settings[i];
		if (all || settings->value[i] != setting->default_value)
			text_printf(out, " %s=%s", setting->name,
				    setting->values[settings->value[i]]);
	}
}

/* Where a name has several addresses, each has a run of its own under the same target. */
static bool shares_target(const struct report *report, size_t run)
{
	for (size_t i = 0; i < report->runs_len; i++)
		if (i != run && strcmp(report->runs[i].target, report->runs[run].target) == 0)
			return true;
	return false;
}

void run_title(struct text *out, const struct report *report, size_t run)
{
	const struct report_run *it = &report->runs[run];
	text_put(out, it->builtin ? "built-in endpoint" : it->target);
	if (!it->builtin && shares_target(report, run) && !strstr(it->target, it->address))
		text_printf(out, " at %s", it->address);
	if (it->result->policy)
		text_printf(out, " %s", it->result->policy->name);
	title_settings(out, &it->result->settings, false);
}

void finding_fingerprint(char out[FINGERPRINT_TEXT], const struct report *report, size_t run,
			 const struct finding *finding)
{
	const struct report_run *it = &report->runs[run];
	uint8_t hash[32] = { 0 };
	struct text text;
	text_init(&text);
	text_printf(&text, "%s\n%s\n", it->builtin ? "" : it->target,
		    it->result->policy ? it->result->policy->name : "");
	title_settings(&text, &it->result->settings, true);
	text_printf(&text, "\n%s", finding->id);
	if (mbedtls_sha256_ret((const unsigned char *)text_view(&text), text.len, hash, 0) != 0)
		memset(hash, 0, sizeof(hash));
	hex_encode(out, span_of(hash, sizeof(hash)));
	text_release(&text);
}
