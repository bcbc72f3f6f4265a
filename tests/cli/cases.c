/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/case_source.h"
#include "cli/command.h"
#include "script/builtin.h"
#include "tool.h"

#define FIRST                                                                                      \
	"case ours.first\n"                                                                        \
	"  cite   \"RFC 5246 7.4.1.2\" MUST\n"                                                     \
	"  why    \"a list of suites has whole suites\"\n"                                         \
	"  at     TLS1.1 TLS1.2\n"                                                                 \
	"  send   client_hello { suites { c02f c0 } extensions absent }\n"                         \
	"  expect alert decode_error\n"                                                            \
	"  allow  close\n"
#define FAMILY                                                                                     \
	"case ours.each-value\n"                                                                   \
	"  cite   \"RFC 8446 5\" SHOULD\n"                                                         \
	"  why    \"unknown types end the connection\"\n"                                          \
	"  at     TLS1.2\n"                                                                        \
	"  each   value 7 9\n"                                                                     \
	"  send   bytes { value u8 }\n"                                                            \
	"  send   bytes { 0102 } withhold 1\n"                                                     \
	"  expect close\n"

/* Every test has one file; it is gone with the test. */
static char file[32];

static void file_write(const char *text)
{
	FILE *out = fopen(file, "w");
	cr_assert_not_null(out);
	fputs(text, out);
	fclose(out);
}

static void begin(void)
{
	snprintf(file, sizeof(file), "cases.XXXXXX");
	int fd = mkstemp(file);
	cr_assert_geq(fd, 0);
	close(fd);
	file_write(FIRST "\n" FAMILY);
	cr_redirect_stdout();
	cr_redirect_stderr();
}

static void end(void)
{
	unlink(file);
}

TestSuite(cases_command, .init = begin, .fini = end);

#define RUN(...) TOOL_RUN("tlsgauge", "cases", __VA_ARGS__)
#define FROM	 "--file", file

static const char *printed(void)
{
	static char text[65536];
	size_t len = fread(text, 1, sizeof(text) - 1, cr_get_redirected_stdout());
	text[len] = '\0';
	return text;
}

static const char *complained(void)
{
	static char text[8192];
	size_t len = fread(text, 1, sizeof(text) - 1, cr_get_redirected_stderr());
	text[len] = '\0';
	return text;
}

#define HELLO_11                                                                                   \
	"160301002e"                                                                               \
	"0100002a"                                                                                 \
	"0302"                                                                                     \
	"a1a1a1a1000102030405060708090a0b0c0d0e0f101112131415161718191a1b"                         \
	"00"                                                                                       \
	"0003c02fc0"                                                                               \
	"0100"

Test(cases_command, emit_writes_the_bytes_of_the_first_version)
{
	cr_expect_eq(RUN("emit", "ours.first", "--hex", FROM), STATUS_PASS);
	cr_expect_str_eq(printed(), HELLO_11 "\n");
}

Test(cases_command, emit_of_one_version_by_option_and_by_id)
{
	cr_expect_eq(RUN("emit", FROM, "--at", "TLS1.2", "--hex", "ours.first"), STATUS_PASS);
	cr_expect_eq(RUN("emit", FROM, "--hex", "case/ours.first/TLS1.2"), STATUS_PASS);
	const char *text = printed();
	size_t half = strlen(text) / 2;
	cr_expect_eq(strncmp(text, text + half, half), 0);
	cr_expect_not_null(strstr(text, "0100002a0303"));
}

Test(cases_command, emit_of_a_member_leaves_out_what_is_withheld)
{
	cr_expect_eq(RUN("emit", FROM, "--hex", "--member", "9", "ours.each-value"), STATUS_PASS);
	cr_expect_str_eq(printed(), "0901\n");
}

Test(cases_command, emit_of_one_step)
{
	cr_expect_eq(RUN("emit", FROM, "--hex", "--step", "2", "ours.each-value"), STATUS_PASS);
	cr_expect_str_eq(printed(), "01\n");
}

Test(cases_command, emit_into_a_file_is_raw)
{
	char out[] = "emitted.XXXXXX", bytes[8];
	close(mkstemp(out));
	cr_expect_eq(RUN("emit", FROM, "-o", out, "ours.each-value"), STATUS_PASS);
	FILE *in = fopen(out, "rb");
	cr_expect_eq(fread(bytes, 1, sizeof(bytes), in), 2);
	cr_expect_eq(memcmp(bytes, "\x07\x01", 2), 0);
	fclose(in);
	unlink(out);
}

Test(cases_command, emit_all_has_a_file_for_every_version_and_member)
{
	static const char *const names[] = { "ours.first-TLS1.1.bin", "ours.first-TLS1.2.bin",
					     "ours.each-value-TLS1.2-7.bin",
					     "ours.each-value-TLS1.2-9.bin" };
	char folder[] = "emitted.XXXXXX", path[128];
	cr_assert_not_null(mkdtemp(folder));
	cr_expect_eq(RUN("emit", FROM, "--all", folder), STATUS_PASS);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		cr_expect_eq(unlink(path), 0, "%s", path);
	}
	cr_expect_eq(rmdir(folder), 0, "there is more than that");
}

