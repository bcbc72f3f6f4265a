/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "tool.h"

#define SINGLE	  "azure-postgresql-single-server"
#define GO	  SOURCE_DIR "/corpus/client_hello/d12-go119-tls.bin"
#define FOUR	  SOURCE_DIR "/corpus/client_hello/d12-psql15-cipherstring-azure4.bin"
#define BAD	  SOURCE_DIR "/corpus/client_hello/case-psk.age-cut-short-TLS1.3.bin"
#define SSLV2	  "802e0100020015000000100100800200800300800400800500800600400700c0" CHALLENGE
#define CHALLENGE "e2e6fc7ad93a1b4dd3f30e8e1f9a8a40"

#define RUN(...)  TOOL_RUN("tlsgauge", "explain", __VA_ARGS__)
#define CAPTURES  SOURCE_DIR "/corpus/capture/"
#define TWO	  CAPTURES "psql15-and-openssl30.pcap"
#define PRINTED	  ((size_t)1 << 20)
#define WORDS_MAX 16

static char out[PRINTED], err[PRINTED];

static void redirect(void)
{
	cr_redirect_stdout();
	cr_redirect_stderr();
}

TestSuite(explain, .init = redirect);

static void read_output(void)
{
	out[fread(out, 1, sizeof(out) - 1, cr_get_redirected_stdout())] = '\0';
	err[fread(err, 1, sizeof(err) - 1, cr_get_redirected_stderr())] = '\0';
}

static void expect_refusal(int status, const char *sentence)
{
	read_output();
	cr_expect_eq(status, STATUS_USAGE);
	cr_expect_str_eq(err, sentence);
	cr_expect_str_empty(out);
}

/* The command of a line "$ tlsgauge ..." and what the page prints below it. */
static bool next_transcript(char **page, char **command, char **printed)
{
	char *at = strstr(*page, "\n$ tlsgauge ");
	if (!at)
		return false;
	*command = at + strlen("\n$ ");
	char *end = strchr(*command, '\n');
	*end = '\0';
	*printed = end + 1;
	end = strstr(*printed, "```");
	*end = '\0';
	*page = end + 1;
	return true;
}

static char *load(const char *path)
{
	char *text = calloc(1, PRINTED);
	FILE *file = fopen(path, "rb");
	cr_assert(text && file, "%s", path);
	text[fread(text, 1, PRINTED - 1, file)] = '\0';
	fclose(file);
	return text;
}

/* All transcripts of the page, one after the other. */
Test(explain, the_page_shows_what_is_printed)
{
	char *page = load(SOURCE_DIR "/docs/explain.md"), *at = page, *command, *printed;
	struct text expected;
	size_t transcripts = 0;
	text_init(&expected);
	cr_assert_eq(chdir(SOURCE_DIR), 0);
	for (; next_transcript(&at, &command, &printed); transcripts++) {
		const char *words[WORDS_MAX];
		size_t len = 0;
		while (command)
			words[len++] = strsep(&command, " ");
		cr_assert_eq(tool_run(words, len), STATUS_PASS);
		text_put(&expected, printed);
	}
	cr_assert_eq(transcripts, 4);
	read_output();
	cr_assert_str_eq(out, text_view(&expected));
	text_release(&expected);
	free(page);
}

static json_t *run_json(const char *policy, const char *hello)
{
	cr_assert_eq(RUN("--policy", policy, "--format", "json", hello), STATUS_PASS);
	read_output();
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%s", out);
	return root;
}

static const char *member(const json_t *root, const char *outer, const char *name)
{
	return json_string_value(json_object_get(json_object_get(root, outer), name));
}

Test(explain, json_tells_the_ruling_and_its_row)
{
	json_t *root = run_json(SINGLE, FOUR);
	cr_assert(json_is_true(json_object_get(root, "ok")));
	cr_assert_str_eq(member(root, "expected", "ruling"), "accept");
	cr_assert_str_eq(member(root, "expected", "cite"), "Cipher suite supported");
	cr_assert_str_eq(member(root, "settings", "cloud"), "Public");
	cr_assert_eq(json_array_size(json_object_get(root, "pairs")), 4);
	cr_assert_str_eq(json_string_value(json_object_get(root, "refusal")), "fails");
	json_decref(root);
}

