/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/limits.h"
#include "cli/hello_command.h"
#include "registry/cipher_suite.h"
#include "wire/hello_draft.h"
#include "wire/record.h"

/* One object while it is read. The first mistake latches: later reads yield nothing. */
struct reader {
	json_t *root;
	struct arena *arena;
	size_t line;
	char *why;
	size_t why_len;
	bool bad;
};

__attribute__((format(printf, 2, 3))) static void mistake(struct reader *r, const char *format, ...)
{
	va_list args;
	if (r->bad)
		return;
	r->bad = true;
	int len = snprintf(r->why, r->why_len, "line %zu: ", r->line);
	va_start(args, format);
	if (len > 0 && (size_t)len < r->why_len)
		vsnprintf(r->why + len, r->why_len - (size_t)len, format, args);
	va_end(args);
}

static void *take_memory(struct reader *r, size_t count, size_t size)
{
	void *at = arena_array(r->arena, count, size);
	if (!at)
		mistake(r, "%s", fault_text(r->arena->fault));
	return at;
}

static struct span hex_of(struct reader *r, const json_t *value, const char *name)
{
	size_t len = 0, fell = 0;
	if (!json_is_string(value)) {
		mistake(r, "'%s' is no string of hexadecimal digits", name);
		return span_of(NULL, 0);
	}
	struct span text = span_of(json_string_value(value), json_string_length(value));
	uint8_t *bytes = take_memory(r, text.len / 2 + 1, 1);
	if (bytes && hex_decode(bytes, text.len / 2, &len, text, &fell) != FAULT_NONE)
		mistake(r, "'%s' has no pair of hexadecimal digits at offset %zu", name, fell);
	return span_of(bytes, len);
}

/* A member that may be missing is then an absent view. */
static struct span read_hex(struct reader *r, const char *name, bool required)
{
	const json_t *value = json_object_get(r->root, name);
	if (value && !json_is_null(value))
		return hex_of(r, value, name);
	if (required)
		mistake(r, "there is no '%s'", name);
	return span_of(NULL, 0);
}

/* "0x", then one to six hexadecimal digits. */
static bool is_code(const char *text)
{
	size_t len = text ? strlen(text) : 0;
	return len > 2 && len <= 8 && strncmp(text, "0x", 2) == 0 &&
	       strspn(text + 2, "0123456789abcdefABCDEF") == len - 2;
}

/* A number, "0x1301", or the name of a suite. */
static bool code_of(const json_t *value, uint32_t max, uint32_t *out)
{
	const char *text = json_string_value(value);
	const struct cipher_suite *suite = text ? cipher_suite_by_name(span_text(text)) : NULL;
	unsigned long code = max + 1ul;
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		code = (unsigned long)json_integer_value(value);
	else if (is_code(text))
		code = strtoul(text + 2, NULL, 16);
	else if (suite)
		code = suite->code;
	*out = (uint32_t)code;
	return code <= max;
}

static uint32_t item_of(struct reader *r, const json_t *array, size_t index, const char *name,
			uint32_t max)
{
	uint32_t code = 0;
	if (!code_of(json_array_get(array, index), max, &code))
		mistake(r, "item %zu of '%s' is no code from 0 to 0x%X", index, name, max);
	return code;
}

static uint16_t read_code(struct reader *r, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	uint32_t code = 0;
	if (!value)
		mistake(r, "there is no '%s'", name);
	else if (!code_of(value, UINT16_MAX, &code))
		mistake(r, "'%s' is no code from 0 to 0xFFFF", name);
	return (uint16_t)code;
}

static const json_t *read_array(struct reader *r, const char *name)
{
	const json_t *array = json_object_get(r->root, name);
	if (!json_is_array(array))
		mistake(r, array ? "'%s' is no array" : "there is no '%s'", name);
	return array;
}

static void read_suites(struct reader *r, struct hello_draft *draft)
{
	const json_t *array = read_array(r, "cipher_suites");
	size_t len = json_array_size(array);
	uint16_t *suites = take_memory(r, len, sizeof(*suites));
	for (size_t i = 0; i < len && !r->bad; i++)
		suites[i] = (uint16_t)item_of(r, array, i, "cipher_suites", UINT16_MAX);
	draft->suites = suites;
	draft->suites_len = len;
}

static struct span read_numbers(struct reader *r, const char *name)
{
	const json_t *array = read_array(r, name);
	size_t len = json_array_size(array);
	uint8_t *bytes = take_memory(r, len, 1);
	for (size_t i = 0; i < len && !r->bad; i++)
		bytes[i] = (uint8_t)item_of(r, array, i, name, UINT8_MAX);
	return span_of(bytes, len);
}

