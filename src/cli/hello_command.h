/* hello_command.h - what the parts of `tlsgauge hello` share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HELLO_COMMAND_H
#define CLI_HELLO_COMMAND_H

#include "base/text.h"
#include "wire/hello_input.h"

#define HELLO_ARENA_MAX ((size_t)64 << 20)

/* One file and what was found in it; `name` is "standard input" where no file was named. */
struct hello_file {
	const char *name;
	struct arena *arena;
	unsigned leniency;
	struct hello_input input;
};

/* hello_file_read reads a whole file of at most `max` bytes, or standard input for "-". Fault:
 * INPUT with one sentence. */
MUST_USE enum fault hello_file_read(struct span *out, struct arena *arena, const char *path,
				    size_t max, char *why, size_t why_len);

/* hello_json.c: one object on one line. Faults: NO_MEMORY, TOO_LARGE, CRYPTO. */
MUST_USE enum fault hello_json(struct text *out, const struct hello_file *file);

/* hello_json_error writes the object of a file without a hello; `error` is NULL where there is no
 * offset to tell. */
MUST_USE enum fault hello_json_error(struct text *out, const char *name, const char *sentence,
				     const struct wire_error *error);

/* hello_text.c: annotated hexadecimal. Faults: NO_MEMORY, TOO_LARGE, CRYPTO. */
MUST_USE enum fault hello_text(struct text *out, const struct hello_file *file);

/*
 * hello_parse.c: the bytes that a text says, JSON of `hello decode` (objects one after another) or
 * annotated hexadecimal, appended to `out`. Fault: INPUT with one sentence in `why`.
 */
MUST_USE enum fault hello_parse(struct text *out, struct span file, char *why, size_t why_len);

/* hello_parse_json.c: the same for the JSON object where `in` stands, which is left behind it;
 * `line` is where that is. */
MUST_USE enum fault hello_parse_json(struct text *out, struct cursor *in, size_t line,
				     struct arena *arena, char *why, size_t why_len);

/* hello_remark appends the sentence about what was skipped or kept beside the hello; false once
 * `index` is past the last. */
bool hello_remark(struct text *out, const struct hello_file *file, size_t index);

/* The verbs. */
int hello_verb_decode(int argc, char **argv);
int hello_verb_encode(int argc, char **argv);

#endif
