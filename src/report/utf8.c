/* SPDX-License-Identifier: Apache-2.0 */
#include "report/utf8.h"

/* Lead bytes, and the range of the byte that follows (RFC 3629 4). */
static const struct {
	uint8_t first, last, low, high, len;
} leads[] = {
	{ 0x00, 0x7F, 0x00, 0x00, 1 }, { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 },
	{ 0xE1, 0xEC, 0x80, 0xBF, 3 }, { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
	{ 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
};

size_t utf8_sequence(struct span bytes)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (bytes.at[0] < leads[i].first || bytes.at[0] > leads[i].last)
			continue;
		if (leads[i].len > bytes.len)
			return 0;
		if (leads[i].len == 1)
			return 1;
		if (bytes.at[1] < leads[i].low || bytes.at[1] > leads[i].high)
			return 0;
		for (size_t k = 2; k < leads[i].len; k++) {
			if ((bytes.at[k] & 0xC0) != 0x80)
				return 0;
		}
		return leads[i].len;
	}
	return 0;
}

void utf8_append(struct text *out, struct span bytes)
{
	while (bytes.len) {
		size_t plain = 0;
		while (plain < bytes.len && bytes.at[plain] < 0x80)
			plain++;
		text_append(out, span_of(bytes.at, plain));
		bytes = span_skip(bytes, plain);
		if (!bytes.len)
			return;
		size_t len = utf8_sequence(bytes);
		if (len)
			text_append(out, span_of(bytes.at, len));
		else
			text_put(out, "\xEF\xBF\xBD");
		bytes = span_skip(bytes, len ? len : 1);
	}
}

size_t utf8_control(const char *text)
{
	uint8_t first = (uint8_t)text[0];
	if (first == 0xC2)
		return (uint8_t)text[1] < 0xA0 ? 2 : 0;
	return first && (first < ' ' || first == 0x7F);
}
