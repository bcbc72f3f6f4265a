/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "direction.h"
#include "registry/registry.h"
#include "wire/handshake.h"

static const enum step warning[] = { STEP_WARNING };
static uint8_t handshake_secret[HASH_MAX];

static void keep_secret(struct rogue *rogue, enum step step, struct builder *b)
{
	(void)b;
	if (step == STEP_FINISHED)
		memcpy(handshake_secret, rogue->server_secret, sizeof handshake_secret);
}

/* The keys of the handshake, behind the one record that it took. */
static struct protection *handshake_writing(struct rogue *rogue)
{
	const struct suite_params *p = &rogue->params;
	uint8_t key[32], iv[12], room[64];
	struct span traffic = span_of(handshake_secret, rogue->schedule.hash_len);
	struct span none = span_of(NULL, 0);
	cr_assert_eq(hkdf_expand_label(key, p->key_len, p->prf, traffic, "key", none), FAULT_NONE);
	cr_assert_eq(hkdf_expand_label(iv, 12, p->prf, traffic, "iv", none), FAULT_NONE);
	struct protection_keys keys = { .key = span_of(key, p->key_len), .iv = span_of(iv, 12) };
	struct protection *made = protection_new(p, &keys, false, true);
	struct builder b;
	builder_init(&b, room, sizeof room, NULL, 0);
	cr_assert_eq(protection_seal(made, &b, CONTENT_ALERT, 0x0303, none, &rogue->rng, 0),
		     FAULT_NONE);
	return made;
}

enum stage { STAGE_CLEAR, STAGE_HANDSHAKE, STAGE_APPLICATION };

/* STEP_WARNING is user_canceled, which ends nothing in TLS 1.3. */
Test(directed_answers, alerts_are_read_in_clear_and_under_the_keys_of_both_stages)
{
	for (enum stage stage = STAGE_CLEAR; stage <= STAGE_APPLICATION; stage++) {
		struct scene scene;
		directed_prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
		struct rogue *rogue = &scene.rogue;
		rogue->coalesce = true;
		rogue->lie_message = keep_secret;
		const struct handshake_facts *facts = scene_play(&scene);
		cr_assert_eq(facts->phase, PHASE_OUR_TURN);
		if (stage != STAGE_APPLICATION) {
			protection_free(rogue->writing);
			rogue->writing = stage == STAGE_CLEAR ? NULL : handshake_writing(rogue);
		}
		scene_steps(&scene, warning, 1);
		cr_expect_eq(facts->alerts_len, 1, "stage %d", stage);
		cr_expect_eq(facts->alerts[0].description, 90);
		cr_expect_eq(facts->violation, VIOLATION_NONE, "stage %d: %s", stage,
			     facts->detail);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN);
		scene_release(&scene);
	}
}

/* In TLS 1.3 the keys move on with any Finished of ours, for the server's answer is under them. */
Test(directed_answers, a_wrong_finished_is_no_end_and_what_follows_is_read)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		const struct handshake_facts *facts = directed_play(&scene, &directed_kinds[i]);
		if (directed_kinds[i].version < TLS1_3) {
			say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
			say_change(&scene);
		}
		uint8_t wrong[64];
		struct span right = handshake_body(scene.client, HANDSHAKE_FINISHED);
		memcpy(wrong, right.at, right.len);
		wrong[0] ^= 1;
		say_message(&scene, HANDSHAKE_FINISHED, span_of(wrong, right.len));
		cr_expect_not(scene.rogue.client_finished);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN);
		handshake_continue(scene.client);
		cr_expect_eq(handshake_output(scene.client).len, 0, "Finished was sent already");
		scene_steps(&scene, warning, 1);
		cr_expect_eq(facts->alerts_len, 1);
		cr_expect_eq(facts->violation, VIOLATION_NONE, "%s", facts->detail);
		scene_release(&scene);
	}
}

Test(directed_answers, a_spoiled_record_is_not_taken_by_the_server)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		directed_play(&scene, &directed_kinds[i]);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		say(&scene, CONTENT_APPLICATION_DATA, span_text("spoiled"), 1);
		cr_expect_eq(tape_view(&scene.rogue.application).len, 0, "0x%04X",
			     directed_kinds[i].suite);
		scene_release(&scene);
	}
}

