/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "rogue.h"

/*
 * Whatever order the server keeps to, its Finished covers what it really sent: only the order
 * itself is wrong. What is right is written down here once more, as a grammar of its own.
 */
static const struct kind {
	enum version version;
	uint16_t suite;
	bool request, ticket, status;
} kinds[] = {
	{ TLS1_0, 0x002F, true, true, false },	{ TLS1_2, 0x002F, false, true, true },
	{ TLS1_2, 0xC02F, true, true, true },	{ TLS1_2, 0x009E, false, false, false },
	{ TLS1_2, 0x008C, false, true, false }, { TLS1_2, 0xC018, false, false, false },
	{ TLS1_3, 0x1301, true, false, false }, { TLS1_3, 0x1303, false, true, false },
};

static void put(struct scene *scene, enum step before, enum step step)
{
	script_insert(&scene->rogue, script_find(&scene->rogue, before), step);
}

static void prepare(struct scene *scene, const struct kind *kind)
{
	struct rogue *rogue = &scene->rogue;
	bool tls13 = kind->version == TLS1_3;
	scene_init(scene, kind->version, kind->suite);
	if (kind->request)
		put(scene, tls13 ? STEP_CERTIFICATE : STEP_DONE, STEP_REQUEST);
	rogue->status = kind->status;
	if (kind->status)
		script_insert(rogue, script_find(rogue, STEP_CERTIFICATE) + 1, STEP_STATUS);
	rogue->ticket = kind->ticket && !tls13;
	if (rogue->ticket)
		put(scene, STEP_CCS, STEP_TICKET);
	else if (kind->ticket)
		script_insert(rogue, script_len(rogue), STEP_TICKET);
}

/* The shape of a script as text: one letter a step, AWAIT left out where it changes nothing. */
static void spell(char *out, const enum step *script)
{
	static const char letters[] = "?RHCSXQDTcEVF.hUuaw ";
	size_t len = 0;
	for (; *script != STEP_END; script++)
		out[len++] = letters[*script];
	out[len] = 0;
}

static void strip(char *text, char letter)
{
	char *to = text;
	for (; *text; text++)
		if (*text != letter)
			*to++ = *text;
	*to = 0;
}

/*
 * Optional are a request and a status; a ticket that was announced is not. The client answers when
 * the first flight ends, so reading elsewhere as well changes nothing.
 */
static bool is_legal12(const char *given, const char *honest)
{
	char text[SCRIPT_MAX], right[SCRIPT_MAX];
	snprintf(text, sizeof text, "%s", given);
	strip(text, '.');
	for (unsigned without = 0; without < 4; without++) {
		snprintf(right, sizeof right, "%s", honest);
		strip(right, '.');
		if (without & 1)
			strip(right, 'S');
		if (without & 2)
			strip(right, 'Q');
		if (strcmp(text, right) == 0)
			return strstr(given, "D.") != NULL;
	}
	return false;
}

/* A compatibility ChangeCipherSpec may stand anywhere between ServerHello and Finished, twice too;
 * AWAIT anywhere, for the client sends nothing before the Finished; tickets come after it. */
static bool is_legal13(const char *given)
{
	char text[SCRIPT_MAX];
	snprintf(text, sizeof text, "%s", given);
	const char *hello = strchr(text, 'H'), *finished = strchr(text, 'F'), *ccs;
	strip(text, '.');
	for (ccs = strchr(text, 'c'); ccs; ccs = strchr(ccs + 1, 'c'))
		if (!hello || !finished || ccs < hello || ccs > finished)
			return false;
	strip(text, 'c');
	size_t len = strlen(text);
	while (len && text[len - 1] == 'T')
		text[--len] = 0;
	return strcmp(text, "HECVF") == 0 || strcmp(text, "HEQCVF") == 0;
}

static bool is_legal(const struct scene *scene, const enum step *script, const enum step *honest)
{
	char given[SCRIPT_MAX], right[SCRIPT_MAX];
	spell(given, script);
	spell(right, honest);
	return scene->rogue.version == TLS1_3 ? is_legal13(given) : is_legal12(given, right);
}

