/* Plants a bug in: xml_clean. What a server says goes into the XML as it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "report/xml.h"

void __real_xml_clean(struct text *out, const char *text);
void __wrap_xml_clean(struct text *out, const char *text);

void __wrap_xml_clean(struct text *out, const char *text)
{
	text_append(out, span_text(text));
}
