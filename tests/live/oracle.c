/* SPDX-License-Identifier: Apache-2.0 */
#include "live/oracle.h"

#include <criterion/criterion.h>

#include "hellos.h"
#include "policies.h"
#include "registry/registry.h"
#include "wire/alert.h"

/* 2 of TLS 1.2 and 1 of TLS 1.3 are accepted, TLS 1.1 is not spoken of. */
#define DOCUMENT                                                                                   \
	"table version\n SSLv2 reject\n SSLv3 reject\n TLS1.0 reject\n TLS1.1 -\n"                 \
	" TLS1.2 accept\n TLS1.3 accept\n"                                                         \
	"table suite\n TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                             \
	" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept\n"                                          \
	" TLS_RSA_WITH_AES_128_CBC_SHA256 may\n TLS_AES_128_GCM_SHA256 accept?\n * reject\n"
#define BOTH (VERSION_BIT(TLS1_2) | VERSION_BIT(TLS1_3))

static struct arena arena;
static struct settings settings;
static struct oracle oracle;

static void begin(void)
{
	arena_init(&arena, 1 << 24);
	settings = policy_of(&arena, DOCUMENT);
	oracle = (struct oracle){ .settings = &settings, .taken = BOTH };
	oracle.controls[TLS1_2] =
		hello_read(&arena, (struct hello_parts){ .extensions = USUAL_12 });
	oracle.controls[TLS1_3] = hello_read(
		&arena, (struct hello_parts){ .suites = "1301", .extensions = USUAL_13 });
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(oracle, .init = begin, .fini = end);

static struct demand demand_of(const struct reading *reading)
{
	struct demand out;
	uint16_t *scratch = arena_array(&arena, 2048, sizeof(*scratch));
	oracle_demand(&out, &oracle, reading, scratch);
	return out;
}

static struct demand demand_of_parts(struct hello_parts parts)
{
	struct reading reading = hello_read(&arena, parts);
	return demand_of(&reading);
}

static void is_demanded(const char *what, struct hello_parts parts, enum demand_kind kind,
			bool inferred)
{
	struct demand got = demand_of_parts(parts);
	cr_assert_eq(got.kind, kind, "%s: %d", what, (int)got.kind);
	cr_assert_eq(got.inferred, inferred, "%s: inferred is %d", what, got.inferred);
}

#define HELLO(...) ((struct hello_parts){ __VA_ARGS__ })

Test(oracle, a_hello_is_ruled_by_the_policy)
{
	is_demanded("accepted", HELLO(.extensions = USUAL_12), DEMAND_ACCEPT, false);
	is_demanded("both accepted", HELLO(.suites = "c02fc030", .extensions = USUAL_12),
		    DEMAND_ACCEPT, false);
	is_demanded("accepted, inferred", HELLO(.suites = "1301", .extensions = USUAL_13),
		    DEMAND_ACCEPT, true);
	is_demanded("rejected suite", HELLO(.suites = "0005", .extensions = USUAL_12),
		    DEMAND_REJECT, false);
	is_demanded("rejected version", HELLO(.version = 0x0301, .extensions = USUAL_12),
		    DEMAND_REJECT, false);
	is_demanded("permitted", HELLO(.suites = "003c", .extensions = USUAL_12), DEMAND_ANSWER,
		    false);
	is_demanded("accepted beside rejected", HELLO(.suites = "c02f0005", .extensions = USUAL_12),
		    DEMAND_ANSWER, false);
}

Test(oracle, a_conflict_demands_no_more_than_an_answer)
{
	settings = policy_of(&arena, "table version\n TLS1.0 accept\n TLS1.2 accept\n"
				     "table suite cite \"Here\"\n"
				     " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"
				     "table suite cite \"There\"\n"
				     " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 reject\n");
	is_demanded("conflict", HELLO(.extensions = USUAL_12), DEMAND_ANSWER, false);
	settings.strict = true;
	is_demanded("strict", HELLO(.extensions = USUAL_12), DEMAND_REJECT, false);
}

Test(oracle, no_acceptance_is_owed_without_a_control)
{
	oracle.taken = VERSION_BIT(TLS1_3);
	is_demanded("of another version", HELLO(.extensions = USUAL_12), DEMAND_ANSWER, false);
	oracle.taken = 0;
	is_demanded("at all", HELLO(.extensions = USUAL_12), DEMAND_ANSWER, false);
}

Test(oracle, acceptance_of_what_is_unusual_is_inferred_or_not_owed)
{
	is_demanded("without a name", HELLO(.extensions = SECRET SECURE GROUPS SCHEMES),
		    DEMAND_ACCEPT, true);
	is_demanded("another name", HELLO(.extensions = "0000000700050000026163"), DEMAND_ANSWER,
		    false);
	is_demanded("a warning in front", HELLO(.extensions = USUAL_12, .front = "15030300020164"),
		    DEMAND_ACCEPT, true);
	/* RFC 5246 E.1: any {03,XX} */
	is_demanded("record 3.9", HELLO(.extensions = USUAL_12, .record = 0x0309), DEMAND_ACCEPT,
		    false);
	is_demanded("record 9.1", HELLO(.extensions = USUAL_12, .record = 0x0901), DEMAND_ACCEPT,
		    true);
}

/* RFC 8446 4.2.1: legacy_version plays no part for who knows the list; others go by it. */
Test(oracle, supported_versions_are_owed_by_who_is_known_to_know_them)
{
	struct hello_parts only_11 =
		HELLO(.suites = "c02f", .extensions = USUAL_12 "002b0003020302");
	struct hello_parts only_12 = HELLO(.extensions = USUAL_12 "002b0003020303");
	struct hello_parts with_10 =
		HELLO(.version = 0x0301, .extensions = USUAL_12 "002b0003020303");
	is_demanded("1.2 alone", only_12, DEMAND_ACCEPT, false);
	is_demanded("1.2 alone, and client_version 1.0", with_10, DEMAND_ACCEPT, false);
	oracle.taken = VERSION_BIT(TLS1_2);
	is_demanded("1.2 of an older one", only_12, DEMAND_ACCEPT, false);
	is_demanded("1.2 of an older one that reads 1.0", with_10, DEMAND_ANSWER, false);
	cr_assert_neq(demand_of_parts(only_11).kind, DEMAND_ACCEPT);
	is_demanded("1.3 alone", HELLO(.suites = "1301", .extensions = USUAL_13), DEMAND_ANSWER,
		    false);
}

/* RFC 7507 3: "higher than the version indicated in ClientHello.client_version" */
Test(oracle, a_needless_fallback_is_rejected)
{
	struct hello_parts fallback = HELLO(.suites = "c02f5600", .extensions = USUAL_12);
	struct demand got = demand_of_parts(fallback);
	cr_assert_eq(got.kind, DEMAND_REJECT);
	cr_assert_eq(got.rule, FORM_FALLBACK);
	cr_assert_not(got.inferred);
	oracle.taken = VERSION_BIT(TLS1_2);
	cr_assert_eq(demand_of_parts(fallback).kind, DEMAND_ACCEPT);
	/* Who does not know the list sees client_version 1.2, and no fallback. */
	fallback.extensions = USUAL_12 "002b0003020302";
	cr_assert_neq(demand_of_parts(fallback).rule, FORM_FALLBACK);
	/* OpenSSL goes by the list although it was told to speak TLS 1.2 alone: so it may. */
	fallback.version = 0x0302;
	fallback.extensions = USUAL_12 "002b0003020303";
	cr_assert_eq(demand_of_parts(fallback).kind, DEMAND_ANSWER);
	fallback.extensions = USUAL_12 "002b0003020302";
	cr_assert_eq(demand_of_parts(fallback).rule, FORM_FALLBACK);
	fallback.version = 0;
	oracle.taken = BOTH;
	cr_assert_eq(demand_of_parts(fallback).rule, FORM_FALLBACK);
	fallback.extensions = USUAL_13;
	cr_assert_neq(demand_of_parts(fallback).rule, FORM_FALLBACK);
}

/* RFC 8446 4.1.2 and 4.2.11 bind who speaks TLS 1.3; RFC 2246 7.4.1.2 lets more follow. */
Test(oracle, a_rule_binds_who_speaks_its_version)
{
	struct hello_parts compression =
		HELLO(.suites = "1301", .compression = "0001", .extensions = USUAL_13);
	struct hello_parts tail = HELLO(.extensions = USUAL_12 "0017");
	is_demanded("compression", compression, DEMAND_REJECT, false);
	is_demanded("half an extension", tail, DEMAND_REJECT, false);
	oracle.taken = VERSION_BIT(TLS1_2);
	is_demanded("compression, of TLS 1.2", compression, DEMAND_NOTHING, false);
	is_demanded("half an extension, of TLS 1.2", tail, DEMAND_REJECT, false);
	oracle.taken = VERSION_BIT(TLS1_0);
	is_demanded("half an extension, of TLS 1.0", tail, DEMAND_REJECT, true);
}

/* RFC 8446 D.5: SHOULD NOT accept, but may, if it ignores the field. RFC 5246 7.4.1.4.1: before TLS
 * 1.2 signature_algorithms may be unknown. */
Test(oracle, what_binds_the_sender_alone_is_inferred)
{
	is_demanded("record 2.0", HELLO(.extensions = USUAL_12, .record = 0x0200), DEMAND_REJECT,
		    true);
	is_demanded("twice", HELLO(.extensions = SECRET SECRET), DEMAND_REJECT, true);
	is_demanded("schemes", HELLO(.extensions = "000d000101"), DEMAND_REJECT, false);
	is_demanded("schemes in TLS 1.1", HELLO(.version = 0x0302, .extensions = "000d000101"),
		    DEMAND_REJECT, true);
}

Test(oracle, sslv2_is_ruled_as_a_version_and_a_prefix_demands_nothing)
{
	struct reading sslv2 =
		stream_read(&arena, "801c0100020003000000100700c0000102030405060708090a0b0c0d0e0f");
	struct reading partial = stream_read(&arena, "160301");
	cr_assert_eq(demand_of(&sslv2).kind, DEMAND_REJECT);
	cr_assert_eq(demand_of(&sslv2).highest, SSLV2);
	cr_assert_eq(demand_of(&partial).kind, DEMAND_NOTHING);
	settings = policy_of(&arena, "table version\n TLS1.2 accept\n");
	cr_assert_eq(demand_of(&sslv2).kind, DEMAND_ANSWER);
}

/* Answers. */

/* With what such a ServerHello owes: renegotiation_info, extended_master_secret, and the sentinel
 * of an endpoint that could do better. */
static struct observation hello_of(enum version version, uint16_t suite)
{
	static const char extensions[] = "\xFF\x01\0\1\0\0\x17\0\0";
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = version,
				     .version_code = version_code(version),
				     .suite = suite,
				     .downgrade = version == TLS1_2 ? 2 : version < TLS1_2,
				     .server_extensions =
					     span_of(extensions, sizeof(extensions) - 1) };
}

