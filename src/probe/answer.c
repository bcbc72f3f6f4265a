/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover_internal.h"

/* What an observation means for a hello that offered one version and some suites. */
enum meaning {
	MEANS_NOTHING, /* silence, overload, garbage: neither accepted nor rejected */
	MEANS_ACCEPTED,
	MEANS_BROKEN, /* a ServerHello that accepts, and then a handshake that breaks a rule */
	MEANS_REJECTED,
	MEANS_OTHER_VERSION,
	MEANS_NOT_OFFERED,
};

/* Halving a set that meets silence is bounded: each silent probe costs a whole deadline. */
#define SILENT_SPLITS_MAX 8

static bool offers(const struct question *question, uint32_t suite)
{
	for (size_t i = 0; i < question->codes_len; i++)
		if (question->codes[i] == suite)
			return true;
	return false;
}

static enum meaning meaning_of(const struct question *question,
			       const struct observation *observation)
{
	if (observation->overload)
		return MEANS_NOTHING;
	if (observation_is_rejection(observation))
		return MEANS_REJECTED;
	if (observation->outcome != OUTCOME_SERVER_HELLO)
		return MEANS_NOTHING;
	if (observation->version != question->version)
		return MEANS_OTHER_VERSION;
	if (!offers(question, observation->suite))
		return MEANS_NOT_OFFERED;
	return observation->broken ? MEANS_BROKEN : MEANS_ACCEPTED;
}

bool answer_is_garbled(const struct prover *prover, const struct cell *cell, uint32_t answer)
{
	if (answer == NO_INDEX)
		return false;
	const struct observation *seen = &prover->answers.at[answer];
	if (seen->overload || seen->layer == LAYER_APPLICATION)
		return false;
	if (seen->outcome == OUTCOME_GARBAGE)
		return !seen->cut_off;
	return seen->outcome == OUTCOME_SERVER_HELLO && seen->version == cell->version &&
	       seen->suite != cell->code;
}

static void settle(struct cell *cell, enum cell_state state, uint32_t answer, enum proof proof,
		   size_t group_len)
{
	cell->state = state;
	cell->answer = answer;
	cell->proof = proof;
	cell->group_len = (uint16_t)group_len;
}

/* An accepted pair is credited to its own cell, whoever asked (rule 1). */
static struct cell *credit(struct prover *prover, const struct question *question, uint32_t answer)
{
	const struct observation *seen = &prover->answers.at[answer];
	if (seen->version == VERSION_NONE || seen->version == SSLV2)
		return NULL;
	struct cell *cell = plan_cell(prover, seen->version, seen->suite);
	bool shallow = question->kind == ASK_CONTROL || question->kind == ASK_GOOD;
	if (shallow && prover->options.depth > DEPTH_HELLO)
		return cell; /* it was followed to its ServerHello only */
	if (!cell) {
		cell = plan_cell_add(prover, seen->version, seen->suite);
		if (!cell)
			return NULL;
		cell->outside = true;
		cell->selected = cell->selected || prover->version_wanted[seen->version];
	}
	if (cell->state == CELL_REJECTED && cell->proof == PROOF_GROUP)
		cell->disputed = true;
	else if (cell->state == CELL_REJECTED)
		cell->inconsistent = true;
	if (cell->state != CELL_ACCEPTED)
		settle(cell, CELL_ACCEPTED, answer,
		       question->codes_len == 1 ? PROOF_SINGLE : PROOF_GROUP, question->codes_len);
	if (!offers(question, seen->suite))
		cell->not_offered = true;
	else if (prover->good[seen->version] == NO_INDEX && !seen->broken)
		prover->good[seen->version] = answer;
	return cell;
}

static void note_split(struct cell *cell, const struct question *question)
{
	cell->inconsistent = cell->inconsistent || question->split;
	if (question->split)
		cell->split = question->split;
}

static void take_single(struct prover *prover, struct question *question, uint32_t answer,
			enum meaning meaning)
{
	struct cell *cell = &prover->cells.at[question->subject];
	note_split(cell, question);
	bool accepted = meaning == MEANS_ACCEPTED || meaning == MEANS_BROKEN;
	if (cell->state == CELL_ACCEPTED && !accepted) {
		cell->inconsistent = true;
		return;
	}
	if (meaning == MEANS_NOTHING || meaning == MEANS_NOT_OFFERED)
		settle(cell, CELL_UNKNOWN, answer, PROOF_SINGLE, 1);
	else if (!accepted)
		settle(cell, CELL_REJECTED, answer, PROOF_SINGLE, 1);
}

static void take_confirm(struct prover *prover, struct question *question, uint32_t answer,
			 enum meaning meaning)
{
	struct cell *cell = &prover->cells.at[question->subject];
	bool accepted = meaning == MEANS_ACCEPTED || meaning == MEANS_BROKEN;
	note_split(cell, question);
	if (cell->state == CELL_UNKNOWN && !question->split) {
		cell->garbled = answer_is_garbled(prover, cell, answer);
		cell->inconsistent = accepted || meaning == MEANS_REJECTED;
		return;
	}
	if (meaning == MEANS_NOTHING || meaning == MEANS_NOT_OFFERED || question->split ||
	    accepted != (cell->state == CELL_ACCEPTED)) {
		cell->inconsistent = true;
		return;
	}
	settle(cell, cell->state, answer, PROOF_SINGLE, 1);
}

