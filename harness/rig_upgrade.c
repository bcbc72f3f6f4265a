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

/* A refusal is written once, when there is nothing more to talk of. */
static void check_refusal(const struct refusal *refusal)
{
	CHECK(is_terminated(refusal->message, sizeof(refusal->message)));
	CHECK(is_terminated(refusal->sqlstate, sizeof(refusal->sqlstate)));
	CHECK(is_terminated(refusal->routine, sizeof(refusal->routine)));
}

static void check(const struct upgrade_dialogue *dialogue)
{
	CHECK(dialogue->in_len <= sizeof(dialogue->in) && dialogue->out_at <= dialogue->out_len);
	CHECK(dialogue->state != UPGRADE_READY || !dialogue->plaintext);
	CHECK(dialogue->state != UPGRADE_PLAINTEXT || dialogue->plaintext);
}

void rig_upgrade(struct upgrade_dialogue *dialogue, uint8_t choice, struct span answer,
		 struct rig_pieces pieces)
{
	size_t at = 0;
	const struct upgrade *upgrade = upgrade_by_name(span_text(names[choice / 2 % NAMES_LEN]));
	bool plaintext = choice & 1 && upgrade->has_plaintext;
	upgrade_start(dialogue, upgrade, plaintext, "tester", choice & 0x10 ? NULL : "db");
	while (dialogue->state == UPGRADE_TALKING && at < answer.len) {
		harness_step();
		size_t chunk = rig_pieces_next(&pieces, at, answer.len);
		upgrade_sent(dialogue, upgrade_output(dialogue).len);
		size_t want = upgrade_want(dialogue), n = chunk < want ? chunk : want;
		CHECK(want > 0 && (plaintext || dialogue->in_len || want == 1));
		upgrade_input(dialogue, span_of(answer.at + at, n));
		at += n;
		check(dialogue);
	}
	if (choice & 0x20) /* what comes when nothing is wanted any more */
		upgrade_input(dialogue, span_of("?", 1));
	harness_note(upgrade_received(dialogue));
	check(dialogue);
	check_refusal(&dialogue->refusal);
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
