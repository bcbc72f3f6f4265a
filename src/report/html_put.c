/* SPDX-License-Identifier: Apache-2.0 */
#include "base/plain.h"
#include "report/html_internal.h"
#include "report/told.h"
#include "report/utf8.h"

static const char *reference(uint8_t c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static uint32_t code_point(struct span sequence)
{
	static const uint8_t lead[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t code = sequence.at[0] & lead[sequence.len];
	for (size_t i = 1; i < sequence.len; i++)
		code = code << 6 | (sequence.at[i] & 0x3F);
	return code;
}

/* Controls, and what shows nothing or reorders what stands beside it. */
static bool is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1F },	    { 0x7F, 0x9F },	{ 0xAD, 0xAD },	      { 0x61C, 0x61C },
		{ 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },   { 0xFDD0, 0xFDEF },
		{ 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFF }, { 0xE0000, 0xE0FFF },
	};
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return (code & 0xFFFE) == 0xFFFE;
}

#define SPECIAL "<>&\"'"

static void escape_sequence(struct text *out, struct span sequence, bool valid)
{
	const char *name = reference(sequence.at[0]);
	if (name)
		text_put(out, name);
	else if (valid && !is_hidden(code_point(sequence)))
		text_append(out, sequence);
	else
		for (size_t i = 0; i < sequence.len; i++)
			text_printf(out, "\\x%02x", sequence.at[i]);
}

void html_escape(struct text *out, struct span bytes)
{
	while (bytes.len) {
		size_t plain = plain_len(bytes, SPECIAL);
		text_append(out, span_of(bytes.at, plain));
		bytes = span_skip(bytes, plain);
		if (!bytes.len)
			break;
		size_t len = utf8_sequence(bytes);
		escape_sequence(out, span_of(bytes.at, len ? len : 1), len > 0);
		bytes = span_skip(bytes, len ? len : 1);
	}
}

void html_text(struct text *out, const char *text)
{
	html_escape(out, span_text(text ? text : ""));
}

/* Mostly what is made needs no escaping, and may stay where it was written. */
void html_made(struct text *out, void (*make)(struct text *, const struct finding *),
	       const struct finding *finding)
{
	struct text made;
	size_t begin = out->len;
	make(out, finding);
	if (out->fault != FAULT_NONE || out->len == begin)
		return;
	struct span written = span_of(out->at + begin, out->len - begin);
	size_t plain = plain_len(written, SPECIAL);
	if (plain == written.len)
		return;
	text_init(&made);
	text_append(&made, span_skip(written, plain));
	out->len = begin + plain;
	html_escape(out, span_of(text_view(&made), made.len));
	if (made.fault != FAULT_NONE)
		out->fault = made.fault;
	text_release(&made);
}

void html_anchor(struct text *out, const struct html_run *run, char part, size_t number)
{
	text_put(out, "r");
	text_put_decimal(out, run->index + 1, 0);
	text_put_char(out, part);
	text_put_decimal(out, number, 0);
}

void html_link(struct text *out, const struct html_run *run, char part, size_t number)
{
	text_put(out, "#");
	html_anchor(out, run, part, number);
}

const char *html_word(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_NOT_APPLICABLE:
		return "not applicable";
	case VERDICT_EXPECTED_FAIL:
		return "known deviation";
	case VERDICT_UNEXPECTED_PASS:
		return "unexpected pass";
	case VERDICT_PASS:
	case VERDICT_FAIL:
	case VERDICT_REMARK:
	case VERDICT_INCONCLUSIVE:
	case VERDICT_UNJUDGED:
	case VERDICT_ERROR:
	case VERDICTS_LEN:
		break;
	}
	return verdict_name(verdict);
}

const char *html_result(int status, const char **word)
{
	static const char *const words[] = { "pass", "fail", "usage", "inconclusive", "error" };
	*word = words[status];
	return status == 2 ? "error" : words[status];
}

void html_verdict(struct text *out, enum verdict verdict)
{
	text_put(out, "<b class=\"v ");
	text_put(out, verdict_name(verdict));
	text_put(out, "\">");
	text_put(out, html_word(verdict));
	text_put(out, "</b>");
}

void html_title(struct text *out, const struct report *report, size_t run)
{
	struct text title;
	text_init(&title);
	run_title(&title, report, run);
	html_text(out, text_view(&title));
	text_release(&title);
}
