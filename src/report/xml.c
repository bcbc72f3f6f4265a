/* SPDX-License-Identifier: Apache-2.0 */
#include "report/xml.h"

#include "base/plain.h"

#define US_A_SECOND 1000000

/* In an attribute, a line's end that is not written as a reference is read as a blank (3.3.3). */
static const char *reference(char c, bool attribute)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return attribute ? "&quot;" : NULL;
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

/* Escapes what was appended since `begin`; mostly there is nothing to escape. */
static void escape_from(struct text *out, size_t begin, bool attribute)
{
	struct text copy;
	if (out->len == begin)
		return;
	struct span written = span_of(out->at + begin, out->len - begin);
	size_t at = begin + plain_len(written, "<>&\"");
	if (at == out->len)
		return;
	text_init(&copy);
	text_append(&copy, span_of(out->at + at, out->len - at));
	out->len = at;
	for (const char *c = text_view(&copy); *c; c++) {
		const char *name = reference(*c, attribute);
		if (name)
			text_put(out, name);
		else
			text_put_char(out, *c);
	}
	if (copy.fault != FAULT_NONE)
		out->fault = copy.fault;
	text_release(&copy);
}

static void put_escaped(struct text *out, const char *text, bool attribute)
{
	size_t begin = out->len;
	xml_clean(out, text);
	escape_from(out, begin, attribute);
}

struct xml_element xml_open(struct text *out, const char *name)
{
	text_join(out, "<", name);
	return (struct xml_element){ .out = out, .name = name };
}

struct xml_element xml_open_child(struct xml_element *parent, const char *name)
{
	if (!parent->has_content)
		text_put(parent->out, ">\n");
	parent->has_content = true;
	return xml_open(parent->out, name);
}

void xml_close(struct xml_element *element)
{
	if (element->has_content)
		text_join(element->out, "</", element->name, ">\n");
	else
		text_put(element->out, "/>\n");
}

static void attribute_begin(struct xml_element *element, const char *name)
{
	text_join(element->out, " ", name, "=\"");
}

void xml_attribute(struct xml_element *element, const char *name, const char *text)
{
	attribute_begin(element, name);
	put_escaped(element->out, text, true);
	text_put(element->out, "\"");
}

void xml_attribute_number(struct xml_element *element, const char *name, uint64_t number)
{
	attribute_begin(element, name);
	text_put_decimal(element->out, number, 0);
	text_put(element->out, "\"");
}

void xml_attribute_seconds(struct xml_element *element, const char *name, uint64_t us,
			   size_t digits)
{
	uint64_t fraction = us % US_A_SECOND;
	attribute_begin(element, name);
	text_put_decimal(element->out, us / US_A_SECOND, 0);
	text_put(element->out, ".");
	text_put_decimal(element->out, digits == 3 ? fraction / 1000 : fraction, digits);
	text_put(element->out, "\"");
}

void xml_text(struct xml_element *element, const char *text)
{
	if (!element->has_content)
		text_put(element->out, ">");
	element->has_content = true;
	put_escaped(element->out, text, false);
}

void xml_property(struct xml_element *properties, const char *name, const char *value)
{
	struct xml_element property = xml_open_child(properties, "property");
	xml_attribute(&property, "name", name);
	xml_attribute(&property, "value", value);
	xml_close(&property);
}