static void read_extension(struct reader *r, struct extension_draft *out, const json_t *entry,
			   size_t index)
{
	char name[48];
	snprintf(name, sizeof(name), "extensions[%zu].data", index);
	if (!json_is_object(entry) || !json_object_get(entry, "data"))
		mistake(r, "item %zu of 'extensions' has no 'type' and 'data'", index);
	else
		out->body = hex_of(r, json_object_get(entry, "data"), name);
	if (!r->bad)
		out->type = read_code(r, entry, "type");
}

static void read_extensions(struct reader *r, struct hello_draft *draft)
{
	const json_t *array = read_array(r, "extensions");
	const json_t *present = json_object_get(r->root, "has_extensions");
	size_t len = json_array_size(array);
	struct extension_draft *extensions = take_memory(r, len, sizeof(*extensions));
	for (size_t i = 0; i < len && !r->bad; i++)
		read_extension(r, &extensions[i], json_array_get(array, i), i);
	draft->extensions = extensions;
	draft->extensions_len = len;
	draft->has_extensions = len > 0 || json_is_true(present);
}

/* As hello_draft_of does it: the inner tail is counted in the block's length, the outer is not. */
static void read_tails(struct reader *r, struct hello_draft *draft)
{
	struct span inner = read_hex(r, "extensions_tail", false),
		    outer = read_hex(r, "tail", false);
	uint8_t *both = take_memory(r, inner.len + outer.len + 1, 1);
	if (r->bad)
		return;
	if (inner.len)
		memcpy(both, inner.at, inner.len);
	if (outer.len)
		memcpy(both + inner.len, outer.at, outer.len);
	draft->tail = span_of(both, inner.len + outer.len);
	draft->extensions_lie = (int32_t)inner.len;
	draft->has_extensions = draft->has_extensions || inner.len > 0;
}

static void expect_length(struct reader *r, struct span bytes, size_t max, const char *name)
{
	if (bytes.len > max)
		mistake(r, "'%s' has %zu bytes, of %zu that its length can tell", name, bytes.len,
			max);
}

static void read_draft(struct reader *r, struct hello_draft *draft)
{
	*draft = (struct hello_draft){ .legacy_version = read_code(r, r->root, "legacy_version") };
	draft->random = read_hex(r, "random", true);
	draft->session_id = read_hex(r, "session_id", true);
	read_suites(r, draft);
	draft->suites_tail = read_hex(r, "cipher_suites_tail", false);
	draft->compression = read_numbers(r, "compression_methods");
	read_extensions(r, draft);
	read_tails(r, draft);
	if (!r->bad && draft->random.len != RANDOM_LEN)
		mistake(r, "'random' has %zu bytes instead of %d", draft->random.len, RANDOM_LEN);
	expect_length(r, draft->session_id, UINT8_MAX, "session_id");
	expect_length(r, draft->compression, UINT8_MAX, "compression_methods");
}

/* The lengths are told by the builder: what does not fit them would come out as another hello. */
static struct span build_message(struct reader *r, const struct hello_draft *draft)
{
	struct builder b;
	struct client_hello hello;
	size_t cap = HANDSHAKE_MESSAGE_MAX;
	uint8_t *bytes = take_memory(r, cap, 1);
	if (r->bad)
		return span_of(NULL, 0);
	builder_init(&b, bytes, cap, NULL, 0);
	hello_draft_message(&b, draft);
	struct cursor body = cursor_over(span_skip(builder_view(&b), 4));
	struct wire_error error;
	if (builder_fault(&b) != FAULT_NONE)
		mistake(r, "the hello is larger than %zu bytes", cap);
	else if (client_hello_decode(&hello, body, LENIENT_ALL, &error) != FAULT_NONE)
		mistake(r, "the hello cannot be written: %s %s", error.field, error.what);
	return builder_view(&b);
}

static size_t record_room(struct reader *r, const json_t *records, size_t index, size_t left)
{
	size_t last = json_array_size(records);
	if (index + 1 >= last)
		return left;
	const json_t *length = json_object_get(json_array_get(records, index), "length");
	json_int_t size = json_integer_value(length);
	if (!json_is_integer(length) || size < 1 || (size_t)size > left)
		mistake(r, "item %zu of 'records' has a length that is none, or more than is left",
			index);
	return r->bad ? left : (size_t)size;
}

