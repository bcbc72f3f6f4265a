/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sslmode.h"

#include <criterion/criterion.h>

#define NO_ENTRY "no pg_hba.conf entry for host \"h\", user \"u\", database \"d\", "

static const struct login_facts in = { LOGIN_ACCEPTED, PG_AUTHENTICATION_SCRAM, NULL };
static const struct login_facts refused = { LOGIN_REFUSED, PG_AUTHENTICATION_NONE, "FATAL" };

/* A server with TLS that lets in encrypted and clear logins; the client has no root file. */
static struct sslmode_facts open_server(void)
{
	return (struct sslmode_facts){
		.answer = SSL_ANSWER_YES, .handshake = TRUTH_YES, .encrypted = in, .clear = in
	};
}

/* The results of all six modes: T with TLS, C in clear, F fails, ? cannot be said. */
static void expect(const struct sslmode_facts *facts, const char *results)
{
	static const char letters[] = { '?', 'T', 'C', 'F' };
	char got[SSLMODES_LEN + 1] = "";
	for (enum sslmode mode = SSLMODE_DISABLE; mode < SSLMODES_LEN; mode++) {
		struct sslmode_verdict verdict;
		sslmode_judge(&verdict, mode, facts);
		got[mode] = letters[verdict.result];
	}
	cr_assert_str_eq(got, results);
}

static void expect_sentence(enum sslmode mode, const struct sslmode_facts *facts,
			    const char *sentence)
{
	struct sslmode_verdict verdict;
	sslmode_judge(&verdict, mode, facts);
	cr_assert_str_eq(verdict.sentence, sentence);
}

/* The attempts of a mode: t an SSLRequest, c a login in clear, a capital on the same connection. */
static void expect_attempts(enum sslmode mode, const struct sslmode_facts *facts,
			    const char *attempts)
{
	struct sslmode_verdict verdict;
	char got[SSLMODE_ATTEMPTS_MAX + 1] = "";
	sslmode_judge(&verdict, mode, facts);
	for (size_t i = 0; i < verdict.attempts_len; i++)
		got[i] = verdict.attempts[i].encrypted	       ? 't'
			 : verdict.attempts[i].same_connection ? 'C'
							       : 'c';
	cr_assert_str_eq(got, attempts);
}

Test(sslmode, names_are_those_of_libpq)
{
	for (enum sslmode mode = SSLMODE_DISABLE; mode < SSLMODES_LEN; mode++)
		cr_assert_eq(sslmode_by_name(span_text(sslmode_name(mode))), mode);
	cr_assert_eq(sslmode_by_name(span_text("verify-all")), SSLMODES_LEN);
	cr_assert_str_eq(sslmode_name(SSLMODE_VERIFY_FULL), "verify-full");
}

/* Measured with PostgreSQL 15.20 and psql 15; without a root file verify-* fail. */
Test(sslmode, host_row)
{
	struct sslmode_facts facts = open_server();
	expect(&facts, "CCTTFF");
	expect_sentence(SSLMODE_REQUIRE, &facts, "require: connects with TLS");
	expect_sentence(SSLMODE_VERIFY_CA, &facts,
			"verify-ca: fails: there is no root certificate file");
}

Test(sslmode, hostssl_row_only)
{
	struct sslmode_facts facts = open_server();
	facts.clear = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_NONE,
					    NO_ENTRY "no encryption" };
	expect(&facts, "FTTTFF");
	expect_attempts(SSLMODE_ALLOW, &facts, "ct");
	expect_attempts(SSLMODE_PREFER, &facts, "t");
	expect_sentence(SSLMODE_DISABLE, &facts,
			"disable: fails: the login in clear was refused (" NO_ENTRY
			"no encryption)");
	expect_sentence(
		SSLMODE_ALLOW, &facts,
		"allow: connects with TLS, because the login in clear was refused (" NO_ENTRY
		"no encryption)");
}

