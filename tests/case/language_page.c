/* SPDX-License-Identifier: Apache-2.0 */
/* Every example of docs/case-language.md is read; `# error L:C: TEXT` says what must be found. */
#include "reading.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define FENCE "\n```case\n"
#define ERROR "\n# error "

static char *examples[64];
static size_t examples_len;

/* The examples, cut out of the page, which stays allocated. */
static void page_cut(void)
{
	char *page = file_text(SOURCE_DIR "/docs/case-language.md");
	for (char *at = page; (at = strstr(at, FENCE)) != NULL && examples_len < 64;) {
		at += strlen(FENCE);
		char *end = strstr(at, "\n```");
		cr_assert_not_null(end);
		end[1] = '\0';
		examples[examples_len++] = at;
		at = end + 2;
	}
}

TestSuite(language_page, .init = page_cut);

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

Test(language_page, its_examples_are_read_and_are_in_canonical_form)
{
	cr_assert_eq(examples_len, 11);
	for (size_t i = 0; i < examples_len; i++) {
		struct reading reading;
		reading_text(&reading, examples[i]);
		if (check_errors(&reading, examples[i]) == 0) {
			char *form = formatted(examples[i]);
			cr_assert_str_eq(form, examples[i], "is\n%s\nnot\n%s", form, examples[i]);
			free(form);
		}
		reading_release(&reading);
	}
}

static bool is_shown(const char *word)
{
	bool shown = false;
	for (size_t i = 0; i < examples_len; i++)
		shown = shown || strstr(examples[i], word);
	return shown;
}

/* Nothing of the language is without an example. */
static const char *const words[] = {
	"case hello.",
	"feature session_ticket\n",
	"  cite ",
	" MUST",
	" MUST-NOT sender",
	" MAY",
	" ROBUSTNESS",
	"  why ",
	"  cve ",
	"  edition ",
	"  at ",
	"  over ",
	"  needs ",
	"needs  no ",
	"  each   value",
	"each   truncation",
	"each   length",
	"each   extension twice",
	"  send ",
	"  await ",
	"  complete\n",
	"  shut\n",
	"  expect ",
	"  or ",
	"  allow ",
	"  assert ",
	"await  server_hello\n",
	"await  server_hello_done",
	"await  hello_retry_request",
	"await  flight",
	"await  bytes",
	"client_hello again",
	"client_hello retry",
	"cut ",
	"handshake 16 {",
	"change_cipher_spec",
	"alert warning",
	"application_data {",
	"heartbeat {",
	"record handshake {",
	"sslv2_client_hello",
	"send   bytes {",
	" times ",
	"in record { ",
	" type ",
	" version ",
	"spoil ",
	"clear",
	"in records of",
	"in records split",
	"in segments split",
	"withhold",
	"after",
	"random {",
	"session_id +1 {",
	"compression {",
	"suites add",
	"suites first",
	"suites without",
	"suites -2",
	"extensions +1 {",
	"extensions add",
	"extensions first",
	"extensions without",
	"extensions reversed",
	"extension 4660 =3",
	"tail {",
	"pad ",
	"specs {",
	"challenge {",
	"long\n",
	"u8 {",
	"u16 ",
	"u24 ",
	"u32 ",
	"fill ",
	"random 28",
	"repeat ",
	"numbered ",
	"share ",
	"captured ",
	"value u8",
};

Test(language_page, every_word_is_in_an_example)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		cr_assert(is_shown(words[i]), "%s", words[i]);
}
