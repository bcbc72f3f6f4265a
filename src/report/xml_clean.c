/* SPDX-License-Identifier: Apache-2.0 */
#include "base/plain.h"
#include "report/utf8.h"
#include "report/xml.h"

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
		size_t plain = plain_len(rest, "");
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