Test(explain, json_of_a_malformed_hello_has_an_alert_and_no_ruling)
{
	json_t *root = run_json(SINGLE, BAD);
	cr_assert(json_is_false(json_object_get(root, "ok")));
	cr_assert_null(json_object_get(root, "expected"));
	cr_assert_eq(json_integer_value(json_object_get(json_object_get(root, "error"), "offset")),
		     231);
	cr_assert_str_eq(member(root, "error", "field"), "pre_shared_key");
	cr_assert_str_eq(json_string_value(json_object_get(root, "alert")), "decode_error");
	json_decref(root);
}

Test(explain, sslv2_is_ruled_by_its_kinds)
{
	cr_assert_eq(RUN("--policy", SINGLE, "--hex", SSLV2), STATUS_PASS);
	read_output();
	cr_assert(strstr(out, "--hex: reject\n"));
	cr_assert(strstr(out, "offers     SSLv2 by its version, 7 kinds of SSLv2\n"));
	cr_assert(strstr(out, "every kind of cipher\n"));
	cr_assert(strstr(out, "none: no suite or version that goes or comes flips it"));
}

/* Several are told one after the other, and the one that is no hello does not stop them. */
Test(explain, each_hello_has_its_account)
{
	cr_assert_eq(RUN("--policy", SINGLE, GO, "/dev/null", FOUR), STATUS_USAGE);
	read_output();
	cr_assert(strstr(out, "d12-go119-tls.bin: may\n"));
	cr_assert(strstr(out, "\n\n" FOUR ": accept\n"));
	cr_assert_str_eq(err, "tlsgauge explain: '/dev/null', offset 0: input holds no bytes\n");
}

Test(explain, a_policy_is_asked_for)
{
	expect_refusal(RUN(GO), "tlsgauge explain: say which policy, with '--policy': a name that "
				"'tlsgauge policy list' has, or a file\n");
}

Test(explain, an_unknown_setting_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--set", "cloud=Publik", GO),
		       "tlsgauge explain: setting 'cloud' has no value 'Publik'; did you mean "
		       "'Public'?\n");
}

Test(explain, two_values_of_a_setting_are_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--set", "cloud=Public", "--set", "cloud=China", GO),
		       "tlsgauge explain: '--set cloud=Public' and '--set cloud=China' are two "
		       "values of one setting\n");
}

Test(explain, a_day_that_is_none_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--at", "2022-02-30", GO),
		       "tlsgauge explain: '--at 2022-02-30' is no day of the calendar, "
		       "YYYY-MM-DD\n");
}

Test(explain, an_unknown_certificate_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--certificate", "ed25519", GO),
		       "tlsgauge explain: '--certificate ed25519' is none of rsa, ecdsa and dss\n");
}

Test(explain, digits_that_are_none_are_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--hex", "16 03 0x"),
		       "tlsgauge explain: '--hex' has something else than hexadecimal digits, "
		       "blanks and colons\n");
}

Test(explain, a_missing_file_is_named)
{
	expect_refusal(RUN("--policy", SINGLE, "no/such.bin"),
		       "tlsgauge explain: cannot read 'no/such.bin': No such file or directory\n");
}

Test(explain, each_hello_of_a_capture_has_its_account)
{
	cr_assert_eq(RUN("--policy", SINGLE, TWO), STATUS_PASS);
	read_output();
	cr_assert(strstr(out, TWO ": may\n"));
	cr_assert(strstr(out,
			 "  captured   from 127.0.0.1:37170 to 127.0.0.1:17740, packet 8, after "
			 "8 other bytes\n"));
	cr_assert(strstr(out, "\n\n" TWO ", hello 2: accept\n"));
	cr_assert(strstr(out, "packet 17, after 8 other bytes, server_name db.example.org\n"));
}

