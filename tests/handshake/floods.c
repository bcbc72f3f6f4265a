/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "rogue.h"

#define ENDLESS 20000

/* Where in a handshake a server may try to go on forever. */
enum moment { AT_ONCE, BEFORE_FINISHED, AFTERWARDS };

static const struct flood {
	const char *name;
	enum version version;
	enum step step;
	enum moment moment;
	enum violation violation;
} floods[] = {
	{ "warnings", TLS1_2, STEP_WARNING, AT_ONCE, VIOLATION_TOO_MUCH },
	{ "warnings", TLS1_2, STEP_WARNING, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "warnings", TLS1_2, STEP_WARNING, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "warnings", TLS1_3, STEP_WARNING, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "warnings", TLS1_3, STEP_WARNING, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "empty records", TLS1_2, STEP_EMPTY, AT_ONCE, VIOLATION_TOO_MUCH },
	{ "empty records", TLS1_2, STEP_EMPTY, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "empty records", TLS1_2, STEP_EMPTY, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "empty records", TLS1_3, STEP_EMPTY, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "empty records", TLS1_3, STEP_EMPTY, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "hello requests", TLS1_2, STEP_HELLO_REQUEST, AT_ONCE, VIOLATION_TOO_MUCH },
	{ "hello requests", TLS1_2, STEP_HELLO_REQUEST, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "hello requests", TLS1_2, STEP_HELLO_REQUEST, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "hello requests", TLS1_3, STEP_HELLO_REQUEST, AFTERWARDS, VIOLATION_UNEXPECTED_MESSAGE },
	{ "change cipher specs", TLS1_3, STEP_CCS, BEFORE_FINISHED, VIOLATION_TOO_MUCH },
	{ "change cipher specs", TLS1_3, STEP_CCS, AFTERWARDS, VIOLATION_UNEXPECTED_MESSAGE },
	{ "change cipher specs", TLS1_2, STEP_CCS, AFTERWARDS, VIOLATION_UNEXPECTED_MESSAGE },
	{ "tickets", TLS1_3, STEP_TICKET, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "tickets", TLS1_2, STEP_TICKET, AFTERWARDS, VIOLATION_UNEXPECTED_MESSAGE },
	{ "key updates", TLS1_3, STEP_KEY_UPDATE, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "key updates", TLS1_3, STEP_KEY_UPDATE_SILENT, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "data that nobody reads", TLS1_2, STEP_APPLICATION, AFTERWARDS, VIOLATION_TOO_MUCH },
	{ "data that nobody reads", TLS1_3, STEP_APPLICATION, AFTERWARDS, VIOLATION_TOO_MUCH },
};

static void cut_script(struct scene *scene, enum moment moment)
{
	struct rogue *rogue = &scene->rogue;
	size_t at = moment == AT_ONCE	       ? 0
		    : moment == AFTERWARDS     ? script_len(rogue)
		    : rogue->version == TLS1_3 ? script_find(rogue, STEP_VERIFY)
					       : script_find(rogue, STEP_DONE);
	rogue->script[at] = STEP_END;
}

static void play(const struct flood *flood, size_t chunk)
{
	struct scene scene;
	scene_init(&scene, flood->version, flood->version == TLS1_3 ? 0x1301 : 0xC02F);
	scene.rogue.chunk = chunk;
	cut_script(&scene, flood->moment);
	const struct handshake_facts *facts = scene_play(&scene);
	enum handshake_phase before =
		flood->moment == AFTERWARDS ? PHASE_FINISHED : PHASE_NEGOTIATING;
	cr_assert_eq(facts->phase, before, "%s", flood->name);
	size_t taken = 0;
	for (; taken < ENDLESS && facts->phase == before; taken++)
		scene_steps(&scene, &flood->step, 1);
	cr_expect(taken <= 64 || flood->step == STEP_APPLICATION, "%s: %zu", flood->name, taken);
	cr_expect_eq(facts->phase, PHASE_VIOLATED, "%s: %d", flood->name, facts->phase);
	cr_expect_eq(facts->violation, flood->violation, "%s: %s, %s", flood->name,
		     violation_name(facts->violation), facts->detail);
	cr_expect_leq(scene.arena.used, PROBE_ARENA_MAX);
	scene_release(&scene);
}

