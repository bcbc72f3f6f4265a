/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

#include "base/rng.h"
#include "support.h"

#include <criterion/criterion.h>

#define EVENTS_MAX 64

struct run {
	struct arena arena;
	struct stream stream;
	struct stream_event events[EVENTS_MAX];
	size_t len;
};

static void run_init(struct run *run, bool sslv2)
{
	arena_init(&run->arena, PROBE_ARENA_MAX);
	stream_init(&run->stream, &run->arena, sslv2);
	run->len = 0;
}

/* Takes events until more is wanted; a malformed stream's last event is kept once. */
static void drain(struct run *run)
{
	struct stream_event event;
	bool bad = run->len && run->events[run->len - 1].kind == STREAM_MALFORMED;
	for (stream_next(&run->stream, &event); event.kind != STREAM_NEED_MORE && !bad;
	     stream_next(&run->stream, &event)) {
		cr_assert_lt(run->len, EVENTS_MAX);
		run->events[run->len++] = event;
		bad = event.kind == STREAM_MALFORMED;
	}
}

static void feed_all(struct run *run, struct span bytes)
{
	stream_feed(&run->stream, bytes);
	drain(run);
}

static void expect_same(const struct run *a, const struct run *b)
{
	cr_assert_eq(a->len, b->len, "%zu and %zu events", a->len, b->len);
	for (size_t i = 0; i < a->len; i++) {
		const struct stream_event *x = &a->events[i], *y = &b->events[i];
		cr_assert_eq(x->kind, y->kind);
		cr_expect_eq(x->type, y->type);
		cr_expect_eq(x->record_version, y->record_version);
		cr_expect_eq(x->offset, y->offset);
		cr_expect_eq(x->level, y->level);
		cr_expect_eq(x->description, y->description);
		cr_expect(span_equal(x->body, y->body));
		cr_expect(span_equal(x->whole, y->whole));
		cr_expect_eq(x->what, y->what);
	}
}

/* The same events whole, byte by byte, and in twenty random chunkings. */
static void expect_chunking_does_not_matter(struct span bytes, bool sslv2)
{
	struct run whole, other;
	run_init(&whole, sslv2);
	feed_all(&whole, bytes);
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct rng rng;
		rng_init(&rng, seed, 0);
		run_init(&other, sslv2);
		for (size_t at = 0; at < bytes.len;) {
			size_t left = bytes.len - at;
			size_t take = seed == 0 ? 1 : rng_below(&rng, 40) + 1;
			take = take < left ? take : left;
			feed_all(&other, span_of(bytes.at + at, take));
			at += take;
		}
		expect_same(&whole, &other);
		arena_release(&other.arena);
	}
	arena_release(&whole.arena);
}

/* Two messages in one record, a third over three records, then CCS, alert, data, heartbeat. */
#define MIXED                                                                                      \
	"\x16\3\3\0\x0A\x0E\0\0\0\2\0\0\2ab"                                                       \
	"\x16\3\3\0\2\x0B\0"                                                                       \
	"\x16\3\3\0\4\0\5XY"                                                                       \
	"\x16\3\3\0\3Z12"                                                                          \
	"\x14\3\3\0\1\1"                                                                           \
	"\x15\3\1\0\2\1\x5A"                                                                       \
	"\x17\3\3\0\3abc"                                                                          \
	"\x18\3\3\0\1h"

Test(stream, messages_are_coalesced_and_fragmented_at_will)
{
	struct run run;
	run_init(&run, false);
	feed_all(&run, BYTES(MIXED));
	cr_assert_eq(run.len, 7);
	cr_expect_eq(run.events[0].type, 14);
	cr_expect_eq(run.events[0].body.len, 0);
	cr_expect(span_is(run.events[1].body, "ab"));
	cr_expect_eq(run.events[1].offset, 0);
	cr_expect_eq(run.events[2].type, 11);
	cr_expect(span_is(run.events[2].body, "XYZ12"));
	cr_expect(span_equal(run.events[2].whole, BYTES("\x0B\0\0\5XYZ12")));
	cr_expect_eq(run.events[2].offset, 15 + 7 + 9);
	cr_expect_eq(run.events[3].kind, STREAM_CHANGE_CIPHER_SPEC);
	cr_expect_eq(run.events[4].kind, STREAM_ALERT);
	cr_expect_eq(run.events[4].description, 0x5A);
	cr_expect_eq(run.events[4].record_version, 0x0301);
	cr_expect_eq(run.events[5].kind, STREAM_APPLICATION_DATA);
	cr_expect(span_is(run.events[5].body, "abc"));
	cr_expect_eq(run.events[6].kind, STREAM_HEARTBEAT);
	cr_expect(span_equal(stream_received(&run.stream), BYTES(MIXED)));
	arena_release(&run.arena);
}

