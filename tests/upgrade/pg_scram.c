/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_scram.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "pg_support.h"

#define RFC_NONCE     "rOprNGfwEbeRWgbNEkqO"
#define RFC_FIRST     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
#define RFC_SALT      "s=W22ZaJ0SNY7soEsUEjb6gQ=="
#define RFC_SERVER    RFC_FIRST RFC_SALT ",i=4096"
#define RFC_FINAL     "c=biws," RFC_FIRST "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define RFC_SIGNATURE "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

/* Ours, with the nonce that seed 7 gives; the proofs were computed with Python's hashlib. */
#define OUR_NONCE     "jb/xqSvA6kcOb6FqYFscTmMI"
#define OUR_SERVER    "r=" OUR_NONCE "+server/nonce,s=QSXCR+Q6sek8bf92,i=4096"

static struct pg_scram rfc_exchange(void)
{
	struct pg_scram scram;
	pg_scram_init(&scram, PG_BINDING_UNABLE, span_of(NULL, 0), "user", RFC_NONCE);
	return scram;
}

static enum pg_violation answer(struct pg_scram *scram, struct span server_first, char *out,
				size_t cap)
{
	enum pg_violation wrong;
	struct builder b;
	builder_init(&b, (uint8_t *)out, cap - 1, NULL, 0);
	cr_assert_eq(pg_scram_answer(scram, server_first, span_text("pencil"), &b, &wrong),
		     FAULT_NONE);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	out[b.len] = 0;
	return wrong;
}

Test(pg_scram, vector_of_rfc_7677)
{
	char text[512];
	struct builder b;
	struct pg_scram scram = rfc_exchange();
	builder_init(&b, (uint8_t *)text, sizeof(text), NULL, 0);
	pg_scram_first(&scram, &b);
	cr_assert(span_is(builder_view(&b), "n,,n=user,r=" RFC_NONCE));
	cr_assert_eq(answer(&scram, span_text(RFC_SERVER), text, sizeof(text)), PG_VIOLATION_NONE);
	cr_assert_str_eq(text, RFC_FINAL);
	cr_assert_eq(pg_scram_verify(&scram, span_text(RFC_SIGNATURE)), PG_VIOLATION_NONE);
}

Test(pg_scram, signature_that_differs_in_one_bit_is_no_signature)
{
	char text[512];
	struct pg_scram scram = rfc_exchange();
	answer(&scram, span_text(RFC_SERVER), text, sizeof(text));
	cr_assert_eq(pg_scram_verify(&scram,
				     span_text("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=")),
		     PG_VIOLATION_SCRAM_SIGNATURE);
	cr_assert_eq(pg_scram_verify(&scram, span_text("v=6rri")), PG_VIOLATION_SCRAM_SIGNATURE);
	cr_assert_eq(pg_scram_verify(&scram, span_text("v=")), PG_VIOLATION_SCRAM_SYNTAX);
	cr_assert_eq(pg_scram_verify(&scram, span_text("v=*")), PG_VIOLATION_SCRAM_SYNTAX);
	cr_assert_eq(pg_scram_verify(&scram, span_text("")), PG_VIOLATION_SCRAM_SYNTAX);
	cr_assert_eq(pg_scram_verify(&scram, span_text("e=other-error")), PG_VIOLATION_SCRAM_ERROR);
}

Test(pg_scram, hostile_challenges_are_named)
{
	static const struct {
		const char *server_first;
		enum pg_violation violation;
	} rows[] = {
		{ "r=" RFC_NONCE "," RFC_SALT ",i=4096", PG_VIOLATION_SCRAM_NONCE },
		{ "r=rOprNGfwEbeRWgbNEkqp%hv," RFC_SALT ",i=4096", PG_VIOLATION_SCRAM_NONCE },
		{ "r=other," RFC_SALT ",i=4096", PG_VIOLATION_SCRAM_NONCE },
		{ RFC_FIRST RFC_SALT ",i=2147483648", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT ",i=2147483647", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT ",i=18446744073709555712", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT ",i=0", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT ",i=-1", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT ",i=4096x", PG_VIOLATION_SCRAM_ITERATIONS },
		{ RFC_FIRST RFC_SALT, PG_VIOLATION_SCRAM_SYNTAX },
		{ RFC_FIRST "s=,i=4096", PG_VIOLATION_SCRAM_SYNTAX },
		{ RFC_FIRST "s=!!!!,i=4096", PG_VIOLATION_SCRAM_SYNTAX },
		{ "m=must," RFC_FIRST RFC_SALT ",i=4096", PG_VIOLATION_SCRAM_SYNTAX },
		{ "r", PG_VIOLATION_SCRAM_SYNTAX },
		{ "", PG_VIOLATION_SCRAM_SYNTAX },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct pg_scram scram = rfc_exchange();
		cr_assert_eq(answer(&scram, span_text(rows[i].server_first), text, sizeof(text)),
			     rows[i].violation, "%s", rows[i].server_first);
		cr_assert_eq(text[0], 0, "%s: answered", rows[i].server_first);
	}
}

Test(pg_scram, salt_and_nonce_have_ceilings)
{
	char text[512], server_first[1024], run[401];
	memset(run, 'A', 400);
	run[400] = 0;
	struct pg_scram scram = rfc_exchange();
	snprintf(server_first, sizeof(server_first), "r=" RFC_NONCE "%s,s=AAAA,i=1", run);
	cr_assert_eq(answer(&scram, span_text(server_first), text, sizeof(text)),
		     PG_VIOLATION_SCRAM_NONCE);
	snprintf(server_first, sizeof(server_first), "r=" RFC_NONCE "x,s=%s,i=1", run);
	cr_assert_eq(answer(&scram, span_text(server_first), text, sizeof(text)),
		     PG_VIOLATION_SCRAM_SYNTAX);
}

