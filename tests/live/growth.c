/* SPDX-License-Identifier: Apache-2.0 */
#include "live/growth.h"
#include "base/rng.h"

#include <criterion/criterion.h>

#define MIB UINT64_C(1048576)

/* The memory of a server after `probes` probes. */
typedef uint64_t (*series)(uint64_t probes);

static struct growth_verdict judge(series bytes, uint64_t probes, uint64_t step)
{
	struct growth growth;
	growth_init(&growth);
	for (uint64_t at = 0; at <= probes; at += step)
		growth_add(&growth, at, bytes(at));
	return growth_judge(&growth);
}

/* What a measurement is off by, the same in every run: up to 256 KiB, in pages. */
static uint64_t noise(uint64_t probes)
{
	return (probes * UINT64_C(0x9E3779B97F4A7C15) >> 58) * 4096;
}

static uint64_t flat(uint64_t probes)
{
	return 40 * MIB + noise(probes);
}

static uint64_t warm_up_then_flat(uint64_t probes)
{
	return flat(probes) + (probes < 8000 ? probes : 8000) * 2048;
}

/* A tenth of what is left is taken in 2,000 probes: a cache that fills up. */
static uint64_t slowing_down(uint64_t probes)
{
	uint64_t left = 64 * MIB;
	for (uint64_t at = 0; at + 2000 <= probes; at += 2000)
		left = left * 9 / 10;
	return 104 * MIB - left + noise(probes);
}

static uint64_t saw_tooth(uint64_t probes)
{
	return flat(probes) + probes % 7000 * 1024;
}

static uint64_t leak(uint64_t probes)
{
	return flat(probes) + probes * 100;
}

static uint64_t leak_under_saw_tooth(uint64_t probes)
{
	return saw_tooth(probes) + probes * 100;
}

static uint64_t jump(uint64_t probes)
{
	return flat(probes) + (probes >= 27000 ? 64 * MIB : 0);
}

static uint64_t leak_and_jump(uint64_t probes)
{
	return leak(probes) + (probes >= 210000 ? 64 * MIB : 0);
}

static uint64_t shrinking(uint64_t probes)
{
	return 104 * MIB - probes * 100;
}

/* Below what is told: ten bytes. */
static uint64_t drip(uint64_t probes)
{
	return 40 * MIB + probes * 10;
}

Test(growth, what_stays_within_bounds_does_not_grow)
{
	static const struct {
		const char *name;
		series bytes;
	} all[] = {
		{ "flat", flat },
		{ "warm-up, then flat", warm_up_then_flat },
		{ "slowing down", slowing_down },
		{ "saw-tooth", saw_tooth },
		{ "jump", jump },
		{ "shrinking", shrinking },
		{ "drip", drip },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (uint64_t step = 50; step <= 1000; step *= 2) {
			struct growth_verdict verdict = judge(all[i].bytes, 60000, step);
			cr_expect(verdict.judged, "%s, step %d", all[i].name, (int)step);
			cr_expect_not(verdict.grows, "%s, step %d: %d", all[i].name, (int)step,
				      (int)verdict.per_1000);
			cr_expect_eq(verdict.per_1000, 0);
		}
}

Test(growth, leak_of_a_hundred_bytes_a_probe_is_measured)
{
	static const struct {
		const char *name;
		series bytes;
	} all[] = {
		{ "leak", leak },
		{ "leak under a saw-tooth", leak_under_saw_tooth },
		{ "leak and a jump", leak_and_jump },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct growth_verdict verdict = judge(all[i].bytes, 400000, 100);
		cr_expect(verdict.grows, "%s", all[i].name);
		cr_expect_geq(verdict.per_1000, 95000, "%s: %d", all[i].name,
			      (int)verdict.per_1000);
		cr_expect_leq(verdict.per_1000, 105000, "%s: %d", all[i].name,
			      (int)verdict.per_1000);
		cr_expect_eq(verdict.span, 300000);
	}
}

Test(growth, small_leak_shows_when_the_run_is_long)
{
	cr_expect(judge(leak, 60000, 100).grows);
	struct growth_verdict verdict = judge(leak, 10000000, 500);
	cr_expect(verdict.grows);
	cr_expect_geq(verdict.per_1000, 99000);
	cr_expect_leq(verdict.per_1000, 101000);
}

/* A machine that has more to do: some 40 samples, with gaps of a tenth to twice their mean. */
Test(growth, leak_shows_in_samples_that_are_few_and_uneven)
{
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct growth growth;
		uint64_t probes = 0;
		struct rng rng;
		rng_init(&rng, seed, 1);
		growth_init(&growth);
		while (probes < 60000) {
			growth_add(&growth, probes, 40 * MIB + probes * 4096);
			probes += 150 + rng_below(&rng, 2700);
		}
		struct growth_verdict verdict = growth_judge(&growth);
		cr_expect(verdict.judged && verdict.grows, "seed %d", (int)seed);
		cr_expect_eq(verdict.per_1000, 4096000, "seed %d: %d", (int)seed,
			     (int)verdict.per_1000);
	}
}

Test(growth, nothing_is_said_of_a_short_run)
{
	cr_expect_not(judge(leak, 0, 100).judged);
	cr_expect_not(judge(leak, GROWTH_WARM_UP_MIN + GROWTH_SPAN_MIN - 1000, 1000).judged);
	/* Three samples fill no six windows. */
	cr_expect_not(judge(leak, 60000, 30000).judged);
	struct growth growth;
	growth_init(&growth);
	cr_expect_not(growth_judge(&growth).judged);
}

/* A counter that stands still, or goes back, must not make the span or the slope. */
Test(growth, samples_out_of_order_are_passed_over)
{
	struct growth growth;
	growth_init(&growth);
	for (uint64_t at = 0; at <= 60000; at += 100) {
		growth_add(&growth, at, flat(at));
		growth_add(&growth, at, 0);
		growth_add(&growth, at / 2, 900 * MIB);
	}
	struct growth_verdict verdict = growth_judge(&growth);
	cr_expect(verdict.judged);
	cr_expect_not(verdict.grows);
	cr_expect_eq(verdict.span, 45000);
}

Test(growth, is_told_in_one_sentence)
{
	static const struct {
		struct growth_verdict verdict;
		const char *sentence;
	} all[] = {
		{ { true, true, 812400, 40000 }, "grew by 812 bytes a probe over 40,000 probes" },
		{ { true, true, 1234567000, 1000000 },
		  "grew by 1,234,567 bytes a probe over 1,000,000 probes" },
		{ { true, false, 0, 999 }, "did not grow over 999 probes" },
		{ { false, false, 0, 0 }, "was not measured long enough" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct text text;
		text_init(&text);
		growth_put(&text, &all[i].verdict);
		cr_expect_str_eq(text_view(&text), all[i].sentence);
		text_release(&text);
	}
}
