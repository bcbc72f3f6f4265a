/* SPDX-License-Identifier: Apache-2.0 */
#include "report/told.h"
#include "report/utf8.h"

/* A step's annotations of one kind that are shown: ten. */
#define OF_A_KIND_MAX 10

/* Workflow commands end at a line's end, and their properties at a comma or a colon. */
static void put_escaped(struct text *out, const char *text, bool property)
{
	struct text clean;
	text_init(&clean);
	utf8_append(&clean, span_text(text));
	for (const char *at = text_view(&clean); *at; at++) {
		unsigned char c = (unsigned char)*at;
		size_t control = utf8_control(at);
		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			text_printf(out, "%%%02X", c);
		else
			text_put_char(out, control ? ' ' : (char)c);
		at += control ? control - 1 : 0;
	}
	text_release(&clean);
}

static const char *command(enum gravity gravity)
{
	static const char *const words[] = { "", "notice", "warning", "error" };
	return words[gravity];
}

static void put_title(struct text *out, const struct report *report, size_t run,
		      const struct finding *finding)
{
	struct text title;
	text_init(&title);
	text_printf(&title, "%s: %s", finding->id, verdict_name(finding->verdict));
	if (report->runs_len > 1) {
		text_put(&title, ", ");
		run_title(&title, report, run);
	}
	put_escaped(out, text_view(&title), true);
	text_release(&title);
}

static void put_annotation(struct text *out, const struct report *report, size_t run,
			   const struct finding *finding, enum gravity gravity)
{
	struct place place = finding_place(finding);
	struct text account;
	text_printf(out, "::%s ", command(gravity));
	if (place.file) {
		text_put(out, "file=");
		put_escaped(out, place.file, true);
		text_printf(out, ",line=%u,", place.line);
	}
	text_put(out, "title=");
	put_title(out, report, run, finding);
	text_put(out, "::");
	text_init(&account);
	finding_account(&account, finding);
	put_escaped(out, text_view(&account), false);
	text_release(&account);
	text_put(out, "\n");
}

static void put_kind(struct text *out, const struct report *report, enum gravity gravity)
{
	size_t count = 0;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (finding_gravity(report, finding) != gravity)
				continue;
			if (++count <= OF_A_KIND_MAX)
				put_annotation(out, report, i, finding, gravity);
		}
	}
	if (count > OF_A_KIND_MAX)
		text_printf(out, "tlsgauge: %zu further %ss are in the other reports\n",
			    count - OF_A_KIND_MAX, command(gravity));
}

static enum fault write(struct text *out, const struct report *report)
{
	for (enum gravity gravity = GRAVITY_ERROR; gravity > GRAVITY_NONE; gravity--)
		put_kind(out, report, gravity);
	return out->fault;
}

const struct report_format report_github = {
	.name = "github",
	.description = "annotations of a GitHub workflow, worst first, at most ten of a kind",
	.write = write,
};
