/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_case_prover.h"

#include <limits.h>

#include "registry/registry.h"
#include "rig_case.h"
#include "upgrade/upgrades.h"

#define IN_FLIGHT_MAX 3

void rig_case_prover_init(struct rig_case_prover *rig, struct cursor *in)
{
	uint8_t how = cursor_u8(in), more = cursor_u8(in);
	*rig = (struct rig_case_prover){ .now_us = 0 };
	rig->options = (struct case_options){
		.upgrade = more & 1 ? &upgrade_postgresql : &upgrade_tls,
		.cases_len = 1 + how % RIG_CASES_MAX,
		.seed = 1,
		.repeat = 1 + (how >> 2 & 1),
		.strict_gate = how & 0x08,
		.level = how >> 4 & 3,
		.concurrency = 1 + (how >> 6),
		.editions = { "RFC 9325" },
		.editions_len = more >> 1 & 1,
	};
	rig->answers_left = more >> 2 ? more >> 2 : UINT_MAX;
	for (size_t i = 0; i < rig->options.cases_len; i++)
		rig->cases[i] = rig_case(cursor_u16(in));
	rig->script = *in;
}

static struct span taken(struct cursor *script)
{
	size_t len = cursor_u8(script) % 48;
	return cursor_take(script, len < cursor_left(script) ? len : 0);
}

static struct case_answer *answer_of(struct cursor *script, struct arena *arena)
{
	struct case_answer *answer = arena_alloc(arena, sizeof(*answer));
	CHECK(answer);
	uint32_t flags = cursor_u32(script);
	answer->server_hello = flags & 0x01;
	answer->retry_request = flags & 0x02;
	answer->flight_complete = flags & 0x04;
	answer->finished = flags & 0x08;
	answer->change_cipher_spec = flags & 0x10;
	answer->opaque = flags & 0x20;
	answer->closed = flags & 0x40;
	answer->reset = flags & 0x80;
	answer->broken = flags & 0x300 ? NULL : "RFC 0000 1";
	answer->unmet = flags & 0xC00 ? NULL : "close";
	answer->unmet_silence = flags & 0x1000;
	answer->record_versions_differ = flags & 0x2000;
	answer->certificate_requested = flags & 0x4000;
	answer->certificate_seen = flags & 0x8000;
	answer->broken_before = flags & 0x10000 ? "RFC 0000 2" : NULL;
	answer->alerts = flags >> 24;
	answer->downgrade = flags >> 20 & 1;
	answer->record_version = answer->legacy_version = cursor_u16(script);
	answer->largest_record = cursor_u16(script);
	answer->group = cursor_u16(script);
	answer->signature_scheme = cursor_u16(script);
	answer->extensions = taken(script);
	answer->session_id = taken(script);
	answer->sent_session_id = taken(script);
	answer->random = taken(script);
	answer->application = answer->clear = answer->ticket = taken(script);
	return answer;
}

/* What a server says that does as it should. */
static struct observation accepted(const struct probe *probe, struct arena *arena)
{
	struct case_answer *answer = arena_alloc(arena, sizeof(*answer));
	CHECK(answer);
	answer->server_hello = answer->flight_complete = true;
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = probe->version,
				     .version_code = version_code(probe->version),
				     .suite = 0xC02F,
				     .flight_complete = true,
				     .answer = answer };
}

static struct observation answer(struct rig_case_prover *rig, const struct probe *probe,
				 struct arena *arena)
{
	struct cursor *script = &rig->script;
	uint8_t what = cursor_u8(script), detail = cursor_u8(script);
	struct observation seen = accepted(probe, arena);
	if (what % (OUTCOME_UNREACHABLE + 1) == OUTCOME_NONE)
		return seen;
	seen.outcome = what % (OUTCOME_UNREACHABLE + 1);
	seen.answer = answer_of(script, arena);
	seen.overload = detail == 0xFF;
	seen.cut_off = detail & 0x40;
	if (seen.outcome == OUTCOME_ALERT) {
		seen.alert_level = detail % 4;
		seen.alert = cursor_u8(script);
	}
	if (detail & 0x20) {
		seen.version = what % (VERSIONS_LEN + 1);
		seen.version_code = version_code(seen.version);
		seen.suite = cursor_u16(script);
	}
	return seen;
}

