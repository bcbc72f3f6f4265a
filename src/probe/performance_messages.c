/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/answer_check.h"
#include "probe/performance_internal.h"
#include "registry/registry.h"
#include "wire/handshake.h"

#define HANDSHAKE_SUPPLEMENTAL_DATA 23
#define APPLICATION_KEPT_MAX	    4096

static void garbage(struct performance *p, const char *what)
{
	if (!p->hearing.garbage)
		p->hearing.garbage = what;
}

void performance_take_alert(struct performance *p, uint8_t level, uint8_t description)
{
	struct hearing *hearing = &p->hearing;
	bool polite = description == ALERT_CLOSE_NOTIFY || description == ALERT_USER_CANCELED;
	p->answer->alerts++;
	if (level != ALERT_WARNING && level != ALERT_FATAL) {
		garbage(p, "an alert has an unknown level");
		return;
	}
	/* RFC 8446 6: but for these two, the level says nothing. */
	if (p->tls13 && !polite)
		level = ALERT_FATAL;
	if (level == ALERT_WARNING) {
		hearing->warnings++;
		hearing->warning = description;
	} else if (!hearing->fatal) {
		hearing->fatal = true;
		hearing->level = level;
		hearing->alert = description;
	}
}

static struct span session_id_of(struct span whole)
{
	struct cursor in = cursor_over(span_skip(whole, HANDSHAKE_HEADER_LEN));
	cursor_take(&in, 2 + RANDOM_LEN);
	struct span id = cursor_vec8(&in);
	return cursor_ok(&in) ? id : span_of(NULL, 0);
}

static void note_broken(struct performance *p, enum violation violation, const char *detail)
{
	if (violation == VIOLATION_NONE || p->answer->broken)
		return;
	/* The sentence cites the rule of every version; here the version is known. */
	const char *sentence = violation_text(violation), *cites = strstr(sentence, " (");
	size_t len = cites ? (size_t)(cites - sentence) : strlen(sentence);
	p->answer->broken =
		arena_printf(p->exchange->keep, "%.*s: %s (%s)", (int)len, sentence, detail,
			     answer_rule(violation, p->exchange->observation.version));
}

/* Views of the message die with the probe. */
static void note_hello(struct performance *p, const struct server_hello *hello)
{
	struct arena *keep = p->exchange->keep;
	struct case_answer *answer = p->answer;
	struct answer_question question = {
		.hello = p->hello,
		.answer = hello,
		.retry = p->has_retry ? &p->retry : NULL,
	};
	char detail[ANSWER_DETAIL_MAX];
	exchange_note_server_hello(p->exchange, hello);
	answer->legacy_version = hello->legacy_version;
	answer->random = arena_copy(keep, hello->random);
	answer->session_id = arena_copy(keep, hello->session_id);
	answer->sent_session_id = arena_copy(keep, session_id_of(p->hello));
	answer->extensions = p->exchange->observation.server_extensions;
	answer->compression = hello->compression;
	answer->downgrade = hello->downgrade;
	answer->group = hello->selected_group;
	if (p->hello.len)
		note_broken(p, answer_check(&question, detail), detail);
}

static void take_retry_request(struct performance *p, const struct server_hello *hello)
{
	note_hello(p, hello);
	p->retry = *hello;
	p->has_retry = true;
	p->retry_group = hello->selected_group;
	p->retry_cookie = hello->cookie;
	p->answer->retry_request = p->hearing.retry_request = true;
}

static void take_hello(struct performance *p, struct span body)
{
	struct server_hello hello;
	if (server_hello_decode(&hello, cursor_over(body)) != FAULT_NONE) {
		note_broken(p, answer_undecoded(body), "server_hello");
		garbage(p, "the ServerHello is malformed");
		return;
	}
	if (hello.is_retry_request) {
		take_retry_request(p, &hello);
		return;
	}
	note_hello(p, &hello);
	p->exchange->server_hello_seen = true;
	p->answer->server_hello = p->hearing.server_hello = true;
	/* From here on TLS 1.3 is encrypted. */
	p->tls13 = p->server_sealed = hello.version == version_code(TLS1_3);
	if (p->tls13)
		performance_catch_up(p);
}

static void take_key_exchange(struct performance *p, struct span body)
{
	const struct observation *seen = &p->exchange->observation;
	if (!exchange_note_key_exchange(p->exchange, body))
		garbage(p, "the ServerKeyExchange is malformed");
	p->answer->group = seen->group;
	p->answer->signature_scheme = seen->signature_scheme;
}

static void take_ticket(struct performance *p, struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_u32(&in);
	struct span ticket = cursor_vec16(&in);
	if (cursor_done(&in))
		p->answer->ticket = arena_copy(p->exchange->keep, ticket);
}

static void take_done(struct performance *p, struct span body)
{
	if (server_hello_done_decode(cursor_over(body)) != FAULT_NONE)
		garbage(p, "the ServerHelloDone is malformed");
	p->hearing.done = p->hearing.flight_complete = true;
	p->answer->flight_complete = p->exchange->observation.flight_complete = true;
}

/* RFC 5246 7.3: what may stand behind a ServerHello. */
static void take_flight(struct performance *p, const struct stream_event *event)
{
	switch (event->type) {
	case HANDSHAKE_CERTIFICATE:
		p->answer->certificate_seen = true;
		return;
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		take_key_exchange(p, event->body);
		return;
	case HANDSHAKE_CERTIFICATE_REQUEST:
		p->answer->certificate_requested = true;
		p->exchange->observation.certificate_requested = true;
		return;
	case HANDSHAKE_SERVER_HELLO_DONE:
		take_done(p, event->body);
		return;
	case HANDSHAKE_NEW_SESSION_TICKET:
		take_ticket(p, event->body);
		return;
	case HANDSHAKE_CERTIFICATE_STATUS:
	case HANDSHAKE_SUPPLEMENTAL_DATA:
		return;
	default:
		garbage(p, "an unexpected handshake message followed the ServerHello");
	}
}