Test(directed_answers, key_updates_of_both_sides_are_followed_and_not_answered)
{
	static const enum step steps[] = { STEP_KEY_UPDATE };
	static const uint8_t update[] = { HANDSHAKE_KEY_UPDATE, 0, 0, 1, 0 };
	struct scene scene;
	directed_finish(&scene, &(struct kind){ TLS1_3, 0x1302 });
	scene_steps(&scene, steps, 1);
	cr_expect_not(scene.rogue.client_updated);
	cr_expect_eq(handshake_messages_after(scene.client).len, 5);
	say(&scene, CONTENT_HANDSHAKE, span_of(update, sizeof update), 0);
	handshake_note_message(scene.client, span_of(update, sizeof update));
	cr_expect(scene.rogue.client_updated);
	expect_conversation(&scene);
	scene_release(&scene);
}

Test(directed_answers, what_comes_after_the_end_is_shown_and_not_followed)
{
	static const enum step again[] = { STEP_HELLO_REQUEST, STEP_SERVER_HELLO, STEP_CERTIFICATE,
					   STEP_DONE };
	struct scene scene;
	directed_finish(&scene, &(struct kind){ TLS1_2, 0xC02F });
	const struct handshake_facts *facts = handshake_facts(scene.client);
	size_t seen = facts->seen_len;
	scene_steps(&scene, again, 4);
	struct cursor in = cursor_over(handshake_messages_after(scene.client));
	static const uint8_t types[] = { 0, 2, 11, 14 };
	for (size_t i = 0; i < 4; i++) {
		struct handshake_message message;
		cr_assert_eq(handshake_decode(&message, &in), FAULT_NONE);
		cr_expect_eq(message.type, types[i]);
	}
	cr_expect_eq(facts->seen_len, seen + 4);
	cr_expect_eq(handshake_output(scene.client).len, 0);
	expect_conversation(&scene);
	scene_release(&scene);
}

Test(directed_answers, what_comes_after_the_end_has_a_ceiling)
{
	static const enum step again[] = { STEP_CERTIFICATE };
	struct scene scene;
	directed_finish(&scene, &(struct kind){ TLS1_2, 0xC02F });
	for (size_t i = 0; i < 300; i++)
		scene_steps(&scene, again, 1);
	cr_expect_leq(handshake_messages_after(scene.client).len, 65536);
	scene_release(&scene);
}

Test(directed_answers, a_retry_is_answered_with_a_second_hello)
{
	struct scene scene;
	directed_prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
	scene.rogue.group = GROUP_SECP256R1;
	script_insert(&scene.rogue, 0, STEP_AWAIT);
	script_insert(&scene.rogue, 0, STEP_RETRY);
	const struct handshake_facts *facts = scene_play(&scene);
	cr_expect_eq(facts->phase, PHASE_OUR_TURN, "%s", facts->detail);
	cr_expect_eq(facts->group, GROUP_SECP256R1);
	handshake_continue(scene.client);
	scene_steps(&scene, NULL, 0);
	expect_conversation(&scene);
	scene_release(&scene);
}

/* The rest of a retry's scene is the caller's: an alert must be read while none was given. */
Test(directed_answers, an_alert_is_read_while_a_second_hello_is_due)
{
	struct scene scene;
	directed_prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
	scene.rogue.no_second_hello = true;
	scene.rogue.group = GROUP_SECP256R1;
	script_set(&scene.rogue, (enum step[]){ STEP_RETRY }, 1);
	const struct handshake_facts *facts = scene_play(&scene);
	cr_expect_eq(facts->phase, PHASE_RETRY);
	handshake_input(scene.client, span_of("\x15\3\3\0\2\2\57", 7));
	cr_expect_eq(facts->phase, PHASE_ALERTED);
	cr_expect_eq(facts->alert, 47);
	scene_release(&scene);
}

Test(directed_answers, an_odd_certificate_or_signature_is_noted_and_passed)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		directed_prepare(&scene, &directed_kinds[i]);
		scene.rogue.spoil_signature = true;
		const struct handshake_facts *facts = scene_play(&scene);
		bool tls13 = directed_kinds[i].version == TLS1_3;
		const struct cipher_suite *row = cipher_suite_by_code(directed_kinds[i].suite);
		bool is_signed = (row->kx == KX_ECDHE || row->kx == KX_DHE) &&
				 row->auth != AUTH_ANON && row->auth != AUTH_PSK;
		cr_expect_eq(facts->violation,
			     tls13 || is_signed ? VIOLATION_BAD_SIGNATURE : VIOLATION_NONE);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		cr_expect_eq(facts->phase, PHASE_FINISHED, "0x%04X", directed_kinds[i].suite);
		scene_release(&scene);
	}
}