/* One whole login; the three differ in what is said about channel binding. */
static const struct login {
	bool end_point, plus_offered;
	enum pg_authentication authentication;
	struct span first; /* mechanism, length, gs2 header */
	const char *proof, *signature;
} logins[] = {
	{ false,
	  true,
	  PG_AUTHENTICATION_SCRAM,
	  { (const uint8_t *)"SCRAM-SHA-256\0\0\0\0\x20n,,n=,r=" OUR_NONCE, 50 },
	  "c=biws,r=" OUR_NONCE "+server/nonce,p=JCqkJBMVIl7ARAzt0UiEq0LRDCstKx95sBWYAZ8vhCY=",
	  "v=8OVoGlnpmni0KCYAlzUW2aWnPxoKk8h8QhuetLwM3mA=" },
	{ true,
	  false,
	  PG_AUTHENTICATION_SCRAM,
	  { (const uint8_t *)"SCRAM-SHA-256\0\0\0\0\x20y,,n=,r=" OUR_NONCE, 50 },
	  "c=eSws,r=" OUR_NONCE "+server/nonce,p=zjteLY1j5P2DKyKelFzF+S65xuTKyBsGTYVuqDys8Tw=",
	  "v=EOheRw9zGNJrmTsQiYF0JF2Mzpt+f49r/d2uxGWm6XY=" },
	{ true,
	  true,
	  PG_AUTHENTICATION_SCRAM_PLUS,
	  { (const uint8_t
		     *)"SCRAM-SHA-256-PLUS\0\0\0\0\x35p=tls-server-end-point,,n=,r=" OUR_NONCE,
	    76 },
	  "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,"
	  "r=" OUR_NONCE "+server/nonce,p=cf48JcysqXDlq0my8kZjQbnshcO+6vqe0Q4WIyHGw2g=",
	  "v=1GbkBslSYG4DCS6G+yl0SvjtO+19wODACt0PAyZDNLA=" },
};

static struct outcome got; /* Criterion runs each test in a process of its own. */
static struct script script;

static void offer(const struct login *login)
{
	static const struct span both = { (const uint8_t *)"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0",
					  34 };
	script_init(&script);
	script_authentication(&script, 10, login->plus_offered ? both : BYTES("SCRAM-SHA-256\0\0"));
	script_authentication(&script, 11, span_text(OUR_SERVER));
}

static struct pg_options options_of(const struct login *login)
{
	static uint8_t hash[32];
	struct pg_options options = options_default();
	for (uint8_t i = 0; i < sizeof(hash); i++)
		hash[i] = i;
	if (login->end_point)
		options.end_point = span_of(hash, sizeof(hash));
	return options;
}

Test(pg_scram, whole_logins_with_and_without_binding_in_chunks)
{
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		struct pg_options options = options_of(&logins[i]);
		offer(&logins[i]);
		script_authentication(&script, 12, span_text(logins[i].signature));
		script_authentication(&script, 0, BYTES(""));
		script_welcome(&script);
		script_answers(&script);
		for (size_t chunk = 1; chunk <= script.b.len; chunk += 41) {
			converse(&got, &options, &script, chunk);
			cr_assert_eq(got.session.state, PG_READY, "login %zu: %s", i,
				     pg_violation_name(got.session.violation));
			cr_assert_eq(got.session.authentication, logins[i].authentication);
			cr_assert_eq(got.session.binding_offered, logins[i].plus_offered);
			cr_assert(client_said(&got, logins[i].first), "login %zu", i);
			cr_assert(client_said(&got, span_text(logins[i].proof)), "login %zu", i);
		}
	}
}

Test(pg_scram, session_with_a_server_that_does_not_know_the_password_ends)
{
	struct pg_options options = options_of(&logins[0]);
	offer(&logins[0]);
	script_authentication(&script, 12, span_text(logins[1].signature));
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	converse(&got, &options, &script, script.b.len);
	cr_assert_eq(got.session.state, PG_MALFORMED);
	cr_assert_eq(got.session.violation, PG_VIOLATION_SCRAM_SIGNATURE);
	cr_assert(!got.session.logged_in);
}

Test(pg_scram, session_that_skips_the_signature_ends)
{
	struct pg_options options = options_of(&logins[0]);
	offer(&logins[0]);
	script_authentication(&script, 0, BYTES(""));
	converse(&got, &options, &script, script.b.len);
	cr_assert_eq(got.session.violation, PG_VIOLATION_SCRAM_UNFINISHED);
}

Test(pg_scram, steps_out_of_order_are_violations)
{
	struct pg_options options = options_of(&logins[0]);
	script_init(&script);
	script_authentication(&script, 10, BYTES("SCRAM-SHA-256\0\0"));
	script_authentication(&script, 12, span_text(logins[0].signature));
	converse(&got, &options, &script, script.b.len);
	cr_assert_eq(got.session.violation, PG_VIOLATION_UNEXPECTED_MESSAGE);
	offer(&logins[0]);
	script_authentication(&script, 11, span_text(OUR_SERVER));
	converse(&got, &options, &script, script.b.len);
	cr_assert_eq(got.session.violation, PG_VIOLATION_UNEXPECTED_MESSAGE);
}
