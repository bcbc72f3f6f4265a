/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/hello_command.h"

#define CORPUS	   SOURCE_DIR "/corpus/client_hello"
#define CORPUS_LEN 40
#define CAPTURES   "d12-"
#define GO	   CORPUS "/d12-go119-tls.bin"

static struct arena arena;
static struct hello_file file;
static struct text text;

static void begin(void)
{
	arena_init(&arena, HELLO_ARENA_MAX);
	text_init(&text);
}

static void end(void)
{
	arena_release(&arena);
	text_release(&text);
}

TestSuite(hello, .init = begin, .fini = end);

static struct span load(const char *path)
{
	char why[256];
	struct span bytes;
	cr_assert_eq(hello_file_read(&bytes, &arena, path, HELLO_FILE_MAX, why, sizeof(why)),
		     FAULT_NONE, "%s", why);
	return bytes;
}

static void decode(struct span bytes)
{
	struct wire_error error;
	file = (struct hello_file){ .name = "file", .arena = &arena };
	cr_assert_eq(hello_input_read(&file.input, bytes, LENIENT_ALL, &arena, &error), FAULT_NONE,
		     "%s %s", error.field, error.what);
}

static void expect_bytes(struct span expected, const char *what)
{
	char why[512] = "";
	struct text out;
	text_init(&out);
	cr_assert_eq(hello_parse(&out, span_of(text_view(&text), text.len), why, sizeof(why)),
		     FAULT_NONE, "%s: %s", what, why);
	cr_expect(span_equal(span_of(text_view(&out), out.len), expected), "%s", what);
	text_release(&out);
	text_release(&text);
	text_init(&text);
}

/* Bytes to text to bytes, and to JSON to bytes. */
static void expect_identity(struct span bytes, const char *name)
{
	decode(bytes);
	cr_assert_eq(hello_text(&text, &file), FAULT_NONE);
	expect_bytes(file.input.bytes, name);
	cr_assert_eq(hello_json(&text, &file), FAULT_NONE);
	cr_expect(strchr(text_view(&text), '\n') == text_view(&text) + text.len - 1);
	expect_bytes(file.input.bytes, name);
}

