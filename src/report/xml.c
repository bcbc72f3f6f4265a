/* SPDX-License-Identifier: Apache-2.0 */
#include "report/xml.h"

#include <stdlib.h>

#include "report/utf8.h"

#define FIRST_GUESS (1 << 20)

static bool is_admitted(struct span sequence)
{
	const uint8_t *at = sequence.at;
	if (sequence.len == 1)
		return at[0] >= ' ' || at[0] == '\t' || at[0] == '\n';
	/* U+FFFE and U+FFFF */
	return !(sequence.len == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE);
}

void xml_clean(struct text *out, const char *text)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	for (struct span rest = span_text(text); rest.len;) {
		size_t plain = 0;
		while (plain < rest.len && rest.at[plain] >= ' ' && rest.at[plain] < 0x80)
			plain++;
		text_append(out, span_of(rest.at, plain));
		rest = span_skip(rest, plain);
		if (!rest.len)
			return;
		size_t len = utf8_sequence(rest);
		struct span sequence = span_of(rest.at, len);
		text_append(out, len && is_admitted(sequence) ? sequence : span_text(replacement));
		rest = span_skip(rest, len ? len : 1);
	}
}

void xml_attribute(mxml_node_t *node, const char *name, const char *text)
{
	struct text clean;
	text_init(&clean);
	xml_clean(&clean, text);
	mxmlElementSetAttr(node, name, text_view(&clean));
	text_release(&clean);
}

void xml_text(mxml_node_t *node, const char *text)
{
	struct text clean;
	text_init(&clean);
	xml_clean(&clean, text);
	mxmlNewOpaque(node, text_view(&clean));
	text_release(&clean);
}

void xml_property(mxml_node_t *properties, const char *name, const char *value)
{
	mxml_node_t *property = mxmlNewElement(properties, "property");
	xml_attribute(property, "name", name);
	xml_attribute(property, "value", value);
}

/* Every element on a line of its own, but where text stands inside. */
static const char *blanks(mxml_node_t *node, int where)
{
	mxml_node_t *first = mxmlGetFirstChild(node);
	bool has_text = first && mxmlGetType(first) == MXML_OPAQUE;
	if (where == MXML_WS_AFTER_CLOSE || (where == MXML_WS_AFTER_OPEN && !has_text))
		return "\n";
	return NULL;
}

enum fault xml_write(struct text *out, mxml_node_t *document)
{
	char *buffer = NULL;
	int size = 1, need = FIRST_GUESS;
	mxmlSetWrapMargin(0);
	/* What does not fit is counted all the same, and fits the second time. */
	while (need >= size) {
		size = need + 1;
		char *grown = realloc(buffer, (size_t)size);
		if (!grown) {
			free(buffer);
			return FAULT_NO_MEMORY;
		}
		buffer = grown;
		need = mxmlSaveString(document, buffer, size, blanks);
	}
	text_append(out, span_text(buffer));
	free(buffer);
	return out->fault;
}