Test(directed_answers, an_extension_that_nobody_offered_is_noted_and_passed)
{
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		directed_prepare(&scene,
				 &(struct kind){ i ? TLS1_3 : TLS1_2, i ? 0x1301 : 0xC02F });
		scene.rogue.other_extra = span_of("\0\12\0\0\0\12\0\0", 8);
		scene.rogue.hello_extra = span_of("\x7f\x7f\0\0", 4);
		const struct handshake_facts *facts = scene_play(&scene);
		cr_expect_eq(facts->violation, VIOLATION_EXTENSION_NOT_OFFERED, "%s",
			     facts->detail);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN);
		scene_release(&scene);
	}
}

Test(directed_answers, a_hello_beyond_decoding_still_hears_alerts)
{
	struct scene scene;
	scene_init(&scene, TLS1_2, 0xC02F);
	struct handshake_options options = { .directed = true,
					     .client_hello = span_of("\1\0\0\2\3\3", 6) };
	scene.client = handshake_new(&scene.arena, &options);
	cr_assert_not_null(scene.client);
	const struct handshake_facts *facts = handshake_facts(scene.client);
	cr_expect_eq(facts->phase, PHASE_UNABLE);
	cr_expect_eq(facts->violation, VIOLATION_NONE);
	for (unsigned type = 0; type < 256; type++)
		cr_expect_null(handshake_body(scene.client, (uint8_t)type).at);
	handshake_note_message(scene.client, span_of("\20\0\0\0", 4));
	handshake_note_change_cipher_spec(scene.client);
	handshake_continue(scene.client);
	handshake_input(scene.client, span_of("\x16\3\3\0\4\2\0\0\0", 9));
	handshake_input(scene.client, span_of("\x17\3\3\0\4\2\0\0\0", 9));
	cr_expect_eq(facts->violation, VIOLATION_NONE);
	cr_expect_eq(facts->seen_len, 1);
	handshake_input(scene.client, span_of("\x15\3\3\0\2\2\62", 7));
	cr_expect_eq(facts->phase, PHASE_ALERTED);
	cr_expect_eq(facts->alert, 50);
	scene_release(&scene);
}

/* RFC 8446 4.4.1: the server's flight is hashed before what came too early. */
Test(directed_answers, a_message_sent_too_early_stands_behind_the_flight)
{
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		static const uint8_t junk[] = { HANDSHAKE_CERTIFICATE, 0, 0, 0 };
		directed_prepare(&scene,
				 &(struct kind){ i ? TLS1_3 : TLS1_2, i ? 0x1301 : 0xC02F });
		struct rogue *rogue = &scene.rogue;
		enum step script[SCRIPT_MAX];
		size_t len = script_len(rogue);
		memcpy(script, rogue->script, sizeof script);
		script_set(rogue, script, 0);
		scene_play(&scene);
		handshake_note_message(scene.client, span_of(junk, sizeof junk));
		scene_steps(&scene, script, len);
		const struct handshake_facts *facts = handshake_facts(scene.client);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN);
		cr_expect_eq(facts->violation, VIOLATION_NONE, "%s", facts->detail);
		tape_add(&rogue->transcript, span_of(junk, sizeof junk));
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

/* Hello and ClientKeyExchange in one write: the keys follow once they can. */
Test(directed_answers, an_exchange_sent_too_early_makes_keys_in_its_time)
{
	struct scene scene;
	directed_prepare(&scene, &(struct kind){ TLS1_2, 0xC02F });
	struct rogue *rogue = &scene.rogue;
	enum step script[SCRIPT_MAX];
	size_t len = script_len(rogue);
	memcpy(script, rogue->script, sizeof script);
	script_set(rogue, script, 0);
	scene_play(&scene);
	struct span share = group_share(GROUP_X25519);
	uint8_t whole[37] = { HANDSHAKE_CLIENT_KEY_EXCHANGE, 0, 0, 33, 32 };
	memcpy(whole + 5, share.at, 32);
	handshake_note_message(scene.client, span_of(whole, sizeof whole));
	cr_expect_null(handshake_body(scene.client, HANDSHAKE_CLIENT_KEY_EXCHANGE).at);
	scene_steps(&scene, script, len);
	say(&scene, CONTENT_HANDSHAKE, span_of(whole, sizeof whole), 0);
	handshake_continue(scene.client);
	scene_steps(&scene, NULL, 0);
	directed_answer(&scene);
	expect_conversation(&scene);
	scene_release(&scene);
}

