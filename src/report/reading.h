/* reading.h - members of a JSON object, typed; what is of another kind latches one sentence. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_READING_H
#define REPORT_READING_H

#include <jansson.h>

#include "base/arena.h"
#include "base/text.h"

#define READING_WHERE_MAX 64

/* `where` names the object at hand, "findings[12]"; it stands in the sentence before the member. */
struct reading {
	struct arena *arena;
	const char *file;
	char where[READING_WHERE_MAX];
	char *why;
	size_t why_len;
	enum fault fault; /* MALFORMED with the sentence in `why`, or NO_MEMORY, or TOO_LARGE */
};

/* reading_refuse latches "FILE: WHERE.KEY WHAT"; only the first refusal is kept. */
void reading_refuse(struct reading *in, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* reading_memory latches the arena's fault. */
void reading_memory(struct reading *in);

/* reading_text returns a copy of a string, or NULL where the member is absent. */
const char *reading_text(struct reading *in, const json_t *object, const char *key);

/* reading_int and reading_bool return 0 and false where the member is absent; a number is refused
 * above `most`. */
uint64_t reading_int(struct reading *in, const json_t *object, const char *key, uint64_t most);
bool reading_bool(struct reading *in, const json_t *object, const char *key);

/* reading_us returns milliseconds with a fraction as microseconds. */
uint64_t reading_us(struct reading *in, const json_t *object, const char *key);

/* reading_object and reading_array return NULL where the member is absent. */
const json_t *reading_object(struct reading *in, const json_t *object, const char *key);
const json_t *reading_array(struct reading *in, const json_t *object, const char *key);

/* reading_texts returns an array of strings in the arena, of at most `most`. */
const char **reading_texts(struct reading *in, const json_t *object, const char *key, size_t most,
			   size_t *len);

/* reading_hex returns the bytes of hexadecimal digits, empty where the member is absent. */
struct span reading_hex(struct reading *in, const json_t *object, const char *key);

/* reading_code returns the number of "0x002F"; 0 where the member is absent. */
uint32_t reading_code(struct reading *in, const json_t *object, const char *key, uint32_t most);

/*
 * reading_word returns the place of a word among those that `name_at` lists (NULL past the last);
 * `absent` where the member is absent, or refused.
 */
typedef const char *reading_names(size_t i);
size_t reading_word(struct reading *in, const json_t *object, const char *key,
		    reading_names *name_at, size_t absent);

#endif
