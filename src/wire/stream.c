/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"

#define FIRST_CAP   4096
#define MESSAGE_CAP 1024

void stream_init(struct stream *stream, struct arena *arena, bool sslv2)
{
	*stream = (struct stream){ .arena = arena, .sslv2 = sslv2 };
}

static void latch(struct stream *stream, const char *what)
{
	if (!stream->bad)
		stream->what = what;
	stream->bad = true;
}

/* Old buffers stay in the arena, so that views handed out before stay valid. */
static bool reserve(struct stream *stream, size_t need)
{
	if (need <= stream->cap)
		return true;
	size_t cap = stream->cap ? stream->cap : FIRST_CAP;
	while (cap < need)
		cap *= 2;
	uint8_t *bytes = arena_alloc(stream->arena, cap);
	if (!bytes)
		return false;
	if (stream->len)
		memcpy(bytes, stream->bytes, stream->len);
	stream->bytes = bytes;
	stream->cap = cap;
	return true;
}

void stream_feed(struct stream *stream, struct span bytes)
{
	size_t room = PEER_BYTES_MAX - stream->len;
	if (bytes.len > room || stream->overflow) {
		bytes.len = stream->overflow ? 0 : room;
		stream->overflow = true;
	}
	if (bytes.len == 0)
		return;
	if (!reserve(stream, stream->len + bytes.len)) {
		stream->overflow = true;
		return;
	}
	memcpy(stream->bytes + stream->len, bytes.at, bytes.len);
	stream->len += bytes.len;
}

void stream_feed_record(struct stream *stream, uint8_t type, uint16_t version, struct span fragment)
{
	uint8_t header[RECORD_HEADER_LEN];
	if (fragment.len > UINT16_MAX) {
		stream->overflow = true;
		return;
	}
	record_header_encode(header, type, version, (uint16_t)fragment.len);
	stream_feed(stream, span_of(header, sizeof(header)));
	stream_feed(stream, fragment);
}

static void fill(struct stream_event *out, enum stream_event_kind kind, uint8_t type,
		 struct span body, struct span whole)
{
	out->kind = kind;
	out->type = type;
	out->body = body;
	out->whole = whole;
}

static bool deliver_message(const struct stream *stream, struct stream_event *out,
			    struct span whole)
{
	fill(out, STREAM_HANDSHAKE, whole.at[0], span_skip(whole, sizeof(stream->header)), whole);
	out->record_version = stream->pending_version;
	out->offset = stream->pending_offset;
	return true;
}

static size_t message_size(const uint8_t header[4])
{
	return HANDSHAKE_HEADER_LEN +
	       ((size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3]);
}

/* Collects the header, which says how long the message is. */
static bool message_start(struct stream *stream)
{
	while (stream->message_len < sizeof(stream->header) && stream->pending.len) {
		stream->header[stream->message_len++] = stream->pending.at[0];
		stream->pending = span_skip(stream->pending, 1);
	}
	if (stream->message_len < sizeof(stream->header))
		return false;
	stream->message_size = message_size(stream->header);
	if (stream->message_size - sizeof(stream->header) > HANDSHAKE_MESSAGE_MAX) {
		latch(stream, "handshake message is longer than any that is admitted");
		return false;
	}
	return true;
}

/* A promise is not paid for: room for all of the message only once so much of it has come. */
static bool message_reserve(struct stream *stream, size_t need)
{
	if (stream->message && need <= stream->message_cap)
		return true;
	size_t size = stream->message_size;
	size_t cap = need <= MESSAGE_CAP && size > MESSAGE_CAP ? MESSAGE_CAP : size;
	uint8_t *message = arena_alloc(stream->arena, cap);
	if (!message) {
		latch(stream, "no memory is left for a handshake message");
		return false;
	}
	if (stream->message)
		memcpy(message, stream->message, stream->message_len);
	else
		memcpy(message, stream->header, sizeof(stream->header));
	stream->message = message;
	stream->message_cap = cap;
	return true;
}

static bool message_continue(struct stream *stream, struct stream_event *out)
{
	if (!stream->message && !message_start(stream))
		return false;
	size_t want = stream->message_size - stream->message_len;
	size_t take = want < stream->pending.len ? want : stream->pending.len;
	if (!message_reserve(stream, stream->message_len + take))
		return false;
	if (take)
		memcpy(stream->message + stream->message_len, stream->pending.at, take);
	stream->message_len += take;
	stream->pending = span_skip(stream->pending, take);
	if (stream->message_len < stream->message_size)
		return false;
	struct span whole = span_of(stream->message, stream->message_size);
	stream->message = NULL;
	stream->message_len = 0;
	return deliver_message(stream, out, whole);
}

/* A message that lies whole in one record is a view; only fragmented ones are copied. */
static bool next_message(struct stream *stream, struct stream_event *out)
{
	struct span in = stream->pending;
	if (stream->message_len == 0 && in.len >= sizeof(stream->header) &&
	    message_size(in.at) <= in.len) {
		size_t size = message_size(in.at);
		stream->pending = span_skip(in, size);
		return deliver_message(stream, out, span_of(in.at, size));
	}
	return message_continue(stream, out);
}

