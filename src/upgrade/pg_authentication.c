/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_internal.h"

#include <mbedtls/base64.h>
#include <mbedtls/md.h>

#include "base/hex.h"

/* Codes of the Authentication messages. */
#define OK	       0
#define CLEARTEXT      3
#define MD5	       5
#define SASL	       10
#define SASL_CONTINUE  11
#define SASL_FINAL     12
#define MD5_LEN	       16
#define NONCE_LEN      18
#define NONCE_TEXT_LEN (NONCE_LEN / 3 * 4)

static void fail(struct pg_session *session, enum fault fault)
{
	session->state = PG_FAILED;
	session->fault = fault;
}

static void welcome(struct pg_session *session)
{
	session->step = PG_STEP_WELCOME;
}

/* Records the method; false, with the dialogue at its end, when there is no password for it. */
static bool password_wanted(struct pg_session *session, enum pg_authentication method)
{
	session->authentication = method;
	if (session->options.password && method != PG_AUTHENTICATION_OTHER)
		return true;
	session->state = PG_AUTHENTICATION_REQUESTED;
	return false;
}

static void send_password(struct pg_session *session, const char *answer)
{
	struct pg_sending sending = pg_send_open(session, 'p');
	pg_send_string(&sending, answer);
	pg_send_close(session, &sending);
	session->step = PG_STEP_PASSWORD;
}

/* Writes the 32 digits of MD5(a || b). */
static bool md5_hex(char out[2 * MD5_LEN + 1], struct span a, struct span b)
{
	uint8_t hash[MD5_LEN];
	mbedtls_md_context_t md;
	mbedtls_md_init(&md);
	bool ok = mbedtls_md_setup(&md, mbedtls_md_info_from_type(MBEDTLS_MD_MD5), 0) == 0 &&
		  mbedtls_md_starts(&md) == 0 && mbedtls_md_update(&md, a.at, a.len) == 0 &&
		  mbedtls_md_update(&md, b.at, b.len) == 0 && mbedtls_md_finish(&md, hash) == 0;
	mbedtls_md_free(&md);
	if (ok)
		hex_encode(out, span_of(hash, sizeof(hash)));
	return ok;
}

/* "md5" and the digits of MD5(MD5(password || user) || salt). */
static void answer_md5(struct pg_session *session, struct span salt)
{
	char inner[2 * MD5_LEN + 1], answer[3 + 2 * MD5_LEN + 1] = "md5";
	if (!password_wanted(session, PG_AUTHENTICATION_MD5))
		return;
	if (!md5_hex(inner, span_text(session->options.password),
		     span_text(session->options.user)) ||
	    !md5_hex(answer + 3, span_text(inner), salt)) {
		fail(session, FAULT_CRYPTO);
		return;
	}
	send_password(session, answer);
}

