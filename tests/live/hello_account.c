/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_account.h"

#include <criterion/criterion.h>

#include "policies.h"

#define GCM_128 0xC02F
#define GCM_256 0xC030
#define CBC_128 0x002F
#define AES_13	0x1301
#define TLS12	VERSION_BIT(TLS1_2)
#define TLS13	VERSION_BIT(TLS1_3)

static struct arena arena;

static void begin(void)
{
	arena_init(&arena, (size_t)64 << 20);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(hello_account, .init = begin, .fini = end);

static struct hello_account account(const struct settings *settings, version_set versions,
				    const uint16_t *suites, size_t len)
{
	struct hello_account out;
	struct offer offer = { versions, suites, len };
	cr_assert_eq(account_of(&out, settings, &offer, &arena), FAULT_NONE);
	return out;
}

#define MIXED                                                                                      \
	"table version\n"                                                                          \
	" TLS1.1 reject\n"                                                                         \
	" TLS1.2 accept\n"                                                                         \
	" TLS1.3 accept?\n"                                                                        \
	"table suite\n"                                                                            \
	" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                                          \
	" TLS_AES_128_GCM_SHA256 accept?\n"                                                        \
	" * reject\n"

Test(hello_account, each_pair_comes_once_from_the_highest_version_down)
{
	static const uint16_t suites[] = { CBC_128, 0x0A0A, GCM_128, 0x00FF, AES_13, GCM_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_account of =
		account(&settings, VERSION_BIT(TLS1_1) | TLS12 | TLS13, suites, 6);
	static const struct {
		enum version version;
		uint16_t suite;
		enum ruling_kind kind;
	} pairs[] = {
		{ TLS1_3, AES_13, RULING_ACCEPT },
		{ TLS1_2, CBC_128, RULING_REJECT },
		{ TLS1_2, GCM_128, RULING_ACCEPT },
		{ TLS1_1, CBC_128, RULING_REJECT },
	};
	cr_assert_eq(of.pairs_len, 4);
	for (size_t i = 0; i < 4; i++) {
		cr_assert_eq(of.pairs[i].version, pairs[i].version);
		cr_assert_eq(of.pairs[i].suite, pairs[i].suite);
		cr_assert_eq(of.pairs[i].ruling.kind, pairs[i].kind);
	}
	cr_assert_eq(of.ruling.kind, RULING_ACCEPT);
	cr_assert(of.ruling.inferred);
	cr_assert_eq(of.versions[TLS1_1].kind, RULING_REJECT);
}

/* What the same rows rule alike in two versions is told once. */
Test(hello_account, groups_join_versions_that_read_alike)
{
	static const uint16_t suites[] = { CBC_128, 0x0005, GCM_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_account of =
		account(&settings, VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1) | TLS12, suites, 3);
	cr_assert_eq(of.groups_len, 2);
	cr_assert_eq(of.groups[0].versions, VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1) | TLS12);
	cr_assert_eq(of.groups[0].suites_len, 2);
	cr_assert_str_eq(of.groups[0].ruling.rule->row, "* reject");
	cr_assert_eq(of.groups[1].versions, TLS12);
	cr_assert_eq(of.groups[1].suites[0], GCM_128);
}

Test(hello_account, suites_without_a_version_are_told)
{
	static const uint16_t suites[] = { AES_13, 0x00FF, GCM_128, AES_13, 0x1A1A };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_account of = account(&settings, TLS12, suites, 5);
	cr_assert_eq(of.unusable_len, 1);
	cr_assert_eq(of.unusable[0], AES_13);
	cr_assert_eq(of.pairs_len, 1);
}

Test(hello_account, sslv2_is_one_pair)
{
	struct settings settings = policy_builtin(&arena, SINGLE);
	struct hello_account of = account(&settings, VERSION_BIT(SSLV2), NULL, 0);
	cr_assert_eq(of.pairs_len, 1);
	cr_assert_eq(of.pairs[0].version, SSLV2);
	cr_assert_eq(of.ruling.kind, RULING_REJECT);
}

#define CONTRADICTION                                                                              \
	"table suite cite \"One\"\n"                                                               \
	" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                                          \
	"table suite cite \"Two\"\n"                                                               \
	" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 reject\n"

Test(hello_account, a_hello_whose_pairs_are_contradicted_is_a_conflict)
{
	static const uint16_t suites[] = { GCM_128, GCM_256 };
	struct settings settings = policy_of(&arena, CONTRADICTION);
	struct hello_account of = account(&settings, TLS12, suites, 1);
	cr_assert_eq(of.ruling.kind, RULING_CONFLICT);
	cr_assert_str_eq(of.ruling.rule->table->cite, "One");
	cr_assert_str_eq(of.ruling.against->table->cite, "Two");
	/* policy_hello knows the word not, and one other pair is enough for `may`. */
	struct offer offer = { TLS12, suites, 1 };
	cr_assert_eq(policy_hello(&settings, &offer).kind, RULING_MAY);
	cr_assert_eq(account(&settings, TLS12, suites, 2).ruling.kind, RULING_MAY);
	settings.strict = true;
	cr_assert_eq(account(&settings, TLS12, suites, 1).ruling.kind, RULING_REJECT);
}

Test(hello_account, answers_and_refusals_are_weighed)
{
	static const struct {
		struct ruling ruling;
		enum conformity answer, refusal;
	} rows[] = {
		{ { .kind = RULING_ACCEPT }, CONFORMS, CONFORMS_NOT },
		{ { .kind = RULING_ACCEPT, .inferred = true }, CONFORMS, REMARKED },
		{ { .kind = RULING_SHOULD }, CONFORMS, REMARKED },
		{ { .kind = RULING_MAY }, CONFORMS, CONFORMS },
		{ { .kind = RULING_SHOULD_NOT }, REMARKED, CONFORMS },
		{ { .kind = RULING_REJECT, .inferred = true }, REMARKED, CONFORMS },
		{ { .kind = RULING_REJECT }, CONFORMS_NOT, CONFORMS },
		{ { .kind = RULING_SILENT }, UNJUDGED, UNJUDGED },
		{ { .kind = RULING_CONFLICT }, UNJUDGED, UNJUDGED },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_eq(conformity_of_answer(&rows[i].ruling), rows[i].answer, "%zu", i);
		cr_expect_eq(conformity_of_refusal(&rows[i].ruling), rows[i].refusal, "%zu", i);
	}
}
