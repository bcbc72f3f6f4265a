/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_prover.h"

#include <limits.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "rig_x509.h"
#include "script/policy_reader.h"
#include "wire/alert.h"

#define TODAY	      21000
#define IN_FLIGHT_MAX 4
#define SHARDS	      16

static const char policy_text[] = "policy  fuzz\n"
				  "title   \"Two versions, four suites\"\n"
				  "source  \"a harness\" 2026-01-01\n"
				  "over    postgresql\n"
				  "table   version cite \"versions\"\n"
				  "        TLS1.2  accept\n"
				  "        TLS1.3  may\n"
				  "        *       reject\n"
				  "table   suite cite \"suites\"\n"
				  "        TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384   accept\n"
				  "        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256   accept\n"
				  "        TLS_RSA_WITH_AES_128_CBC_SHA            should-not\n"
				  "        TLS_AES_128_GCM_SHA256                  accept\n"
				  "        *                                       reject\n"
				  "table   plaintext cite \"plaintext\"\n"
				  "        startup  reject\n";

/* What else a document may speak of, with two rows that contradict each other. */
static const char broad_text[] = "policy  fuzz-broad\n"
				 "title   \"Everything that is judged\"\n"
				 "source  \"a harness\" 2026-01-01\n"
				 "over    postgresql\n"
				 "setting least\n"
				 "        TLS1.1 default\n"
				 "        TLS1.2\n"
				 "table   version cite \"versions\"\n"
				 "        TLS1.0  accept\n"
				 "        TLS1.1  reject if < $least, accept\n"
				 "        TLS1.2  accept\n"
				 "        TLS1.3  should\n"
				 "        *       reject\n"
				 "table   suite cite \"suites\"\n"
				 "        TLS_ECDHE_*_GCM_SHA384 at TLS1.2      accept\n"
				 "        *                                     reject\n"
				 "table   plaintext cite \"plaintext\"\n"
				 "        startup  should-not\n"
				 "table   group cite \"groups\"\n"
				 "        x25519   accept\n"
				 "table   certificate by least cite \"certificates\"\n"
				 "                               TLS1.1  TLS1.2\n"
				 "        host_name              accept  reject\n"
				 "        client_certificate     reject  accept\n"
				 "        root \"fuzz root\"       accept  reject\n"
				 "limit   dh_bits >= 2048\n"
				 "limit   ec_bits >= 256?\n"
				 "limit   rsa_bits >= 2048\n"
				 "limit   certificate_days <= 366\n"
				 "admit   alert handshake_failure, close, refused 28000\n"
				 "control error 28000\n";

static const struct policy *policy(bool broad)
{
	static struct policy policies[2];
	static struct arena arena;
	static bool ready;
	if (harness_once(&ready)) {
		struct diags diags;
		arena_init(&arena, (size_t)2 * POLICY_ARENA_MAX);
		diags_init(&diags, &arena);
		CHECK(policy_read(&policies[0], &arena, &diags, "fuzz.policy",
				  span_text(policy_text)) == FAULT_NONE);
		CHECK(policy_read(&policies[1], &arena, &diags, "broad.policy",
				  span_text(broad_text)) == FAULT_NONE);
		harness_prepared();
	}
	return &policies[broad];
}

struct rig_endpoint rig_endpoint_of(struct span input)
{
	uint8_t first = input.len ? input.at[0] : 0;
	struct span rest = span_skip(input, 1);
	return (struct rig_endpoint){
		.table = rest,
		.script = cursor_over(rest),
		.noisy = first & 1,
		.reverse = first & 2,
		.broad = first & 4,
		.answers_left = first & 8 ? first >> 4 : UINT_MAX,
	};
}

static bool accepts(const struct rig_endpoint *endpoint, enum version version, uint32_t suite)
{
	if (!endpoint->table.len)
		return false;
	size_t at = (suite * 31 + (uint32_t)version) % endpoint->table.len;
	return (endpoint->table.at[at] >> (suite + (uint32_t)version) % 8) & 1;
}

static struct observation alert(uint8_t level, uint8_t description)
{
	return (struct observation){ .outcome = OUTCOME_ALERT,
				     .layer = LAYER_TLS,
				     .alert_level = level,
				     .alert = description };
}

/* What an accepted hello may show beside its choice: bits of one byte. */
static void show(struct observation *seen, uint8_t facts)
{
	seen->certificates = facts & 0x01 ? rig_root_chain() : NULL;
	seen->flight_complete = facts & 0x02;
	seen->certificate_requested = facts & 0x04;
	seen->dh_bits = facts & 0x08 ? 1024 : 0;
	seen->group = facts & 0x08 ? 0x0017 : 0;
	seen->signature_scheme = facts & 0x08 ? 0x0804 : 0;
	seen->session = facts & 0x10 ? "logged in" : NULL;
	seen->disagreement = facts & 0x20 ? "the server says otherwise" : NULL;
	seen->extra_bytes = facts & 0x40;
	seen->retried_hello = facts & 0x80;
}

