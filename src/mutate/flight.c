/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/flight.h"

#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* Under a header that may lie, a record is what its type or its version says it is. */
static bool is_record(struct span at)
{
	return at.len >= RECORD_HEADER_LEN &&
	       (at.at[1] == 3 || registry_name(&registry_content_types, at.at[0]) != NULL);
}

/* The last record may promise more than there is: that is a lie about what there is. */
static struct record_draft record_read(struct cursor *in)
{
	struct record_draft record = { .type = cursor_u8(in), .version = cursor_u16(in) };
	size_t len = cursor_u16(in), left = cursor_left(in);
	record.fragment = cursor_take(in, len < left ? len : left);
	record.length_lie = (int32_t)len - (int32_t)record.fragment.len;
	return record;
}

static struct part *part_add(struct flight *flight)
{
	return flight_insert(flight, flight->parts_len);
}

static void record_add(struct flight *flight, struct record_draft record)
{
	struct part *part = part_add(flight);
	if (part)
		*part = (struct part){ .record = record };
}

static bool take_extensions(struct flight *flight, struct block *out, struct span bytes)
{
	struct cursor in = cursor_over(bytes);
	struct extension_item item;
	size_t count = 0;
	while (extension_next(&in, &item))
		count++;
	if (!cursor_done(&in))
		return false;
	*out = (struct block){ .items =
				       arena_array(flight->arena, count + 1, sizeof(*out->items)) };
	in = cursor_over(bytes);
	while (out->items && extension_next(&in, &item))
		out->items[out->len++] =
			(struct extension_draft){ .type = item.type, .body = item.data };
	return out->items != NULL;
}

/* RFC 8446 4.1.3: version, random, session id, suite and method stand before the extensions. */
static bool read_server_hello(struct flight *flight, struct message *out, struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_take(&in, 2 + RANDOM_LEN);
	cursor_vec8(&in);
	cursor_take(&in, 3);
	size_t head = in.at;
	struct span extensions = cursor_vec16(&in);
	if (!cursor_done(&in) || !take_extensions(flight, &out->block, extensions))
		return false;
	out->kind = MESSAGE_SERVER_HELLO;
	out->body = span_of(body.at, head);
	return true;
}

static bool read_client_hello(struct flight *flight, struct message *out, struct span body)
{
	struct client_hello hello;
	if (client_hello_decode(&hello, cursor_over(body), LENIENT_ALL, NULL) != FAULT_NONE ||
	    hello_draft_of(&out->hello, &hello, 0, flight->arena) != FAULT_NONE)
		return false;
	size_t len = out->hello.extensions_len;
	struct extension_draft *items = arena_array(flight->arena, len + 1, sizeof(*items));
	if (!items)
		return false;
	if (len)
		memcpy(items, out->hello.extensions, len * sizeof(*items));
	out->kind = MESSAGE_CLIENT_HELLO;
	out->block = (struct block){ .items = items, .len = len };
	return true;
}

void message_parse(struct flight *flight, struct message *out, uint8_t type, struct span body)
{
	*out = (struct message){ .type = type, .body = body, .record_version = 0x0303 };
	if (type == HANDSHAKE_CLIENT_HELLO)
		read_client_hello(flight, out, body);
	else if (type == HANDSHAKE_SERVER_HELLO)
		read_server_hello(flight, out, body);
}

/* Consecutive handshake records: their fragments together, and where each of them ends. */
struct run {
	struct span bytes;
	size_t ends[FLIGHT_PARTS_MAX];
	size_t ends_len;
	uint16_t version;
};

static bool begins_at(const struct run *run, size_t offset)
{
	for (size_t i = 0; i < run->ends_len; i++) {
		if (run->ends[i] == offset)
			return true;
	}
	return offset == 0;
}

static size_t piece_of(const struct run *run, size_t start, size_t end)
{
	for (size_t i = 0; i < run->ends_len; i++) {
		if (run->ends[i] > start && run->ends[i] < end)
			return run->ends[i] - start;
	}
	return 0;
}

