/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* A report and what reading it made, both written by one format. */
struct again {
	struct arena arena;
	struct report report;
	struct text text;
	char why[256];
};

static enum fault read_text(struct again *again, const char *text)
{
	*again = (struct again){ .report = { .runs_len = 0 } };
	arena_init(&again->arena, (size_t)64 << 20);
	text_init(&again->text);
	return report_read(&again->report, &again->arena, "r.json", span_text(text), again->why,
			   sizeof(again->why));
}

static void release(struct again *again)
{
	text_release(&again->text);
	arena_release(&again->arena);
}

static void assert_same_in(struct sample *sample, const struct report_format *format)
{
	struct again again;
	char *json = strdup(sample_write(sample, &report_json));
	cr_assert_eq(read_text(&again, json), FAULT_NONE, "%s", again.why);
	again.report.verbose = sample->report.verbose;
	cr_assert_eq(format->write(&again.text, &again.report), FAULT_NONE);
	cr_assert_str_eq(text_view(&again.text), sample_write(sample, format));
	release(&again);
	free(json);
}

/* One finding of each kind of answer. */
static void fill(struct sample *sample)
{
	static struct refusal refusal = { .sqlstate = "28000", .message = "no \xC3\xA4ntry" };
	static const uint8_t kinds[] = { 1, 0, 0x80, 7, 0, 0xC0 };
	sample_init(sample);
	struct finding *rejected = sample_add(sample, "TLS_A", 0x2F, VERDICT_FAIL);
	rejected->proof = PROOF_GROUP;
	rejected->group_len = 64;
	rejected->control = "control@TLS1.2 TLS_X";
	rejected->remarks[rejected->remarks_len++] = "new since the baseline";
	struct finding *refused = sample_add(sample, "TLS_B", 0x35, VERDICT_PASS);
	refused->observed.outcome = OUTCOME_REFUSED;
	refused->observed.refusal = &refusal;
	struct finding *odd = sample_add(sample, "TLS_C", 0x39, VERDICT_INCONCLUSIVE);
	odd->observed.outcome = OUTCOME_GARBAGE;
	odd->observed.message = "not a record: \x1b[31m";
	struct finding *hello = sample_add(sample, "TLS_D", 0x3C, VERDICT_FAIL);
	hello->observed.outcome = OUTCOME_SERVER_HELLO;
	hello->observed.version = TLS1_2;
	hello->observed.version_code = 0x0303;
	hello->observed.suite = 0x3C;
	hello->observed.group = 0x001D;
	hello->observed.signature_scheme = 0x0999;
	hello->observed.dh_bits = 1024;
	hello->observed.depth = DEPTH_FINISHED;
	hello->observed.broken = "a rule";
	struct finding *old = sample_add_version(sample, SSLV2, VERDICT_UNJUDGED);
	old->observed.kinds = span_of(kinds, sizeof(kinds));
	struct finding *unknown = sample_add_version(sample, TLS1_1, VERDICT_REMARK);
	unknown->observed.version = VERSION_NONE;
	unknown->observed.version_code = 0x0399;
	sample_add_case(sample, VERDICT_PASS, GRADE_TOLERATED);
	sample_add_case(sample, VERDICT_FAIL, GRADE_NONE);
}

Test(read, json_of_what_was_read_is_the_same)
{
	struct sample sample;
	fill(&sample);
	assert_same_in(&sample, &report_json);
	sample_release(&sample);
}

Test(read, text_of_what_was_read_is_the_same)
{
	struct sample sample;
	fill(&sample);
	assert_same_in(&sample, &report_text);
	sample.report.verbose = true;
	assert_same_in(&sample, &report_text);
	sample_release(&sample);
}

Test(read, evidence_is_kept_for_its_finding)
{
	struct sample sample;
	struct report_evidence evidence = { .probe = 7,
					    .started_us = 1500,
					    .ended_us = 1700,
					    .sent = span_of("\x16\x03", 2),
					    .received = span_of("\x15", 1) };
	sample_init(&sample);
	sample_add(&sample, "TLS_A", 0x2F, VERDICT_PASS)->observed.probe = 9;
	sample_add(&sample, "TLS_B", 0x35, VERDICT_FAIL);
	sample.run.evidence = &evidence;
	sample.run.evidence_len = 1;
	assert_same_in(&sample, &report_json);
	sample_release(&sample);
}