Test(hello, decode_then_encode_is_byte_identical_over_the_corpus)
{
	DIR *corpus = opendir(CORPUS);
	size_t seen = 0;
	cr_assert_not_null(corpus);
	for (const struct dirent *entry; (entry = readdir(corpus));) {
		char path[1024];
		/* What clients said; the other files are seeds of every kind. */
		if (strncmp(entry->d_name, CAPTURES, strlen(CAPTURES)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", CORPUS, entry->d_name);
		expect_identity(load(path), entry->d_name);
		seen++;
	}
	closedir(corpus);
	cr_expect_geq(seen, CORPUS_LEN);
}

static size_t put_record(uint8_t *out, const char *version, struct span content)
{
	out[0] = 22;
	memcpy(out + 1, version, 2);
	out[3] = (uint8_t)(content.len >> 8);
	out[4] = (uint8_t)content.len;
	memcpy(out + 5, content.at, content.len);
	return content.len + 5;
}

Test(hello, every_framing_comes_back_byte_by_byte)
{
	static uint8_t bytes[2048];
	struct span message = span_skip(load(GO), 5);
	expect_identity(message, "bare message");
	memcpy(bytes, "\0\0\0\x08\4\xD2\x16\x2F", 8);
	size_t len = 8;
	len += put_record(bytes + len, "\3\1", span_of(message.at, 7));
	len += put_record(bytes + len, "\3\3", span_of(message.at + 7, 50));
	memcpy(bytes + 1024, message.at + 57, message.len - 57);
	memcpy(bytes + 1024 + message.len - 57, "\x0B\0\0\0", 4);
	len += put_record(bytes + len, "\3\1", span_of(bytes + 1024, message.len - 57 + 4));
	memcpy(bytes + len, "\x14\3\3\0\1\1", 6);
	expect_identity(span_of(bytes, len + 6), "three records, preamble, trailing bytes");
	expect_identity(span_of("\x80\x1C\1\0\2\0\3\0\0\0\x10\7\0\xC0"
				"0123456789abcdef",
				30),
			"SSLv2");
}

/* A hello that needs every leniency but those that exclude each other. */
Test(hello, what_only_leniency_accepts_comes_back_byte_by_byte)
{
	static const char body[] = "\x01\0\0\x46\3\3"
				   "0123456789abcdef0123456789abcdef"
				   "\x02id\0\3\x13\1\xC0\1\1"
				   "\0\x11\0\x17\0\0\0\x17\0\0\0\x0A\0\1\0\0\x0A\0\7"
				   "tailtai";
	expect_identity(span_of(body, sizeof(body) - 1), "lenient");
	cr_expect_eq(file.input.hello.extensions_tail.len, 4);
	cr_expect_eq(file.input.hello.tail.len, 7);
	cr_expect_eq(file.input.hello.suites_tail.len, 1);
}

Test(hello, absent_and_empty_extensions_come_back_as_they_were)
{
	static const char absent[] = "\x01\0\0\x29\3\3"
				     "0123456789abcdef0123456789abcdef"
				     "\0\0\2\x13\1\1\0";
	static const char empty[] = "\x01\0\0\x2B\3\3"
				    "0123456789abcdef0123456789abcdef"
				    "\0\0\2\x13\1\1\0\0\0";
	expect_identity(span_of(absent, sizeof(absent) - 1), "absent");
	cr_expect_not(file.input.hello.has_extensions);
	expect_identity(span_of(empty, sizeof(empty) - 1), "empty");
	cr_expect(file.input.hello.has_extensions);
}

/* The lines between the command and the end of its block. */
static struct span documented_lines(void)
{
	struct span page = load(SOURCE_DIR "/docs/hello.md");
	static const char command[] = "$ tlsgauge hello decode corpus";
	const char *start = memmem(page.at, page.len, command, sizeof(command) - 1);
	cr_assert_not_null(start);
	start = strchr(start, '\n') + 1;
	return span_of(start, (size_t)(strstr(start, "```") - start));
}

/* Blanks at the end of a line are the page's own business. */
static void skip_line_end(const char **at)
{
	while (**at == ' ')
		++*at;
}

Test(hello, the_page_shows_what_is_printed)
{
	struct span lines = documented_lines();
	decode(load(CORPUS "/d12-psql15-min10-max10.bin"));
	file.name = "corpus/client_hello/d12-psql15-min10-max10.bin";
	cr_assert_eq(hello_text(&text, &file), FAULT_NONE);
	const char *printed = text_view(&text);
	for (size_t i = 0; i < lines.len; i++) {
		if (lines.at[i] == '\n')
			skip_line_end(&printed);
		cr_assert_eq(*printed++, (char)lines.at[i], "at '%.40s'", lines.at + i);
	}
}

Test(hello, the_page_names_every_leniency)
{
	struct span page = load(SOURCE_DIR "/docs/hello.md");
	for (size_t i = 0; i < LENIENCIES_LEN; i++) {
		char row[64];
		snprintf(row, sizeof(row), "\n| `%s` |", leniency_word(i));
		cr_expect(memmem(page.at, page.len, row, strlen(row)), "%s", row);
	}
}

static const char *member(const json_t *root, const char *name)
{
	return json_string_value(json_object_get(root, name));
}

Test(hello, json_has_the_members_of_the_contract)
{
	static const char *const names[] = {
		"file",
		"ok",
		"error",
		"record_version",
		"legacy_version",
		"random",
		"session_id",
		"cipher_suites",
		"compression_methods",
		"extensions",
		"server_name",
		"alpn",
		"supported_versions",
		"supported_groups",
		"signature_algorithms",
		"ec_point_formats",
		"ja3",
		"ja3_hash",
		"ja4",
	};
	decode(load(GO));
	cr_assert_eq(hello_json(&text, &file), FAULT_NONE);
	json_t *root = json_loads(text_view(&text), JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect(json_object_get(root, names[i]), "%s", names[i]);
	cr_expect(json_is_true(json_object_get(root, "ok")));
	cr_expect_str_eq(member(root, "record_version"), "0x0301");
	cr_expect_str_eq(member(root, "server_name"), "pg.example.test");
	cr_expect_str_eq(member(root, "ja3_hash"), "473cd7cb9faa642487833865d516e578");
	cr_expect_str_eq(member(root, "ja4"), "t13d190900_9dc949149365_97f8aa674fd9");
	const json_t *suites = json_object_get(root, "cipher_suites");
	cr_expect_str_eq(json_string_value(json_array_get(suites, 1)), "0xC02F");
	const json_t *first = json_array_get(json_object_get(root, "extensions"), 0);
	cr_expect_eq(json_integer_value(json_object_get(first, "type")), 0);
	cr_expect_str_eq(member(first, "name"), "server_name");
	cr_expect_eq(json_integer_value(json_object_get(first, "length")), 20);
	json_decref(root);
}

Test(hello, a_strangers_bytes_are_quoted)
{
	static const char body[] = "\x01\0\0\x39\3\3"
				   "0123456789abcdef0123456789abcdef"
				   "\0\0\2\x13\1\1\0\0\x0E\0\0\0\x0A\0\x08\0\0\5a\x1B[\xFF\"";
	decode(span_of(body, sizeof(body) - 1));
	cr_assert_eq(hello_json(&text, &file), FAULT_NONE);
	json_t *root = json_loads(text_view(&text), 0, NULL);
	cr_expect_str_eq(member(root, "server_name"), "a\\x1b[\\xff\"");
	json_decref(root);
	cr_assert_eq(hello_text(&text, &file), FAULT_NONE);
	cr_expect_null(strchr(text_view(&text), 0x1B));
}

#define HEX32	  "00000000000000000000000000000000"
#define GOOD_HEAD "{\"record_version\": \"0x0301\", \"legacy_version\": 771, \"session_id\": \"\","
#define GOOD_TAIL "\"compression_methods\": [0], \"extensions\": []}"
#define RANDOM	  "\"random\": \"" HEX32 HEX32 "\","
#define SUITES	  "\"cipher_suites\": [\"TLS_AES_128_GCM_SHA256\", 4866, \"0x1303\"],"

Test(hello, a_short_object_written_by_hand_is_enough)
{
	text_printf(&text, "%s", GOOD_HEAD "\n" RANDOM SUITES GOOD_TAIL);
	static uint8_t bytes[128];
	size_t len = 0, fell = 0;
	struct span hex =
		span_text("16 0301 0031 01 00002d 0303" HEX32 HEX32 "00 0006 1301 1302 1303 01 00");
	cr_assert_eq(hex_decode(bytes, sizeof(bytes), &len, hex, &fell), FAULT_NONE);
	expect_bytes(span_of(bytes, len), "by hand");
}

static const struct {
	const char *json, *why;
} mistakes[] = {
	{ "{", "line 1: offset 1: this is no JSON object" },
	{ "{}", "line 1: there is no 'legacy_version'" },
	{ "{\"ok\": false}", "line 1: the object tells of a file that held no hello" },
	{ "{\"form\": \"dtls\"}", "line 1: 'form' is none of" },
	{ "\n" GOOD_HEAD SUITES GOOD_TAIL, "line 2: there is no 'random'" },
	{ GOOD_HEAD "\"random\": \"00\"," SUITES GOOD_TAIL, "'random' has 1 bytes instead of 32" },
	{ GOOD_HEAD "\"random\": \"0g\"," SUITES GOOD_TAIL,
	  "'random' has no pair of hexadecimal digits at offset 1" },
	{ GOOD_HEAD RANDOM "\"cipher_suites\": [1, 65536]," GOOD_TAIL,
	  "item 1 of 'cipher_suites' is no code from 0 to 0xFFFF" },
	{ GOOD_HEAD RANDOM "\"cipher_suites\": [\"TLS_NO_SUCH\"]," GOOD_TAIL,
	  "item 0 of 'cipher_suites' is no code from 0 to 0xFFFF" },
	{ GOOD_HEAD RANDOM "\"cipher_suites\": [\"0x\"]," GOOD_TAIL, "item 0 of 'cipher_suites'" },
	{ GOOD_HEAD RANDOM "\"cipher_suites\": 1," GOOD_TAIL, "'cipher_suites' is no array" },
	{ GOOD_HEAD RANDOM SUITES "\"compression_methods\": [256], \"extensions\": []}",
	  "item 0 of 'compression_methods' is no code from 0 to 0xFF" },
	{ GOOD_HEAD RANDOM SUITES "\"compression_methods\": [0], \"extensions\": [{\"type\": 1}]}",
	  "item 0 of 'extensions' has no 'type' and 'data'" },
	{ GOOD_HEAD RANDOM SUITES
	  "\"records\": [{\"version\": 1, \"length\": 99}, {\"version\": 1}]," GOOD_TAIL,
	  "item 0 of 'records' has a length" },
	{ "not json", "line 1 begins with no offset" },
	{ "000000  16 3  x", "line 1 has something else than pairs" },
	{ "# nothing\n\n", "no line describes any bytes" },
};

Test(hello, mistakes_are_told_with_their_place)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char why[512] = "";
		struct text out;
		text_init(&out);
		struct span given = span_text(mistakes[i].json);
		cr_expect_eq(hello_parse(&out, given, why, sizeof(why)), FAULT_INPUT, "%s",
			     mistakes[i].json);
		cr_expect(strstr(why, mistakes[i].why), "%s: %s", mistakes[i].json, why);
		text_release(&out);
	}
}

/* Runs the command as the tool does; the words may be moved about. */
#define RUN(...) run((const char *[]){ "tlsgauge", "hello", __VA_ARGS__, NULL })

static int run(const char *const *words)
{
	char *argv[16], *owned[16];
	int len = 0;
	for (; words[len]; len++)
		argv[len] = owned[len] = strdup(words[len]);
	argv[len] = NULL;
	int status = command_main(len, argv);
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < len; i++)
		free(owned[i]);
	return status;
}