Test(directed_answers, a_resumed_session_has_its_turn_behind_the_servers_finished)
{
	for (int by_hand = 0; by_hand < 2; by_hand++) {
		static const enum step steps[] = { STEP_SERVER_HELLO, STEP_CCS, STEP_FINISHED };
		static const uint8_t id[32] = { 1, 2, 3 }, master[MASTER_SECRET_LEN] = { 4, 5 };
		struct scene scene;
		struct resumption resume = { .version = TLS1_2,
					     .suite = 0xC02F,
					     .session_id = span_of(id, 32),
					     .secret = span_of(master, sizeof master),
					     .extended_master_secret = true };
		scene_init(&scene, TLS1_2, 0xC02F);
		scene.options.directed = true;
		scene.options.resume = &resume;
		scene.offer.session_id = span_of(id, 32);
		scene.rogue.resumed = true;
		scene.rogue.master_before = span_of(master, sizeof master);
		memcpy(scene.rogue.session_id, id, 32);
		script_set(&scene.rogue, steps, 3);
		const struct handshake_facts *facts = scene_play(&scene);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN, "%s", facts->detail);
		cr_expect_null(handshake_body(scene.client, HANDSHAKE_CLIENT_KEY_EXCHANGE).at);
		if (by_hand) {
			say_change(&scene);
			say_right(&scene, HANDSHAKE_FINISHED);
		} else {
			handshake_continue(scene.client);
		}
		scene_steps(&scene, NULL, 0);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

/* Whatever the server says, nothing crashes, nothing is sent, and the alert behind it is heard. */
Test(directed_answers, any_byte_may_be_wrong)
{
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i += 4) {
		struct scene scene;
		directed_play(&scene, &directed_kinds[i]);
		size_t heard = 0, tried = 0;
		struct span said = tape_view(&scene.rogue.log);
		for (size_t at = 0; at < said.len; at += 5, tried++) {
			struct arena arena;
			struct span wrong = arena_copy(&scene.rogue.arena, said);
			((uint8_t *)(uintptr_t)wrong.at)[at] ^= (uint8_t)(1u << at % 8);
			arena_init(&arena, 1024 * 1024);
			struct handshake *client = handshake_new(&arena, &scene.options);
			const struct handshake_facts *facts = handshake_facts(client);
			handshake_input(client, wrong);
			cr_expect_eq(handshake_output(client).len, 0);
			handshake_continue(client);
			handshake_input(client, span_of("\x15\3\3\0\2\2\50", 7));
			heard += facts->phase == PHASE_ALERTED;
			handshake_free(client);
			arena_release(&arena);
		}
		/* Deaf is who was told a wrong length of a record. */
		cr_expect_gt(heard, tried * 9 / 10, "0x%04X: %zu of %zu", directed_kinds[i].suite,
			     heard, tried);
		scene_release(&scene);
	}
}

Test(directed_answers, a_wrong_finished_of_the_servers_is_a_violation_and_no_end)
{
	static const enum step request[] = { STEP_HELLO_REQUEST, STEP_APPLICATION };
	for (size_t i = 0; i < DIRECTED_KINDS_LEN; i++) {
		struct scene scene;
		directed_prepare(&scene, &directed_kinds[i]);
		scene.rogue.spoil_finished = true;
		const struct handshake_facts *facts = scene_play(&scene);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		directed_answer(&scene);
		cr_expect_eq(facts->violation, VIOLATION_BAD_FINISHED);
		cr_expect_eq(facts->has_finished, directed_kinds[i].version == TLS1_3);
		scene_steps(&scene, request, 2);
		cr_expect_eq(scene.rogue.client_alert, 0);
		cr_expect(span_is(handshake_read(scene.client), "from the server"));
		scene_release(&scene);
	}
}

Test(directed_answers, a_server_that_does_not_wait_for_our_finished_is_told_of)
{
	struct scene scene;
	const struct handshake_facts *facts =
		directed_play(&scene, &(struct kind){ TLS1_2, 0xC02F });
	say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
	directed_answer(&scene);
	cr_expect_eq(facts->violation, VIOLATION_UNEXPECTED_MESSAGE);
	cr_expect_str_eq(facts->detail, "change_cipher_spec before our finished");
	scene_release(&scene);
}

/* Keys that we have not got: the rest is noise, but an alert in clear is heard. */
Test(directed_answers, a_server_that_protects_with_unknown_keys_is_not_misread)
{
	struct scene scene;
	const struct handshake_facts *facts =
		directed_play(&scene, &(struct kind){ TLS1_2, 0x002F });
	size_t seen = facts->seen_len;
	handshake_input(scene.client, span_of("\x14\3\3\0\1\1", 6));
	handshake_input(scene.client, span_of("\x16\3\3\0\10\2\0\0\4abcd", 13));
	handshake_input(scene.client, span_of("\x15\3\3\0\4abcd", 9));
	cr_expect_eq(facts->seen_len, seen);
	cr_expect_eq(facts->alerts_len, 0);
	handshake_input(scene.client, span_of("\x15\3\3\0\2\2\24", 7));
	cr_expect_eq(facts->phase, PHASE_ALERTED);
	scene_release(&scene);
}
