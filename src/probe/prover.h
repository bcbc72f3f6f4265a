/* prover.h - plans the probes that settle a policy's cells, and judges the answers. Pure: no I/O,
 * no clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PROVER_H
#define PROBE_PROVER_H

#include "crypto/x509.h"
#include "probe/finding.h"

struct prover_options {
	const struct upgrade *upgrade;
	struct shape shape;
	const char *user, *database;
	bool exhaustive;      /* every cell by itself */
	bool all_code_points; /* all 65,536 instead of the registry and the suites known in the wild
			       */
	bool strict;
	unsigned repeat; /* each question so many times; 0 counts as 1 */
	unsigned audits; /* members of proven groups asked singly */
	uint64_t seed;
	const char *only;		       /* glob over ids, or NULL */
	unsigned shard, shards;		       /* 1-based; shards 0 or 1: everything */
	enum depth depth;		       /* that an acceptance must come to */
	const struct credentials *credentials; /* or NULL */
	bool gateway; /* TLS ends before the server: its own word about the session is not judged */
	const struct trust_store *trust; /* of --ca, or NULL: roots stay unjudged */
	const char *verify_name; /* the name that was asked for, or NULL: names stay unjudged */
	/* What the endpoint is able to do at all, or NULL: it must do what the policy accepts. */
	bool (*supports)(enum version version, uint16_t suite);
};

enum prover_step {
	PROVER_PROBE, /* *out is to be asked */
	PROVER_WAIT,  /* deliver an answer first */
	PROVER_DONE,
};

struct prover;

/* prover_new plans for `settings`; everything lives in `arena`. NULL when the arena is exhausted.
 */
struct prover *prover_new(struct arena *arena, const struct settings *settings,
			  const struct prover_options *options);

/* prover_next hands out the next probe, with its id. */
enum prover_step prover_next(struct prover *prover, struct probe *out);

/* prover_deliver takes the final answer to a probe, retries included. */
void prover_deliver(struct prover *prover, const struct probe *probe,
		    const struct observation *observation);

/* prover_progress says how many probes were answered, and how many are known to be needed. */
void prover_progress(const struct prover *prover, size_t *answered, size_t *planned);

/*
 * prover_judge makes the findings, in the order: versions, suites by version and code, plaintext,
 * certificate, the rest. After an interruption, what is not known is inconclusive. Faults:
 * NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault prover_judge(struct prover *prover, struct run_result *out);

#endif
