/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hello_input.h"

#include "base/hex.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* The PostgreSQL protocol's SSLRequest and GSSENCRequest: a length of 8, then the code. */
#define POSTGRES_REQUEST_LEN 8
#define POSTGRES_SSL_CODE    80877103
#define POSTGRES_GSSENC_CODE 80877104

const char *hello_form_name(enum hello_form form)
{
	static const char *const names[] = { "records", "handshake", "sslv2" };
	return names[form];
}

static enum fault stop(struct wire_error *error, size_t offset, const char *field, const char *what,
		       enum fault fault)
{
	error->offset = offset;
	error->field = field;
	error->what = what;
	error->alert = ALERT_DECODE_ERROR;
	return fault;
}

static bool is_hex_text(struct span file)
{
	for (size_t i = 0; i < file.len; i++) {
		uint8_t c = file.at[i];
		bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':';
		if (!blank && hex_digit(c) < 0)
			return false;
	}
	return file.len >= 2;
}

static enum fault take_bytes(struct hello_input *out, struct span file, struct arena *arena,
			     struct wire_error *error)
{
	out->bytes = file;
	out->was_hex = is_hex_text(file);
	if (!out->was_hex)
		return FAULT_NONE;
	size_t cap = file.len / 2, fell = 0;
	uint8_t *bytes = arena_alloc(arena, cap + 1);
	if (!bytes)
		return stop(error, 0, "input", "is too large", arena->fault);
	out->bytes.at = bytes;
	if (hex_decode(bytes, cap, &out->bytes.len, file, &fell) != FAULT_NONE)
		return stop(error, fell, "input", "has half a byte of hexadecimal digits",
			    FAULT_MALFORMED);
	return FAULT_NONE;
}

struct span hello_preamble(struct span bytes)
{
	struct cursor in = cursor_over(bytes);
	while (cursor_left(&in) > POSTGRES_REQUEST_LEN) {
		struct cursor ahead = in;
		uint32_t len = cursor_u32(&ahead), code = cursor_u32(&ahead);
		if (len != POSTGRES_REQUEST_LEN ||
		    (code != POSTGRES_SSL_CODE && code != POSTGRES_GSSENC_CODE))
			break;
		in = ahead;
	}
	return span_of(bytes.at, in.at);
}

static const char *header_reason(const struct record *record)
{
	if (record->type != CONTENT_HANDSHAKE)
		return "is not a handshake record";
	if (record->fragment.len == 0)
		return "is empty";
	return record->fragment.len > RECORD_PLAINTEXT_MAX ? "is longer than 16384 bytes" : NULL;
}

static enum fault next_record(struct cursor *in, struct record *out, struct wire_error *error)
{
	size_t offset = in->at;
	enum fault fault = record_decode(out, in);
	if (fault == FAULT_TRUNCATED)
		return stop(error, in->len, "record", "ends before it is complete", fault);
	if (fault != FAULT_NONE)
		return stop(error, offset, "record", "does not have the header of a TLS record",
			    fault);
	const char *reason = header_reason(out);
	return reason ? stop(error, offset, "record", reason, FAULT_MALFORMED) : FAULT_NONE;
}

/* What the records carry, put together. */
struct content {
	uint8_t *at;
	size_t len, cap;
	struct hello_record *records;
	size_t records_len, records_cap;
};

static bool content_add(struct content *content, const struct record *record, struct arena *arena)
{
	size_t need = content->len + record->fragment.len;
	struct hello_record *records = arena_grow(arena, content->records, content->records_len,
						  &content->records_cap, sizeof(*records));
	if (!records)
		return false;
	content->records = records;
	if (need > content->cap) {
		size_t cap = 2 * need;
		uint8_t *at = arena_alloc(arena, cap);
		if (!at)
			return false;
		if (content->len)
			memcpy(at, content->at, content->len);
		content->at = at;
		content->cap = cap;
	}
	memcpy(content->at + content->len, record->fragment.at, record->fragment.len);
	content->len = need;
	records[content->records_len++] =
		(struct hello_record){ .version = record->version,
				       .len = (uint16_t)record->fragment.len };
	return true;
}

static size_t message_len(const struct content *content)
{
	if (content->len < HANDSHAKE_HEADER_LEN)
		return HANDSHAKE_HEADER_LEN;
	return HANDSHAKE_HEADER_LEN +
	       ((size_t)content->at[1] << 16 | (size_t)content->at[2] << 8 | content->at[3]);
}

