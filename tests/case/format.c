/* SPDX-License-Identifier: Apache-2.0 */
/* One form for one meaning: formatting is a fixpoint, and keeps what was said. */
#include "reading.h"
#include "script/builtin.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void becomes(const char *text, const char *expected)
{
	char *once = formatted(text);
	cr_assert_str_eq(once, expected, "is\n%s\nnot\n%s", once, expected);
	char *twice = formatted(once);
	cr_assert_str_eq(twice, once);
	free(twice);
	free(once);
}

#define HEAD "case t.t\n  cite   \"r\" MUST\n  why    \"w\"\n"
#define END  "  expect close\n"

Test(format, keywords_stand_in_a_column)
{
	becomes("case   t.t\n cite \"r\"  MUST\n\twhy \"w\"\n\n edition \"e\"\n  send  "
		"client_hello{}\n"
		"  complete\n  expect close",
		HEAD "  edition \"e\"\n  send   client_hello { }\n  complete\n" END);
}

Test(format, stanzas_stand_apart)
{
	becomes(HEAD "  send client_hello\n" END "# two\n" HEAD "  send client_hello\n" END
		     "\n\n\n# end\n",
		HEAD "  send   client_hello\n" END "\n# two\n" HEAD "  send   client_hello\n" END
		     "\n# end\n");
}

Test(format, a_statement_that_fits_is_on_one_line)
{
	becomes(HEAD "  send client_hello {\n    pad 512\n    cookie {\n 00 }\n  }\n" END,
		HEAD "  send   client_hello { pad 512 cookie { 00 } }\n" END);
}

Test(format, a_block_that_does_not_fit_is_broken_into_units)
{
	becomes(HEAD
		"  send client_hello { suites without TLS_AES_128_GCM_SHA256 "
		"TLS_AES_256_GCM_SHA384 extensions without server_name key_share "
		"key_share { u16 { x25519 u16 { fill 32 00 } } } pad 512 } in records of 5\n" END,
		HEAD "  send   client_hello {\n"
		     "    suites without TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384\n"
		     "    extensions without server_name key_share\n"
		     "    key_share { u16 { x25519 u16 { fill 32 00 } } }\n"
		     "    pad 512\n"
		     "  } in records of 5\n" END);
}

Test(format, bytes_fill_their_lines)
{
	becomes(HEAD
		"  send bytes { 00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b "
		"1c1d1e1f 20212223 24252627 28292a2b }\n" END,
		HEAD "  send   bytes {\n"
		     "    00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f "
		     "20212223 24252627\n"
		     "    28292a2b\n"
		     "  }\n" END);
}

Test(format, comments_keep_their_places)
{
	becomes("# file\n\n  # odd\n" HEAD "# stray\n  send client_hello { # first\n"
		"      # own\n    pad 512 # last\n  }  # behind\n" END "  # left\n",
		"# file\n  # odd\n\n" HEAD "  # stray\n  send   client_hello {  # first\n"
		"    # own\n    pad 512  # last\n  }  # behind\n" END "  # left\n");
}

Test(format, a_comment_inside_of_a_unit_is_kept)
{
	becomes(HEAD "  send bytes { u16 # a\n # b\n { 00 } }\n" END,
		HEAD "  send   bytes {\n    u16  # a\n    # b\n    { 00 }\n  }\n" END);
}

Test(format, a_file_with_errors_is_left_alone)
{
	struct arena arena;
	struct diags diags;
	struct text out;
	arena_init(&arena, CASE_ARENA_MAX);
	diags_init(&diags, &arena);
	text_init(&out);
	cr_assert_eq(case_file_format(&out, &diags, "t.case", span_text("case \"t\"\n")),
		     FAULT_INPUT);
	cr_assert_eq(diags.errors, 1);
	cr_assert_eq(out.len, 0);
	text_release(&out);
	arena_release(&arena);
}

/* Token by token the same: only blanks and line ends between them differ. */
static void same_words(const char *a, const char *b)
{
	static const char blanks[] = " \t\r\n";
	while (*a || *b) {
		a += strspn(a, blanks);
		b += strspn(b, blanks);
		cr_assert_eq(*a, *b, "'%.40s' where '%.40s' was", b, a);
		a += *a != '\0';
		b += *b != '\0';
	}
}

Test(format, every_shipped_file_is_at_its_fixpoint_after_one_round)
{
	cr_assert_gt(builtin_cases_len, 0);
	for (const struct builtin_file *file = builtin_cases; file->name; file++) {
		char *text = calloc(1, file->text.len + 1);
		cr_assert_not_null(text);
		memcpy(text, file->text.at, file->text.len);
		char *once = formatted(text), *twice = formatted(once);
		cr_assert_str_eq(once, twice, "%s", file->path);
		same_words(text, once);
		free(twice);
		free(once);
		free(text);
	}
}
