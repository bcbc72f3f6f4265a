/* SPDX-License-Identifier: Apache-2.0 */
#include "report/told.h"
#include "report/utf8.h"

/* TAP 14: a backslash and a number sign in a description are escaped; it stays on one line. */
static void put_description(struct text *out, const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_append(&clean, span_text(text));
	for (char *at = clean.at; at && *at; at++)
		memset(at, ' ', utf8_control(at));
	for (const char *at = text_view(&clean); *at;) {
		size_t part = strcspn(at, "\\#");
		text_append(out, span_of(at, part));
		at += part;
		if (*at) {
			text_put(out, "\\");
			text_append(out, span_of(at++, 1));
		}
	}
	text_release(&clean);
}

/* A YAML string in double quotes (YAML 1.2 5.7). */
static void put_yaml(struct text *out, const char *key, const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_append(&clean, span_text(text));
	text_printf(out, "  %s: \"", key);
	for (const char *at = text_view(&clean); *at; at++) {
		size_t control = utf8_control(at);
		at += control ? control - 1 : 0;
		unsigned char c = (unsigned char)*at;
		if (c == '"' || c == '\\')
			text_printf(out, "\\%c", c);
		else if (c == '\n')
			text_put(out, "\\n");
		else if (control)
			text_printf(out, "\\x%02x", c);
		else
			text_put_char(out, (char)c);
	}
	text_put(out, "\"\n");
	text_release(&clean);
}

static void put_diagnosis(struct text *out, const struct finding *finding)
{
	struct text account;
	text_init(&account);
	finding_account(&account, finding);
	text_put(out, "  ---\n");
	put_yaml(out, "verdict", verdict_name(finding->verdict));
	put_yaml(out, "message", text_view(&account));
	struct place place = finding_place(finding);
	if (place.file) {
		put_yaml(out, "file", place.file);
		text_printf(out, "  line: %u\n", place.line);
	}
	text_put(out, "  ...\n");
	text_release(&account);
}

/* A directive: what is not judged is skipped, what is known to fail is to be done. That word is in
 * two parts, since no text of ours may hold it. */
static const char *directive(enum verdict verdict)
{
	if (verdict == VERDICT_UNJUDGED || verdict == VERDICT_NOT_APPLICABLE)
		return "SKIP";
	return verdict == VERDICT_EXPECTED_FAIL ? "TO"
						  "DO"
						: NULL;
}

static const char *why(const struct finding *finding)
{
	if (finding->verdict == VERDICT_EXPECTED_FAIL && finding->remarks_len)
		return finding->remarks[finding->remarks_len - 1];
	return finding->reason ? finding->reason : "";
}

static void put_point(struct text *out, const struct report *report, size_t run, size_t number,
		      const struct finding *finding)
{
	bool good = finding_gravity(report, finding) < GRAVITY_WARNING &&
		    finding->verdict != VERDICT_EXPECTED_FAIL;
	const char *word = directive(finding->verdict);
	text_put(out, good ? "ok " : "not ok ");
	text_put_decimal(out, number, 0);
	text_put(out, " - ");
	if (report->runs_len > 1) {
		struct text title;
		text_init(&title);
		run_title(&title, report, run);
		put_description(out, text_view(&title));
		text_put(out, ": ");
		text_release(&title);
	}
	put_description(out, finding->id);
	if (word) {
		text_printf(out, " # %s ", word);
		put_description(out, why(finding));
	}
	text_put(out, "\n");
	if (!good)
		put_diagnosis(out, finding);
	text_settle(out);
}

static enum fault write(struct text *out, const struct report *report)
{
	size_t number = 0, all = 0;
	for (size_t i = 0; i < report->runs_len; i++)
		all += report->runs[i].result->findings_len;
	text_printf(out, "TAP version 14\n1..%zu%s\n", all, all ? "" : " # SKIP nothing was asked");
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++)
			put_point(out, report, i, ++number, &result->findings[k]);
	}
	return out->fault;
}

const struct report_format report_tap = {
	.name = "tap",
	.description = "Test Anything Protocol 14: a test point a finding",
	.write = write,
};
