/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/sslv2.h"

#define SSLV2_CLIENT_HELLO 1
#define SSLV2_SERVER_HELLO 4
#define KIND_LEN	   3

static bool kinds_are_whole(struct span kinds)
{
	return kinds.len % KIND_LEN == 0;
}

enum fault sslv2_client_hello_decode(struct sslv2_client_hello *out, struct cursor body)
{
	bool typed = cursor_u8(&body) == SSLV2_CLIENT_HELLO;
	*out = (struct sslv2_client_hello){ .version = cursor_u16(&body) };
	size_t kinds = cursor_u16(&body);
	size_t session_id = cursor_u16(&body);
	size_t challenge = cursor_u16(&body);
	out->kinds = cursor_take(&body, kinds);
	out->session_id = cursor_take(&body, session_id);
	out->challenge = cursor_take(&body, challenge);
	if (!typed || !cursor_done(&body) || !kinds || !kinds_are_whole(out->kinds))
		return FAULT_MALFORMED;
	bool lengths = (session_id == 0 || session_id == 16) && challenge >= 16 && challenge <= 32;
	return lengths ? FAULT_NONE : FAULT_MALFORMED;
}

enum fault sslv2_server_hello_decode(struct sslv2_server_hello *out, struct cursor body)
{
	bool typed = cursor_u8(&body) == SSLV2_SERVER_HELLO;
	*out = (struct sslv2_server_hello){ .session_id_hit = cursor_u8(&body) != 0 };
	out->certificate_type = cursor_u8(&body);
	out->version = cursor_u16(&body);
	size_t certificate = cursor_u16(&body);
	size_t kinds = cursor_u16(&body);
	size_t connection_id = cursor_u16(&body);
	out->certificate = cursor_take(&body, certificate);
	out->kinds = cursor_take(&body, kinds);
	out->connection_id = cursor_take(&body, connection_id);
	bool whole = typed && cursor_done(&body) && kinds_are_whole(out->kinds);
	return whole ? FAULT_NONE : FAULT_MALFORMED;
}

struct record_open {
	size_t field, at;
};

static struct record_open open_record(struct builder *b)
{
	struct record_open open = { .field = builder_enter(b, "sslv2_record"), .at = b->len };
	builder_u16(b, "record_length", 0);
	return open;
}

/* The two-byte header has its top bit set: no padding, no third byte. */
static void close_record(struct builder *b, struct record_open open)
{
	builder_leave(b, open.field);
	size_t len = b->len - open.at - 2;
	if (len > 0x7FFF)
		b->bad = true;
	if (b->bad)
		return;
	b->at[open.at] = (uint8_t)(0x80 | len >> 8);
	b->at[open.at + 1] = (uint8_t)len;
}

static void write_kinds(struct builder *b, struct span kinds)
{
	size_t field = builder_enter(b, "cipher_kinds");
	for (; kinds.len >= KIND_LEN; kinds = span_skip(kinds, KIND_LEN))
		builder_bytes(b, "cipher_kind", span_of(kinds.at, KIND_LEN));
	if (kinds.len)
		builder_bytes(b, "tail", kinds);
	builder_leave(b, field);
}

void sslv2_client_hello_encode(struct builder *b, const struct sslv2_client_hello *hello)
{
	struct record_open open = open_record(b);
	builder_u8(b, "message_type", SSLV2_CLIENT_HELLO);
	builder_u16(b, "version", hello->version);
	builder_u16(b, "cipher_kinds_length", (uint16_t)hello->kinds.len);
	builder_u16(b, "session_id_length", (uint16_t)hello->session_id.len);
	builder_u16(b, "challenge_length", (uint16_t)hello->challenge.len);
	write_kinds(b, hello->kinds);
	builder_bytes(b, "session_id", hello->session_id);
	builder_bytes(b, "challenge", hello->challenge);
	close_record(b, open);
}

void sslv2_server_hello_encode(struct builder *b, const struct sslv2_server_hello *hello)
{
	struct record_open open = open_record(b);
	builder_u8(b, "message_type", SSLV2_SERVER_HELLO);
	builder_u8(b, "session_id_hit", hello->session_id_hit);
	builder_u8(b, "certificate_type", hello->certificate_type);
	builder_u16(b, "version", hello->version);
	builder_u16(b, "certificate_length", (uint16_t)hello->certificate.len);
	builder_u16(b, "cipher_kinds_length", (uint16_t)hello->kinds.len);
	builder_u16(b, "connection_id_length", (uint16_t)hello->connection_id.len);
	builder_bytes(b, "certificate", hello->certificate);
	write_kinds(b, hello->kinds);
	builder_bytes(b, "connection_id", hello->connection_id);
	close_record(b, open);
}
