/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_support.h"

#include <criterion/criterion.h>

static struct outcome got; /* Criterion runs each test in a process of its own. */
static struct script script;

static void play(const struct pg_options *options)
{
	converse(&got, options, &script, sizeof(script.bytes));
}

static void expect_ready(enum pg_authentication authentication)
{
	cr_assert_eq(got.session.state, PG_READY, "%s", pg_violation_name(got.session.violation));
	cr_assert_eq(got.session.authentication, authentication);
	cr_assert_str_eq(got.session.stat.version, "TLSv1.2");
	cr_assert_str_eq(got.session.stat.cipher, "ECDHE-RSA-AES256-GCM-SHA384");
	cr_assert_eq(got.session.stat.bits, 256);
	cr_assert(got.session.has_sslinfo && got.session.sslinfo.has_row);
	cr_assert_str_eq(got.session.sslinfo.cipher, "ECDHE-RSA-AES256-GCM-SHA384");
}

static void expect_violation(enum pg_violation violation)
{
	cr_assert_eq(got.session.state, PG_MALFORMED, "state %d", (int)got.session.state);
	cr_assert_eq(got.session.violation, violation, "%s",
		     pg_violation_name(got.session.violation));
}

TestSuite(pg_session);

Test(pg_session, startup_names_user_database_and_ourselves)
{
	struct pg_options options = options_default();
	struct span want = BYTES("\0\0\0\x3b\0\3\0\0user\0tester\0database\0db\0"
				 "application_name\0tlsgauge\0");
	script_init(&script);
	play(&options);
	cr_assert_eq(got.said_len, 0x3b);
	cr_assert_arr_eq(got.said, want.at, want.len);
	cr_assert_eq(got.said[0x3a], 0);
	cr_assert_eq(got.session.state, PG_TALKING);
}

Test(pg_session, trust_in_every_chunking_asks_and_says_good_bye)
{
	struct pg_options options = options_default();
	options.password = NULL;
	script_init(&script);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_answers(&script);
	for (size_t chunk = 1; chunk <= script.b.len; chunk++) {
		converse(&got, &options, &script, chunk);
		expect_ready(PG_AUTHENTICATION_TRUST);
		cr_assert(got.session.logged_in);
	}
	cr_assert(client_said(&got, BYTES("Q\0\0\0\x4fSELECT version, cipher, bits FROM "
					  "pg_stat_ssl WHERE pid = pg_backend_pid()\0")));
	cr_assert_arr_eq(got.said + got.said_len - 5, "X\0\0\0\4", 5);
}

Test(pg_session, without_the_extension_sslinfo_is_not_asked)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_say(&script, 'Z', BYTES("I"), 0);
	script_say(&script, 'C', BYTES("SELECT 0\0"), 0);
	script_say(&script, 'Z', BYTES("I"), 0);
	play(&options);
	cr_assert_eq(got.session.state, PG_READY);
	cr_assert(!got.session.has_sslinfo);
	cr_assert(!client_said(&got, BYTES("ssl_version()")));
}

Test(pg_session, cleartext_password_goes_out_as_given)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_authentication(&script, 3, BYTES(""));
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_answers(&script);
	play(&options);
	expect_ready(PG_AUTHENTICATION_PASSWORD);
	cr_assert(client_said(&got, BYTES("p\0\0\0\x0bpencil\0")));
}

Test(pg_session, md5_answer_is_the_known_one)
{
	struct pg_options options = options_default();
	options.password = "s3cret";
	script_init(&script);
	script_authentication(&script, 5, BYTES("\1\2\3\4"));
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_answers(&script);
	play(&options);
	expect_ready(PG_AUTHENTICATION_MD5);
	cr_assert(client_said(&got, BYTES("p\0\0\0\x28"
					  "md55d5e9bef9e9abd816469732fe9fcb222\0")));
}

