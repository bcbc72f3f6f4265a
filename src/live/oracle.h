/* oracle.h - what an endpoint owes to a generated hello, and whether its answer is that. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_ORACLE_H
#define LIVE_ORACLE_H

#include "live/hello_offer.h"
#include "live/reading.h"
#include "probe/observation.h"

/*
 * What is known of the endpoint before it is fuzzed. `controls` are hellos that it took, one for
 * each version of `taken`; their readings live as long as the oracle. With `strict` an alert other
 * than the one that is due is an anomaly, too.
 */
struct oracle {
	const struct settings *settings;
	version_set taken;
	struct reading controls[VERSIONS_LEN];
	struct span alpn; /* a protocol that it is said to speak, or empty */
	uint64_t random;  /* fingerprint of the random that a control was answered with; 0: none */
	bool strict;
};

enum demand_kind {
	DEMAND_ANSWER, /* anything that is an answer; the pair that is chosen is judged */
	DEMAND_ACCEPT,
	DEMAND_REJECT,
	DEMAND_NOTHING, /* it may even wait */
};

/* `rule` is FORM_SOUND where the policy demands it: then `ruling` says why. `inferred` makes a
 * deviation a remark. */
struct demand {
	enum demand_kind kind;
	bool inferred;
	enum form_rule rule;
	const char *detail;
	struct ruling ruling;
	enum version highest; /* that is offered; VERSION_NONE for none */
	/* Of a policy's: whether a version could be agreed on, so that the suites are at fault, and
	 * whether none could; neither where it depends on supported_versions being known. */
	bool version_fits, version_unfit;
	/* Of a policy's: whether it falls back (RFC 7507) at least by one of the two. */
	bool may_fall_back;
	/* Of what breaks a rule: it need not be accepted without that either. Only with `strict`.
	 */
	bool policy_rejects;
};

/* oracle_demand rules a reading. `scratch` has room for as many suites as the message has bytes. */
void oracle_demand(struct demand *out, const struct oracle *oracle, const struct reading *reading,
		   uint16_t *scratch);

/*
 * X(NAME, word, text): the ways to deviate. Keys of anomalies begin with the word, and are stable.
 */
#define ANOMALY_LIST(X)                                                                            \
	X(NONE, "", "as it should be")                                                             \
	X(ACCEPTED, "accepted", "a hello is answered with what the policy rejects")                \
	X(REFUSED, "refused", "a hello is refused that the policy accepts")                        \
	X(BROKEN, "malformed", "a ServerHello answers what breaks a rule")                         \
	X(VIOLATION, "violation", "a ServerHello breaks a rule")                                   \
	X(PREFERENCE, "preference",                                                                \
	  "a suite is agreed on that the policy's order puts behind another")                      \
	X(OMITTED, "omitted", "a ServerHello lacks what the hello asked for")                      \
	X(GARBAGE, "garbage", "the answer is neither a rejection nor a ServerHello")               \
	X(SILENCE, "silence", "no answer comes before the deadline")                               \
	X(ALERT, "alert", "another alert than the one that is due")                                \
	X(DIFFERENCE, "difference", "two endpoints rule differently")                              \
	X(OUTAGE, "outage", "the endpoint no longer answers")                                      \
	X(REPORT, "report", "the server's own output tells of a fault")                            \
	X(GROWTH, "growth", "the server's memory grows with every probe")

enum anomaly_kind {
#define X(name, word, text) ANOMALY_##name,
	ANOMALY_LIST(X)
#undef X
};

const char *anomaly_word(enum anomaly_kind kind);
const char *anomaly_text(enum anomaly_kind kind);

#define ANOMALY_KEY_MAX 112

/* `key` tells one anomaly from another: "accepted/TLS1.0/TLS_RSA_WITH_RC4_128_SHA". */
struct anomaly {
	enum anomaly_kind kind;
	bool inferred;
	char key[ANOMALY_KEY_MAX];
	struct ruling ruling;
	enum form_rule rule;
	const struct preference *preference; /* of a PREFERENCE; else NULL */
	uint16_t due_suite;		     /* of a PREFERENCE */
	enum version version; /* that a ServerHello agreed on; VERSION_NONE without one */
};

/* anomaly_key makes the key: the kind's word, and what it is about. */
void anomaly_key(struct anomaly *anomaly, const char *subject);

/* text_slug writes a sentence as part of a key: letters and digits, with dashes between words. */
void text_slug(char *out, size_t out_len, const char *text);

/* oracle_judge says whether the answer deviates. Overload and an endpoint that is not there are
 * none of its business. */
bool oracle_judge(struct anomaly *out, const struct oracle *oracle, const struct reading *reading,
		  const struct demand *demand, const struct observation *seen);

/* observation_class is the same for answers that look alike: layer, alert, version, suite,
 * extensions, violation, records, order of magnitude of the time. What a fuzzer without
 * instrumentation has for coverage. */
uint64_t observation_class(const struct observation *seen);

#endif
