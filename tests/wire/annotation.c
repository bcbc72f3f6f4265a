/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

#include "base/text.h"
#include "wire/annotation.h"
#include "wire/field_meaning.h"

static struct arena arena;
static struct annotation annotation;
static struct text lines;

static void begin(void)
{
	arena_init(&arena, (size_t)64 << 20);
	text_init(&lines);
}

static void end(void)
{
	arena_release(&arena);
	text_release(&lines);
}

TestSuite(annotation, .init = begin, .fini = end);

/* Every byte once, in order: whatever else the fields are called. */
static void assert_whole(struct span bytes)
{
	size_t at = 0;
	for (size_t i = 0; i < annotation.len; i++) {
		cr_assert_eq(annotation.fields[i].offset, at);
		cr_assert(!annotation.fields[i].heading || annotation.fields[i].len == 0);
		at += annotation.fields[i].len;
	}
	cr_assert_eq(at, bytes.len);
}

/* One line a field: depth, name, meaning or length. */
static const char *annotated(struct span bytes, bool server)
{
	cr_assert_eq(annotate(&annotation, bytes, server, &arena), FAULT_NONE);
	assert_whole(bytes);
	text_release(&lines);
	for (size_t i = 0; i < annotation.len; i++) {
		const struct annotated *field = &annotation.fields[i];
		text_printf(&lines, "%u %s", field->depth, field->name);
		if (!field->heading)
			text_printf(&lines, " %zu ", field->len);
		field_meaning(&lines, field->name, span_of(bytes.at + field->offset, field->len));
		text_printf(&lines, "\n");
	}
	return text_view(&lines);
}

#define ANNOTATED(bytes, server) annotated(span_of(bytes, sizeof(bytes) - 1), server)

Test(annotation, an_alert_behind_the_answer_of_postgresql)
{
	cr_expect_str_eq(ANNOTATED("S\x15\3\3\0\2\2\x28", true), "0 postgresql_answer 1 S\n"
								 "0 record 1 of 1\n"
								 "1 content_type 1 alert\n"
								 "1 record_version 2 TLS1.2\n"
								 "1 length 2 2\n"
								 "1 alert_level 1 fatal\n"
								 "1 alert_description 1 "
								 "handshake_failure\n");
}

Test(annotation, an_error_response_is_quoted)
{
	cr_expect_str_eq(ANNOTATED("E\0\0\0\x0AMno\x1B\0\0", true),
			 "0 error_response 11 E\\x00\\x00\\x00\\x0aMno\\x1b\\x00\\x00\n");
}

/* An empty record is passed by when the one before it ends: the one behind it is then open. */
Test(annotation, records_behind_an_empty_one_are_read_where_they_are)
{
	const char *got = ANNOTATED("\x16\3\3\0\4\x0E\0\0\0"
				    "\x15\3\3\0\0"
				    "\x16\3\3\0\6\x14\0\0\2ab",
				    true);
	cr_expect(strstr(got, "handshake_type 1 finished\n"), "%s", got);
}

Test(annotation, a_banner_is_no_answer)
{
	cr_expect_str_eq(ANNOTATED("SSH-2.0-x\r\n", true), "0 bytes 11 \n");
}

/* A ServerHello over two records, an empty one between them, and a ServerHelloDone behind it. */
Test(annotation, a_message_goes_over_records)
{
	const char *got = ANNOTATED("\x16\3\3\0\x06\2\0\0\x26\3\3"
				    "\x16\3\3\0\0"
				    "\x16\3\3\0\x28"
				    "0123456789abcdef0123456789abcdef"
				    "\0\xC0\x2F\0"
				    "\x0E\0\0\0",
				    true);
	cr_expect(strstr(got, "0 record 2 of 3\n1 content_type 1 handshake\n"), "%s", got);
	cr_expect(strstr(got, "2 legacy_version 2 TLS1.2\n") ||
			  strstr(got, "3 legacy_version 2 TLS1.2\n"),
		  "%s", got);
	cr_expect(strstr(got, "cipher_suite 2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"), "%s", got);
	cr_expect(strstr(got, "handshake_type 1 server_hello_done\n"), "%s", got);
}

Test(annotation, what_is_protected_is_not_guessed_at)
{
	const char *got = ANNOTATED("\x14\3\3\0\1\1\x16\3\3\0\4\2\0\0\0\x15\3\3\0\2\1\1"
				    "\x17\3\3\0\1x",
				    false);
	cr_expect(strstr(got, "1 change_cipher_spec 1 \n"), "%s", got);
	cr_expect(strstr(got, "1 encrypted 4 \n"), "%s", got);
	cr_expect(strstr(got, "1 encrypted 2 \n"), "%s", got);
	cr_expect(strstr(got, "1 encrypted 1 \n"), "%s", got);
	cr_expect_null(strstr(got, "handshake_type"));
}

Test(annotation, what_is_cut_off_is_named_as_far_as_it_goes)
{
	const char *got = ANNOTATED("\x16\3\1\x40\0\1\0\1\0\3\3", false);
	cr_expect(strstr(got, "1 length 2 16384\n1 handshake_type 1 client_hello\n"
			      "1 length 3 256\n1 content 2 \n"),
		  "%s", got);
	cr_expect_str_eq(ANNOTATED("\x16\3\1", false), "0 bytes 3 \n");
}

Test(annotation, a_lying_length_leaves_the_body_whole)
{
	const char *got = ANNOTATED("\x16\3\1\0\7\1\0\0\3\3\3\1", false);
	cr_expect(strstr(got, "handshake_type 1 client_hello\n"), "%s", got);
	cr_expect(strstr(got, "content 3 \n"), "%s", got);
}

static struct span load(const char *path)
{
	static uint8_t bytes[65536];
	FILE *file = fopen(path, "rb");
	cr_assert_not_null(file, "%s", path);
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return span_of(bytes, len);
}

/* Each as a client and as a server would have sent it, and each of its beginnings. */
Test(annotation, every_byte_of_the_corpora_is_named_once)
{
	static const char *const corpora[] = { "client_hello", "stream", "exchange" };
	size_t seen = 0;
	for (size_t i = 0; i < sizeof(corpora) / sizeof(corpora[0]); i++) {
		char path[512];
		snprintf(path, sizeof(path), "%s/corpus/%s", SOURCE_DIR, corpora[i]);
		DIR *corpus = opendir(path);
		cr_assert_not_null(corpus);
		for (const struct dirent *entry; (entry = readdir(corpus));) {
			char file[1024];
			if (entry->d_name[0] == '.')
				continue;
			snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
			struct span bytes = load(file);
			for (size_t len = 0; len <= bytes.len && len < 400; len += 7) {
				annotated(span_of(bytes.at, len), false);
				annotated(span_of(bytes.at, len), true);
			}
			annotated(bytes, false);
			annotated(bytes, true);
			arena_clear(&arena);
			seen++;
		}
		closedir(corpus);
	}
	cr_expect_geq(seen, 40);
}
