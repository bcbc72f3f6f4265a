/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_target.h"

bool rig_target_text(char out[RIG_TARGET_MAX], struct span input)
{
	if (input.len >= RIG_TARGET_MAX || (input.len && memchr(input.at, 0, input.len)))
		return false;
	if (input.len)
		memcpy(out, input.at, input.len);
	out[input.len] = '\0';
	return true;
}

bool rig_target(struct target *out, const char *text)
{
	char why[256] = "";
	enum fault fault =
		target_parse(out, text, upgrade_by_name(span_text("tls")), why, sizeof(why));
	CHECK(fault == FAULT_NONE || (fault == FAULT_USAGE && why[0]));
	CHECK(fault != FAULT_NONE || (out->host[0] && out->port && out->upgrade));
	harness_note(span_text(why));
	return fault == FAULT_NONE;
}
