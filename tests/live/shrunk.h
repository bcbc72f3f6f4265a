/* shrunk.h - what the tests of the shrinker share: findings that need no peer, and proofs that
 * nothing can be taken away. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LIVE_SHRUNK_H
#define TESTS_LIVE_SHRUNK_H

#include "live/shrink.h"
#include "wire/client_hello.h"

#define STREAM_MAX 32768

/* What can be seen in a stream, by a reader that shares nothing with the shrinker's. */
struct seen {
	size_t records, hello_records; /* handshake records, and up to the end of the hello */
	uint8_t first_type;
	size_t message_len; /* of the first message, header included; 0: it is not whole */
	bool has_hello;
	struct client_hello hello;
	uint8_t content[STREAM_MAX];
};

/* A finding is shown, or not, by what is seen. */
typedef bool finding(const struct seen *seen, struct span stream);

/* seen_read reads a stream. */
void seen_read(struct seen *out, struct span stream);

/* seen_extension counts the extensions of a type; seen_suite says whether a suite is offered. */
size_t seen_extension(const struct seen *seen, uint16_t type);
bool seen_suite(const struct seen *seen, uint16_t suite);

/* A stream while it is shrunk. */
struct shrunk {
	struct arena arena, other;
	struct shrink shrink;
	uint8_t bytes[STREAM_MAX];
	size_t len;
};

void shrunk_init(struct shrunk *out);
void shrunk_release(struct shrunk *shrunk);

/* shrunk_load takes a file of corpus/. */
void shrunk_load(struct shrunk *shrunk, const char *file);

/*
 * shrunk_run shrinks what was loaded as long as it shows the finding. It fails the test when the
 * result does not show it or is larger, when something was asked twice, or larger than the best;
 * or, where the end was reached, when anything can be taken away that leaves the finding: a part
 * that the outline knows, a part that the mutator's flight knows, or a byte.
 */
struct span shrunk_run(struct shrunk *shrunk, finding *shows);

#endif
