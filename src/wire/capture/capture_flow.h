/* capture_flow.h - TCP segments to connections, and what each side sent. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CAPTURE_CAPTURE_FLOW_H
#define WIRE_CAPTURE_CAPTURE_FLOW_H

#include "base/arena.h"
#include "base/limits.h"
#include "wire/capture/capture_segment.h"

/* The payload of one segment, in the order in which they were captured. */
struct capture_piece {
	struct capture_piece *next;
	struct span bytes;
	uint32_t sequence, packet;
};

/*
 * What one end sends. `base` is the sequence number of its first byte, and only its first one seen
 * where there was no SYN.
 */
struct capture_side {
	struct capture_piece *first, *last;
	uint32_t base;
	bool known, syn, syn_ack;
};

struct capture_connection {
	struct capture_endpoint ends[2];
	struct capture_side sides[2];
	struct capture_connection *same_bucket, *later;
};

/* `stream` and `known` hold one side at a time, which capture_flows_assemble puts together. */
struct capture_flows {
	struct arena *arena;
	struct capture_connection **buckets, *first, *last;
	size_t buckets_len, connections;
	uint8_t *stream, *known;
	size_t stream_max;
	uint64_t seed;
};

/* capture_flows_init prepares for the segments of a file of `file_len` bytes; the seed is
 * capture_read's. Faults: those of the arena. */
MUST_USE enum fault capture_flows_init(struct capture_flows *flows, size_t file_len, uint64_t seed,
				       struct arena *arena);

/*
 * capture_flows_add takes a segment; its payload is kept as a view. A SYN with another number than
 * the one before begins a connection anew. Faults: those of the arena.
 */
MUST_USE enum fault capture_flows_add(struct capture_flows *flows,
				      const struct capture_segment *segment, uint32_t packet);

/* capture_flows_assemble views what the side sent, as far as it is there without a gap, until the
 * next call. */
struct span capture_flows_assemble(struct capture_flows *flows, const struct capture_side *side);

/* capture_side_packet returns the packet that brought the side's byte `at`, which was assembled. */
uint32_t capture_side_packet(const struct capture_side *side, size_t at);

#endif
