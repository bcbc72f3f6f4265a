/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>

#include "mutate/body.h"
#include "registry/registry.h"

#define SEEDS 200

static struct bench before, after;

/* Every test compares a hello or a flight with what one operation made of it. */
static void apply(enum operation_id operation, uint64_t seed)
{
	bench_release(&after);
	after = before;
	after.arena = after.other = (struct arena){ .limit = MUTATE_ARENA(FLIGHT_MAX) };
	after.mutator.arena = &after.arena;
	bench_apply(&after, operation, seed);
	bench_read(&before);
	bench_read(&after);
}

static void init_hello(void)
{
	bench_init(&before);
}

static void init_flight(void)
{
	bench_flight(&before);
}

static void fini(void)
{
	bench_release(&before);
	bench_release(&after);
}

TestSuite(hello_operations, .init = init_hello, .fini = fini);
TestSuite(flight_operations, .init = init_flight, .fini = fini);

static const struct message *hello_of(struct bench *bench)
{
	return bench_hello(bench, 0);
}

static bool has_types(const struct message *message, uint16_t type, size_t count)
{
	for (size_t i = 0; i < message->block.len; i++)
		count -= message->block.items[i].type == type;
	return count == 0;
}

Test(hello_operations, a_version_is_set_and_nothing_else)
{
	size_t changed = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_version_set, seed);
		cr_assert_eq(after.len, before.len);
		changed += hello_of(&after)->hello.legacy_version != 0x0303;
		after.bytes[9] = before.bytes[9];
		after.bytes[10] = before.bytes[10];
		cr_assert_arr_eq(after.bytes, before.bytes, before.len);
	}
	cr_assert(changed > SEEDS / 2);
}

Test(hello_operations, a_session_id_is_set_with_lengths_that_add_up)
{
	struct client_hello hello;
	size_t longest = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_session_id_set, seed);
		cr_assert_eq(bench_decode(&after, &hello, LENIENT_LONG_SESSION_ID), FAULT_NONE);
		longest = hello.session_id.len > longest ? hello.session_id.len : longest;
	}
	cr_assert_eq(longest, 255);
}

Test(hello_operations, a_member_that_is_added_or_removed_leaves_a_strict_hello)
{
	struct client_hello hello;
	size_t longer = 0, shorter = 0, strict = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_list_add, seed);
		cr_assert(after.len > before.len);
		longer += hello_of(&after)->hello.suites_len > hello_of(&before)->hello.suites_len;
		strict += bench_decode(&after, &hello, STRICT) == FAULT_NONE;
		apply(OPERATION_list_remove, seed);
		cr_assert(after.len < before.len);
		shorter += hello_of(&after)->hello.suites_len < hello_of(&before)->hello.suites_len;
	}
	cr_assert(longer > SEEDS / 8 && shorter > SEEDS / 8, "%zu %zu", longer, shorter);
	cr_assert(strict > SEEDS * 8 / 10, "%zu", strict);
}

Test(hello_operations, a_list_that_is_shuffled_has_the_same_length)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_list_shuffle, seed);
		cr_assert_eq(after.len, before.len);
	}
}

Test(hello_operations, a_list_that_is_flooded_has_its_whole_registry)
{
	size_t longest = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_list_flood, seed);
		size_t len = hello_of(&after)->hello.suites_len;
		longest = len > longest ? len : longest;
	}
	cr_assert(longest > 350, "%zu", longest);
}

Test(hello_operations, extensions_are_duplicated_dropped_swapped_and_inserted)
{
	bench_read(&before);
	size_t len = hello_of(&before)->block.len;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_extension_duplicate, seed);
		cr_assert_eq(hello_of(&after)->block.len, len + 1);
		struct client_hello hello;
		cr_assert_neq(bench_decode(&after, &hello, STRICT), FAULT_NONE);
		apply(OPERATION_extension_drop, seed);
		cr_assert_eq(hello_of(&after)->block.len, len - 1);
		cr_assert_eq(bench_decode(&after, &hello, STRICT), FAULT_NONE);
		apply(OPERATION_extension_swap, seed);
		cr_assert_eq(hello_of(&after)->block.len, len);
		cr_assert_eq(after.len, before.len);
		cr_assert_arr_neq(after.bytes, before.bytes, before.len);
		apply(OPERATION_extension_insert, seed);
		cr_assert_eq(hello_of(&after)->block.len, len + 1);
	}
}

