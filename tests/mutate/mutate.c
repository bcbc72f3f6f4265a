/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdlib.h>

#define SEEDS 20000

static struct bench bench;

static void init(void)
{
	bench_init(&bench);
}

static void fini(void)
{
	bench_release(&bench);
}

TestSuite(mutate, .init = init, .fini = fini);

/* On memory of exactly `max` bytes, so that a write past them is seen. */
static size_t mutate(uint8_t **out, size_t max, uint64_t seed)
{
	size_t len = bench.len < max ? bench.len : max;
	*out = malloc(max ? max : 1);
	cr_assert_not_null(*out);
	memcpy(*out, bench.bytes, len);
	return mutate_flight(&bench.mutator, *out, len, max, seed);
}

Test(mutate, what_is_read_is_written_again)
{
	static const char *const files[] = {
		"client_hello/d12-psql15-require.bin",	     "client_hello/d12-nss-tstclnt.bin",
		"stream/client-hello-in-records-of-100.bin", "stream/coalesced-server-flight.bin",
		"stream/alert-handshake-failure.bin",	     "stream/client-hello-psql15.bin"
	};
	static uint8_t out[FLIGHT_MAX];
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		bench_load(&bench, files[i]);
		bench_read(&bench);
		flight_cut(&bench.flight);
		size_t len = flight_write(&bench.flight, out, sizeof(out));
		cr_expect_eq(len, bench.len, "%s", files[i]);
		cr_expect_arr_eq(out, bench.bytes, len, "%s", files[i]);
	}
}

Test(mutate, is_a_function_of_bytes_and_seed)
{
	for (uint64_t seed = 0; seed < SEEDS / 10; seed++) {
		uint8_t *a, *b;
		size_t a_len = mutate(&a, FLIGHT_MAX, seed), b_len = mutate(&b, FLIGHT_MAX, seed);
		cr_assert_eq(a_len, b_len);
		cr_assert_arr_eq(a, b, a_len);
		free(a);
		free(b);
	}
}

Test(mutate, never_writes_more_than_max)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint8_t *out;
		size_t max = seed % 3 ? (size_t)(seed * 7 % 700) : bench.len + seed % 9;
		cr_assert(mutate(&out, max, seed) <= max);
		free(out);
	}
}

Test(mutate, every_operation_is_reached_and_most_inputs_change)
{
	size_t applied[MUTATE_OPERATIONS_MAX] = { 0 }, same = 0;
	bench.mutator.applied = applied;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint8_t *out;
		size_t len = mutate(&out, FLIGHT_MAX, seed);
		same += len == bench.len && memcmp(out, bench.bytes, len) == 0;
		free(out);
	}
	for (size_t i = 0; mutate_operation_name(i); i++) {
		/* What needs two messages or records finds them after another operation. */
		cr_expect(applied[i] > 0, "%s", mutate_operation_name(i));
		cr_expect(strlen(mutate_operation_text(i)) > 0);
	}
	cr_expect(same < SEEDS / 25, "%zu of %d are as before", same, SEEDS);
}

/* A fuzzer that leaves the grammar at once only ever sees the first check. */
Test(mutate, most_hellos_can_still_be_read)
{
	struct client_hello hello;
	size_t strict = 0, lenient = 0;
	static struct bench other;
	bench.mutator.levels = MUTATE_HELLOS;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint8_t *out;
		other.len = mutate(&out, FLIGHT_MAX, seed);
		memcpy(other.bytes, out, other.len);
		free(out);
		strict += bench_decode(&other, &hello, STRICT) == FAULT_NONE;
		lenient += bench_decode(&other, &hello, LENIENT_ALL) == FAULT_NONE;
	}
	cr_log_info("%zu strict, %zu lenient of %d", strict, lenient, SEEDS);
	cr_assert(strict > SEEDS * 35 / 100, "%zu", strict);
	cr_assert(lenient > SEEDS * 85 / 100, "%zu", lenient);
}

