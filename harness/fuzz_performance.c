/* Replaces: group_agree dh_agree signature_verify. By: memo.c, which remembers their answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_case.h"

const size_t harness_memory_max = (size_t)24 << 20;

/* Two bytes choose the case, three the version, the pieces and the end of what the peer says. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	const struct conformance_case *of = rig_case(cursor_u16(&in));
	uint8_t version = cursor_u8(&in), chunk = cursor_u8(&in), end = cursor_u8(&in);
	rig_performance(of, TLS1_0 + version % (VERSIONS_LEN - TLS1_0), cursor_rest(&in),
			1u + chunk, end);
}
