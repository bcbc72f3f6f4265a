/* SPDX-License-Identifier: Apache-2.0 */
#include "shrunk.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/fingerprint.h"
#include "mutate/flight.h"
#include "registry/registry.h"

void seen_read(struct seen *out, struct span stream)
{
	size_t at = 0, len = 0;
	memset(out, 0, offsetof(struct seen, content));
	out->first_type = stream.len ? stream.at[0] : 0;
	while (at + 5 <= stream.len && stream.at[at] >= 20 && stream.at[at] <= 24) {
		size_t n = (size_t)(stream.at[at + 3] << 8 | stream.at[at + 4]);
		if (at + 5 + n > stream.len)
			break;
		if (stream.at[at] == 22) {
			memcpy(out->content + len, stream.at + at + 5, n);
			len += n;
			out->hello_records += !out->message_len;
		}
		size_t told = 4 + (size_t)(out->content[1] << 16 | out->content[2] << 8 |
					   out->content[3]);
		if (len >= 4 && told <= len)
			out->message_len = told;
		out->records++;
		at += 5 + n;
	}
	if (out->message_len && out->content[0] == 1)
		out->has_hello = client_hello_decode(&out->hello,
						     cursor_over(span_of(out->content + 4,
									 out->message_len - 4)),
						     LENIENT_ALL, NULL) == FAULT_NONE;
}

size_t seen_extension(const struct seen *seen, uint16_t type)
{
	size_t count = 0;
	struct cursor in = cursor_over(seen->hello.extensions);
	struct extension_item item;
	while (seen->has_hello && extension_next(&in, &item))
		count += item.type == type;
	return count;
}

bool seen_suite(const struct seen *seen, uint16_t suite)
{
	struct span suites = seen->has_hello ? seen->hello.suites : span_of(NULL, 0);
	for (size_t i = 0; i + 2 <= suites.len; i += 2)
		if ((suites.at[i] << 8 | suites.at[i + 1]) == suite)
			return true;
	return false;
}

void shrunk_init(struct shrunk *out)
{
	arena_init(&out->arena, SHRINK_ARENA(STREAM_MAX));
	arena_init(&out->other, (size_t)64 << 20);
	out->len = 0;
}

void shrunk_release(struct shrunk *shrunk)
{
	arena_release(&shrunk->arena);
	arena_release(&shrunk->other);
}

void shrunk_load(struct shrunk *shrunk, const char *file)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/corpus/%s", SOURCE_DIR, file);
	FILE *in = fopen(path, "rb");
	cr_assert_not_null(in, "cannot open '%s'", path);
	shrunk->len = fread(shrunk->bytes, 1, sizeof(shrunk->bytes), in);
	fclose(in);
}

static bool is_shown(finding *shows, struct span stream)
{
	static struct seen seen;
	seen_read(&seen, stream);
	return shows(&seen, stream);
}

static struct outline_size size_of(struct shrunk *shrunk, struct span stream)
{
	static struct outline outline;
	if (!outline.cap || outline.cap < stream.len) {
		static struct arena arena;
		arena_init(&arena, OUTLINE_ARENA(STREAM_MAX));
		cr_assert_eq(outline_init(&outline, &arena, STREAM_MAX), FAULT_NONE);
	}
	(void)shrunk;
	outline_read(&outline, stream);
	return outline.size;
}

/* Smaller, and it still shows it: then the best was not the smallest. */
static void expect_needed(struct shrunk *shrunk, struct span best, struct span less, finding *shows,
			  const char *what, size_t at)
{
	struct outline_size is = size_of(shrunk, less), was = size_of(shrunk, best);
	if (!less.len || outline_compare(&is, &was) >= 0)
		return;
	cr_assert_not(is_shown(shows, less), "%s at %zu can go", what, at);
}

static void expect_bytes_needed(struct shrunk *shrunk, struct span best, finding *shows)
{
	static uint8_t less[STREAM_MAX];
	for (size_t i = 0; i < best.len; i++) {
		memcpy(less, best.at, i);
		memcpy(less + i, best.at + i + 1, best.len - i - 1);
		expect_needed(shrunk, best, span_of(less, best.len - 1), shows, "byte", i);
	}
	for (size_t i = 1; i < best.len; i++)
		expect_needed(shrunk, best, span_of(best.at, i), shows, "what follows byte", i);
}

