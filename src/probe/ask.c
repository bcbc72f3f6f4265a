/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover_internal.h"

static void enqueue(struct prover *prover, uint32_t question)
{
	uint32_t *slot = LIST_ADD(prover, prover->queue);
	if (slot)
		*slot = question;
}

/* A question whose codes could not be kept is not asked: the arena's fault is reported at the end.
 */
static struct question *ask_many(struct prover *prover, enum question_kind kind,
				 enum version version, uint32_t subject, const uint32_t *codes,
				 size_t codes_len)
{
	struct question *question = LIST_ADD(prover, prover->questions);
	uint32_t *kept = arena_array(prover->arena, codes_len, sizeof(*kept));
	if (!question || !kept)
		return NULL;
	if (codes_len)
		memcpy(kept, codes, codes_len * sizeof(*kept));
	*question = (struct question){
		.kind = kind,
		.probe_kind = PROBE_HELLO,
		.version = version,
		.subject = subject,
		.codes = kept,
		.codes_len = codes_len,
		.left = prover->options.repeat > 1 ? prover->options.repeat - 1 : 0,
		.first = NO_INDEX,
		.answer = NO_INDEX,
	};
	enqueue(prover, (uint32_t)(prover->questions.len - 1));
	return question;
}

void ask_again(struct prover *prover, struct question *question)
{
	question->left--;
	enqueue(prover, (uint32_t)(question - prover->questions.at));
}

void ask_cell(struct prover *prover, enum question_kind kind, const struct cell *cell)
{
	uint32_t subject = (uint32_t)(cell - prover->cells.at);
	struct question *question = ask_many(prover, kind, cell->version, subject, &cell->code, 1);
	/* Accepted cells are also where certificates and key exchanges are seen. */
	if (question)
		question->whole_flight = kind == ASK_CELL && cell->ruling.kind == RULING_ACCEPT;
}

struct task *task_add(struct prover *prover, enum version version, const uint16_t *suites,
		      size_t len)
{
	struct task *task = LIST_ADD(prover, prover->tasks);
	if (!task)
		return NULL;
	*task = (struct task){ .version = version, .answer = NO_INDEX, .control = NO_INDEX };
	memcpy(task->suites, suites, len * sizeof(*suites));
	task->len = len;
	return task;
}

static size_t task_codes(const struct task *task, uint32_t *codes)
{
	for (size_t i = 0; i < task->len; i++)
		codes[i] = task->suites[i];
	return task->len;
}

void ask_group(struct prover *prover, struct task *task)
{
	uint32_t codes[PROBE_SUITES_MAX];
	size_t len = task_codes(task, codes);
	task->state = TASK_ALONE;
	task->tries++;
	ask_many(prover, ASK_GROUP, task->version, (uint32_t)(task - prover->tasks.at), codes, len);
}

static uint32_t same_control(const struct prover *prover, enum version version,
			     const uint32_t *codes, size_t len)
{
	for (size_t i = 0; i < prover->questions.len; i++) {
		const struct question *question = &prover->questions.at[i];
		if (question->kind == ASK_CONTROL && question->version == version &&
		    question->codes_len == len &&
		    memcmp(question->codes, codes, len * sizeof(*codes)) == 0)
			return (uint32_t)i;
	}
	return NO_INDEX;
}

/*
 * Where the version is rejected as a whole, the control is the same list with the smallest edit: a
 * version that is accepted, and one suite known to be good there. One such control serves every
 * version that the same list was rejected in.
 */
void ask_control(struct prover *prover, struct task *task)
{
	enum version version = window_good_version(prover, task->version);
	uint32_t good = prover->answers.at[prover->good[version]].suite;
	uint32_t codes[PROBE_SUITES_MAX];
	size_t len = task_codes(task, codes);
	bool inside = false;
	for (size_t i = 0; i < len; i++)
		inside = inside || codes[i] == good;
	if (!inside)
		codes[len++] = good;

	task->state = TASK_CONTROL;
	task->control = same_control(prover, version, codes, len);
	if (task->control != NO_INDEX)
		return;
	prover->controls++;
	if (ask_many(prover, ASK_CONTROL, version, 0, codes, len))
		task->control = (uint32_t)(prover->questions.len - 1);
}

/* A code point that IANA has not assigned and nobody is known to use. */
#define UNASSIGNED_SUITE 0x9F9Fu

void ask_negative(struct prover *prover, enum version version)
{
	uint32_t code = UNASSIGNED_SUITE;
	prover->negative_asked[version] = true;
	ask_many(prover, ASK_NEGATIVE, version, version, &code, 1);
}

void ask_list(struct prover *prover, enum question_kind kind, enum version version,
	      const uint16_t *suites, size_t len)
{
	uint32_t codes[PROBE_SUITES_MAX];
	for (size_t i = 0; i < len; i++)
		codes[i] = suites[i];
	ask_many(prover, kind, version, version, codes, len);
}

void ask_plaintext(struct prover *prover)
{
	struct question *question = ask_many(prover, ASK_PLAINTEXT, VERSION_NONE, 0, NULL, 0);
	if (question)
		question->probe_kind = PROBE_PLAINTEXT;
}

void ask_sslv2(struct prover *prover)
{
	uint32_t codes[PROBE_SUITES_MAX];
	size_t len = 0;
	for (size_t i = 0; i < prover->cells.len && len < PROBE_SUITES_MAX; i++)
		if (prover->cells.at[i].version == SSLV2)
			codes[len++] = prover->cells.at[i].code;
	if (!len)
		return;
	struct question *question = ask_many(prover, ASK_SSLV2, SSLV2, 0, codes, len);
	if (question)
		question->probe_kind = PROBE_SSLV2;
}

bool ask_good(struct prover *prover)
{
	if (!window_has_control(prover))
		return false;
	prover->controls++;
	enum version version = window_good_version(prover, TLS1_2);
	if (version == VERSION_NONE) {
		ask_plaintext(prover);
		return true;
	}
	uint32_t code = prover->answers.at[prover->good[version]].suite;
	ask_many(prover, ASK_GOOD, version, version, &code, 1);
	return true;
}
