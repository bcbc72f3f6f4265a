/* pg_scram.h - the client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_SCRAM_H
#define UPGRADE_PG_SCRAM_H

#include "base/builder.h"
#include "base/limits.h"
#include "upgrade/pg_violation.h"

#define PG_SCRAM_HASH_LEN  32
#define PG_SCRAM_NONCE_MAX 128
#define PG_SCRAM_SALT_MAX  128
#define PG_BINDING_MAX	   64

/* What we tell the server about channel binding (RFC 5802 6). */
enum pg_binding {
	PG_BINDING_UNABLE,    /* "n": we have none to offer */
	PG_BINDING_UNOFFERED, /* "y": we could, the server did not offer it */
	PG_BINDING_USED,      /* "p=tls-server-end-point" (RFC 5929 4) */
};

/* One exchange. It holds no secret between its messages. */
struct pg_scram {
	enum pg_binding binding;
	uint8_t end_point[PG_BINDING_MAX];
	size_t end_point_len;
	char bare[2 * PG_SCRAM_NONCE_MAX]; /* client-first-message-bare */
	size_t bare_len, nonce_at;
	uint8_t server_signature[PG_SCRAM_HASH_LEN];
};

/*
 * pg_scram_init prepares an exchange. `user` is written as it is (RFC 5802 5.1: "," and "=" already
 * escaped); PostgreSQL wants it empty. `end_point` is the hash of the server's certificate, of at
 * most PG_BINDING_MAX bytes, and used with PG_BINDING_USED only. `user` and `nonce` together have
 * less than 2 * PG_SCRAM_NONCE_MAX - 5 bytes.
 */
void pg_scram_init(struct pg_scram *scram, enum pg_binding binding, struct span end_point,
		   const char *user, const char *nonce);

/* pg_scram_first writes the client-first-message. */
void pg_scram_first(const struct pg_scram *scram, struct builder *out);

/*
 * pg_scram_answer reads the server-first-message and writes the client-final-message. The password
 * goes in unprepared: SASLprep (RFC 4013) leaves printable ASCII as it is, and other passwords are
 * sent as they were given. What the server did wrong goes to `wrong`, and nothing is written.
 * Faults: CRYPTO.
 */
MUST_USE enum fault pg_scram_answer(struct pg_scram *scram, struct span server_first,
				    struct span password, struct builder *out,
				    enum pg_violation *wrong);

/* pg_scram_verify compares the server-final-message with the signature that the password gives. */
enum pg_violation pg_scram_verify(const struct pg_scram *scram, struct span server_final);

#endif