Test(stream, chunking_does_not_matter)
{
	expect_chunking_does_not_matter(BYTES(MIXED), false);
	expect_chunking_does_not_matter(BYTES(MIXED "HTTP/1.1 400"), false);
	expect_chunking_does_not_matter(BYTES(MIXED "\x16\3\3\0\1\1\x15\3\3\0\2\2\x28"), false);
	expect_chunking_does_not_matter(BYTES("\x80\3\4\0\1\x80\0\x16\3\0\0\4\x0E\0\0\0"), true);
}

Test(stream, chunking_does_not_matter_for_large_messages)
{
	static uint8_t bytes[40000];
	size_t at = 0;
	for (size_t i = 0; i < 3; i++) {
		memcpy(bytes + at, "\x16\3\3\x30\0", 5);
		at += 5 + 0x3000;
	}
	memcpy(bytes + 5, "\x0B\0\x8F\xFC", 4);
	expect_chunking_does_not_matter(span_of(bytes, at), false);
	struct run run;
	run_init(&run, false);
	feed_all(&run, span_of(bytes, at));
	cr_assert_eq(run.len, 1);
	cr_expect_eq(run.events[0].whole.len, 3 * 0x3000);
	arena_release(&run.arena);
}

static void expect_malformed(struct span bytes, bool sslv2, const char *what)
{
	struct run run;
	struct stream_event event;
	run_init(&run, sslv2);
	feed_all(&run, bytes);
	cr_assert_gt(run.len, 0);
	const struct stream_event *last = &run.events[run.len - 1];
	cr_assert_eq(last->kind, STREAM_MALFORMED, "for: %s", what);
	cr_expect(strstr(last->what, what), "%s", last->what);
	stream_feed(&run.stream, BYTES("\x15\3\1\0\2\2\x28"));
	stream_next(&run.stream, &event);
	cr_expect_eq(event.kind, STREAM_MALFORMED);
	arena_release(&run.arena);
}

Test(stream, what_is_malformed_is_named_and_latches)
{
	expect_malformed(BYTES("H"), false, "content type");
	expect_malformed(BYTES("\x80"), false, "content type");
	expect_malformed(BYTES("\x16\2"), false, "version");
	expect_malformed(BYTES("\x16\3\3\x48\1"), false, "record is longer");
	expect_malformed(BYTES("\x16\3\3\0\4\x0B\2\0\1"), false, "message is longer");
	expect_malformed(BYTES("\x16\3\3\0\5\x0B\0\0\2x\x15\3\3\0\2\2\x28"), false, "interleaved");
	expect_malformed(BYTES("\x16\3\3\0\1\x0B\x14\3\3\0\1\1"), false, "interleaved");
	expect_malformed(BYTES("\x15\3\3\0\1\2"), false, "alert");
	expect_malformed(BYTES("\x15\3\3\0\3\2\x28\0"), false, "alert");
	expect_malformed(BYTES("\x14\3\3\0\1\2"), false, "change_cipher_spec");
}

Test(stream, a_header_that_can_be_longest_is_not_malformed)
{
	struct run run;
	run_init(&run, false);
	feed_all(&run, BYTES("\x16\3\3\x48\0\x0B\2\0\0"));
	cr_expect_eq(run.len, 0);
	arena_release(&run.arena);
}

static void expect_ceiling(struct span record, size_t admitted, size_t events, const char *what)
{
	struct run run;
	run_init(&run, false);
	for (size_t i = 0; i < admitted; i++)
		feed_all(&run, record);
	cr_expect_eq(run.len, events);
	feed_all(&run, record);
	cr_assert_eq(run.len, events + 1);
	cr_expect_eq(run.events[events].kind, STREAM_MALFORMED);
	cr_expect(strstr(run.events[events].what, what));
	arena_release(&run.arena);
}

Test(stream, warnings_and_empty_records_are_counted)
{
	expect_ceiling(BYTES("\x15\3\3\0\2\1\0"), WARNING_ALERTS_MAX, WARNING_ALERTS_MAX,
		       "warning");
	expect_ceiling(BYTES("\x17\3\3\0\0"), EMPTY_RECORDS_MAX, 0, "empty");
	expect_ceiling(BYTES("\x16\3\3\0\0"), EMPTY_RECORDS_MAX, 0, "empty");
}

