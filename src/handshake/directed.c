/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

static bool is_tls13(const struct handshake *h)
{
	return h->facts.version == TLS1_3;
}

static bool has_keys(const struct handshake *h)
{
	return h->facts.master_secret.len > 0;
}

static void finish(struct handshake *h)
{
	if (h->facts.phase != PHASE_OUR_TURN)
		return;
	h->facts.phase = PHASE_FINISHED;
	h->facts.has_finished = true;
}

/* What cannot be kept of our own messages is no fault of the server's. */
static void transcript_note(struct handshake *h, struct span whole)
{
	if (!bytes_append(h->arena, &h->transcript, whole))
		unable(h, VIOLATION_NONE, "our messages are over %d bytes long", TRANSCRIPT_MAX);
}

/* A server hashes its flight first. What a lying header does not tell apart is hashed as it is. */
static void note_early(struct handshake *h)
{
	struct span early = span_of(h->early.at, h->early.len);
	struct cursor in = cursor_over(early);
	struct handshake_message message;
	while (cursor_left(&in) && handshake_decode(&message, &in) == FAULT_NONE)
		handshake_note_message(h, message.whole);
	transcript_note(h, span_skip(early, in.at));
}

void directed_our_turn(struct handshake *h)
{
	h->flight_complete = true;
	if (h->facts.phase == PHASE_NEGOTIATING)
		h->facts.phase = PHASE_OUR_TURN;
	note_early(h);
	if (h->continuing)
		handshake_continue(h);
}

bool directed_only_notes(struct handshake *h, const struct handshake_message *message)
{
	uint8_t type = message->type;
	bool tls13_end = is_tls13(h) && h->awaited == AWAIT_NOTHING;
	if (h->facts.has_finished || tls13_end) {
		/* What does not fit is not kept; keys follow what the server does all the same. */
		bytes_append(h->arena, &h->after, message->whole);
		return !tls13_end ||
		       (type != HANDSHAKE_NEW_SESSION_TICKET && type != HANDSHAKE_KEY_UPDATE);
	}
	if (h->facts.phase == PHASE_RETRY)
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "%s before our second hello",
			message_name(type));
	return h->facts.phase == PHASE_RETRY || h->facts.phase == PHASE_UNABLE ||
	       h->facts.phase == PHASE_ALERTED;
}

static struct span make12(struct handshake *h, uint8_t type)
{
	struct span absent = span_of(NULL, 0);
	bool lacks_exchange = tls12_needs_exchange(h->suite) && !h->has_exchange;
	switch (type) {
	case HANDSHAKE_CERTIFICATE:
		return tls12_make_certificate(h);
	case HANDSHAKE_CLIENT_KEY_EXCHANGE:
		return h->facts.resumed || lacks_exchange ? absent : tls12_make_exchange(h);
	case HANDSHAKE_CERTIFICATE_VERIFY:
		return has_client_certificate(h) ? tls12_make_verify(h) : absent;
	case HANDSHAKE_FINISHED:
		return has_keys(h) ? tls12_make_finished(h) : absent;
	default:
		return absent;
	}
}

static struct span make13(struct handshake *h, uint8_t type)
{
	struct span absent = span_of(NULL, 0);
	switch (type) {
	case HANDSHAKE_CERTIFICATE:
		return tls13_make_certificate(h);
	case HANDSHAKE_CERTIFICATE_VERIFY:
		return has_client_certificate(h) ? tls13_make_verify(h) : absent;
	case HANDSHAKE_FINISHED:
		return tls13_make_finished(h);
	default:
		return absent;
	}
}

static struct span make(struct handshake *h, uint8_t type)
{
	if (!h->flight_complete)
		return span_of(NULL, 0);
	return is_tls13(h) ? make13(h, type) : make12(h, type);
}

struct span handshake_body(struct handshake *h, uint8_t type)
{
	/* That we cannot make one message does not end what the caller does instead. */
	enum handshake_phase phase = h->facts.phase;
	struct span whole = make(h, type);
	h->facts.phase = phase;
	return whole.len ? span_skip(whole, HANDSHAKE_HEADER_LEN) : whole;
}

static bool is_right(struct handshake *h, struct span whole)
{
	enum handshake_phase phase = h->facts.phase;
	struct span right = make(h, whole.at[0]);
	h->facts.phase = phase;
	return right.len && span_equal(whole, right);
}

static void switch_writing(struct handshake *h)
{
	if (!h->next_writing)
		return;
	protection_free(h->writing);
	h->writing = h->next_writing;
	h->next_writing = NULL;
}

