/* support.h - what the tests of the mutator share: a flight, and what can be read in one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_MUTATE_SUPPORT_H
#define TESTS_MUTATE_SUPPORT_H

#include "mutate/mutate.h"
#include "mutate/operation.h"

#define FLIGHT_MAX 16384

/* Bytes while they are changed, with the mutator that does it. */
struct bench {
	struct arena arena, other;
	struct mutator mutator;
	uint8_t bytes[FLIGHT_MAX];
	size_t len;
	struct flight flight; /* what bench_read saw */
};

/* bench_init loads the captured hello of psql, in one record; bench_flight a server's flight. */
void bench_init(struct bench *bench);
void bench_flight(struct bench *bench);
void bench_release(struct bench *bench);

/* bench_load replaces the bytes by those of a file of corpus/. */
void bench_load(struct bench *bench, const char *file);

/* bench_apply applies the operation; it fails the test when no seed of many finds something to
 * change. */
void bench_apply(struct bench *bench, enum operation_id operation, uint64_t seed);

/* bench_read describes the bytes again: bench->flight views them until it is called again. */
void bench_read(struct bench *bench);

/* bench_hello returns the hello at `index` among the messages that bench_read saw. */
const struct message *bench_hello(struct bench *bench, size_t index);

/* bench_decode decodes the body of the first message of the first record. */
enum fault bench_decode(const struct bench *bench, struct client_hello *hello, unsigned leniency);

#endif
