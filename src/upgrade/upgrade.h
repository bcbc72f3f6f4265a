/* upgrade.h - the cleartext dialogue that leads to TLS, bytes in and bytes out. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_UPGRADE_H
#define UPGRADE_UPGRADE_H

#include "base/limits.h"
#include "base/span.h"

enum upgrade_state {
	UPGRADE_TALKING,   /* output may be pending, input is wanted */
	UPGRADE_READY,	   /* TLS starts with the next byte in either direction */
	UPGRADE_REFUSED,   /* the server declined; see the refusal */
	UPGRADE_PLAINTEXT, /* plaintext dialogues only: the server went on without TLS */
	UPGRADE_GARBAGE,   /* an answer that is none of the protocol's */
};

/*
 * What a server said in clear when it refused: unauthenticated, shown but never believed
 * (CVE-2024-10977). Texts are cut at SERVER_MESSAGE_MAX - 1 and always terminated. `overload`
 * marks the refusals that say nothing about policy: SQLSTATE 53xxx and 57P03.
 */
struct refusal {
	char sqlstate[6];
	char message[SERVER_MESSAGE_MAX];
	char file[32], routine[48]; /* fields F and R of a PostgreSQL ErrorResponse */
	bool overload;
};

#define UPGRADE_OUTPUT_MAX 512
#define UPGRADE_INPUT_MAX  4096

/* One dialogue under way. Lent output is taken with upgrade_output and acknowledged with
 * upgrade_sent. */
struct upgrade_dialogue {
	const struct upgrade *upgrade;
	enum upgrade_state state;
	bool plaintext; /* a dialogue that must not lead to TLS: the plaintext probe */
	const char *user, *database;
	uint8_t out[UPGRADE_OUTPUT_MAX];
	size_t out_len, out_at;
	uint8_t in[UPGRADE_INPUT_MAX];
	size_t in_len;
	size_t want;	  /* how many more bytes may be read */
	bool extra_bytes; /* bytes stood behind the answer before TLS began (CVE-2021-23222) */
	struct refusal refusal;
};

/* One protocol: a const struct a file, listed in upgrades.h order. */
struct upgrade {
	const char *name;	/* the URL scheme: "postgresql" */
	uint16_t port;		/* the default port; 0: none */
	size_t concurrency;	/* how many connections are polite by default */
	const char *alpn;	/* offered where TLS starts directly ("postgresql"), or NULL */
	bool has_plaintext;	/* a session without TLS exists and can be probed */
	bool speaks_postgresql; /* what follows the handshake is pg_session.h's dialogue */
	void (*start)(struct upgrade_dialogue *dialogue);
	/* Takes what is in `in`; moves the state on, and sets `want` while it stays TALKING. NULL
	 * where start leads to READY at once. */
	void (*answer)(struct upgrade_dialogue *dialogue);
};

/* upgrade_by_name knows "tls", "postgresql" (also "postgres") and "postgresql-direct"; NULL
 * otherwise. */
const struct upgrade *upgrade_by_name(struct span name);

/* upgrade_name_at lists the schemes: NULL past the last. */
const char *upgrade_name_at(size_t i);

/* upgrade_start begins the dialogue that leads to TLS, or, with `plaintext`, the one that avoids
 * it. */
void upgrade_start(struct upgrade_dialogue *dialogue, const struct upgrade *upgrade, bool plaintext,
		   const char *user, const char *database);

/* upgrade_output views what must be sent now; empty when input is wanted. */
struct span upgrade_output(const struct upgrade_dialogue *dialogue);

/* upgrade_sent acknowledges `n` bytes of it. */
void upgrade_sent(struct upgrade_dialogue *dialogue, size_t n);

/* upgrade_want says how many bytes may be read at most: 1 before the answer to an SSLRequest. */
size_t upgrade_want(const struct upgrade_dialogue *dialogue);

/*
 * upgrade_input takes bytes as they came. Bytes beyond what was wanted, or behind the answer that
 * made the dialogue READY, set `extra_bytes` and are kept in `in` for evidence, never interpreted.
 */
void upgrade_input(struct upgrade_dialogue *dialogue, struct span bytes);

/* upgrade_received views every byte that the server said in this dialogue. */
struct span upgrade_received(const struct upgrade_dialogue *dialogue);

#endif