static void send_sasl_first(struct pg_session *session, enum pg_binding binding)
{
	uint8_t raw[NONCE_LEN], nonce[NONCE_TEXT_LEN + 1];
	size_t len = 0;
	rng_fill(&session->options.rng, raw, sizeof(raw));
	if (mbedtls_base64_encode(nonce, sizeof(nonce), &len, raw, sizeof(raw)) != 0) {
		fail(session, FAULT_CRYPTO);
		return;
	}
	pg_scram_init(&session->scram, binding, session->options.end_point, "",
		      (const char *)nonce);
	struct pg_sending sending = pg_send_open(session, 'p');
	pg_send_string(&sending,
		       binding == PG_BINDING_USED ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256");
	size_t length_at = sending.b.len;
	builder_u32(&sending.b, "length", 0);
	pg_scram_first(&session->scram, &sending.b);
	size_t response_len = sending.b.len - length_at - 4;
	session->out[length_at + 2] = (uint8_t)(response_len >> 8);
	session->out[length_at + 3] = (uint8_t)response_len;
	pg_send_close(session, &sending);
	session->step = PG_STEP_SASL_FIRST;
}

/* The list of mechanisms ends with an empty name. */
static bool mechanisms_read(struct cursor *c, bool *plain, bool *plus)
{
	for (;;) {
		const uint8_t *at = c->base + c->at;
		const uint8_t *end = cursor_left(c) ? memchr(at, 0, cursor_left(c)) : NULL;
		if (!end)
			return false;
		struct span name = cursor_take(c, (size_t)(end - at));
		cursor_u8(c);
		if (name.len == 0)
			return cursor_done(c);
		*plain = *plain || span_is(name, "SCRAM-SHA-256");
		*plus = *plus || span_is(name, "SCRAM-SHA-256-PLUS");
	}
}

static void answer_sasl(struct pg_session *session, struct cursor *body)
{
	bool plain = false, plus = false;
	if (!mechanisms_read(body, &plain, &plus)) {
		pg_violate(session, PG_VIOLATION_MALFORMED_MESSAGE);
		return;
	}
	bool able = session->options.end_point.len > 0;
	session->binding_offered = plus;
	if (plus && able) {
		if (password_wanted(session, PG_AUTHENTICATION_SCRAM_PLUS))
			send_sasl_first(session, PG_BINDING_USED);
	} else if (plain) {
		if (password_wanted(session, PG_AUTHENTICATION_SCRAM))
			send_sasl_first(session, able ? PG_BINDING_UNOFFERED : PG_BINDING_UNABLE);
	} else {
		password_wanted(session, PG_AUTHENTICATION_OTHER);
	}
}

static void continue_sasl(struct pg_session *session, struct span server_first)
{
	struct pg_sending sending = pg_send_open(session, 'p');
	enum pg_violation wrong;
	enum fault fault =
		pg_scram_answer(&session->scram, server_first, span_text(session->options.password),
				&sending.b, &wrong);
	if (fault != FAULT_NONE) {
		fail(session, fault);
	} else if (wrong != PG_VIOLATION_NONE) {
		pg_violate(session, wrong);
	} else {
		pg_send_close(session, &sending);
		session->step = PG_STEP_SASL_FINAL;
	}
}

static void finish_sasl(struct pg_session *session, struct span server_final)
{
	enum pg_violation wrong = pg_scram_verify(&session->scram, server_final);
	if (wrong != PG_VIOLATION_NONE)
		pg_violate(session, wrong);
	session->step = PG_STEP_SASL_DONE;
}

static void request_answer(struct pg_session *session, uint32_t code, struct cursor *body)
{
	switch (code) {
	case OK:
		session->authentication = PG_AUTHENTICATION_TRUST;
		welcome(session);
		return;
	case CLEARTEXT:
		if (password_wanted(session, PG_AUTHENTICATION_PASSWORD))
			send_password(session, session->options.password);
		return;
	case MD5:
		if (cursor_left(body) == 4)
			answer_md5(session, cursor_rest(body));
		else
			pg_violate(session, PG_VIOLATION_MALFORMED_MESSAGE);
		return;
	case SASL:
		answer_sasl(session, body);
		return;
	default:
		password_wanted(session, PG_AUTHENTICATION_OTHER);
	}
}

/* The next message of an exchange that has begun: one code is right in each step. */
static void exchange_answer(struct pg_session *session, uint32_t code, struct cursor *body)
{
	bool in_sasl = session->step == PG_STEP_SASL_FIRST || session->step == PG_STEP_SASL_FINAL;
	if (code == SASL_CONTINUE && session->step == PG_STEP_SASL_FIRST)
		continue_sasl(session, cursor_rest(body));
	else if (code == SASL_FINAL && session->step == PG_STEP_SASL_FINAL)
		finish_sasl(session, cursor_rest(body));
	else if (code == OK && in_sasl)
		pg_violate(session, PG_VIOLATION_SCRAM_UNFINISHED);
	else if (code == OK)
		welcome(session);
	else
		pg_violate(session, PG_VIOLATION_UNEXPECTED_MESSAGE);
}

void pg_authentication_answer(struct pg_session *session, struct span body)
{
	struct cursor c = cursor_over(body);
	uint32_t code = cursor_u32(&c);
	if (!cursor_ok(&c) || session->frame.cut)
		pg_violate(session, PG_VIOLATION_MALFORMED_MESSAGE);
	else if (session->step == PG_STEP_STARTUP)
		request_answer(session, code, &c);
	else
		exchange_answer(session, code, &c);
}

const char *pg_authentication_name(enum pg_authentication authentication)
{
	static const char *const names[] = {
		"none", "trust", "password", "md5", "scram-sha-256", "scram-sha-256-plus", "other",
	};
	return names[authentication];
}
