/* pg_session.h - a PostgreSQL login and three questions about its TLS, bytes in and bytes out. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_SESSION_H
#define UPGRADE_PG_SESSION_H

#include "base/rng.h"
#include "registry/version.h"
#include "upgrade/pg_frame.h"
#include "upgrade/pg_scram.h"
#include "upgrade/upgrade.h"

enum pg_state {
	PG_TALKING,		     /* output may be pending, input is wanted */
	PG_AUTHENTICATION_REQUESTED, /* by a method for which we have no password or no code */
	PG_READY,		     /* logged in, and every question answered; see `stat` */
	PG_REFUSED,		     /* an ErrorResponse before the login was complete */
	PG_MALFORMED,		     /* the server broke a rule; see `violation` */
	PG_FAILED,		     /* a fault of ours; see `fault` */
};

enum pg_authentication {
	PG_AUTHENTICATION_NONE,	 /* nothing was said yet */
	PG_AUTHENTICATION_TRUST, /* let in without a password: trust, or a client certificate */
	PG_AUTHENTICATION_PASSWORD,
	PG_AUTHENTICATION_MD5,
	PG_AUTHENTICATION_SCRAM,
	PG_AUTHENTICATION_SCRAM_PLUS,
	PG_AUTHENTICATION_OTHER, /* GSSAPI, SSPI, Kerberos, another SASL mechanism */
};

/*
 * `database` NULL is the user's; `password` NULL is none: then the request for one ends the
 * dialogue. `end_point` is the hash of the server's certificate for tls-server-end-point (RFC 5929
 * 4.1), empty without TLS or without a binding. The nonce of SCRAM comes from `rng`: a run can be
 * replayed, and its nonces can be guessed.
 */
struct pg_options {
	const char *user, *database, *password;
	struct span end_point;
	struct rng rng;
};

#define PG_NAME_MAX	63
#define PG_PASSWORD_MAX 1024
#define PG_OUTPUT_MAX	4096
#define PG_CELL_MAX	64

/*
 * A row about the session's own TLS. `has_row` is false where there was none, `version` and
 * `cipher` are "" where it had NULL: the server knows of no TLS.
 */
struct pg_tls {
	bool has_row;
	char version[PG_CELL_MAX], cipher[PG_CELL_MAX]; /* OpenSSL's words: "TLSv1.3" */
	uint32_t bits;					/* 0 in `sslinfo`, which does not tell */
};

enum pg_step {
	PG_STEP_STARTUP,
	PG_STEP_PASSWORD,
	PG_STEP_SASL_FIRST,
	PG_STEP_SASL_FINAL,
	PG_STEP_SASL_DONE,
	PG_STEP_WELCOME,
	PG_STEP_STAT,
	PG_STEP_EXTENSION,
	PG_STEP_SSLINFO,
	PG_STEP_OVER,
};

/*
 * One session. Everything that is ever sent fits `out`, because each message is sent once. Of a
 * question that met an error, `question` keeps the error, and the session goes on.
 */
struct pg_session {
	enum pg_state state;
	enum pg_step step;
	enum pg_authentication authentication;
	bool logged_in;	      /* ReadyForQuery came; true from then on, whatever follows */
	bool binding_offered; /* the server has SCRAM-SHA-256-PLUS */
	bool has_sslinfo;     /* the extension is installed in this database */
	struct pg_tls stat, sslinfo;
	struct refusal refusal, question;
	enum pg_violation violation;
	enum fault fault;
	struct pg_options options;
	struct pg_scram scram;
	struct pg_frame frame;
	uint8_t out[PG_OUTPUT_MAX];
	size_t out_len, out_at;
};

/*
 * pg_session_start writes the StartupMessage. The strings and views of `options` outlive the
 * session. Faults: TOO_LARGE for a name over PG_NAME_MAX or a password over PG_PASSWORD_MAX bytes,
 * or an end point over PG_BINDING_MAX; then there is nothing to send.
 */
MUST_USE enum fault pg_session_start(struct pg_session *session, const struct pg_options *options);

/* pg_session_output views what must be sent now; in READY that is the Terminate message. */
struct span pg_session_output(const struct pg_session *session);

/* pg_session_sent acknowledges `n` bytes of it. */
void pg_session_sent(struct pg_session *session, size_t n);

/* pg_session_input takes bytes in any chunking; what follows the end of the dialogue is dropped. */
void pg_session_input(struct pg_session *session, struct span bytes);

/* pg_authentication_name returns "scram-sha-256-plus". */
const char *pg_authentication_name(enum pg_authentication authentication);

/*
 * pg_tls_agrees says whether a row tells of the version and suite that were negotiated; it writes
 * what differs: "the server says TLSv1.2, negotiated was TLS1.3". A suite without a name in OpenSSL
 * is not compared, nor are bits that nobody counts the same way.
 */
bool pg_tls_agrees(const struct pg_tls *row, enum version version, uint16_t suite, char *why,
		   size_t why_len);

#endif
