/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "registry/registry.h"
#include "rogue.h"
#include "wire/certificate.h"
#include "wire/handshake.h"
#include "wire/record.h"

static void take_hello(struct rogue *rogue, struct span body)
{
	cr_assert_eq(client_hello_decode(&rogue->hello, cursor_over(body), STRICT, NULL),
		     FAULT_NONE);
	memcpy(rogue->client_random, rogue->hello.random.at, 32);
}

static void take_certificate(struct rogue *rogue, struct span body)
{
	struct certificate_list list;
	cr_assert_eq(certificate_list_decode(&list, cursor_over(body), rogue->version == TLS1_3),
		     FAULT_NONE);
	rogue->client_certificates = list.len;
	if (list.len)
		rogue->client_certificate = arena_copy(&rogue->arena, list.der[0]);
}

static void take_verify(struct rogue *rogue, struct span body)
{
	struct cursor in = cursor_over(body);
	uint16_t scheme = rogue->version >= TLS1_2 ? cursor_u16(&in) : 0;
	struct span signature = cursor_vec16(&in);
	cr_assert(cursor_done(&in) && rogue->client_certificates);
	struct span content = rogue->version == TLS1_3 ? rogue_content13(rogue, false)
						       : tape_view(&rogue->transcript);
	rogue->client_verified = signature_verify(rogue->client_certificate, rogue->version, scheme,
						  content, signature) == SIGNATURE_GOOD;
}

static void take_finished(struct rogue *rogue, struct span body)
{
	uint8_t expected[64];
	size_t len;
	rogue_finished(rogue, false, expected, &len);
	rogue->client_finished = span_equal(body, span_of(expected, len));
}

static void finish13(struct rogue *rogue)
{
	if (!rogue->next_reading)
		return;
	rogue_resumption13(rogue);
	protection_free(rogue->reading);
	rogue->reading = rogue->next_reading;
	rogue->next_reading = NULL;
	memcpy(rogue->client_secret, rogue->next_client_secret, sizeof rogue->client_secret);
}

static void take_message(struct rogue *rogue, const struct handshake_message *message)
{
	bool finished = message->type == HANDSHAKE_FINISHED;
	switch (message->type) {
	case HANDSHAKE_CLIENT_HELLO:
		take_hello(rogue, message->body);
		break;
	case HANDSHAKE_CERTIFICATE:
		take_certificate(rogue, message->body);
		break;
	case HANDSHAKE_CERTIFICATE_VERIFY:
		take_verify(rogue, message->body);
		break;
	case HANDSHAKE_FINISHED:
		take_finished(rogue, message->body);
		break;
	case HANDSHAKE_KEY_UPDATE:
		rogue->client_updated = true;
		rogue_update13(rogue, true);
		return;
	default:
		break;
	}
	tape_add(&rogue->transcript, message->whole);
	/* With the extended master secret, it covers the transcript up to here. */
	if (message->type == HANDSHAKE_CLIENT_KEY_EXCHANGE)
		rogue_keys12(rogue, message->body);
	if (finished && rogue->version == TLS1_3)
		finish13(rogue);
}

static void take_handshake(struct rogue *rogue, struct span fragment)
{
	tape_add(&rogue->client_messages, fragment);
	struct cursor in = cursor_over(tape_view(&rogue->client_messages));
	struct handshake_message message;
	size_t taken = 0;
	while (cursor_left(&in) && handshake_decode(&message, &in) == FAULT_NONE) {
		taken = in.at;
		take_message(rogue, &message);
	}
	struct tape *tape = &rogue->client_messages;
	if (taken)
		memmove(tape->at, tape->at + taken, tape->len - taken);
	tape->len -= taken;
}

static void take_change_cipher_spec(struct rogue *rogue)
{
	if (rogue->version == TLS1_3 || !rogue->next_reading)
		return;
	protection_free(rogue->reading);
	rogue->reading = rogue->next_reading;
	rogue->next_reading = NULL;
}

static bool open_record(struct rogue *rogue, struct record *record)
{
	struct span opened;
	bool plain = record->type == CONTENT_CHANGE_CIPHER_SPEC && rogue->version == TLS1_3;
	/* A client that does not take our ServerHello has no keys for its alert either. */
	plain = plain || (record->type == CONTENT_ALERT && record->fragment.len == 2);
	if (!rogue->reading || plain)
		return true;
	if (protection_open(rogue->reading, &rogue->arena, &record->type, record->version,
			    record->fragment, &opened))
		return false;
	record->fragment = opened;
	return true;
}

static void take_record(struct rogue *rogue, struct record record)
{
	/* What cannot be read was sent by a client that gave up: an alert under other keys. */
	if (!open_record(rogue, &record))
		return;
	if (record.type == CONTENT_HANDSHAKE)
		take_handshake(rogue, record.fragment);
	else if (record.type == CONTENT_CHANGE_CIPHER_SPEC)
		take_change_cipher_spec(rogue);
	else if (record.type == CONTENT_APPLICATION_DATA)
		tape_add(&rogue->application, record.fragment);
	else if (record.type == CONTENT_ALERT && record.fragment.len == 2)
		rogue->client_alert = record.fragment.at[1];
}

void rogue_listen(struct rogue *rogue)
{
	struct cursor in = cursor_over(tape_view(&rogue->in));
	struct record record;
	while (cursor_left(&in) && record_decode(&record, &in) == FAULT_NONE)
		take_record(rogue, record);
	rogue->in.len = 0;
}
