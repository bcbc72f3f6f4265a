/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"
#include "wire/annotation.h"
#include "wire/message_map.h"
#include "wire/record.h"

/* PostgreSQL's dialogue before TLS (its protocol, 55.2.10 and 55.7). */
#define REQUEST_LEN	8
#define REQUEST_SSL	80877103
#define REQUEST_GSSENC	80877104
#define STARTUP_VERSION 0x00030000

/* Of each record: its content type, and where its content begins. */
struct extent {
	uint8_t type;
	size_t offset;
};

/* One side's bytes: what stands before the records, they, and what is no whole record any more. */
struct talk {
	struct annotation *out;
	struct span bytes;
	bool server;
	struct hello_record *records;
	struct extent *extents;
	size_t records_len, records_cap, extents_cap, end;
	struct message_context context;
	bool is_protected; /* behind a ChangeCipherSpec */
};

static struct span rest_of(const struct talk *talk)
{
	return span_skip(talk->bytes, talk->out->at);
}

static bool take_request(struct talk *talk)
{
	struct cursor in = cursor_over(rest_of(talk));
	uint32_t len = cursor_u32(&in), code = cursor_u32(&in);
	bool request = len == REQUEST_LEN && (code == REQUEST_SSL || code == REQUEST_GSSENC);
	bool startup = code == STARTUP_VERSION && len <= talk->bytes.len - talk->out->at;
	if (!cursor_ok(&in) || (!request && !startup))
		return false;
	annotation_field(talk->out,
			 startup	       ? "startup_message"
			 : code == REQUEST_SSL ? "ssl_request"
					       : "gssenc_request",
			 len < REQUEST_LEN ? REQUEST_LEN : len, 0);
	return true;
}

/* Behind the answer to a request nothing stands, or TLS, or the answer to the next request. */
static bool is_answer(uint8_t answer, struct cursor behind)
{
	uint8_t next = cursor_u8(&behind);
	bool known = answer == 'S' || answer == 'N' || answer == 'G';
	bool binary = !cursor_ok(&behind) || next < ' ' || next >= 0x80;
	return known && (binary || (answer == 'N' && next == 'S'));
}

static bool take_answer(struct talk *talk)
{
	struct cursor in = cursor_over(rest_of(talk));
	uint8_t first = cursor_u8(&in);
	struct cursor behind = in;
	uint32_t len = cursor_u32(&in);
	bool message = cursor_ok(&in) && first >= 'A' && first <= 'Z' && len >= 4 &&
		       len - 4 <= cursor_left(&in);
	if (message)
		annotation_field(talk->out, first == 'E' ? "error_response" : "postgresql_message",
				 len + 1, 0);
	else if (is_answer(first, behind))
		annotation_field(talk->out, "postgresql_answer", 1, 0);
	else
		return false;
	return true;
}

/* Some cases send content types and versions that nobody has assigned. */
static bool is_header(struct span rest)
{
	if (rest.len < RECORD_HEADER_LEN)
		return false;
	size_t len = (size_t)rest.at[3] << 8 | rest.at[4];
	bool type = rest.at[0] >= CONTENT_CHANGE_CIPHER_SPEC && rest.at[0] <= CONTENT_HEARTBEAT;
	return rest.at[1] == 3 || (type && len <= rest.len - RECORD_HEADER_LEN);
}

/* The last record may be cut off: then it has what came of it. */
static bool find_record(struct talk *talk)
{
	struct arena *arena = talk->out->arena;
	struct span rest = span_skip(talk->bytes, talk->end);
	if (!is_header(rest))
		return false;
	struct hello_record *records = arena_grow(arena, talk->records, talk->records_len,
						  &talk->records_cap, sizeof(*records));
	struct extent *extents = arena_grow(arena, talk->extents, talk->records_len,
					    &talk->extents_cap, sizeof(*extents));
	if (!records || !extents)
		return false;
	size_t len = (size_t)rest.at[3] << 8 | rest.at[4];
	size_t offset = talk->end + RECORD_HEADER_LEN, left = rest.len - RECORD_HEADER_LEN;
	len = len < left ? len : left;
	extents[talk->records_len] = (struct extent){ .type = rest.at[0], .offset = offset };
	records[talk->records_len++] = (struct hello_record){ .len = (uint16_t)len };
	talk->records = records;
	talk->extents = extents;
	talk->end = offset + len;
	return true;
}

