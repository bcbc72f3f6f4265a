/* rig_mbedtls.h - mbedTLS as a server or as a client that hears the input; all else is fixed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_MBEDTLS_H
#define HARNESS_RIG_MBEDTLS_H

#include <mbedtls/ssl.h>

#include "base/rng.h"
#include "harness.h"

enum rig_side { RIG_SERVER, RIG_CLIENT, RIG_SIDES };

/* More than one handshake, a renegotiation and a few records of data ever are. */
#define RIG_SENT_MAX   65536

/* A handshake with certificates of both sides, and the oracle's copies of what was said. */
#define RIG_MEMORY_MAX ((size_t)1 << 20)

/*
 * What stands before the peer's bytes in an input. The first byte: the lowest version (2 bits), how
 * far the highest is below TLS 1.2 (2), whether a certificate is asked for (2), which certificates
 * there are (2). The second: a row of `families` in rig_mbedtls_conf.c. The third and the fourth:
 * the flags below, the lowest first. The fifth: the fragment length (3), groups (2), hashes (2),
 * renegotiation after every second record (1). Zero is mbedTLS's default nearly everywhere.
 */
#define RIG_HEAD_LEN   5
#define RIG_HEAD_FIRST(min, below, auth, identities)                                               \
	(uint8_t)((min) | (below) << 2 | (auth) << 4 | (identities) << 6)
enum rig_flag {
	RIG_NO_EXTENDED_SECRET,
	RIG_NO_ENCRYPT_THEN_MAC,
	RIG_ALPN,
	RIG_TICKETS,
	RIG_RESUMES,
	RIG_RENEGOTIATION,
	RIG_TRUNCATED_MAC,
	RIG_ASKS_ANEW,
	RIG_BYTEWISE,
	RIG_SECURE_ONLY,
	RIG_NO_AUTHORITIES,
	RIG_NAMES,
	RIG_FALLBACK,
	RIG_NO_SPLITTING,
	RIG_PSK_CALLBACK,
	RIG_ALPN_OTHER,
};

struct rig_mbedtls {
	enum rig_side side;
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config conf;
	struct rng rng;
	struct span input; /* what the peer says */
	size_t heard;	   /* of it, so far */
	uint8_t sent[RIG_SENT_MAX];
	size_t sent_len;
	const char *host;			/* of the client: whom it asks for */
	bool bytewise, resumes, asks_anew;	/* asks_anew: renegotiates once it is done */
	bool is_done;				/* the first handshake has come to its end */
	bool has_answered, has_left, has_ended; /* has_answered: or been answered, by data */
	int last;				/* what mbedTLS said last */
};

/* The clock of every run: seconds since 1970. It stands still where `time` is replaced. */
#define RIG_CLOCK 1700000000

/*
 * rig_mbedtls_begin chooses the configuration by the first RIG_HEAD_LEN bytes and starts the one
 * rig of this side, with the generator at its start; rig_mbedtls_end gives back what the run
 * allocated.
 */
struct rig_mbedtls *rig_mbedtls_begin(enum rig_side side, struct cursor *head);
void rig_mbedtls_end(struct rig_mbedtls *rig);

/* rig_mbedtls_hear lets mbedTLS go on with the peer's next bytes until it wants more: through the
 * handshake, then a few words of data, then the end. */
void rig_mbedtls_hear(struct rig_mbedtls *rig, struct span bytes);

/* rig_mbedtls_random is the generator for mbedTLS; `rng` is a struct rng. */
int rig_mbedtls_random(void *rng, unsigned char *out, size_t len);

/* rig_mbedtls_choose sets rig->conf, and what else of the rig the bytes decide. */
void rig_mbedtls_choose(struct rig_mbedtls *rig, struct cursor *head);

/* rig_mbedtls_prepare makes what all runs share: keys, configurations, the session to resume.
 * Tickets keep `rng`. */
void rig_mbedtls_prepare(struct rng *rng);

/* rig_mbedtls_forget makes the keys what they were before the first input. */
void rig_mbedtls_forget(void);

/* The configuration of that side that has these certificates: both, RSA, ECDSA, none. */
#define RIG_IDENTITIES 4
const mbedtls_ssl_config *rig_mbedtls_configuration(enum rig_side side, unsigned identities);

/* rig_mbedtls_session is the one that both sides know, by its ticket or by its id. */
const mbedtls_ssl_session *rig_mbedtls_session(bool by_ticket);

/* rig_mbedtls_tickets and rig_mbedtls_cache let a server's configuration resume that session. */
void rig_mbedtls_tickets(mbedtls_ssl_config *conf);
void rig_mbedtls_cache(mbedtls_ssl_config *conf);

/* rig_mbedtls_names lets a server choose its certificate by the name that is asked for, "rsa" or
 * "ecdsa"; it refuses "nobody". */
void rig_mbedtls_names(mbedtls_ssl_config *conf);

#endif
