/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "report/facts.h"
#include "report/html_internal.h"
#include "wire/annotation.h"
#include "wire/field_meaning.h"

#define BYTES_A_LINE	16
#define FIELD_LINES_MAX 16
#define LINES_MAX	1500
#define ANNOTATED_MAX	65536
#define SCRATCH_MAX	((size_t)64 << 20)

/* One direction. `left` counts the lines that may still be written. */
struct sheet {
	struct text *out;
	struct span bytes;
	size_t left;
};

static void meaning(struct text *out, const struct annotated *field, struct span bytes)
{
	struct text text;
	text_init(&text);
	field_meaning(&text, field->name, bytes);
	html_text(out, field->name);
	if (text.len) {
		text_put(out, ": <b>");
		html_text(out, text_view(&text));
		text_put(out, "</b>");
	}
	text_release(&text);
}

static void hex(struct text *out, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	char line[3 * BYTES_A_LINE];
	size_t len = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		line[len++] = digits[bytes.at[i] >> 4];
		line[len++] = digits[bytes.at[i] & 15];
		line[len++] = ' ';
	}
	text_append(out, span_of(line, len ? len - 1 : 0));
}

/* A long field is shown by its first lines. */
static void field_lines(struct sheet *sheet, const struct annotated *field)
{
	struct span bytes = span_of(sheet->bytes.at + field->offset, field->len);
	size_t shown = bytes.len, done = 0;
	if (bytes.len > BYTES_A_LINE * FIELD_LINES_MAX)
		shown = BYTES_A_LINE * (FIELD_LINES_MAX - 1);
	for (; done < shown; done += BYTES_A_LINE) {
		struct span left = span_skip(span_of(bytes.at, shown), done);
		left.len = left.len < BYTES_A_LINE ? left.len : BYTES_A_LINE;
		text_printf(sheet->out, "<tr><td>%04zx<td>", field->offset + done);
		hex(sheet->out, left);
		text_printf(sheet->out, "<td class=\"d%u\">", field->depth < 8 ? field->depth : 8);
		if (done == 0)
			meaning(sheet->out, field, bytes);
		text_put(sheet->out, "\n");
		sheet->left -= sheet->left > 0;
	}
	if (shown < bytes.len)
		text_printf(sheet->out,
			    "<tr><td>%04zx<td>\xE2\x80\xA6<td class=\"d%u\">%zu bytes "
			    "more\n",
			    field->offset + shown, field->depth < 8 ? field->depth : 8,
			    bytes.len - shown);
}

static void field(struct sheet *sheet, const struct annotated *field)
{
	if (field->len) {
		field_lines(sheet, field);
		return;
	}
	sheet->left -= sheet->left > 0;
	text_printf(sheet->out, "<tr><td>%04zx<td><td class=\"d%u%s\">", field->offset,
		    field->depth < 8 ? field->depth : 8, field->heading ? " h" : "");
	html_text(sheet->out, field->name);
	text_put(sheet->out, field->heading ? "\n" : ": empty\n");
}

static void sheet_lines(struct sheet *sheet, const struct annotation *annotation)
{
	size_t i = 0;
	for (; i < annotation->len && sheet->left; i++)
		field(sheet, &annotation->fields[i]);
	size_t at = i < annotation->len ? annotation->fields[i].offset : annotation->at;
	if (at < sheet->bytes.len)
		text_printf(sheet->out,
			    "<tr><td>%04zx<td>\xE2\x80\xA6<td>%zu bytes more, which the JSON "
			    "report has\n",
			    at, sheet->bytes.len - at);
}

/* What costs more to name than is admitted stays one field: no peer can take the report away. */
static enum fault name_bytes(struct annotation *out, struct span bytes, bool server,
			     struct arena *scratch)
{
	arena_init(scratch, SCRATCH_MAX);
	enum fault fault = annotate(out, bytes, server, scratch);
	if (fault != FAULT_TOO_LARGE)
		return fault;
	arena_release(scratch);
	annotation_init(out, NULL, 0, scratch);
	annotation_field(out, "bytes", bytes.len, 0);
	return scratch->fault;
}

static void direction(struct text *out, struct html_run *run, struct span bytes, bool server,
		      uint64_t us)
{
	const char *name = server ? "Received" : "Sent";
	struct arena scratch;
	struct annotation annotation;
	struct sheet sheet = { .out = out, .bytes = bytes, .left = LINES_MAX };
	if (!bytes.len) {
		text_printf(out, "<p>%s: nothing.</p>\n", name);
		return;
	}
	struct span first =
		span_of(bytes.at, bytes.len < ANNOTATED_MAX ? bytes.len : ANNOTATED_MAX);
	enum fault fault = name_bytes(&annotation, first, server, &scratch);
	if (fault != FAULT_NONE)
		run->arena->fault = fault;
	text_printf(out,
		    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s bytes\">"
		    "<table class=\"hex\"><caption>%s: %zu bytes, %.3f ms after the run began"
		    "</caption>\n<thead><tr><th scope=\"col\">Offset</th><th scope=\"col\">Bytes"
		    "</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n",
		    name, name, bytes.len, (double)us / 1000.0);
	if (fault == FAULT_NONE)
		sheet_lines(&sheet, &annotation);
	text_put(out, "</tbody></table></div>\n");
	arena_release(&scratch);
}

void html_evidence(struct text *out, struct html_run *run, size_t index)
{
	size_t number = run->evidence_of[index];
	if (!number)
		return;
	if (run->told[number - 1]) {
		text_printf(out,
			    "<p class=\"shared\"><a href=\"#r%zue%zu\">Evidence, which other "
			    "findings share</a></p>\n",
			    run->index + 1, number);
		return;
	}
	const struct report_evidence *evidence =
		run_evidence(run->run, &run->run->result->findings[index]);
	run->told[number - 1] = true;
	text_printf(out,
		    "<details class=\"ev\" id=\"r%zue%zu\"><summary>Evidence: %zu bytes sent, %zu "
		    "received</summary>\n",
		    run->index + 1, number, evidence->sent.len, evidence->received.len);
	direction(out, run, evidence->sent, false, evidence->started_us);
	direction(out, run, evidence->received, true, evidence->ended_us);
	text_put(out, "</details>\n");
}
