/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/upgrade.h"

#include <criterion/criterion.h>

struct answer {
	enum upgrade_state state;
	bool extra;
	struct refusal refusal;
};

#define BYTES(text) span_of("" text, sizeof(text) - 1)

static struct answer converse(bool plaintext, struct span bytes, size_t chunk)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), plaintext, "u", "d");
	upgrade_sent(&dialogue, upgrade_output(&dialogue).len);
	while (bytes.len) {
		size_t n = bytes.len < chunk ? bytes.len : chunk;
		upgrade_input(&dialogue, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
	}
	return (struct answer){ dialogue.state, dialogue.extra_bytes, dialogue.refusal };
}

static void expect_every_chunking(bool plaintext, struct span bytes, enum upgrade_state state,
				  const char *sqlstate, const char *message, bool overload)
{
	for (size_t chunk = 1; chunk <= bytes.len; chunk++) {
		struct answer got = converse(plaintext, bytes, chunk);
		cr_assert_eq(got.state, state, "chunks of %zu: state %d", chunk, (int)got.state);
		cr_assert_str_eq(got.refusal.sqlstate, sqlstate);
		cr_assert_str_eq(got.refusal.message, message);
		cr_assert_eq(got.refusal.overload, overload);
	}
}

/* Builds an ErrorResponse from "Cvalue\0Mvalue\0..." with the true length plus `lie`. */
static struct span error_response(uint8_t *out, struct span fields, int lie)
{
	uint32_t len = (uint32_t)((int)fields.len + 5 + lie);
	out[0] = 'E';
	for (int i = 0; i < 4; i++)
		out[1 + i] = (uint8_t)(len >> 8 * (3 - i));
	memcpy(out + 5, fields.at, fields.len);
	out[5 + fields.len] = 0;
	return span_of(out, fields.len + 6);
}

static void expect_error(struct span fields, enum upgrade_state state, const char *sqlstate,
			 const char *message, bool overload)
{
	uint8_t bytes[1024];
	expect_every_chunking(true, error_response(bytes, fields, 0), state, sqlstate, message,
			      overload);
}

Test(upgrade, names_are_known_and_listed)
{
	cr_assert_str_eq(upgrade_by_name(span_text("postgres"))->name, "postgresql");
	cr_assert_str_eq(upgrade_by_name(span_text("postgresql-direct"))->alpn, "postgresql");
	cr_assert_null(upgrade_by_name(span_text("postgresq")));
	size_t n = 0;
	for (; upgrade_name_at(n); n++)
		cr_assert_not_null(upgrade_by_name(span_text(upgrade_name_at(n))));
	cr_assert_eq(n, 3);
}

Test(upgrade, tls_is_ready_without_a_word)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("tls")), false, NULL, NULL);
	cr_assert_eq(dialogue.state, UPGRADE_READY);
	cr_assert_eq(upgrade_output(&dialogue).len, 0);
	cr_assert_eq(upgrade_want(&dialogue), 0);
}

Test(upgrade, direct_tls_is_ready_without_a_word)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql-direct")), false, NULL,
		      NULL);
	cr_assert_eq(dialogue.state, UPGRADE_READY);
	cr_assert_eq(upgrade_output(&dialogue).len, 0);
}

Test(upgrade, ssl_request_is_eight_bytes_and_wants_one)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), false, NULL, NULL);
	cr_assert(span_equal(upgrade_output(&dialogue), BYTES("\0\0\0\x08\x04\xD2\x16\x2F")));
	cr_assert_eq(upgrade_want(&dialogue), 1);
	upgrade_sent(&dialogue, 3);
	cr_assert(span_equal(upgrade_output(&dialogue), BYTES("\x08\x04\xD2\x16\x2F")));
}

Test(upgrade, startup_message_names_user_and_database)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), true, "u", "d");
	cr_assert(span_equal(upgrade_output(&dialogue),
			     BYTES("\0\0\0\x1B\0\x03\0\0user\0u\0database\0d\0\0")));
}

Test(upgrade, startup_message_defaults_to_the_user_postgres)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), true, NULL, NULL);
	cr_assert(span_equal(upgrade_output(&dialogue),
			     BYTES("\0\0\0\x17\0\x03\0\0user\0postgres\0\0")));
}

