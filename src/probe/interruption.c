/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/interruption.h"

#include "probe/case_prover_internal.h"
#include "probe/prover_internal.h"

bool prover_is_success(const struct probe *probe, const struct observation *seen)
{
	if (probe->kind == PROBE_PLAINTEXT)
		return seen->outcome == OUTCOME_PLAINTEXT;
	if (probe->kind != PROBE_HELLO || seen->outcome != OUTCOME_SERVER_HELLO || seen->broken ||
	    seen->version != probe->version)
		return false;
	for (size_t i = 0; i < probe->suites_len; i++)
		if (probe->suites[i] == seen->suite)
			return true;
	return false;
}

bool case_prover_is_success(const struct probe *probe, const struct observation *seen)
{
	return probe->kind == PROBE_CASE && probe->conduct->is_control &&
	       case_control_succeeded(seen, probe->version);
}

static struct observation times_of(const struct interruption_control *control)
{
	return (struct observation){ .started_us = control->started_us,
				     .ended_us = control->ended_us };
}

void prover_interrupted(struct prover *prover, const struct interruption *interruption)
{
	for (size_t i = 0; i < interruption->len; i++) {
		struct observation seen = times_of(&interruption->controls[i]);
		window_note(prover, &seen, true);
	}
}

static void add_mark(struct case_prover *prover, const struct control_mark *mark)
{
	struct control_mark *at = LIST_ADD(prover, prover->marks);
	if (at)
		*at = *mark;
}

void case_prover_interrupted(struct case_prover *prover, const struct interruption *interruption)
{
	memset(prover->good, 0, sizeof(prover->good));
	add_mark(prover, &(struct control_mark){ .started_us = interruption->at_us,
						 .ended_us = interruption->at_us,
						 .version = VERSION_NONE });
	for (size_t i = 0; i < interruption->len; i++) {
		const struct interruption_control *control = &interruption->controls[i];
		if (control->version >= VERSIONS_LEN)
			continue;
		prover->good[control->version] = true;
		add_mark(prover, &(struct control_mark){ control->started_us, control->ended_us,
							 control->version, true });
	}
}