Test(floods, end_with_their_name_and_within_the_arena)
{
	for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
		play(&floods[i], 0);
		play(&floods[i], 1);
	}
}

/* A session of any length stays within the arena, or ends for lack of room; never beyond. */
Test(floods, of_data_that_is_read_stay_within_the_arena)
{
	static const enum step data[] = { STEP_APPLICATION, STEP_APPLICATION };
	struct scene scene;
	scene_init(&scene, TLS1_3, 0x1301);
	const struct handshake_facts *facts = scene_play(&scene);
	for (size_t i = 0; i < ENDLESS && facts->phase == PHASE_FINISHED; i++) {
		scene_steps(&scene, data, 2);
		handshake_read(scene.client);
	}
	cr_expect_leq(scene.arena.used, PROBE_ARENA_MAX);
	cr_expect(facts->phase == PHASE_FINISHED || facts->violation == VIOLATION_TOO_MUCH, "%s",
		  violation_name(facts->violation));
	scene_release(&scene);
}

/* An announced length costs nothing until its bytes come. */
Test(floods, a_message_that_never_ends_is_cut_off)
{
	static const uint8_t header[] = { 11, 1, 0xFF, 0x00 }; /* just under the ceiling */
	static uint8_t record[5 + 16384] = { 22, 3, 3, 0x40, 0 };
	struct scene scene;
	scene_init(&scene, TLS1_2, 0xC02F);
	scene.rogue.script[1] = STEP_END;
	const struct handshake_facts *facts = scene_play(&scene);
	memcpy(record + 5, header, sizeof header);
	for (size_t i = 0; i < 1000 && facts->phase == PHASE_NEGOTIATING; i++) {
		handshake_input(scene.client, span_of(record, sizeof record));
		memset(record + 5, 0, sizeof header);
	}
	cr_expect_eq(facts->phase, PHASE_VIOLATED);
	cr_expect_leq(scene.arena.used, PROBE_ARENA_MAX);
	scene_release(&scene);
}

Test(floods, what_comes_after_the_end_is_not_kept)
{
	struct scene scene;
	scene_init(&scene, TLS1_2, 0xC02F);
	scene.rogue.spoil_finished = true;
	const struct handshake_facts *facts = scene_play(&scene);
	cr_assert_eq(facts->violation, VIOLATION_BAD_FINISHED);
	size_t used = scene.arena.used;
	for (size_t i = 0; i < 1000; i++)
		handshake_input(scene.client, span_text("more, and more, and more"));
	cr_expect_eq(scene.arena.used, used);
	cr_expect_eq(facts->violation, VIOLATION_BAD_FINISHED);
	scene_release(&scene);
}

Test(floods, bytes_while_a_second_hello_is_due_are_bounded)
{
	static const uint8_t bytes[4096] = { 22, 3, 3, 0, 1 };
	struct scene scene;
	scene_init(&scene, TLS1_3, 0x1301);
	scene.rogue.group = GROUP_SECP256R1;
	scene.rogue.no_second_hello = true;
	script_insert(&scene.rogue, 0, STEP_RETRY);
	scene.rogue.script[1] = STEP_END;
	const struct handshake_facts *facts = scene_play(&scene);
	cr_assert_eq(facts->phase, PHASE_RETRY);
	for (size_t i = 0; i < 1000 && facts->phase != PHASE_VIOLATED; i++)
		handshake_input(scene.client, span_of(bytes, sizeof bytes));
	cr_expect_eq(facts->phase, PHASE_VIOLATED);
	cr_expect_leq(scene.arena.used, PROBE_ARENA_MAX);
	scene_release(&scene);
}
