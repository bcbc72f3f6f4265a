/* SPDX-License-Identifier: Apache-2.0 */
#include "case/encode_internal.h"
#include "registry/registry.h"

#define SSLV2_CLIENT_HELLO 1
#define KIND_LEN	   3
#define CHALLENGE	   "\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c\x5c"

struct sslv2_hello {
	uint8_t type;
	uint16_t version;
	struct hello_field specs, session_id, challenge;
	bool is_long;
};

/* Every kind of the registry, in its order. */
static struct span usual_kinds(struct encoder *e)
{
	size_t len = 0;
	uint8_t *kinds = arena_array(e->scratch, registry_sslv2_kinds.len, KIND_LEN);
	for (size_t i = 0; kinds && i < registry_sslv2_kinds.len; i++) {
		uint32_t code = registry_sslv2_kinds.points[i].code;
		kinds[len++] = (uint8_t)(code >> 16);
		kinds[len++] = (uint8_t)(code >> 8);
		kinds[len++] = (uint8_t)code;
	}
	return span_of(kinds, len);
}

static void edit_field(struct encoder *e, struct hello_field *field, const struct edit *edit)
{
	field->lie = edit->lie;
	if (edit->place == EDIT_ADD)
		field->bytes = span_join(e, field->bytes, encode_apart(e, &edit->body));
	else if (edit->place == EDIT_FIRST)
		field->bytes = span_join(e, encode_apart(e, &edit->body), field->bytes);
	else if (edit->place != EDIT_LIE_ONLY)
		field->bytes = encode_apart(e, &edit->body);
}

static void edit_one(struct encoder *e, struct sslv2_hello *hello, const struct edit *edit)
{
	switch (edit->kind) {
	case EDIT_VERSION:
		hello->version = (uint16_t)edit->value;
		break;
	case EDIT_TYPE:
		hello->type = (uint8_t)edit->value;
		break;
	case EDIT_SPECS:
		edit_field(e, &hello->specs, edit);
		break;
	case EDIT_SESSION_ID:
		edit_field(e, &hello->session_id, edit);
		break;
	case EDIT_CHALLENGE:
		edit_field(e, &hello->challenge, edit);
		break;
	case EDIT_LONG:
		hello->is_long = true;
		break;
	default:
		encoder_fail(e, FAULT_UNSUPPORTED);
		break;
	}
}

static void write_specs(struct builder *b, struct span specs)
{
	size_t field = builder_enter(b, "cipher_kinds");
	for (; specs.len >= KIND_LEN && !b->bad; specs = span_skip(specs, KIND_LEN))
		builder_bytes(b, "cipher_kind", span_of(specs.at, KIND_LEN));
	if (specs.len)
		builder_bytes(b, "tail", specs);
	builder_leave(b, field);
}

static void write_length(struct builder *b, const char *name, const struct hello_field *field)
{
	builder_u16(b, name, (uint16_t)lie_apply(field->lie, field->bytes.len));
}

static void write_content(struct builder *b, const struct sslv2_hello *hello)
{
	builder_u8(b, "message_type", hello->type);
	builder_u16(b, "version", hello->version);
	write_length(b, "cipher_kinds_length", &hello->specs);
	write_length(b, "session_id_length", &hello->session_id);
	write_length(b, "challenge_length", &hello->challenge);
	write_specs(b, hello->specs.bytes);
	builder_bytes(b, "session_id", hello->session_id.bytes);
	builder_bytes(b, "challenge", hello->challenge.bytes);
}

/* Two bytes with the top bit set, or three: a length of 14 bits, and no padding. */
static void write_header(struct builder *b, size_t start, size_t width, struct lie lie)
{
	if (b->bad)
		return;
	uint32_t len = lie_apply(lie, b->len - start - width);
	b->at[start] = (uint8_t)(width == 2 ? 0x80 | (len >> 8 & 0x7F) : len >> 8 & 0x3F);
	b->at[start + 1] = (uint8_t)len;
}

void encode_sslv2(struct encoder *e, const struct message *message)
{
	struct builder *b = e->work;
	struct sslv2_hello hello = {
		.type = SSLV2_CLIENT_HELLO,
		.version = version_code(SSLV2),
		.specs.bytes = usual_kinds(e),
		.challenge.bytes = span_of(CHALLENGE, sizeof(CHALLENGE) - 1),
	};
	for (size_t i = 0; i < message->edits_len && !encoder_stopped(e); i++)
		edit_one(e, &hello, &message->edits[i]);
	if (encoder_stopped(e))
		return;
	size_t start = b->len, width = hello.is_long ? 3 : 2;
	size_t field = builder_enter(b, "sslv2_record");
	builder_u16(b, "record_length", 0);
	if (hello.is_long)
		builder_u8(b, "padding_length", 0);
	write_content(b, &hello);
	builder_leave(b, field);
	write_header(b, start, width, message->lie);
}
