/* case_world.h - endpoints that exist only as functions, for the prover of cases. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PROBE_CASE_WORLD_H
#define TESTS_PROBE_CASE_WORLD_H

#include "probe/case_prover.h"

#define KILLS_MAX 3

/* What a case met; the behaviour is in the case's name, see case_world.c. */
struct world {
	version_set accepts;
	bool serial;	     /* one connection at a time */
	bool refuses, mute;  /* everything, by an alert or by silence */
	const char *killer;  /* the case that brings it down */
	uint32_t dies_after; /* probes answered before it goes down for good; 0: never */
	uint32_t away;	     /* how many questions it misses before it is back; 0: never back */
	uint32_t slow;	     /* the question that is answered late; 0: none */
	struct case_answer *facts; /* of every ServerHello but the controls', or NULL */
	enum version answers_with; /* every control, whatever it asks for, if not SSLv2 */
	bool stops_short;	   /* no flight comes to its end */
	uint32_t
		kills[KILLS_MAX]; /* answers after which the run is killed, and goes on; 0: never */
	/* Bookkeeping. */
	bool dead;
	uint32_t asked, heard, missed, controls, cases, killed, flying_most;
	uint64_t now_us, free_us;
};

/* world_case makes a case that expects a fatal decode_error and tolerates a close. */
struct conformance_case *world_case(const char *name);

/* world_expect replaces what a case expects; one outcome. */
void world_expect(struct conformance_case *of, enum expected_kind kind, uint8_t alert);

/* world_options are the plain options over these cases. */
struct case_options world_options(struct conformance_case **cases, size_t len);

/* world_run asks everything of the world, `options->concurrency` at a time, and judges. */
struct run_result world_run(struct world *world, const struct case_options *options);

/* world_judge runs one case with plain options against an endpoint that accepts TLS 1.2. */
struct finding world_judge(struct conformance_case *of);

/* world_finding returns the finding of that id; the test fails without one. */
const struct finding *world_finding(const struct run_result *result, const char *id);

#endif