Test(mutate, bytes_that_hold_nothing_are_changed_as_bytes)
{
	size_t applied[MUTATE_OPERATIONS_MAX] = { 0 };
	bench.mutator.applied = applied;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint8_t out[64] = "GET / HTTP/1.1\r\n\r\n";
		size_t len = mutate_flight(&bench.mutator, out, 18, sizeof(out), seed);
		cr_assert(len <= sizeof(out));
	}
	for (size_t i = 0; i < OPERATIONS_LEN; i++)
		cr_assert_eq(applied[i], i == OPERATION_bytes ? 1000u : 0u);
}

Test(mutate, nothing_at_all_becomes_something)
{
	uint8_t out[32];
	cr_assert(mutate_flight(&bench.mutator, out, 0, sizeof(out), 1) > 0);
	cr_assert_eq(mutate_flight(&bench.mutator, out, 0, 0, 1), 0);
}

Test(mutate, levels_keep_everything_else_as_it_was)
{
	bench.mutator.levels = MUTATE_LAYERS;
	size_t applied[MUTATE_OPERATIONS_MAX] = { 0 };
	bench.mutator.applied = applied;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint8_t *out;
		mutate(&out, FLIGHT_MAX, seed);
		free(out);
	}
	cr_assert(applied[OPERATION_record_split] > 0);
	cr_assert_eq(applied[OPERATION_version_set] + applied[OPERATION_second_hello], 0);
}

Test(mutate, a_body_keeps_what_stands_before_it)
{
	struct client_hello hello;
	static struct bench other;
	size_t kept = 0, read = 0;
	bench.mutator.form = MUTATE_BODY;
	bench.mutator.skip = 9;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint8_t *out;
		other.len = mutate(&out, FLIGHT_MAX, seed);
		memcpy(other.bytes, out, other.len);
		free(out);
		kept += other.len >= 9 && memcmp(other.bytes, bench.bytes, 9) == 0;
		read += bench_decode(&other, &hello, LENIENT_ALL) == FAULT_NONE;
	}
	cr_assert(kept > 930, "%zu", kept);
	cr_assert(read > 750, "%zu", read);
}

Test(mutate, little_memory_means_plain_bytes)
{
	bench.arena.limit = bench.len + 64;
	size_t applied[MUTATE_OPERATIONS_MAX] = { 0 };
	bench.mutator.applied = applied;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint8_t *out;
		cr_assert(mutate(&out, FLIGHT_MAX, seed) <= FLIGHT_MAX);
		free(out);
	}
	cr_assert_eq(applied[OPERATION_bytes], 1000);
}

Test(mutate, its_own_output_is_an_input_again)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint8_t *out;
		size_t max = 2048;
		bench.len = mutate(&out, max, seed);
		memcpy(bench.bytes, out, bench.len);
		free(out);
		if (seed % 64 == 0)
			bench_load(&bench, seed % 128 ? "client_hello/d12-nss-tstclnt.bin"
						      : "stream/coalesced-server-flight.bin");
	}
}

Test(mutate, a_cross_over_has_something_of_both)
{
	static struct bench other;
	static uint8_t out[FLIGHT_MAX];
	struct client_hello hello;
	size_t read = 0, fresh = 0;
	bench_init(&other);
	bench_load(&other, "client_hello/d12-gnutls-cli-legacy.bin");
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct span a = span_of(bench.bytes, bench.len),
			    b = span_of(other.bytes, other.len);
		static struct bench child;
		child.len = mutate_cross(&bench.mutator, a, b, out, sizeof(out), seed);
		memcpy(child.bytes, out, child.len);
		struct span is = span_of(out, child.len);
		read += bench_decode(&child, &hello, LENIENT_ALL) == FAULT_NONE;
		fresh += !span_equal(is, a) && !span_equal(is, b);
		size_t max = (size_t)seed % 600;
		cr_assert(mutate_cross(&bench.mutator, a, b, out, max, seed) <= max);
	}
	cr_assert(read > 1500, "%zu", read);
	cr_assert(fresh > 1000, "%zu", fresh);
	bench_release(&other);
}
