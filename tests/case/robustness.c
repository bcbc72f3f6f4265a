/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a file holds, the reader and everything behind it neither crash nor read out of bounds:
 * run under ASan and UBSan, where the exact copy below makes an overrun visible. */
#include "base/rng.h"
#include "reading.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static bool read_exact(const void *bytes, size_t len, size_t limit)
{
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	struct text form;
	uint8_t *copy = malloc(len ? len : 1);
	cr_assert_not_null(copy);
	memcpy(copy, bytes, len);
	arena_init(&arena, limit);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	text_init(&form);
	enum fault fault = catalogue_read(&catalogue, "t.case", span_of(copy, len));
	bool read = fault == FAULT_NONE;
	cr_assert(read == (diags.errors == 0) || fault != FAULT_INPUT);
	if (read) {
		fault = catalogue_link(&catalogue);
		cr_assert(fault == FAULT_NONE || diags.errors || arena.fault == fault);
		fault = case_file_format(&form, &diags, "t.case", span_of(copy, len));
		cr_assert(fault == FAULT_NONE || fault == FAULT_TOO_LARGE);
	}
	text_release(&form);
	arena_release(&arena);
	free(copy);
	return read;
}

/* The page's examples hold every statement; the last one is wrong on purpose. */
static char *example(void)
{
	struct text out;
	char *page = file_text(SOURCE_DIR "/docs/case-language.md");
	text_init(&out);
	for (char *at = page; (at = strstr(at, "\n```case\n")) != NULL;) {
		at += 9;
		char *end = strstr(at, "\n```");
		cr_assert_not_null(end);
		if (!span_equal(span_of(at, 13), span_text("case mistakes")))
			text_append(&out, span_of(at, (size_t)(end - at) + 1));
		at = end;
	}
	free(page);
	cr_assert(read_exact(out.at, out.len, CASE_ARENA_MAX));
	return out.at;
}

Test(case_robustness, a_file_cut_at_any_byte_is_read_or_refused)
{
	char *text = example();
	for (size_t len = 0; text[len]; len++)
		read_exact(text, len, CASE_ARENA_MAX);
	free(text);
}

static void mutate(struct rng *rng, char *bytes, size_t len)
{
	static const char likely[] = " \n\t\"#{},-+=09afxu.T\\";
	for (uint32_t n = 1 + rng_below(rng, 4); n > 0; n--) {
		size_t at = rng_below(rng, (uint32_t)len);
		if (rng_below(rng, 2))
			bytes[at] = likely[rng_below(rng, sizeof(likely) - 1)];
		else
			bytes[at] = (char)(bytes[at] ^ (char)(1u << rng_below(rng, 7)));
	}
}

Test(case_robustness, a_file_with_flipped_bytes_is_read_or_refused)
{
	struct rng rng;
	size_t accepted = 0;
	char *text = example();
	size_t len = strlen(text);
	char *bytes = malloc(len);
	cr_assert_not_null(bytes);
	rng_init(&rng, 1, 0);
	for (size_t round = 0; round < 2000; round++) {
		memcpy(bytes, text, len);
		mutate(&rng, bytes, len);
		accepted += read_exact(bytes, len, CASE_ARENA_MAX);
	}
	/* Else the mutations are too coarse to reach what stands behind the reader. */
	cr_assert_gt(accepted, 50);
	free(bytes);
	free(text);
}

Test(case_robustness, any_shortage_of_memory_is_a_fault)
{
	char *text = example();
	size_t refusals = 0;
	for (size_t limit = 0; limit < 200000; limit += 97)
		refusals += !read_exact(text, strlen(text), limit);
	cr_assert_gt(refusals, 50);
	free(text);
}

/* What an attacker might hope to take long or to overflow. */
Test(case_robustness, long_monotonous_files_end_in_time)
{
	static const char head[] =
		"case t.t\n  cite \"r\" MUST\n  why \"w\"\n  expect close\n  send ";
	static const char *const parts[] = {
		"bytes { ",
		"bytes {\n",
		"}",
		"bytes { 00 },",
		"client_hello {\nu16 {",
		"client_hello { extension 1 { } }, ",
		"bytes {\n00\n",
		"record 22 {\nclient_hello {\nkey_share {\n",
		"\ncase t.t\n",
		"\n  sned\n",
		"x25518 ",
		"65536 times ",
		"\n  needs a\n",
		"\n  or alert\n",
		"repeat 65536 {\n",
		"\nfeature a\n  needs b\n",
	};
	char *bytes = malloc(CASE_FILE_MAX + 1);
	cr_assert_not_null(bytes);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t len = strlen(head), step = strlen(parts[i]);
		memcpy(bytes, head, len);
		for (size_t line = len; len + step <= CASE_FILE_MAX; len += step) {
			memcpy(bytes + len, parts[i], step);
			line = strchr(parts[i], '\n') ? 0 : line + step;
			if (line > 4000)
				bytes[len] = '\n', line = 0;
		}
		cr_assert_not(read_exact(bytes, len, CASE_ARENA_MAX), "%s", parts[i]);
	}
	free(bytes);
}

Test(case_robustness, braces_as_deep_as_allowed_are_read)
{
	struct text text;
	for (int depth = CASE_DEPTH_MAX; depth <= CASE_DEPTH_MAX + 1; depth++) {
		text_init(&text);
		text_printf(&text, "case t.t\n  cite \"r\" MUST\n  why \"w\"\n  send bytes ");
		for (int i = 0; i < depth; i++)
			text_printf(&text, i ? "u24 { " : "{ ");
		for (int i = 0; i < depth; i++)
			text_printf(&text, "} ");
		text_printf(&text, "\n  expect close\n");
		cr_assert_eq(read_exact(text.at, text.len, CASE_ARENA_MAX),
			     depth == CASE_DEPTH_MAX);
		text_release(&text);
	}
}