Test(explain, one_hello_of_a_capture_can_be_asked_for)
{
	cr_assert_eq(RUN("--policy", SINGLE, "--format", "json", "--hello", "2", TWO), STATUS_PASS);
	read_output();
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%s", out);
	json_t *captured = json_object_get(root, "captured");
	cr_expect_str_eq(json_string_value(json_object_get(root, "file")), TWO ", hello 2");
	cr_expect_eq(json_integer_value(json_object_get(captured, "hello")), 2);
	cr_expect_eq(json_integer_value(json_object_get(captured, "packet")), 17);
	cr_expect_eq(json_integer_value(json_object_get(captured, "bytes_before")), 8);
	cr_expect_str_eq(member(root, "captured", "client"), "127.0.0.1:37196");
	cr_expect_str_eq(member(root, "captured", "server"), "127.0.0.1:17740");
	cr_expect_str_eq(member(root, "captured", "server_name"), "db.example.org");
	json_decref(root);
}

Test(explain, hello_that_a_file_does_not_have_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--hello", "3", TWO),
		       "tlsgauge explain: '" TWO "' has 2 hellos, and no '--hello 3'\n");
}

Test(explain, hello_that_hexadecimal_digits_do_not_have_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--hello", "2", "--hex", SSLV2),
		       "tlsgauge explain: '--hex' has 1 hello, and no '--hello 2'\n");
}

Test(explain, number_of_a_hello_that_is_none_is_refused)
{
	expect_refusal(RUN("--policy", SINGLE, "--hello", "0", TWO),
		       "tlsgauge explain: '--hello 0' is no number from 1 on\n");
}

Test(explain, capture_without_a_hello_says_what_was_looked_at)
{
	expect_refusal(RUN("--policy", SINGLE, CAPTURES "no-hello.bin"),
		       "tlsgauge explain: '" CAPTURES "no-hello.bin': has no ClientHello in 2 "
		       "packets and 1 TCP connection\n");
}

Test(explain, link_type_that_is_not_known_is_named)
{
	expect_refusal(RUN("--policy", SINGLE, CAPTURES "link-unread.bin"),
		       "tlsgauge explain: '" CAPTURES "link-unread.bin': has no ClientHello in 1 "
		       "packet and 0 TCP connections; 1 packet was passed over, for the link type "
		       "127 is not known\n");
}

Test(explain, fragments_are_noted)
{
	cr_assert_eq(RUN("--policy", SINGLE, CAPTURES "fragments.bin"), STATUS_PASS);
	read_output();
	cr_assert(strstr(out, "  note       2 fragments of IP packets were passed over\n"));
}

/* The hello that came before the end of the file is told of all the same. */
Test(explain, capture_that_is_cut_is_told_where)
{
	cr_assert_eq(RUN("--policy", SINGLE, CAPTURES "cut-file.bin"), STATUS_USAGE);
	read_output();
	cr_expect(strstr(out, "cut-file.bin: accept\n"));
	cr_expect_str_eq(err,
			 "tlsgauge explain: '" CAPTURES "cut-file.bin': offset 130: packet ends "
			 "before it is complete\n");
}

Test(explain, hello_that_a_capture_has_in_part_is_refused)
{
	expect_refusal(
		RUN("--policy", SINGLE, CAPTURES "gap.bin"),
		"tlsgauge explain: '" CAPTURES "gap.bin', offset 20: record ends before it is "
		"complete (from 10.0.0.1:40000 to 10.0.0.2:443, packet 1, and the capture has "
		"no more of it)\n");
}

Test(explain, addresses_of_ipv6_stand_in_brackets)
{
	cr_assert_eq(RUN("--policy", SINGLE, CAPTURES "ipv6.bin"), STATUS_PASS);
	read_output();
	cr_assert(strstr(out, "  captured   from [::1]:40000 to [::2]:443, packet 3\n"));
}

/* A record of an alert holds no ClientHello: there is nothing to explain. */
Test(explain, another_message_is_no_hello)
{
	expect_refusal(RUN("--policy", SINGLE, "--hex", "15 03 01 00 02 02 28"),
		       "tlsgauge explain: '--hex', offset 0: record is not a handshake record\n");
}