/* Requests that end the dialogue without a password. */
Test(pg_session, a_request_for_a_password_that_we_lack_is_an_answer)
{
	static const struct {
		uint32_t code;
		struct span rest;
		enum pg_authentication authentication;
		bool has_password;
	} rows[] = {
		{ 3, { 0 }, PG_AUTHENTICATION_PASSWORD, false },
		{ 5, { (const uint8_t *)"salt", 4 }, PG_AUTHENTICATION_MD5, false },
		{ 10, { (const uint8_t *)"SCRAM-SHA-256\0", 15 }, PG_AUTHENTICATION_SCRAM, false },
		{ 10, { (const uint8_t *)"OAUTHBEARER\0", 13 }, PG_AUTHENTICATION_OTHER, true },
		{ 7, { 0 }, PG_AUTHENTICATION_OTHER, true },
		{ 2, { 0 }, PG_AUTHENTICATION_OTHER, true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pg_options options = options_default();
		options.password = rows[i].has_password ? "pencil" : NULL;
		script_init(&script);
		script_authentication(&script, rows[i].code, rows[i].rest);
		play(&options);
		cr_assert_eq(got.session.state, PG_AUTHENTICATION_REQUESTED, "row %zu", i);
		cr_assert_eq(got.session.authentication, rows[i].authentication, "row %zu", i);
		cr_assert_eq(got.said[got.said_len - 1], 0);
		cr_assert_eq(got.said_len, 0x3b, "something was sent");
	}
}

Test(pg_session, refusal_keeps_state_message_file_and_routine)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_say(&script, 'N', BYTES("SNOTICE\0Mhello\0\0"), 0);
	script_say(&script, 'E',
		   BYTES("SFATAL\0C28000\0Mconnection requires a valid client certificate\0"
			 "Fauth.c\0RClientAuthentication\0\0"),
		   0);
	play(&options);
	cr_assert_eq(got.session.state, PG_REFUSED);
	cr_assert_str_eq(got.session.refusal.sqlstate, "28000");
	cr_assert_str_eq(got.session.refusal.message,
			 "connection requires a valid client certificate");
	cr_assert_str_eq(got.session.refusal.file, "auth.c");
	cr_assert_str_eq(got.session.refusal.routine, "ClientAuthentication");
	cr_assert(!got.session.logged_in);
}

Test(pg_session, refusal_after_the_password_is_still_a_refusal)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_authentication(&script, 3, BYTES(""));
	script_say(&script, 'E', BYTES("C28P01\0Mpassword authentication failed\0\0"), 0);
	play(&options);
	cr_assert_eq(got.session.state, PG_REFUSED);
	cr_assert_str_eq(got.session.refusal.sqlstate, "28P01");
	cr_assert_eq(got.session.authentication, PG_AUTHENTICATION_PASSWORD);
}

Test(pg_session, error_longer_than_the_buffer_keeps_its_first_fields)
{
	static uint8_t body[PG_BODY_MAX + 100] = "C53300\0Mtoo many clients already\0D";
	struct pg_options options = options_default();
	memset(body + 34, 'x', sizeof(body) - 36);
	script_init(&script);
	script_say(&script, 'E', span_of(body, sizeof(body)), 0);
	for (size_t chunk = 1; chunk <= script.b.len; chunk += 97) {
		converse(&got, &options, &script, chunk);
		cr_assert_eq(got.session.state, PG_REFUSED);
		cr_assert_str_eq(got.session.refusal.message, "too many clients already");
		cr_assert(got.session.refusal.overload);
	}
}

Test(pg_session, error_in_the_style_of_protocol_2_is_understood)
{
	struct pg_options options = options_default();
	script_init(&script);
	builder_bytes(&script.b, "error", BYTES("EFATAL:  could not fork new process\n\0"));
	for (size_t chunk = 1; chunk <= script.b.len; chunk++) {
		converse(&got, &options, &script, chunk);
		cr_assert_eq(got.session.state, PG_REFUSED);
		cr_assert_str_eq(got.session.refusal.message, "FATAL:  could not fork new process");
		cr_assert(got.session.refusal.overload);
	}
}

