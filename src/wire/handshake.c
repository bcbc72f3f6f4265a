/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/handshake.h"

#include "registry/registry.h"

enum fault handshake_decode(struct handshake_message *out, struct cursor *in)
{
	struct cursor ahead = *in;
	*out = (struct handshake_message){ .type = cursor_u8(&ahead) };
	out->body = cursor_vec24(&ahead);
	if (!cursor_ok(&ahead))
		return FAULT_TRUNCATED;
	out->whole = span_of(in->base + in->at, ahead.at - in->at);
	*in = ahead;
	return FAULT_NONE;
}

struct handshake_open handshake_open(struct builder *b, const char *name, uint8_t type)
{
	struct handshake_open open = { .field = builder_enter(b, name) };
	builder_u8(b, "handshake_type", type);
	open.prefix = builder_open(b, "body", 3);
	return open;
}

void handshake_close(struct builder *b, struct handshake_open open, int32_t lie)
{
	builder_close(b, open.prefix, lie);
	builder_leave(b, open.field);
}

void handshake_encode(struct builder *b, uint8_t type, struct span body, int32_t lie)
{
	struct handshake_open open = handshake_open(b, "handshake", type);
	builder_bytes(b, "content", body);
	handshake_close(b, open, lie);
}

enum fault server_hello_done_decode(struct cursor body)
{
	return cursor_done(&body) ? FAULT_NONE : FAULT_MALFORMED;
}

void server_hello_done_encode(struct builder *b)
{
	handshake_close(b, handshake_open(b, "server_hello_done", HANDSHAKE_SERVER_HELLO_DONE), 0);
}
