/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <sys/random.h>

#include "base/limits.h"
#include "cli/explain.h"

#define OFFSET_DIGITS_MIN 4

static enum fault keep(struct span *out, struct text *bytes, enum fault fault, struct arena *arena,
		       char *why, size_t why_len)
{
	if (fault == FAULT_NONE) {
		*out = arena_copy(arena, span_of(text_view(bytes), bytes->len));
		fault = bytes->fault != FAULT_NONE ? bytes->fault : arena->fault;
		if (fault != FAULT_NONE)
			snprintf(why, why_len, "%s", fault_text(fault));
	}
	text_release(bytes);
	return fault == FAULT_NONE ? FAULT_NONE : FAULT_INPUT;
}

static void skip_blanks(struct cursor *in, size_t *line)
{
	for (; cursor_left(in) > 0 && strchr(" \t\r\n", in->base[in->at]); in->at++)
		*line += in->base[in->at] == '\n';
}

static enum fault next_object(struct span *out, struct explain_source *source, struct arena *arena,
			      char *why, size_t why_len)
{
	struct text bytes;
	size_t start = source->in.at;
	text_init(&bytes);
	enum fault fault = hello_parse_json(&bytes, &source->in, source->line, arena, why, why_len);
	for (size_t at = start; at < source->in.at; at++)
		source->line += source->in.base[at] == '\n';
	return keep(out, &bytes, fault, arena, why, why_len);
}

/* Where the next hello begins: `hello decode` puts an empty line before its "# FILE". */
static size_t next_head(struct span rest)
{
	for (size_t i = 0; i + 2 < rest.len; i++)
		if (memcmp(rest.at + i, "\n\n#", 3) == 0)
			return i + 2;
	return rest.len;
}

static enum fault next_annotated(struct span *out, struct explain_source *source,
				 struct arena *arena, char *why, size_t why_len)
{
	struct text bytes;
	struct cursor ahead = source->in;
	struct span lines = cursor_take(&source->in, next_head(cursor_rest(&ahead)));
	text_init(&bytes);
	enum fault fault = hello_parse(&bytes, lines, why, why_len);
	return keep(out, &bytes, fault, arena, why, why_len);
}

/* Begins with a comment, or with the offset of the first byte and two blanks. */
static bool is_annotated(struct span file)
{
	size_t zeros = 0;
	while (zeros < file.len && file.at[zeros] == '0')
		zeros++;
	bool offset = zeros >= OFFSET_DIGITS_MIN && zeros + 1 < file.len && file.at[zeros] == ' ' &&
		      file.at[zeros + 1] == ' ';
	return offset || (file.len && file.at[0] == '#');
}

static uint64_t random_seed(void)
{
	uint64_t seed;
	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed) ? seed : 0;
}

enum fault explain_open(struct explain_source *source, struct arena *arena, const char *path,
			char *why, size_t why_len)
{
	struct span file;
	enum fault fault = hello_file_read(&file, arena, path, CAPTURE_FILE_MAX, why, why_len);
	if (fault != FAULT_NONE)
		return fault;
	*source = (struct explain_source){ .in = cursor_over(file), .line = 1 };
	struct cursor ahead = source->in;
	size_t line = 1;
	skip_blanks(&ahead, &line);
	struct span text = cursor_rest(&ahead);
	if (capture_is(file)) {
		source->form = SOURCE_CAPTURE;
		source->fault =
			capture_read(&source->hellos, file, random_seed(), arena, &source->wrong);
		return FAULT_NONE;
	}
	if (text.len && text.at[0] == '{')
		source->form = SOURCE_OBJECTS;
	else if (is_annotated(text))
		source->form = SOURCE_ANNOTATED;
	if (file.len <= HELLO_FILE_MAX)
		return FAULT_NONE;
	snprintf(why, why_len, "cannot read '%s': it has more than %d bytes, and is no capture",
		 strcmp(path, "-") == 0 ? "standard input" : path, HELLO_FILE_MAX);
	return FAULT_INPUT;
}

enum fault explain_next(struct span *out, bool *found, struct explain_source *source,
			struct arena *arena, char *why, size_t why_len)
{
	if (source->form == SOURCE_CAPTURE)
		return explain_next_captured(out, found, source, why, why_len);
	/* Bytes and digits are one hello, even if there are none. */
	if (source->form == SOURCE_BYTES) {
		*found = !source->begun;
		*out = cursor_rest(&source->in);
		source->begun = true;
		return FAULT_NONE;
	}
	skip_blanks(&source->in, &source->line);
	*found = cursor_left(&source->in) > 0;
	if (!*found)
		return FAULT_NONE;
	return source->form == SOURCE_OBJECTS ? next_object(out, source, arena, why, why_len)
					      : next_annotated(out, source, arena, why, why_len);
}
