/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADERS_LEN 9

static const char *column_names[16];
static char header[512];

static void split(char *line, const char *columns[16])
{
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < 16; i++) {
		columns[i] = line;
		line += strcspn(line, "\t");
		if (*line)
			*line++ = '\0';
	}
}

static void read_bytes(struct capture *capture)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/corpus/client_hello/%s.bin", SOURCE_DIR,
		 capture->columns[0]);
	FILE *file = fopen(path, "rb");
	cr_assert(file, "cannot open '%s'", path);
	capture->len = fread(capture->bytes, 1, sizeof(capture->bytes), file);
	fclose(file);
}

struct capture *captures_load(void)
{
	static struct capture captures[CORPUS_LEN];
	FILE *table = fopen(TESTS_DIR "/wire/data/client_hello.tsv", "r");
	cr_assert(table);
	cr_assert(fgets(header, sizeof(header), table));
	split(header, column_names);
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		cr_assert(fgets(captures[i].line, sizeof(captures[i].line), table));
		split(captures[i].line, captures[i].columns);
		read_bytes(&captures[i]);
	}
	char more[8];
	cr_assert_null(fgets(more, sizeof(more), table));
	fclose(table);
	return captures;
}

const char *capture_expected(const struct capture *capture, const char *column)
{
	for (size_t i = 0; i < 16; i++) {
		if (strcmp(column_names[i], column) == 0)
			return capture->columns[i];
	}
	cr_assert(false, "no column '%s'", column);
	return NULL;
}

struct span capture_body(const struct capture *capture)
{
	return span_of(capture->bytes + HEADERS_LEN, capture->len - HEADERS_LEN);
}

void sample_init(struct sample *sample)
{
	static const uint16_t suites[] = { 0x1301, 0xC02F };
	memset(sample, 0, sizeof(*sample));
	sample->draft = (struct hello_draft){
		.record_version = 0x0301,
		.legacy_version = 0x0303,
		.random = BYTES("0123456789abcdef0123456789abcdef"),
		.session_id = BYTES("abcd"),
		.compression = BYTES("\0"),
		.suites = suites,
		.suites_len = 2,
		.has_extensions = true,
		.extensions = sample->extensions,
	};
}

void sample_add(struct sample *sample, uint16_t type, const char *body, size_t len)
{
	sample->extensions[sample->draft.extensions_len++] =
		(struct extension_draft){ .type = type, .body = span_of(body, len) };
}

struct span sample_body(struct sample *sample)
{
	struct builder b;
	builder_init(&b, sample->bytes, sizeof(sample->bytes), NULL, 0);
	hello_draft_message(&b, &sample->draft);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	return span_skip(builder_view(&b), 4);
}
