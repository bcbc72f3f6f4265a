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

enum fault file_read(struct span *out, struct arena *arena, const char *path, size_t max, char *why,
		     size_t why_len)
{
	struct text text;
	struct stat info;
	FILE *file = fopen(path, "rb");
	if (!file) {
		snprintf(why, why_len, "cannot read '%s': %s", path, strerror(errno));
		return FAULT_INPUT;
	}
	text_init(&text);
	bool folder = fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode);
	enum fault fault = folder ? FAULT_IO : read_all(&text, file, max);
	fclose(file);
	if (fault == FAULT_NONE) {
		*out = arena_copy(arena, span_of(text.at, text.len));
		fault = arena->fault;
	}
	text_release(&text);
	if (fault == FAULT_NONE)
		return FAULT_NONE;
	if (fault == FAULT_TOO_LARGE)
		snprintf(why, why_len, "cannot read '%s': it has more than %zu bytes", path, max);
	else
		snprintf(why, why_len, "cannot read '%s': %s", path,
			 folder ? "it is a directory" : fault_text(fault));
	return FAULT_INPUT;
}
