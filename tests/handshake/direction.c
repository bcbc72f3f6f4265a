/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "direction.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

const struct kind directed_kinds[DIRECTED_KINDS_LEN] = {
	{ TLS1_0, 0x002F }, { TLS1_0, 0xC013 }, { TLS1_1, 0xC009 }, { TLS1_2, 0x002F },
	{ TLS1_2, 0xC02F }, { TLS1_2, 0xC014 }, { TLS1_2, 0x009E }, { TLS1_2, 0xCCA8 },
	{ TLS1_2, 0x008C }, { TLS1_2, 0x00A8 }, { TLS1_2, 0xC018 }, { TLS1_2, 0x0005 },
	{ TLS1_3, 0x1301 }, { TLS1_3, 0x1302 }, { TLS1_3, 0x1303 },
};

static const enum step answer12[] = { STEP_CCS, STEP_FINISHED };
static const enum step application[] = { STEP_APPLICATION };

void directed_prepare(struct scene *scene, const struct kind *kind)
{
	scene_init(scene, kind->version, kind->suite);
	scene->options.directed = true;
	if (kind->version == TLS1_3)
		return;
	struct rogue *rogue = &scene->rogue;
	while (rogue->script[script_len(rogue) - 1] != STEP_AWAIT)
		script_remove(rogue, script_len(rogue) - 1);
}

const struct handshake_facts *directed_play(struct scene *scene, const struct kind *kind)
{
	directed_prepare(scene, kind);
	return scene_play(scene);
}

static uint16_t record_code(const struct scene *scene)
{
	return scene->rogue.version == TLS1_3 ? 0x0303 : version_code(scene->rogue.version);
}

void say(struct scene *scene, uint8_t type, struct span fragment, unsigned spoil)
{
	static uint8_t bytes[20000];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	if (handshake_is_sealing(scene->client)) {
		cr_assert_eq(handshake_seal_record(scene->client, &b, type, record_code(scene),
						   fragment, spoil),
			     FAULT_NONE);
	} else {
		struct record record = { type, record_code(scene), fragment };
		record_encode(&b, &record, 0);
	}
	tape_add(&scene->rogue.in, builder_view(&b));
	rogue_listen(&scene->rogue);
}

void say_message(struct scene *scene, uint8_t type, struct span body)
{
	uint8_t bytes[4096];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	handshake_encode(&b, type, body, 0);
	say(scene, CONTENT_HANDSHAKE, builder_view(&b), 0);
	handshake_note_message(scene->client, builder_view(&b));
}

void say_right(struct scene *scene, uint8_t type)
{
	struct span body = handshake_body(scene->client, type);
	cr_assert_not_null(body.at, "0x%04X: message %u", scene->rogue.suite, type);
	say_message(scene, type, body);
}

void say_change(struct scene *scene)
{
	say(scene, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1), 0);
	handshake_note_change_cipher_spec(scene->client);
}

void directed_answer(struct scene *scene)
{
	if (scene->rogue.version < TLS1_3)
		scene_steps(scene, answer12, 2);
}

void expect_conversation(struct scene *scene)
{
	const struct handshake_facts *facts = handshake_facts(scene->client);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "0x%04X in %s: %d, %s, %s", scene->rogue.suite,
		     version_name(scene->rogue.version), facts->phase,
		     violation_name(facts->violation), facts->detail);
	cr_expect(facts->has_finished && facts->violation == VIOLATION_NONE);
	cr_expect(scene->rogue.client_finished);
	say(scene, CONTENT_APPLICATION_DATA, span_text("from the client"), 0);
	scene_steps(scene, application, 1);
	cr_expect(span_is(handshake_read(scene->client), "from the server"));
	cr_expect(span_is(tape_view(&scene->rogue.application), "from the client"));
}

void directed_finish(struct scene *scene, const struct kind *kind)
{
	directed_play(scene, kind);
	handshake_continue(scene->client);
	scene_steps(scene, NULL, 0);
	directed_answer(scene);
	cr_assert_eq(handshake_facts(scene->client)->phase, PHASE_FINISHED);
}