static enum fault take_records(struct hello_input *out, struct cursor in, struct arena *arena,
			       struct wire_error *error)
{
	struct content content = { .len = 0 };
	do {
		struct record record;
		if (content.len && cursor_left(&in) == 0)
			return stop(error, in.at, "handshake", "ends before it is complete",
				    FAULT_TRUNCATED);
		enum fault fault = next_record(&in, &record, error);
		if (fault != FAULT_NONE)
			return fault;
		if (content.records_len == HELLO_RECORDS_MAX)
			return stop(error, in.at, "handshake", "is spread over too many records",
				    FAULT_TOO_LARGE);
		if (!content_add(&content, &record, arena))
			return stop(error, in.at, "handshake", "is too large", arena->fault);
		if (content.len >= HANDSHAKE_HEADER_LEN &&
		    message_len(&content) - HANDSHAKE_HEADER_LEN > HANDSHAKE_MESSAGE_MAX)
			return stop(error, in.at - record.fragment.len, "handshake",
				    "is longer than any that is admitted", FAULT_TOO_LARGE);
	} while (content.len < message_len(&content));
	out->form = HELLO_FORM_RECORDS;
	out->message = span_of(content.at, message_len(&content));
	out->after = span_of(content.at + out->message.len, content.len - out->message.len);
	out->records = content.records;
	out->records_len = content.records_len;
	out->trailing = cursor_rest(&in);
	return FAULT_NONE;
}

static enum fault take_handshake(struct hello_input *out, struct cursor in,
				 struct wire_error *error)
{
	struct handshake_message message;
	out->form = HELLO_FORM_HANDSHAKE;
	if (handshake_decode(&message, &in) != FAULT_NONE)
		return stop(error, in.len, "handshake", "ends before it is complete",
			    FAULT_TRUNCATED);
	out->message = message.whole;
	out->trailing = cursor_rest(&in);
	return FAULT_NONE;
}

static enum fault take_sslv2(struct hello_input *out, struct cursor in, struct wire_error *error)
{
	size_t start = in.at, len = cursor_u16(&in) & 0x7FFFu;
	out->form = HELLO_FORM_SSLV2;
	struct span body = cursor_take(&in, len);
	if (!cursor_ok(&in))
		return stop(error, in.len, "sslv2_record", "ends before it is complete",
			    FAULT_TRUNCATED);
	out->message = span_of(in.base + start, len + 2);
	out->trailing = cursor_rest(&in);
	if (sslv2_client_hello_decode(&out->sslv2, cursor_over(body)) != FAULT_NONE)
		return stop(error, start + 2, "sslv2_client_hello",
			    "does not have the form of a CLIENT-HELLO", FAULT_MALFORMED);
	return FAULT_NONE;
}

/* From an offset in the message to the one in the file, over the headers of the records between. */
static size_t offset_in_file(const struct hello_input *in, size_t offset)
{
	size_t at = in->preamble.len;
	if (in->form != HELLO_FORM_RECORDS)
		return at + offset;
	for (size_t i = 0; i < in->records_len; i++) {
		at += RECORD_HEADER_LEN;
		if (offset <= in->records[i].len)
			return at + offset;
		offset -= in->records[i].len;
		at += in->records[i].len;
	}
	return at;
}

static enum fault decode_message(struct hello_input *out, unsigned leniency,
				 struct wire_error *error)
{
	struct cursor in = cursor_over(out->message);
	if (cursor_u8(&in) != HANDSHAKE_CLIENT_HELLO)
		return stop(error, offset_in_file(out, 0), "handshake_type", "is not client_hello",
			    FAULT_MALFORMED);
	cursor_u24(&in);
	enum fault fault = client_hello_decode(&out->hello, in, leniency, error);
	if (fault != FAULT_NONE)
		error->offset = offset_in_file(out, error->offset);
	return fault;
}

enum fault hello_input_read(struct hello_input *out, struct span file, unsigned leniency,
			    struct arena *arena, struct wire_error *error)
{
	*error = (struct wire_error){ .base = NULL };
	memset(out, 0, sizeof(*out));
	enum fault fault = take_bytes(out, file, arena, error);
	if (fault != FAULT_NONE)
		return fault;
	out->preamble = hello_preamble(out->bytes);
	struct cursor in = cursor_over(out->bytes);
	cursor_take(&in, out->preamble.len);
	if (cursor_left(&in) == 0)
		return stop(error, in.at, "input", "holds no bytes", FAULT_TRUNCATED);
	uint8_t first = in.base[in.at];
	if ((first & 0x80) != 0)
		return take_sslv2(out, in, error);
	fault = first == HANDSHAKE_CLIENT_HELLO ? take_handshake(out, in, error)
						: take_records(out, in, arena, error);
	return fault == FAULT_NONE ? decode_message(out, leniency, error) : fault;
}
