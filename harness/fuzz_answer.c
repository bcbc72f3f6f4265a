/* Replaces: group_agree dh_agree signature_verify. By: memo.c, which remembers their answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_answer.h"

const size_t harness_memory_max = (size_t)4 << 20;

/* A ClientHello, a HelloRetryRequest or nothing, and the ServerHello that answers both. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	struct span hello = cursor_vec16(&in), retry = cursor_vec16(&in), answer = cursor_rest(&in);
	struct rig_answer rig;
	if (!rig_answer_init(&rig, hello, retry, answer))
		return;
	enum violation violation = rig_answer_check(&rig);
	if (violation == VIOLATION_NONE) {
		rig_answer_was_asked_for(&rig);
	} else {
		rig_answer_is_wrong(&rig, violation);
		rig_answer_ends_a_handshake(&rig);
	}
}
