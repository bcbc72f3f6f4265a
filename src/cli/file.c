/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/text.h"

#define CHUNK 65536

static enum fault read_all(struct text *out, FILE *file, size_t max)
{
	static char chunk[CHUNK];
	size_t n;
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0) {
		text_append(out, span_of(chunk, n));
		if (out->len > max)
			return FAULT_TOO_LARGE;
	}
	return ferror(file) ? FAULT_IO : out->fault;
}

/* The name is as a sentence has it: with its quotation marks, if any. */
static enum fault read_named(struct span *out, struct arena *arena, FILE *file, size_t max,
			     const char *name, char *why, size_t why_len)
{
	struct text text;
	struct stat info;
	text_init(&text);
	bool folder = fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode);
	enum fault fault = folder ? FAULT_IO : read_all(&text, file, max);
	if (fault == FAULT_NONE) {
		*out = arena_copy(arena, span_of(text.at, text.len));
		fault = arena->fault;
	}
	text_release(&text);
	if (fault == FAULT_NONE)
		return FAULT_NONE;
	if (fault == FAULT_TOO_LARGE)
		snprintf(why, why_len, "cannot read %s: it has more than %zu bytes", name, max);
	else
		snprintf(why, why_len, "cannot read %s: %s", name,
			 folder ? "it is a directory" : fault_text(fault));
	return FAULT_INPUT;
}

enum fault file_read(struct span *out, struct arena *arena, const char *path, size_t max, char *why,
		     size_t why_len)
{
	struct text name;
	FILE *file = fopen(path, "rb");
	if (!file) {
		snprintf(why, why_len, "cannot read '%s': %s", path, strerror(errno));
		return FAULT_INPUT;
	}
	text_init(&name);
	text_join(&name, "'", path, "'");
	enum fault fault = read_named(out, arena, file, max, text_view(&name), why, why_len);
	text_release(&name);
	fclose(file);
	return fault;
}

enum fault file_read_input(struct span *out, struct arena *arena, size_t max, char *why,
			   size_t why_len)
{
	return read_named(out, arena, stdin, max, "standard input", why, why_len);
}