static struct observation alert_of(uint8_t level, uint8_t alert)
{
	return (struct observation){ .outcome = OUTCOME_ALERT,
				     .layer = LAYER_TLS,
				     .version = VERSION_NONE,
				     .alert_level = level,
				     .alert = alert };
}

static struct observation end_of(enum outcome outcome)
{
	return (struct observation){ .outcome = outcome,
				     .layer = LAYER_TRANSPORT,
				     .version = VERSION_NONE };
}

static struct anomaly judged(struct hello_parts parts, struct observation seen)
{
	struct anomaly out;
	struct reading reading = hello_read(&arena, parts);
	struct demand demand = demand_of(&reading);
	bool found = oracle_judge(&out, &oracle, &reading, &demand, &seen);
	cr_assert_eq(found, out.kind != ANOMALY_NONE);
	return out;
}

static void key_is(const char *key, bool inferred, struct hello_parts parts,
		   struct observation seen)
{
	struct anomaly got = judged(parts, seen);
	cr_assert_str_eq(got.key, key);
	cr_assert_eq(got.inferred, inferred, "%s: inferred is %d", key, got.inferred);
}

Test(oracle, what_deviates_has_a_key)
{
	struct hello_parts usual = HELLO(.extensions = USUAL_12);
	struct hello_parts old = HELLO(.suites = "c02f0005", .extensions = USUAL_12);
	struct hello_parts broken = HELLO(.suites = "", .extensions = USUAL_12);
	struct hello_parts twice = HELLO(.extensions = SECRET SECRET);
	key_is("accepted/TLS1.2/TLS_RSA_WITH_RC4_128_SHA", false, old, hello_of(TLS1_2, 0x0005));
	key_is("accepted/TLS1.0/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, usual,
	       hello_of(TLS1_0, 0xC02F));
	key_is("refused/TLS1.2/handshake_failure", false, usual, alert_of(ALERT_FATAL, 40));
	key_is("refused/TLS1.2/warning-handshake_failure", false, usual,
	       alert_of(ALERT_WARNING, 40));
	key_is("refused/TLS1.2/alert-201", false, usual, alert_of(ALERT_FATAL, 201));
	key_is("refused/TLS1.2/close", false, usual, end_of(OUTCOME_CLOSE));
	key_is("refused/TLS1.2/reset", false, usual, end_of(OUTCOME_RESET));
	key_is("refused/TLS1.3/reset", true, HELLO(.suites = "1301", .extensions = USUAL_13),
	       end_of(OUTCOME_RESET));
	key_is("malformed/cipher-suites", false, broken, hello_of(TLS1_2, 0xC02F));
	key_is("malformed/extension-duplicate", true, twice, hello_of(TLS1_2, 0xC02F));
	key_is("silence/hello", false, usual, end_of(OUTCOME_TIMEOUT));
	key_is("silence/broken/cipher-suites", false, broken, end_of(OUTCOME_TIMEOUT));
	key_is("garbage/unknown", false, usual, end_of(OUTCOME_GARBAGE));
}

