/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "probe/prover_internal.h"

static bool plaintext_refusal(const struct observation *seen)
{
	return seen->outcome == OUTCOME_REFUSED && seen->layer == LAYER_PLAINTEXT;
}

/*
 * A rejected cell counts between two controls; proven in a group it also needs the set with the
 * known-good suite, but for a refusal that came before any hello was sent.
 */
static bool is_covered(const struct prover *prover, const struct cell *cell)
{
	if (cell->state != CELL_REJECTED || cell->answer == NO_INDEX)
		return false;
	const struct observation *seen = &prover->answers.at[cell->answer];
	if (cell->proof == PROOF_GROUP && cell->version != SSLV2 && cell->control == NO_INDEX &&
	    !plaintext_refusal(seen))
		return false;
	return window_covers(prover, seen);
}

static uint32_t good_control(const struct prover *prover, const struct cell *cell)
{
	if (cell->control != NO_INDEX || cell->state == CELL_ACCEPTED)
		return cell->control;
	enum version version = window_good_version(prover, cell->version);
	return version == VERSION_NONE ? NO_INDEX : prover->good[version];
}

static void remark_cell(struct prover *prover, const struct cell *cell, struct finding *out)
{
	const struct observation *seen = &out->observed;
	if (cell->not_offered)
		finding_remark(out, "the server chose a suite that was not offered");
	if (cell->outside)
		finding_remark(out, "the suite does not exist in this version");
	if (cell->version != SSLV2 && cell->state == CELL_REJECTED &&
	    seen->outcome == OUTCOME_SERVER_HELLO) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, seen->suite);
		finding_remark(out, arena_printf(prover->arena, "other_version: answered %s %s",
						 version_name(seen->version), label));
		/* RFC 8446 4.2.1 and, for answers above what was offered, RFC 5246 7.4.1.3. */
		if (cell->version == TLS1_3 || seen->version > cell->version)
			finding_remark(out, "protocol violation: that version was not offered");
	}
	if (cell->ruling.against && cell->ruling.kind == RULING_REJECT)
		finding_remark(out, "strict: reject beats the row that accepts");
}

void judge_cell(struct prover *prover, const struct cell *cell, struct finding *out)
{
	*out = (struct finding){
		.kind = FINDING_SUITE,
		.version = cell->version,
		.has_suite = true,
		.suite = cell->code,
		.expected = cell->ruling,
		.proof = cell->state == CELL_OPEN ? PROOF_NONE : cell->proof,
		.group_len = cell->group_len,
	};
	cell_id(out->id, cell->version, cell->code);
	judge_observe(prover, out, cell->answer, good_control(prover, cell));
	remark_cell(prover, cell, out);
	struct judgement judgement = {
		.state = cell->state,
		.covered = is_covered(prover, cell),
		.inconsistent = cell->inconsistent,
		.split = cell->split,
		.garbled = cell->garbled,
	};
	judge_apply(prover, out, &judgement);
}

/* What the cells of one version add up to (rule 2). */
struct tally {
	size_t accepted, inconsistent, rejected, covered, undecided;
	const struct cell *first_accepted, *first_rejected, *first_undecided;
};

static enum depth depth_of_answer(const struct prover *prover, const struct cell *cell)
{
	return prover->answers.at[cell->answer].depth;
}

/* How far a rejected hello got: what came late says more than what is said to every hello. */
static unsigned reach_of_answer(const struct prover *prover, const struct cell *cell)
{
	const struct observation *seen = &prover->answers.at[cell->answer];
	return seen->layer == LAYER_APPLICATION ? 2 : seen->after_server_hello;
}