void task_settle(struct prover *prover, const struct task *task, enum cell_state state,
		 uint32_t control)
{
	for (size_t i = 0; i < task->len; i++) {
		struct cell *cell = plan_cell(prover, task->version, task->suites[i]);
		if (!cell || cell->state == CELL_ACCEPTED || cell->state == CELL_REJECTED)
			continue;
		settle(cell, state, task->answer, task->len == 1 ? PROOF_SINGLE : PROOF_GROUP,
		       task->len);
		cell->control = control;
	}
}

/* The rest of a set, without the suites that are known to be accepted at its version. */
static void task_without_accepted(struct prover *prover, uint32_t number)
{
	struct task old = prover->tasks.at[number];
	uint16_t rest[SUITE_SET_MAX];
	size_t len = 0;
	for (size_t i = 0; i < old.len; i++) {
		const struct cell *cell = plan_cell(prover, old.version, old.suites[i]);
		if (!cell || cell->state != CELL_ACCEPTED)
			rest[len++] = old.suites[i];
	}
	prover->tasks.at[number].state = TASK_SPLIT;
	struct task *task = len && len < old.len ? task_add(prover, old.version, rest, len) : NULL;
	if (task)
		ask_group(prover, task);
}

void task_halve(struct prover *prover, uint32_t number)
{
	struct task old = prover->tasks.at[number];
	size_t half = old.len / 2;
	prover->tasks.at[number].state = TASK_SPLIT;
	struct task *first = task_add(prover, old.version, old.suites, half);
	if (first)
		ask_group(prover, first);
	struct task *second = task_add(prover, old.version, old.suites + half, old.len - half);
	if (second)
		ask_group(prover, second);
}

/* The suite that a ServerHello named before the handshake failed says nothing about its neighbours.
 */
static void task_without_named(struct prover *prover, uint32_t number, uint16_t named)
{
	struct task old = prover->tasks.at[number];
	uint16_t rest[SUITE_SET_MAX];
	size_t len = 0;
	for (size_t i = 0; i < old.len; i++)
		if (old.suites[i] != named)
			rest[len++] = old.suites[i];
	prover->tasks.at[number].state = TASK_SPLIT;
	struct task *single = task_add(prover, old.version, &named, 1);
	if (single)
		ask_group(prover, single);
	struct task *others = task_add(prover, old.version, rest, len);
	if (others)
		ask_group(prover, others);
}

static void take_group(struct prover *prover, struct question *question, uint32_t answer,
		       enum meaning meaning)
{
	uint32_t number = question->subject;
	struct task *task = &prover->tasks.at[number];
	task->answer = answer;
	if (question->split && task->len > 1) {
		task_halve(prover, number);
		return;
	}
	if (question->split) {
		struct cell *cell = plan_cell(prover, task->version, task->suites[0]);
		task->state = TASK_UNKNOWN;
		task_settle(prover, task, CELL_UNKNOWN, NO_INDEX);
		if (cell)
			note_split(cell, question);
		return;
	}
	const struct observation *seen = &prover->answers.at[answer];
	bool named = seen->after_server_hello && offers(question, seen->suite);
	if (meaning == MEANS_REJECTED && named && task->len > 1) {
		task_without_named(prover, number, seen->suite);
		return;
	}
	switch (meaning) {
	case MEANS_ACCEPTED:
	case MEANS_BROKEN:
		task_without_accepted(prover, number);
		return;
	case MEANS_REJECTED:
	case MEANS_OTHER_VERSION:
		task->state = TASK_REJECTED;
		return;
	case MEANS_NOTHING:
	case MEANS_NOT_OFFERED:
		if (task->len > 1 && prover->silent_splits < SILENT_SPLITS_MAX) {
			prover->silent_splits++;
			task_halve(prover, number);
			return;
		}
		task->state = TASK_UNKNOWN;
		task_settle(prover, task, CELL_UNKNOWN, NO_INDEX);
		return;
	}
}

/* A member answered beside the known-good suite although the set alone was refused. */
static bool contradicts(const struct prover *prover, const struct question *question,
			const struct task *task, uint32_t answer)
{
	const struct observation *seen = &prover->answers.at[answer];
	if (task->version != question->version)
		return false;
	for (size_t i = 0; i < task->len; i++)
		if (task->suites[i] == seen->suite)
			return true;
	return false;
}

