/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation.h"

#include <criterion/criterion.h>

#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "script/policy_reader.h"

static const char policy_text[] = "policy  four-suites\n"
				  "title   \"Four suites, TLS 1.2 only\"\n"
				  "source  \"a test\" 2026-01-01\n"
				  "over    postgresql\n"
				  "table   version cite \"versions\"\n"
				  "        TLS1.2  accept\n"
				  "        *       reject\n"
				  "table   suite cite \"suites\"\n"
				  "        TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384   accept\n"
				  "        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256   accept\n"
				  "        TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384   accept\n"
				  "        TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256   accept\n"
				  "        *                                       reject\n"
				  "table   plaintext cite \"plaintext\"\n"
				  "        startup  reject\n";

/* A test may hold two results at a time. */
static struct arena arenas[2], *arena = arenas;

static const struct policy *read_policy(const char *text)
{
	static struct policy policies[2];
	struct policy *policy;
	struct diags diags;
	arena = arena == arenas ? arenas + 1 : arenas;
	arena_release(arena);
	arena_init(arena, RUN_ARENA_MAX);
	policy = &policies[arena - arenas];
	diags_init(&diags, arena);
	enum fault fault = policy_read(policy, arena, &diags, "test.policy", span_text(text));
	cr_assert_eq(fault, FAULT_NONE, "%s", diags.first ? diags.first->text : "");
	return policy;
}

bool accepts_four(const struct simulation *simulation, enum version version, uint32_t suite)
{
	(void)simulation;
	return version == TLS1_2 &&
	       (suite == 0xC030 || suite == 0xC02F || suite == 0xC028 || suite == 0xC027);
}

static struct observation alert(uint8_t description)
{
	return (struct observation){ .outcome = OUTCOME_ALERT,
				     .layer = LAYER_TLS,
				     .alert_level = ALERT_FATAL,
				     .alert = description };
}

static bool is_ecdsa(uint32_t code)
{
	const struct cipher_suite *suite = cipher_suite_by_code((uint16_t)code);
	return suite && suite->auth == AUTH_ECDSA;
}

static struct observation server_hello(const struct probe *probe, enum version version,
				       uint32_t suite)
{
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = version,
				     .version_code = version_code(version),
				     .suite = (uint16_t)suite,
				     .depth = probe->depth };
}

static struct observation choose(struct simulation *simulation, const struct probe *probe)
{
	uint32_t chosen = UINT32_MAX;
	bool second = simulation->backend && rng_below(&simulation->rng, 2);
	for (size_t i = 0; i < probe->suites_len; i++) {
		uint32_t suite = probe->suites[i];
		if (simulation->prefers_and_aborts && is_ecdsa(suite))
			return alert(ALERT_HANDSHAKE_FAILURE);
		bool accepted = second ? simulation->backend(simulation, probe->version, suite)
				       : simulation->accepts(simulation, probe->version, suite);
		if (accepted && (chosen == UINT32_MAX || simulation->prefers_reverse))
			chosen = suite;
	}
	if (chosen == UINT32_MAX && simulation->closes_silently)
		return (struct observation){ .outcome = OUTCOME_CLOSE, .layer = LAYER_TRANSPORT };
	if (chosen == UINT32_MAX)
		return alert(ALERT_HANDSHAKE_FAILURE);
	struct observation hello = server_hello(probe, probe->version, chosen);
	if (probe->depth == DEPTH_HELLO)
		return hello;
	if (simulation->breaks) {
		hello.depth = DEPTH_HELLO;
		hello.broken = "the Finished does not verify";
	}
	if (chosen == simulation->aborts_with) {
		hello.outcome = OUTCOME_ALERT;
		hello.alert_level = ALERT_FATAL;
		hello.alert = ALERT_INTERNAL_ERROR;
		hello.after_server_hello = true;
	}
	return hello;
}

static struct observation answer_plaintext(const struct simulation *simulation)
{
	static struct refusal refusal = { .sqlstate = "28000", .message = "no encryption" };
	if (simulation->plaintext_accepted)
		return (struct observation){ .outcome = OUTCOME_PLAINTEXT,
					     .layer = LAYER_PLAINTEXT };
	return (struct observation){ .outcome = OUTCOME_REFUSED,
				     .layer = LAYER_PLAINTEXT,
				     .refusal = &refusal };
}

static bool is_poisoned(const struct simulation *simulation, const struct probe *probe)
{
	bool poisoned = false, four = false;
	for (size_t i = 0; i < probe->suites_len; i++) {
		poisoned = poisoned || probe->suites[i] == simulation->poison;
		four = four || accepts_four(simulation, probe->version, probe->suites[i]);
	}
	return simulation->poison && poisoned && !four;
}

