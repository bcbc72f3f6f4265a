/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "handshake/binder.h"
#include "registry/registry.h"
#include "rogue.h"

/* The first session, whose facts the second one lives on. */
struct pair {
	struct scene first, second;
	struct resumption resume;
};

static const enum step resumed12[] = { STEP_SERVER_HELLO, STEP_CCS, STEP_FINISHED };
static const enum step resumed12_ticket[] = { STEP_SERVER_HELLO, STEP_TICKET, STEP_CCS,
					      STEP_FINISHED };
static const enum step resumed13[] = { STEP_SERVER_HELLO, STEP_CCS, STEP_ENCRYPTED_EXTENSIONS,
				       STEP_FINISHED };

static void pair_init(struct pair *pair, enum version version, uint16_t suite, bool ticket)
{
	struct rogue *first = &pair->first.rogue;
	scene_init(&pair->first, version, suite);
	first->ticket = ticket && version < TLS1_3;
	if (version == TLS1_3)
		script_insert(first, script_len(first), STEP_TICKET);
	else if (ticket)
		script_insert(first, script_find(first, STEP_CCS), STEP_TICKET);
	const struct handshake_facts *facts = scene_play(&pair->first);
	cr_assert_eq(facts->phase, PHASE_FINISHED, "%s", facts->detail);
	cr_expect_not(facts->resumed);

	pair->resume = (struct resumption){
		.version = version,
		.suite = suite,
		.session_id = facts->session_id,
		.ticket = facts->ticket,
		.secret = version == TLS1_3 ? facts->resumption_secret : facts->master_secret,
		.extended_master_secret = facts->extended_master_secret,
		.ticket_age_add = facts->ticket_age_add,
	};
	scene_init(&pair->second, version, suite);
	pair->second.options.resume = &pair->resume;
	pair->second.rogue.resumed = true;
	if (version == TLS1_3) {
		pair->second.offer.resume = &pair->resume;
		pair->second.options.offered_resumption_psk = true;
		pair->second.rogue.psk = pair->resume.secret;
		script_set(&pair->second.rogue, resumed13, 4);
	} else {
		pair->second.rogue.master_before = pair->resume.secret;
		pair->second.offer.session_id =
			ticket ? span_text("an id that we made up") : pair->resume.session_id;
		pair->second.offer.ticket = ticket ? pair->resume.ticket : span_of(NULL, 0);
		script_set(&pair->second.rogue, resumed12, 3);
	}
}

static void pair_release(struct pair *pair)
{
	scene_release(&pair->first);
	scene_release(&pair->second);
}

static void expect_resumed(struct pair *pair)
{
	static const enum step application[] = { STEP_APPLICATION };
	const struct handshake_facts *facts = handshake_facts(pair->second.client);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "%s: %s", violation_name(facts->violation),
		     facts->detail);
	cr_expect(facts->resumed);
	cr_expect_not(facts->has_certificates);
	cr_expect(pair->second.rogue.client_finished);
	cr_expect_eq(handshake_write(pair->second.client, span_text("again")), FAULT_NONE);
	scene_steps(&pair->second, application, 1);
	cr_expect(span_is(handshake_read(pair->second.client), "from the server"));
	cr_expect(span_is(tape_view(&pair->second.rogue.application), "again"));
}

Test(resumption, by_session_id_finishes)
{
	static const uint16_t suites[] = { 0x002F, 0xC02F, 0x0005, 0x009E };
	for (size_t i = 0; i < 4; i++) {
		struct pair pair;
		pair_init(&pair, TLS1_2, suites[i], false);
		scene_play(&pair.second);
		expect_resumed(&pair);
		pair_release(&pair);
	}
}

Test(resumption, below_tls_1_2_finishes)
{
	struct pair pair;
	pair_init(&pair, TLS1_0, 0xC013, false);
	scene_play(&pair.second);
	expect_resumed(&pair);
	pair_release(&pair);
}

Test(resumption, by_ticket_finishes_with_a_new_ticket_or_without)
{
	for (int renewed = 0; renewed < 2; renewed++) {
		struct pair pair;
		pair_init(&pair, TLS1_2, 0xC02F, true);
		cr_assert(span_is(pair.resume.ticket, "a ticket to ride"));
		pair.second.rogue.ticket = renewed;
		if (renewed)
			script_set(&pair.second.rogue, resumed12_ticket, 4);
		scene_play(&pair.second);
		expect_resumed(&pair);
		pair_release(&pair);
	}
}

Test(resumption, a_server_that_forgot_the_session_shakes_hands_in_full)
{
	struct pair pair;
	pair_init(&pair, TLS1_2, 0xC02F, false);
	struct scene fresh;
	scene_init(&fresh, TLS1_2, 0xC02F);
	fresh.rogue.session_id[0] ^= 1;
	fresh.offer = pair.second.offer;
	fresh.options.resume = &pair.resume;
	const struct handshake_facts *facts = scene_play(&fresh);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "%s", facts->detail);
	cr_expect_not(facts->resumed);
	cr_expect(facts->has_certificates);
	scene_release(&fresh);
	pair_release(&pair);
}

