/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/record.h"

#include "registry/registry.h"

static bool header_is_possible(const uint8_t *at, size_t left)
{
	if (left >= 1 && (at[0] < CONTENT_CHANGE_CIPHER_SPEC || at[0] > CONTENT_HEARTBEAT))
		return false;
	if (left >= 2 && at[1] != 3)
		return false;
	return left < RECORD_HEADER_LEN ||
	       record_whole_len(at) <= RECORD_HEADER_LEN + RECORD_CIPHERTEXT_MAX;
}

enum fault record_decode(struct record *out, struct cursor *in)
{
	const uint8_t *at = in->base + in->at;
	size_t left = cursor_left(in);
	if (!header_is_possible(at, left))
		return FAULT_MALFORMED;
	if (left < RECORD_HEADER_LEN || record_whole_len(at) > left)
		return FAULT_TRUNCATED;
	size_t size = record_whole_len(at);
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
