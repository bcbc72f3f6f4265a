/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/record.h"

#include "registry/registry.h"

static bool is_known_type(uint8_t type)
{
	return type >= CONTENT_CHANGE_CIPHER_SPEC && type <= CONTENT_HEARTBEAT;
}

/* What there is of a header that is not whole yet. */
static bool header_may_follow(const uint8_t *at, size_t left)
{
	return left == 0 || (is_known_type(at[0]) && (left == 1 || at[1] == 3));
}

enum fault record_decode(struct record *out, struct cursor *in)
{
	const uint8_t *at = in->base + in->at;
	size_t left = cursor_left(in);
	if (left < RECORD_HEADER_LEN)
		return header_may_follow(at, left) ? FAULT_TRUNCATED : FAULT_MALFORMED;
	size_t size = record_whole_len(at);
	if (!is_known_type(at[0]) || at[1] != 3 || size > RECORD_HEADER_LEN + RECORD_CIPHERTEXT_MAX)
		return FAULT_MALFORMED;
	if (size > left)
		return FAULT_TRUNCATED;
	out->type = at[0];
	out->version = (uint16_t)(at[1] << 8 | at[2]);
	out->fragment = span_of(at + RECORD_HEADER_LEN, size - RECORD_HEADER_LEN);
	in->at += size;
	return FAULT_NONE;
}

void record_encode(struct builder *b, const struct record *record, int32_t lie)
{
	size_t whole = builder_enter(b, "record");
	builder_u8(b, "content_type", record->type);
	builder_u16(b, "record_version", record->version);
	struct prefix prefix = builder_open(b, "fragment", 2);
	builder_bytes(b, "content", record->fragment);
	builder_close(b, prefix, lie);
	builder_leave(b, whole);
}

void record_header_encode(uint8_t out[RECORD_HEADER_LEN], uint8_t type, uint16_t version,
			  uint16_t len)
{
	out[0] = type;
	out[1] = (uint8_t)(version >> 8);
	out[2] = (uint8_t)version;
	out[3] = (uint8_t)(len >> 8);
	out[4] = (uint8_t)len;
}
