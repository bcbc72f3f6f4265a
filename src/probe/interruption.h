/* interruption.h - a run that goes on after it was broken off: when, and what answered since. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_INTERRUPTION_H
#define PROBE_INTERRUPTION_H

#include "probe/case_prover.h"

/* An accepted hello that was asked outside of the prover's plan; times as observations have them.
 */
struct interruption_control {
	enum version version; /* VERSION_NONE: a session in clear */
	uint64_t started_us, ended_us;
};

#define INTERRUPTION_CONTROLS_MAX (VERSIONS_LEN + 1)

/* `at_us`: nobody watched the endpoint between the last answer before and this. */
struct interruption {
	uint64_t at_us;
	struct interruption_control controls[INTERRUPTION_CONTROLS_MAX];
	size_t len;
};

/* prover_interrupted takes the controls into its windows: what was rejected before is closed by
 * them.
 */
void prover_interrupted(struct prover *prover, const struct interruption *interruption);

/*
 * case_prover_interrupted does the same, and no window spans the interruption: a case may bring the
 * endpoint down, and somebody may have started it again since. What had no control behind it is
 * asked again.
 */
void case_prover_interrupted(struct case_prover *prover, const struct interruption *interruption);

/* prover_is_success says that the answer to a probe of the prover's counts as a control;
 * case_prover_is_success the same of a case prover's controls. */
bool prover_is_success(const struct probe *probe, const struct observation *seen);
bool case_prover_is_success(const struct probe *probe, const struct observation *seen);

#endif
