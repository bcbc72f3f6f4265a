/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "handshake/handshake_directed.h"
#include "registry/registry.h"
#include "rogue.h"
#include "wire/handshake.h"
#include "wire/record.h"

static const struct kind {
	enum version version;
	uint16_t suite;
} kinds[] = {
	{ TLS1_0, 0x002F }, { TLS1_0, 0xC013 }, { TLS1_1, 0xC009 }, { TLS1_2, 0x002F },
	{ TLS1_2, 0xC02F }, { TLS1_2, 0xC014 }, { TLS1_2, 0x009E }, { TLS1_2, 0xCCA8 },
	{ TLS1_2, 0x008C }, { TLS1_2, 0x00A8 }, { TLS1_2, 0xC018 }, { TLS1_2, 0x0005 },
	{ TLS1_3, 0x1301 }, { TLS1_3, 0x1302 }, { TLS1_3, 0x1303 },
};
#define KINDS_LEN (sizeof kinds / sizeof kinds[0])

static const enum step answer12[] = { STEP_CCS, STEP_FINISHED };
static const enum step application[] = { STEP_APPLICATION };

/* The server's first flight alone: what it says later depends on what we send. */
static void prepare(struct scene *scene, const struct kind *kind)
{
	scene_init(scene, kind->version, kind->suite);
	scene->options.directed = true;
	if (kind->version == TLS1_3)
		return;
	struct rogue *rogue = &scene->rogue;
	while (rogue->script[script_len(rogue) - 1] != STEP_AWAIT)
		script_remove(rogue, script_len(rogue) - 1);
}

static const struct handshake_facts *play(struct scene *scene, const struct kind *kind)
{
	prepare(scene, kind);
	return scene_play(scene);
}

static uint16_t record_code(const struct scene *scene)
{
	return scene->rogue.version == TLS1_3 ? 0x0303 : version_code(scene->rogue.version);
}

/* One record to the server, protected if it has to be. */
static void say(struct scene *scene, uint8_t type, struct span fragment, unsigned spoil)
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

static void say_message(struct scene *scene, uint8_t type, struct span body)
{
	uint8_t bytes[4096];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	handshake_encode(&b, type, body, 0);
	say(scene, CONTENT_HANDSHAKE, builder_view(&b), 0);
	handshake_note_message(scene->client, builder_view(&b));
}

static void say_right(struct scene *scene, uint8_t type)
{
	struct span body = handshake_body(scene->client, type);
	cr_assert_not_null(body.at, "0x%04X: message %u", scene->rogue.suite, type);
	say_message(scene, type, body);
}

static void say_change(struct scene *scene)
{
	say(scene, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1), 0);
	handshake_note_change_cipher_spec(scene->client);
}

static void answer(struct scene *scene)
{
	if (scene->rogue.version < TLS1_3)
		scene_steps(scene, answer12, 2);
}

static void expect_conversation(struct scene *scene)
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

Test(directed, nothing_is_sent_and_the_turn_comes_with_the_end_of_the_flight)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		const struct handshake_facts *facts = play(&scene, &kinds[i]);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN, "0x%04X", kinds[i].suite);
		cr_expect_eq(facts->violation, VIOLATION_NONE, "%s", facts->detail);
		cr_expect_eq(handshake_output(scene.client).len, 0);
		cr_expect_eq(handshake_is_sealing(scene.client), kinds[i].version == TLS1_3);
		scene_release(&scene);
	}
}

Test(directed, message_by_message_the_right_ones_finish)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		play(&scene, &kinds[i]);
		if (kinds[i].version < TLS1_3) {
			say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
			cr_expect_not(handshake_is_sealing(scene.client));
			say_change(&scene);
			cr_expect(handshake_is_sealing(scene.client));
		}
		say_right(&scene, HANDSHAKE_FINISHED);
		answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