Test(cases_command, show_names_the_rule_and_every_byte)
{
	cr_expect_eq(RUN("show", FROM, "ours.first", "--at", "TLS1.2"), STATUS_PASS);
	const char *text = printed();
	cr_expect_not_null(strstr(text, "RFC 5246 7.4.1.2, MUST"));
	cr_expect_not_null(strstr(text, "000009  03 03 "));
	cr_expect_not_null(strstr(text, "legacy_version: TLS1.2"));
	cr_expect_not_null(strstr(text, "cipher_suite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
	cr_expect_not_null(strstr(text, "expect    alert decode_error"));
	cr_expect_not_null(strstr(text, "allow     close"));
}

Test(cases_command, list_has_a_line_a_case)
{
	cr_expect_eq(RUN("list", FROM), STATUS_PASS);
	const char *text = printed();
	cr_expect_not_null(strstr(text, "ours.first "));
	cr_expect_not_null(strstr(text, "TLS1.1 TLS1.2 "));
	cr_expect_not_null(strstr(text, "a list of suites has whole suites\n"));
	cr_expect_not_null(strstr(text, "ours.each-value "));
}

Test(cases_command, list_takes_globs)
{
	cr_expect_eq(RUN("list", FROM, "*.each-*"), STATUS_PASS);
	const char *text = printed();
	cr_expect_null(strstr(text, "ours.first"));
	cr_expect_not_null(strstr(text, "ours.each-value"));
}

Test(cases_command, list_as_json_has_everything)
{
	cr_expect_eq(RUN("list", FROM, "--format", "json"), STATUS_PASS);
	json_t *root = json_loads(printed(), 0, NULL);
	cr_assert_eq(json_array_size(root), 2);
	const json_t *first = json_array_get(root, 0), *second = json_array_get(root, 1);
	cr_expect_str_eq(json_string_value(json_object_get(first, "name")), "ours.first");
	cr_expect_str_eq(json_string_value(json_object_get(first, "level")), "MUST");
	cr_expect_eq(json_array_size(json_object_get(first, "versions")), 2);
	cr_expect_eq(json_integer_value(json_object_get(second, "line")), 9);
	const json_t *members = json_object_get(json_object_get(second, "members"), "TLS1.2");
	cr_expect_eq(json_integer_value(json_array_get(members, 1)), 9);
	json_decref(root);
}

Test(cases_command, list_of_what_is_built_in_has_its_themes)
{
	cr_assert_gt(builtin_cases_len, 1);
	cr_expect_eq(RUN("list", "--theme", "record"), STATUS_PASS);
	cr_expect_not_null(strstr(printed(), "record.version-ssl3 "));
}

Test(cases_command, lint_passes_a_sound_file)
{
	cr_expect_eq(RUN("lint", file), STATUS_PASS);
	cr_expect_str_eq(printed(), "2 cases: 0 errors, 0 warnings, 0 notes\n");
}

Test(cases_command, lint_names_the_place_of_an_error)
{
	char expected[64];
	file_write("case ours.first\n  cite \"RFC 5246 7\" MUST\n  why \"x\"\n"
		   "  send client_hello { suits { c02f } }\n  expect close\n");
	cr_expect_eq(RUN("lint", file), STATUS_USAGE);
	snprintf(expected, sizeof(expected), "%s:4:23: error: ", file);
	const char *text = printed();
	cr_expect_not_null(strstr(text, expected), "%s", text);
	cr_expect_not_null(strstr(text, "'suites'"));
}

Test(cases_command, lint_finds_what_cannot_be_sent)
{
	file_write("case ours.first\n  cite \"RFC 5246 7\" MUST\n  why \"x\"\n"
		   "  at TLS1.2\n  send client_hello { pad 20 }\n  expect close\n");
	cr_expect_eq(RUN("lint", file), STATUS_USAGE);
	cr_expect_not_null(strstr(printed(), ":5:3: error: 'ours.first' cannot be sent at TLS1.2"));
}

Test(cases_command, lint_prints_the_form_and_checks_it)
{
	file_write("case ours.first\n cite \"RFC 5246 7\" MUST\n why \"x\"\n"
		   " send client_hello\n expect close\n");
	cr_expect_eq(RUN("lint", "--check-format", file), STATUS_USAGE);
	cr_expect_not_null(strstr(complained(), "' is not formatted; "));
	cr_expect_not_null(strstr(printed(), "1 case: 0 errors"));
	cr_expect_eq(RUN("lint", "--format", file), STATUS_PASS);
	file_write(printed());
	cr_expect_eq(RUN("lint", "--check-format", file), STATUS_PASS);
}

#define REFUSED(name, sentence, ...)                                                               \
	Test(cases_command, name)                                                                  \
	{                                                                                          \
		cr_expect_eq(RUN(__VA_ARGS__), STATUS_USAGE);                                      \
		cr_expect_str_eq(complained(), "tlsgauge cases " sentence "\n");                   \
		cr_expect_str_eq(printed(), "");                                                   \
	}

REFUSED(misspelt_name_is_guessed, "show: no case 'ours.frist'; did you mean 'ours.first'?", "show",
	"ours.frist", FROM)
REFUSED(name_is_required, "emit: say which case, or '--all DIR'", "emit", FROM)
REFUSED(second_name_is_refused, "show: one case at a time", "show", "a.b", "c.d")
REFUSED(version_that_a_case_is_not_asked_in,
	"show: case 'ours.first' is not asked at TLS1.3, but at TLS1.1 TLS1.2", "show",
	"ours.first", "--at", "TLS1.3", FROM)
REFUSED(misspelt_version_is_guessed, "show: unknown version 'TLS1_2'; did you mean 'TLS1.2'?",
	"show", "ours.first", "--at", "TLS1_2", FROM)
REFUSED(member_that_there_is_not,
	"emit: case 'ours.each-value' has no member 8; it has 2, from 7 to 9", "emit",
	"ours.each-value", "--member", "8", FROM)
REFUSED(member_of_no_family, "emit: case 'ours.first' has no members", "emit", "ours.first",
	"--member", "1", FROM)
REFUSED(step_that_there_is_not, "emit: case 'ours.first' has 1 step", "emit", "ours.first",
	"--step", "2", FROM)
REFUSED(step_that_is_no_number, "emit: '--step 0' is not a number from 1 on", "emit", "ours.first",
	"--step", "0", FROM)
REFUSED(id_with_a_strange_part, "emit: 'x' of 'ours.first/x' is neither a version nor a number",
	"emit", "ours.first/x", FROM)
REFUSED(unknown_format_is_refused, "list: unknown format 'xml'; there are 'text' and 'json'",
	"list", "--format", "xml", FROM)
REFUSED(missing_file_is_named, "lint: cannot read 'no-such.case': No such file or directory",
	"lint", "no-such.case")
REFUSED(all_excludes_a_member,
	"emit: '--all' excludes '--output', '--hex', '--step' and '--member'", "emit", "--all", "x",
	"--member", "1")
REFUSED(form_of_what_is_built_in, "lint: '--check-format' is about files; name them", "lint",
	"--check-format")

static enum fault load(struct case_source *source, struct arena *arena, const char *first,
		       const char *second)
{
	const char *words[] = { first, second };
	arena_init(arena, CASE_ARENA_MAX);
	return catalogue_load(source, arena, "test", words, second ? 2 : 1);
}

TestSuite(case_source, .init = begin, .fini = end);

Test(case_source, all_is_everything_and_none_nothing)
{
	struct case_source source;
	struct arena arena;
	cr_assert_eq(load(&source, &arena, "all", NULL), FAULT_NONE);
	cr_assert_gt(source.len, 0);
	cr_assert_eq(source.len, source.catalogue.cases_len);
	arena_release(&arena);
	cr_assert_eq(load(&source, &arena, "none", NULL), FAULT_NONE);
	cr_assert_eq(source.len, 0);
	arena_release(&arena);
}

Test(case_source, theme_glob_and_name_select)
{
	struct case_source source;
	struct arena arena;
	cr_assert_eq(load(&source, &arena, "record", NULL), FAULT_NONE);
	size_t theme = source.len;
	arena_release(&arena);
	cr_assert_eq(load(&source, &arena, "record.version-ssl3", "record.version-tls1?"),
		     FAULT_NONE);
	cr_assert_gt(source.len, 1);
	cr_assert_lt(source.len, theme);
	cr_assert_str_eq(source.at[0]->name, "record.version-ssl3");
	arena_release(&arena);
}

Test(case_source, file_is_all_of_its_cases_and_the_features_stay)
{
	struct case_source source;
	struct arena arena;
	cr_assert_eq(load(&source, &arena, file, NULL), FAULT_NONE);
	cr_assert_eq(source.len, 2);
	cr_assert_gt(source.catalogue.features_len, 0);
	arena_release(&arena);
}

Test(case_source, stanza_of_a_file_replaces_the_one_built_in)
{
	struct case_source source;
	struct arena arena;
	file_write("case record.version-ssl3\n  cite \"RFC 5246 7\" MUST\n  why \"mine\"\n"
		   "  send client_hello\n  expect close\n");
	cr_assert_eq(load(&source, &arena, "all", file), FAULT_NONE);
	const struct conformance_case *found =
		catalogue_find(&source.catalogue, span_text("record.version-ssl3"));
	cr_assert_str_eq(found->why, "mine");
	arena_release(&arena);
}

Test(case_source, word_that_is_nothing_is_guessed)
{
	struct case_source source;
	struct arena arena;
	cr_assert_eq(load(&source, &arena, "recrod", NULL), FAULT_USAGE);
	cr_assert_str_eq(complained(), "test: no case 'recrod'; did you mean 'record'?\n");
	arena_release(&arena);
}