static struct observation server_hello(const struct probe *probe, uint32_t suite)
{
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = probe->version,
				     .version_code = version_code(probe->version),
				     .suite = (uint16_t)suite,
				     .depth = probe->depth };
}

/* An endpoint that accepts as its table says, and then does not come to the end. */
static bool breaks_off(const struct rig_endpoint *endpoint)
{
	return endpoint->broad && endpoint->table.len > 1 && endpoint->table.at[1] & 1;
}

static struct observation answer_clean(const struct rig_endpoint *endpoint,
				       const struct probe *probe)
{
	size_t chosen = probe->suites_len;
	if (probe->kind == PROBE_PLAINTEXT)
		return (struct observation){ .outcome = OUTCOME_REFUSED, .layer = LAYER_PLAINTEXT };
	if (probe->kind == PROBE_SSLV2 && endpoint->broad)
		return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
					     .layer = LAYER_TLS,
					     .version = SSLV2,
					     .kinds = span_of("\1\0\200\7\0\300", 6) };
	if (probe->kind == PROBE_SSLV2)
		return (struct observation){ .outcome = OUTCOME_CLOSE, .layer = LAYER_TRANSPORT };
	for (size_t i = 0; i < probe->suites_len; i++) {
		if (accepts(endpoint, probe->version, probe->suites[i]) &&
		    (chosen == probe->suites_len || endpoint->reverse))
			chosen = i;
	}
	if (chosen == probe->suites_len)
		return alert(ALERT_FATAL, ALERT_HANDSHAKE_FAILURE);
	struct observation seen = server_hello(probe, probe->suites[chosen]);
	if (endpoint->broad)
		show(&seen, endpoint->table.at[0]);
	if (breaks_off(endpoint)) {
		seen.depth = DEPTH_HELLO;
		seen.broken = endpoint->table.at[1] & 2 ? "RFC 0000 1" : NULL;
		seen.unable = endpoint->table.at[1] & 2 ? NULL : "no cryptography";
	}
	return seen;
}

/* A stranger's text, as an exchange would have kept it. */
static struct refusal *refusal_of(struct cursor *script, struct arena *arena)
{
	struct refusal *refusal = arena_alloc(arena, sizeof(*refusal));
	CHECK(refusal);
	struct span state = cursor_take(script, cursor_left(script) < 5 ? cursor_left(script) : 5);
	size_t len = cursor_u8(script) / 4;
	struct span text = cursor_take(script, len < cursor_left(script) ? len : 0);
	for (size_t i = 0; i < state.len; i++)
		refusal->sqlstate[i] = (char)state.at[i];
	for (size_t i = 0; i < text.len; i++)
		refusal->message[i] = (char)text.at[i];
	refusal->overload = len % 4 == 3;
	return refusal;
}

static struct observation answer_noisy(struct rig_endpoint *endpoint, const struct probe *probe,
				       struct arena *arena)
{
	struct cursor *script = &endpoint->script;
	uint8_t what = cursor_u8(script), detail = cursor_u8(script);
	struct observation seen = { .outcome = what % (OUTCOME_UNREACHABLE + 1),
				    .layer = LAYER_TLS,
				    .version = detail % (VERSIONS_LEN + 1),
				    .suite = (uint16_t)probe->suites[0] };
	seen.version_code = version_code(seen.version);
	if (seen.outcome == OUTCOME_NONE)
		return answer_clean(endpoint, probe);
	if (seen.outcome == OUTCOME_ALERT)
		seen = alert(1 + detail % 2, cursor_u8(script));
	if (seen.outcome == OUTCOME_REFUSED)
		seen.refusal = refusal_of(script, arena);
	if (seen.refusal)
		seen.message = seen.refusal->message;
	if (endpoint->broad && seen.outcome == OUTCOME_SERVER_HELLO) {
		show(&seen, cursor_u8(script));
		if (probe->kind == PROBE_SSLV2)
			seen.version = SSLV2;
		seen.unable = detail & 0x10 ? "no cryptography" : NULL;
		seen.broken = detail & 0x08 ? "RFC 0000 1" : NULL;
		seen.kinds = span_of("\1\0\200\7\0\300", detail % 3 * 3u);
	}
	if (endpoint->broad && seen.outcome == OUTCOME_GARBAGE) {
		seen.broken = detail & 1 ? "RFC 0000 1" : NULL;
		seen.unable = detail & 2 ? "no cryptography" : NULL;
		seen.cut_off = detail & 4;
	}
	seen.after_server_hello = detail & 0x40 && seen.outcome != OUTCOME_SERVER_HELLO;
	seen.overload = detail & 0x80 && seen.outcome != OUTCOME_SERVER_HELLO;
	bool followed = seen.outcome == OUTCOME_SERVER_HELLO && !seen.unable && !seen.broken;
	seen.depth = followed ? probe->depth : DEPTH_HELLO;
	return seen;
}

