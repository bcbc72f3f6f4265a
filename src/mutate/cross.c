/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/operation.h"

/* Each field from either of the two. */
static bool cross_fields(struct flight *a, struct flight *b)
{
	struct message *into = flight_hello(a), *from = flight_hello(b);
	if (!into || !from)
		return false;
	struct hello_draft *hello = &into->hello, mine = into->hello, *other = &from->hello;
	*hello = one_in(a, 2) ? mine : *other;
	hello->random = one_in(a, 2) ? mine.random : other->random;
	hello->session_id = one_in(a, 2) ? mine.session_id : other->session_id;
	hello->compression = one_in(a, 2) ? mine.compression : other->compression;
	if (one_in(a, 2)) {
		hello->suites = one_in(a, 2) ? mine.suites : other->suites;
		hello->suites_len =
			hello->suites == mine.suites ? mine.suites_len : other->suites_len;
	}
	if (one_in(a, 2))
		into->block = from->block;
	return true;
}

/* The first extensions of one, the last of the other. */
static bool cross_extensions(struct flight *a, struct flight *b)
{
	struct message *into = flight_block(a), *from = flight_block(b);
	if (!into || !from || from->block.len == 0)
		return false;
	size_t head = draw(a, into->block.len + 1), tail = draw(a, from->block.len);
	size_t more = from->block.len - tail;
	struct extension_draft *items = arena_array(a->arena, head + more, sizeof(*items));
	if (!items)
		return false;
	if (head)
		memcpy(items, into->block.items, head * sizeof(*items));
	memcpy(items + head, from->block.items + tail, more * sizeof(*items));
	into->block = (struct block){ .items = items, .len = head + more };
	into->hello.has_extensions = true;
	return true;
}

/* The bodies of `b` under the types that both have. */
static bool cross_bodies(struct flight *a, struct flight *b)
{
	struct message *into = flight_block(a), *from = flight_block(b);
	size_t count = 0;
	if (!into || !from)
		return false;
	for (size_t i = 0; i < into->block.len; i++) {
		for (size_t j = 0; j < from->block.len; j++) {
			struct extension_draft *item = &into->block.items[i];
			if (item->type == from->block.items[j].type && one_in(a, 2)) {
				*item = from->block.items[j];
				count++;
			}
		}
	}
	return count > 0;
}

/* The first parts of one, the last of the other. */
static bool cross_parts(struct flight *a, struct flight *b)
{
	size_t head = draw(a, a->parts_len + 1), tail = draw(a, b->parts_len);
	a->parts_len = head;
	for (; tail < b->parts_len; tail++) {
		struct part *part = flight_insert(a, a->parts_len);
		if (!part)
			break;
		*part = b->parts[tail];
	}
	a->trailing = b->trailing;
	return true;
}

/* One part of `b` somewhere in `a`, in addition or instead. */
static bool cross_part(struct flight *a, struct flight *b)
{
	struct part part = b->parts[draw(a, b->parts_len)];
	size_t at = draw(a, a->parts_len);
	if (one_in(a, 2) && !flight_insert(a, at))
		return false;
	a->parts[at] = part;
	return true;
}

static bool cross(struct flight *a, struct flight *b)
{
	static bool (*const ways[])(struct flight *, struct flight *) = {
		cross_fields, cross_extensions, cross_bodies, cross_parts, cross_part,
	};
	size_t len = sizeof(ways) / sizeof(ways[0]) - (a->form == MUTATE_BODY ? 2 : 0);
	for (size_t i = 0; i < 2 * len; i++) {
		if (ways[draw(a, len)](a, b))
			return true;
	}
	return false;
}

static size_t splice(struct flight *flight, struct span a, struct span b, uint8_t *out, size_t max)
{
	size_t head = draw(flight, a.len + 1), tail = draw(flight, b.len + 1);
	head = head < max ? head : max;
	size_t more = b.len - tail < max - head ? b.len - tail : max - head;
	if (head)
		memcpy(out, a.at, head);
	if (more)
		memcpy(out + head, b.at + tail, more);
	return head + more;
}

size_t mutate_cross(const struct mutator *mutator, struct span a, struct span b, uint8_t *out,
		    size_t max, uint64_t seed)
{
	struct flight into, from;
	size_t skip = mutator->skip < a.len ? mutator->skip : a.len;
	skip = skip < max ? skip : max;
	if (skip)
		memcpy(out, a.at, skip);
	a = span_skip(a, skip);
	b = span_skip(b, mutator->skip);
	flight_begin(&into, mutator, seed);
	from = into;
	if (!flight_parse(&into, a) || !flight_parse(&from, b) || !cross(&into, &from))
		return skip + splice(&into, a, b, out + skip, max - skip);
	flight_cut(&into);
	if (into.arena->fault != FAULT_NONE)
		return skip + splice(&into, a, b, out + skip, max - skip);
	return skip + flight_write(&into, out + skip, max - skip);
}