Test(sslmode, hostnossl_row_only)
{
	struct sslmode_facts facts = open_server();
	facts.encrypted = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_NONE,
						NO_ENTRY "SSL encryption" };
	expect(&facts, "CCCFFF");
	expect_attempts(SSLMODE_PREFER, &facts, "tc");
	expect_attempts(SSLMODE_ALLOW, &facts, "c");
	expect_sentence(SSLMODE_PREFER, &facts,
			"prefer: connects without encryption, because the encrypted login was "
			"refused (" NO_ENTRY "SSL encryption); an answer from which the password "
			"can be guessed travels in clear");
	expect_sentence(SSLMODE_REQUIRE, &facts,
			"require: fails: the encrypted login was refused (" NO_ENTRY
			"SSL encryption)");
}

Test(sslmode, hostnossl_reject_and_hostssl_rows)
{
	struct sslmode_facts facts = open_server();
	facts.clear = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_NONE,
					    "pg_hba.conf rejects connection for host \"h\"" };
	expect(&facts, "FTTTFF");
}

Test(sslmode, ssl_off)
{
	struct sslmode_facts facts = open_server();
	facts.answer = SSL_ANSWER_NO;
	facts.root_file = true;
	expect(&facts, "CCCFFF");
	expect_attempts(SSLMODE_PREFER, &facts, "tC");
	expect_sentence(SSLMODE_REQUIRE, &facts, "require: fails: the server has no TLS");
	facts.clear = refused;
	expect(&facts, "FFFFFF");
	expect_attempts(SSLMODE_ALLOW, &facts, "ctC");
	expect_attempts(SSLMODE_PREFER, &facts, "tC");
	expect_sentence(SSLMODE_ALLOW, &facts,
			"allow: fails: the login in clear was refused (FATAL), then the server has "
			"no TLS, then the login in clear was refused (FATAL)");
}

Test(sslmode, root_file_that_vouches_and_the_name)
{
	struct sslmode_facts facts = open_server();
	facts.root_file = true;
	facts.trusted = TRUTH_YES;
	facts.name_matches = TRUTH_YES;
	expect(&facts, "CCTTTT");
	facts.name_matches = TRUTH_NO;
	expect(&facts, "CCTTTF");
	expect_sentence(SSLMODE_VERIFY_FULL, &facts,
			"verify-full: fails: the certificate is not for the host name");
}

/* The most surprising cell: a root file that does not fit turns encryption off. */
Test(sslmode, root_file_that_does_not_vouch)
{
	struct sslmode_facts facts = open_server();
	facts.root_file = true;
	facts.trusted = TRUTH_NO;
	facts.trust_text = "no path to a trusted root";
	facts.name_matches = TRUTH_YES;
	expect(&facts, "CCCFFF");
	expect_sentence(
		SSLMODE_PREFER, &facts,
		"prefer: connects without encryption, because the certificate is not trusted "
		"(no path to a trusted root); an answer from which the password can be "
		"guessed travels in clear");
	facts.clear = refused;
	expect(&facts, "FFFFFF");
	expect_attempts(SSLMODE_ALLOW, &facts, "ct");
	expect_attempts(SSLMODE_PREFER, &facts, "tc");
}

Test(sslmode, handshake_that_fails_sends_prefer_into_the_clear)
{
	struct sslmode_facts facts = open_server();
	facts.handshake = TRUTH_NO;
	facts.handshake_text = "fatal alert protocol_version";
	facts.clear.authentication = PG_AUTHENTICATION_PASSWORD;
	expect(&facts, "CCCFFF");
	expect_attempts(SSLMODE_PREFER, &facts, "tc");
	expect_sentence(
		SSLMODE_PREFER, &facts,
		"prefer: connects without encryption, because the TLS handshake failed (fatal "
		"alert protocol_version); the password travels in clear");
}

Test(sslmode, client_certificate_is_wanted)
{
	struct sslmode_facts facts = open_server();
	facts.encrypted = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_NONE,
						"connection requires a valid client certificate" };
	facts.clear = refused;
	expect(&facts, "FFFFFF");
	expect_attempts(SSLMODE_PREFER, &facts, "tc");
	facts.clear = in;
	expect(&facts, "CCCFFF");
}

