/* pg_refusal.h - what an ErrorResponse at login means: pg_hba.conf, the managed service, the login
 * itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_REFUSAL_H
#define UPGRADE_PG_REFUSAL_H

#include "upgrade/postgres_message.h"

/*
 * Kind, name, gate, sentence. CLOSED kinds turn a connection away for how it came (plaintext, TLS
 * version, certificate, address); PASSED kinds come from behind that gate, so the way was accepted.
 */
#define PG_REFUSAL_LIST(X)                                                                         \
	X(OTHER, "other", UNKNOWN, "an error of no known kind")                                    \
	X(OVERLOAD, "overload", UNKNOWN, "the server has no room or is not up")                    \
	X(TLS_REQUIRED, "tls_required", CLOSED, "the service wants TLS")                           \
	X(TLS_VERSION, "tls_version", CLOSED, "the TLS version is below the service's minimum")    \
	X(NO_HBA_ENTRY, "no_hba_entry", CLOSED, "no row of pg_hba.conf fits")                      \
	X(HBA_REJECT, "hba_reject", CLOSED, "a reject row of pg_hba.conf fits")                    \
	X(HBA, "hba", CLOSED, "pg_hba.conf turned the connection away")                            \
	X(CLIENT_CERTIFICATE, "client_certificate", CLOSED,                                        \
	  "a valid client certificate is wanted")                                                  \
	X(UNENCRYPTED_DATA, "unencrypted_data", UNKNOWN, "bytes in clear after the SSLRequest")    \
	X(CHANNEL_BINDING, "channel_binding", UNKNOWN, "the server has another certificate")       \
	X(PROTOCOL, "protocol", UNKNOWN, "the protocol version is not supported")                  \
	X(PASSWORD, "password", PASSED, "the password is wrong or missing")                        \
	X(ROLE, "role", PASSED, "there is no such role, or it may not log in")                     \
	X(DATABASE, "database", PASSED, "there is no such database, or it is closed")

enum pg_refusal_kind {
#define X(kind, name, gate, text) PG_REFUSAL_##kind,
	PG_REFUSAL_LIST(X)
#undef X
};

/* What a pg_hba.conf refusal says of the connection it turned away. */
enum pg_encryption {
	PG_ENCRYPTION_UNSAID,
	PG_ENCRYPTION_NONE, /* "no encryption"; older servers and clouds: "SSL off" */
	PG_ENCRYPTION_TLS,  /* "SSL encryption"; older servers and clouds: "SSL on" */
};

/*
 * pg_refusal_kind recognises an error. Texts decide first, because one place in the server raises
 * several of them; where a server speaks another language, routine and SQLSTATE do.
 */
enum pg_refusal_kind pg_refusal_kind(const struct refusal *refusal);

/* pg_refusal_name returns "no_hba_entry". */
const char *pg_refusal_name(enum pg_refusal_kind kind);

/* pg_refusal_text returns our sentence for the kind. */
const char *pg_refusal_text(enum pg_refusal_kind kind);

/* pg_refusal_gate says on which side of the gate errors of this kind arise. */
enum postgres_gate pg_refusal_gate(enum pg_refusal_kind kind);

/* pg_refusal_encryption returns what the message says of the connection. */
enum pg_encryption pg_refusal_encryption(const struct refusal *refusal);

#endif
