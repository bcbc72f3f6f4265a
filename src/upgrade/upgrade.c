/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/upgrades.h"

#include <assert.h>

static const struct upgrade *const upgrades[] = {
#define X(name) &upgrade_##name,
	UPGRADE_LIST(X)
#undef X
};

#define UPGRADES_LEN (sizeof(upgrades) / sizeof(upgrades[0]))

const struct upgrade *upgrade_by_name(struct span name)
{
	if (span_is(name, "postgres"))
		return &upgrade_postgresql;
	for (size_t i = 0; i < UPGRADES_LEN; i++)
		if (span_is(name, upgrades[i]->name))
			return upgrades[i];
	return NULL;
}

const char *upgrade_name_at(size_t i)
{
	return i < UPGRADES_LEN ? upgrades[i]->name : NULL;
}

void upgrade_start(struct upgrade_dialogue *dialogue, const struct upgrade *upgrade, bool plaintext,
		   const char *user, const char *database)
{
	assert(!plaintext || upgrade->has_plaintext);
	/* The buffers are left as they are: clearing 4 KiB a probe buys nothing. */
	dialogue->upgrade = upgrade;
	dialogue->state = UPGRADE_TALKING;
	dialogue->plaintext = plaintext;
	dialogue->user = user;
	dialogue->database = database;
	dialogue->out_len = 0;
	dialogue->out_at = 0;
	dialogue->in_len = 0;
	dialogue->want = 0;
	dialogue->extra_bytes = false;
	dialogue->refusal = (struct refusal){ .overload = false };
	upgrade->start(dialogue);
}

struct span upgrade_output(const struct upgrade_dialogue *dialogue)
{
	return span_of(dialogue->out + dialogue->out_at, dialogue->out_len - dialogue->out_at);
}

void upgrade_sent(struct upgrade_dialogue *dialogue, size_t n)
{
	assert(n <= dialogue->out_len - dialogue->out_at);
	dialogue->out_at += n;
}

size_t upgrade_want(const struct upgrade_dialogue *dialogue)
{
	return dialogue->state == UPGRADE_TALKING ? dialogue->want : 0;
}

static void keep(struct upgrade_dialogue *dialogue, struct span bytes)
{
	size_t room = sizeof(dialogue->in) - dialogue->in_len;
	size_t n = bytes.len < room ? bytes.len : room;
	if (n)
		memcpy(dialogue->in + dialogue->in_len, bytes.at, n);
	dialogue->in_len += n;
}

void upgrade_input(struct upgrade_dialogue *dialogue, struct span bytes)
{
	while (bytes.len && dialogue->state == UPGRADE_TALKING) {
		assert(dialogue->want > 0);
		size_t n = bytes.len < dialogue->want ? bytes.len : dialogue->want;
		keep(dialogue, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
		dialogue->upgrade->answer(dialogue);
	}
	if (bytes.len == 0)
		return;
	if (dialogue->state == UPGRADE_READY)
		dialogue->extra_bytes = true;
	keep(dialogue, bytes);
}

struct span upgrade_received(const struct upgrade_dialogue *dialogue)
{
	return span_of(dialogue->in, dialogue->in_len);
}
