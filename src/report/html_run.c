/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "report/html_internal.h"
#include "report/told.h"

static void fact(struct text *out, const char *name, const char *text)
{
	if (!text)
		return;
	text_printf(out, "<dt>%s</dt><dd>", name);
	html_text(out, text);
	text_put(out, "</dd>\n");
}

static void policy(struct text *out, const struct policy *policy)
{
	text_put(out, "<dt>Policy</dt><dd>");
	html_text(out, policy->name);
	text_put(out, "</dd>\n");
	if (!policy->source)
		return;
	text_put(out, "<dt>It restates</dt><dd>\xE2\x80\x9C");
	html_text(out, policy->source);
	text_put(out, "\xE2\x80\x9D");
	if (policy->source_date) {
		text_put(out, " of ");
		html_text(out, policy->source_date);
	}
	text_put(out, "</dd>\n");
}

static void setting_values(struct text *out, const struct settings *settings)
{
	const struct policy *policy = settings->policy;
	if (!policy->settings_len)
		return;
	text_put(out, "<dt>Settings</dt><dd>");
	for (size_t i = 0; i < policy->settings_len; i++) {
		const struct setting *setting = &policy->settings[i];
		text_put(out, "<code>");
		html_text(out, setting->name);
		text_put(out, "=");
		html_text(out, setting->values[settings->value[i]]);
		bool silent = !settings->given[i] && settings->value[i] == setting->default_value;
		text_put(out, silent ? "</code> (default) " : "</code> ");
	}
	text_put(out, "</dd>\n");
}

static void judged_by(struct text *out, const struct settings *settings)
{
	char day[11];
	setting_values(out, settings);
	fact(out, "Contradictions",
	     settings->strict ? "reject beats accept (strict)" : "reported, not judged");
	date_print(day, settings->today);
	fact(out, "Judged as of", day);
}

static void effort(struct text *out, const struct html_run *run)
{
	const struct run_result *result = run->run->result;
	fact(out, "Depth", run->run->depth);
	fact(out, "Started", run->run->started);
	text_printf(out,
		    "<dt>Effort</dt><dd>%" PRIu32 " connections, %" PRIu32 " retries, %" PRIu64
		    " ms, seed %" PRIu64 "</dd>\n",
		    result->connections, result->retries, run->run->duration_ms, run->run->seed);
	text_printf(out,
		    "<dt>Controls</dt><dd>%" PRIu32 " asked, %" PRIu32 " failed; %" PRIu32
		    " audits of group proofs</dd>\n",
		    result->controls, result->controls_failed, result->audits);
	if (result->interrupted)
		fact(out, "Interrupted", "the run was ended before everything was asked");
	if (!result->reached)
		fact(out, "Reached", "no: the endpoint never answered");
}

static void facts(struct text *out, const struct html_run *run)
{
	const struct run_result *result = run->run->result;
	text_put(out, "<dl class=\"facts\">\n");
	fact(out, "Target", run->run->target);
	if (run->run->builtin)
		fact(out, "Endpoint", "the one built into tlsgauge, in the same process");
	fact(out, "Address", run->run->address);
	if (result->policy) {
		policy(out, result->policy);
		judged_by(out, &result->settings);
	}
	effort(out, run);
	text_put(out, "</dl>\n");
	for (size_t i = 0; i < result->notes_len; i++) {
		text_put(out, "<p class=\"note\"><b>Note:</b> ");
		html_text(out, result->notes[i]);
		text_put(out, "</p>\n");
	}
}

static void heading(struct text *out, const struct html_run *run)
{
	const char *word, *class = html_result(run_exit_status(run->run->result), &word);
	text_printf(out, "<section aria-labelledby=\"r%zu\">\n<h2 id=\"r%zu\">", run->index + 1,
		    run->index + 1);
	if (run->report->runs_len > 1)
		text_printf(out, "Run %zu: ", run->index + 1);
	html_title(out, run->report, run->index);
	text_printf(out, " <b class=\"v %s\">%s</b></h2>\n", class, word);
}

void html_run(struct text *out, struct html_run *run)
{
	heading(out, run);
	if (run->report->runs_len > 1) {
		html_counts(out, run->run, 1);
		html_contents(out, run->report, run->index);
	}
	text_printf(out, "<h3 id=\"r%zua\">What was asked of whom</h3>\n", run->index + 1);
	facts(out, run);
	html_matrix(out, run);
	html_themes(out, run);
	html_findings(out, run);
	html_rows(out, run);
	text_put(out, "</section>\n");
}