static struct tally tally_version(const struct prover *prover, enum version version)
{
	struct tally tally = { 0 };
	for (size_t i = 0; i < prover->cells.len; i++) {
		const struct cell *cell = &prover->cells.at[i];
		if (cell->version != version)
			continue;
		if (cell->state == CELL_ACCEPTED) {
			tally.accepted++;
			tally.inconsistent += cell->inconsistent;
			if (!tally.first_accepted ||
			    depth_of_answer(prover, cell) >
				    depth_of_answer(prover, tally.first_accepted))
				tally.first_accepted = cell;
		} else if (cell->state == CELL_REJECTED && !cell->inconsistent) {
			tally.rejected++;
			tally.covered += is_covered(prover, cell);
			if (!tally.first_rejected ||
			    reach_of_answer(prover, cell) >
				    reach_of_answer(prover, tally.first_rejected))
				tally.first_rejected = cell;
		} else {
			tally.undecided++;
			if (!tally.first_undecided ||
			    (cell->garbled && !tally.first_undecided->garbled))
				tally.first_undecided = cell;
		}
	}
	return tally;
}

static const struct cell *deciding_cell(const struct tally *tally)
{
	if (tally->first_accepted)
		return tally->first_accepted;
	return tally->undecided ? tally->first_undecided : tally->first_rejected;
}

bool judge_version(struct prover *prover, enum version version, struct finding *out)
{
	if (!prover->version_wanted[version])
		return false;
	*out = (struct finding){
		.kind = FINDING_VERSION,
		.version = version,
		.expected = prover->version_ruling[version],
	};
	snprintf(out->id, sizeof(out->id), "version/%s", version_name(version));

	struct tally tally = tally_version(prover, version);
	const struct cell *cell = deciding_cell(&tally);
	if (cell) {
		judge_observe(prover, out, cell->answer, good_control(prover, cell));
		out->proof = cell->state == CELL_OPEN ? PROOF_NONE : cell->proof;
		out->group_len = cell->group_len;
	}
	if (tally.accepted)
		finding_remark(out, arena_printf(prover->arena, "%zu suite%s accepted",
						 tally.accepted, tally.accepted == 1 ? "" : "s"));
	struct judgement judgement = {
		.state = CELL_UNKNOWN,
		.covered = tally.covered == tally.rejected,
		.inconsistent = tally.accepted && tally.inconsistent == tally.accepted,
		.garbled = tally.first_undecided && tally.first_undecided->garbled,
	};
	if (tally.accepted)
		judgement.state = CELL_ACCEPTED;
	else if (!tally.undecided && tally.rejected)
		judgement.state = CELL_REJECTED;
	else
		judgement.unknown = arena_printf(prover->arena, "%zu of %zu suites are undecided",
						 tally.undecided, tally.undecided + tally.rejected);
	judge_apply(prover, out, &judgement);
	return true;
}

static enum cell_state plaintext_state(const struct observation *seen)
{
	if (seen->outcome == OUTCOME_PLAINTEXT)
		return CELL_ACCEPTED;
	return !seen->overload && observation_is_rejection(seen) ? CELL_REJECTED : CELL_UNKNOWN;
}

bool judge_plaintext(struct prover *prover, struct finding *out)
{
	*out = (struct finding){
		.id = "plaintext",
		.kind = FINDING_PLAINTEXT,
		.version = VERSION_NONE,
		.expected = prover->plaintext_ruling,
	};
	if (!prover->options.upgrade->has_plaintext) {
		out->verdict = VERDICT_NOT_APPLICABLE;
		out->reason = "the protocol has no session without TLS";
		return prover->plaintext_ruling.kind != RULING_SILENT &&
		       plan_selects(prover, "plaintext");
	}
	if (!prover->plaintext_wanted)
		return false;
	struct judgement judgement = { .state = CELL_UNKNOWN };
	uint32_t answer = prover->plaintext_answer;
	judge_observe(prover, out, answer, NO_INDEX);
	if (answer == NO_INDEX) {
		judgement.unknown = "it was not asked";
	} else {
		const struct observation *seen = &prover->answers.at[answer];
		out->proof = PROOF_SINGLE;
		judgement.state = plaintext_state(seen);
		judgement.covered = window_covers(prover, seen);
		judgement.inconsistent = prover->plaintext_split != NULL;
		judgement.split = prover->plaintext_split;
	}
	judge_apply(prover, out, &judgement);
	return true;
}
