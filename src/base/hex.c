/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

void hex_encode(char *out, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		*out++ = digits[bytes.at[i] >> 4];
		*out++ = digits[bytes.at[i] & 15];
	}
	*out = '\0';
}

int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_separator(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':';
}

enum fault hex_decode(uint8_t *out, size_t cap, size_t *out_len, struct span text, size_t *fell)
{
	*out_len = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (is_separator(text.at[i]))
			continue;
		int high = hex_digit(text.at[i]);
		int low = i + 1 < text.len ? hex_digit(text.at[i + 1]) : -1;
		if (high < 0 || low < 0) {
			*fell = high < 0 ? i : i + 1;
			return FAULT_MALFORMED;
		}
		if (*out_len == cap)
			return FAULT_TOO_LARGE;
		out[(*out_len)++] = (uint8_t)(high << 4 | low);
		i++;
	}
	return FAULT_NONE;
}
