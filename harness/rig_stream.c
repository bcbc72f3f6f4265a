/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_stream.h"

#include "harness.h"
#include "unseen.h"
#include "wire/stream.h"

UNSEEN_BEGIN

static uint64_t drain(struct stream *stream, uint64_t hash)
{
	struct stream_event event;
	for (stream_next(stream, &event); event.kind != STREAM_NEED_MORE;
	     stream_next(stream, &event)) {
		harness_step();
		hash = harness_mix(hash, (uint64_t)event.offset << 8 | event.kind);
		hash = harness_mix_bytes(hash, event.body);
		CHECK((event.kind == STREAM_MALFORMED) == stream->bad);
		CHECK(event.kind != STREAM_MALFORMED || event.what);
		if (stream->bad)
			break;
	}
	return hash;
}

/* How many bytes come next: all up to the window, in it `chunk`, and behind it what is left. */
static size_t next_len(const struct rig_pieces *pieces, size_t at, size_t len)
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
		n = next_len(&pieces, at, bytes.len);
		stream_feed(&stream, span_of(bytes.at + at, n));
		hash = drain(&stream, hash);
	}
	CHECK(arena->fault == FAULT_NONE);
	return hash;
}

UNSEEN_END