static void deliver(struct rig_case_prover *rig, struct case_prover *prover, struct arena *arena,
		    const struct probe *probe)
{
	struct observation seen = answer(rig, probe, arena);
	seen.probe = probe->id;
	seen.attempts = 1;
	seen.started_us = ++rig->now_us;
	seen.ended_us = ++rig->now_us;
	case_prover_deliver(prover, probe, &seen);
}

static void check_result(const struct run_result *result)
{
	size_t counts[VERDICTS_LEN] = { 0 };
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		CHECK(finding->verdict < VERDICTS_LEN && finding->id[0] && finding->of);
		CHECK(memchr(finding->id, 0, sizeof(finding->id)));
		CHECK(finding->reason && finding->demanded);
		CHECK(finding->remarks_len <= FINDING_REMARKS_MAX);
		counts[finding->verdict]++;
		harness_note(span_text(finding->id));
		harness_note(span_text(finding->reason));
		harness_note_number(finding->verdict);
	}
	CHECK(memcmp(counts, result->counts, sizeof(counts)) == 0);
	CHECK(result->controls_failed <= result->controls);
}

void rig_case_prover(struct rig_case_prover *rig, struct arena *arena, struct run_result *out)
{
	struct probe flying[IN_FLIGHT_MAX];
	enum prover_step step = PROVER_WAIT;
	size_t len = 0;
	rig->options.cases = rig->cases;
	struct case_prover *prover = case_prover_new(arena, &rig->options);
	CHECK(prover);
	while (step != PROVER_DONE || len) {
		harness_step();
		step = len < IN_FLIGHT_MAX ? case_prover_next(prover, &flying[len]) : PROVER_WAIT;
		if (step == PROVER_PROBE) {
			len++;
			continue;
		}
		CHECK(len || step == PROVER_DONE);
		if (!len)
			break;
		if (!rig->answers_left--)
			break;
		len--;
		deliver(rig, prover, arena, &flying[len]);
		step = PROVER_WAIT;
	}
	CHECK(case_prover_judge(prover, out) == FAULT_NONE);
	check_result(out);
}

/* The outcomes that may meet an expectation, as bits. */
static unsigned outcomes_of(enum expected_kind kind)
{
	static const unsigned outcomes[] = {
		[EXPECT_SERVER_HELLO] = 1u << OUTCOME_SERVER_HELLO,
		[EXPECT_RETRY_REQUEST] = 1u << OUTCOME_HELLO_RETRY_REQUEST,
		[EXPECT_ALERT] = 1u << OUTCOME_ALERT,
		[EXPECT_WARNING] = 1u << OUTCOME_ALERT,
		[EXPECT_CLOSE] = 1u << OUTCOME_CLOSE | 1u << OUTCOME_RESET,
		[EXPECT_FIN] = 1u << OUTCOME_CLOSE,
		[EXPECT_RESET] = 1u << OUTCOME_RESET,
		[EXPECT_TIMEOUT] = 1u << OUTCOME_TIMEOUT,
		[EXPECT_FINISHED] = 1u << OUTCOME_SERVER_HELLO | 1u << OUTCOME_TIMEOUT,
		[EXPECT_APPLICATION_DATA] = ~0u,
		[EXPECT_BYTES] = ~0u,
	};
	return outcomes[kind];
}

static bool is_admitted(const struct finding *finding)
{
	for (size_t i = 0; i < finding->of->expectations_len; i++) {
		unsigned admitted = outcomes_of(finding->of->expectations[i].kind);
		if (admitted >> finding->observed.outcome & 1)
			return true;
	}
	return false;
}

void rig_case_verdicts_are_earned(const struct rig_case_prover *rig,
				  const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->verdict != VERDICT_PASS)
			continue;
		CHECK(is_admitted(finding));
		CHECK(!finding->observed.answer->broken && !finding->observed.answer->unmet);
		CHECK(!finding->observed.overload && result->controls > result->controls_failed);
		CHECK(!rig->options.strict_gate || finding->grade == GRADE_STRICT);
	}
}
