/* simulation.h - endpoints that exist only as functions, for the planner and the judge. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PROBE_SIMULATION_H
#define TESTS_PROBE_SIMULATION_H

#include "base/rng.h"
#include "probe/prover.h"

/* What the endpoint does; zero means an endpoint that rejects everything with handshake_failure. */
struct simulation {
	/* Whether a hello with only this pair is accepted. */
	bool (*accepts)(const struct simulation *simulation, enum version version, uint32_t suite);
	uint64_t seed;		  /* for accepts functions that draw their table */
	size_t suites_max;	  /* longer hellos get decode_error; 0: no limit */
	bool prefers_and_aborts;  /* takes an ECDSA suite first, and then cannot sign for it */
	bool prefers_reverse;	  /* takes the last acceptable suite instead of the first */
	uint32_t dies_after;	  /* probes answered before it goes down; 0: never */
	uint32_t revives_after;	  /* probes answered before it is up again; 0: never */
	bool breaks;		  /* every handshake breaks behind its ServerHello */
	uint32_t aborts_with;	  /* a suite whose ServerHello is followed by an alert; 0: none */
	uint32_t poison;	  /* a suite that spoils a hello without one of the four; 0: none */
	enum outcome poisoned;	  /* how that looks */
	enum outcome death;	  /* what a dead endpoint looks like */
	unsigned refuses_percent; /* of connections, at random, without retries */
	bool garbles, cuts_off;	  /* every ServerHello breaks a rule, or ends in the middle */
	bool silent, plaintext_only, plaintext_accepted, closes_silently;
	enum version
		answers_with;	 /* every TLS hello is answered with it and 0xC02F, if not SSLv2 */
	struct span sslv2_kinds; /* what an SSLv2 SERVER-HELLO lists; empty: a close */
	bool (*backend)(const struct simulation *simulation, enum version version, uint32_t suite);
	/* Bookkeeping. */
	uint32_t asked;
	uint64_t now_us;
	struct rng rng;
};

/* Runs a prover to its end against a simulation, `concurrency` probes at a time, answers shuffled.
 */
void simulation_run(struct simulation *simulation, struct prover *prover, size_t concurrency);

/* Plans, runs and judges in one step, with the strict policy and default options but for `options`.
 */
struct run_result simulation_judge(struct simulation *simulation,
				   const struct prover_options *options);

/* The same under another policy, given as text. */
struct run_result simulation_judge_under(struct simulation *simulation, const char *policy);

/* The finding with this id, or NULL. */
const struct finding *simulation_finding(const struct run_result *result, const char *id);

/* The four suites at TLS 1.2, and nothing else. */
bool accepts_four(const struct simulation *simulation, enum version version, uint32_t suite);

#endif