static void redirect(void)
{
	begin();
	cr_redirect_stdout();
	cr_redirect_stderr();
}

TestSuite(hello_command, .init = redirect, .fini = end);

Test(hello_command, a_file_that_cannot_be_decoded_is_one_sentence_and_status_2)
{
	char path[] = "hello.XXXXXX", expected[256];
	int fd = mkstemp(path);
	cr_assert_eq(write(fd, "\x16\3\1\0\5\1\0\0\1\3", 10), 10);
	close(fd);
	cr_expect_eq(RUN("decode", path), STATUS_USAGE);
	unlink(path);
	snprintf(expected, sizeof(expected),
		 "tlsgauge hello decode: '%s', offset 9: legacy_version ends before it is "
		 "complete\n",
		 path);
	cr_expect_stderr_eq_str(expected);
	cr_expect_stdout_eq_str("");
}

Test(hello_command, decoding_goes_on_after_a_file_that_is_missing)
{
	cr_expect_eq(RUN("decode", "--format", "json", "no-such-file"), STATUS_USAGE);
	cr_expect_stdout_eq_str(
		"{\"file\": \"no-such-file\", \"ok\": false, \"error\": {\"offset\": null, "
		"\"message\": \"cannot read 'no-such-file': No such file or directory\"}}\n");
}

