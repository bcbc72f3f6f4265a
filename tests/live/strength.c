/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength.h"

#include "policy/policy.h"
#include "registry/registry.h"
#include "script/policy_reader.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"

#include <criterion/criterion.h>

#define ARENA_MAX  ((size_t)256 << 20)
#define GOOD	   0xC014
#define PROBES_MAX 400

/* What an endpoint is told of a hello. */
struct told {
	const struct probe *probe;
	struct client_hello hello;
	bool raw;
};

/* An endpoint with TLS 1.2 and one suite; `balks` makes it turn a hello down, `yields` makes it
 * take what it should not, `mute` makes it silent. */
struct world {
	struct arena arena;
	struct policy policy;
	struct settings settings;
	struct strength *strength;
	bool (*balks)(const struct told *told);
	bool (*yields)(const struct told *told);
	bool mute;
	size_t asked, dies_at;
	size_t heard, killed_at; /* answers after which the run is killed, and goes on; 0: never */
	uint64_t now_us;
};

static const char policy_text[] = "policy test\n"
				  "title  \"Test\"\n"
				  "source \"tests\" 2026-11-29\n"
				  "over   tls\n"
				  "table  version cite \"versions\"\n"
				  "       TLS1.0 reject\n"
				  "       TLS1.1 reject\n"
				  "       TLS1.2 accept\n"
				  "       TLS1.3 reject\n"
				  "table  suite cite \"suites\"\n"
				  "       TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA accept\n"
				  "       * reject\n";

static void read_policy(struct world *world)
{
	struct diags diags;
	diags_init(&diags, &world->arena);
	cr_assert_eq(policy_read(&world->policy, &world->arena, &diags, "test.policy",
				 span_text(policy_text)),
		     FAULT_NONE, "%s", diags.first ? diags.first->text : "");
	settings_init(&world->settings, &world->policy, DATE_NONE);
}

static void begin(struct world *world, unsigned strength, const char *only)
{
	const struct strength_options options = {
		.strength = strength,
		.upgrade = upgrade_by_name(span_text("tls")),
		.shape = { .server_name = "db.example" },
		.seed = 1,
		.only = only,
	};
	arena_init(&world->arena, ARENA_MAX);
	read_policy(world);
	world->strength = strength_new(&world->arena, &world->settings, &options);
	cr_assert(world->strength);
}

static bool offers(const struct probe *probe, uint16_t suite)
{
	for (size_t i = 0; i < probe->suites_len; i++)
		if (probe->suites[i] == suite)
			return true;
	return false;
}

static void tell(struct told *out, const struct probe *probe)
{
	*out = (struct told){ .probe = probe, .raw = probe->kind == PROBE_RAW };
	if (!out->raw)
		return;
	struct cursor body = cursor_over(span_skip(probe->raw.hello, HANDSHAKE_HEADER_LEN));
	cr_assert_eq(client_hello_decode(&out->hello, body, 0, NULL), FAULT_NONE);
}

static void answer(struct world *world, const struct probe *probe, struct observation *out)
{
	struct told told;
	tell(&told, probe);
	*out = (struct observation){ .probe = probe->id, .version = VERSION_NONE };
	out->started_us = world->now_us++;
	out->ended_us = world->now_us++;
	bool dead = world->dies_at && world->asked >= world->dies_at;
	if (dead || world->mute) {
		out->outcome = dead ? OUTCOME_CLOSE : OUTCOME_TIMEOUT;
		out->layer = LAYER_TRANSPORT;
		return;
	}
	bool taken = probe->version == TLS1_2 && offers(probe, GOOD);
	if (told.raw && taken && world->balks && world->balks(&told))
		taken = false;
	if (told.raw && !taken && world->yields && world->yields(&told))
		taken = true;
	out->outcome = taken ? OUTCOME_SERVER_HELLO : OUTCOME_ALERT;
	out->layer = LAYER_TLS;
	out->version = taken ? probe->version : VERSION_NONE;
	out->suite = taken ? (uint16_t)probe->suites[0] : 0;
	out->alert_level = ALERT_FATAL;
	out->alert = ALERT_HANDSHAKE_FAILURE;
}

/* Whoever goes on finds an endpoint that somebody has started again. */
static void note_heard(struct world *world)
{
	if (++world->heard != world->killed_at)
		return;
	world->dies_at = 0;
	strength_interrupted(world->strength);
}