Test(upgrade, a_long_user_name_is_cut_and_the_length_stays_true)
{
	char name[2000];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), true, name, name);
	struct span out = upgrade_output(&dialogue);
	cr_assert_eq(out.len, 8 + 5 + 128 + 9 + 128 + 1);
	cr_assert_eq(out.at[2] << 8 | out.at[3], (int)out.len);
}

Test(upgrade, s_is_ready_and_nothing_more_is_wanted)
{
	struct upgrade_dialogue dialogue;
	upgrade_start(&dialogue, upgrade_by_name(span_text("postgresql")), false, NULL, NULL);
	upgrade_input(&dialogue, BYTES("S"));
	cr_assert_eq(dialogue.state, UPGRADE_READY);
	cr_assert_eq(upgrade_want(&dialogue), 0);
	cr_assert_not(dialogue.extra_bytes);
}

Test(upgrade, bytes_behind_s_are_told_and_never_interpreted)
{
	struct answer together = converse(false, BYTES("SE\0\0\0"), 5);
	struct answer apart = converse(false, BYTES("SE\0\0\0"), 1);
	cr_assert_eq(together.state, UPGRADE_READY);
	cr_assert(together.extra);
	cr_assert(apart.extra);
	cr_assert_str_eq(together.refusal.message, "");
}

Test(upgrade, n_is_a_refusal)
{
	struct answer got = converse(false, BYTES("N"), 1);
	cr_assert_eq(got.state, UPGRADE_REFUSED);
	cr_assert_str_eq(got.refusal.message, "N");
	cr_assert_not(got.refusal.overload);
}

Test(upgrade, any_other_byte_is_garbage)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t one = (uint8_t)byte;
		enum upgrade_state state = converse(false, span_of(&one, 1), 1).state;
		bool known = byte == 'S' || byte == 'N' || byte == 'E';
		cr_assert_eq(state == UPGRADE_GARBAGE, !known, "byte %u", byte);
	}
}

Test(upgrade, an_error_to_an_ssl_request_is_read_whole)
{
	uint8_t bytes[256];
	struct span error = error_response(
		bytes, BYTES("SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0"), 0);
	expect_every_chunking(false, error, UPGRADE_REFUSED, "53300",
			      "sorry, too many clients already", true);
}

Test(upgrade, an_error_of_protocol_2_has_no_length)
{
	expect_every_chunking(false, BYTES("EFATAL:  unsupported frontend protocol\n\0"),
			      UPGRADE_REFUSED, "", "FATAL:  unsupported frontend protocol", false);
	expect_every_chunking(false, BYTES("Ecould not fork new process for connection: x\n\0"),
			      UPGRADE_REFUSED, "", "could not fork new process for connection: x",
			      true);
}

Test(upgrade, an_authentication_request_is_plaintext)
{
	expect_every_chunking(true, BYTES("R\0\0\0\x08\0\0\0\0"), UPGRADE_PLAINTEXT, "", "", false);
	expect_every_chunking(true, BYTES("R\0\0\0\x17\0\0\0\x0ASCRAM-SHA-256\0\0"),
			      UPGRADE_PLAINTEXT, "", "", false);
}

Test(upgrade, a_notice_before_the_answer_is_passed_over)
{
	expect_every_chunking(true, BYTES("N\0\0\0\x09Mx\0\0\0R\0\0\0\x08\0\0\0\x03"),
			      UPGRADE_PLAINTEXT, "", "", false);
}

Test(upgrade, pg_hba_turning_plaintext_away_is_a_refusal)
{
	expect_error(BYTES("SFATAL\0C28000\0Mno pg_hba.conf entry for host \"h\", no encryption\0"
			   "Fauth.c\0L543\0RClientAuthentication\0"),
		     UPGRADE_REFUSED, "28000", "no pg_hba.conf entry for host \"h\", no encryption",
		     false);
	expect_error(
		BYTES("C28000\0Mkein Eintrag in pg_hba.conf\0Fauth.c\0RClientAuthentication\0"),
		UPGRADE_REFUSED, "28000", "kein Eintrag in pg_hba.conf", false);
}

Test(upgrade, a_gateway_turning_plaintext_away_is_a_refusal)
{
	expect_error(BYTES("C28000\0MSSL connection is required. Please specify SSL options\0"),
		     UPGRADE_REFUSED, "28000",
		     "SSL connection is required. Please specify SSL options", false);
	expect_error(BYTES("SERROR\0C08P01\0MSSL required\0"), UPGRADE_REFUSED, "08P01",
		     "SSL required", false);
}

