/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz_keep.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "cli/command.h"
#include "tool.h"

#define NAME   "fuzz.found-17.3"
#define PORT   5432
#define RECORD "\x16\x03\x01\x00\x31"
#define ZEROS  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define HELLO                                                                                      \
	RECORD "\x01\x00\x00\x2d\x03\x03" ZEROS ZEROS "\x00\x00\x02\xc0\x2f\x01\x00"               \
	       "\x00\x02\x00\x00"

static char directory[64];
static const struct stanza words = {
	.name = NAME,
	.cite = "\"RFC 8446 4.2\" MUST",
	.why = "a finding",
	.expectation = "expect alert decode_error",
};
static struct fuzz_kept kept;
static struct pcap_endpoint server = { .address = { 192, 0, 2, 7 },
				       .address_len = 4,
				       .port = PORT };

static void begin(void)
{
	cr_redirect_stderr();
	snprintf(directory, sizeof(directory), "keep.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	kept = (struct fuzz_kept){ .stanza = &words,
				   .found = "what happened",
				   .sent = span_of(HELLO, sizeof(HELLO) - 1),
				   .received = span_of("\x15\x03\x03\x00\x02\x02\x28", 7),
				   .server = &server,
				   .opened_us = 1700000000000000,
				   .closed_us = 1700000000002000,
				   .end = PCAP_SERVER_CLOSES };
}

/* Counts the files of a directory, and takes them away if asked to; hidden ones are none. */
static size_t files_of(const char *path, bool remove_them)
{
	char file[512];
	size_t len = 0;
	DIR *folder = opendir(path);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		len++;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (remove_them)
			unlink(file);
	}
	if (folder)
		closedir(folder);
	return len;
}

static size_t files_len(void)
{
	return files_of(directory, false);
}

static void end(void)
{
	files_of(directory, true);
	cr_assert_eq(rmdir(directory), 0);
}

TestSuite(fuzz_keep, .init = begin, .fini = end);

static const char *path_of(const char *suffix)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/" NAME ".%s", directory, suffix);
	return path;
}

static struct span content_of(const char *path)
{
	static uint8_t bytes[1 << 17];
	FILE *in = fopen(path, "rb");
	cr_assert_not_null(in, "%s", path);
	size_t len = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	return span_of(bytes, len);
}

static uint32_t little(struct span bytes, size_t at)
{
	cr_assert(at + 4 <= bytes.len);
	return (uint32_t)bytes.at[at] | (uint32_t)bytes.at[at + 1] << 8 |
	       (uint32_t)bytes.at[at + 2] << 16 | (uint32_t)bytes.at[at + 3] << 24;
}

/* What went to the port, or came from it, in the packets of a capture (IPv4, no options). */
static size_t payload_of(uint8_t *out, struct span file, bool from_server)
{
	size_t len = 0, size;
	cr_assert_eq(little(file, 0), 0x0A0D0D0A);
	for (size_t at = 0; at < file.len; at += size) {
		size = little(file, at + 4);
		cr_assert(size >= 12 && at + size <= file.len);
		cr_assert_eq(little(file, at + size - 4), size);
		if (little(file, at) != 6)
			continue;
		struct cursor in = cursor_over(span_of(file.at + at + 28, little(file, at + 20)));
		cursor_take(&in, 20);
		bool is_from = cursor_u16(&in) == PORT;
		cursor_take(&in, 10);
		cursor_take(&in, (size_t)(cursor_u8(&in) >> 4) * 4 - 13);
		cr_assert(cursor_ok(&in));
		struct span data = cursor_rest(&in);
		if (is_from != from_server || !data.len)
			continue;
		memcpy(out + len, data.at, data.len);
		len += data.len;
	}
	return len;
}

static void expect_three_files(void)
{
	static uint8_t payload[1 << 17];
	cr_assert_eq(files_len(), 3);
	cr_expect(span_equal(content_of(path_of("bin")), kept.sent));
	size_t len = payload_of(payload, content_of(path_of("pcapng")), false);
	cr_expect(span_equal(span_of(payload, len), kept.sent));
	len = payload_of(payload, content_of(path_of("pcapng")), true);
	cr_expect(span_equal(span_of(payload, len), kept.received));
	cr_expect_eq(TOOL_RUN("tlsgauge", "cases", "lint", path_of("case")), STATUS_PASS);
	char out[256], file[256];
	snprintf(out, sizeof(out), "%s/again", directory);
	snprintf(file, sizeof(file), "%s", path_of("case"));
	cr_expect_eq(TOOL_RUN("tlsgauge", "cases", "emit", NAME, "--file", file, "-o", out),
		     STATUS_PASS);
	cr_expect(span_equal(content_of(out), kept.sent));
	cr_assert_eq(unlink(out), 0);
}

Test(fuzz_keep, a_finding_is_three_files)
{
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_PASS);
	expect_three_files();
	struct stat info;
	mode_t mask = umask(0);
	umask(mask);
	cr_assert_eq(stat(path_of("bin"), &info), 0);
	cr_expect_eq(info.st_mode & 0777, 0666 & ~mask);
}

Test(fuzz_keep, a_later_finding_takes_the_place_of_an_older_one_of_its_name)
{
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_PASS);
	kept.sent.len -= 4;
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_PASS);
	expect_three_files();
}

Test(fuzz_keep, the_directory_is_made)
{
	char nested[128];
	snprintf(nested, sizeof(nested), "%s/new", directory);
	cr_assert_eq(fuzz_keep("test", nested, &kept), STATUS_PASS);
	cr_assert_eq(files_of(nested, true), 3);
	cr_assert_eq(rmdir(nested), 0);
	snprintf(nested, sizeof(nested), "%s/no/such", directory);
	cr_assert_eq(fuzz_keep("test", nested, &kept), STATUS_FAULT);
}

Test(fuzz_keep, names_are_no_paths)
{
	static const char *const bad[] = { "",	   ".",	  "..",	 ".a",	    "-a",
					   "../a", "a/b", "a b", "\xC3\xA4" };
	struct stanza other = words;
	kept.stanza = &other;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		other.name = bad[i];
		cr_expect_eq(fuzz_keep("test", directory, &kept), STATUS_FAULT, "'%s'", bad[i]);
	}
	cr_assert_eq(files_len(), 0);
}

Test(fuzz_keep, a_name_that_is_a_path_is_refused_by_name)
{
	struct stanza other = words;
	other.name = "../a";
	kept.stanza = &other;
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_FAULT);
	cr_assert_stderr_eq_str("test: a finding cannot be called '../a'\n");
}

/* The last one's place is taken by a directory: the others go again. */
Test(fuzz_keep, what_cannot_be_whole_is_not_there)
{
	cr_assert_eq(mkdir(path_of("case"), 0777), 0);
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_FAULT);
	cr_assert_eq(files_len(), 1);
	cr_assert_eq(rmdir(path_of("case")), 0);
	struct stanza other = words;
	other.expectation = "expect nonsense";
	kept.stanza = &other;
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_FAULT);
	cr_assert_eq(files_len(), 0);
}

Test(fuzz_keep, silence_and_a_server_without_an_address_are_kept)
{
	kept.received.len = 0;
	kept.server = NULL;
	kept.end = PCAP_CLIENT_CLOSES;
	cr_assert_eq(fuzz_keep("test", directory, &kept), STATUS_PASS);
	cr_assert_eq(files_len(), 3);
}