/* Answers come in the order of asking, all of a batch after the last question of it. */
static void run(struct world *world)
{
	static struct probe waiting[PROBES_MAX];
	size_t len = 0;
	for (;;) {
		struct observation observation;
		enum prover_step step = strength_next(world->strength, &waiting[len]);
		if (step == PROVER_DONE)
			break;
		if (step == PROVER_PROBE) {
			world->asked++;
			cr_assert_lt(++len, (size_t)PROBES_MAX);
			continue;
		}
		for (size_t i = 0; i < len; i++) {
			answer(world, &waiting[i], &observation);
			strength_deliver(world->strength, &waiting[i], &observation);
			note_heard(world);
		}
		len = 0;
	}
	cr_assert_eq(world->arena.fault, FAULT_NONE);
}

static struct finding judge(struct world *world, const char *id)
{
	struct run_result result = { .policy = &world->policy };
	cr_assert_eq(strength_judge(world->strength, &result), FAULT_NONE);
	size_t at = 0;
	while (at < result.findings_len && strcmp(result.findings[at].id, id) != 0)
		at++;
	cr_assert_lt(at, result.findings_len, "no finding '%s'", id);
	return result.findings[at];
}

static void expect(struct world *world, const char *id, enum verdict verdict, const char *reason)
{
	struct finding finding = judge(world, id);
	cr_expect_eq(finding.verdict, verdict, "%s: %s", id, finding.reason);
	cr_expect(glob_match(reason, finding.reason), "%s: %s", id, finding.reason);
	cr_expect_eq(finding.kind, FINDING_HELLO);
}

static void asks(bool (*balks)(const struct told *), unsigned strength, const char *reason)
{
	struct world world = { .balks = balks };
	begin(&world, strength, "hello/accept/*");
	run(&world);
	expect(&world, "hello/accept/TLS1.2", VERDICT_FAIL, reason);
	arena_release(&world.arena);
}

Test(strength, an_endpoint_that_keeps_to_its_rulings_passes)
{
	struct world world = { .balks = NULL };
	begin(&world, 2, NULL);
	run(&world);
	expect(&world, "hello/accept/TLS1.2", VERDICT_PASS, "accepted in all of ?? hellos*");
	expect(&world, "hello/reject/TLS1.0", VERDICT_PASS, "rejected in all of ?? hellos*");
	expect(&world, "hello/reject/TLS1.1", VERDICT_PASS, "rejected in all of ?? hellos*");
	expect(&world, "hello/reject/TLS1.2", VERDICT_PASS, "rejected in all of ?? hellos*");
	expect(&world, "hello/reject/TLS1.3", VERDICT_PASS, "rejected in all of ?? hellos*");
	arena_release(&world.arena);
}

static bool has_padding(const struct told *told)
{
	return client_hello_has(&told->hello, EXTENSION_PADDING);
}

static bool has_status_request(const struct told *told)
{
	return client_hello_has(&told->hello, EXTENSION_STATUS_REQUEST);
}

static bool is_fragmented(const struct told *told)
{
	return told->probe->raw.bytes.len > told->probe->raw.hello.len + 5;
}

static bool has_status_request_in_fragments(const struct told *told)
{
	return has_status_request(told) && is_fragmented(told);
}

static bool has_two_causes(const struct told *told)
{
	return has_status_request(told) || told->hello.session_id.len == 1;
}

static bool is_of_256_to_511(const struct told *told)
{
	return told->probe->raw.hello.len >= 256 && told->probe->raw.hello.len <= 511;
}

static bool has_ticket(const struct told *told)
{
	return client_hello_has(&told->hello, EXTENSION_SESSION_TICKET);
}

static bool is_any(const struct told *told)
{
	return told->raw;
}

Test(strength, a_value_that_is_the_cause_is_named)
{
	asks(has_status_request, 1, "*: whenever status_request=present");
	asks(has_status_request, 2, "*: whenever status_request=present");
}

Test(strength, values_that_all_do_the_same_are_one_cause)
{
	asks(has_padding, 2, "*: whenever padding is not none");
}

Test(strength, two_values_that_are_needed_together_are_named_together)
{
	asks(has_status_request_in_fragments, 2,
	     "*: whenever status_request=present and fragmentation is not none");
}

Test(strength, every_cause_is_named)
{
	asks(has_two_causes, 2, "*: whenever status_request=present; whenever session_id=1-byte");
}

