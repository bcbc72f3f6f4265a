/* xml.h - elements of Mini-XML with strangers' text in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include <mxml.h>

#include "base/text.h"

/* xml_clean appends text as characters that XML 1.0 admits (2.2): valid UTF-8, and U+FFFD for each
 * that it does not. */
void xml_clean(struct text *out, const char *text);

/* xml_attribute, xml_text and xml_property add cleaned text; the last as
 * <property name="" value=""/>. */
void xml_attribute(mxml_node_t *node, const char *name, const char *text);
void xml_text(mxml_node_t *node, const char *text);
void xml_property(mxml_node_t *properties, const char *name, const char *value);

/* xml_write appends the whole document. Faults: NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault xml_write(struct text *out, mxml_node_t *document);

#endif
