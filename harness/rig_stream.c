/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_stream.h"

#include "harness.h"
#include "wire/stream.h"

#define HASH_START 14695981039346656037u
#define HASH_PRIME 1099511628211u

static uint64_t mix(uint64_t hash, uint64_t number)
{
	return (hash ^ number) * HASH_PRIME;
}

static uint64_t drain(struct stream *stream, uint64_t hash)
{
	struct stream_event event;
	for (stream_next(stream, &event); event.kind != STREAM_NEED_MORE;
	     stream_next(stream, &event)) {
		harness_step();
		hash = mix(mix(hash, event.kind), event.offset);
		for (size_t i = 0; i < event.body.len; i++)
			hash = mix(hash, event.body.at[i]);
		CHECK((event.kind == STREAM_MALFORMED) == stream->bad);
		CHECK(event.kind != STREAM_MALFORMED || event.what);
		if (stream->bad)
			break;
	}
	return hash;
}

uint64_t rig_stream(struct arena *arena, struct span bytes, size_t chunk, bool sslv2)
{
	struct stream stream;
	uint64_t hash = HASH_START;
	stream_init(&stream, arena, sslv2);
	while (bytes.len && !stream.bad) {
		size_t n = bytes.len < chunk ? bytes.len : chunk;
		stream_feed(&stream, span_of(bytes.at, n));
		hash = drain(&stream, hash);
		bytes = span_skip(bytes, n);
	}
	CHECK(arena->fault == FAULT_NONE);
	return hash;
}