Test(oracle, what_was_seen_of_an_endpoint_in_trouble_is_no_anomaly)
{
	struct hello_parts usual = HELLO(.extensions = USUAL_12);
	struct observation busy = end_of(OUTCOME_RESET), plain = end_of(OUTCOME_REFUSED);
	busy.overload = true;
	plain.layer = LAYER_PLAINTEXT;
	cr_assert_eq(judged(usual, busy).kind, ANOMALY_NONE);
	cr_assert_eq(judged(usual, plain).kind, ANOMALY_NONE);
	cr_assert_eq(judged(usual, end_of(OUTCOME_UNREACHABLE)).kind, ANOMALY_NONE);
	cr_assert_eq(judged(usual, end_of(OUTCOME_NONE)).kind, ANOMALY_NONE);
	cr_assert_eq(judged(usual, end_of(OUTCOME_PLAINTEXT)).kind, ANOMALY_NONE);
}

/* What an endpoint that keeps every rule may answer, to every kind of demand. */
Test(oracle, a_conforming_answer_is_never_an_anomaly)
{
	struct hello_parts usual = HELLO(.extensions = USUAL_12);
	struct hello_parts rejected = HELLO(.suites = "0005", .extensions = USUAL_12);
	struct hello_parts permitted = HELLO(.suites = "003c", .extensions = USUAL_12);
	struct hello_parts broken = HELLO(.suites = "", .extensions = USUAL_12);
	struct hello_parts tls13 = HELLO(.suites = "1301", .extensions = USUAL_13);
	struct observation retry = hello_of(TLS1_3, 0x1301);
	retry.outcome = OUTCOME_HELLO_RETRY_REQUEST;
	for (int strict = 0; strict < 2; strict++) {
		oracle.strict = strict;
		cr_assert_eq(judged(usual, hello_of(TLS1_2, 0xC02F)).kind, ANOMALY_NONE);
		cr_assert_eq(judged(tls13, hello_of(TLS1_3, 0x1301)).kind, ANOMALY_NONE);
		cr_assert_eq(judged(tls13, retry).kind, ANOMALY_NONE);
		cr_assert_eq(judged(rejected, alert_of(ALERT_FATAL, 40)).kind, ANOMALY_NONE);
		/* The version is taken: it is the suites that are wrong (RFC 5246 7.4.1.3). */
		cr_assert_eq(judged(rejected, alert_of(ALERT_FATAL, 70)).kind,
			     strict ? ANOMALY_ALERT : ANOMALY_NONE);
		cr_assert_eq(judged(rejected, alert_of(ALERT_FATAL, 71)).kind, ANOMALY_NONE);
		cr_assert_eq(judged(permitted, hello_of(TLS1_2, 0x003C)).kind, ANOMALY_NONE);
		cr_assert_eq(judged(permitted, end_of(OUTCOME_CLOSE)).kind, ANOMALY_NONE);
		cr_assert_eq(judged(broken, alert_of(ALERT_FATAL, ALERT_DECODE_ERROR)).kind,
			     ANOMALY_NONE);
	}
}

