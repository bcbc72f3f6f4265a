/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "probe/prover_internal.h"
#include "wire/extension/extension.h"

/* How many single probes stand between two controls of an exhaustive run. */
#define EXHAUSTIVE_WINDOW 64
/* How often the last round may ask for what no window covers. */
#define CLOSINGS_MAX	  3
/* Draws per audit: cells that are settled already are drawn in vain. */
#define AUDIT_TRIES	  16

/* The first questions: what the policy accepts. They find the known-good suites. */
static void round_open(struct prover *prover)
{
	for (size_t i = 0; i < prover->cells.len; i++) {
		const struct cell *cell = &prover->cells.at[i];
		enum ruling_kind kind = cell->ruling.kind;
		if (cell->version != SSLV2 && (kind == RULING_ACCEPT || kind == RULING_SHOULD))
			ask_cell(prover, ASK_CELL, cell);
	}
	prover->round = ROUND_DISCOVER;
}

/* What nearly every server of the last twenty years takes one of. */
static const uint16_t common_suites[] = { 0xC02F, 0xC030, 0xC02B, 0xC02C, 0xCCA8, 0xCCA9, 0xC027,
					  0xC028, 0xC023, 0xC024, 0xC013, 0xC014, 0xC009, 0xC00A,
					  0x009E, 0x009F, 0x0033, 0x0039, 0x009C, 0x009D, 0x003C,
					  0x003D, 0x002F, 0x0035, 0x000A, 0x0005 };
static const uint16_t common_suites_13[] = { 0x1301, 0x1302, 0x1303 };

/* A policy that names no suite, or none that is accepted, leaves the known-good ones to be found.
 */
static void round_discover(struct prover *prover)
{
	prover->round = ROUND_WIDE;
	if (window_good_version(prover, TLS1_2) != VERSION_NONE)
		return;
	for (enum version v = SSLV3; v < TLS1_3; v++)
		ask_list(prover, ASK_DISCOVER, v, common_suites,
			 sizeof(common_suites) / sizeof(common_suites[0]));
	ask_list(prover, ASK_DISCOVER, TLS1_3, common_suites_13,
		 sizeof(common_suites_13) / sizeof(common_suites_13[0]));
	if (prover->options.upgrade->has_plaintext)
		ask_plaintext(prover);
}

static bool set_is_open(struct prover *prover, enum version version, const uint16_t *codes,
			size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct cell *cell = plan_cell(prover, version, codes[i]);
		if (cell && cell->state == CELL_OPEN)
			return true;
	}
	return false;
}

static void ask_set(struct prover *prover, enum version version, const uint16_t *codes, size_t len)
{
	uint16_t rest[SUITE_SET_MAX];
	size_t rest_len = 0;
	if (!set_is_open(prover, version, codes, len))
		return;
	for (size_t i = 0; i < len; i++) {
		const struct cell *cell = plan_cell(prover, version, codes[i]);
		if (!cell || cell->state == CELL_OPEN)
			rest[rest_len++] = codes[i];
	}
	struct task *task = task_add(prover, version, rest, rest_len);
	if (task)
		ask_group(prover, task);
}

static void ask_audits(struct prover *prover)
{
	struct rng rng;
	rng_init(&rng, prover->options.seed, 0xA0D17);
	uint32_t cells = (uint32_t)prover->cells.len;
	unsigned asked = 0;
	for (size_t try = 0; cells && try < (size_t)AUDIT_TRIES * prover->options.audits; try++) {
		const struct cell *cell = &prover->cells.at[rng_below(&rng, cells)];
		if (asked == prover->options.audits)
			return;
		if (cell->state != CELL_OPEN || cell->version == SSLV2)
			continue;
		asked++;
		ask_cell(prover, ASK_AUDIT, cell);
	}
}

static void wide_by_groups(struct prover *prover)
{
	if (!plan_sets(prover))
		return;
	for (enum version v = SSLV3; v < VERSIONS_LEN; v++) {
		size_t begin = 0;
		for (size_t i = 0; i < prover->set_ends.len; i++) {
			size_t end = prover->set_ends.at[i];
			ask_set(prover, v, prover->sets.at + begin, end - begin);
			begin = end;
		}
	}
	ask_audits(prover);
}

static void wide_exhaustive(struct prover *prover)
{
	size_t asked = 0;
	for (size_t i = 0; i < prover->cells.len; i++) {
		const struct cell *cell = &prover->cells.at[i];
		if (cell->version == SSLV2 || cell->state != CELL_OPEN)
			continue;
		ask_cell(prover, ASK_CELL, cell);
		if (++asked % EXHAUSTIVE_WINDOW == 0)
			ask_good(prover);
	}
}