Test(hello_command, unknown_leniency_is_a_usage_error)
{
	cr_expect_eq(RUN("decode", "--lenient", "odd-suite", GO), STATUS_USAGE);
	cr_expect_stderr_eq_str("tlsgauge hello decode: unknown leniency 'odd-suite'; did you mean "
				"'odd-suites'?\n");
}

Test(hello_command, encode_writes_the_file_whole_or_not_at_all)
{
	char folder[] = "hello.XXXXXX", from[64], out[64];
	cr_assert_not_null(mkdtemp(folder));
	snprintf(from, sizeof(from), "%s/in", folder);
	snprintf(out, sizeof(out), "%s/out", folder);
	FILE *in = fopen(from, "w");
	fputs("000000  16 03 01 \n000003  0\n", in);
	fclose(in);
	cr_expect_eq(RUN("encode", "--output", out, from), STATUS_USAGE);
	cr_expect_neq(access(out, F_OK), 0);
	in = fopen(from, "w");
	fputs("000000  16 03 01   record\n", in);
	fclose(in);
	cr_expect_eq(RUN("encode", "--output", out, from), STATUS_PASS);
	cr_expect(span_equal(load(out), span_of("\x16\3\1", 3)));
	cr_expect_eq(RUN("encode", "--hex", from), STATUS_PASS);
	cr_expect_stdout_eq_str("160301\n");
	unlink(from);
	unlink(out);
	cr_expect_eq(rmdir(folder), 0, "something else was left behind");
}