Test(strength, a_length_is_named_where_no_value_says_it)
{
	asks(is_of_256_to_511, 2, "*: whenever the ClientHello is 2?? to 511 bytes long");
}

Test(strength, what_the_usual_hello_has_is_found_by_those_that_are_accepted)
{
	asks(has_ticket, 2,
	     "*, the usual one among them; it is accepted: whenever "
	     "session_ticket=absent");
	asks(is_any, 2,
	     "must be accepted, but is not in ?? of ?? hellos, the usual one among them");
}

/* The hello of a finding is the smallest one: nothing else in it is unusual. */
Test(strength, the_evidence_is_the_smallest_hello)
{
	struct world world = { .balks = has_status_request_in_fragments };
	begin(&world, 2, "hello/accept/*");
	run(&world);
	struct finding finding = judge(&world, "hello/accept/TLS1.2");
	cr_assert_eq(finding.remarks_len, 1);
	cr_expect(glob_match("status_request=present and fragmentation=*: fatal alert "
			     "handshake_failure; "
			     "asked with 160301*",
			     finding.remarks[0]),
		  "%s", finding.remarks[0]);
	cr_expect_eq(finding.observed.alert, ALERT_HANDSHAKE_FAILURE);
	arena_release(&world.arena);
}

static bool has_unknown_extension(const struct told *told)
{
	struct cursor block = cursor_over(told->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (extension_id_of(item.type) == EXTENSION_UNKNOWN && !code_is_grease(item.type))
			return true;
	return false;
}

Test(strength, a_rejected_hello_that_gets_in_somehow_is_named)
{
	struct world world = { .yields = has_unknown_extension };
	begin(&world, 2, "hello/reject/*");
	run(&world);
	expect(&world, "hello/reject/TLS1.1", VERDICT_FAIL,
	       "must be rejected, but is accepted in *: whenever unknown_extension is not none");
	expect(&world, "hello/reject/TLS1.2", VERDICT_FAIL,
	       "must be rejected, but is accepted in *: whenever unknown_extension is not none");
	arena_release(&world.arena);
}

/* An endpoint that died rejects everything: no control, no verdict. */
Test(strength, rejections_count_between_controls_only)
{
	struct world world = { .dies_at = 20 };
	begin(&world, 2, "hello/reject/*");
	run(&world);
	expect(&world, "hello/reject/TLS1.0", VERDICT_INCONCLUSIVE,
	       "a control between its hellos was not accepted");
	arena_release(&world.arena);
}

/* It died before the run was killed, and was started again before that went on: what it closed in
 * between is no rejection, and no control tells. */
Test(strength, what_was_answered_before_an_interruption_is_asked_again)
{
	static const char id[] = "hello/reject/TLS1.1";
	struct world whole = { .yields = has_unknown_extension };
	begin(&whole, 1, id);
	run(&whole);
	const char *reason = judge(&whole, id).reason;
	for (size_t at = 1; at < whole.heard; at++) {
		struct world world = { .yields = has_unknown_extension,
				       .dies_at = at > 1 ? at - 1 : 1,
				       .killed_at = at };
		begin(&world, 1, id);
		run(&world);
		expect(&world, id, VERDICT_FAIL, reason);
		cr_expect_lt(world.heard, 2 * whole.heard);
		arena_release(&world.arena);
	}
	arena_release(&whole.arena);
}

Test(strength, silence_is_no_verdict)
{
	struct world world = { .mute = true };
	begin(&world, 2, NULL);
	run(&world);
	expect(&world, "hello/accept/TLS1.2", VERDICT_INCONCLUSIVE, "*");
	expect(&world, "hello/reject/TLS1.1", VERDICT_INCONCLUSIVE, "*");
	arena_release(&world.arena);
}

Test(strength, what_was_not_asked_to_its_end_is_inconclusive)
{
	struct world world = { .balks = NULL };
	begin(&world, 2, NULL);
	expect(&world, "hello/accept/TLS1.2", VERDICT_INCONCLUSIVE, "not asked to its end");
	arena_release(&world.arena);
}

Test(strength, ids_are_selected)
{
	struct world world = { .balks = NULL };
	struct run_result result = { .policy = &world.policy };
	begin(&world, 1, "hello/*/TLS1.2");
	run(&world);
	cr_assert_eq(strength_judge(world.strength, &result), FAULT_NONE);
	cr_expect_eq(result.findings_len, 2);
	cr_expect_eq(result.counts[VERDICT_PASS], 2);
	arena_release(&world.arena);
}
