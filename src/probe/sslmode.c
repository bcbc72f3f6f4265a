/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sslmode.h"

#include <assert.h>

static const char *const names[SSLMODES_LEN] = { "disable", "allow",	 "prefer",
						 "require", "verify-ca", "verify-full" };

const char *sslmode_name(enum sslmode mode)
{
	assert(mode < SSLMODES_LEN);
	return names[mode];
}

enum sslmode sslmode_by_name(struct span name)
{
	enum sslmode mode = SSLMODE_DISABLE;
	while (mode < SSLMODES_LEN && !span_is(name, names[mode]))
		mode++;
	return mode;
}

/* Whether libpq begins anew in the other way after a failure. */
enum retry { RETRY_NO, RETRY_YES, RETRY_IN_CLEAR_HERE };

static enum retry settle(struct sslmode_attempt *attempt, enum sslmode_result result,
			 const char *why, const char *detail, enum retry retry)
{
	attempt->result = result;
	attempt->why = why;
	attempt->detail = detail;
	return retry;
}

static enum retry fails(struct sslmode_attempt *attempt, const char *why, const char *detail,
			enum retry retry)
{
	return settle(attempt, SSLMODE_FAILS, why, detail, retry);
}

static enum retry unknown(struct sslmode_attempt *attempt, const char *why)
{
	return settle(attempt, SSLMODE_UNDECIDED, why, NULL, RETRY_NO);
}

static enum retry try_login(struct sslmode_attempt *attempt, const struct login_facts *facts,
			    enum sslmode_result result)
{
	bool encrypted = result == SSLMODE_ENCRYPTED;
	switch (facts->login) {
	case LOGIN_ACCEPTED:
		return settle(attempt, result, "", NULL, RETRY_NO);
	case LOGIN_REFUSED:
		return fails(attempt,
			     encrypted ? "the encrypted login was refused"
				       : "the login in clear was refused",
			     facts->text, RETRY_YES);
	case LOGIN_BROKEN:
		return fails(attempt,
			     encrypted ? "the connection was lost at the encrypted login"
				       : "the connection was lost at the login in clear",
			     facts->text, RETRY_NO);
	case LOGIN_UNKNOWN:
		break;
	}
	return unknown(attempt,
		       encrypted ? "no encrypted login was seen" : "no login in clear was seen");
}

static enum retry check_certificate(struct sslmode_attempt *attempt, enum sslmode mode,
				    const struct sslmode_facts *facts)
{
	if (facts->root_file && facts->trusted == TRUTH_NO)
		return fails(attempt, "the certificate is not trusted", facts->trust_text,
			     RETRY_YES);
	if (facts->root_file && facts->trusted == TRUTH_UNKNOWN)
		return unknown(attempt, "the certificate was not checked");
	if (mode == SSLMODE_VERIFY_FULL && facts->name_matches == TRUTH_NO)
		return fails(attempt, "the certificate is not for the host name", NULL, RETRY_YES);
	if (mode == SSLMODE_VERIFY_FULL && facts->name_matches == TRUTH_UNKNOWN)
		return unknown(attempt, "the host name was not checked");
	return settle(attempt, SSLMODE_ENCRYPTED, "", NULL, RETRY_NO);
}

/* After the S. */
static enum retry try_handshake(struct sslmode_attempt *attempt, enum sslmode mode,
				const struct sslmode_facts *facts)
{
	if (mode >= SSLMODE_VERIFY_CA && !facts->root_file)
		return fails(attempt, "there is no root certificate file", NULL, RETRY_NO);
	if (facts->handshake == TRUTH_UNKNOWN)
		return unknown(attempt, "no TLS handshake was seen");
	if (facts->handshake == TRUTH_NO)
		return fails(attempt, "the TLS handshake failed", facts->handshake_text, RETRY_YES);
	enum retry retry = check_certificate(attempt, mode, facts);
	if (attempt->result != SSLMODE_ENCRYPTED)
		return retry;
	if (facts->extra_bytes)
		return fails(attempt, "bytes in clear stood behind the answer to the SSLRequest",
			     NULL, RETRY_NO);
	return try_login(attempt, &facts->encrypted, SSLMODE_ENCRYPTED);
}

static enum retry try_tls(struct sslmode_attempt *attempt, enum sslmode mode,
			  const struct sslmode_facts *facts)
{
	attempt->encrypted = true;
	switch (facts->answer) {
	case SSL_ANSWER_YES:
		return try_handshake(attempt, mode, facts);
	case SSL_ANSWER_NO:
		return fails(attempt, "the server has no TLS", NULL,
			     mode < SSLMODE_REQUIRE ? RETRY_IN_CLEAR_HERE : RETRY_NO);
	case SSL_ANSWER_ERROR:
		return fails(attempt, "the server answered the SSLRequest with an error", NULL,
			     RETRY_NO);
	case SSL_ANSWER_GARBAGE:
		return fails(attempt, "the answer to the SSLRequest is none of the protocol's",
			     NULL, RETRY_NO);
	case SSL_ANSWER_NOTHING:
		return fails(attempt, "the SSLRequest was not answered", NULL, RETRY_NO);
	case SSL_ANSWER_UNKNOWN:
		break;
	}
	return unknown(attempt, "no answer to an SSLRequest was seen");
}