/* A message that promises more than the run has left lies, if it is a hello; else it is no message:
 * most likely it is encrypted. */
static bool next_message(struct flight *flight, const struct run *run, struct cursor *in)
{
	struct cursor ahead = *in;
	size_t start = in->at;
	uint8_t type = cursor_u8(&ahead);
	size_t len = cursor_u24(&ahead), left = cursor_left(&ahead);
	bool is_hello = type == HANDSHAKE_CLIENT_HELLO;
	if (!cursor_ok(&ahead) || !registry_name(&registry_handshake_types, type) ||
	    (len > left && !is_hello))
		return false;
	struct part *part = part_add(flight);
	if (!part)
		return false;
	*part = (struct part){ .is_message = true };
	struct message *message = &part->message;
	message_parse(flight, message, type, cursor_take(&ahead, len < left ? len : left));
	message->record_version = run->version;
	message->length_lie = len > left ? (int32_t)(len - left) : 0;
	message->is_joined = !begins_at(run, start);
	message->piece = piece_of(run, start, ahead.at);
	*in = ahead;
	return true;
}

static void read_run(struct flight *flight, const struct run *run)
{
	struct cursor in = cursor_over(run->bytes);
	while (cursor_left(&in) && next_message(flight, run, &in))
		;
	if (cursor_left(&in))
		record_add(flight, (struct record_draft){ .type = CONTENT_HANDSHAKE,
							  .version = run->version,
							  .fragment = cursor_rest(&in) });
}

static bool run_add(struct flight *flight, struct run *run, const struct record_draft *record)
{
	if (record->type != CONTENT_HANDSHAKE || record->length_lie || record->fragment.len == 0 ||
	    (run->ends_len && record->version != run->version) || run->ends_len == FLIGHT_PARTS_MAX)
		return false;
	run->version = record->version;
	run->bytes = run->ends_len ? flight_join(flight, run->bytes, record->fragment)
				   : record->fragment;
	run->ends[run->ends_len++] = run->bytes.len;
	return true;
}

static bool read_records(struct flight *flight, struct span bytes)
{
	struct cursor in = cursor_over(bytes);
	struct run run = { .ends_len = 0 };
	while (flight->parts_len < FLIGHT_PARTS_MAX / 2 &&
	       is_record(span_of(in.base + in.at, cursor_left(&in)))) {
		struct record_draft record = record_read(&in);
		if (run_add(flight, &run, &record))
			continue;
		read_run(flight, &run);
		run = (struct run){ .ends_len = 0 };
		if (!run_add(flight, &run, &record))
			record_add(flight, record);
	}
	read_run(flight, &run);
	flight->trailing = cursor_rest(&in);
	return flight->parts_len > 0;
}

static bool read_body(struct flight *flight, struct span bytes)
{
	struct part *part = part_add(flight);
	if (!part)
		return false;
	*part = (struct part){ .is_message = true };
	message_parse(flight, &part->message, HANDSHAKE_CLIENT_HELLO, bytes);
	return part->message.kind == MESSAGE_CLIENT_HELLO;
}

bool flight_parse(struct flight *flight, struct span bytes)
{
	bool found = bytes.len > 0 && (flight->form == MUTATE_BODY ? read_body(flight, bytes)
								   : read_records(flight, bytes));
	return found && flight->arena->fault == FAULT_NONE;
}

/* Room enough for any message: what the fields have, and every prefix. */
static size_t size_of(const struct message *message)
{
	const struct hello_draft *hello = &message->hello;
	size_t size = 64 + message->body.len + hello->random.len + hello->session_id.len +
		      2 * hello->suites_len + hello->suites_tail.len + hello->compression.len +
		      hello->tail.len;
	for (size_t i = 0; i < message->block.len; i++)
		size += 4 + message->block.items[i].body.len;
	return size;
}

