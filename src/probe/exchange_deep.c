/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "crypto/x509.h"
#include "probe/exchange_internal.h"
#include "registry/registry.h"
#include "upgrade/pg_refusal.h"
#include "upgrade/pg_violation.h"

/*
 * Beyond the ServerHello: several stacks send one and then abort, and a gateway may refuse inside
 * TLS. What the server answers first decides; an end of the connection is only an end.
 */

bool deep_wanted(const struct exchange *exchange)
{
	const struct probe *probe = exchange->probe;
	const struct observation *seen = &exchange->observation;
	if (probe->depth == DEPTH_HELLO || seen->version != probe->version ||
	    seen->version < TLS1_0 || seen->version == VERSION_NONE)
		return false;
	for (size_t i = 0; i < probe->suites_len; i++)
		if (probe->suites[i] == seen->suite)
			return true;
	return false;
}

static void keep_key_log(struct exchange *exchange, const struct handshake_facts *facts)
{
	struct key_log_line *lines =
		arena_array(exchange->keep, facts->key_log_len, sizeof(*lines));
	if (!lines)
		return;
	memcpy(lines, facts->key_log, facts->key_log_len * sizeof(*lines));
	exchange->observation.key_log = lines;
	exchange->observation.key_log_len = facts->key_log_len;
}

/* What became known outlives the probe; called once, at the end. */
static void keep_facts(struct exchange *exchange)
{
	const struct handshake_facts *facts = handshake_facts(exchange->handshake);
	struct observation *seen = &exchange->observation;
	seen->certificate_requested = facts->certificate_requested;
	seen->group = facts->group ? facts->group : seen->group;
	seen->dh_bits = facts->dh_bits;
	seen->signature_scheme = facts->signature_scheme;
	seen->extended_master_secret = facts->extended_master_secret;
	seen->encrypt_then_mac = facts->encrypt_then_mac;
	seen->secure_renegotiation = facts->secure_renegotiation;
	seen->flight_complete = exchange->finished;
	if (facts->has_certificates)
		exchange_keep_certificates(exchange, &facts->certificates);
	if (facts->key_log_len)
		keep_key_log(exchange, facts);
}

static void conclude(struct exchange *exchange, enum outcome outcome, enum layer layer)
{
	bool alive = exchange->finished && !exchange->parting;
	keep_facts(exchange);
	if (outcome == OUTCOME_SERVER_HELLO && alive)
		handshake_shutdown(exchange->handshake);
	exchange_conclude(exchange, outcome, layer);
}

static void accept_at(struct exchange *exchange, enum depth depth)
{
	exchange->observation.depth = depth;
	conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
}

static void keep_session_text(struct exchange *exchange, const char *what)
{
	exchange->observation.session = arena_text(exchange->keep, span_text(what));
}

/* pg_stat_ssl, and sslinfo where it is installed, must name what we negotiated (DESIGN 5). */
static void compare_rows(struct exchange *exchange)
{
	const struct pg_session *session = exchange->session;
	const struct observation *seen = &exchange->observation;
	char why[160];
	const struct pg_tls *rows[] = { &session->stat, &session->sslinfo };
	for (size_t i = 0; i < 2; i++) {
		if (rows[i]->has_row &&
		    !pg_tls_agrees(rows[i], seen->version, seen->suite, why, sizeof(why)))
			exchange->observation.disagreement =
				arena_text(exchange->keep, span_text(why));
	}
}

static void session_refused(struct exchange *exchange)
{
	const struct refusal *refusal = &exchange->session->refusal;
	struct refusal *copy = arena_alloc(exchange->keep, sizeof(*copy));
	if (!copy)
		return;
	*copy = *refusal;
	exchange->observation.refusal = copy;
	enum pg_refusal_kind kind = pg_refusal_kind(refusal);
	switch (kind) {
	case PG_REFUSAL_TLS_REQUIRED:
	case PG_REFUSAL_TLS_VERSION:
		conclude(exchange, OUTCOME_REFUSED, LAYER_APPLICATION);
		return;
	case PG_REFUSAL_OVERLOAD:
		exchange->observation.overload = true;
		conclude(exchange, OUTCOME_REFUSED, LAYER_APPLICATION);
		return;
	case PG_REFUSAL_OTHER:
	case PG_REFUSAL_UNENCRYPTED_DATA:
	case PG_REFUSAL_CHANNEL_BINDING:
	case PG_REFUSAL_PROTOCOL:
		exchange->observation.message = copy->message;
		conclude(exchange, OUTCOME_GARBAGE, LAYER_APPLICATION);
		return;
	default:
		/* Who we said we are, or where we come from, was turned away: not the hello. */
		keep_session_text(exchange, pg_refusal_text(kind));
		accept_at(exchange, DEPTH_SESSION);
		return;
	}
}

static void session_pump(struct exchange *exchange)
{
	struct pg_session *session = exchange->session;
	for (;;) {
		struct span out = pg_session_output(session);
		if (!out.len)
			return;
		if (handshake_write(exchange->handshake, out))
			return;
		pg_session_sent(session, out.len);
	}
}

static void session_advance(struct exchange *exchange)
{
	struct pg_session *session = exchange->session;
	struct span bytes = handshake_read(exchange->handshake);
	if (bytes.len)
		pg_session_input(session, bytes);
	session_pump(exchange);
	switch (session->state) {
	case PG_TALKING:
		return;
	case PG_AUTHENTICATION_REQUESTED:
		keep_session_text(exchange, pg_authentication_name(session->authentication));
		accept_at(exchange, DEPTH_SESSION);
		return;
	case PG_READY:
		compare_rows(exchange);
		keep_session_text(exchange, "logged in");
		accept_at(exchange, DEPTH_SESSION);
		return;
	case PG_REFUSED:
		session_refused(exchange);
		return;
	case PG_MALFORMED:
	case PG_FAILED:
		exchange->observation.message = pg_violation_text(session->violation);
		conclude(exchange, OUTCOME_GARBAGE, LAYER_APPLICATION);
		return;
	}
}

