/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define HEADERS_LEN 9
#define SEEDS_TRIED 64

void bench_load(struct bench *bench, const char *file)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/corpus/%s", SOURCE_DIR, file);
	FILE *in = fopen(path, "rb");
	cr_assert_not_null(in, "cannot open '%s'", path);
	bench->len = fread(bench->bytes, 1, sizeof(bench->bytes), in);
	fclose(in);
	cr_assert(bench->len > 0 && bench->len < sizeof(bench->bytes));
}

void bench_init(struct bench *bench)
{
	arena_init(&bench->arena, MUTATE_ARENA(FLIGHT_MAX));
	arena_init(&bench->other, MUTATE_ARENA(FLIGHT_MAX));
	bench->mutator = (struct mutator){ .arena = &bench->arena };
	bench_load(bench, "client_hello/d12-psql15-require.bin");
}

void bench_flight(struct bench *bench)
{
	bench_init(bench);
	bench_load(bench, "handshake/tls12-ecdhe-rsa.bin");
	bench->len -= 2;
	memmove(bench->bytes, bench->bytes + 2, bench->len);
}

void bench_release(struct bench *bench)
{
	arena_release(&bench->arena);
	arena_release(&bench->other);
}

void bench_apply(struct bench *bench, enum operation_id operation, uint64_t seed)
{
	size_t len = 0;
	for (uint64_t i = 0; i < SEEDS_TRIED && len == 0; i++)
		len = mutate_by(&bench->mutator, operation, bench->bytes, bench->len, FLIGHT_MAX,
				seed + (i << 32));
	cr_assert(len > 0, "%s finds nothing", mutate_operation_name(operation));
	bench->len = len;
}

void bench_read(struct bench *bench)
{
	struct mutator mutator = bench->mutator;
	mutator.arena = &bench->other;
	flight_begin(&bench->flight, &mutator, 0);
	struct span copy = arena_copy(&bench->other, span_of(bench->bytes, bench->len));
	cr_assert(flight_parse(&bench->flight, copy));
}

const struct message *bench_hello(struct bench *bench, size_t index)
{
	for (size_t i = 0; i < bench->flight.parts_len; i++) {
		const struct part *part = &bench->flight.parts[i];
		if (part->is_message && part->message.kind == MESSAGE_CLIENT_HELLO && index-- == 0)
			return &part->message;
	}
	cr_assert_fail("there are not that many hellos");
	return NULL;
}

enum fault bench_decode(const struct bench *bench, struct client_hello *hello, unsigned leniency)
{
	struct span body = span_skip(span_of(bench->bytes, bench->len), HEADERS_LEN);
	return client_hello_decode(hello, cursor_over(body), leniency, NULL);
}
