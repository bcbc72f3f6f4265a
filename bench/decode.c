/* decode.c - how long one ClientHello takes to decode, extensions included, beside a floor and a
 * peer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "wire/client_hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef BENCH_BORINGSSL
#include <openssl/ssl.h>
#endif

#define BATCHES	    31
#define BATCH_LEN   20000
#define HEADERS_LEN 9 /* of the record and of the handshake message */
#define HELLO_CAP   2048
#define NS_PER_S    1e9
#define GOAL_NS	    100.0

struct work {
	struct span body;
	uint64_t sink;
	void *peer;
};

typedef void operation(struct work *work);

static void decode_strictly(struct work *work)
{
	struct client_hello hello;
	if (client_hello_decode(&hello, cursor_over(work->body), STRICT, NULL) != FAULT_NONE)
		abort();
	work->sink += hello.present + hello.extensions_len;
}

/* The floor: from length to length over a hello that is known to be whole, nothing checked or kept.
 */
static void walk_lengths(struct work *work)
{
	const uint8_t *at = work->body.at + 2 + RANDOM_LEN, *end = work->body.at + work->body.len;
	at += 1 + at[0];
	at += 2 + (at[0] << 8 | at[1]);
	at += 1 + at[0];
	for (at += 2; at < end; at += 4 + (at[2] << 8 | at[3]))
		work->sink += at[1];
}

/* A yardstick: the decoder does not look into randoms, keys and padding, so it may be faster. */
static void sum_bytes(struct work *work)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < work->body.len; i++)
		sum += work->body.at[i];
	work->sink += sum;
}

#ifdef BENCH_BORINGSSL
/* Exported, but declared in C++ only; the span is passed as a pointer and a length. */
extern bool peer_hello_init(const SSL *ssl, SSL_CLIENT_HELLO *out, struct span body) __asm__(
	"_ZN4bssl21ssl_client_hello_initEPK6ssl_stP22ssl_early_callback_ctxNS_4SpanIKhEE");

static void peer_frames(struct work *work)
{
	SSL_CLIENT_HELLO hello;
	if (!peer_hello_init(work->peer, &hello, work->body))
		abort();
	work->sink += hello.extensions_len;
}
#endif

static double now_ns(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * NS_PER_S + (double)at.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

static double median_ns(operation *run, struct work *work)
{
	double batches[BATCHES];
	for (size_t i = 0; i < BATCHES; i++) {
		double start = now_ns();
		for (size_t j = 0; j < BATCH_LEN; j++) {
			run(work);
			/* The compiler must not move the work out of the loop. */
			__asm__ volatile("" : : "g"(work) : "memory");
		}
		batches[i] = (now_ns() - start) / BATCH_LEN;
	}
	qsort(batches, BATCHES, sizeof(batches[0]), compare);
	return batches[BATCHES / 2];
}

static void print_row(const char *name, double ns, double ours)
{
	printf("%-44s %8.1f ns   %5.2fx\n", name, ns, ours / ns);
}

int main(int argc, char **argv)
{
	static uint8_t bytes[HELLO_CAP];
	const char *path = argc > 1 ? argv[1] : BENCH_HELLO;
	FILE *file = fopen(path, "rb");
	size_t len = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	if (file)
		fclose(file);
	if (len <= HEADERS_LEN) {
		fprintf(stderr, "cannot read '%s'\n", path);
		return 2;
	}
	struct work work = { .body = span_of(bytes + HEADERS_LEN, len - HEADERS_LEN) };
	double ours = median_ns(decode_strictly, &work);
	printf("one ClientHello of %zu bytes, median of %d batches of %d; last column: our time "
	       "over "
	       "it\n",
	       len, BATCHES, BATCH_LEN);
	print_row("tlsgauge, extensions validated and viewed", ours, ours);
	print_row("floor: from length to length, unchecked", median_ns(walk_lengths, &work), ours);
	print_row("yardstick: every byte added up", median_ns(sum_bytes, &work), ours);
	print_row("goal", GOAL_NS, ours);
#ifdef BENCH_BORINGSSL
	SSL_CTX *context = SSL_CTX_new(TLS_method());
	work.peer = SSL_new(context);
	print_row("BoringSSL, framing only", median_ns(peer_frames, &work), ours);
	SSL_free(work.peer);
	SSL_CTX_free(context);
#else
	puts("BoringSSL was not found (Debian package android-libboringssl-dev): no peer in this "
	     "run");
#endif
	return work.sink == 0;
}