Test(upgrade, an_error_from_behind_the_gate_is_plaintext)
{
	expect_error(BYTES("C3D000\0Mdatabase \"d\" does not exist\0"), UPGRADE_PLAINTEXT, "3D000",
		     "database \"d\" does not exist", false);
	expect_error(BYTES("C28000\0MRolle nicht da\0Fmiscinit.c\0RInitializeSessionUserId\0"),
		     UPGRADE_PLAINTEXT, "28000", "Rolle nicht da", false);
	expect_error(BYTES("C28000\0MPeer authentication failed for user \"u\"\0Fauth.c\0"
			   "Rauth_failed\0"),
		     UPGRADE_PLAINTEXT, "28000", "Peer authentication failed for user \"u\"",
		     false);
	expect_error(BYTES("C28P01\0Mpassword authentication failed\0"), UPGRADE_PLAINTEXT, "28P01",
		     "password authentication failed", false);
	expect_error(BYTES("C08P01\0Mno such database: d\0"), UPGRADE_PLAINTEXT, "08P01",
		     "no such database: d", false);
}

Test(upgrade, overload_is_told_apart_from_policy)
{
	expect_error(BYTES("C53300\0Mtoo many\0"), UPGRADE_REFUSED, "53300", "too many", true);
	expect_error(BYTES("C57P03\0Mstarting up\0"), UPGRADE_REFUSED, "57P03", "starting up",
		     true);
}

Test(upgrade, an_error_that_tells_neither_is_not_called_a_refusal)
{
	expect_error(BYTES("CXX000\0Minternal\0"), UPGRADE_GARBAGE, "XX000", "internal", false);
	expect_error(BYTES("C08P01\0Mlogin rejected\0"), UPGRADE_GARBAGE, "08P01", "login rejected",
		     false);
}

Test(upgrade, a_length_that_lies_is_garbage_or_waits)
{
	uint8_t bytes[256];
	struct span fields = BYTES("C28000\0Mno pg_hba.conf entry\0");
	struct span shorter = error_response(bytes, fields, -1);
	cr_assert_eq(converse(true, shorter, 7).state, UPGRADE_GARBAGE);
	struct span longer = error_response(bytes, fields, 1);
	cr_assert_eq(converse(true, longer, 7).state, UPGRADE_TALKING);
	cr_assert_eq(converse(true, BYTES("E\0\0\0\x03xxx"), 8).state, UPGRADE_GARBAGE);
	cr_assert_eq(converse(true, BYTES("E\0\xFF\xFF\xFF"), 1).state, UPGRADE_GARBAGE);
	cr_assert_eq(converse(true, BYTES("R\0\0\0\x04"), 1).state, UPGRADE_GARBAGE);
}

Test(upgrade, an_endless_answer_ends_at_the_ceiling)
{
	static uint8_t endless[3 * UPGRADE_INPUT_MAX];
	memset(endless, 'x', sizeof(endless));
	endless[0] = 'E';
	for (size_t chunk = 1; chunk < sizeof(endless); chunk = chunk * 3 + 1) {
		cr_assert_eq(converse(false, span_of(endless, sizeof(endless)), chunk).state,
			     UPGRADE_GARBAGE);
		cr_assert_eq(converse(true, span_of(endless, sizeof(endless)), chunk).state,
			     UPGRADE_GARBAGE);
	}
	for (size_t at = 0; at + 5 <= sizeof(endless); at += 5)
		memcpy(endless + at, "N\0\0\0\x04", 5);
	cr_assert_eq(converse(true, span_of(endless, sizeof(endless)), 1000).state,
		     UPGRADE_GARBAGE);
}

Test(upgrade, a_long_message_is_cut_and_terminated)
{
	static uint8_t fields[2000], bytes[2100];
	memset(fields, 'm', sizeof(fields));
	fields[0] = 'M';
	fields[sizeof(fields) - 1] = 0;
	struct answer got =
		converse(false, error_response(bytes, span_of(fields, sizeof(fields)), 0), 50);
	cr_assert_eq(got.state, UPGRADE_REFUSED);
	cr_assert_eq(strlen(got.refusal.message), SERVER_MESSAGE_MAX - 1);
}
