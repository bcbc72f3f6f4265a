/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture_flow.h"

#define BUCKETS_MIN    64
#define BUCKETS_MAX    (1 << 20)
#define BYTES_A_BUCKET 64
#define MIX	       UINT64_C(0x9E3779B97F4A7C15)

enum fault capture_flows_init(struct capture_flows *flows, size_t file_len, uint64_t seed,
			      struct arena *arena)
{
	*flows = (struct capture_flows){ .arena = arena, .buckets_len = BUCKETS_MIN, .seed = seed };
	while (flows->buckets_len < BUCKETS_MAX && flows->buckets_len < file_len / BYTES_A_BUCKET)
		flows->buckets_len *= 2;
	/* What a file has without a gap is never longer than the file. */
	flows->stream_max = file_len < CAPTURE_CLIENT_MAX ? file_len : CAPTURE_CLIENT_MAX;
	flows->buckets =
		arena_array(arena, flows->buckets_len, sizeof(struct capture_connection *));
	flows->stream = arena_alloc(arena, flows->stream_max);
	flows->known = arena_alloc(arena, flows->stream_max);
	return arena->fault;
}

static bool is_end(const struct capture_endpoint *a, const struct capture_endpoint *b)
{
	return a->port == b->port && a->address_len == b->address_len &&
	       memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * MIX;
	return hash ^ hash >> 29;
}

/* Whoever made the file does not know the seed, and cannot fill one bucket. */
static uint64_t hash_of(uint64_t seed, const struct capture_endpoint *end)
{
	uint64_t words[sizeof(end->address) / 8];
	memcpy(words, end->address, sizeof(words));
	return mix(mix(mix(mix(seed, words[0]), words[1]), end->port), seed);
}

/* The latest connection between the two ends, or none; `side` is the one that sends. */
static struct capture_connection *find(struct capture_connection *at,
				       const struct capture_segment *segment, size_t *side)
{
	for (; at; at = at->same_bucket)
		for (*side = 0; *side < 2; ++*side)
			if (is_end(&at->ends[*side], &segment->from) &&
			    is_end(&at->ends[!*side], &segment->to))
				return at;
	*side = 0;
	return NULL;
}