static void round_wide(struct prover *prover)
{
	prover->round = ROUND_CONTROL;
	if (prover->plaintext_wanted && prover->plaintext_answer == NO_INDEX)
		ask_plaintext(prover);
	ask_sslv2(prover);
	enum version good = window_good_version(prover, TLS1_2);
	if (good != VERSION_NONE)
		ask_negative(prover, good);
	if (prover->options.exhaustive)
		wide_exhaustive(prover);
	else
		wide_by_groups(prover);
}

/* Alerts that speak of suites and versions explain themselves; any other refusal must look like the
 * negative control's, or it may be about something else in the hello. */
static bool explains_itself(const struct observation *seen)
{
	return seen->outcome == OUTCOME_ALERT &&
	       (seen->alert == ALERT_HANDSHAKE_FAILURE || seen->alert == ALERT_PROTOCOL_VERSION ||
		seen->alert == ALERT_INSUFFICIENT_SECURITY);
}

/* A close or a reset says nothing about its reason: a short outage looks the same, so it is asked
 * twice. */
static bool is_wordless(const struct observation *seen)
{
	return seen->outcome == OUTCOME_CLOSE || seen->outcome == OUTCOME_RESET;
}

static bool looks_like_negative(const struct prover *prover, const struct task *task)
{
	const struct observation *seen = &prover->answers.at[task->answer];
	uint32_t negative = prover->negative[task->version];
	if (explains_itself(seen) || seen->outcome == OUTCOME_SERVER_HELLO ||
	    seen->outcome == OUTCOME_REFUSED)
		return true;
	return negative != NO_INDEX && observation_same_class(seen, &prover->answers.at[negative]);
}

static void advance_rejected(struct prover *prover, uint32_t number)
{
	struct task *task = &prover->tasks.at[number];
	if (is_wordless(&prover->answers.at[task->answer]) && task->tries < 2) {
		ask_group(prover, task);
		return;
	}
	if (!looks_like_negative(prover, task)) {
		if (!prover->negative_asked[task->version]) {
			ask_negative(prover, task->version);
			return;
		}
		if (prover->negative[task->version] == NO_INDEX)
			return; /* under way */
		if (task->tries < 2) {
			ask_group(prover, task);
			return;
		}
		if (task->len > 1) {
			task_halve(prover, number);
			return;
		}
	}
	if (window_good_version(prover, task->version) != VERSION_NONE) {
		ask_control(prover, task);
		return;
	}
	task->state = TASK_PROVEN;
	task->control = NO_INDEX;
	task_settle(prover, task, CELL_REJECTED, NO_INDEX);
}

/* A control that was already answered for another version settles the task at once. */
static void settle_shared_controls(struct prover *prover)
{
	for (uint32_t i = 0; i < prover->tasks.len; i++) {
		const struct task *task = &prover->tasks.at[i];
		if (task->state != TASK_CONTROL || task->control == NO_INDEX)
			continue;
		struct question *question = &prover->questions.at[task->control];
		if (question->answer != NO_INDEX)
			answer_take_control(prover, question, question->answer);
	}
}

static void round_control(struct prover *prover)
{
	size_t before = prover->questions.len;
	size_t tasks = prover->tasks.len;
	for (uint32_t i = 0; i < tasks; i++)
		if (prover->tasks.at[i].state == TASK_REJECTED)
			advance_rejected(prover, i);
	settle_shared_controls(prover);
	if (prover->questions.len == before)
		prover->round = ROUND_CONFIRM;
}

static bool is_wordless_single(const struct prover *prover, const struct cell *cell)
{
	return cell->state == CELL_REJECTED && cell->proof == PROOF_SINGLE &&
	       is_wordless(&prover->answers.at[cell->answer]);
}

static bool deviates(const struct cell *cell)
{
	bool accepted = cell->state == CELL_ACCEPTED;
	switch (cell->ruling.kind) {
	case RULING_ACCEPT:
	case RULING_SHOULD:
		return cell->state == CELL_REJECTED;
	case RULING_REJECT:
	case RULING_SHOULD_NOT:
		return accepted;
	case RULING_SILENT:
	case RULING_MAY:
	case RULING_CONFLICT:
		break;
	}
	return false;
}

static void audit_disagreed(struct prover *prover, const struct task *task)
{
	prover->audits_failed++;
	for (size_t i = 0; i < task->len; i++) {
		struct cell *cell = plan_cell(prover, task->version, task->suites[i]);
		if (!cell || cell->state == CELL_ACCEPTED)
			continue;
		cell->state = CELL_OPEN;
		ask_cell(prover, ASK_CELL, cell);
	}
}

static bool task_holds(const struct task *task, const struct cell *cell)
{
	if (task->version != cell->version || task->state != TASK_PROVEN)
		return false;
	for (size_t i = 0; i < task->len; i++)
		if (task->suites[i] == cell->code)
			return true;
	return false;
}

