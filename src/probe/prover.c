/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover_internal.h"

struct prover *prover_new(struct arena *arena, const struct settings *settings,
			  const struct prover_options *options)
{
	struct prover *prover = arena_alloc(arena, sizeof(*prover));
	if (!prover)
		return NULL;
	prover->arena = arena;
	prover->settings = *settings;
	prover->settings.strict = settings->strict || options->strict;
	prover->options = *options;
	prover->plaintext_answer = prover->sslv2_answer = NO_INDEX;
	return plan_cells(prover) ? prover : NULL;
}

static enum probe_purpose purpose_of(const struct question *question)
{
	switch (question->kind) {
	case ASK_CELL:
	case ASK_SSLV2:
		return PURPOSE_SINGLE;
	case ASK_GROUP:
	case ASK_DISCOVER:
		return PURPOSE_GROUP;
	case ASK_CONTROL:
	case ASK_GOOD:
		return PURPOSE_CONTROL;
	case ASK_NEGATIVE:
		return PURPOSE_NEGATIVE;
	case ASK_AUDIT:
		return PURPOSE_AUDIT;
	case ASK_CONFIRM:
		return PURPOSE_CONFIRM;
	case ASK_PLAINTEXT:
		break;
	}
	return PURPOSE_PLAINTEXT;
}

/* Controls repeat what was followed to its end before; a rejection needs no depth at all. */
static enum depth depth_of(const struct prover *prover, const struct question *question)
{
	bool known = question->kind == ASK_CONTROL || question->kind == ASK_GOOD;
	return known ? DEPTH_HELLO : prover->options.depth;
}

enum prover_step prover_next(struct prover *prover, struct probe *out)
{
	if (prover->queue_at == prover->queue.len) {
		if (prover->outstanding)
			return PROVER_WAIT;
		if (!rounds_advance(prover))
			return PROVER_DONE;
	}
	uint32_t number = prover->queue.at[prover->queue_at++];
	const struct question *question = &prover->questions.at[number];
	*out = (struct probe){
		.id = ++prover->next_id,
		.kind = question->probe_kind,
		.purpose = purpose_of(question),
		.version = question->version,
		.suites_len = question->codes_len,
		.shape = &prover->options.shape,
		.upgrade = prover->options.upgrade,
		.user = prover->options.user,
		.database = prover->options.database,
		.depth = depth_of(prover, question),
		.credentials = prover->options.credentials,
		.whole_flight = question->whole_flight,
		.seed = prover->options.seed,
		.question = number,
	};
	if (question->codes_len)
		memcpy(out->suites, question->codes, question->codes_len * sizeof(uint32_t));
	prover->outstanding++;
	return PROVER_PROBE;
}

/* What a peer says is cut here. */
#define PHRASE_LEN 256

static const char *split_text(struct prover *prover, const struct question *question)
{
	char first[PHRASE_LEN], other[PHRASE_LEN];
	observation_describe(first, sizeof(first), &prover->answers.at[question->first]);
	observation_describe(other, sizeof(other), &prover->answers.at[question->other]);
	return arena_printf(prover->arena, "inconsistent: %u of %u answers: %s; %u: %s",
			    question->same, question->same + question->others, first,
			    question->others, other);
}

/* Several answers to one question: the first stands, and a later one that differs is remembered. */
static bool repetition(struct prover *prover, struct question *question, uint32_t answer)
{
	if (question->first == NO_INDEX)
		question->first = answer;
	if (observation_same_class(&prover->answers.at[question->first],
				   &prover->answers.at[answer]))
		question->same++;
	else if (question->others++ == 0)
		question->other = answer;
	if (!question->left) {
		question->split = question->others ? split_text(prover, question) : NULL;
		return false;
	}
	ask_again(prover, question);
	return true;
}

void prover_deliver(struct prover *prover, const struct probe *probe,
		    const struct observation *observation)
{
	struct observation *slot = LIST_ADD(prover, prover->answers);
	prover->outstanding--;
	if (!slot)
		return;
	*slot = *observation;
	uint32_t answer = (uint32_t)(prover->answers.len - 1);
	struct question *question = &prover->questions.at[probe->question];
	if (repetition(prover, question, answer))
		return;
	question = &prover->questions.at[probe->question];
	question->answer = question->split ? question->first : answer;
	answer_take(prover, question, question->answer);
}

void prover_progress(const struct prover *prover, size_t *answered, size_t *planned)
{
	*answered = prover->answers.len;
	*planned = prover->queue.len;
}