Test(pg_session, question_that_fails_leaves_the_session_ready)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_say(&script, 'E', BYTES("C42P01\0Mno pg_stat_ssl\0\0"), 0);
	script_say(&script, 'Z', BYTES("I"), 0);
	script_say(&script, 'Z', BYTES("I"), 0);
	play(&options);
	cr_assert_eq(got.session.state, PG_READY);
	cr_assert(!got.session.stat.has_row);
	cr_assert_str_eq(got.session.question.message, "no pg_stat_ssl");
	cr_assert_str_eq(got.session.refusal.message, "");
}

Test(pg_session, null_row_means_a_session_without_tls)
{
	static const char *const nulls[] = { NULL, NULL, NULL };
	struct pg_options options = options_default();
	char why[128];
	script_init(&script);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_row(&script, 3, nulls);
	script_say(&script, 'Z', BYTES("I"), 0);
	script_say(&script, 'Z', BYTES("I"), 0);
	play(&options);
	cr_assert_eq(got.session.state, PG_READY);
	cr_assert(got.session.stat.has_row);
	cr_assert(!pg_tls_agrees(&got.session.stat, TLS1_2, 0xC030, why, sizeof(why)));
	cr_assert_str_eq(why, "the server knows of no TLS in this session");
}

Test(pg_session, row_is_compared_with_what_was_negotiated)
{
	struct pg_tls row = { true, "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", 256 };
	char why[128];
	cr_assert(pg_tls_agrees(&row, TLS1_2, 0xC030, why, sizeof(why)));
	cr_assert(!pg_tls_agrees(&row, TLS1_3, 0xC030, why, sizeof(why)));
	cr_assert_str_eq(why, "the server says 'TLSv1.2', negotiated was 'TLS1.3'");
	cr_assert(!pg_tls_agrees(&row, TLS1_2, 0xC02F, why, sizeof(why)));
	cr_assert_str_eq(why, "the server says 'ECDHE-RSA-AES256-GCM-SHA384', "
			      "negotiated was 'ECDHE-RSA-AES128-GCM-SHA256'");
	row.bits = 128;
	cr_assert(!pg_tls_agrees(&row, TLS1_2, 0xC030, why, sizeof(why)));
	row = (struct pg_tls){ true, "TLSv1", "DES-CBC3-SHA", 168 };
	cr_assert(pg_tls_agrees(&row, TLS1_0, 0x000A, why, sizeof(why)), "%s", why);
	row = (struct pg_tls){ true, "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", 256 };
	cr_assert(pg_tls_agrees(&row, TLS1_3, 0x1303, why, sizeof(why)), "%s", why);
}

Test(pg_session, names_that_are_too_long_are_a_fault_before_the_first_byte)
{
	struct pg_options options = options_default();
	options.user = "0123456789012345678901234567890123456789012345678901234567890123";
	cr_assert_eq(pg_session_start(&got.session, &options), FAULT_TOO_LARGE);
	cr_assert_eq(pg_session_output(&got.session).len, 0);
	options.user++;
	cr_assert_eq(pg_session_start(&got.session, &options), FAULT_NONE);
}

Test(pg_session, messages_out_of_place_are_violations)
{
	static const struct {
		char type;
		struct span body;
		enum pg_violation violation;
	} rows[] = {
		{ 'Z', { (const uint8_t *)"I", 1 }, PG_VIOLATION_UNEXPECTED_MESSAGE },
		{ 'D', { (const uint8_t *)"\0\0", 2 }, PG_VIOLATION_UNEXPECTED_MESSAGE },
		{ 'H', { (const uint8_t *)"TTP", 3 }, PG_VIOLATION_UNEXPECTED_MESSAGE },
		{ 'R', { (const uint8_t *)"\0\0\0", 3 }, PG_VIOLATION_MALFORMED_MESSAGE },
		{ 'R', { (const uint8_t *)"\0\0\0\5abc", 7 }, PG_VIOLATION_MALFORMED_MESSAGE },
		{ 'R', { (const uint8_t *)"\0\0\0\12SCRAM", 9 }, PG_VIOLATION_MALFORMED_MESSAGE },
		{ 'R', { (const uint8_t *)"\0\0\0\14v=", 6 }, PG_VIOLATION_NONE },
		{ 'E', { (const uint8_t *)"Mabc", 4 }, PG_VIOLATION_MALFORMED_MESSAGE },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pg_options options = options_default();
		script_init(&script);
		script_say(&script, rows[i].type, rows[i].body, 0);
		play(&options);
		cr_assert_eq(got.session.violation, rows[i].violation, "row %zu: %s", i,
			     pg_violation_name(got.session.violation));
	}
}