static struct sslmode_attempt *attempt_add(struct sslmode_verdict *verdict)
{
	assert(verdict->attempts_len < SSLMODE_ATTEMPTS_MAX);
	struct sslmode_attempt *attempt = &verdict->attempts[verdict->attempts_len++];
	*attempt = (struct sslmode_attempt){ .why = "" };
	return attempt;
}

static enum sslmode_exposure exposure_of(const struct login_facts *clear)
{
	switch (clear->authentication) {
	case PG_AUTHENTICATION_TRUST:
	case PG_AUTHENTICATION_OTHER:
		return EXPOSURE_SESSION;
	case PG_AUTHENTICATION_MD5:
	case PG_AUTHENTICATION_SCRAM:
	case PG_AUTHENTICATION_SCRAM_PLUS:
		return EXPOSURE_HASH;
	case PG_AUTHENTICATION_PASSWORD:
		return EXPOSURE_PASSWORD;
	case PG_AUTHENTICATION_NONE:
		break;
	}
	/* A refusal without a request came before any password; a session had some way in. */
	return clear->login == LOGIN_ACCEPTED ? EXPOSURE_PASSWORD : EXPOSURE_NONE;
}

static enum retry attempt_clear(struct sslmode_verdict *verdict, const struct sslmode_facts *facts,
				bool same_connection)
{
	struct sslmode_attempt *attempt = attempt_add(verdict);
	attempt->same_connection = same_connection;
	verdict->exposure = exposure_of(&facts->clear);
	return try_login(attempt, &facts->clear, SSLMODE_CLEAR);
}

static enum retry attempt_tls(struct sslmode_verdict *verdict, enum sslmode mode,
			      const struct sslmode_facts *facts)
{
	enum retry retry = try_tls(attempt_add(verdict), mode, facts);
	if (retry != RETRY_IN_CLEAR_HERE)
		return retry;
	attempt_clear(verdict, facts, true);
	return RETRY_NO;
}

static void say(struct sslmode_verdict *verdict, size_t *at, const char *text)
{
	size_t room = sizeof(verdict->sentence) - *at;
	size_t len = strnlen(text, room - 1);
	memcpy(verdict->sentence + *at, text, len);
	*at += len;
	verdict->sentence[*at] = 0;
}

static void say_why(struct sslmode_verdict *verdict, size_t *at,
		    const struct sslmode_attempt *attempt)
{
	say(verdict, at, attempt->why);
	if (!attempt->detail)
		return;
	say(verdict, at, " (");
	say(verdict, at, attempt->detail);
	say(verdict, at, ")");
}

/* "prefer: connects without encryption, because the TLS handshake failed (...); ..." */
static void write_sentence(struct sslmode_verdict *verdict, enum sslmode mode)
{
	static const char *const results[] = { "cannot be said: ", "connects with TLS",
					       "connects without encryption", "fails: " };
	static const char *const exposures[] = {
		"",
		"; queries and data travel in clear",
		"; an answer from which the password can be guessed travels in clear",
		"; the password travels in clear",
	};
	bool connects = verdict->result == SSLMODE_ENCRYPTED || verdict->result == SSLMODE_CLEAR;
	size_t at = 0, told = verdict->attempts_len - (connects ? 1 : 0);
	say(verdict, &at, sslmode_name(mode));
	say(verdict, &at, ": ");
	say(verdict, &at, results[verdict->result]);
	for (size_t i = 0; i < told; i++) {
		say(verdict, &at, connects && i == 0 ? ", because " : i ? ", then " : "");
		say_why(verdict, &at, &verdict->attempts[i]);
	}
	say(verdict, &at, exposures[verdict->exposure]);
}

void sslmode_judge(struct sslmode_verdict *out, enum sslmode mode,
		   const struct sslmode_facts *facts)
{
	*out = (struct sslmode_verdict){ .attempts_len = 0 };
	enum retry retry;
	if (mode == SSLMODE_DISABLE || mode == SSLMODE_ALLOW)
		retry = attempt_clear(out, facts, false);
	else
		retry = attempt_tls(out, mode, facts);
	if (mode == SSLMODE_ALLOW && retry == RETRY_YES)
		attempt_tls(out, mode, facts);
	if (mode == SSLMODE_PREFER && retry == RETRY_YES)
		attempt_clear(out, facts, false);
	out->result = out->attempts[out->attempts_len - 1].result;
	out->password_in_clear = out->exposure == EXPOSURE_PASSWORD;
	write_sentence(out, mode);
}
