/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_ruling.h"

const size_t harness_memory_max = 0;

/* One byte chooses a policy, some its settings; then every two bytes are a suite that is offered.
 */
void harness_run(struct span input)
{
	struct rig_ruling rig;
	struct cursor in = cursor_over(input);
	rig_ruling_init(&rig, &in);
	rig_ruling_version(&rig, cursor_u8(&in) % VERSIONS_LEN);
	while (cursor_left(&in) > 1 && rig.suites_len < RIG_RULING_SUITES) {
		rig_ruling_suite(&rig, cursor_u16(&in));
		rig_ruling_offer(&rig);
	}
	rig_ruling_rises(&rig);
}
