/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "case/encode_internal.h"
#include "registry/registry.h"
#include "wire/extension/extension.h"
#include "wire/handshake.h"

static void write_vector(struct builder *b, const char *name, const struct hello_field *field)
{
	struct prefix prefix = builder_open(b, name, 1);
	builder_bytes(b, "bytes", field->bytes);
	lie_close(b, prefix, field->lie);
}

static void write_suites(struct builder *b, const struct hello_field *field)
{
	struct prefix prefix = builder_open(b, "cipher_suites", 2);
	struct span left = field->bytes;
	if (!b->keep) {
		builder_bytes(b, "cipher_suite", left);
	} else {
		for (; left.len >= 2 && !b->bad; left = span_skip(left, 2))
			builder_bytes(b, "cipher_suite", span_of(left.at, 2));
		if (left.len)
			builder_bytes(b, "tail", left);
	}
	lie_close(b, prefix, field->lie);
}

static void write_extension(struct builder *b, const struct hello_extension *extension)
{
	if (extension->raw) {
		builder_bytes(b, "bytes", extension->body.bytes);
		return;
	}
	const char *name = registry_name(&registry_extensions, extension->type);
	size_t field = builder_enter(b, name ? name : "extension");
	builder_u16(b, "extension_type", extension->type);
	struct prefix prefix = builder_open(b, "extension_data", 2);
	extension_write_body(b, extension->type, extension->body.bytes, EXTENSION_OF_CLIENT);
	lie_close(b, prefix, extension->body.lie);
	builder_leave(b, field);
}

void hello_write(struct builder *b, const struct hello *hello)
{
	builder_u16(b, "legacy_version", hello->version);
	builder_bytes(b, "random", hello->random);
	write_vector(b, "session_id", &hello->session_id);
	write_suites(b, &hello->suites);
	write_vector(b, "compression_methods", &hello->compression);
	if (hello->has_extensions) {
		struct prefix prefix = builder_open(b, "extensions", 2);
		for (size_t i = 0; i < hello->extensions_len && !b->bad; i++)
			write_extension(b, &hello->extensions[i]);
		lie_close(b, prefix, hello->extensions_lie);
	}
	if (hello->tail.len)
		builder_bytes(b, "tail", hello->tail);
}

void hello_make(struct encoder *e, struct hello *out, const struct message *message)
{
	switch (message->base) {
	case BASE_FRESH:
		hello_base(e, out);
		break;
	case BASE_AGAIN:
		hello_again(e, out);
		break;
	case BASE_RETRY:
		hello_retry(e, out);
		break;
	}
	hello_edit(e, out, message);
}

/* Takes back what was written behind `end`, and what the field map says of it. */
static void cut_at(struct builder *b, size_t end, size_t first_field)
{
	size_t kept = first_field;
	b->len = end;
	for (size_t i = first_field; i < b->fields_len; i++) {
		struct field field = b->fields[i];
		if (field.offset >= end)
			continue;
		if (field.offset + field.len > end)
			field.len = (uint32_t)(end - field.offset);
		b->fields[kept++] = field;
	}
	b->fields_len = b->keep ? kept : 0;
}

static size_t cut_len(const struct message *message, size_t len)
{
	if (!message->is_cut)
		return len;
	if (message->cut >= 0)
		return (size_t)message->cut < len ? (size_t)message->cut : len;
	size_t fewer = (size_t)(-(int64_t)message->cut);
	return fewer < len ? len - fewer : 0;
}

/* Which messages depend on the connection; the others have no body without braces. */
static bool has_rule(uint8_t type)
{
	return type == HANDSHAKE_CERTIFICATE || type == HANDSHAKE_CERTIFICATE_VERIFY ||
	       type == HANDSHAKE_CLIENT_KEY_EXCHANGE || type == HANDSHAKE_FINISHED;
}

static void write_by_rule(struct encoder *e, uint8_t type)
{
	const struct case_connection *connection = e->connection;
	struct span body = { 0 };
	if (connection && connection->message_body)
		body = connection->message_body(connection->context, type);
	if (!body.at)
		encoder_fail(e, FAULT_UNSUPPORTED);
	else if (body.len)
		builder_bytes(e->work, "content", body);
}

static bool family_is_about(const struct encoder *e, const struct message *message,
			    enum family_kind kind)
{
	return e->family && e->family_hello == message && e->family->kind == kind;
}

static void repeat_extension(struct encoder *e, struct hello *hello)
{
	struct hello_extension *there = hello_extension_at(hello, (uint16_t)e->setting->member);
	if (!there)
		encoder_fail(e, FAULT_UNSUPPORTED);
	else
		hello_insert(e, hello, hello->extensions_len, *there);
}

static void write_hello(struct encoder *e, const struct message *message)
{
	struct hello hello;
	hello_make(e, &hello, message);
	if (encoder_stopped(e))
		return;
	if (family_is_about(e, message, FAMILY_TWICE))
		repeat_extension(e, &hello);
	hello_write(e->work, &hello);
}

/* The `number`th length field of those from `first` on, counted from 1, says `by` more. */
static void lie_in_length(struct encoder *e, size_t first, uint32_t number, int32_t by)
{
	const struct builder *b = e->work;
	assert(b->keep);
	for (size_t i = first; i < b->fields_len; i++) {
		const struct field *field = &b->fields[i];
		if (strcmp(field->name, "length") != 0 || --number)
			continue;
		uint32_t value = 0;
		for (uint32_t k = 0; k < field->len; k++)
			value = value << 8 | b->at[field->offset + k];
		value += (uint32_t)by;
		for (uint32_t k = field->len; k-- > 0; value >>= 8)
			b->at[field->offset + k] = (uint8_t)value;
		return;
	}
	encoder_fail(e, FAULT_UNSUPPORTED);
}

static void write_body(struct encoder *e, const struct message *message)
{
	struct builder *b = e->work;
	size_t start = b->len, first_field = b->fields_len;
	if (message->type == HANDSHAKE_CLIENT_HELLO && message->name)
		write_hello(e, message);
	else if (message->by_rule && has_rule(message->type))
		write_by_rule(e, message->type);
	else
		encode_elements(e, &message->body);
	if (encoder_stopped(e))
		return;
	size_t len = cut_len(message, b->len - start);
	if (family_is_about(e, message, FAMILY_TRUNCATION) && e->setting->member < len)
		len = e->setting->member;
	if (len < b->len - start)
		cut_at(b, start + len, first_field);
}

void encode_message(struct encoder *e, const struct message *message)
{
	struct builder *b = e->work;
	size_t start = b->len, first_field = b->fields_len;
	struct handshake_open open =
		handshake_open(b, message->name ? message->name : "handshake", message->type);
	write_body(e, message);
	lie_close(b, open.prefix, message->lie);
	builder_leave(b, open.field);
	if (encoder_stopped(e))
		return;
	if (family_is_about(e, message, FAMILY_LENGTHS))
		lie_in_length(e, first_field, e->setting->member, e->family->by);
	if (message->type == HANDSHAKE_CLIENT_HELLO)
		e->last_hello = span_of(b->at + start, b->len - start);
	if (e->family_hello == message)
		e->family = NULL;
}
