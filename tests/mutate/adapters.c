/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The two adapters of harness/mutator/, as their engines call them; built with two bytes before a
 * stream of records. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
				 uint8_t *out, size_t max, unsigned seed);
void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *state, uint8_t *bytes, size_t len, uint8_t **out, uint8_t *other,
		       size_t other_len, size_t max);
void afl_custom_deinit(void *state);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t len, size_t max);

#define SEEDS 4000

static struct bench bench, second;
static size_t calls;

/* In the place of libFuzzer's own. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t len, size_t max)
{
	return mutate_bytes(bytes, len, max, calls++);
}

static void init(void)
{
	bench_init(&bench);
	bench_load(&bench, "handshake/tls13.bin");
	bench_init(&second);
	bench_load(&second, "handshake/tls12-ecdhe-rsa.bin");
}

static void fini(void)
{
	bench_release(&bench);
	bench_release(&second);
}

TestSuite(adapters, .init = init, .fini = fini);

static bool keeps_choices(const uint8_t *bytes, size_t len)
{
	return len >= 2 && memcmp(bytes, bench.bytes, 2) == 0;
}

Test(adapters, libfuzzer_is_given_other_bytes_and_takes_part)
{
	size_t kept = 0, same = 0;
	for (unsigned seed = 0; seed < SEEDS; seed++) {
		size_t max = bench.len + seed % 256;
		uint8_t *bytes = malloc(max);
		cr_assert_not_null(bytes);
		memcpy(bytes, bench.bytes, bench.len);
		size_t len = LLVMFuzzerCustomMutator(bytes, bench.len, max, seed);
		cr_assert(len <= max);
		same += len == bench.len && memcmp(bytes, bench.bytes, len) == 0;
		kept += keeps_choices(bytes, len);
		free(bytes);
	}
	cr_assert(calls > SEEDS / 4 && same < SEEDS / 10 && kept > SEEDS * 3 / 4);
}

Test(adapters, libfuzzer_crosses_two_inputs)
{
	uint8_t out[1024];
	for (unsigned seed = 0; seed < SEEDS; seed++) {
		size_t max = seed % sizeof(out);
		size_t len = LLVMFuzzerCustomCrossOver(bench.bytes, bench.len, second.bytes,
						       second.len, out, max, seed);
		cr_assert(len <= max);
		cr_assert(len < 2 || keeps_choices(out, len));
	}
}

Test(adapters, afl_draws_the_same_for_the_same_seed)
{
	void *one = afl_custom_init(NULL, 7), *two = afl_custom_init(NULL, 7);
	cr_assert(one && two);
	size_t same = 0;
	for (size_t i = 0; i < SEEDS; i++) {
		uint8_t *a, *b, *other = i % 2 ? second.bytes : NULL;
		size_t max = 1 + i * 5 % 4096;
		size_t a_len = afl_custom_fuzz(one, bench.bytes, bench.len, &a, other,
					       other ? second.len : 0, max);
		size_t b_len = afl_custom_fuzz(two, bench.bytes, bench.len, &b, other,
					       other ? second.len : 0, max);
		cr_assert(a_len <= max && a_len == b_len);
		cr_assert_arr_eq(a, b, a_len);
		same += a_len == bench.len && memcmp(a, bench.bytes, a_len) == 0;
	}
	cr_assert(same < SEEDS / 10);
	afl_custom_deinit(one);
	afl_custom_deinit(two);
}
