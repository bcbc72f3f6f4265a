/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/text.h"
#include "cli/check.h"
#include "registry/registry.h"

/*
 * What is asked depends on what was answered, so the plan is driven by the answers of an endpoint
 * that does exactly what the policy says. A real one may cost more probes, never fewer kinds.
 */

static bool admits(enum ruling_kind kind)
{
	return kind == RULING_ACCEPT || kind == RULING_SHOULD || kind == RULING_MAY;
}

static void reject_tls(struct observation *out)
{
	out->outcome = OUTCOME_ALERT;
	out->layer = LAYER_TLS;
	out->alert_level = ALERT_FATAL;
	out->alert = ALERT_HANDSHAKE_FAILURE;
}

static void answer_hello(struct observation *out, const struct settings *settings,
			 const struct probe *probe)
{
	for (size_t i = 0; i < probe->suites_len; i++) {
		uint16_t suite = (uint16_t)probe->suites[i];
		struct ruling ruling = policy_suite(settings, probe->version, suite);
		if (!admits(ruling.kind))
			continue;
		out->outcome = OUTCOME_SERVER_HELLO;
		out->layer = LAYER_TLS;
		out->version = probe->version;
		out->version_code = version_code(probe->version);
		out->suite = suite;
		return;
	}
	reject_tls(out);
}

static void answer_sslv2(struct observation *out, const struct settings *settings,
			 const struct probe *probe, uint8_t kinds[static 3 * PROBE_SUITES_MAX])
{
	if (!admits(policy_version(settings, SSLV2).kind)) {
		out->outcome = OUTCOME_CLOSE;
		out->layer = LAYER_TRANSPORT;
		return;
	}
	for (size_t i = 0; i < probe->suites_len; i++) {
		kinds[3 * i] = (uint8_t)(probe->suites[i] >> 16);
		kinds[3 * i + 1] = (uint8_t)(probe->suites[i] >> 8);
		kinds[3 * i + 2] = (uint8_t)probe->suites[i];
	}
	out->outcome = OUTCOME_SERVER_HELLO;
	out->layer = LAYER_TLS;
	out->version = SSLV2;
	out->version_code = version_code(SSLV2);
	out->kinds = span_of(kinds, 3 * probe->suites_len);
}

static void answer_plaintext(struct observation *out, const struct settings *settings)
{
	bool admitted = admits(policy_plaintext(settings).kind);
	out->outcome = admitted ? OUTCOME_PLAINTEXT : OUTCOME_REFUSED;
	out->layer = LAYER_PLAINTEXT;
}

static void answer(struct observation *out, struct check_run *run, const struct probe *probe)
{
	/* One probe after the other, a millisecond each: windows of controls need times. */
	*out = (struct observation){ .probe = probe->id, .attempts = 1, .version = VERSION_NONE };
	out->started_us = (uint64_t)probe->id * 1000;
	out->ended_us = out->started_us + 500;
	switch (probe->kind) {
	case PROBE_HELLO:
	case PROBE_RAW:
		answer_hello(out, &run->settings, probe);
		break;
	case PROBE_SSLV2: {
		uint8_t *kinds = arena_alloc(&run->arena, 3 * PROBE_SUITES_MAX);
		if (kinds)
			answer_sslv2(out, &run->settings, probe, kinds);
		break;
	}
	case PROBE_PLAINTEXT:
		answer_plaintext(out, &run->settings);
		break;
	case PROBE_CASE:
		break;
	}
}

static enum fault drive(struct check_run *run, size_t *count)
{
	struct probe probe;
	struct observation observation;
	char line[1024];
	enum fault fault = check_run_plan(run);
	while (fault == FAULT_NONE && run->prover &&
	       prover_next(run->prover, &probe) == PROVER_PROBE) {
		probe_describe(line, sizeof(line), &probe);
		printf("%5u  %s\n", probe.id, line);
		answer(&observation, run, &probe);
		prover_deliver(run->prover, &probe, &observation);
		++*count;
	}
	return fault != FAULT_NONE ? fault : run->arena.fault;
}

static enum fault drive_strength(struct check_run *run, size_t *count)
{
	struct probe probe;
	struct observation observation;
	while (run->strength && strength_next(run->strength, &probe) == PROVER_PROBE) {
		struct text line;
		text_init(&line);
		strength_tell(run->strength, &probe, &line);
		printf("%5u  %s\n", probe.id, text_view(&line));
		text_release(&line);
		answer(&observation, run, &probe);
		strength_deliver(run->strength, &probe, &observation);
		++*count;
	}
	return run->arena.fault;
}

/* Which cases make sense is found out by asking: the ids of all of them are listed. */
static enum fault list_cases(struct check_run *run, size_t *count)
{
	enum fault fault = run->cases ? case_prover_judge(run->cases, &run->result) : FAULT_NONE;
	for (size_t i = 0; fault == FAULT_NONE && i < run->result.findings_len; i++) {
		printf("       %s: %s\n", run->result.findings[i].id,
		       run->result.findings[i].demanded);
		++*count;
	}
	return fault;
}

static void headline(const struct check_run *run)
{
	const struct settings *settings = &run->settings;
	printf("plan for %s", run->check->has_target ? run->target : "the built-in endpoint");
	if (!run->check->proves_policy) {
		printf(", cases only\n");
		return;
	}
	printf(", policy %s", settings->policy->name);
	for (size_t i = 0; i < settings->policy->settings_len; i++)
		printf(", %s=%s", settings->policy->settings[i].name,
		       settings->policy->settings[i].values[settings->value[i]]);
	printf("\nanswers are simulated: an endpoint that does exactly what the policy says\n");
}

int check_dry_run(struct check *check)
{
	int status = check_runs_plan(check);
	size_t count = 0, cases = 0;
	for (size_t i = 0; status == STATUS_PASS && i < check->runs_len; i++) {
		headline(&check->runs[i]);
		enum fault fault = drive(&check->runs[i], &count);
		if (fault == FAULT_NONE)
			fault = list_cases(&check->runs[i], &cases);
		if (fault == FAULT_NONE)
			fault = drive_strength(&check->runs[i], &count);
		printf("\n");
		arena_release(&check->runs[i].arena);
		if (fault != FAULT_NONE)
			status = complain_fault(check->options->who, fault);
	}
	if (status == STATUS_PASS && cases)
		printf("%zu cases, each with its controls\n", cases);
	if (status == STATUS_PASS)
		printf("%zu probes in %zu run%s; nothing was sent\n", count, check->runs_len,
		       check->runs_len == 1 ? "" : "s");
	return status;
}
