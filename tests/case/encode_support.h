/* encode_support.h - cases built by hand, and what their steps send. For the tests of this folder
 * only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CASE_ENCODE_SUPPORT_H
#define TESTS_CASE_ENCODE_SUPPORT_H

#include "case/encode.h"

/* One step of items, as a case; `setting` and `connection` are those of the next encoding. */
struct bench {
	struct arena arena;
	struct conformance_case of;
	struct step step;
	struct case_setting setting;
	struct case_connection connection;
	struct wire_units units;
};

/* bench_init prepares a case in `version` that sends `items`. */
void bench_init(struct bench *bench, enum version version, struct item *items, size_t len);
void bench_release(struct bench *bench);

/* bench_encode encodes the step. */
enum fault bench_encode(struct bench *bench);

/* bench_hex returns what is sent, records included, as digits; it asserts that encoding works and
 * that `cases show` would print the same bytes, each of them named. */
const char *bench_hex(struct bench *bench);

/* A hello with edits as an item. */
struct item hello_item(const struct edit *edits, size_t len);
#define HELLO(...)                                                                                 \
	hello_item((struct edit[]){ __VA_ARGS__ },                                                 \
		   sizeof((struct edit[]){ __VA_ARGS__ }) / sizeof(struct edit))
#define PLAIN_HELLO hello_item(NULL, 0)

/* Elements written out. */
#define ELEMENTS(...)                                                                              \
	{                                                                                          \
		(struct element[]){ __VA_ARGS__ },                                                 \
			sizeof((struct element[]){ __VA_ARGS__ }) / sizeof(struct element)         \
	}
#define RAW(literal)                                                                               \
	{                                                                                          \
		.kind = ELEMENT_BYTES, .bytes = {(const uint8_t *)(literal), sizeof(literal) - 1 } \
	}

#endif
