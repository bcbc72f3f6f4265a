/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "report/case_words.h"
#include "report/facts.h"
#include "report/text_internal.h"
#include "report/told.h"
#include "report/utf8.h"

#define LISTED_MAX 50

/* Text that is shown as it is: what Markdown or HTML would act on is escaped, lines are joined. */
static void put_plain(struct text *out, const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_append(&clean, span_text(text));
	for (const char *at = text_view(&clean); *at; at++) {
		size_t control = utf8_control(at);
		if (*at == '<' || *at == '>' || *at == '&')
			text_put(out, *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : "&amp;");
		else if (strchr("\\`*_{}[]()#+!|~$@", *at))
			text_printf(out, "\\%c", *at);
		else
			text_put_char(out, control ? ' ' : *at);
		at += control ? control - 1 : 0;
	}
	text_release(&clean);
}

static void put_made(struct text *out, void (*make)(struct text *, const struct finding *),
		     const struct finding *finding)
{
	struct text text;
	text_init(&text);
	make(&text, finding);
	put_plain(out, text_view(&text));
	text_release(&text);
}

static void put_title(struct text *out, const struct report *report, size_t run)
{
	struct text title;
	text_init(&title);
	run_title(&title, report, run);
	put_plain(out, text_view(&title));
	text_release(&title);
}

static void put_runs(struct text *out, const struct report *report)
{
	text_put(out, "| run | pass | fail | known | open | unjudged | result |\n"
		      "| --- | ---: | ---: | ---: | ---: | ---: | --- |\n");
	for (size_t i = 0; i < report->runs_len; i++) {
		static const char *const words[] = { "pass", "**FAIL**", "?", "inconclusive",
						     "**ERROR**" };
		const struct run_result *result = report->runs[i].result;
		const size_t *counts = result->counts;
		text_put(out, "| ");
		put_title(out, report, i);
		text_printf(out, " | %zu | %zu | %zu | %zu | %zu | %s |\n",
			    counts[VERDICT_PASS] + counts[VERDICT_REMARK], counts[VERDICT_FAIL],
			    counts[VERDICT_EXPECTED_FAIL], counts[VERDICT_INCONCLUSIVE],
			    counts[VERDICT_UNJUDGED], words[run_exit_status(result)]);
	}
}

static void put_version(struct text *out, const struct run_result *result,
			const struct finding *finding)
{
	size_t asked, accepted = result_accepted(result, finding->version, &asked);
	text_printf(out, "| %s | %s%s | ",
		    finding->kind == FINDING_PLAINTEXT ? "no TLS" : version_name(finding->version),
		    ruling_name(finding->expected.kind), finding->expected.inferred ? "?" : "");
	put_made(out, describe_brief, finding);
	if (finding->kind == FINDING_VERSION)
		text_printf(out, " | %zu | %s |\n", accepted, verdict_name(finding->verdict));
	else
		text_printf(out, " | | %s |\n", verdict_name(finding->verdict));
}

static void put_versions(struct text *out, const struct run_result *result)
{
	bool begun = false;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->kind != FINDING_VERSION && finding->kind != FINDING_PLAINTEXT)
			continue;
		if (!begun)
			text_put(out, "\n| version | expected | observed | suites | verdict |\n"
				      "| --- | --- | --- | ---: | --- |\n");
		begun = true;
		put_version(out, result, finding);
	}
}

static void put_item(struct text *out, const struct finding *finding)
{
	text_put(out, "- **");
	put_plain(out, finding->id);
	text_put(out, "**: ");
	put_plain(out, finding->reason ? finding->reason : "");
	text_put(out, "  \n  expected ");
	put_made(out, finding_demand, finding);
	text_put(out, "; observed ");
	put_made(out, describe_full, finding);
	for (size_t i = 0; i < finding->remarks_len; i++) {
		text_put(out, "  \n  *");
		put_plain(out, finding->remarks[i]);
		text_put(out, "*");
	}
	text_put(out, "\n");
}

static void put_list(struct text *out, const struct report *report, const struct run_result *result,
		     enum gravity gravity, const char *heading)
{
	size_t count = 0;
	for (size_t i = 0; i < result->findings_len; i++) {
		if (finding_gravity(report, &result->findings[i]) != gravity)
			continue;
		if (!count)
			text_printf(out, "\n### %s\n\n", heading);
		if (++count <= LISTED_MAX)
			put_item(out, &result->findings[i]);
	}
	if (count > LISTED_MAX)
		text_printf(out, "- and %zu more\n", count - LISTED_MAX);
}

static bool has_news(const struct report *report, const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++)
		if (finding_gravity(report, &result->findings[i]) > GRAVITY_NONE)
			return true;
	return false;
}

static void put_note(struct text *out, const char *note)
{
	text_put(out, "\n> ");
	put_plain(out, note);
	text_put(out, "\n");
}

static void put_details(struct text *out, const struct report *report, size_t run)
{
	const struct run_result *result = report->runs[run].result;
	if (report->runs_len > 1) {
		if (!has_news(report, result))
			return;
		text_printf(out, "\n## Run %zu: ", run + 1);
		put_title(out, report, run);
		text_put(out, "\n");
	}
	for (size_t i = 0; i < result->notes_len; i++)
		put_note(out, result->notes[i]);
	if (report->runs[run].resumed)
		put_note(out, report->runs[run].resumed);
	put_versions(out, result);
	put_list(out, report, result, GRAVITY_ERROR, "Does not conform");
	put_list(out, report, result, GRAVITY_WARNING, "Inconclusive");
	put_list(out, report, result, GRAVITY_NOTE, "Known, or remarked");
}

static enum fault write(struct text *out, const struct report *report)
{
	static const char *const words[] = { "PASS", "FAIL", "?", "INCONCLUSIVE", "ERROR" };
	uint64_t connections = 0, ms = 0;
	text_printf(out, "# tlsgauge: %s\n\n", words[report_exit_status(report)]);
	put_runs(out, report);
	for (size_t i = 0; i < report->runs_len; i++) {
		put_details(out, report, i);
		connections += report->runs[i].result->connections;
		ms += report->runs[i].duration_ms;
	}
	text_printf(out, "\n%" PRIu64 " connections, %" PRIu64 " ms, tlsgauge %s\n", connections,
		    ms, TLSGAUGE_VERSION);
	return out->fault;
}

const struct report_format report_markdown = {
	.name = "markdown",
	.description = "a summary with tables, for a job's page or a comment",
	.write = write,
};
