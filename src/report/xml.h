/* xml.h - XML 1.0 written straight to text, with strangers' text in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/text.h"

/* xml_clean.c: xml_clean appends text as characters that XML 1.0 admits (2.2): valid UTF-8, and
 * U+FFFD for each that it does not. */
void xml_clean(struct text *out, const char *text);

/* An element that is being written: its attributes come first, then its children or its text. */
struct xml_element {
	struct text *out;
	const char *name;
	bool has_content;
};

/* xml_open begins an element; a child is opened by xml_open_child of its parent. */
struct xml_element xml_open(struct text *out, const char *name);
struct xml_element xml_open_child(struct xml_element *parent, const char *name);

/* xml_close ends it, and the line. */
void xml_close(struct xml_element *element);

/* xml_attribute adds cleaned and escaped text, xml_attribute_number a number, and
 * xml_attribute_seconds microseconds as seconds with 3 or 6 digits behind the point. */
void xml_attribute(struct xml_element *element, const char *name, const char *text);
void xml_attribute_number(struct xml_element *element, const char *name, uint64_t number);
void xml_attribute_seconds(struct xml_element *element, const char *name, uint64_t us,
			   size_t digits);

/* xml_text adds cleaned and escaped text between the tags. */
void xml_text(struct xml_element *element, const char *text);

/* xml_property adds <property name="" value=""/>. */
void xml_property(struct xml_element *properties, const char *name, const char *value);

#endif
