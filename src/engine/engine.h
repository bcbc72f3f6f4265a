/* engine.h - asks a prover's probes over the network: many in flight, each with its deadline. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "probe/exchange.h"
#include "probe/prover.h"
#include "probe/tape.h"
#include "transport/resolve.h"

/* One finished attempt, for evidence and for -v; views die with the call. */
struct engine_attempt {
	const struct probe *probe;
	const struct observation *observation;
	struct span sent, received;
	const struct exchange_turn *turns; /* in which order these came */
	size_t turns_len;
	bool final;		 /* false: it will be retried */
	const struct tape *tape; /* NULL unless the options ask for it */
};

/* Times in milliseconds; 0 takes the default. `rate` is connections a second, 0: unlimited. */
struct engine_options {
	struct address address;
	unsigned connect_ms; /* default 3000 */
	unsigned timeout_ms; /* whole probe, connect included; default 5000 */
	unsigned quiet_ms;   /* before an SSLv2 half-close; default 250 */
	unsigned retries;    /* after timeout, unreachable, overload */
	unsigned concurrency;
	unsigned rate;
	bool abrupt;	     /* reset what is answered: nobody waits for the peer to close */
	bool taped;	     /* keep the calls of each attempt: tape.h */
	uint64_t elapsed_us; /* the run's clock goes on from here */
	void *context;	     /* given to the hooks */
	void (*on_attempt)(void *context, const struct engine_attempt *attempt);
	void (*on_progress)(void *context, size_t answered,
			    size_t planned); /* at most 20 a second */
};

#define ENGINE_RETRIES_DEFAULT	   2
#define ENGINE_CONCURRENCY_DEFAULT 32

struct engine_result {
	uint32_t connections, retries;
	uint64_t duration_us;
	bool interrupted; /* SIGINT or SIGTERM: what is known was delivered, the rest was not asked
			   */
	bool abandoned;	  /* the endpoint was given up as unreachable: see engine.c */
};

/* engine_run drives the prover to PROVER_DONE. Faults: IO (the loop itself), NO_MEMORY. */
MUST_USE enum fault engine_run(struct engine_result *out, struct prover *prover, struct arena *keep,
			       const struct engine_options *options);

#endif