static bool is_dead(const struct simulation *simulation)
{
	uint32_t asked = simulation->asked;
	if (!simulation->dies_after)
		return asked <= simulation->revives_after;
	return asked > simulation->dies_after &&
	       (!simulation->revives_after || asked <= simulation->revives_after);
}

static struct observation answer(struct simulation *simulation, const struct probe *probe)
{
	bool dead = is_dead(simulation);
	if (dead)
		return (struct observation){ .outcome = simulation->death,
					     .layer = LAYER_TRANSPORT };
	if (simulation->silent)
		return (struct observation){ .outcome = OUTCOME_TIMEOUT };
	if (simulation->refuses_percent &&
	    rng_below(&simulation->rng, 100) < simulation->refuses_percent)
		return (struct observation){ .outcome = OUTCOME_UNREACHABLE };
	if (probe->kind == PROBE_PLAINTEXT)
		return answer_plaintext(simulation);
	if (simulation->plaintext_only)
		return (struct observation){ .outcome = OUTCOME_REFUSED, .layer = LAYER_PLAINTEXT };
	if (simulation->garbles && probe->kind == PROBE_HELLO)
		return (struct observation){ .outcome = OUTCOME_GARBAGE,
					     .layer = LAYER_TLS,
					     .cut_off = simulation->cuts_off };
	if (probe->kind == PROBE_SSLV2 && simulation->sslv2_kinds.len)
		return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
					     .layer = LAYER_TLS,
					     .version = SSLV2,
					     .version_code = version_code(SSLV2),
					     .kinds = simulation->sslv2_kinds };
	if (probe->kind == PROBE_SSLV2)
		return (struct observation){ .outcome = OUTCOME_CLOSE, .layer = LAYER_TRANSPORT };
	if (is_poisoned(simulation, probe) && simulation->poisoned == OUTCOME_ALERT)
		return alert(ALERT_HANDSHAKE_FAILURE);
	if (is_poisoned(simulation, probe))
		return (struct observation){ .outcome = simulation->poisoned,
					     .layer = LAYER_TRANSPORT };
	if (simulation->suites_max && probe->suites_len > simulation->suites_max)
		return alert(ALERT_DECODE_ERROR);
	if (simulation->answers_with != SSLV2)
		return server_hello(probe, simulation->answers_with, 0xC02F);
	return choose(simulation, probe);
}

#define IN_FLIGHT_MAX 64

void simulation_run(struct simulation *simulation, struct prover *prover, size_t concurrency)
{
	struct probe flying[IN_FLIGHT_MAX];
	uint64_t started[IN_FLIGHT_MAX];
	size_t len = 0;
	rng_init(&simulation->rng, simulation->seed, 7);
	for (;;) {
		enum prover_step step = PROVER_WAIT;
		while (len < concurrency && len < IN_FLIGHT_MAX) {
			step = prover_next(prover, &flying[len]);
			if (step != PROVER_PROBE)
				break;
			started[len++] = ++simulation->now_us;
		}
		if (!len) {
			cr_assert_eq(step, PROVER_DONE);
			return;
		}
		size_t pick = rng_below(&simulation->rng, (uint32_t)len);
		simulation->asked++;
		struct observation seen = answer(simulation, &flying[pick]);
		seen.started_us = started[pick];
		seen.ended_us = ++simulation->now_us;
		seen.probe = flying[pick].id;
		seen.attempts = 1;
		prover_deliver(prover, &flying[pick], &seen);
		flying[pick] = flying[--len];
		started[pick] = started[len];
	}
}

static struct run_result judge(struct simulation *simulation, const struct policy *policy,
			       struct prover_options with)
{
	struct settings settings;
	settings_init(&settings, policy, 20000);
	with.upgrade = upgrade_by_name(span_text("postgresql"));
	struct prover *prover = prover_new(arena, &settings, &with);
	cr_assert_not_null(prover);
	simulation_run(simulation, prover, 16);
	struct run_result result;
	cr_assert_eq(prover_judge(prover, &result), FAULT_NONE);
	result.connections = simulation->asked;
	return result;
}

struct run_result simulation_judge(struct simulation *simulation,
				   const struct prover_options *options)
{
	struct prover_options with = options ? *options : (struct prover_options){ .audits = 4 };
	return judge(simulation, read_policy(policy_text), with);
}

struct run_result simulation_judge_under(struct simulation *simulation, const char *policy)
{
	return judge(simulation, read_policy(policy), (struct prover_options){ .audits = 4 });
}

const struct finding *simulation_finding(const struct run_result *result, const char *id)
{
	for (size_t i = 0; i < result->findings_len; i++)
		if (strcmp(result->findings[i].id, id) == 0)
			return &result->findings[i];
	return NULL;
}
