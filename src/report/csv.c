/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/plain.h"
#include "registry/version.h"
#include "report/facts.h"
#include "report/text_internal.h"
#include "report/told.h"
#include "report/xml.h"

/* A quote is doubled: it ends one part, and begins the next. */
static void put_quoted(struct text *out, struct span text)
{
	while (text.len) {
		const uint8_t *quote = memchr(text.at, '"', text.len);
		size_t part = quote ? (size_t)(quote - text.at) + 1 : text.len;
		text_append(out, span_of(text.at, part));
		text_put(out, quote ? "\"" : "");
		text = span_skip(text, part);
	}
}

/* RFC 4180 2.5 to 2.7. A cell that a spreadsheet would take for a formula gets a quote in front. */
static void put_field(struct text *out, const char *text, bool last)
{
	struct text clean;
	struct span bytes = span_text(text);
	bool formula = *text && strchr("=+-@\t\r", *text);
	bool quoted = plain_len(bytes, ",\"") < bytes.len;
	text_init(&clean);
	if (plain_len(bytes, "") < bytes.len) {
		xml_clean(&clean, text);
		bytes = span_of(text_view(&clean), clean.len);
		for (size_t i = 0; i < clean.len; i++)
			if (clean.at[i] == '\t' || clean.at[i] == '\n')
				clean.at[i] = ' ';
	}
	text_put(out, quoted ? "\"" : "");
	text_put(out, formula ? "'" : "");
	put_quoted(out, bytes);
	text_put(out, quoted ? "\"" : "");
	text_put(out, last ? "\r\n" : ",");
	text_release(&clean);
}

static void put_settings(struct text *out, const struct settings *settings)
{
	struct text text;
	text_init(&text);
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++)
		text_printf(&text, "%s%s=%s", i ? " " : "", settings->policy->settings[i].name,
			    settings->policy->settings[i].values[settings->value[i]]);
	put_field(out, text_view(&text), false);
	text_release(&text);
}

static void put_run(struct text *out, const struct report_run *run)
{
	put_field(out, run->target, false);
	put_field(out, run->address, false);
	put_field(out, run->result->policy ? run->result->policy->name : "", false);
	put_settings(out, &run->result->settings);
}

static void put_made(struct text *out, void (*make)(struct text *, const struct finding *),
		     const struct finding *finding)
{
	struct text text;
	text_init(&text);
	make(&text, finding);
	put_field(out, text_view(&text), false);
	text_release(&text);
}

static void put_finding(struct text *out, const struct finding *finding)
{
	struct place place = finding_place(finding);
	char line[12] = "";
	put_field(out, finding->id, false);
	put_field(out, finding_kind_name(finding->kind), false);
	put_field(out, finding->version == VERSION_NONE ? "" : version_name(finding->version),
		  false);
	put_field(out, finding_suite_name(finding), false);
	put_made(out, finding_demand, finding);
	put_made(out, describe_full, finding);
	put_field(out, verdict_name(finding->verdict), false);
	put_field(out, finding->reason ? finding->reason : "", false);
	put_field(out, place.file ? place.file : "", false);
	if (place.file)
		snprintf(line, sizeof(line), "%u", place.line);
	put_field(out, line, true);
}

static enum fault write(struct text *out, const struct report *report)
{
	text_put(out, "target,address,policy,settings,id,kind,version,suite,expected,observed,"
		      "verdict,reason,file,line\r\n");
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct report_run *run = &report->runs[i];
		struct text head;
		text_init(&head);
		put_run(&head, run);
		for (size_t k = 0; k < run->result->findings_len; k++) {
			text_append(out, span_of(text_view(&head), head.len));
			put_finding(out, &run->result->findings[k]);
			text_settle(out);
		}
		if (head.fault != FAULT_NONE)
			out->fault = head.fault;
		text_release(&head);
	}
	return out->fault;
}

const struct report_format report_csv = {
	.name = "csv",
	.description = "a line a finding, for spreadsheets (RFC 4180)",
	.write = write,
};
