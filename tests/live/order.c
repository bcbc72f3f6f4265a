/* SPDX-License-Identifier: Apache-2.0 */
#include "live/order.h"

#include "hellos.h"
#include "policies.h"
#include "policy/preference.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define AES_128_GCM	0xC02F
#define AES_256_GCM	0xC030
#define AES_128_CBC	0xC013
#define RSA_AES_128	0x002F
#define UNASSIGNED	0x9F9F
#define DHE_AES_128_GCM 0x009E

#define TABLES                                                                                     \
	"table version\n TLS1.2 accept\n"                                                          \
	"table suite\n TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                             \
	" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept\n"                                          \
	" TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA may\n"                                                \
	" TLS_RSA_WITH_AES_128_CBC_SHA accept?\n"                                                  \
	" TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"

static struct shape shape;
static struct arena arena;
static struct settings settings;
static struct oracle oracle;
static struct order_flaw flaw;

static void read_hello(struct reading *reading, struct demand *demand, const uint16_t *suites,
		       size_t len)
{
	uint16_t *scratch = arena_array(&arena, PROBE_HELLO_MAX, sizeof(*scratch));
	*reading = probe_read(&arena, &shape, TLS1_2, suites, len);
	oracle_demand(demand, &oracle, reading, scratch);
}

static void demanding(const char *preference)
{
	static const uint16_t suites[] = { AES_128_GCM };
	char body[1024];
	struct reading reading;
	struct demand demand;
	arena_init(&arena, 64 << 20);
	snprintf(body, sizeof(body), TABLES "%s", preference);
	settings = policy_of(&arena, body);
	oracle = (struct oracle){ .settings = &settings };
	read_hello(&reading, &demand, suites, 1);
	oracle.taken = VERSION_BIT(TLS1_2);
	oracle.controls[TLS1_2] = reading;
}

/* Whether a choice is against the order. */
static bool is_wrong_among(const uint16_t *suites, size_t len, uint16_t chosen)
{
	const struct observation seen = {
		.outcome = OUTCOME_SERVER_HELLO,
		.version = TLS1_2,
		.version_code = 0x0303,
		.suite = chosen,
	};
	struct reading reading;
	struct demand demand;
	read_hello(&reading, &demand, suites, len);
	return order_judge(&flaw, &oracle, &reading, &demand, &seen);
}

static bool is_wrong(uint16_t first, uint16_t second, uint16_t chosen)
{
	const uint16_t suites[] = { first, second };
	return is_wrong_among(suites, 2, chosen);
}

Test(order, of_the_client_is_followed)
{
	demanding("prefer client\n");
	cr_assert(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
	cr_assert_eq(flaw.better, AES_128_GCM);
	cr_assert_not(flaw.preference->server);
	cr_assert(is_wrong(AES_256_GCM, AES_128_GCM, AES_128_GCM));
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_128_GCM));
	cr_assert_not(is_wrong(AES_256_GCM, AES_128_GCM, AES_256_GCM));
}

Test(order, of_the_server_is_what_it_says)
{
	demanding("prefer server TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 > "
		  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n");
	cr_assert(is_wrong(AES_128_GCM, AES_256_GCM, AES_128_GCM));
	cr_assert_eq(flaw.better, AES_256_GCM);
	cr_assert(flaw.preference->server);
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
	/* The best is told, wherever it stands. */
	const uint16_t suites[] = { RSA_AES_128, AES_128_GCM, AES_256_GCM };
	cr_assert(is_wrong_among(suites, 3, RSA_AES_128));
	cr_assert_eq(flaw.better, AES_256_GCM);
	/* What it does not name comes last. */
	cr_assert(is_wrong(RSA_AES_128, AES_128_GCM, RSA_AES_128));
	cr_assert_not(is_wrong(RSA_AES_128, AES_128_GCM, AES_128_GCM));
	demanding("prefer server TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 = "
		  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n");
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_128_GCM));
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
}

/* A server that may have a suite, or not, may choose another. */
Test(order, counts_for_suites_that_are_owed_alone)
{
	demanding("prefer client\n");
	cr_assert_not(is_wrong(AES_128_CBC, AES_128_GCM, AES_128_GCM));
	cr_assert_not(is_wrong(UNASSIGNED, AES_128_GCM, AES_128_GCM));
	demanding("prefer server\n");
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
	demanding("");
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
	demanding("prefer client at TLS1.1\n");
	cr_assert_not(is_wrong(AES_128_GCM, AES_256_GCM, AES_256_GCM));
}

/* The shape names finite fields, which the server need not know. */
Test(order, passes_over_suites_whose_fields_may_be_unknown)
{
	demanding("prefer client\n");
	shape.ffdhe_groups = true;
	cr_assert_not(is_wrong(DHE_AES_128_GCM, AES_128_GCM, AES_128_GCM));
	shape.ffdhe_groups = false;
	cr_assert(is_wrong(DHE_AES_128_GCM, AES_128_GCM, AES_128_GCM));
}

Test(order, is_a_finding_of_its_own)
{
	/* renegotiation_info, extended_master_secret */
	static const uint8_t extensions[] = { 0xFF, 1, 0, 1, 0, 0, 23, 0, 0 };
	const uint16_t suites[] = { AES_128_GCM, AES_256_GCM };
	const struct observation seen = {
		.outcome = OUTCOME_SERVER_HELLO,
		.version = TLS1_2,
		.version_code = 0x0303,
		.suite = AES_256_GCM,
		.server_extensions = span_of(extensions, sizeof(extensions)),
	};
	struct anomaly anomaly;
	struct reading reading;
	struct demand demand;
	demanding("prefer client\n");
	read_hello(&reading, &demand, suites, 2);
	cr_assert(oracle_judge(&anomaly, &oracle, &reading, &demand, &seen));
	cr_assert_str_eq(anomaly.key, "preference/TLS1.2/client");
	cr_assert_not_null(anomaly.preference);
	cr_assert_eq(anomaly.due_suite, AES_128_GCM);
	cr_assert_eq(anomaly.version, TLS1_2);
	cr_assert_not(anomaly.inferred);
}