/* Seen with psql 15 and 17: no second attempt. */
Test(sslmode, strange_answers_end_every_mode_that_asks)
{
	static const enum ssl_answer answers[] = { SSL_ANSWER_ERROR, SSL_ANSWER_GARBAGE,
						   SSL_ANSWER_NOTHING };
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct sslmode_facts facts = open_server();
		facts.answer = answers[i];
		facts.root_file = true;
		expect(&facts, "CCFFFF");
		expect_attempts(SSLMODE_PREFER, &facts, "t");
	}
}

Test(sslmode, bytes_behind_the_answer_end_it_after_the_handshake)
{
	struct sslmode_facts facts = open_server();
	facts.extra_bytes = true;
	expect(&facts, "CCFFFF");
	facts.handshake = TRUTH_NO;
	expect(&facts, "CCCFFF");
}

Test(sslmode, lost_connection_at_a_login_is_not_tried_again)
{
	struct sslmode_facts facts = open_server();
	facts.clear.login = LOGIN_BROKEN;
	expect(&facts, "FFTTFF");
	facts.encrypted.login = LOGIN_BROKEN;
	facts.clear = in;
	expect(&facts, "CCFFFF");
}

Test(sslmode, missing_facts_are_said_where_they_matter)
{
	struct sslmode_facts facts = open_server();
	facts.root_file = true;
	facts.clear.login = LOGIN_UNKNOWN;
	expect(&facts, "??????");
	expect_sentence(SSLMODE_REQUIRE, &facts,
			"require: cannot be said: the certificate was not checked");
	facts.trusted = TRUTH_YES;
	expect(&facts, "??TTT?");
	facts.handshake = TRUTH_UNKNOWN;
	expect(&facts, "??????");
	facts = (struct sslmode_facts){ .clear = in };
	expect(&facts, "CC????");
}

Test(sslmode, warning_is_for_a_password_in_clear_only)
{
	static const struct {
		enum pg_authentication authentication;
		enum sslmode_exposure exposure;
	} rows[] = {
		{ PG_AUTHENTICATION_TRUST, EXPOSURE_SESSION },
		{ PG_AUTHENTICATION_SCRAM, EXPOSURE_HASH },
		{ PG_AUTHENTICATION_MD5, EXPOSURE_HASH },
		{ PG_AUTHENTICATION_PASSWORD, EXPOSURE_PASSWORD },
		{ PG_AUTHENTICATION_NONE, EXPOSURE_PASSWORD },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sslmode_verdict verdict;
		struct sslmode_facts facts = open_server();
		facts.clear.authentication = rows[i].authentication;
		sslmode_judge(&verdict, SSLMODE_ALLOW, &facts);
		cr_assert_eq(verdict.exposure, rows[i].exposure, "row %zu", i);
		cr_assert_eq(verdict.password_in_clear, rows[i].exposure == EXPOSURE_PASSWORD);
		sslmode_judge(&verdict, SSLMODE_REQUIRE, &facts);
		cr_assert_eq(verdict.exposure, EXPOSURE_NONE);
		cr_assert(!verdict.password_in_clear);
	}
}

/* A wrong password goes over the wire too, before libpq tries TLS. */
Test(sslmode, password_of_a_login_that_failed_was_seen_as_well)
{
	struct sslmode_verdict verdict;
	struct sslmode_facts facts = open_server();
	facts.clear = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_PASSWORD, "FATAL" };
	sslmode_judge(&verdict, SSLMODE_ALLOW, &facts);
	cr_assert_eq(verdict.result, SSLMODE_ENCRYPTED);
	cr_assert(verdict.password_in_clear);
	facts.clear.authentication = PG_AUTHENTICATION_NONE;
	sslmode_judge(&verdict, SSLMODE_ALLOW, &facts);
	cr_assert_eq(verdict.exposure, EXPOSURE_NONE);
}

Test(sslmode, long_texts_are_cut)
{
	char text[2 * SSLMODE_SENTENCE_MAX];
	struct sslmode_verdict verdict;
	struct sslmode_facts facts = open_server();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	facts.clear = (struct login_facts){ LOGIN_REFUSED, PG_AUTHENTICATION_NONE, text };
	sslmode_judge(&verdict, SSLMODE_DISABLE, &facts);
	cr_assert_eq(strlen(verdict.sentence), SSLMODE_SENTENCE_MAX - 1);
}
