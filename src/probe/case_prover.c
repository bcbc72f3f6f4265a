/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#define CONTROL_EVERY 32

struct case_prover *case_prover_new(struct arena *arena, const struct case_options *options)
{
	struct case_prover *prover = arena_alloc(arena, sizeof(*prover));
	if (!prover)
		return NULL;
	prover->arena = arena;
	prover->options = *options;
	prover->shape =
		(struct shape){ .server_name = options->server_name, .alpn = options->alpn };
	prover->home = prover->last_version = VERSION_NONE;
	return case_plan(prover) ? prover : NULL;
}

/* The same bytes whenever the same case is asked: its random is drawn by its id. */
static uint32_t stream_of(const char *id)
{
	uint32_t hash = 2166136261u;
	for (; *id; id++)
		hash = (hash ^ (uint8_t)*id) * 16777619u;
	return hash;
}

static bool trial_probe(struct case_prover *prover, struct probe *out, uint32_t number)
{
	struct trial *trial = &prover->trials.at[number];
	struct conduct *conduct = arena_alloc(prover->arena, sizeof(*conduct));
	if (!conduct)
		return false;
	*conduct = (struct conduct){
		.of = trial->of,
		.setting = {
			.version = trial->version,
			.server_name = prover->options.server_name,
			.alpn = prover->options.alpn,
			.seed = prover->options.seed,
			.stream = stream_of(trial->id),
			.member = trial->member,
			.captured_ticket = trial->ticket,
			.captured_session_id = trial->session_id,
		},
		.quiet_ms = case_quiet_ms(prover, trial->patient),
	};
	trial->quiet_ms = conduct->quiet_ms;
	trial->in_flight = true;
	out->conduct = conduct;
	out->version = trial->version;
	out->purpose = trial->of->is_feature ? PURPOSE_FEATURE
		       : trial->same	     ? PURPOSE_CONFIRM
					     : PURPOSE_CASE;
	out->question = number;
	return true;
}

static bool take_due(struct case_prover *prover, struct probe *out)
{
	if (prover->silence_due) {
		prover->silence_due = false;
		case_silence_probe(prover, out);
		return true;
	}
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++) {
		if (!(prover->due & VERSION_BIT(v)))
			continue;
		prover->due &= (version_set)~VERSION_BIT(v);
		prover->since_control = 0;
		case_control_probe(prover, out, v);
		return out->conduct != NULL;
	}
	return false;
}

/* The control that closes what was handed out so far does not wait for the answers. */
static bool take_trial(struct case_prover *prover, struct probe *out)
{
	if (!prover->working || prover->failed || prover->returned)
		return false;
	struct group *group = &prover->groups.at[prover->groups.len - 1];
	if (group->at == group->len)
		return false;
	uint32_t number = group->trials[group->at];
	enum version version = prover->trials.at[number].version;
	if (prover->since_control == CONTROL_EVERY ||
	    (prover->since_control && prover->last_version != version)) {
		prover->due = VERSION_BIT(prover->last_version);
		return take_due(prover, out);
	}
	if (!trial_probe(prover, out, number))
		return false;
	group->at++;
	prover->since_control++;
	prover->last_version = version;
	return true;
}

static bool hand_out(struct case_prover *prover, struct probe *out)
{
	*out = (struct probe){
		.id = prover->next_id + 1,
		.kind = PROBE_CASE,
		.shape = &prover->shape,
		.upgrade = prover->options.upgrade,
		.user = prover->options.user,
		.database = prover->options.database,
		.credentials = prover->options.credentials,
		.depth = DEPTH_HELLO,
		.seed = prover->options.seed,
	};
	bool one_at_a_time = prover->serial || prover->recovering;
	size_t limit = one_at_a_time ? 1 : prover->limit;
	if (limit && prover->outstanding >= limit)
		return false;
	if (!take_due(prover, out) && (prover->opening || !take_trial(prover, out)))
		return false;
	prover->next_id++;
	prover->outstanding++;
	return true;
}

static bool advance(struct case_prover *prover)
{
	prover->opening = false;
	if (prover->arena->fault != FAULT_NONE)
		return false;
	switch (prover->stage) {
	case STAGE_VERSIONS:
		return case_versions_advance(prover);
	case STAGE_SERIAL:
		return case_serial_advance(prover);
	case STAGE_FEATURES:
	case STAGE_CASES:
		return prover->failed || prover->returned ? case_crash_advance(prover)
							  : case_group_advance(prover);
	case STAGE_DONE:
		break;
	}
	return false;
}

enum prover_step case_prover_next(struct case_prover *prover, struct probe *out)
{
	while (!hand_out(prover, out)) {
		if (prover->outstanding)
			return PROVER_WAIT;
		if (!advance(prover))
			return PROVER_DONE;
	}
	return PROVER_PROBE;
}

void case_prover_deliver(struct case_prover *prover, const struct probe *probe,
			 const struct observation *observation)
{
	prover->outstanding--;
	prover->answered++;
	prover->reached = prover->reached || observation_is_answer(observation);
	if (probe->conduct->is_control) {
		case_control_take(prover, probe->version, observation);
	} else if (probe->conduct == &prover->silence) {
		prover->silent_answer = *observation;
	} else {
		struct trial *trial = &prover->trials.at[probe->question];
		trial->latest = *observation;
		trial->answered = true;
		trial->in_flight = false;
		/* It may be back before the next control. */
		if (observation->outcome == OUTCOME_UNREACHABLE && !observation->overload)
			case_failure_take(prover, trial->version, observation);
	}
}

void case_prover_progress(const struct case_prover *prover, size_t *answered, size_t *planned)
{
	size_t open = 0;
	for (size_t i = 0; i < prover->trials.len; i++)
		open += !prover->trials.at[i].settled && !prover->trials.at[i].answered;
	*answered = prover->answered;
	*planned = prover->answered + prover->outstanding + open;
}
