/* SPDX-License-Identifier: Apache-2.0 */
#include "live/oracle.h"

#include "base/hex.h"
#include "hellos.h"
#include "policies.h"
#include "registry/registry.h"

#include <criterion/criterion.h>

#define ACCEPTED   0xC02F
#define REJECTED   0x002F
#define UNASSIGNED 0x9F9F

static struct arena arena;
static struct settings settings;
static struct oracle oracle;
static struct reading reading;
static struct demand demand;
static struct anomaly anomaly;

/* What a probe of `check` would send. */
static void read_hello(enum version version, const uint16_t *suites, size_t len)
{
	static const struct shape shape = { .server_name = NULL };
	uint16_t *scratch = arena_array(&arena, PROBE_HELLO_MAX, sizeof(*scratch));
	reading = probe_read(&arena, &shape, version, suites, len);
	oracle_demand(&demand, &oracle, &reading, scratch);
}

/* An oracle to the letter, of an endpoint that takes TLS 1.2 and nothing else. */
static void setup(void)
{
	static const uint16_t suites[] = { ACCEPTED };
	arena_init(&arena, 64 << 20);
	settings = policy_builtin(&arena, SINGLE);
	settings_given(&settings, "minimum_tls_version=TLS1_2");
	oracle = (struct oracle){ .settings = &settings, .strict = true };
	read_hello(TLS1_2, suites, 1);
	oracle.taken = VERSION_BIT(TLS1_2);
	oracle.controls[TLS1_2] = reading;
}

static bool judged(const struct observation *seen)
{
	return oracle_judge(&anomaly, &oracle, &reading, &demand, seen);
}

static bool judged_alert(uint8_t alert)
{
	const struct observation seen = {
		.outcome = OUTCOME_ALERT,
		.layer = LAYER_TLS,
		.alert_level = ALERT_FATAL,
		.alert = alert,
	};
	return judged(&seen);
}

TestSuite(oracle_answers, .init = setup);

Test(oracle_answers, an_unassigned_suite_beside_an_accepted_one_is_ignored)
{
	static const uint16_t both[] = { UNASSIGNED, ACCEPTED }, alone[] = { UNASSIGNED };
	read_hello(TLS1_2, both, 2);
	cr_assert_eq(demand.kind, DEMAND_ACCEPT);
	cr_assert(judged_alert(ALERT_HANDSHAKE_FAILURE));
	cr_assert_str_eq(anomaly.key, "refused/TLS1.2/handshake_failure");
	read_hello(TLS1_2, alone, 1);
	cr_assert_eq(demand.kind, DEMAND_REJECT);
}

Test(oracle_answers, suites_are_refused_as_suites)
{
	static const uint16_t suites[] = { REJECTED };
	read_hello(TLS1_2, suites, 1);
	cr_assert_eq(demand.kind, DEMAND_REJECT);
	cr_assert_not(judged_alert(ALERT_HANDSHAKE_FAILURE));
	cr_assert(judged_alert(ALERT_PROTOCOL_VERSION));
	cr_assert_str_eq(anomaly.key, "alert/policy/protocol_version");
}

Test(oracle_answers, versions_are_refused_as_versions)
{
	static const uint16_t suites[] = { REJECTED };
	read_hello(TLS1_1, suites, 1);
	cr_assert_eq(demand.kind, DEMAND_REJECT);
	cr_assert_not(judged_alert(ALERT_PROTOCOL_VERSION));
	cr_assert(judged_alert(ALERT_HANDSHAKE_FAILURE));
	cr_assert_str_eq(anomaly.key, "alert/policy/handshake_failure");
}

Test(oracle_answers, a_second_fatal_alert_counts_to_the_letter)
{
	static const uint16_t suites[] = { REJECTED };
	const struct observation seen = {
		.outcome = OUTCOME_ALERT,
		.layer = LAYER_TLS,
		.alert_level = ALERT_FATAL,
		.alert = ALERT_HANDSHAKE_FAILURE,
		.alerts_twice = true,
	};
	read_hello(TLS1_2, suites, 1);
	cr_assert(judged(&seen));
	cr_assert_str_eq(anomaly.key, "alert/two");
	cr_assert(anomaly.inferred);
	oracle.strict = false;
	cr_assert_not(judged(&seen));
}

Test(oracle_answers, a_server_hello_that_cannot_be_decoded_breaks_a_rule_by_name)
{
	const struct observation seen = {
		.outcome = OUTCOME_GARBAGE,
		.layer = LAYER_TLS,
		.violation = VIOLATION_EXTENSION_DUPLICATE,
		.message = "the ServerHello is malformed",
	};
	cr_assert(judged(&seen));
	cr_assert_str_eq(anomaly.key, "violation/EXTENSION_DUPLICATE");
	cr_assert_not(anomaly.inferred);
}