static bool deliver_alert(struct stream *stream, struct stream_event *out, struct span fragment)
{
	struct alert alert;
	if (alert_decode(&alert, cursor_over(fragment)) != FAULT_NONE) {
		latch(stream, "alert record does not hold exactly one alert");
		return false;
	}
	if (alert.level == ALERT_WARNING && ++stream->warnings > WARNING_ALERTS_MAX) {
		latch(stream, "more warning alerts than are admitted");
		return false;
	}
	out->kind = STREAM_ALERT;
	out->level = alert.level;
	out->description = alert.description;
	return true;
}

static bool deliver_content(struct stream *stream, struct stream_event *out,
			    const struct record *record)
{
	switch (record->type) {
	case CONTENT_ALERT:
		return deliver_alert(stream, out, record->fragment);
	case CONTENT_CHANGE_CIPHER_SPEC:
		if (!span_equal(record->fragment, span_of("\x01", 1))) {
			latch(stream, "change_cipher_spec record is not the single byte 01");
			return false;
		}
		out->kind = STREAM_CHANGE_CIPHER_SPEC;
		return true;
	case CONTENT_HEARTBEAT:
		out->kind = STREAM_HEARTBEAT;
		return true;
	default:
		out->kind = STREAM_APPLICATION_DATA;
		return true;
	}
}

static bool count_empty(struct stream *stream)
{
	if (++stream->empties > EMPTY_RECORDS_MAX)
		latch(stream, "more empty records than are admitted");
	return false;
}

static bool deliver_record(struct stream *stream, struct stream_event *out,
			   const struct record *record, size_t offset)
{
	struct span whole = span_of(stream->bytes + offset, stream->at - offset);
	fill(out, STREAM_RECORD, record->type, record->fragment, whole);
	out->record_version = record->version;
	out->offset = offset;
	if (stream->raw)
		return true;
	/* RFC 8446 5.1 */
	if (stream->message_len && record->type != CONTENT_HANDSHAKE) {
		latch(stream, "handshake message is interleaved with another record type");
		return false;
	}
	if (record->fragment.len == 0)
		return count_empty(stream);
	if (record->type != CONTENT_HANDSHAKE)
		return deliver_content(stream, out, record);
	stream->pending = record->fragment;
	stream->pending_offset = offset;
	stream->pending_version = record->version;
	return false;
}

static const char *record_reason(struct span bytes)
{
	if (bytes.at[0] < CONTENT_CHANGE_CIPHER_SPEC || bytes.at[0] > CONTENT_HEARTBEAT)
		return "record has an unknown content type";
	if (bytes.at[1] != 3)
		return "record version is not 3.x";
	return "record is longer than any that is admitted";
}

/* Returns whether an event is in `out`; `*more` tells whether a record was consumed at all. */
static bool next_record(struct stream *stream, struct stream_event *out, bool *more)
{
	struct cursor in = cursor_over(span_of(stream->bytes, stream->len));
	struct record record;
	in.at = stream->at;
	size_t offset = in.at;
	enum fault fault = record_decode(&record, &in);
	*more = fault != FAULT_TRUNCATED;
	if (fault == FAULT_MALFORMED)
		latch(stream, record_reason(span_of(in.base + in.at, cursor_left(&in))));
	if (fault == FAULT_TRUNCATED && cursor_left(&in) >= RECORD_HEADER_LEN)
		stream->need = offset + record_whole_len(in.base + offset);
	if (fault != FAULT_NONE)
		return false;
	stream->at = in.at;
	stream->records++;
	return deliver_record(stream, out, &record, offset);
}

static bool next_sslv2(struct stream *stream, struct stream_event *out, bool *more)
{
	const uint8_t *at = stream->bytes + stream->at;
	size_t left = stream->len - stream->at;
	size_t size = left < 2 ? 2 : (size_t)((at[0] & 0x7F) << 8 | at[1]) + 2;
	*more = left >= size;
	if (!*more)
		return false;
	size_t offset = stream->at;
	stream->at += size;
	stream->records++;
	if (size == 2)
		return count_empty(stream);
	fill(out, STREAM_SSLV2, at[2], span_of(at + 2, size - 2), span_of(at, size));
	out->record_version = 0x0002;
	out->offset = offset;
	return true;
}

static bool take_event(struct stream *stream, struct stream_event *out)
{
	bool more = true;
	while (more && !stream->bad) {
		if (stream->pending.len) {
			if (next_message(stream, out))
				return true;
			continue;
		}
		if (stream->at == stream->len || stream->len < stream->need)
			return false;
		bool v2 = stream->sslv2 && (stream->bytes[stream->at] & 0x80) != 0;
		if (v2 ? next_sslv2(stream, out, &more) : next_record(stream, out, &more))
			return true;
	}
	return false;
}

void stream_next(struct stream *stream, struct stream_event *out)
{
	*out = (struct stream_event){ .kind = STREAM_NEED_MORE };
	if (take_event(stream, out))
		return;
	if (stream->overflow)
		latch(stream, "more bytes came than may be kept");
	*out = (struct stream_event){ .kind = STREAM_NEED_MORE };
	if (!stream->bad)
		return;
	out->kind = STREAM_MALFORMED;
	out->offset = stream->pending.len ? stream->pending_offset : stream->at;
	out->what = stream->what;
}

struct span stream_received(const struct stream *stream)
{
	return span_of(stream->bytes, stream->len);
}