static bool supports_even(enum version version, uint16_t suite)
{
	return (version + suite) % 2 == 0;
}

/* All cells are too many for a run: a broad one is a shard of them. */
static void broaden(struct prover_options *options, uint8_t byte)
{
	options->only = NULL;
	options->shards = SHARDS;
	options->shard = 1 + byte % SHARDS;
	options->trust = byte & 0x10 ? rig_root() : NULL;
	options->verify_name = byte & 0x20 ? "db.example.org" : NULL;
	options->gateway = byte & 0x40;
	options->supports = byte & 0x80 ? supports_even : NULL;
	options->user = "tester";
}

static struct prover_options options_of(uint8_t byte, bool broad)
{
	static const char *const only[] = { "suite/TLS1.2/TLS_ECDHE_RSA_*", "*/TLS1.3*",
					    "suite/*/TLS_RSA_WITH_AES_*", "version/TLS1.2*" };
	struct prover_options options = { .upgrade = upgrade_by_name(span_text("postgresql")),
					  .only = only[byte & 3],
					  .exhaustive = byte & 4,
					  .strict = byte & 8,
					  .repeat = 1 + (byte >> 4 & 1),
					  .depth = byte & 0x20 ? DEPTH_FINISHED : DEPTH_HELLO,
					  .audits = byte >> 6 };
	if (broad)
		broaden(&options, byte);
	return options;
}

static void check_result(const struct run_result *result)
{
	size_t counts[VERDICTS_LEN] = { 0 };
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		CHECK(finding->verdict < VERDICTS_LEN && finding->id[0]);
		CHECK(memchr(finding->id, 0, sizeof(finding->id)));
		CHECK(finding->remarks_len <= FINDING_REMARKS_MAX);
		CHECK(finding->verdict != VERDICT_ERROR || finding->reason);
		counts[finding->verdict]++;
		harness_note(span_text(finding->id));
		harness_note_number(finding->verdict);
	}
	CHECK(memcmp(counts, result->counts, sizeof(counts)) == 0);
	int status = run_exit_status(result);
	CHECK(status == 0 || status == 1 || status == 3 || status == 4);
}

/* One answer, to the oldest or the newest of the questions that are open. */
static void deliver(struct prover *prover, struct arena *arena, struct rig_endpoint *endpoint,
		    const struct probe *probe)
{
	struct observation seen = endpoint->noisy ? answer_noisy(endpoint, probe, arena)
						  : answer_clean(endpoint, probe);
	seen.probe = probe->id;
	seen.attempts = endpoint->broad && endpoint->asked % 8 == 7 ? 2 : 1;
	seen.started_us = ++endpoint->now_us;
	seen.ended_us = ++endpoint->now_us;
	prover_deliver(prover, probe, &seen);
	endpoint->asked++;
}

void rig_prover(struct run_result *out, struct arena *arena, struct rig_endpoint *endpoint,
		uint8_t options)
{
	struct settings settings;
	struct prover_options with = options_of(options, endpoint->broad);
	struct probe flying[IN_FLIGHT_MAX];
	enum prover_step step = PROVER_WAIT;
	size_t len = 0;
	settings_init(&settings, policy(endpoint->broad), TODAY);
	struct prover *prover = prover_new(arena, &settings, &with);
	CHECK(prover);
	while (step != PROVER_DONE || len) {
		harness_step();
		step = len < IN_FLIGHT_MAX ? prover_next(prover, &flying[len]) : PROVER_WAIT;
		if (step == PROVER_PROBE) {
			len++;
			continue;
		}
		CHECK(len || step == PROVER_DONE);
		if (!len)
			break;
		if (!endpoint->answers_left--)
			break;
		len--;
		deliver(prover, arena, endpoint, &flying[len]);
		step = PROVER_WAIT;
	}
	CHECK(prover_judge(prover, out) == FAULT_NONE);
	check_result(out);
}

void rig_verdicts_are_true(const struct run_result *result, const struct rig_endpoint *endpoint)
{
	for (size_t i = 0; i < result->findings_len && !endpoint->noisy; i++) {
		const struct finding *finding = &result->findings[i];
		bool accept = finding->expected.kind == RULING_ACCEPT;
		if (finding->kind != FINDING_SUITE || finding->version == SSLV2 ||
		    (!accept && finding->expected.kind != RULING_REJECT))
			continue;
		bool as_expected = accepts(endpoint, finding->version, finding->suite) == accept;
		CHECK(finding->verdict != VERDICT_PASS || as_expected);
		CHECK(finding->verdict != VERDICT_FAIL || !as_expected || breaks_off(endpoint));
	}
}