Test(pg_session, a_second_request_for_a_password_is_a_violation)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_authentication(&script, 3, BYTES(""));
	script_authentication(&script, 3, BYTES(""));
	play(&options);
	expect_violation(PG_VIOLATION_UNEXPECTED_MESSAGE);
}

Test(pg_session, rows_that_lie_are_violations)
{
	static const struct span bodies[] = {
		{ (const uint8_t *)"\0\2\0\0\0\0\0\0\0\0", 10 },
		{ (const uint8_t *)"\0\3\0\0\0\1a\0\0\0\1b\0\0\0\2c", 17 },
		{ (const uint8_t *)"\0\3\0\0\0\0\0\0\0\0\0\0\0\0x", 15 },
		{ (const uint8_t *)"\0\3\x7f\xff\xff\xff", 6 },
		{ (const uint8_t *)"", 0 },
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct pg_options options = options_default();
		script_init(&script);
		script_authentication(&script, 0, BYTES(""));
		script_welcome(&script);
		script_say(&script, 'D', bodies[i], 0);
		play(&options);
		cr_assert_eq(got.session.violation, PG_VIOLATION_MALFORMED_MESSAGE, "row %zu", i);
		cr_assert(got.session.logged_in);
	}
}

Test(pg_session, cells_are_cut_and_made_printable)
{
	char cell[100];
	const char *cells[] = { "TLS\x1b[31m", cell, "99999999999999999999" };
	struct pg_options options = options_default();
	memset(cell, 'c', sizeof(cell) - 1);
	cell[sizeof(cell) - 1] = 0;
	script_init(&script);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	script_row(&script, 3, cells);
	play(&options);
	cr_assert_str_eq(got.session.stat.version, "TLS?[31m");
	cr_assert_eq(strlen(got.session.stat.cipher), PG_CELL_MAX - 1);
}

Test(pg_session, lengths_that_are_impossible_end_it)
{
	static const struct span starts[] = {
		{ (const uint8_t *)"R\0\0\0\3", 5 },	   { (const uint8_t *)"R\0\0\0\0", 5 },
		{ (const uint8_t *)"R\0\xff\xff\xff", 5 }, { (const uint8_t *)"R\x7f", 2 },
		{ (const uint8_t *)"\x15\3\3", 3 },	   { (const uint8_t *)"HTTP/1.1", 8 },
	};
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct pg_options options = options_default();
		script_init(&script);
		builder_bytes(&script.b, "start", starts[i]);
		play(&options);
		cr_assert_eq(got.session.violation, PG_VIOLATION_FRAMING, "row %zu", i);
	}
}

Test(pg_session, endless_notices_end_at_a_ceiling)
{
	static const uint8_t notice[] = { 'N', 0, 0, 0, 9, 'M', 'h', 'i', 0, 0 };
	struct pg_options options = options_default();
	size_t sent = 0;
	cr_assert_eq(pg_session_start(&got.session, &options), FAULT_NONE);
	while (got.session.state == PG_TALKING && sent < 10 * PEER_BYTES_MAX) {
		pg_session_input(&got.session, span_of(notice, sizeof(notice)));
		sent += sizeof(notice);
	}
	expect_violation(PG_VIOLATION_TOO_MUCH);
	cr_assert_leq(sent, PEER_BYTES_MAX + sizeof(notice));
}

Test(pg_session, what_follows_the_end_is_dropped)
{
	struct pg_options options = options_default();
	script_init(&script);
	script_say(&script, 'E', BYTES("C28000\0Mno\0\0"), 0);
	script_authentication(&script, 0, BYTES(""));
	script_welcome(&script);
	play(&options);
	cr_assert_eq(got.session.state, PG_REFUSED);
	cr_assert_eq(got.said_len, 0x3b);
}