static void write_server_hello(struct builder *b, const struct message *message)
{
	struct handshake_open open = handshake_open(b, "server_hello", message->type);
	builder_bytes(b, "head", message->body);
	struct prefix block = builder_open(b, "extensions", 2);
	for (size_t i = 0; i < message->block.len; i++) {
		const struct extension_draft *item = &message->block.items[i];
		builder_u16(b, "extension_type", item->type);
		struct prefix prefix = builder_open(b, "extension_data", 2);
		builder_bytes(b, "content", item->body);
		builder_close(b, prefix, item->length_lie);
	}
	builder_close(b, block, message->hello.extensions_lie);
	handshake_close(b, open, message->length_lie);
}

struct span message_write(struct flight *flight, const struct message *message)
{
	struct builder b;
	struct hello_draft hello = message->hello;
	size_t size = size_of(message);
	uint8_t *bytes = arena_alloc(flight->arena, size);
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, size, NULL, 0);
	hello.extensions = message->block.items;
	hello.extensions_len = message->block.len;
	hello.handshake_lie = message->length_lie;
	if (message->kind == MESSAGE_CLIENT_HELLO)
		hello_draft_message(&b, &hello);
	else if (message->kind == MESSAGE_SERVER_HELLO)
		write_server_hello(&b, message);
	else
		handshake_encode(&b, message->type, message->body, message->length_lie);
	if (message->kind != MESSAGE_OTHER && b.len)
		bytes[0] = message->type;
	return builder_view(&b);
}

static void cut_message(struct flight *flight, const struct message *message)
{
	struct span bytes = message_write(flight, message);
	struct record_draft *last =
		flight->records_len ? &flight->records[flight->records_len - 1] : NULL;
	size_t piece = message->piece ? message->piece : RECORD_PLAINTEXT_MAX;
	if (message->is_joined && last && last->type == CONTENT_HANDSHAKE &&
	    last->fragment.len + bytes.len <= RECORD_PLAINTEXT_MAX) {
		size_t n =
			message->piece && message->piece < bytes.len ? message->piece : bytes.len;
		last->fragment = flight_join(flight, last->fragment, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
	}
	while (bytes.len) {
		size_t n = bytes.len < piece ? bytes.len : piece;
		struct record_draft *record = record_insert(flight, flight->records_len);
		if (!record)
			return;
		*record = (struct record_draft){ .type = CONTENT_HANDSHAKE,
						 .version = message->record_version,
						 .fragment = span_of(bytes.at, n) };
		bytes = span_skip(bytes, n);
	}
}

void flight_cut(struct flight *flight)
{
	for (size_t i = 0; i < flight->parts_len; i++) {
		const struct part *part = &flight->parts[i];
		if (part->is_message) {
			cut_message(flight, &part->message);
			continue;
		}
		struct record_draft *record = record_insert(flight, flight->records_len);
		if (record)
			*record = part->record;
	}
}

static size_t put(uint8_t *out, size_t at, size_t max, struct span bytes)
{
	size_t n = bytes.len < max - at ? bytes.len : max - at;
	if (n)
		memcpy(out + at, bytes.at, n);
	return at + n;
}

size_t flight_write(const struct flight *flight, uint8_t *out, size_t max)
{
	uint8_t header[RECORD_HEADER_LEN];
	size_t at = 0;
	for (size_t i = 0; i < flight->records_len; i++) {
		const struct record_draft *record = &flight->records[i];
		struct span fragment = record->fragment;
		if (flight->form == MUTATE_BODY)
			return put(out, at, max, span_skip(fragment, HANDSHAKE_HEADER_LEN));
		int32_t len = (int32_t)fragment.len + record->length_lie;
		record_header_encode(header, record->type, record->version, (uint16_t)len);
		at = put(out, at, max, span_of(header, sizeof(header)));
		at = put(out, at, max, fragment);
	}
	return put(out, at, max, flight->trailing);
}