static void write_records(struct reader *r, struct text *out, struct span content)
{
	const json_t *records = json_object_get(r->root, "records");
	size_t index = 0;
	do {
		const json_t *entry = json_array_get(records, index);
		uint8_t header[RECORD_HEADER_LEN];
		uint16_t version = entry ? read_code(r, entry, "version")
					 : read_code(r, r->root, "record_version");
		size_t size = record_room(r, records, index++, content.len);
		if (size > RECORD_PLAINTEXT_MAX)
			mistake(r, "a record would have %zu bytes, of %d that it may have", size,
				RECORD_PLAINTEXT_MAX);
		if (r->bad)
			return;
		record_header_encode(header, 22, version, (uint16_t)size);
		text_append(out, span_of(header, sizeof(header)));
		text_append(out, span_of(content.at, size));
		content = span_skip(content, size);
	} while (content.len || index < json_array_size(records));
}

static struct span join(struct reader *r, struct span first, struct span second)
{
	uint8_t *both = take_memory(r, first.len + second.len + 1, 1);
	if (r->bad)
		return span_of(NULL, 0);
	if (first.len)
		memcpy(both, first.at, first.len);
	if (second.len)
		memcpy(both + first.len, second.at, second.len);
	return span_of(both, first.len + second.len);
}

static void write_hello(struct reader *r, struct text *out, bool in_records)
{
	struct hello_draft draft;
	read_draft(r, &draft);
	struct span message = build_message(r, &draft);
	if (r->bad)
		return;
	if (in_records)
		write_records(r, out, join(r, message, read_hex(r, "after", false)));
	else
		text_append(out, message);
}

static struct span read_kinds(struct reader *r)
{
	const json_t *array = read_array(r, "cipher_kinds");
	size_t len = json_array_size(array);
	uint8_t *bytes = take_memory(r, len, 3);
	for (size_t i = 0; i < len && !r->bad; i++) {
		uint32_t kind = item_of(r, array, i, "cipher_kinds", 0xFFFFFF);
		bytes[3 * i] = (uint8_t)(kind >> 16);
		bytes[3 * i + 1] = (uint8_t)(kind >> 8);
		bytes[3 * i + 2] = (uint8_t)kind;
	}
	return span_of(bytes, 3 * len);
}

static void write_sslv2(struct reader *r, struct text *out)
{
	struct sslv2_client_hello hello = { .version = read_code(r, r->root, "legacy_version") };
	struct builder b;
	uint8_t *bytes = take_memory(r, 0x8002, 1);
	hello.kinds = read_kinds(r);
	hello.session_id = read_hex(r, "session_id", true);
	hello.challenge = read_hex(r, "challenge", true);
	if (r->bad)
		return;
	builder_init(&b, bytes, 0x8002, NULL, 0);
	sslv2_client_hello_encode(&b, &hello);
	if (builder_fault(&b) != FAULT_NONE)
		mistake(r, "the hello is larger than 32767 bytes");
	else
		text_append(out, builder_view(&b));
}

static void write_object(struct reader *r, struct text *out)
{
	const json_t *ok = json_object_get(r->root, "ok");
	const json_t *member = json_object_get(r->root, "form");
	const char *form = member ? json_string_value(member) : "records";
	if (json_is_false(ok))
		mistake(r, "the object tells of a file that held no hello");
	struct span preamble = read_hex(r, "preamble", false);
	text_append(out, preamble);
	if (form && strcmp(form, "sslv2") == 0)
		write_sslv2(r, out);
	else if (form && strcmp(form, "handshake") == 0)
		write_hello(r, out, false);
	else if (form && strcmp(form, "records") == 0)
		write_hello(r, out, true);
	else
		mistake(r, "'form' is none of \"records\", \"handshake\" and \"sslv2\"");
	text_append(out, read_hex(r, "trailing", false));
}

static void refuse_syntax(struct reader *r, size_t start, const json_error_t *error)
{
	struct text text;
	text_init(&text);
	text_quote(&text, span_text(error->text));
	mistake(r, "offset %zu: this is no JSON object: %s", start + (size_t)error->position,
		text_view(&text));
	text_release(&text);
}

enum fault hello_parse_json(struct text *out, struct cursor *in, size_t line, struct arena *arena,
			    char *why, size_t why_len)
{
	json_error_t error;
	struct reader r = { .arena = arena, .line = line, .why = why, .why_len = why_len };
	r.root = json_loadb((const char *)in->base + in->at, cursor_left(in),
			    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
	if (!r.root)
		r.line += error.line > 1 ? (size_t)error.line - 1 : 0;
	if (!json_is_object(r.root))
		refuse_syntax(&r, in->at, &error);
	else
		write_object(&r, out);
	cursor_take(in, r.root ? (size_t)error.position : 0);
	json_decref(r.root);
	return r.bad ? FAULT_INPUT : FAULT_NONE;
}
