/* sslmode.h - what libpq would do with an endpoint in each of its sslmodes, told from observations.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SSLMODE_H
#define PROBE_SSLMODE_H

#include "upgrade/pg_session.h"

enum sslmode {
	SSLMODE_DISABLE,
	SSLMODE_ALLOW,
	SSLMODE_PREFER,
	SSLMODE_REQUIRE,
	SSLMODE_VERIFY_CA,
	SSLMODE_VERIFY_FULL,
	SSLMODES_LEN,
};

enum truth { TRUTH_UNKNOWN, TRUTH_YES, TRUTH_NO };

/* The first byte after an SSLRequest. */
enum ssl_answer {
	SSL_ANSWER_UNKNOWN,
	SSL_ANSWER_YES,	    /* S */
	SSL_ANSWER_NO,	    /* N */
	SSL_ANSWER_ERROR,   /* E */
	SSL_ANSWER_GARBAGE, /* any other */
	SSL_ANSWER_NOTHING, /* the connection ended, or nothing came */
};

/* What came of a StartupMessage. The right password is taken for granted. */
enum login {
	LOGIN_UNKNOWN,
	LOGIN_ACCEPTED, /* a session, or a request for authentication */
	LOGIN_REFUSED,	/* an ErrorResponse: `text` */
	LOGIN_BROKEN,	/* closed without a word, or no PostgreSQL */
};

struct login_facts {
	enum login login;
	enum pg_authentication authentication; /* how it was asked for, NONE: it was not seen */
	const char *text;		       /* the server's own, or NULL */
};

/* What was observed. `trusted` and `name_matches` speak of the root file that the client has. */
struct sslmode_facts {
	enum ssl_answer answer;
	bool extra_bytes; /* bytes in clear behind the S (CVE-2021-23222) */
	enum truth handshake;
	const char *handshake_text; /* how it failed, or NULL */
	struct login_facts encrypted, clear;
	bool root_file;
	enum truth trusted, name_matches;
	const char *trust_text; /* why it is not trusted, or NULL */
};

enum sslmode_result {
	SSLMODE_UNDECIDED, /* a fact is missing */
	SSLMODE_ENCRYPTED,
	SSLMODE_CLEAR,
	SSLMODE_FAILS,
};

/* One attempt: what was tried, and what came of it. */
struct sslmode_attempt {
	bool encrypted;	      /* an SSLRequest came first */
	bool same_connection; /* it goes on where the last one got an N */
	enum sslmode_result result;
	const char *why;    /* our words; "" when it connects */
	const char *detail; /* the server's, or NULL */
};

/* What is seen on the wire by somebody who listens. Worse ones come later. */
enum sslmode_exposure {
	EXPOSURE_NONE,	   /* all is encrypted, or nothing was said */
	EXPOSURE_SESSION,  /* queries and data; no password was asked for */
	EXPOSURE_HASH,	   /* and an answer from which a weak password can be guessed */
	EXPOSURE_PASSWORD, /* the password itself, or its form was not seen */
};

#define SSLMODE_ATTEMPTS_MAX 3
#define SSLMODE_SENTENCE_MAX 1024

struct sslmode_verdict {
	enum sslmode_result result;
	struct sslmode_attempt attempts[SSLMODE_ATTEMPTS_MAX];
	size_t attempts_len;
	enum sslmode_exposure exposure;
	bool password_in_clear; /* a warning is due: exposure PASSWORD */
	char sentence[SSLMODE_SENTENCE_MAX];
};

/*
 * sslmode_judge follows libpq (measured with version 15): `allow` asks for TLS after an error at a
 * login in clear; `prefer` goes on in clear after an N, and begins anew in clear after a failed
 * handshake, a certificate that the root file does not vouch for included, and after an error at
 * the encrypted login; E, garbage and a lost connection end every mode. A root file makes allow,
 * prefer and require check the chain; only verify-full checks the name.
 */
void sslmode_judge(struct sslmode_verdict *out, enum sslmode mode,
		   const struct sslmode_facts *facts);

/* sslmode_name returns libpq's word, "verify-ca". */
const char *sslmode_name(enum sslmode mode);

/* sslmode_by_name returns SSLMODES_LEN for a word that libpq does not know. */
enum sslmode sslmode_by_name(struct span name);

#endif
