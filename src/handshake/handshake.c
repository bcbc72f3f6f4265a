/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

#define INPUT_MAX	(RECORD_CIPHERTEXT_MAX * 4)
#define APPLICATION_MAX (64 * 1024)
#define AFTER_MAX	(64 * 1024)

static bool read_hello(struct handshake *h, struct span whole)
{
	struct cursor body = cursor_over(span_skip(whole, HANDSHAKE_HEADER_LEN));
	if (client_hello_decode(&h->hello, body, LENIENT_ALL, NULL))
		return false;
	memcpy(h->client_random, h->hello.random.at, sizeof(h->client_random));
	return true;
}

struct handshake *handshake_new(struct arena *arena, const struct handshake_options *options)
{
	struct handshake *h = arena_alloc(arena, sizeof(*h));
	if (!h)
		return NULL;
	h->arena = arena;
	h->options = *options;
	h->facts.version = VERSION_NONE;
	h->input.max = INPUT_MAX;
	h->message.max = HANDSHAKE_MESSAGE_MAX;
	h->transcript.max = TRANSCRIPT_MAX;
	h->output.max = OUTPUT_MAX;
	h->application.max = APPLICATION_MAX;
	rng_init(&h->rng, options->seed, options->stream);
	h->early.max = TRANSCRIPT_MAX;
	h->after.max = AFTER_MAX;
	if (!read_hello(h, options->client_hello)) {
		if (!options->directed)
			return NULL;
		unable(h, VIOLATION_NONE, "our client_hello cannot be decoded");
	}
	transcript_add(h, options->client_hello);
	return h;
}

void handshake_free(struct handshake *h)
{
	if (!h)
		return;
	protection_free(h->reading);
	protection_free(h->writing);
	protection_free(h->next_reading);
	protection_free(h->next_writing);
	protection_free(h->old_reading);
	h->old_reading = NULL;
	h->reading = h->writing = h->next_reading = h->next_writing = NULL;
}

const struct handshake_facts *handshake_facts(const struct handshake *h)
{
	return &h->facts;
}

static bool is_open(const struct handshake *h)
{
	return is_reading(h) || (h->facts.phase == PHASE_RETRY && !h->options.directed);
}

void handshake_input(struct handshake *h, struct span bytes)
{
	/* Whole records leave the buffer at once, so pieces never overflow it by their number. */
	while (bytes.len && is_open(h)) {
		size_t len = bytes.len > RECORD_CIPHERTEXT_MAX ? RECORD_CIPHERTEXT_MAX : bytes.len;
		if (!bytes_append(h->arena, &h->input, span_of(bytes.at, len))) {
			h->deaf = true;
			violate(h, VIOLATION_TOO_MUCH, "more bytes than a record may have");
			return;
		}
		records_take(h);
		bytes = span_skip(bytes, len);
	}
}

struct span handshake_output(const struct handshake *h)
{
	return span_of(h->output.at, h->output.len);
}

void handshake_sent(struct handshake *h, size_t n)
{
	bytes_drop(&h->output, n);
}

const struct server_hello *handshake_retry_request(const struct handshake *h)
{
	return h->facts.phase == PHASE_RETRY ? &h->retry_request : NULL;
}

void handshake_retry(struct handshake *h, struct span second_hello)
{
	if (h->facts.phase != PHASE_RETRY)
		return;
	h->facts.phase = PHASE_NEGOTIATING;
	h->retried = true;
	if (read_hello(h, second_hello))
		transcript_add(h, second_hello);
	else
		unable(h, VIOLATION_MALFORMED_MESSAGE, "our second hello");
	records_take(h);
}

enum fault handshake_write(struct handshake *h, struct span bytes)
{
	if (h->facts.phase != PHASE_FINISHED)
		return FAULT_USAGE;
	if (bytes.len > RECORD_PLAINTEXT_MAX)
		return FAULT_TOO_LARGE;
	send_record(h, CONTENT_APPLICATION_DATA, bytes);
	return h->facts.phase == PHASE_FINISHED ? FAULT_NONE : FAULT_CRYPTO;
}

struct span handshake_read(struct handshake *h)
{
	struct span bytes = arena_copy(h->arena, span_of(h->application.at, h->application.len));
	bytes_drop(&h->application, h->application.len);
	return bytes;
}

void handshake_shutdown(struct handshake *h)
{
	send_alert(h, ALERT_WARNING, ALERT_CLOSE_NOTIFY);
}