Test(stream, what_came_before_the_ceiling_on_bytes_is_still_handed_out)
{
	static uint8_t bytes[PEER_BYTES_MAX + 100];
	struct run run;
	size_t step = 5 + 0x4000;
	for (size_t at = 0; at + step <= sizeof(bytes); at += step)
		memcpy(bytes + at, "\x17\3\3\x40\0", 5);
	size_t whole = PEER_BYTES_MAX / step;
	memcpy(bytes + whole * step, "\x17\3\3\x40\0", 5);
	run_init(&run, false);
	feed_all(&run, span_of(bytes, sizeof(bytes)));
	cr_assert_eq(run.len, whole + 1);
	cr_expect_eq(run.events[whole - 1].kind, STREAM_APPLICATION_DATA);
	cr_expect_eq(run.events[whole].kind, STREAM_MALFORMED);
	cr_expect(strstr(run.events[whole].what, "may be kept"));
	cr_expect_eq(stream_received(&run.stream).len, PEER_BYTES_MAX);
	stream_feed(&run.stream, BYTES("more"));
	cr_expect_eq(stream_received(&run.stream).len, PEER_BYTES_MAX);
	arena_release(&run.arena);
}

Test(stream, memory_stays_bounded_when_every_message_is_fragmented)
{
	static uint8_t bytes[PEER_BYTES_MAX];
	struct run run;
	size_t at = 0;
	for (; at + 9 <= sizeof(bytes); at += 9)
		memcpy(bytes + at, "\x16\3\3\0\4\0\0\0\4", 9);
	run_init(&run, false);
	for (size_t i = 0; i < at; i++)
		stream_feed(&run.stream, span_of(bytes + i, 1));
	struct stream_event event;
	size_t messages = 0;
	for (stream_next(&run.stream, &event); event.kind == STREAM_HANDSHAKE;
	     stream_next(&run.stream, &event))
		messages++;
	cr_expect_eq(event.kind, STREAM_NEED_MORE);
	cr_expect_gt(messages, 10000);
	cr_expect_eq(run.arena.fault, FAULT_NONE);
	arena_release(&run.arena);
}

Test(stream, sslv2_records_are_read_only_where_admitted)
{
	struct run run;
	run_init(&run, true);
	feed_all(&run, BYTES("\x80\3\4\0\1\x15\3\0\0\2\2\x28"));
	cr_assert_eq(run.len, 2);
	cr_expect_eq(run.events[0].kind, STREAM_SSLV2);
	cr_expect_eq(run.events[0].type, 4);
	cr_expect(span_equal(run.events[0].body, BYTES("\4\0\1")));
	cr_expect(span_equal(run.events[0].whole, BYTES("\x80\3\4\0\1")));
	cr_expect_eq(run.events[1].kind, STREAM_ALERT);
	arena_release(&run.arena);
}

Test(stream, raw_records_are_handed_out_as_they_came)
{
	struct run run;
	run_init(&run, false);
	feed_all(&run, BYTES("\x14\3\3\0\1\1"));
	run.stream.raw = true;
	feed_all(&run, BYTES("\x16\3\3\0\3xyz\x15\3\3\0\0"));
	cr_assert_eq(run.len, 3);
	cr_expect_eq(run.events[1].kind, STREAM_RECORD);
	cr_expect_eq(run.events[1].type, 22);
	cr_expect(span_is(run.events[1].body, "xyz"));
	cr_expect_eq(run.events[2].body.len, 0);
	arena_release(&run.arena);
}

Test(stream, a_record_can_be_fed_by_its_content)
{
	struct run run;
	run_init(&run, false);
	stream_feed_record(&run.stream, 22, 0x0303, BYTES("\x0E\0\0\0"));
	drain(&run);
	cr_assert_eq(run.len, 1);
	cr_expect_eq(run.events[0].kind, STREAM_HANDSHAKE);
	cr_expect_eq(run.events[0].record_version, 0x0303);
	arena_release(&run.arena);
}

Test(stream, views_stay_valid_while_more_is_fed)
{
	struct run run;
	static uint8_t data[5 + 0x4000] = "\x17\3\3\x40\0";
	run_init(&run, false);
	feed_all(&run, BYTES(MIXED));
	for (size_t i = 0; i < 10; i++)
		feed_all(&run, span_of(data, sizeof(data)));
	cr_expect(span_is(run.events[1].body, "ab"));
	cr_expect(span_is(run.events[2].body, "XYZ12"));
	arena_release(&run.arena);
}

/* The end of one message, a whole one and the beginning of a third share a record. */
Test(stream, a_record_can_end_one_message_and_begin_another)
{
	struct run run;
	run_init(&run, false);
	feed_all(&run, BYTES("\x16\3\3\0\6\1\0\0\4ab"
			     "\x16\3\3\0\x0D"
			     "cd\x0E\0\0\0\2\0\0\7wxy"
			     "\x16\3\3\0\4zxyz"));
	cr_assert_eq(run.len, 3);
	cr_expect(span_is(run.events[0].body, "abcd"));
	cr_expect_eq(run.events[1].body.len, 0);
	cr_expect(span_is(run.events[2].body, "wxyzxyz"));
	cr_expect_eq(run.events[2].type, 2);
	arena_release(&run.arena);
}