static void note12(struct handshake *h, uint8_t type, bool right, struct span body)
{
	if (type == HANDSHAKE_CLIENT_KEY_EXCHANGE && right && !has_keys(h) &&
	    tls12_exchange_keys(h) && h->ccs_sent)
		switch_writing(h);
	if (type != HANDSHAKE_FINISHED)
		return;
	h->facts.client_finished = arena_copy(h->arena, body);
	if (h->facts.resumed && right)
		finish(h);
}

static void note13(struct handshake *h, uint8_t type, bool right)
{
	if (type != HANDSHAKE_FINISHED)
		return;
	switch_writing(h);
	tls13_resumption_master(h);
	if (right)
		finish(h);
}

/* Behind our last message nothing enters the transcript any more. */
static bool note_after(struct handshake *h, uint8_t type)
{
	bool ended = h->facts.has_finished || (is_tls13(h) && h->noted[HANDSHAKE_FINISHED]);
	if (ended && is_tls13(h) && type == HANDSHAKE_KEY_UPDATE)
		tls13_next_keys(h, false);
	return ended;
}

void handshake_note_message(struct handshake *h, struct span whole)
{
	if (!whole.len)
		return;
	uint8_t type = whole.at[0];
	if (h->facts.phase == PHASE_RETRY && type == HANDSHAKE_CLIENT_HELLO) {
		handshake_retry(h, whole);
		return;
	}
	if (note_after(h, type))
		return;
	if (!h->flight_complete) {
		if (!bytes_append(h->arena, &h->early, whole))
			unable(h, VIOLATION_NONE, "our messages are too long");
		return;
	}
	bool certificate = type == HANDSHAKE_CERTIFICATE && has_client_certificate(h);
	bool watched =
		certificate || type == HANDSHAKE_CLIENT_KEY_EXCHANGE || type == HANDSHAKE_FINISHED;
	bool right = watched && is_right(h, whole);
	transcript_note(h, whole);
	h->noted_our_certificate = h->noted_our_certificate || (certificate && right);
	h->noted[type] = true;
	if (is_tls13(h))
		note13(h, type, right);
	else
		note12(h, type, right, span_skip(whole, HANDSHAKE_HEADER_LEN));
}

void handshake_note_change_cipher_spec(struct handshake *h)
{
	h->ccs_sent = true;
	if (!is_tls13(h))
		switch_writing(h);
}

bool handshake_is_sealing(const struct handshake *h)
{
	return h->writing != NULL;
}

enum fault handshake_seal_record(struct handshake *h, struct builder *out, uint8_t type,
				 uint16_t version, struct span fragment, unsigned spoil)
{
	if (!h->writing)
		return FAULT_UNSUPPORTED;
	return protection_seal(h->writing, out, type, version, fragment, &h->rng, spoil);
}

static bool put(struct handshake *h, uint8_t type)
{
	struct span whole = make(h, type);
	if (!whole.len)
		return false;
	send_handshake(h, whole);
	handshake_note_message(h, whole);
	return h->facts.phase != PHASE_UNABLE;
}

static bool put_once(struct handshake *h, uint8_t type)
{
	return h->noted[type] || put(h, type);
}

static void put_change_cipher_spec(struct handshake *h)
{
	static const uint8_t one = 1;
	if (h->ccs_sent)
		return;
	send_record(h, CONTENT_CHANGE_CIPHER_SPEC, span_of(&one, 1));
	handshake_note_change_cipher_spec(h);
}

static bool put_certificate(struct handshake *h)
{
	return !h->wants_client_certificate || put_once(h, HANDSHAKE_CERTIFICATE);
}

static bool put_verify(struct handshake *h)
{
	return !h->wants_client_certificate || !h->noted_our_certificate ||
	       put_once(h, HANDSHAKE_CERTIFICATE_VERIFY);
}

static bool put_exchange(struct handshake *h)
{
	if (h->facts.resumed)
		return true;
	if (!h->noted[HANDSHAKE_CLIENT_KEY_EXCHANGE] && !put_certificate(h))
		return false;
	if (!put_once(h, HANDSHAKE_CLIENT_KEY_EXCHANGE))
		return false;
	return h->ccs_sent || put_verify(h);
}

void handshake_continue(struct handshake *h)
{
	h->continuing = true;
	if (h->facts.phase != PHASE_OUR_TURN)
		return;
	bool good = true;
	if (is_tls13(h)) {
		if (h->hello.session_id.len)
			put_change_cipher_spec(h);
		good = put_certificate(h) && put_verify(h);
	} else {
		good = put_exchange(h) && has_keys(h);
		if (good)
			put_change_cipher_spec(h);
	}
	if (good)
		good = put_once(h, HANDSHAKE_FINISHED);
	if (!good)
		unable(h, VIOLATION_NONE, "the rest of our messages cannot be made");
}

struct span handshake_messages_after(const struct handshake *h)
{
	return span_of(h->after.at, h->after.len);
}
