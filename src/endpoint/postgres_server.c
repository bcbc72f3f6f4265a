/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "endpoint/postgres_server.h"

#define CANCEL_REQUEST 80877102u /* 1234.5678 */
#define SSL_REQUEST    80877103u
#define GSSENC_REQUEST 80877104u

static void error_reply(struct builder *reply, const char *sqlstate, const char *message)
{
	builder_u8(reply, "type", 'E');
	size_t at = reply->len;
	builder_u32(reply, "length", 0);
	static const char severity[] = "SFATAL\0VFATAL\0C";
	builder_bytes(reply, "severity", span_of(severity, sizeof severity - 1));
	builder_bytes(reply, "sqlstate", span_of(sqlstate, strlen(sqlstate) + 1));
	builder_u8(reply, "message", 'M');
	builder_bytes(reply, "message", span_of(message, strlen(message) + 1));
	builder_u8(reply, "end", 0);
	size_t len = reply->len - at;
	reply->at[at + 2] = (uint8_t)(len >> 8);
	reply->at[at + 3] = (uint8_t)len;
}

/* AuthenticationCleartextPassword. */
static void password_request(struct builder *reply)
{
	builder_bytes(reply, "authentication", span_of("R\0\0\0\x08\0\0\0\x03", 9));
}

static enum postgres_action unsupported(struct builder *reply, uint32_t code)
{
	char text[128];
	snprintf(text, sizeof text,
		 "unsupported frontend protocol %u.%u: server supports 3.0 to 3.0", code >> 16,
		 code & 0xFFFF);
	error_reply(reply, "0A000", text);
	return POSTGRES_FINISH;
}

static struct span string_take(struct cursor *c)
{
	size_t left = cursor_left(c);
	const uint8_t *end = left ? memchr(c->base + c->at, 0, left) : NULL;
	if (!end) {
		cursor_fail(c);
		return span_of(NULL, 0);
	}
	struct span text = cursor_take(c, (size_t)(end - (c->base + c->at)));
	cursor_u8(c);
	return text;
}

/* Names and values, ended by an empty name. */
static bool parameters_read(struct postgres_server *server, struct cursor *c)
{
	for (;;) {
		struct span name = string_take(c);
		if (!name.len)
			return cursor_done(c);
		struct span value = string_take(c);
		if (span_is(name, "user"))
			snprintf(server->user, sizeof server->user, "%.*s", (int)value.len,
				 value.at ? (const char *)value.at : "");
	}
}

static enum postgres_action startup(struct postgres_server *server, struct cursor parameters,
				    struct builder *reply)
{
	if (!parameters_read(server, &parameters)) {
		error_reply(reply, "08P01",
			    "invalid startup packet layout: expected terminator as last byte");
		return POSTGRES_FINISH;
	}
	if (server->turned_away) {
		error_reply(reply, "28000",
			    "TLS version used does not meet minimal requirements for this server. "
			    "Please use a higher TLS version and retry.");
		return POSTGRES_FINISH;
	}
	if (!server->tls && !server->plaintext) {
		error_reply(reply, "28000",
			    "SSL connection is required. Please specify SSL options and retry.");
		return POSTGRES_FINISH;
	}
	if (!*server->user) {
		error_reply(reply, "28000", "no PostgreSQL user name specified in startup packet");
		return POSTGRES_FINISH;
	}
	server->started = true;
	password_request(reply);
	return POSTGRES_WAIT;
}

/* One byte, and TLS begins (PostgreSQL 55.2.10). */
static enum postgres_action ssl_request(struct postgres_server *server, struct builder *reply)
{
	server->ssl_done = true;
	switch (server->defect) {
	case DEFECT_HANGS_AT_SSLREQUEST:
		return POSTGRES_WAIT;
	case DEFECT_ANSWERS_N:
		builder_u8(reply, "answer", 'N');
		return POSTGRES_WAIT;
	case DEFECT_ANSWERS_E:
		error_reply(reply, "0A000", "unsupported frontend protocol 1234.5679");
		return POSTGRES_FINISH;
	case DEFECT_ANSWERS_LOWER_CASE:
		builder_u8(reply, "answer", 's');
		return POSTGRES_TLS;
	case DEFECT_BYTES_AFTER_S:
		builder_u8(reply, "answer", 'S');
		error_reply(reply, "28000", "this was said before TLS");
		return POSTGRES_TLS;
	default:
		builder_u8(reply, "answer", 'S');
		return POSTGRES_TLS;
	}
}

static enum postgres_action gssenc_request(struct postgres_server *server, struct builder *reply)
{
	server->gss_done = true;
	builder_u8(reply, "answer", server->defect == DEFECT_ANSWERS_S_TO_GSSENC ? 'S' : 'N');
	return POSTGRES_WAIT;
}

static enum postgres_action first_message(struct postgres_server *server, struct cursor body,
					  struct builder *reply)
{
	uint32_t code = cursor_u32(&body);
	bool exact = cursor_left(&body) == 0 || server->defect == DEFECT_IGNORES_SSLREQUEST_LENGTH;
	if (code == CANCEL_REQUEST && server->defect == DEFECT_ANSWERS_CANCEL)
		error_reply(reply, "57014", "canceling statement due to user request");
	if (code == CANCEL_REQUEST)
		return POSTGRES_FINISH;
	if (code == SSL_REQUEST && !exact)
		return POSTGRES_FINISH;
	if (code == SSL_REQUEST && !server->tls && !server->ssl_done)
		return ssl_request(server, reply);
	if (code == GSSENC_REQUEST && !server->tls && !server->gss_done)
		return gssenc_request(server, reply);
	bool old = code >> 16 == 2 && server->defect == DEFECT_ACCEPTS_PROTOCOL_2;
	if (code >> 16 != 3 && !old)
		return unsupported(reply, code);
	return startup(server, body, reply);
}

static enum postgres_action startup_take(struct postgres_server *server, struct cursor *in,
					 struct builder *reply)
{
	struct cursor c = *in;
	if (cursor_left(&c) < 4)
		return POSTGRES_WAIT;
	uint32_t len = cursor_u32(&c);
	if (len < 8 || len > POSTGRES_STARTUP_MAX)
		return POSTGRES_FINISH;
	if (cursor_left(&c) < len - 4)
		return POSTGRES_WAIT;
	struct cursor body = cursor_over(cursor_take(&c, len - 4));
	*in = c;
	return first_message(server, body, reply);
}

/* Whatever the password is, it is wrong: the endpoint has no database behind it. */
static enum postgres_action password_take(struct postgres_server *server, struct cursor *in,
					  struct builder *reply)
{
	struct cursor c = *in;
	if (cursor_left(&c) < 5)
		return POSTGRES_WAIT;
	uint8_t type = cursor_u8(&c);
	uint32_t len = cursor_u32(&c);
	if (type != 'p' || len < 4 || len > POSTGRES_STARTUP_MAX)
		return POSTGRES_FINISH;
	if (cursor_left(&c) < len - 4)
		return POSTGRES_WAIT;
	cursor_take(&c, len - 4);
	*in = c;
	char text[128];
	snprintf(text, sizeof text, "password authentication failed for user \"%s\"", server->user);
	error_reply(reply, "28P01", text);
	return POSTGRES_FINISH;
}

enum postgres_action postgres_server_take(struct postgres_server *server, struct cursor *in,
					  struct builder *reply)
{
	return server->started ? password_take(server, in, reply) : startup_take(server, in, reply);
}
