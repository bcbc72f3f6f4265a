/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/message_map.h"

#include "registry/registry.h"
#include "wire/certificate.h"
#include "wire/certificate_request.h"
#include "wire/hello_draft.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"
#include "wire/sslv2.h"

static enum fault begin(struct builder *b, size_t len, struct arena *arena)
{
	size_t fields_cap = HELLO_FIELDS(len);
	uint8_t *bytes = arena_alloc(arena, len + 1);
	struct field *fields = arena_array(arena, fields_cap, sizeof(*fields));
	if (!bytes || !fields)
		return arena->fault;
	builder_init(b, bytes, len, fields, fields_cap);
	return FAULT_NONE;
}

/* Each of these writes nothing where the body has not the form. */
static void write_client_hello(struct builder *b, struct span body, struct arena *arena)
{
	struct client_hello hello;
	struct hello_draft draft;
	if (client_hello_decode(&hello, cursor_over(body), LENIENT_ALL, NULL) == FAULT_NONE &&
	    hello_draft_of(&draft, &hello, 0, arena) == FAULT_NONE)
		hello_draft_message(b, &draft);
}

static void write_server_hello(struct builder *b, struct span body, struct message_context *context)
{
	struct server_hello hello;
	if (server_hello_decode(&hello, cursor_over(body)) != FAULT_NONE)
		return;
	context->version = version_by_code(hello.version);
	context->suite = cipher_suite_by_code(hello.suite);
	server_hello_encode(b, &hello);
}

static void write_certificates(struct builder *b, struct span body,
			       const struct message_context *context)
{
	struct certificate_list list;
	bool tls13 = context->version == TLS1_3;
	if (certificate_list_decode(&list, cursor_over(body), tls13) == FAULT_NONE)
		certificate_list_encode(b, &list, tls13);
}

static void write_key_exchange(struct builder *b, struct span body,
			       const struct message_context *context)
{
	struct server_key_exchange exchange;
	if (context->suite &&
	    server_key_exchange_decode(&exchange, cursor_over(body), context->suite,
				       context->version) == FAULT_NONE)
		server_key_exchange_encode(b, &exchange, context->suite, context->version);
}

static void write_certificate_request(struct builder *b, struct span body,
				      const struct message_context *context)
{
	struct certificate_request request;
	if (certificate_request_decode(&request, cursor_over(body), context->version) == FAULT_NONE)
		certificate_request_encode(b, &request, context->version);
}

static void write_message(struct builder *b, const struct handshake_message *message,
			  struct message_context *context, struct arena *arena)
{
	bool answered = context->version != VERSION_NONE;
	switch (message->type) {
	case HANDSHAKE_CLIENT_HELLO:
		write_client_hello(b, message->body, arena);
		break;
	case HANDSHAKE_SERVER_HELLO:
		write_server_hello(b, message->body, context);
		break;
	case HANDSHAKE_CERTIFICATE:
		write_certificates(b, message->body, context);
		break;
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		if (answered)
			write_key_exchange(b, message->body, context);
		break;
	case HANDSHAKE_CERTIFICATE_REQUEST:
		if (answered)
			write_certificate_request(b, message->body, context);
		break;
	default:
		break;
	}
}

static bool is_same(const struct builder *b, struct span bytes)
{
	return builder_fault(b) == FAULT_NONE && span_equal(builder_view(b), bytes);
}

enum fault message_map_of(struct message_map *out, const struct handshake_message *message,
			  struct message_context *context, struct arena *arena)
{
	struct builder b;
	enum fault fault = begin(&b, message->whole.len, arena);
	if (fault != FAULT_NONE)
		return fault;
	write_message(&b, message, context, arena);
	if (!is_same(&b, message->whole)) {
		builder_init(&b, b.at, b.cap, b.fields, b.fields_cap);
		handshake_encode(&b, message->type, message->body, 0);
	}
	*out = (struct message_map){ .fields = b.fields, .len = b.fields_len };
	return arena->fault;
}

enum fault sslv2_map_of(struct message_map *out, struct span record, bool server,
			struct arena *arena)
{
	struct sslv2_client_hello asked;
	struct sslv2_server_hello answered;
	struct cursor body = cursor_over(span_skip(record, 2));
	struct builder b;
	*out = (struct message_map){ .len = 0 };
	enum fault fault = begin(&b, record.len, arena);
	if (fault != FAULT_NONE)
		return fault;
	if (server && sslv2_server_hello_decode(&answered, body) == FAULT_NONE)
		sslv2_server_hello_encode(&b, &answered);
	if (!server && sslv2_client_hello_decode(&asked, body) == FAULT_NONE)
		sslv2_client_hello_encode(&b, &asked);
	if (is_same(&b, record))
		*out = (struct message_map){ .fields = b.fields, .len = b.fields_len };
	return FAULT_NONE;
}
