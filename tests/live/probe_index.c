/* SPDX-License-Identifier: Apache-2.0 */
#include "live/probe_index.h"

#include <criterion/criterion.h>

static bool reads(const char *text, struct probe_index *out)
{
	return probe_index_read(out, span_text(text));
}

Test(probe_index, is_read_as_it_is_written)
{
	static const char *const good[] = { "0",      "17",	 "4294967295",
					    "17.3.1", "5.65535", "1.1.2.3.4.5.6.7.8" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct probe_index index;
		struct text text;
		text_init(&text);
		cr_assert(reads(good[i], &index), "%s", good[i]);
		probe_index_put(&text, &index);
		cr_assert_str_eq(text_view(&text), good[i]);
		text_release(&text);
	}
}

Test(probe_index, has_one_spelling)
{
	static const char *const bad[] = { "",	      "-1",	    "+1",
					   " 1",      "01",	    "1.",
					   "1.0",     "1.",	    "1..2",
					   "1.65536", "1.2x",	    "1.1.01",
					   "0x1",     "4294967296", "1.1.2.3.4.5.6.7.8.9" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct probe_index index;
		cr_assert_not(reads(bad[i], &index), "%s", bad[i]);
	}
}

/* Neighbours, children and other seeds differ: no two of a small world share a seed. */
Test(probe_index, seeds_differ)
{
	uint64_t seen[3 * 20 * 21];
	size_t len = 0;
	for (uint64_t seed = 0; seed < 3; seed++) {
		for (uint32_t root = 0; root < 20; root++) {
			struct probe_index index = { .root = root };
			seen[len++] = probe_index_seed(seed, &index);
			for (uint16_t child = 1; child <= 20; child++) {
				struct probe_index of = probe_index_child(&index, child);
				struct probe_index back = probe_index_parent(&of);
				cr_assert(probe_index_equal(&index, &back));
				cr_assert_not(probe_index_equal(&index, &of));
				seen[len++] = probe_index_seed(seed, &of);
			}
		}
	}
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < i; k++)
			cr_assert_neq(seen[i], seen[k]);
}
