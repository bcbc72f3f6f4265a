/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a file holds, the reader and everything behind it neither crash nor read out of bounds:
 * run under ASan and UBSan, where the exact copy below makes an overrun visible. */
#include "base/limits.h"
#include "base/rng.h"
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Everything that takes a policy, where one was read. */
static void use(struct reading *reading)
{
	struct text text;
	text_init(&text);
	policy_format(&text, &reading->policy);
	struct settings settings;
	settings_init(&settings, &reading->policy, 0);
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		policy_suite(&settings, (enum version)v, 0xC02F);
	policy_plaintext(&settings);
	cr_assert_eq(text.fault, FAULT_NONE);
	text_release(&text);
}

static bool read_exact(const void *bytes, size_t len, size_t limit)
{
	struct reading reading;
	uint8_t *copy = malloc(len ? len : 1);
	cr_assert_not_null(copy);
	memcpy(copy, bytes, len);
	arena_init(&reading.arena, limit);
	diags_init(&reading.diags, &reading.arena);
	reading.fault = policy_read(&reading.policy, &reading.arena, &reading.diags, "t.policy",
				    span_of(copy, len));
	bool read = reading.fault == FAULT_NONE;
	cr_assert(read == (reading.diags.errors == 0) || reading.fault != FAULT_INPUT);
	if (read)
		use(&reading);
	reading_release(&reading);
	free(copy);
	return read;
}

/* The two Azure policies hold every kind of table; the others are read whole elsewhere. */
static const char *const names[] = { SINGLE, FLEXIBLE };

static struct span text_of(const char *name)
{
	for (const struct builtin_file *file = builtin_policies; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return file->text;
	cr_assert_fail("no policy '%s'", name);
	return span_of(NULL, 0);
}

Test(robustness, a_policy_cut_at_any_byte_is_read_or_refused)
{
	for (size_t i = 0; i < 2; i++) {
		struct span text = text_of(names[i]);
		for (size_t len = 0; len < text.len; len++)
			read_exact(text.at, len, POLICY_ARENA_MAX);
	}
}

static void mutate(struct rng *rng, uint8_t *bytes, size_t len)
{
	static const char likely[] = " \n\t\"#*?,-$<>=09aTS\\";
	for (uint32_t n = 1 + rng_below(rng, 4); n > 0; n--) {
		size_t at = rng_below(rng, (uint32_t)len);
		if (rng_below(rng, 2))
			bytes[at] = (uint8_t)likely[rng_below(rng, sizeof(likely) - 1)];
		else
			bytes[at] = (uint8_t)(bytes[at] ^ 1u << rng_below(rng, 8));
	}
}

Test(robustness, a_policy_with_flipped_bytes_is_read_or_refused)
{
	struct rng rng;
	size_t accepted = 0;
	rng_init(&rng, 1, 0);
	for (size_t round = 0; round < 3000; round++) {
		struct span text = text_of(names[round % 2]);
		uint8_t *bytes = malloc(text.len);
		cr_assert_not_null(bytes);
		memcpy(bytes, text.at, text.len);
		mutate(&rng, bytes, text.len);
		accepted += read_exact(bytes, text.len, POLICY_ARENA_MAX);
		free(bytes);
	}
	/* Else the mutations are too coarse to reach what stands behind the reader. */
	cr_assert_gt(accepted, 100);
}

Test(robustness, every_shipped_policy_survives_cuts_and_flips)
{
	struct rng rng;
	rng_init(&rng, 3, 0);
	for (const struct builtin_file *file = builtin_policies; file->name; file++) {
		uint8_t *bytes = malloc(file->text.len);
		cr_assert_not_null(bytes);
		for (size_t round = 0; round < 40; round++) {
			memcpy(bytes, file->text.at, file->text.len);
			mutate(&rng, bytes, file->text.len);
			size_t len = round % 2 ? file->text.len
					       : rng_below(&rng, (uint32_t)file->text.len);
			read_exact(bytes, len, POLICY_ARENA_MAX);
		}
		free(bytes);
	}
}

Test(robustness, lines_in_any_order_are_read_or_refused)
{
	struct rng rng;
	struct span text = text_of(SINGLE);
	uint8_t *bytes = malloc(2 * text.len);
	cr_assert_not_null(bytes);
	rng_init(&rng, 2, 0);
	for (size_t round = 0; round < 300; round++) {
		size_t len = 0;
		while (len < text.len) {
			size_t at = rng_below(&rng, (uint32_t)text.len);
			const uint8_t *end = memchr(text.at + at, '\n', text.len - at);
			size_t size = (size_t)(end - (text.at + at)) + 1;
			if (size > 2 * text.len - len)
				break;
			memcpy(bytes + len, text.at + at, size);
			len += size;
		}
		read_exact(bytes, len, POLICY_ARENA_MAX);
	}
	free(bytes);
}

Test(robustness, any_shortage_of_memory_is_a_fault)
{
	for (size_t i = 0; i < 2; i++) {
		struct span text = text_of(names[i]);
		size_t refusals = 0;
		for (size_t limit = 0; limit < 60000; limit += 97)
			refusals += !read_exact(text.at, text.len, limit);
		cr_assert_gt(refusals, 50);
	}
}

/* What an attacker might hope to take long or to overflow. */
Test(robustness, long_monotonous_files_end_in_time)
{
	static const char *const heads[] = {
		"policy t\ntable suite\n",	 "policy t\nsetting a\n",
		"policy t\nprefer server\n",	 "policy t\nadmit\n",
		"policy t\ntable certificate\n", ""
	};
	static const char *const lines[] = {
		" * reject\n",	 " 0xFFC0\n", " > 0xFFC1\n", ",\n", " root \"x\" accept, reject\n",
		"table suite\n", ",,,,,\n"
	};
	char *bytes = malloc(POLICY_FILE_MAX);
	cr_assert_not_null(bytes);
	for (size_t h = 0; h < sizeof(heads) / sizeof(heads[0]); h++) {
		for (size_t l = 0; l < sizeof(lines) / sizeof(lines[0]); l++) {
			size_t len = strlen(heads[h]), step = strlen(lines[l]);
			memcpy(bytes, heads[h], len);
			for (; len + step <= POLICY_FILE_MAX / 8; len += step)
				memcpy(bytes + len, lines[l], step);
			read_exact(bytes, len, POLICY_ARENA_MAX);
		}
	}
	free(bytes);
}