Test(directed, continuing_sends_the_rest_from_wherever_the_caller_stopped)
{
	for (size_t i = 0; i < KINDS_LEN * 4; i++) {
		struct scene scene;
		const struct kind *kind = &kinds[i / 4];
		prepare(&scene, kind);
		scene_play(&scene);
		if (kind->version < TLS1_3 && i % 4 > 0)
			say_right(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE);
		if (kind->version < TLS1_3 && i % 4 > 1)
			say_change(&scene);
		if (i % 4 > 2)
			say_right(&scene, HANDSHAKE_FINISHED);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

/* A hello, and then at once the wish that the rest be right. */
Test(directed, continuing_early_waits_for_the_turn)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		prepare(&scene, &kinds[i]);
		struct rogue *rogue = &scene.rogue;
		enum step script[SCRIPT_MAX];
		size_t len = script_len(rogue);
		memcpy(script, rogue->script, sizeof script);
		script_set(rogue, script, 0);
		scene_play(&scene);
		handshake_continue(scene.client);
		cr_expect_eq(handshake_output(scene.client).len, 0);
		scene_steps(&scene, script, len);
		answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

static void ask_for_certificate(struct scene *scene, const struct kind *kind)
{
	prepare(scene, kind);
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
		answer(&scene);
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
	answer(&scene);
	cr_expect_not(scene.rogue.client_verified);
	expect_conversation(&scene);
	scene_release(&scene);
	signing_key_free(key);
}

Test(directed, a_foreign_client_key_exchange_makes_no_keys)
{
	struct scene scene;
	const struct handshake_facts *facts = play(&scene, &(struct kind){ TLS1_2, 0xC02F });
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
	play(&scene, &(struct kind){ TLS1_2, 0xC02F });
	struct span share = group_share(GROUP_X25519);
	uint8_t body[33] = { 32 };
	memcpy(body + 1, share.at, 32);
	say_message(&scene, HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of(body, sizeof body));
	handshake_continue(scene.client);
	scene_steps(&scene, NULL, 0);
	answer(&scene);
	expect_conversation(&scene);
	scene_release(&scene);
}

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
Test(directed, alerts_are_read_in_clear_and_under_the_keys_of_both_stages)
{
	for (enum stage stage = STAGE_CLEAR; stage <= STAGE_APPLICATION; stage++) {
		struct scene scene;
		prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
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
Test(directed, a_wrong_finished_is_no_end_and_what_follows_is_read)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		const struct handshake_facts *facts = play(&scene, &kinds[i]);
		if (kinds[i].version < TLS1_3) {
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

Test(directed, a_spoiled_record_is_not_taken_by_the_server)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		play(&scene, &kinds[i]);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		answer(&scene);
		say(&scene, CONTENT_APPLICATION_DATA, span_text("spoiled"), 1);
		cr_expect_eq(tape_view(&scene.rogue.application).len, 0, "0x%04X", kinds[i].suite);
		scene_release(&scene);
	}
}

static void finish(struct scene *scene, const struct kind *kind)
{
	play(scene, kind);
	handshake_continue(scene->client);
	scene_steps(scene, NULL, 0);
	answer(scene);
	cr_assert_eq(handshake_facts(scene->client)->phase, PHASE_FINISHED);
}

Test(directed, key_updates_of_both_sides_are_followed_and_not_answered)
{
	static const enum step steps[] = { STEP_KEY_UPDATE };
	static const uint8_t update[] = { HANDSHAKE_KEY_UPDATE, 0, 0, 1, 0 };
	struct scene scene;
	finish(&scene, &(struct kind){ TLS1_3, 0x1302 });
	scene_steps(&scene, steps, 1);
	cr_expect_not(scene.rogue.client_updated);
	cr_expect_eq(handshake_messages_after(scene.client).len, 5);
	say(&scene, CONTENT_HANDSHAKE, span_of(update, sizeof update), 0);
	handshake_note_message(scene.client, span_of(update, sizeof update));
	cr_expect(scene.rogue.client_updated);
	expect_conversation(&scene);
	scene_release(&scene);
}

Test(directed, what_comes_after_the_end_is_shown_and_not_followed)
{
	static const enum step again[] = { STEP_HELLO_REQUEST, STEP_SERVER_HELLO, STEP_CERTIFICATE,
					   STEP_DONE };
	struct scene scene;
	finish(&scene, &(struct kind){ TLS1_2, 0xC02F });
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

Test(directed, what_comes_after_the_end_has_a_ceiling)
{
	static const enum step again[] = { STEP_CERTIFICATE };
	struct scene scene;
	finish(&scene, &(struct kind){ TLS1_2, 0xC02F });
	for (size_t i = 0; i < 300; i++)
		scene_steps(&scene, again, 1);
	cr_expect_leq(handshake_messages_after(scene.client).len, 65536);
	scene_release(&scene);
}

Test(directed, a_retry_is_answered_with_a_second_hello)
{
	struct scene scene;
	prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
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
Test(directed, an_alert_is_read_while_a_second_hello_is_due)
{
	struct scene scene;
	prepare(&scene, &(struct kind){ TLS1_3, 0x1301 });
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

Test(directed, an_odd_certificate_or_signature_is_noted_and_passed)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		prepare(&scene, &kinds[i]);
		scene.rogue.spoil_signature = true;
		const struct handshake_facts *facts = scene_play(&scene);
		bool tls13 = kinds[i].version == TLS1_3;
		const struct cipher_suite *row = cipher_suite_by_code(kinds[i].suite);
		bool is_signed = (row->kx == KX_ECDHE || row->kx == KX_DHE) &&
				 row->auth != AUTH_ANON && row->auth != AUTH_PSK;
		cr_expect_eq(facts->violation,
			     tls13 || is_signed ? VIOLATION_BAD_SIGNATURE : VIOLATION_NONE);
		handshake_continue(scene.client);
		scene_steps(&scene, NULL, 0);
		answer(&scene);
		cr_expect_eq(facts->phase, PHASE_FINISHED, "0x%04X", kinds[i].suite);
		scene_release(&scene);
	}
}

Test(directed, an_extension_that_nobody_offered_is_noted_and_passed)
{
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		prepare(&scene, &(struct kind){ i ? TLS1_3 : TLS1_2, i ? 0x1301 : 0xC02F });
		scene.rogue.other_extra = span_of("\0\12\0\0\0\12\0\0", 8);
		scene.rogue.hello_extra = span_of("\x7f\x7f\0\0", 4);
		const struct handshake_facts *facts = scene_play(&scene);
		cr_expect_eq(facts->violation, VIOLATION_EXTENSION_NOT_OFFERED, "%s",
			     facts->detail);
		cr_expect_eq(facts->phase, PHASE_OUR_TURN);
		scene_release(&scene);
	}
}

Test(directed, a_hello_beyond_decoding_still_hears_alerts)
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
Test(directed, a_message_sent_too_early_stands_behind_the_flight)
{
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		static const uint8_t junk[] = { HANDSHAKE_CERTIFICATE, 0, 0, 0 };
		prepare(&scene, &(struct kind){ i ? TLS1_3 : TLS1_2, i ? 0x1301 : 0xC02F });
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
		answer(&scene);
		expect_conversation(&scene);
		scene_release(&scene);
	}
}

/* Hello and ClientKeyExchange in one write: the keys follow once they can. */
Test(directed, an_exchange_sent_too_early_makes_keys_in_its_time)
{
	struct scene scene;
	prepare(&scene, &(struct kind){ TLS1_2, 0xC02F });
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
	answer(&scene);
	expect_conversation(&scene);
	scene_release(&scene);
}

Test(directed, a_resumed_session_has_its_turn_behind_the_servers_finished)
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
