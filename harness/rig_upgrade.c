/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_upgrade.h"
#include "unseen.h"

UNSEEN_BEGIN

static const char *const names[] = { "tls", "postgresql", "postgresql-direct", "postgres" };

#define NAMES_LEN (sizeof(names) / sizeof(names[0]))

static bool is_terminated(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static void check(const struct upgrade_dialogue *dialogue)
{
	const struct refusal *refusal = &dialogue->refusal;
	CHECK(dialogue->in_len <= sizeof(dialogue->in) && dialogue->out_at <= dialogue->out_len);
	CHECK(is_terminated(refusal->message, sizeof(refusal->message)));
	CHECK(is_terminated(refusal->sqlstate, sizeof(refusal->sqlstate)));
	CHECK(is_terminated(refusal->routine, sizeof(refusal->routine)));
	CHECK(dialogue->state != UPGRADE_READY || !dialogue->plaintext);
	CHECK(dialogue->state != UPGRADE_PLAINTEXT || dialogue->plaintext);
}

void rig_upgrade(struct upgrade_dialogue *dialogue, uint8_t choice, struct span answer,
		 size_t chunk)
{
	const struct upgrade *upgrade = upgrade_by_name(span_text(names[choice / 2 % NAMES_LEN]));
	bool plaintext = choice & 1 && upgrade->has_plaintext;
	upgrade_start(dialogue, upgrade, plaintext, "tester", choice & 0x10 ? NULL : "db");
	for (size_t pieces = 0; dialogue->state == UPGRADE_TALKING && answer.len; pieces++) {
		harness_step();
		chunk = pieces < RIG_UPGRADE_PIECES ? chunk : answer.len;
		upgrade_sent(dialogue, upgrade_output(dialogue).len);
		size_t want = upgrade_want(dialogue), n = chunk < want ? chunk : want;
		CHECK(want > 0 && (plaintext || dialogue->in_len || want == 1));
		n = n < answer.len ? n : answer.len;
		upgrade_input(dialogue, span_of(answer.at, n));
		answer = span_skip(answer, n);
		check(dialogue);
	}
	if (choice & 0x20) /* what comes when nothing is wanted any more */
		upgrade_input(dialogue, span_of("?", 1));
	harness_note(upgrade_received(dialogue));
	check(dialogue);
}

void rig_upgrade_same(const struct upgrade_dialogue *a, const struct upgrade_dialogue *b)
{
	CHECK(a->state == b->state && a->refusal.overload == b->refusal.overload);
	CHECK(strcmp(a->refusal.message, b->refusal.message) == 0);
	CHECK(strcmp(a->refusal.sqlstate, b->refusal.sqlstate) == 0);
	harness_note_number(a->state);
	harness_note(span_text(a->refusal.message));
}

UNSEEN_END