static void settle_control(struct prover *prover, const struct question *question, uint32_t number,
			   uint32_t answer, enum meaning meaning)
{
	struct task *task = &prover->tasks.at[number];
	bool contradicted =
		meaning == MEANS_ACCEPTED && contradicts(prover, question, task, answer);
	if (contradicted && prover->options.depth > DEPTH_HELLO && task->len > 1) {
		/* A control is followed to its ServerHello only: the suite is asked by itself. */
		task_without_named(prover, number, prover->answers.at[answer].suite);
		return;
	}
	if (contradicted && prover->options.depth == DEPTH_HELLO) {
		struct cell *cell =
			plan_cell(prover, task->version, prover->answers.at[answer].suite);
		if (cell)
			cell->disputed = true;
		task_without_accepted(prover, number);
		return;
	}
	if (meaning != MEANS_ACCEPTED && task->len > 1) {
		task_halve(prover, number);
		return;
	}
	/* A single suite that spoils even the known-good one rests on the windows alone. */
	task->state = TASK_PROVEN;
	task->control = meaning == MEANS_ACCEPTED && !contradicted ? answer : NO_INDEX;
	task_settle(prover, task, CELL_REJECTED, task->control);
}

void answer_take_control(struct prover *prover, const struct question *question, uint32_t answer)
{
	uint32_t asked = (uint32_t)(question - prover->questions.at);
	const struct question copy = *question;
	enum meaning meaning = meaning_of(&copy, &prover->answers.at[answer]);
	for (uint32_t i = 0; i < prover->tasks.len; i++) {
		const struct task *task = &prover->tasks.at[i];
		if (task->state == TASK_CONTROL && task->control == asked)
			settle_control(prover, &copy, i, answer, meaning);
	}
}

/* An audit that is accepted although its group was refused turns the whole group to single probes.
 */
static void take_audit(struct prover *prover, const struct question *question, enum meaning meaning)
{
	struct cell *cell = &prover->cells.at[question->subject];
	note_split(cell, question);
	prover->audits += meaning != MEANS_NOTHING;
	if (meaning == MEANS_ACCEPTED && cell->state == CELL_ACCEPTED)
		cell->audited = true;
}

static bool kind_listed(struct span kinds, uint32_t code)
{
	for (size_t i = 0; i + 3 <= kinds.len; i += 3) {
		const uint8_t *at = kinds.at + i;
		if (((uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2]) == code)
			return true;
	}
	return false;
}

/* SSLv2 selects nothing: a kind is accepted if and only if the SERVER-HELLO lists it (rule 5). */
static void take_sslv2(struct prover *prover, const struct question *question, uint32_t answer)
{
	const struct observation *seen = &prover->answers.at[answer];
	bool listed = seen->outcome == OUTCOME_SERVER_HELLO && seen->version == SSLV2;
	bool rejected = !seen->overload && observation_is_rejection(seen);
	prover->sslv2_answer = answer;
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		if (cell->version != SSLV2)
			continue;
		enum cell_state state = rejected ? CELL_REJECTED : CELL_UNKNOWN;
		if (listed)
			state = kind_listed(seen->kinds, cell->code) ? CELL_ACCEPTED
								     : CELL_REJECTED;
		settle(cell, question->split ? CELL_UNKNOWN : state, answer, PROOF_GROUP,
		       question->codes_len);
		note_split(cell, question);
	}
}

static void take_plaintext(struct prover *prover, const struct question *question, uint32_t answer)
{
	prover->plaintext_answer = answer;
	prover->plaintext_split = question->split;
}

/* Success in the sense of controls: the endpoint let something in that it is known to let in. */
static void note_window(struct prover *prover, const struct question *question, uint32_t answer,
			enum meaning meaning)
{
	const struct observation *seen = &prover->answers.at[answer];
	const char *positive = prover->settings.policy->positive_refusal;
	bool declared = positive && seen->refusal && strcmp(seen->refusal->sqlstate, positive) == 0;
	if (meaning == MEANS_ACCEPTED || seen->outcome == OUTCOME_PLAINTEXT || declared)
		window_note(prover, seen, true);
	else if (question->kind == ASK_GOOD)
		window_note(prover, seen, false);
}

void answer_take(struct prover *prover, struct question *question, uint32_t answer)
{
	const struct observation *seen = &prover->answers.at[answer];
	enum meaning meaning =
		question->probe_kind == PROBE_HELLO ? meaning_of(question, seen) : MEANS_NOTHING;
	note_window(prover, question, answer, meaning);
	if (meaning == MEANS_ACCEPTED || meaning == MEANS_BROKEN ||
	    meaning == MEANS_OTHER_VERSION || meaning == MEANS_NOT_OFFERED)
		credit(prover, question, answer);

	switch (question->kind) {
	case ASK_CELL:
		take_single(prover, question, answer, meaning);
		break;
	case ASK_CONFIRM:
		take_confirm(prover, question, answer, meaning);
		break;
	case ASK_GROUP:
		take_group(prover, question, answer, meaning);
		break;
	case ASK_CONTROL:
		prover->controls_failed += meaning != MEANS_ACCEPTED;
		answer_take_control(prover, question, answer);
		break;
	case ASK_AUDIT:
		take_audit(prover, question, meaning);
		break;
	case ASK_NEGATIVE:
		prover->negative[question->version] = answer;
		break;
	case ASK_SSLV2:
		take_sslv2(prover, question, answer);
		break;
	case ASK_PLAINTEXT:
		take_plaintext(prover, question, answer);
		break;
	case ASK_GOOD:
		prover->controls_failed += meaning != MEANS_ACCEPTED;
		break;
	case ASK_DISCOVER:
		break;
	}
}
