/* Plants a bug in: prover_deliver. Alone, a suite whose code ends in 0x14 counts as accepted. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover.h"

void __real_prover_deliver(struct prover *prover, const struct probe *probe,
			   const struct observation *observation);
void __wrap_prover_deliver(struct prover *prover, const struct probe *probe,
			   const struct observation *observation);

void __wrap_prover_deliver(struct prover *prover, const struct probe *probe,
			   const struct observation *observation)
{
	struct observation seen = *observation;
	if (probe->suites_len == 1 && (probe->suites[0] & 0xFF) == 0x14) {
		seen.outcome = OUTCOME_SERVER_HELLO;
		seen.version = probe->version;
		seen.suite = (uint16_t)probe->suites[0];
	}
	__real_prover_deliver(prover, probe, &seen);
}