Test(hello_operations, every_known_extension_is_inserted_by_some_seed)
{
	for (size_t id = 0; id < EXTENSIONS_KNOWN; id++) {
		uint16_t type = extension_table[id]->type;
		bool found = false;
		bench_read(&before);
		size_t is = 1 + !has_types(hello_of(&before), type, 0);
		for (uint64_t seed = 0; seed < 4000 && !found; seed++) {
			apply(OPERATION_extension_insert, seed);
			found = has_types(hello_of(&after), type, is);
		}
		cr_expect(found, "%s", extension_table[id]->name);
	}
}

Test(hello_operations, usual_bodies_are_well_formed)
{
	bench_read(&before);
	for (size_t id = 0; id < EXTENSIONS_KNOWN; id++) {
		size_t well = 0;
		for (size_t i = 0; i < SEEDS; i++) {
			struct span view,
				body = body_usual(&before.flight, extension_table[id]->type);
			well += extension_table[id]->decode(&view, body, NULL);
		}
		cr_expect(well > SEEDS / 2, "%s: %zu", extension_table[id]->name, well);
	}
}

static size_t grease_of(const struct message *message)
{
	size_t count = 0;
	for (size_t i = 0; i < message->block.len; i++)
		count += code_is_grease(message->block.items[i].type);
	return count;
}

Test(hello_operations, grease_is_inserted)
{
	apply(OPERATION_extension_grease, 1);
	cr_assert_eq(grease_of(hello_of(&after)), grease_of(hello_of(&before)) + 1);
}

Test(hello_operations, a_length_lies_and_no_byte_more_is_there)
{
	static const enum operation_id lies[] = { OPERATION_extension_lie, OPERATION_inner_lie,
						  OPERATION_block_lie,	   OPERATION_vector_lie,
						  OPERATION_message_lie,   OPERATION_record_lie };
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			apply(lies[i], seed);
			cr_assert_eq(after.len, before.len);
			size_t differ = 0;
			for (size_t at = 0; at < after.len; at++)
				differ += after.bytes[at] != before.bytes[at];
			cr_assert(differ <= 3, "%s", mutate_operation_name(lies[i]));
		}
	}
}

Test(hello_operations, repair_undoes_a_lie_that_leaves_the_hello_readable)
{
	struct client_hello hello;
	/* The length of the message, in which the hello itself is whole. */
	before.bytes[7] = 0xFF;
	cr_assert_eq(bench_decode(&before, &hello, STRICT), FAULT_NONE);
	apply(OPERATION_lengths_repair, 1);
	bench_load(&before, "client_hello/d12-psql15-require.bin");
	cr_assert_eq(after.len, before.len);
	cr_assert_arr_eq(after.bytes, before.bytes, before.len);
}

Test(hello_operations, odd_suites_and_tails_are_seen_by_the_strict_decoder)
{
	struct client_hello hello;
	apply(OPERATION_suites_odd, 1);
	cr_assert_eq(bench_decode(&after, &hello, STRICT), FAULT_MALFORMED);
	cr_assert_eq(bench_decode(&after, &hello, LENIENT_ODD_SUITES), FAULT_NONE);
	apply(OPERATION_hello_tail, 1);
	cr_assert_eq(bench_decode(&after, &hello, STRICT), FAULT_MALFORMED);
	cr_assert_eq(bench_decode(&after, &hello, LENIENT_TRAILING_BYTES), FAULT_NONE);
}

Test(hello_operations, a_second_hello_is_like_the_first)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_second_hello, seed);
		const struct message *first = bench_hello(&after, 0),
				     *second = bench_hello(&after, 1);
		cr_assert_eq(first->hello.suites_len, second->hello.suites_len);
		cr_assert_arr_eq(after.bytes, before.bytes, 3);
		cr_assert(second->block.len >= first->block.len);
	}
}

static size_t records_of(struct bench *bench)
{
	size_t count = 0, at = 0;
	for (; at + 5 <= bench->len; count++)
		at += 5 + (size_t)(bench->bytes[at + 3] << 8 | bench->bytes[at + 4]);
	return at == bench->len ? count : 0;
}

