/* observation.h - what an endpoint answered to one probe, classified, without a judgement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_OBSERVATION_H
#define PROBE_OBSERVATION_H

#include "base/arena.h"
#include "handshake/handshake.h"
#include "probe/probe.h"
#include "wire/certificate.h"

struct case_answer;

/* The contract's words (DESIGN 7), in this order. */
enum outcome {
	OUTCOME_NONE, /* not asked yet */
	OUTCOME_SERVER_HELLO,
	OUTCOME_HELLO_RETRY_REQUEST, /* it ended the exchange */
	OUTCOME_ALERT,
	OUTCOME_CLOSE,
	OUTCOME_RESET,
	OUTCOME_REFUSED,   /* upgrade or plaintext refused, with the server's own message */
	OUTCOME_PLAINTEXT, /* a session without TLS was let in */
	OUTCOME_TIMEOUT,
	OUTCOME_GARBAGE,
	OUTCOME_UNREACHABLE,
};

const char *outcome_name(enum outcome outcome);

enum layer { LAYER_NONE, LAYER_PLAINTEXT, LAYER_TLS, LAYER_TRANSPORT, LAYER_APPLICATION };

const char *layer_name(enum layer layer);

/*
 * Times are microseconds since the run began. For SERVER_HELLO: `version` and `suite` as answered;
 * `kinds` for SSLv2, which selects nothing. `message` is the server's own text, or our one sentence
 * on GARBAGE and UNREACHABLE. Views and pointers live in the run's arena.
 */
struct observation {
	enum outcome outcome;
	enum layer layer;
	enum version version; /* VERSION_NONE for an answer with an unknown one */
	uint16_t version_code, suite;
	uint8_t alert_level, alert;
	bool after_server_hello; /* the ServerHello came, and then this */
	bool overload;		 /* says nothing about policy: retry */
	bool retried_hello;	 /* a HelloRetryRequest was followed up */
	bool extra_bytes;	 /* CVE-2021-23222 */
	bool certificate_requested;
	bool flight_complete; /* ServerHelloDone was reached */
	uint8_t downgrade;
	uint64_t random;   /* fingerprint of the ServerHello's random; 0 without one */
	unsigned records;  /* that were read up to what decided */
	bool alerts_twice; /* of a PROBE_RAW: another fatal alert stood behind the first */
	uint16_t group, signature_scheme;
	uint32_t dh_bits;
	uint8_t compression;
	struct span server_extensions; /* the block of the ServerHello */
	enum depth depth;	       /* that an accepted hello came to */
	bool cut_off; /* of GARBAGE: the end came in the middle, so the peer may have died */
	enum violation violation; /* of a PROBE_RAW: which rule its ServerHello broke */
	const char *broken;  /* which rule the handshake broke after its ServerHello, or NULL */
	const char *unable;  /* why we could not go on with it, or NULL */
	const char *session; /* what the application protocol said, one sentence, or NULL */
	const char *disagreement; /* pg_stat_ssl tells of another version or suite, or NULL */
	bool extended_master_secret, encrypt_then_mac, secure_renegotiation;
	struct key_log_line *key_log; /* for SSLKEYLOGFILE, or NULL */
	size_t key_log_len;
	struct span kinds;		       /* SSLv2 */
	struct certificate_list *certificates; /* NULL when none were seen */
	struct refusal *refusal;	       /* NULL without one */
	struct case_answer *answer;	       /* of a case; NULL otherwise */
	const char *message;
	uint64_t started_us, ended_us;
	uint32_t waited_ms; /* of a case: how long silence had to last to count */
	uint32_t attempts;
	uint32_t probe; /* id of the probe that was answered */
};

/* observation_is_answer says that the endpoint spoke: anything but timeout, unreachable, overload
 * and NONE. */
bool observation_is_answer(const struct observation *observation);

/* observation_is_rejection says that the endpoint turned the hello away: alert, close, reset,
 * refused, not overload. */
bool observation_is_rejection(const struct observation *observation);

/* observation_same_class compares outcome, layer, alert, version, suite and SQLSTATE. */
bool observation_same_class(const struct observation *a, const struct observation *b);

/* observation_describe writes a phrase: "fatal alert handshake_failure", "ServerHello TLS1.2
 * TLS_...". */
void observation_describe(char *out, size_t out_len, const struct observation *observation);

#endif