/* The content of records `first` to the one before `last`, put together. */
static struct span content_of(const struct talk *talk, size_t first, size_t last, size_t len)
{
	uint8_t *content = arena_alloc(talk->out->arena, len + 1);
	size_t done = 0;
	for (size_t i = first; content && i < last; i++) {
		size_t part = talk->records[i].len;
		memcpy(content + done, talk->bytes.at + talk->extents[i].offset, part);
		done += part;
	}
	return span_of(content, done);
}

static void take_messages(struct talk *talk, struct span content)
{
	struct cursor in = cursor_over(content);
	struct handshake_message message;
	struct message_map map;
	while (handshake_decode(&message, &in) == FAULT_NONE) {
		if (message_map_of(&map, &message, &talk->context, talk->out->arena) != FAULT_NONE)
			return;
		annotation_map(talk->out, map.fields, map.len);
	}
	size_t left = cursor_left(&in);
	if (left >= HANDSHAKE_HEADER_LEN) {
		annotation_content(talk->out, "handshake_type", 1, 1);
		annotation_content(talk->out, "length", 3, 1);
		left -= HANDSHAKE_HEADER_LEN;
	}
	if (left)
		annotation_content(talk->out, "content", left, 1);
}

static void take_alerts(struct talk *talk, size_t len)
{
	for (; len >= 2; len -= 2) {
		annotation_content(talk->out, "alert_level", 1, 1);
		annotation_content(talk->out, "alert_description", 1, 1);
	}
	if (len)
		annotation_content(talk->out, "content", len, 1);
}

static const char *content_name(const struct talk *talk, uint8_t type)
{
	if (type == CONTENT_APPLICATION_DATA || talk->is_protected)
		return "encrypted";
	if (type == CONTENT_CHANGE_CIPHER_SPEC)
		return "change_cipher_spec";
	return type == CONTENT_HEARTBEAT ? "heartbeat" : "content";
}

/* Records of one content type that follow each other; returns how many. */
static size_t take_run(struct talk *talk, size_t first)
{
	uint8_t type = talk->extents[first].type;
	size_t last = first, len = 0;
	for (; last < talk->records_len && talk->extents[last].type == type; last++)
		len += talk->records[last].len;
	bool whole = type == CONTENT_HANDSHAKE && !talk->is_protected;
	if (!whole) {
		last = first + 1;
		len = talk->records[first].len;
	}
	if (whole && len)
		take_messages(talk, content_of(talk, first, last, len));
	annotation_open(talk->out);
	if (type == CONTENT_ALERT && !talk->is_protected)
		take_alerts(talk, len);
	else if (!whole && len)
		annotation_content(talk->out, content_name(talk, type), len, 1);
	talk->is_protected |= type == CONTENT_CHANGE_CIPHER_SPEC;
	return last - first;
}

static enum fault take_sslv2(struct talk *talk)
{
	struct span rest = rest_of(talk);
	struct message_map map = { .len = 0 };
	if (rest.len < 2 || !(rest.at[0] & 0x80))
		return FAULT_NONE;
	size_t len = 2 + ((size_t)(rest.at[0] & 0x7F) << 8 | rest.at[1]);
	if (len > rest.len)
		return FAULT_NONE;
	enum fault fault =
		sslv2_map_of(&map, span_of(rest.at, len), talk->server, talk->out->arena);
	annotation_map(talk->out, map.fields, map.len);
	return fault;
}

static void take_records(struct talk *talk)
{
	talk->end = talk->out->at;
	while (find_record(talk))
		;
	talk->out->records = talk->records;
	talk->out->records_len = talk->records_len;
	for (size_t i = 0; i < talk->records_len && talk->out->arena->fault == FAULT_NONE;)
		i += take_run(talk, i);
}

enum fault annotate(struct annotation *out, struct span bytes, bool server, struct arena *arena)
{
	struct talk talk = {
		.out = out, .bytes = bytes, .server = server, .context = { .version = VERSION_NONE }
	};
	annotation_init(out, NULL, 0, arena);
	while (server ? take_answer(&talk) : take_request(&talk))
		;
	enum fault fault = take_sslv2(&talk);
	if (fault == FAULT_NONE)
		take_records(&talk);
	if (arena->fault == FAULT_NONE && out->at < bytes.len)
		annotation_field(out, "bytes", bytes.len - out->at, 0);
	return arena->fault;
}
