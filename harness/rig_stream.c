/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_stream.h"

#include "harness.h"
#include "oracle_written.h"
#include "registry/registry.h"
#include "unseen.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/stream.h"

#define RIG_STREAM_TIMES 64

UNSEEN_BEGIN

static void is_written_again(const struct stream_event *event)
{
	struct builder b = written_begin();
	if (event->kind == STREAM_ALERT) {
		alert_encode(&b, (struct alert){ event->level, event->description });
		written_is(&b, 0, event->body);
	}
	if (event->kind == STREAM_HANDSHAKE && event->type == HANDSHAKE_SERVER_HELLO_DONE &&
	    server_hello_done_decode(cursor_over(event->body)) == FAULT_NONE) {
		server_hello_done_encode(&b);
		written_is(&b, 0, event->whole);
	}
}

static uint64_t drain(struct stream *stream, uint64_t hash)
{
	struct stream_event event;
	for (stream_next(stream, &event); event.kind != STREAM_NEED_MORE;
	     stream_next(stream, &event)) {
		harness_step();
		hash = harness_mix(hash, (uint64_t)event.offset << 8 | event.kind);
		hash = harness_mix_bytes(hash, event.body);
		is_written_again(&event);
		CHECK((event.kind == STREAM_MALFORMED) == stream->bad);
		CHECK(event.kind != STREAM_MALFORMED || event.what);
		if (stream->bad)
			break;
	}
	return hash;
}

size_t rig_pieces_next(const struct rig_pieces *pieces, size_t at, size_t len)
{
	size_t end = pieces->from + RIG_PIECES_MAX * pieces->chunk, n = len - at;
	if (at < pieces->from)
		n = pieces->from - at;
	else if (at < end)
		n = pieces->chunk;
	return n < len - at ? n : len - at;
}

uint64_t rig_stream(struct arena *arena, struct span bytes, struct rig_pieces pieces, bool sslv2)
{
	struct stream stream;
	uint64_t hash = 0;
	stream_init(&stream, arena, sslv2);
	for (size_t at = 0, n; at < bytes.len && !stream.bad; at += n) {
		n = rig_pieces_next(&pieces, at, bytes.len);
		stream_feed(&stream, span_of(bytes.at + at, n));
		hash = drain(&stream, hash);
	}
	CHECK(arena->fault == FAULT_NONE);
	return hash;
}

uint64_t rig_stream_records(struct arena *arena, struct span bytes, size_t chunk)
{
	struct stream stream;
	uint64_t hash = 0;
	stream_init(&stream, arena, false);
	stream.raw = chunk % 2;
	for (size_t i = 0; i < RIG_STREAM_TIMES && !stream.bad; i++) {
		for (struct span rest = bytes; rest.len && !stream.bad;
		     rest = span_skip(rest, chunk)) {
			struct span fragment = rest.len < chunk ? rest : span_of(rest.at, chunk);
			stream_feed_record(&stream, CONTENT_HANDSHAKE, 0x0303, fragment);
			hash = drain(&stream, hash);
		}
	}
	CHECK(stream_received(&stream).len <= PEER_BYTES_MAX);
	return hash;
}

UNSEEN_END