static void confirm_audits(struct prover *prover)
{
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		if (!cell->audited)
			continue;
		cell->audited = false;
		for (size_t t = 0; t < prover->tasks.len; t++)
			if (task_holds(&prover->tasks.at[t], cell))
				audit_disagreed(prover, &prover->tasks.at[t]);
	}
}

static bool echoes(const struct observation *seen, uint16_t type)
{
	struct cursor block = cursor_over(seen->server_extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (item.type == type)
			return true;
	return false;
}

/* What the accepted cells show of the endpoint is what the conditions of policies ask about. */
static void learn_circumstances(struct prover *prover)
{
	struct settings *settings = &prover->settings;
	for (size_t i = 0; i < prover->cells.len; i++) {
		const struct cell *cell = &prover->cells.at[i];
		const struct cipher_suite *suite = cipher_suite_by_code((uint16_t)cell->code);
		if (cell->state != CELL_ACCEPTED || cell->version == SSLV2 || !suite)
			continue;
		const struct observation *seen = &prover->answers.at[cell->answer];
		settings->certificate_rsa |= suite->auth == AUTH_RSA;
		settings->certificate_ecdsa |= suite->auth == AUTH_ECDSA;
		settings->certificate_dss |= suite->auth == AUTH_DSS;
		settings->encrypt_then_mac |= echoes(seen, EXT_ENCRYPT_THEN_MAC);
	}
}

static void rule_again(struct prover *prover)
{
	learn_circumstances(prover);
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		cell->ruling = policy_suite(&prover->settings, cell->version, (uint16_t)cell->code);
	}
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		prover->version_ruling[v] = policy_version(&prover->settings, v);
}

static bool is_garbled(const struct prover *prover, const struct cell *cell)
{
	bool wanted = cell->ruling.kind == RULING_ACCEPT || cell->ruling.kind == RULING_SHOULD;
	return wanted && cell->state == CELL_UNKNOWN &&
	       answer_is_garbled(prover, cell, cell->answer);
}

/* Every deviation is asked again, by itself: a failing cell must not rest on one answer. */
static void round_confirm(struct prover *prover)
{
	size_t before = prover->questions.len;
	if (!prover->ruled_again) {
		prover->ruled_again = true;
		rule_again(prover);
	}
	confirm_audits(prover);
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		if (cell->version == SSLV2 || cell->asked_again || cell->inconsistent)
			continue;
		if (!deviates(cell) && !cell->disputed && !is_wordless_single(prover, cell) &&
		    !is_garbled(prover, cell))
			continue;
		cell->asked_again = true;
		ask_cell(prover, ASK_CONFIRM, cell);
	}
	if (prover->questions.len == before)
		prover->round = ROUND_CLOSE;
}

static bool uncovered(const struct prover *prover, uint32_t answer)
{
	return answer != NO_INDEX && observation_is_rejection(&prover->answers.at[answer]) &&
	       !window_covers(prover, &prover->answers.at[answer]);
}

static bool unopened(const struct prover *prover, uint32_t answer)
{
	return uncovered(prover, answer) && !window_opened(prover, &prover->answers.at[answer]);
}

/* What was asked before any control had succeeded, or while one failed, is asked once more. */
static bool ask_uncovered(struct prover *prover)
{
	bool any = false, sslv2 = false;
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		if (cell->state != CELL_REJECTED || !uncovered(prover, cell->answer))
			continue;
		any = true;
		bool again = prover->closings > 0 || unopened(prover, cell->answer);
		if (cell->version == SSLV2)
			sslv2 = sslv2 || again;
		else if (again)
			ask_cell(prover, ASK_CELL, cell);
	}
	if (sslv2)
		ask_sslv2(prover);
	if (uncovered(prover, prover->plaintext_answer)) {
		any = true;
		if (prover->closings > 0 || unopened(prover, prover->plaintext_answer))
			ask_plaintext(prover);
	}
	return any;
}

static void round_close(struct prover *prover)
{
	if (prover->closings == CLOSINGS_MAX || !window_has_control(prover)) {
		prover->round = ROUND_DONE;
		return;
	}
	bool any;
	if (prover->closing_asked) {
		/* The questions are answered; now a control must follow them. */
		prover->closing_asked = false;
		ask_good(prover);
		prover->closings++;
		return;
	}
	size_t before = prover->questions.len;
	any = ask_uncovered(prover);
	prover->closing_asked = prover->questions.len > before;
	if (any && !prover->closing_asked) {
		ask_good(prover);
		prover->closings++;
	}
	if (!any)
		prover->round = ROUND_DONE;
}

bool rounds_advance(struct prover *prover)
{
	static void (*const rounds[])(struct prover *) = {
		round_open, round_discover, round_wide, round_control, round_confirm, round_close,
	};
	while (prover->round != ROUND_DONE && prover->arena->fault == FAULT_NONE) {
		rounds[prover->round](prover);
		if (prover->queue_at < prover->queue.len)
			return true;
	}
	return false;
}