/* The hello of a probe has renegotiation_info's signalling suite or the extension itself. */
Test(oracle_answers, what_an_answer_lacks_is_a_remark)
{
	const struct observation seen = {
		.outcome = OUTCOME_SERVER_HELLO,
		.layer = LAYER_TLS,
		.version = TLS1_2,
		.version_code = version_code(TLS1_2),
		.suite = ACCEPTED,
	};
	cr_assert(judged(&seen));
	cr_assert_str_eq(anomaly.key, "omitted/renegotiation_info");
	cr_assert(anomaly.inferred);
	cr_assert_eq(anomaly.rule, FORM_RENEGOTIATION_ANSWER);
}

static bool read_hex(const char *hex, uint8_t alert)
{
	static uint16_t scratch[256];
	uint8_t *bytes = arena_alloc(&arena, strlen(hex) / 2 + 1);
	for (size_t i = 0; hex[2 * i]; i++)
		bytes[i] = (uint8_t)(hex_digit((uint8_t)hex[2 * i]) << 4 |
				     hex_digit((uint8_t)hex[2 * i + 1]));
	reading_of(&reading, span_of(bytes, strlen(hex) / 2), &arena);
	oracle_demand(&demand, &oracle, &reading, scratch);
	return judged_alert(alert);
}

/* Of several things that are wrong, any may be told. */
Test(oracle_answers, an_alert_is_due_to_anything_that_is_wrong)
{
	const char *wide = "1703017fc2", *empty = "1503010000";
	cr_assert_not(read_hex(wide, ALERT_RECORD_OVERFLOW));
	cr_assert_not(read_hex(wide, ALERT_UNEXPECTED_MESSAGE));
	cr_assert(read_hex(wide, ALERT_HANDSHAKE_FAILURE));
	cr_assert_not(read_hex(empty, ALERT_DECODE_ERROR));
	cr_assert(read_hex("1603010000", ALERT_DECODE_ERROR));
	/* max_fragment_length 0 */
	const char *body = "1603010034010000300303"
			   "0000000000000000000000000000000000000000000000000000000000000000"
			   "000002c02801000005000100"
			   "0100";
	cr_assert_not(read_hex(body, ALERT_ILLEGAL_PARAMETER));
	cr_assert_not(read_hex(body, ALERT_DECODE_ERROR));
	cr_assert(read_hex(body, ALERT_INTERNAL_ERROR));
	/* Point formats without uncompressed, and a suite that is rejected or one that is not. */
	const char *rejected = "1603010035010000310303"
			       "0000000000000000000000000000000000000000000000000000000000000000"
			       "000002c03401000006000b00020102";
	const char *accepted = "1603010035010000310303"
			       "0000000000000000000000000000000000000000000000000000000000000000"
			       "000002c02f01000006000b00020102";
	cr_assert_not(read_hex(rejected, ALERT_HANDSHAKE_FAILURE));
	cr_assert(read_hex(accepted, ALERT_HANDSHAKE_FAILURE));
	/* The same with signature schemes of which no certificate is. */
	const char *strange = "160301003d010000390303"
			      "0000000000000000000000000000000000000000000000000000000000000000"
			      "000002c02f0100000e000d000400020502000b0002015a";
	cr_assert_not(read_hex(strange, ALERT_HANDSHAKE_FAILURE));
	cr_assert(read_hex(strange, ALERT_INTERNAL_ERROR));
	/* A fallback, with another message behind it. */
	const char *fallback = "160301002e010000290301"
			       "0000000000000000000000000000000000000000000000000000000000000000"
			       "00000256000100"
			       "00";
	cr_assert_not(read_hex(fallback, ALERT_INAPPROPRIATE_FALLBACK));
	cr_assert(read_hex(fallback, ALERT_INTERNAL_ERROR));
	/* supported_versions with TLS 1.1 alone: by that it falls back, by client_version it does
	 * not. */
	const char *listed = "1603010038010000340303"
			     "0000000000000000000000000000000000000000000000000000000000000000"
			     "000004002f56000100"
			     "0007002b0003020302";
	const char *unlisted = "160301002f0100002b0303"
			       "0000000000000000000000000000000000000000000000000000000000000000"
			       "000004002f56000100";
	cr_assert_not(read_hex(listed, ALERT_INAPPROPRIATE_FALLBACK));
	cr_assert(read_hex(unlisted, ALERT_INAPPROPRIATE_FALLBACK));
	/* SSLv2 is unknown to most. */
	cr_assert_not(read_hex("801c01000000030000001004008000000000000000000000000000000000",
			       ALERT_UNEXPECTED_MESSAGE));
}