static void expect_sound(struct scene *scene, const enum step *honest)
{
	char given[SCRIPT_MAX];
	const struct handshake_facts *facts = scene_play(scene);
	bool legal = is_legal(scene, scene->rogue.script, honest);
	spell(given, scene->rogue.script);
	cr_expect_eq(facts->phase == PHASE_FINISHED, legal, "%s '%s': phase %d, %s, %s",
		     version_name(scene->rogue.version), given, facts->phase,
		     violation_name(facts->violation), facts->detail);
	/* Too little is waited for; anything else has a name. */
	bool named = facts->phase == PHASE_VIOLATED &&
		     (facts->violation == VIOLATION_UNEXPECTED_MESSAGE ||
		      facts->violation == VIOLATION_MISSING_MESSAGE ||
		      facts->violation == VIOLATION_BAD_FINISHED ||
		      facts->violation == VIOLATION_BAD_RECORD_MAC ||
		      facts->violation == VIOLATION_MALFORMED_RECORD);
	cr_expect(legal || named || facts->phase == PHASE_NEGOTIATING, "%s '%s': %d %s, %s",
		  version_name(scene->rogue.version), given, facts->phase,
		  violation_name(facts->violation), facts->detail);
	if (facts->phase == PHASE_VIOLATED && facts->violation != VIOLATION_NONE)
		cr_expect(facts->detail[0], "%s '%s' has no detail",
			  version_name(scene->rogue.version), given);
	cr_expect_leq(scene->arena.used, PROBE_ARENA_MAX);
}

enum change { CHANGE_NOTHING, CHANGE_SWAP, CHANGE_MOVE, CHANGE_REPLAY, CHANGE_DROP };

static void change(struct rogue *rogue, enum change how, size_t i, size_t j)
{
	enum step *script = rogue->script, step = script[i];
	if (how == CHANGE_SWAP) {
		script[i] = script[j];
		script[j] = step;
	} else if (how == CHANGE_REPLAY) {
		script_insert(rogue, j, step);
	} else if (how != CHANGE_NOTHING) {
		script_remove(rogue, i);
		if (how == CHANGE_MOVE)
			script_insert(rogue, j, step);
	}
}

static void play_changed(const struct kind *kind, enum change how, size_t i, size_t j)
{
	struct scene scene;
	enum step honest[SCRIPT_MAX];
	prepare(&scene, kind);
	memcpy(honest, scene.rogue.script, sizeof honest);
	change(&scene.rogue, how, i, j);
	expect_sound(&scene, honest);
	scene_release(&scene);
}

static void for_every_kind(void (*play)(const struct kind *kind, size_t len))
{
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct scene scene;
		prepare(&scene, &kinds[k]);
		size_t len = script_len(&scene.rogue);
		scene_release(&scene);
		play_changed(&kinds[k], CHANGE_NOTHING, 0, 0);
		play(&kinds[k], len);
	}
}

static void swaps(const struct kind *kind, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t j = i + 1; j < len; j++)
			play_changed(kind, CHANGE_SWAP, i, j);
}

Test(order, of_every_pair_of_messages_matters)
{
	for_every_kind(swaps);
}

static void moves(const struct kind *kind, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < len; j++)
			play_changed(kind, CHANGE_MOVE, i, j);
}

Test(order, of_every_message_moved_anywhere_matters)
{
	for_every_kind(moves);
}

static void replays(const struct kind *kind, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < len; j++)
			play_changed(kind, CHANGE_REPLAY, i, j);
}

Test(order, every_message_replayed_anywhere_is_refused)
{
	for_every_kind(replays);
}

static void drops(const struct kind *kind, size_t len)
{
	for (size_t i = 0; i < len; i++)
		play_changed(kind, CHANGE_DROP, i, 0);
}

Test(order, every_message_is_missed)
{
	for_every_kind(drops);
}
