/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_refusal.h"
#include "upgrade/pg_violation.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define CONNECTION "host \"10.0.0.9\", user \"u\", database \"d\""

/* Texts as servers, poolers and the managed service print them. */
static const struct row {
	const char *sqlstate, *message, *routine;
	enum pg_refusal_kind kind;
	enum pg_encryption encryption;
} rows[] = {
	{ "28000", "SSL connection is required. Please specify SSL options and retry.", "",
	  PG_REFUSAL_TLS_REQUIRED, PG_ENCRYPTION_UNSAID },
	{ "28000",
	  "TLS version used does not meet minimal requirements for this server. Please use a "
	  "higher TLS version and retry.",
	  "", PG_REFUSAL_TLS_VERSION, PG_ENCRYPTION_UNSAID },
	{ "28000", "no pg_hba.conf entry for " CONNECTION ", no encryption", "ClientAuthentication",
	  PG_REFUSAL_NO_HBA_ENTRY, PG_ENCRYPTION_NONE },
	{ "28000", "no pg_hba.conf entry for " CONNECTION ", SSL encryption",
	  "ClientAuthentication", PG_REFUSAL_NO_HBA_ENTRY, PG_ENCRYPTION_TLS },
	{ "28000", "no pg_hba.conf entry for " CONNECTION ", SSL off", "ClientAuthentication",
	  PG_REFUSAL_NO_HBA_ENTRY, PG_ENCRYPTION_NONE },
	{ "28000",
	  "no pg_hba.conf entry for " CONNECTION ", SSL on FATAL: SSL connection is required", "",
	  PG_REFUSAL_NO_HBA_ENTRY, PG_ENCRYPTION_TLS },
	{ "28000", "pg_hba.conf rejects connection for " CONNECTION ", no encryption",
	  "ClientAuthentication", PG_REFUSAL_HBA_REJECT, PG_ENCRYPTION_NONE },
	{ "28000", "connection requires a valid client certificate", "ClientAuthentication",
	  PG_REFUSAL_CLIENT_CERTIFICATE, PG_ENCRYPTION_UNSAID },
	{ "28000", "certificate authentication failed for user \"u\"", "auth_failed",
	  PG_REFUSAL_CLIENT_CERTIFICATE, PG_ENCRYPTION_UNSAID },
	{ "28000", "kein pg_hba.conf-Eintrag", "ClientAuthentication", PG_REFUSAL_HBA,
	  PG_ENCRYPTION_UNSAID },
	{ "08P01", "received unencrypted data after SSL request", "ProcessStartupPacket",
	  PG_REFUSAL_UNENCRYPTED_DATA, PG_ENCRYPTION_UNSAID },
	{ "0A000", "unsupported frontend protocol 1234.5681: server supports 3.0 to 3.0",
	  "ProcessStartupPacket", PG_REFUSAL_PROTOCOL, PG_ENCRYPTION_UNSAID },
	{ "28000", "SCRAM channel binding check failed", "read_client_final_message",
	  PG_REFUSAL_CHANNEL_BINDING, PG_ENCRYPTION_UNSAID },
	{ "28P01", "password authentication failed for user \"u\"", "auth_failed",
	  PG_REFUSAL_PASSWORD, PG_ENCRYPTION_UNSAID },
	{ "28P01", "Passwort-Authentifizierung fehlgeschlagen", "auth_failed", PG_REFUSAL_PASSWORD,
	  PG_ENCRYPTION_UNSAID },
	{ "28000", "role \"u\" does not exist", "InitializeSessionUserId", PG_REFUSAL_ROLE,
	  PG_ENCRYPTION_UNSAID },
	{ "28000", "role \"u\" is not permitted to log in", "InitializeSessionUserId",
	  PG_REFUSAL_ROLE, PG_ENCRYPTION_UNSAID },
	{ "3D000", "database \"d\" does not exist", "InitPostgres", PG_REFUSAL_DATABASE,
	  PG_ENCRYPTION_UNSAID },
	{ "08P01", "SSL required", "", PG_REFUSAL_TLS_REQUIRED, PG_ENCRYPTION_UNSAID },
	{ "08P01", "no such user: u", "", PG_REFUSAL_ROLE, PG_ENCRYPTION_UNSAID },
	{ "XX000", "something else", "", PG_REFUSAL_OTHER, PG_ENCRYPTION_UNSAID },
};

static struct refusal refusal_of(const struct row *row)
{
	struct refusal refusal = { .overload = false };
	snprintf(refusal.sqlstate, sizeof(refusal.sqlstate), "%s", row->sqlstate);
	snprintf(refusal.message, sizeof(refusal.message), "%s", row->message);
	snprintf(refusal.routine, sizeof(refusal.routine), "%s", row->routine);
	return refusal;
}

Test(pg_refusal, texts_of_servers_and_services_are_recognised)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct refusal refusal = refusal_of(&rows[i]);
		enum pg_refusal_kind kind = pg_refusal_kind(&refusal);
		cr_assert_eq(kind, rows[i].kind, "'%s' is %s", rows[i].message,
			     pg_refusal_name(kind));
		cr_assert_eq(pg_refusal_encryption(&refusal), rows[i].encryption, "'%s'",
			     rows[i].message);
	}
}

Test(pg_refusal, overload_comes_before_any_text)
{
	struct refusal refusal = { .sqlstate = "53300",
				   .message = "no pg_hba.conf entry",
				   .overload = true };
	cr_assert_eq(pg_refusal_kind(&refusal), PG_REFUSAL_OVERLOAD);
}

/* postgres_error_gate judges the same errors for the plaintext probe: the two must not differ. */
Test(pg_refusal, gate_agrees_with_the_plaintext_probe)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct refusal refusal = refusal_of(&rows[i]);
		enum postgres_gate other = postgres_error_gate(&refusal);
		enum postgres_gate ours = pg_refusal_gate(rows[i].kind);
		if (ours != POSTGRES_GATE_UNKNOWN && other != POSTGRES_GATE_UNKNOWN &&
		    rows[i].kind != PG_REFUSAL_CLIENT_CERTIFICATE)
			cr_assert_eq(ours, other, "'%s'", rows[i].message);
	}
}

Test(pg_refusal, every_kind_has_a_name_and_a_sentence)
{
	cr_assert_str_eq(pg_refusal_name(PG_REFUSAL_TLS_VERSION), "tls_version");
	cr_assert_str_eq(pg_refusal_name(PG_REFUSAL_DATABASE), "database");
	cr_assert_str_eq(pg_refusal_text(PG_REFUSAL_TLS_REQUIRED), "the service wants TLS");
	cr_assert_eq(pg_refusal_gate(PG_REFUSAL_PASSWORD), POSTGRES_GATE_PASSED);
	cr_assert_eq(pg_refusal_gate(PG_REFUSAL_TLS_VERSION), POSTGRES_GATE_CLOSED);
}

Test(pg_violation, names_and_texts_go_together)
{
	cr_assert_str_eq(pg_violation_name(PG_VIOLATION_SCRAM_UNFINISHED), "scram_unfinished");
	cr_assert_str_eq(pg_violation_name(PG_VIOLATION_SCRAM_NONCE), "scram_nonce");
	cr_assert_str_eq(pg_violation_text(PG_VIOLATION_FRAMING),
			 "a message's length is impossible");
}