static struct capture_connection *begin(struct capture_flows *flows,
					struct capture_connection **bucket,
					const struct capture_segment *segment)
{
	struct capture_connection *connection = arena_alloc(flows->arena, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->ends[0] = segment->from;
	connection->ends[1] = segment->to;
	connection->same_bucket = *bucket;
	*bucket = connection;
	*(flows->last ? &flows->last->later : &flows->first) = connection;
	flows->last = connection;
	flows->connections++;
	return connection;
}

/* From the side's first byte to `sequence`, over the turn of the 32 bits in either direction. */
static int64_t distance(const struct capture_side *side, uint32_t sequence)
{
	uint32_t ahead = sequence - side->base;
	return ahead < UINT32_C(1) << 31 ? (int64_t)ahead : (int64_t)ahead - (INT64_C(1) << 32);
}

/* The same SYN again, or one that was captured behind the data, begins nothing. */
static bool begins_anew(const struct capture_side *side, const struct capture_segment *segment)
{
	if (!segment->syn || !side->known)
		return false;
	int64_t first = distance(side, segment->sequence + 1);
	return side->syn ? first != 0 : first > 0 || first < -CAPTURE_CLIENT_MAX;
}

/* Only what lies near the first byte is kept; before it, for that may not have been the first. */
static struct span near(const struct capture_side *side, uint32_t *sequence, struct span bytes)
{
	int64_t from = distance(side, *sequence), low = -CAPTURE_CLIENT_MAX;
	int64_t to = from + (int64_t)bytes.len;
	if (to > CAPTURE_CLIENT_MAX)
		to = CAPTURE_CLIENT_MAX;
	size_t skip = from < low ? (size_t)(low - from) : 0;
	*sequence += (uint32_t)skip;
	if (to <= from + (int64_t)skip)
		return span_of(NULL, 0);
	return span_of(bytes.at + skip, (size_t)(to - from) - skip);
}

static enum fault keep(struct capture_side *side, uint32_t sequence, struct span bytes,
		       uint32_t packet, struct arena *arena)
{
	bytes = near(side, &sequence, bytes);
	if (!bytes.len)
		return FAULT_NONE;
	struct capture_piece *piece = arena_alloc(arena, sizeof(*piece));
	if (!piece)
		return arena->fault;
	*piece = (struct capture_piece){ .bytes = bytes, .sequence = sequence, .packet = packet };
	*(side->last ? &side->last->next : &side->first) = piece;
	side->last = piece;
	return FAULT_NONE;
}

enum fault capture_flows_add(struct capture_flows *flows, const struct capture_segment *segment,
			     uint32_t packet)
{
	if (!segment->syn && !segment->payload.len)
		return FAULT_NONE;
	uint64_t hash = hash_of(flows->seed, &segment->from) + hash_of(flows->seed, &segment->to);
	struct capture_connection **bucket = &flows->buckets[hash % flows->buckets_len];
	size_t sends;
	struct capture_connection *connection = find(*bucket, segment, &sends);
	if (connection && begins_anew(&connection->sides[sends], segment)) {
		connection = NULL;
		sends = 0;
	}
	if (!connection)
		connection = begin(flows, bucket, segment);
	if (!connection)
		return flows->arena->fault;

	struct capture_side *side = &connection->sides[sends];
	uint32_t sequence = segment->sequence + (segment->syn ? 1 : 0);
	if (segment->syn || !side->known)
		side->base = sequence;
	side->known = true;
	side->syn = side->syn || segment->syn;
	side->syn_ack = side->syn_ack || (segment->syn && segment->ack);
	return keep(side, sequence, segment->payload, packet, flows->arena);
}

/* Where the side's first byte lies, counted from `base`. */
static int64_t start_of(const struct capture_side *side)
{
	int64_t start = 0;
	for (const struct capture_piece *piece = side->first; piece && !side->syn;
	     piece = piece->next) {
		int64_t at = distance(side, piece->sequence);
		start = at < start ? at : start;
	}
	return start;
}

/* Writes the bytes of a piece that are not known yet, or with `forget` makes them unknown again. */
static void paint(struct capture_flows *flows, const struct capture_piece *piece, int64_t at,
		  bool forget)
{
	for (size_t i = 0; i < piece->bytes.len; i++, at++) {
		if (at < 0 || at >= (int64_t)flows->stream_max)
			continue;
		if (!forget && !flows->known[at])
			flows->stream[at] = piece->bytes.at[i];
		flows->known[at] = !forget;
	}
}

static void paint_side(struct capture_flows *flows, const struct capture_side *side, int64_t start,
		       bool forget)
{
	for (const struct capture_piece *piece = side->first; piece; piece = piece->next)
		paint(flows, piece, distance(side, piece->sequence) - start, forget);
}

struct span capture_flows_assemble(struct capture_flows *flows, const struct capture_side *side)
{
	int64_t start = start_of(side);
	size_t len = 0;
	paint_side(flows, side, start, false);
	while (len < flows->stream_max && flows->known[len])
		len++;
	/* Less to do than to clear all of it, of which a short connection touches little. */
	paint_side(flows, side, start, true);
	return span_of(flows->stream, len);
}

uint32_t capture_side_packet(const struct capture_side *side, size_t at)
{
	int64_t start = start_of(side);
	for (const struct capture_piece *piece = side->first; piece; piece = piece->next) {
		int64_t from = distance(side, piece->sequence) - start;
		if (from <= (int64_t)at && (int64_t)at < from + (int64_t)piece->bytes.len)
			return piece->packet;
	}
	return 0;
}