static bool session_begin(struct exchange *exchange)
{
	const struct probe *probe = exchange->probe;
	const struct handshake_facts *facts = handshake_facts(exchange->handshake);
	struct pg_options options = { .user = probe->user ? probe->user : "postgres",
				      .database = probe->database,
				      .password = probe->credentials ? probe->credentials->password
								     : NULL };
	uint8_t end_point[64];
	size_t end_point_len = 0;
	rng_init(&options.rng, probe->seed, ~(uint64_t)probe->id);
	if (facts->has_certificates &&
	    !x509_end_point(end_point, &end_point_len, facts->certificates.der[0]))
		options.end_point = arena_copy(exchange->arena, span_of(end_point, end_point_len));
	exchange->session = arena_alloc(exchange->arena, sizeof(*exchange->session));
	return exchange->session && !pg_session_start(exchange->session, &options);
}

static void just_finished(struct exchange *exchange)
{
	const struct probe *probe = exchange->probe;
	exchange->finished = true;
	exchange->observation.depth = DEPTH_FINISHED;
	if (probe->depth == DEPTH_SESSION && probe->upgrade->speaks_postgresql) {
		if (session_begin(exchange))
			return;
		exchange->session = NULL;
	}
	if (exchange->observation.version < TLS1_3) {
		accept_at(exchange, DEPTH_FINISHED);
		return;
	}
	/* A TLS 1.3 server may still refuse after our Finished (RFC 8446 4.4.2.4): its first answer
	 * counts. */
	handshake_shutdown(exchange->handshake);
	exchange->parting = true;
}

static void broken(struct exchange *exchange, const struct handshake_facts *facts)
{
	const char *what = arena_printf(exchange->keep, "%s: %s", violation_text(facts->violation),
					facts->detail);
	if (facts->phase == PHASE_UNABLE)
		exchange->observation.unable = what;
	else
		exchange->observation.broken = what;
	conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
}

static void alerted(struct exchange *exchange, const struct handshake_facts *facts)
{
	bool polite = facts->alert == ALERT_CLOSE_NOTIFY;
	if (exchange->parting && polite) {
		accept_at(exchange, DEPTH_FINISHED);
		return;
	}
	if (exchange->finished && polite) {
		conclude(exchange, OUTCOME_CLOSE, LAYER_APPLICATION);
		return;
	}
	exchange->observation.alert_level = facts->alert_level;
	exchange->observation.alert = facts->alert;
	conclude(exchange, OUTCOME_ALERT, LAYER_TLS);
}

static void retry(struct exchange *exchange)
{
	if (exchange->hellos_len == 2)
		handshake_retry(exchange->handshake, exchange->hellos[1]);
	else
		conclude(exchange, OUTCOME_HELLO_RETRY_REQUEST, LAYER_TLS);
}

/* One message may finish the handshake and another in the same bytes end the session. */
static void advance(struct exchange *exchange)
{
	const struct handshake_facts *facts = handshake_facts(exchange->handshake);
	if (facts->phase == PHASE_RETRY)
		retry(exchange);
	bool done = facts->has_finished;
	if (done && !exchange->finished)
		just_finished(exchange);
	if (exchange->phase == EXCHANGE_TLS && exchange->session)
		session_advance(exchange);
	if (exchange->phase != EXCHANGE_TLS)
		return;
	if (exchange->parting && (facts->ticket.len || handshake_read(exchange->handshake).len))
		accept_at(exchange, DEPTH_FINISHED);
	else if (facts->phase == PHASE_ALERTED)
		alerted(exchange, facts);
	else if (facts->phase == PHASE_VIOLATED || facts->phase == PHASE_UNABLE)
		broken(exchange, facts);
}

bool deep_begin(struct exchange *exchange)
{
	const struct probe *probe = exchange->probe;
	struct handshake_options options = {
		.client_hello = exchange->hellos[0],
		.seed = probe->seed,
		.stream = probe->id,
	};
	if (probe->credentials) {
		options.psk = probe->credentials->psk;
		options.psk_identity = probe->credentials->psk_identity;
		options.client_key = probe->credentials->client_key;
		options.client_chain = probe->credentials->client_chain;
	}
	if (!exchange->hellos_len)
		return false;
	exchange->handshake = handshake_new(exchange->arena, &options);
	if (!exchange->handshake)
		return false;
	deep_input(exchange, stream_received(&exchange->stream));
	return true;
}

void deep_input(struct exchange *exchange, struct span bytes)
{
	handshake_input(exchange->handshake, bytes);
	advance(exchange);
}

void deep_finish(struct exchange *exchange, enum exchange_end end)
{
	enum outcome outcome = end == EXCHANGE_FIN ? OUTCOME_CLOSE : OUTCOME_RESET;
	if (exchange->parting) {
		accept_at(exchange, DEPTH_FINISHED);
	} else if (end == EXCHANGE_TIMEOUT) {
		exchange->observation.unable = exchange->finished
						       ? "the session did not answer in time"
						       : "the handshake did not end in time";
		conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
	} else {
		conclude(exchange, outcome,
			 exchange->finished ? LAYER_APPLICATION : LAYER_TRANSPORT);
	}
}
