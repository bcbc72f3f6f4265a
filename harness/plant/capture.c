/* Plants a bug in: capture_flows_add. A segment of more than 40 bytes ends a byte early. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture_flow.h"

enum fault __real_capture_flows_add(struct capture_flows *flows,
				    const struct capture_segment *segment, uint32_t packet);
enum fault __wrap_capture_flows_add(struct capture_flows *flows,
				    const struct capture_segment *segment, uint32_t packet);

enum fault __wrap_capture_flows_add(struct capture_flows *flows,
				    const struct capture_segment *segment, uint32_t packet)
{
	struct capture_segment shorter = *segment;
	if (shorter.payload.len > 40)
		shorter.payload.len--;
	return __real_capture_flows_add(flows, &shorter, packet);
}