static void take_handshake(struct performance *p, const struct stream_event *event)
{
	if (event->type == HANDSHAKE_HELLO_REQUEST)
		return;
	if (event->type == HANDSHAKE_SERVER_HELLO)
		take_hello(p, event->body);
	else if (p->tls13)
		garbage(p, "a handshake message in clear followed the ServerHello of TLS 1.3");
	else if (p->answer->server_hello)
		take_flight(p, event);
	else
		garbage(p, "a handshake message that is no ServerHello came first");
}

static void take_change_cipher_spec(struct performance *p)
{
	p->answer->change_cipher_spec = true;
	/* RFC 8446 D.4: a server may send one behind its hello or retry request. */
	if (p->tls13 || (p->has_retry && !p->answer->server_hello))
		return;
	if (p->answer->server_hello)
		p->server_sealed = true;
	else
		garbage(p, "an early change_cipher_spec came");
}

static void take_event(struct performance *p, const struct stream_event *event)
{
	switch (event->kind) {
	case STREAM_HANDSHAKE:
		take_handshake(p, event);
		return;
	case STREAM_ALERT:
		performance_take_alert(p, event->level, event->description);
		return;
	case STREAM_CHANGE_CIPHER_SPEC:
		take_change_cipher_spec(p);
		return;
	case STREAM_MALFORMED:
		garbage(p, event->what);
		return;
	case STREAM_HEARTBEAT:
		garbage(p, "a heartbeat message came");
		return;
	default:
		garbage(p, "application data came in clear");
	}
}

void performance_take_clear(struct performance *p, const struct stream_event *record)
{
	struct stream_event event;
	stream_feed_record(&p->content, record->type, record->record_version, record->body);
	while (p->exchange->phase == EXCHANGE_TLS && !p->hearing.garbage) {
		stream_next(&p->content, &event);
		if (event.kind == STREAM_NEED_MORE)
			return;
		take_event(p, &event);
		performance_advance(p);
	}
}

/* Behind what is kept, data is counted as heard and no more. */
static void take_application(struct performance *p, struct span bytes)
{
	struct case_answer *answer = p->answer;
	size_t room = APPLICATION_KEPT_MAX - answer->application.len;
	size_t n = bytes.len < room ? bytes.len : room;
	if (!n)
		return;
	uint8_t *joined = arena_alloc(p->exchange->keep, answer->application.len + n);
	if (!joined)
		return;
	if (answer->application.len)
		memcpy(joined, answer->application.at, answer->application.len);
	memcpy(joined + answer->application.len, bytes.at, n);
	answer->application = span_of(joined, answer->application.len + n);
}

/* In TLS 1.3 most extensions of the answer come encrypted. */
static void take_encrypted_extensions(struct performance *p, struct span more)
{
	struct span first = p->exchange->observation.server_extensions;
	uint8_t *joined = arena_alloc(p->exchange->keep, first.len + more.len + 1);
	if (!joined || !more.len || p->answer->extensions.len != first.len)
		return;
	if (first.len)
		memcpy(joined, first.at, first.len);
	memcpy(joined + first.len, more.at, more.len);
	p->answer->extensions = span_of(joined, first.len + more.len);
}

static bool is_about_extensions(enum violation violation)
{
	return violation == VIOLATION_EXTENSION_NOT_OFFERED ||
	       violation == VIOLATION_EXTENSION_NOT_ALLOWED ||
	       violation == VIOLATION_EXTENSION_DUPLICATE || violation == VIOLATION_EXTENSION_VALUE;
}

static void take_flight_13(struct performance *p, const struct handshake_facts *facts)
{
	struct case_answer *answer = p->answer;
	answer->certificate_requested = facts->certificate_requested;
	p->exchange->observation.certificate_requested = facts->certificate_requested;
	answer->certificate_seen = facts->has_certificates;
	answer->signature_scheme = facts->signature_scheme;
	p->exchange->observation.signature_scheme = facts->signature_scheme;
	take_encrypted_extensions(p, facts->encrypted_extensions);
	if (is_about_extensions(facts->violation))
		note_broken(p, facts->violation, facts->detail);
	if (facts->phase != PHASE_OUR_TURN || answer->flight_complete)
		return;
	answer->flight_complete = p->hearing.flight_complete = true;
	p->exchange->observation.flight_complete = true;
}

void performance_take_facts(struct performance *p)
{
	if (!p->handshake)
		return;
	const struct handshake_facts *facts = handshake_facts(p->handshake);
	if (p->tls13)
		take_flight_13(p, facts);
	if (facts->ticket.len && !p->answer->ticket.len)
		p->answer->ticket = arena_copy(p->exchange->keep, facts->ticket);
	/* By `complete`, or by messages that a case sent by hand. */
	if (facts->has_finished && !p->answer->finished)
		p->answer->finished = p->hearing.finished = true;
	take_application(p, handshake_read(p->handshake));
}

void performance_take_after(struct performance *p)
{
	struct cursor in =
		cursor_over(span_skip(handshake_messages_after(p->handshake), p->after_len));
	struct handshake_message message;
	struct server_hello hello;
	while (cursor_left(&in) && handshake_decode(&message, &in) == FAULT_NONE) {
		p->after_len += message.whole.len;
		if (message.type != HANDSHAKE_SERVER_HELLO ||
		    server_hello_decode(&hello, cursor_over(message.body)) != FAULT_NONE)
			continue;
		exchange_note_server_hello(p->exchange, &hello);
		p->hearing.server_hello = p->hearing.flight_complete = true;
	}
}
