/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "rogue.h"

static void finish(struct scene *scene, enum version version, uint16_t suite)
{
	scene_init(scene, version, suite);
	cr_assert_eq(scene_play(scene)->phase, PHASE_FINISHED);
}

Test(afterwards, keys_are_updated_in_both_directions)
{
	static const enum step steps[] = { STEP_KEY_UPDATE, STEP_APPLICATION,
					   STEP_KEY_UPDATE_SILENT, STEP_APPLICATION };
	struct scene scene;
	finish(&scene, TLS1_3, 0x1301);
	scene_steps(&scene, steps, 4);
	cr_expect(scene.rogue.client_updated, "the client was asked and did not");
	cr_expect_eq(handshake_write(scene.client, span_text("under new keys")), FAULT_NONE);
	scene_steps(&scene, steps, 2);
	cr_expect(span_is(handshake_read(scene.client),
			  "from the serverfrom the serverfrom the server"));
	cr_expect(span_is(tape_view(&scene.rogue.application), "under new keys"));
	scene_release(&scene);
}

Test(afterwards, a_silent_key_update_is_not_answered)
{
	static const enum step steps[] = { STEP_KEY_UPDATE_SILENT, STEP_APPLICATION };
	struct scene scene;
	finish(&scene, TLS1_3, 0x1303);
	scene_steps(&scene, steps, 2);
	cr_expect_not(scene.rogue.client_updated);
	cr_expect(span_is(handshake_read(scene.client), "from the server"));
	scene_release(&scene);
}

Test(afterwards, data_under_the_keys_before_an_update_is_refused)
{
	static const enum step steps[] = { STEP_APPLICATION };
	static const uint8_t update[] = { HANDSHAKE_KEY_UPDATE, 0, 0, 1, 0 };
	struct scene scene;
	finish(&scene, TLS1_3, 0x1301);
	tape_add(&scene.rogue.pending, span_of(update, sizeof update));
	scene_steps(&scene, steps, 1);
	cr_expect_eq(handshake_facts(scene.client)->violation, VIOLATION_BAD_RECORD_MAC);
	scene_release(&scene);
}

Test(afterwards, an_unknown_key_update_is_malformed)
{
	static const uint8_t update[] = { HANDSHAKE_KEY_UPDATE, 0, 0, 1, 2 };
	struct scene scene;
	finish(&scene, TLS1_3, 0x1301);
	tape_add(&scene.rogue.pending, span_of(update, sizeof update));
	scene_steps(&scene, NULL, 0);
	cr_expect_eq(handshake_facts(scene.client)->violation, VIOLATION_MALFORMED_MESSAGE);
	scene_release(&scene);
}

/* RFC 5246 7.4.1.1: declined with no_renegotiation, and the session goes on. */
Test(afterwards, a_hello_request_is_declined)
{
	static const enum step steps[] = { STEP_HELLO_REQUEST, STEP_APPLICATION };
	struct scene scene;
	finish(&scene, TLS1_2, 0xC02F);
	scene_steps(&scene, steps, 2);
	cr_expect_eq(scene.rogue.client_alert, 100);
	cr_expect_eq(handshake_facts(scene.client)->phase, PHASE_FINISHED);
	cr_expect(span_is(handshake_read(scene.client), "from the server"));
	scene_release(&scene);
}

Test(afterwards, the_same_messages_cannot_come_again)
{
	static const enum step again[] = { STEP_SERVER_HELLO, STEP_CERTIFICATE, STEP_EXCHANGE,
					   STEP_DONE,	      STEP_TICKET,	STEP_FINISHED };
	for (size_t i = 0; i < 6; i++) {
		struct scene scene;
		finish(&scene, TLS1_2, 0xC02F);
		scene_steps(&scene, &again[i], 1);
		cr_expect_eq(handshake_facts(scene.client)->violation, VIOLATION_UNEXPECTED_MESSAGE,
			     "step %d", again[i]);
		scene_release(&scene);
	}
}

Test(afterwards, close_notify_ends_the_session)
{
	struct scene scene;
	finish(&scene, TLS1_2, 0xC02F);
	handshake_shutdown(scene.client);
	scene_steps(&scene, NULL, 0);
	cr_expect_eq(scene.rogue.client_alert, ALERT_CLOSE_NOTIFY);
	scene_release(&scene);
}

Test(afterwards, writing_before_the_end_is_wrong_usage)
{
	struct scene scene;
	scene_init(&scene, TLS1_2, 0xC02F);
	scene.rogue.script[1] = STEP_END;
	scene_play(&scene);
	cr_expect_eq(handshake_write(scene.client, span_text("early")), FAULT_USAGE);
	scene_release(&scene);
}

Test(afterwards, the_facts_are_those_of_the_server)
{
	struct scene scene;
	finish(&scene, TLS1_2, 0xC02F);
	const struct handshake_facts *facts = handshake_facts(scene.client);
	cr_expect_eq(facts->version, TLS1_2);
	cr_expect_eq(facts->suite, 0xC02F);
	cr_expect_eq(facts->group, GROUP_X25519);
	cr_expect_eq(facts->signature_scheme, 0x0401);
	cr_expect(facts->extended_master_secret && facts->secure_renegotiation);
	cr_expect(span_equal(facts->server_random, span_of(scene.rogue.random, 32)));
	cr_expect(span_equal(facts->master_secret, span_of(scene.rogue.master, 48)));
	cr_expect(span_equal(facts->certificates.der[0], rogue_certificate("rsa")));
	cr_expect_eq(facts->server_finished.len, VERIFY_DATA_LEN);
	cr_expect_eq(facts->client_finished.len, VERIFY_DATA_LEN);
	static const uint8_t seen[] = { 2, 11, 12, 14, 20 };
	cr_expect(span_equal(span_of(facts->seen, facts->seen_len), span_of(seen, 5)));
	cr_expect_eq(facts->key_log_len, 1);
	cr_expect_str_eq(facts->key_log[0].label, "CLIENT_RANDOM");
	cr_expect(
		span_equal(span_of(facts->key_log[0].secret, 48), span_of(scene.rogue.master, 48)));
	scene_release(&scene);
}

Test(afterwards, the_size_of_a_finite_field_is_known)
{
	struct scene scene;
	finish(&scene, TLS1_2, 0x009E);
	cr_expect_eq(handshake_facts(scene.client)->dh_bits, 2048);
	scene_release(&scene);
}

Test(afterwards, an_alert_of_the_server_ends_it)
{
	static const uint8_t alert[] = { 21, 3, 3, 0, 2, 2, ALERT_HANDSHAKE_FAILURE };
	struct scene scene;
	scene_init(&scene, TLS1_2, 0xC02F);
	scene.rogue.script[1] = STEP_END;
	const struct handshake_facts *facts = scene_play(&scene);
	handshake_input(scene.client, span_of(alert, sizeof alert));
	cr_expect_eq(facts->phase, PHASE_ALERTED);
	cr_expect_eq(facts->alert, ALERT_HANDSHAKE_FAILURE);
	cr_expect_eq(facts->alert_level, ALERT_FATAL);
	cr_expect_eq(handshake_output(scene.client).len, 0, "an alert is not answered");
	scene_release(&scene);
}