static void expect_outlined_needed(struct shrunk *shrunk, struct span best, finding *shows)
{
	static uint8_t less[STREAM_MAX];
	struct outline of;
	struct cutter cutter;
	arena_clear(&shrunk->other);
	cr_assert_eq(outline_init(&of, &shrunk->other, (uint32_t)best.len), FAULT_NONE);
	cr_assert_eq(cutter_init(&cutter, &shrunk->other, (uint32_t)best.len), FAULT_NONE);
	outline_read(&of, best);
	for (uint32_t i = 0; i < of.records_len; i++) {
		struct cut cut = { .kind = CUT_RECORDS, .from = i, .to = i + 1 };
		uint32_t len = cut_apply(&cutter, &of, &cut, less);
		expect_needed(shrunk, best, span_of(less, len), shows, "record", i);
		cut = (struct cut){ .kind = CUT_MERGE, .from = i, .to = i + 1 };
		if (i + 1 == of.records_len || of.records[i].type != of.records[i + 1].type)
			continue;
		len = cut_apply(&cutter, &of, &cut, less);
		expect_needed(shrunk, best, span_of(less, len), shows, "border of record", i);
	}
	for (uint32_t l = 0; l < of.lists_len; l++)
		for (uint32_t i = 0; i < outline_count(&of.lists[l]); i++) {
			struct cut cut = { .kind = CUT_FRAGMENTS,
					   .from = outline_member(&of, &of.lists[l], i),
					   .to = outline_member(&of, &of.lists[l], i + 1) };
			uint32_t len = cut_apply(&cutter, &of, &cut, less);
			expect_needed(shrunk, best, span_of(less, len), shows, "member", cut.from);
			cut.kind = CUT_CONTENT;
			len = cut_apply(&cutter, &of, &cut, less);
			expect_needed(shrunk, best, span_of(less, len), shows, "member", cut.from);
		}
}

/* Another model, another writer. */
static void expect_flight_needed(struct shrunk *shrunk, struct span best, finding *shows)
{
	static uint8_t less[STREAM_MAX];
	struct mutator mutator = { .arena = &shrunk->other };
	struct flight flight;
	for (size_t part = 0, item = 0;;) {
		flight_begin(&flight, &mutator, 0);
		if (!flight_parse(&flight, best) || part == flight.parts_len)
			return;
		struct message *message = &flight.parts[part].message;
		bool is_part = item >= (flight.parts[part].is_message ? message->block.len : 0);
		if (is_part) {
			flight_remove(&flight, part);
		} else {
			memmove(message->block.items + item, message->block.items + item + 1,
				(message->block.len - item - 1) * sizeof(*message->block.items));
			message->block.len--;
		}
		flight_cut(&flight);
		size_t len = flight_write(&flight, less, sizeof(less));
		expect_needed(shrunk, best, span_of(less, len), shows,
			      is_part ? "part" : "extension", is_part ? part : item);
		part += is_part;
		item = is_part ? 0 : item + 1;
	}
}

struct span shrunk_run(struct shrunk *shrunk, finding *shows)
{
	static uint64_t asked[SHRINK_CANDIDATES_MAX];
	size_t len = 0;
	struct span original = span_of(shrunk->bytes, shrunk->len), candidate;
	cr_assert(is_shown(shows, original), "the original does not show it");
	arena_clear(&shrunk->arena);
	cr_assert_eq(shrink_start(&shrunk->shrink, &shrunk->arena, original), FAULT_NONE);
	while (shrink_next(&shrunk->shrink, &candidate)) {
		struct outline_size is = size_of(shrunk, candidate);
		struct outline_size was = size_of(shrunk, shrink_best(&shrunk->shrink));
		uint64_t print = fingerprint_span(FINGERPRINT_BEGIN, candidate);
		cr_assert(outline_compare(&is, &was) <= 0);
		for (size_t i = 0; i < len; i++)
			cr_assert_neq(asked[i], print, "asked twice");
		asked[len++] = print;
		shrink_take(&shrunk->shrink, is_shown(shows, candidate));
	}
	struct span best = shrink_best(&shrunk->shrink);
	struct outline_size is = size_of(shrunk, best), was = size_of(shrunk, original);
	cr_assert(is_shown(shows, best));
	cr_assert(outline_compare(&is, &was) <= 0);
	if (!shrink_is_minimal(&shrunk->shrink))
		return best;
	expect_outlined_needed(shrunk, best, shows);
	expect_bytes_needed(shrunk, best, shows);
	expect_flight_needed(shrunk, best, shows);
	return best;
}
