/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_formats.h"

#include <expat.h>
#include <jansson.h>

#include "harness.h"
#include "oracle_json.h"
#include "report/read.h"

/* A reader of another house: it wants UTF-8, and no name twice. */
static bool jansson_reads(struct span text)
{
	json_error_t error;
	json_t *value = json_loadb((const char *)text.at, text.len, JSON_REJECT_DUPLICATES, &error);
	json_decref(value);
	return value != NULL;
}

static bool expat_reads(struct span text)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	CHECK(parser);
	bool good =
		XML_Parse(parser, (const char *)text.at, (int)text.len, XML_TRUE) == XML_STATUS_OK;
	XML_ParserFree(parser);
	return good;
}

/* Lines end with CR LF, and no other control character is there (RFC 4180). */
static bool is_csv(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool ends = text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n';
		if (text.at[i] < ' ' && !ends && text.at[i] != '\n')
			return false;
	}
	return oracle_utf8(text);
}

/* What the page is made of has none of these: they could only be a stranger's. */
static bool is_own_html(struct span text)
{
	return oracle_utf8(text) && !memmem(text.at, text.len, "<img", 4) &&
	       !memmem(text.at, text.len, "<iframe", 7);
}

static bool is_read(const struct report_format *format, struct span text)
{
	if (format == &report_json || format == &report_sarif || format == &report_gitlab)
		return oracle_json(text) && jansson_reads(text);
	if (format == &report_junit)
		return expat_reads(text);
	if (format == &report_csv)
		return is_csv(text);
	return format == &report_html ? is_own_html(text) : oracle_printable(text);
}

/* Mini-XML keeps what it sets up for a thread. */
static void prepare(const struct report *report)
{
	static bool ready;
	struct text out;
	if (!harness_once(&ready))
		return;
	text_init(&out);
	CHECK(report_junit.write(&out, report) == FAULT_NONE);
	text_release(&out);
	harness_prepared();
}

void rig_formats_write(const struct report *report, const struct report_format *format)
{
	struct text out;
	prepare(report);
	text_init(&out);
	CHECK(format->write(&out, report) == FAULT_NONE && out.fault == FAULT_NONE);
	CHECK(is_read(format, span_of(out.at, out.len)));
	harness_note(span_of(out.at, out.len));
	text_release(&out);
}

const struct report_format *rig_formats_at(uint8_t which)
{
	size_t len = 0;
	while (report_format_name_at(len))
		len++;
	return report_format_by_name(span_text(report_format_name_at(which % len)));
}

/* Tabs behind a report are blanks of JSON: each stands for so many bytes that there are, no more.
 */
#define BYTES_A_TAB 64

static void limit(struct arena *arena, struct span text)
{
	size_t tabs = 0;
	while (tabs < text.len && text.at[text.len - 1 - tabs] == '\t')
		tabs++;
	if (tabs)
		arena->limit = tabs * BYTES_A_TAB;
}

void rig_formats_read(struct arena *first, struct arena *second, struct span text)
{
	struct report report, again;
	struct text one, two;
	char why[512] = "";
	limit(first, text);
	enum fault fault = report_read(&report, first, "input", text, why, sizeof(why));
	CHECK((fault == FAULT_MALFORMED) == (*why != '\0'));
	if (fault != FAULT_NONE)
		return;
	text_init(&one);
	text_init(&two);
	CHECK(report_json.write(&one, &report) == FAULT_NONE);
	CHECK(report_read(&again, second, "output", span_of(one.at, one.len), why, sizeof(why)) ==
	      FAULT_NONE);
	CHECK(report_json.write(&two, &again) == FAULT_NONE);
	CHECK(span_equal(span_of(one.at, one.len), span_of(two.at, two.len)));
	text_release(&one);
	text_release(&two);
	for (uint8_t i = 0; report_format_name_at(i); i++)
		rig_formats_write(&report, rig_formats_at(i));
}
