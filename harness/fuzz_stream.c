/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "wire/stream.h"

#define ARENA_MAX (8 * 1024 * 1024)

/* FNV-1a over every event, its kind and its bytes. */
static uint64_t drain(struct stream *stream, uint64_t hash)
{
	struct stream_event event;
	for (;;) {
		stream_next(stream, &event);
		if (event.kind == STREAM_NEED_MORE)
			return hash;
		hash = (hash ^ (uint64_t)event.kind) * 1099511628211u;
		for (size_t i = 0; i < event.body.len; i++)
			hash = (hash ^ event.body.at[i]) * 1099511628211u;
		if (event.kind == STREAM_MALFORMED)
			return hash;
	}
}

static uint64_t run(const uint8_t *bytes, size_t len, size_t chunk)
{
	struct arena arena;
	struct stream stream;
	uint64_t hash = 14695981039346656037u;
	arena_init(&arena, ARENA_MAX);
	stream_init(&stream, &arena, false);
	for (size_t at = 0; at < len; at += chunk) {
		stream_feed(&stream, span_of(bytes + at, len - at < chunk ? len - at : chunk));
		hash = drain(&stream, hash);
		if (stream.bad)
			break;
	}
	arena_release(&arena);
	return hash;
}

/* The same events for every chunking. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len > 65536)
		return 0;
	uint64_t whole = run(bytes, len, len ? len : 1);
	CHECK(whole == run(bytes, len, 1));
	CHECK(whole == run(bytes, len, 7));
	return 0;
}
