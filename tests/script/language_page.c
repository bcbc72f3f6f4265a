/* SPDX-License-Identifier: Apache-2.0 */
/* Every example of docs/policy-language.md is read; `# error L:C: TEXT` says what must be found. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define FENCE "\n```policy\n"
#define ERROR "\n# error "

/* The errors of an example are those that it announces, in that order. */
static size_t check_errors(const struct reading *reading, const char *example)
{
	size_t errors = 0;
	for (const char *at = example; (at = strstr(at, ERROR)) != NULL; errors++) {
		at += strlen(ERROR);
		size_t len = strcspn(at, "\n");
		cr_assert(span_equal(span_text(message(reading, errors)), span_of(at, len)),
			  "'%s' where the page has '%.*s'", message(reading, errors), (int)len, at);
	}
	cr_assert_eq(reading->diags.errors, errors, "%s in\n%s", message(reading, errors), example);
	return errors;
}

static void check_example(const char *example)
{
	struct reading reading;
	reading_text(&reading, example);
	if (check_errors(&reading, example) == 0) {
		struct text text;
		text_init(&text);
		policy_format(&text, &reading.policy);
		cr_assert_str_eq(text_view(&text), example);
		text_release(&text);
	}
	reading_release(&reading);
}

Test(language_page, its_examples_are_read_and_are_in_canonical_form)
{
	size_t len = 0, examples = 0;
	char *page = file_read(SOURCE_DIR "/docs/policy-language.md", &len);
	cr_assert_not_null(page);
	for (char *at = page; (at = strstr(at, FENCE)) != NULL; examples++) {
		at += strlen(FENCE);
		char *end = strstr(at, "\n```");
		cr_assert_not_null(end);
		end[1] = '\0';
		check_example(at);
		at = end + 2;
	}
	cr_assert_eq(examples, 9);
	free(page);
}

Test(language_page, every_statement_and_subject_word_is_on_it)
{
	static const char *const words[] = { "`host_name`",	   "`client_certificate`",
					     "`key_mldsa`",	   "`certificate_compression`",
					     "`certificate_days`", "\"transition\"",
					     "\"admit\"",	   "\"control\"" };
	size_t len = 0;
	char *page = file_read(SOURCE_DIR "/docs/policy-language.md", &len);
	cr_assert_not_null(page);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		cr_assert_not_null(strstr(page, words[i]), "%s", words[i]);
	free(page);
}
