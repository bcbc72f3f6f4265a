/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "direction.h"
#include "registry/registry.h"

Test(directed, nothing_is_sent_and_the_turn_comes_with_the_end_of_the_flight)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		const struct handshake_facts *facts = directed_play(&scene, &directed_kinds[i]);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN, "0x%04X", directed_kinds[i].suite);
		cr_expect_eq(facts->violation, VIOLATION_NONE, "%s", facts->detail);
		cr_expect_eq(handshake_output(scene.client).len, 0);
		cr_expect_eq(handshake_is_sealing(scene.client),
			     directed_kinds[i].version == TLS1_3);
		scene_release(&scene);
	}
}

Test(directed, message_by_message_the_right_ones_finish)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		directed_play(&scene, &directed_kinds[i]);
		if (directed_kinds[i].version < TLS1_3) {
			say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
			cr_expect_not(handshake_is_sealing(scene.client));
			say_change(&scene);
			cr_expect(handshake_is_sealing(scene.client));
		}
		say_right(&scene, HANDSHAKE_FINISHED);
		directed_answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

Test(directed, continuing_sends_the_rest_from_wherever_the_caller_stopped)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN * 4; i++) {
		struct scene scene;
		const struct kind *kind = &directed_kinds[i / 4];
		directed_prepare(&scene, kind);
		scene_play(&scene);
		if (kind->version < TLS1_3 && i % 4 > 0)
			say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
		if (kind->version < TLS1_3 && i % 4 > 1)
			say_change(&scene);
		if (i % 4 > 2)
			say_right(&scene, HANDSHAKE_FINISHED);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

/* A hello, and then at once the wish that the rest be right. */
Test(directed, continuing_early_waits_for_the_turn)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		directed_prepare(&scene, &directed_kinds[i]);
		struct rogue *rogue = &scene.rogue;
		enum step script[SCRIPT_MAX];
		size_t len = script_len(rogue);
		memcpy(script, rogue->script, sizeof script);
		script_set(rogue, script, 0);
		scene_play(&scene);
		handshake_continue(scene.client);
		cr_expect_eq(handshake_output(scene.client).len, 0);
		scene_steps(&scene, script, len);
		directed_answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

static void ask_for_certificate(struct scene *scene, const struct kind *kind)
{
	directed_prepare(scene, kind);
	struct rogue *rogue = &scene->rogue;
	script_insert(rogue,
		      script_find(rogue, kind->version == TLS1_3 ? STEP_CERTIFICATE : STEP_DONE),
		      STEP_REQUEST);
}

Test(directed, a_client_certificate_is_sent_and_proven)
{
	static const struct kind asked[] = {
		{ TLS1_0, 0x002F }, { TLS1_1, 0xC013 }, { TLS1_2, 0xC02F }, { TLS1_3, 0x1301 }
	};
	for (size_t i = 0; i < 12; i++) {
		struct scene scene;
		char why[128];
		struct signing_key *key =
			signing_key_read(rogue_fixture("rsa", "key"), why, sizeof why);
		struct certificate_list chain = { .der = { rogue_certificate("rsa") }, .len = 1 };
		bool has = i % 3 > 0;
		ask_for_certificate(&scene, &asked[i / 3]);
		scene.options.client_key = has ? key : NULL;
		scene.options.client_chain = has ? &chain : NULL;
		scene_play(&scene);
		if (i % 3 == 2)
			say_right(&scene, HANDSHAKE_CERTIFICATE);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		cr_expect_eq(scene.rogue.client_certificates, has);
		cr_expect_eq(scene.rogue.client_verified, has);
		expect_conversation(&scene);
		scene_release(&scene);
		signing_key_free(key);
	}
}

/* An empty list of the caller's is not followed by a proof. */
Test(directed, an_empty_certificate_of_the_callers_is_not_proven)
{
	struct scene scene;
	char why[128];
	struct signing_key *key = signing_key_read(rogue_fixture("rsa", "key"), why, sizeof why);
	struct certificate_list chain = { .der = { rogue_certificate("rsa") }, .len = 1 };
	ask_for_certificate(&scene, &(struct kind){ TLS1_2, 0xC02F });
	scene.options.client_key = key;
	scene.options.client_chain = &chain;
	scene_play(&scene);
	say_message(&scene, HANDSHAKE_CERTIFICATE, span_of("\0\0\0", 3));
	handshake_continue(scene.client);
	scene_steps(&scene, NULL, 0);
	directed_answer(&scene);
	cr_expect_not(scene.rogue.client_verified);
	expect_conversation(&scene);
	scene_release(&scene);
	signing_key_free(key);
}

Test(directed, a_foreign_client_key_exchange_makes_no_keys)
{
	struct scene scene;
	const struct handshake_facts *facts =
		directed_play(&scene, &(struct kind){ TLS1_2, 0xC02F });
	uint8_t body[] = { 32, 1, 2, 3 };
	uint8_t whole[] = { HANDSHAKE_CLIENT_KEY_EXCHANGE, 0, 0, 4, 32, 1, 2, 3 };
	cr_expect_not(span_equal(handshake_body(scene.client, HANDSHAKE_CLIENT_KEY_EXCHANGE),
				 span_of(body, sizeof body)));
	handshake_note_message(scene.client, span_of(whole, sizeof whole));
	handshake_note_change_cipher_spec(scene.client);
	cr_expect_not(handshake_is_sealing(scene.client));
	cr_expect_null(handshake_body(scene.client, HANDSHAKE_FINISHED).at);
	struct builder b;
	builder_init(&b, body, sizeof body, NULL, 0);
	cr_expect_eq(handshake_seal_record(scene.client, &b, CONTENT_ALERT, 0x0303,
					   span_of("\1\0", 2), 0),
		     FAULT_UNSUPPORTED);
	handshake_continue(scene.client);
	cr_expect_eq(facts->phase, PHASE_UNABLE);
	handshake_input(scene.client, span_of("\x15\3\3\0\2\2\24", 7));
	cr_expect_eq(facts->phase, PHASE_ALERTED);
	cr_expect_eq(facts->alert, 20);
	scene_release(&scene);
}

/* The hello was one: the same bytes by hand are the right message. */
Test(directed, the_right_client_key_exchange_by_hand_makes_keys)
{
	struct scene scene;
	directed_play(&scene, &(struct kind){ TLS1_2, 0xC02F });
	struct span share = group_share(GROUP_X25519);
	uint8_t body[33] = { 32 };
	memcpy(body + 1, share.at, 32);
	say_message(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of(body, sizeof body));
	handshake_continue(scene.client);
	scene_steps(&scene, NULL, 0);
	directed_answer(&scene);
	expect_conversation(&scene);
	scene_release(&scene);
}