Test(oracle, the_strict_gate_is_about_the_alert)
{
	struct hello_parts rejected = HELLO(.suites = "0005", .extensions = USUAL_12);
	struct hello_parts broken = HELLO(.suites = "", .extensions = USUAL_12);
	cr_assert_eq(judged(rejected, end_of(OUTCOME_CLOSE)).kind, ANOMALY_NONE);
	cr_assert_eq(judged(broken, alert_of(ALERT_FATAL, 40)).kind, ANOMALY_NONE);
	oracle.strict = true;
	key_is("alert/policy/close", true, rejected, end_of(OUTCOME_CLOSE));
	struct hello_parts twice = HELLO(.extensions = SECRET SECRET);
	key_is("alert/extension-duplicate/handshake_failure", true, twice,
	       alert_of(ALERT_FATAL, 40));
	/* A hello of which nothing can be chosen either is refused for that as well. */
	cr_assert_eq(judged(broken, alert_of(ALERT_FATAL, 40)).kind, ANOMALY_NONE);
}

Test(oracle, a_violation_is_one_of_a_hello_that_is_understood)
{
	struct observation wrong = hello_of(TLS1_2, 0xC02F);
	wrong.violation = VIOLATION_SUITE_NOT_OFFERED;
	key_is("violation/SUITE_NOT_OFFERED", false, HELLO(.extensions = USUAL_12), wrong);
	/* Which of two is meant, the server knows. */
	key_is("malformed/extension-duplicate", true, HELLO(.extensions = SECRET SECRET), wrong);
	/* RFC 2246 7.4.1.2: what stands behind an old hello nobody reads. */
	key_is("violation/SUITE_NOT_OFFERED", true,
	       HELLO(.version = 0x0301, .extensions = SECRET "0017"), wrong);
}

