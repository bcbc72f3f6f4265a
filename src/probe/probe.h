/* probe.h - one question to an endpoint, before it is bytes: what is offered, in which shape, and
 * why. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "base/builder.h"
#include "base/limits.h"
#include "registry/version.h"
#include "upgrade/upgrade.h"

enum probe_kind {
	PROBE_HELLO,	 /* one ClientHello that offers exactly one version */
	PROBE_SSLV2,	 /* an SSLv2 CLIENT-HELLO with cipher kinds */
	PROBE_PLAINTEXT, /* a session without TLS */
	PROBE_CASE,	 /* a conformance case, or its control: `conduct` says which */
	PROBE_RAW,	 /* bytes as they are: `raw` */
};

/* Why it is asked; for reports, --dry-run and packet comments. */
enum probe_purpose {
	PURPOSE_SINGLE,	  /* one cell, asked by itself */
	PURPOSE_GROUP,	  /* a set of suites, alone */
	PURPOSE_CONTROL,  /* the set and one known-good suite, or that suite by itself */
	PURPOSE_NEGATIVE, /* only an unassigned suite: what a rejection looks like here */
	PURPOSE_AUDIT,	  /* a member of a proven group, asked by itself */
	PURPOSE_CONFIRM,  /* a deviation, asked again */
	PURPOSE_PLAINTEXT,
	PURPOSE_FEATURE, /* whether a case's precondition holds */
	PURPOSE_CASE,
	PURPOSE_GENERATED, /* of a fuzzer or a covering array */
	PURPOSE_CANARY,	   /* whether the endpoint still answers */
};

const char *probe_purpose_name(enum probe_purpose purpose);

/* How far an accepted hello is followed (DESIGN 5); also how far it came. */
enum depth {
	DEPTH_HELLO,	/* a well-formed ServerHello */
	DEPTH_FINISHED, /* both Finished verified; in TLS 1.3 also the server's first answer */
	DEPTH_SESSION,	/* the application protocol answered inside TLS */
};

/* depth_name returns "hello", "finished" or "session"; depth_by_name knows these, or returns false.
 */
const char *depth_name(enum depth depth);
bool depth_by_name(struct span name, enum depth *out);

struct conduct;
struct signing_key;
struct certificate_list;

/* What we show of ourselves; everything may be absent. */
struct credentials {
	const struct signing_key *client_key;
	const struct certificate_list *client_chain;
	struct span psk, psk_identity;
	const char *password;
};

/*
 * What the hello holds beyond version and suites. Acceptance is a function of it (HAProxy chooses
 * certificates by SNI), so every finding names it.
 */
struct shape {
	const char *server_name; /* NULL: no SNI */
	const char *alpn;	 /* NULL: no ALPN */
	bool ffdhe_groups;	 /* RFC 7919 groups in supported_groups */
	bool bare;		 /* no extensions at all below TLS 1.3 */
};

#define PROBE_SUITES_MAX (SUITE_SET_MAX + 2)

/*
 * Bytes as they are, records and all, for PROBE_RAW; views live until the answer is delivered. A
 * ServerHello is held against `hello`, the handshake message with its header; an absent one leaves
 * it unchecked. A `cut` sends that many bytes first, in a segment of their own. `shut` ends our
 * side behind the last byte: then a server that waits for more sees that nothing will come.
 */
struct raw_bytes {
	struct span bytes, hello;
	size_t cut;
	bool shut;
};

/* A value: copied freely, owns nothing. `suites` hold 3-byte kinds for PROBE_SSLV2. */
struct probe {
	uint32_t id; /* counts from 1 in the order of asking; the seed of its random bytes */
	enum probe_kind kind;
	enum probe_purpose purpose;
	enum version version;
	uint32_t suites[PROBE_SUITES_MAX];
	size_t suites_len;
	const struct shape *shape;
	const struct conduct *conduct; /* of PROBE_CASE */
	struct raw_bytes raw;	       /* of PROBE_RAW */
	const struct upgrade *upgrade;
	const char *user, *database;
	enum depth depth;
	const struct credentials *credentials; /* or NULL */
	bool patient;			       /* waits and tries again even while all else fails */
	bool whole_flight; /* read on to ServerHelloDone: certificate and key exchange are wanted */
	uint64_t seed;	   /* of the run */
	uint32_t question; /* the planner's own number */
};

/* What may stand on the wire of one ClientHello of ours. */
#define PROBE_HELLO_MAX	 4096
#define PROBE_FIELDS_MAX 512

/* A HelloRetryRequest's demands, for the second ClientHello (RFC 8446 4.1.4). */
struct retry {
	uint16_t group;
	struct span cookie;
};

/*
 * probe_encode writes the record with the hello; `retry` is NULL for the first. Key shares are
 * fixed points (the group's generator): enough for a ServerHello, and nothing is ever encrypted to
 * them.
 */
void probe_encode(struct builder *b, const struct probe *probe, const struct retry *retry);

/* probe_describe writes one line for --dry-run: "TLS1.2 group of 64 suites (TLS_..., ...)". */
void probe_describe(char *out, size_t out_len, const struct probe *probe);

/* shape_name writes "sni,groups,sigalgs,..." as reports show it. */
void shape_name(char *out, size_t out_len, const struct shape *shape);

#endif
