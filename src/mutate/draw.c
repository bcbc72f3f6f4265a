/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/flight.h"

#define STREAM_FLIGHT 0xF1
#define LEAF_ROOM     64
#define RECORDS_MAX   4096

void flight_begin(struct flight *flight, const struct mutator *mutator, uint64_t seed)
{
	arena_clear(mutator->arena);
	*flight = (struct flight){ .arena = mutator->arena,
				   .leaf = mutator->leaf,
				   .form = mutator->form };
	rng_init(&flight->rng, seed, STREAM_FLIGHT);
}

struct part *flight_insert(struct flight *flight, size_t at)
{
	struct part *parts = flight->parts_len < FLIGHT_PARTS_MAX
				     ? arena_grow(flight->arena, flight->parts, flight->parts_len,
						  &flight->parts_cap, sizeof(*parts))
				     : NULL;
	if (!parts)
		return NULL;
	flight->parts = parts;
	struct part *part = &parts[at];
	memmove(part + 1, part, (flight->parts_len++ - at) * sizeof(*part));
	return part;
}

void flight_remove(struct flight *flight, size_t at)
{
	struct part *part = &flight->parts[at];
	memmove(part, part + 1, (--flight->parts_len - at) * sizeof(*part));
}

/* Draws the place of a message; `kinds` has a bit 1 << enum message_kind. */
static bool any_of(struct flight *flight, unsigned kinds, size_t *at)
{
	size_t count = 0;
	for (size_t i = 0; i < flight->parts_len; i++) {
		const struct part *part = &flight->parts[i];
		if (part->is_message && (kinds >> part->message.kind & 1) &&
		    one_in(flight, ++count))
			*at = i;
	}
	return count > 0;
}

bool flight_hello_at(struct flight *flight, size_t *at)
{
	return any_of(flight, 1u << MESSAGE_CLIENT_HELLO, at);
}

bool flight_message(struct flight *flight, size_t *at)
{
	return any_of(flight, ~0u, at);
}

struct message *flight_hello(struct flight *flight)
{
	size_t at;
	return flight_hello_at(flight, &at) ? &flight->parts[at].message : NULL;
}

struct message *flight_block(struct flight *flight)
{
	size_t at;
	unsigned kinds = 1u << MESSAGE_CLIENT_HELLO | 1u << MESSAGE_SERVER_HELLO;
	return any_of(flight, kinds, &at) ? &flight->parts[at].message : NULL;
}

struct record_draft *record_insert(struct flight *flight, size_t at)
{
	struct record_draft *records =
		flight->records_len < RECORDS_MAX
			? arena_grow(flight->arena, flight->records, flight->records_len,
				     &flight->records_cap, sizeof(*records))
			: NULL;
	if (!records)
		return NULL;
	flight->records = records;
	memmove(records + at + 1, records + at, (flight->records_len++ - at) * sizeof(*records));
	return records + at;
}

void record_remove(struct flight *flight, size_t at)
{
	struct record_draft *record = &flight->records[at];
	memmove(record, record + 1, (--flight->records_len - at) * sizeof(*record));
}

int32_t draw_lie(struct flight *flight, size_t width, size_t len)
{
	int32_t highest = (int32_t)(((uint32_t)1 << 8 * width) - 1), is = (int32_t)len;
	switch (draw(flight, 8)) {
	case 0:
		return is ? -is : 1;
	case 1:
		return highest - is;
	case 2:
		return 2;
	case 3:
		return -2;
	case 4:
		return (int32_t)draw(flight, 2 * len + 2) - is;
	case 5:
		return -1;
	default:
		return 1;
	}
}

struct span flight_random(struct flight *flight, size_t len)
{
	uint8_t *bytes = arena_alloc(flight->arena, len + 1);
	if (!bytes)
		return span_of(NULL, 0);
	rng_fill(&flight->rng, bytes, len);
	return span_of(bytes, len);
}

uint8_t *flight_copy(struct flight *flight, struct span bytes, size_t more)
{
	uint8_t *copy = arena_alloc(flight->arena, bytes.len + more + 1);
	if (copy && bytes.len)
		memcpy(copy, bytes.at, bytes.len);
	return copy;
}

struct span flight_join(struct flight *flight, struct span a, struct span b)
{
	uint8_t *both = flight_copy(flight, a, b.len);
	if (!both)
		return span_of(NULL, 0);
	if (b.len)
		memcpy(both + a.len, b.at, b.len);
	return span_of(both, a.len + b.len);
}

struct span flight_leaf(struct flight *flight, struct span bytes)
{
	uint64_t seed = rng_u64(&flight->rng);
	uint8_t *copy = flight_copy(flight, bytes, LEAF_ROOM);
	if (!copy)
		return bytes;
	mutate_leaf *leaf = flight->leaf && seed % 2 ? flight->leaf : mutate_bytes;
	return span_of(copy, leaf(copy, bytes.len, bytes.len + LEAF_ROOM, seed >> 1));
}