Test(read, several_runs_share_their_policy)
{
	struct sample sample;
	struct report_run runs[2];
	struct run_result other;
	fill(&sample);
	runs[0] = runs[1] = sample.run;
	other = sample.result;
	other.settings.value[0] = 0;
	runs[1].result = &other;
	sample.report.runs = runs;
	sample.report.runs_len = 2;
	assert_same_in(&sample, &report_json);
	assert_same_in(&sample, &report_text);
	sample_release(&sample);
}

/* Replaces `from` in a good report by `to`, and expects the sentence. */
static void assert_refused(const char *from, const char *to, const char *why)
{
	struct sample sample;
	struct again again;
	struct text text;
	fill(&sample);
	const char *json = sample_write(&sample, &report_json);
	const char *at = strstr(json, from);
	cr_assert_not_null(at, "'%s' is not in the report", from);
	text_init(&text);
	text_append(&text, span_of(json, (size_t)(at - json)));
	text_append(&text, span_text(to));
	text_append(&text, span_text(at + strlen(from)));
	cr_expect_eq(read_text(&again, text_view(&text)), FAULT_MALFORMED);
	cr_expect_str_eq(again.why, why);
	release(&again);
	text_release(&text);
	sample_release(&sample);
}

Test(read, what_is_wrong_is_named)
{
	assert_refused("tlsgauge.report/1", "tlsgauge.report/2",
		       "r.json: is no report of the schema tlsgauge.report/1");
	assert_refused("\"verdict\": \"fail\"", "\"verdict\": \"failed\"",
		       "r.json: findings[0].verdict is no word that is known: 'failed'");
	assert_refused("\"group_size\": 64", "\"group_size\": -1",
		       "r.json: findings[0].group_size is no whole number from 0 to 4294967295");
	assert_refused("\"suite_code\": \"0x0035\"", "\"suite_code\": \"0x10035\"",
		       "r.json: findings[1].suite_code is no code from 0x0000 to 0xFFFF: "
		       "'0x10035'");
	assert_refused("\"run\": 0", "\"run\": 7",
		       "r.json: findings[0].run is no whole number from 0 to 0");
	assert_refused("\"findings\"", "\"found\"", "r.json: findings is missing");
	assert_refused("\"alert decode_error\"", "\"alert nonsense\"",
		       "r.json: findings[6].expected names no outcome: 'alert nonsense'");
}

static bool has_control(const char *text)
{
	for (const uint8_t *at = (const uint8_t *)text; *at; at++)
		if ((*at < ' ' && *at != '\n') || *at == 0x7F || (*at == 0xC2 && at[1] < 0xA0))
			return true;
	return false;
}

/* Somebody may have changed the file: \u001B, \u007F and \u0085 in every name. */
static void assert_harmless(const char *control)
{
	static const struct report_format *const formats[] = { &report_text, &report_markdown,
							       &report_tap, &report_github };
	char json[1024];
	struct again again;
	snprintf(
		json, sizeof(json),
		"{\"schema\": \"tlsgauge.report/1\", \"runs\": [{\"target\": \"t%s\", \"policy\": "
		"\"p%s\", \"settings\": {\"a%s\": \"v%s\"}}, {}], \"findings\": [{\"id\": \"i%s\", "
		"\"verdict\": \"fail\", \"reason\": \"r%s\"}]}",
		control, control, control, control, control, control);
	cr_assert_eq(read_text(&again, json), FAULT_NONE, "%s", again.why);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		text_release(&again.text);
		text_init(&again.text);
		cr_assert_eq(formats[i]->write(&again.text, &again.report), FAULT_NONE);
		cr_expect(!has_control(text_view(&again.text)), "%s: %s", formats[i]->name,
			  text_view(&again.text));
	}
	release(&again);
}

Test(read, a_changed_report_cannot_drive_the_terminal)
{
	assert_harmless("\\u001B");
	assert_harmless("\\u007F");
	assert_harmless("\\u0085");
}

Test(read, what_is_no_json_is_refused_with_its_place)
{
	struct again again;
	cr_assert_eq(read_text(&again, "{\n \"schema\" 1}"), FAULT_MALFORMED);
	cr_assert_str_eq(again.why, "r.json:2:11: no JSON: ':' expected near '1'");
	release(&again);
}