/* A server that does not know the secret cannot resume with it. */
Test(resumption, with_another_secret_is_refused)
{
	static const enum version versions[] = { TLS1_2, TLS1_3 };
	static const uint8_t wrong[48] = { 1 };
	for (size_t i = 0; i < 2; i++) {
		struct pair pair;
		pair_init(&pair, versions[i], i ? 0x1301 : 0xC02F, false);
		pair.second.rogue.master_before = span_of(wrong, 48);
		pair.second.rogue.psk = span_of(wrong, 32);
		const struct handshake_facts *facts = scene_play(&pair.second);
		cr_expect_eq(facts->violation, VIOLATION_BAD_RECORD_MAC, "%s: %s",
			     violation_name(facts->violation), facts->detail);
		pair_release(&pair);
	}
}

/* RFC 7627 5.3 */
Test(resumption, without_the_extended_master_secret_of_the_session_is_refused)
{
	struct pair pair;
	pair_init(&pair, TLS1_2, 0xC02F, false);
	pair.second.rogue.extended_master_secret = false;
	const struct handshake_facts *facts = scene_play(&pair.second);
	cr_expect_eq(facts->violation, VIOLATION_EXTENSION_MISSING, "%s",
		     violation_name(facts->violation));
	pair_release(&pair);
}

Test(resumption, of_tls_1_3_finishes_for_both_hashes)
{
	static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
	for (size_t i = 0; i < 3; i++) {
		struct pair pair;
		pair_init(&pair, TLS1_3, suites[i], true);
		scene_play(&pair.second);
		expect_resumed(&pair);
		pair_release(&pair);
	}
}

Test(resumption, of_tls_1_3_without_a_share_finishes_when_that_was_offered)
{
	for (int offered = 0; offered < 2; offered++) {
		struct pair pair;
		pair_init(&pair, TLS1_3, 0x1301, true);
		pair.second.offer.psk_only = offered;
		pair.second.rogue.group = 0;
		const struct handshake_facts *facts = scene_play(&pair.second);
		if (offered)
			expect_resumed(&pair);
		else
			cr_expect_eq(facts->violation, VIOLATION_EXTENSION_MISSING, "%s",
				     violation_name(facts->violation));
		pair_release(&pair);
	}
}

Test(resumption, of_tls_1_3_with_a_suite_of_another_hash_is_refused)
{
	struct pair pair;
	pair_init(&pair, TLS1_3, 0x1301, true);
	pair.second.offer.suites[1] = 0x1302;
	pair.second.rogue.suite = 0x1302;
	pair.second.rogue.row = cipher_suite_by_code(0x1302);
	const struct handshake_facts *facts = scene_play(&pair.second);
	cr_expect_eq(facts->violation, VIOLATION_SUITE_NOT_OFFERED, "%s",
		     violation_name(facts->violation));
	pair_release(&pair);
}

static void second_identity(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_SERVER_HELLO)
		message->at[message->len - 1] = 1;
}

Test(resumption, of_an_identity_that_was_not_offered_is_refused)
{
	struct pair pair;
	pair_init(&pair, TLS1_3, 0x1301, true);
	pair.second.rogue.lie_message = second_identity;
	const struct handshake_facts *facts = scene_play(&pair.second);
	cr_expect_eq(facts->violation, VIOLATION_EXTENSION_VALUE, "%s",
		     violation_name(facts->violation));
	pair_release(&pair);
}

Test(resumption, of_tls_1_3_does_not_take_a_certificate_as_well)
{
	struct pair pair;
	pair_init(&pair, TLS1_3, 0x1301, true);
	script_insert(&pair.second.rogue, script_find(&pair.second.rogue, STEP_FINISHED),
		      STEP_CERTIFICATE);
	const struct handshake_facts *facts = scene_play(&pair.second);
	cr_expect_eq(facts->violation, VIOLATION_UNEXPECTED_MESSAGE, "%s",
		     violation_name(facts->violation));
	pair_release(&pair);
}

Test(resumption, that_a_server_of_tls_1_3_ignores_is_a_full_handshake)
{
	struct pair pair;
	pair_init(&pair, TLS1_3, 0x1301, true);
	struct scene fresh;
	scene_init(&fresh, TLS1_3, 0x1301);
	fresh.offer = pair.second.offer;
	fresh.options.resume = &pair.resume;
	const struct handshake_facts *facts = scene_play(&fresh);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "%s", facts->detail);
	cr_expect_not(facts->resumed);
	scene_release(&fresh);
	pair_release(&pair);
}