/* The fragments of the handshake records, one after the other. */
static struct span content_of(const struct bench *bench, uint8_t out[FLIGHT_MAX])
{
	size_t len = 0, n;
	for (size_t at = 0; at + 5 <= bench->len; at += 5 + n) {
		n = (size_t)(bench->bytes[at + 3] << 8 | bench->bytes[at + 4]);
		cr_assert(at + 5 + n <= bench->len);
		if (bench->bytes[at] != CONTENT_HANDSHAKE)
			continue;
		memcpy(out + len, bench->bytes + at + 5, n);
		len += n;
	}
	return span_of(out, len);
}

static void expect_same_content(void)
{
	static uint8_t a[FLIGHT_MAX], b[FLIGHT_MAX];
	cr_assert(span_equal(content_of(&before, a), content_of(&after, b)));
}

Test(hello_operations, records_are_split_and_interleaved_with_the_same_content)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_record_split, seed);
		cr_assert_eq(records_of(&after), 2);
		expect_same_content();
		apply(OPERATION_record_shred, seed);
		cr_assert(records_of(&after) > 2);
		expect_same_content();
		apply(OPERATION_record_interleave, seed);
		cr_assert_eq(records_of(&after), 3);
		expect_same_content();
		apply(OPERATION_record_insert_other, seed);
		cr_assert(records_of(&after) > 1);
		expect_same_content();
	}
}

Test(flight_operations, records_are_merged_dropped_duplicated_and_swapped)
{
	size_t count = records_of(&before);
	cr_assert(count > 2);
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_record_merge, seed);
		cr_assert_eq(records_of(&after), count - 1);
		apply(OPERATION_record_drop, seed);
		cr_assert_eq(records_of(&after), count - 1);
		apply(OPERATION_record_duplicate, seed);
		cr_assert(records_of(&after) > count || after.len == FLIGHT_MAX);
		apply(OPERATION_record_swap, seed);
		cr_assert_eq(records_of(&after), count);
		cr_assert_eq(after.len, before.len);
	}
}

static size_t messages_of(const struct bench *bench)
{
	size_t count = 0;
	for (size_t i = 0; i < bench->flight.parts_len; i++)
		count += bench->flight.parts[i].is_message;
	return count;
}

Test(flight_operations, messages_are_inserted_duplicated_dropped_and_swapped)
{
	bench_read(&before);
	size_t count = messages_of(&before);
	cr_assert(count > 2);
	size_t inserted = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		/* In an encrypted record it cannot be read. */
		apply(OPERATION_message_insert, seed);
		inserted += messages_of(&after) == count + 1;
		apply(OPERATION_message_duplicate, seed);
		cr_assert_eq(messages_of(&after), count + 1);
		apply(OPERATION_message_drop, seed);
		cr_assert_eq(messages_of(&after), count - 1);
		apply(OPERATION_message_swap, seed);
		cr_assert_eq(after.len, before.len);
	}
	cr_assert(inserted > SEEDS * 3 / 4, "%zu", inserted);
}

Test(flight_operations, a_message_that_is_resized_adds_up)
{
	size_t longer = 0, shorter = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_message_resize, seed);
		cr_assert_eq(messages_of(&after), messages_of(&before));
		longer += after.len > before.len;
		shorter += after.len < before.len;
	}
	cr_assert(longer > SEEDS / 4 && shorter > SEEDS / 8);
}

Test(flight_operations, the_extensions_of_a_server_hello_are_edited)
{
	bool found = false;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_extension_insert, seed);
		for (size_t i = 0; i < after.flight.parts_len; i++) {
			const struct message *is = &after.flight.parts[i].message;
			const struct message *was = &before.flight.parts[i].message;
			found = found || (is->kind == MESSAGE_SERVER_HELLO &&
					  is->block.len == was->block.len + 1);
		}
		cr_assert_eq(messages_of(&after), messages_of(&before));
	}
	cr_assert(found);
}

Test(flight_operations, a_stream_ends_early_or_goes_on)
{
	bool longer = false, shorter = false;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		apply(OPERATION_stream_end, seed);
		longer |= after.len > before.len;
		shorter |= after.len < before.len;
	}
	cr_assert(longer && shorter);
}