/* RFC 8446 4.2.1 binds who implements it; before it, client_version is what is offered. */
Test(oracle, an_older_endpoint_answers_by_client_version)
{
	struct hello_parts listed = HELLO(.extensions = USUAL_12 "002b0003020302");
	struct observation seen = hello_of(TLS1_2, 0xC02F);
	seen.violation = VIOLATION_VERSION_NOT_OFFERED;
	key_is("violation/VERSION_NOT_OFFERED", false, listed, seen);
	oracle.taken = VERSION_BIT(TLS1_2);
	key_is("violation/VERSION_NOT_OFFERED", true, listed, seen);
	listed.version = 0x0302;
	key_is("violation/VERSION_NOT_OFFERED", false, listed, seen);
	seen = hello_of(TLS1_2, 0x0005);
	seen.violation = VIOLATION_VERSION_NOT_OFFERED;
	key_is("accepted/TLS1.2/TLS_RSA_WITH_RC4_128_SHA", false,
	       HELLO(.suites = "0005", .extensions = USUAL_12 "002b0003020302"), seen);
}

/* RFC 8446 4.1.2: the lists of an older version are judged by its rules. */
Test(oracle, a_rule_of_another_version_than_the_answer_is_inferred)
{
	struct hello_parts compression =
		HELLO(.suites = "1301c02f", .compression = "0001", .extensions = USUAL_13);
	struct hello_parts renegotiation =
		HELLO(.suites = "1301c02f", .extensions = USUAL_13 "ff0100020100");
	key_is("malformed/compression-tls13", false, compression, hello_of(TLS1_3, 0x1301));
	key_is("malformed/compression-tls13", true, compression, hello_of(TLS1_2, 0xC02F));
	key_is("malformed/renegotiated-connection", false, renegotiation, hello_of(TLS1_2, 0xC02F));
	key_is("malformed/renegotiated-connection", true, renegotiation, hello_of(TLS1_3, 0x1301));
}

Test(oracle, classes_tell_answers_apart)
{
	struct observation a = alert_of(ALERT_FATAL, 40), b = alert_of(ALERT_FATAL, 70);
	cr_assert_neq(observation_class(&a), observation_class(&b));
	b = a;
	b.ended_us = 20;
	cr_assert_eq(observation_class(&a), observation_class(&b));
	b.ended_us = 2000000;
	cr_assert_neq(observation_class(&a), observation_class(&b));
	b = a;
	b.records = a.records + 1;
	cr_assert_neq(observation_class(&a), observation_class(&b));
	a.records = 9;
	b.records = 10;
	cr_assert_eq(observation_class(&a), observation_class(&b));
}
