/* rig_stream.h - a stream that is fed in pieces. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_STREAM_H
#define HARNESS_RIG_STREAM_H

#include "base/arena.h"

/*
 * Pieces of `chunk` bytes, from the byte `from` on: RIG_PIECES_MAX of them, before and behind which
 * everything comes at once. A stream that is cut at every byte costs as much as a hundred that are
 * cut in one place; the place is the input's, so that in time every byte is cut at.
 */
#define RIG_PIECES_MAX 8
struct rig_pieces {
	size_t chunk, from;
};

/* rig_pieces_next says how many bytes come next, of `len` that `at` have come of: at least one. */
size_t rig_pieces_next(const struct rig_pieces *pieces, size_t at, size_t len);

/* rig_stream returns a hash of every event of the stream that comes in these pieces. Alerts and a
 * ServerHelloDone are written again: the bytes that they were read from. */
uint64_t rig_stream(struct arena *arena, struct span bytes, struct rig_pieces pieces, bool sslv2);

/* rig_stream_records feeds the bytes as fragments of records, and again and again: past every
 * ceiling. */
uint64_t rig_stream_records(struct arena *arena, struct span bytes, size_t chunk);

#endif
