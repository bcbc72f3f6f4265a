/* SPDX-License-Identifier: Apache-2.0 */
/* Every flip is applied, and the policy asked again; and none that there is goes untold. */
#include "live/hello_flip.h"

#include <criterion/criterion.h>

#include "live/hello_account.h"
#include "policies.h"
#include "registry/cipher_suite.h"
#include "script/builtin.h"

#define GCM_128 0xC02F
#define GCM_256 0xC030
#define CBC_128 0x002F
#define TLS12	VERSION_BIT(TLS1_2)
#define TLS13	VERSION_BIT(TLS1_3)

static struct arena arena;
static struct flips flips;

static void begin(void)
{
	arena_init(&arena, (size_t)256 << 20);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(hello_flip, .init = begin, .fini = end);

static enum side side_of(const struct settings *settings, const struct offer *offer)
{
	struct ruling ruling = policy_hello(settings, offer);
	return ruling_side(&ruling);
}

static void find(const struct settings *settings, const struct hello_offer *hello)
{
	cr_assert_eq(flips_of(&flips, settings, hello, &arena), FAULT_NONE);
}

static struct ruling applied(const struct settings *settings, const struct hello_offer *hello,
			     const struct flip *flip, size_t choice)
{
	uint16_t *room = arena_array(&arena, hello->offer.suites_len + 1, sizeof(*room));
	struct settings then = flip_settings(settings, flip);
	struct offer offer;
	edit_apply(&offer, &hello->offer, &flip->edit, choice, room);
	return hello_rule(&then, &offer);
}

/* Whatever is said of a flip comes true, and is not what the hello is ruled already. */
static void expect_true(const struct settings *settings, const struct hello_offer *hello,
			const char *what)
{
	enum side before = side_of(settings, &hello->offer);
	for (size_t i = 0; i < flips.len; i++) {
		const struct flip *flip = &flips.at[i];
		for (size_t k = 0; k == 0 || k < flip->edit.add_len; k++) {
			struct ruling then = applied(settings, hello, flip, k);
			cr_assert_eq(then.kind, flip->ruling.kind, "%s, flip %zu", what, i);
			cr_assert_eq(then.inferred, flip->ruling.inferred, "%s, flip %zu", what, i);
			cr_assert_neq(ruling_side(&then), before, "%s, flip %zu", what, i);
			/* Of several suites the row of the first is told. */
			if (k == 0)
				cr_assert_eq(then.rule, flip->ruling.rule, "%s, flip %zu", what, i);
		}
	}
}

static bool told(enum flip_kind kind, enum side side)
{
	for (size_t i = 0; i < flips.len; i++)
		if (flips.at[i].kind == kind && ruling_side(&flips.at[i].ruling) == side)
			return true;
	return false;
}

/* Each suite that is told to go must: with one of them back, it is no flip. */
static void expect_least(const struct settings *settings, const struct hello_offer *hello,
			 const char *what)
{
	uint16_t *suites = arena_array(&arena, hello->offer.suites_len + 1, sizeof(*suites));
	for (size_t i = 0; i < flips.len; i++) {
		const struct offer_edit *edit = &flips.at[i].edit;
		for (size_t k = 0; k < edit->drop_len; k++) {
			struct offer offer;
			edit_apply(&offer, &hello->offer, edit, 0, suites);
			suites[offer.suites_len++] = edit->drop[k];
			cr_assert_neq(side_of(settings, &offer), ruling_side(&flips.at[i].ruling),
				      "%s, flip %zu: %04x", what, i, edit->drop[k]);
		}
	}
}

/* One suite that goes or comes, tried one by one. */
static void expect_complete(const struct settings *settings, const struct hello_offer *hello,
			    const char *what)
{
	enum side before = side_of(settings, &hello->offer);
	uint16_t *room = arena_array(&arena, hello->offer.suites_len + 1, sizeof(*room));
	for (size_t i = 0; i < hello->offer.suites_len + cipher_suites_len; i++) {
		bool drop = i < hello->offer.suites_len;
		const uint16_t *suite = drop ? &hello->offer.suites[i]
					     : &cipher_suites[i - hello->offer.suites_len].code;
		struct offer_edit edit = {
			.drop = suite, .drop_len = drop, .add = suite, .add_len = !drop
		};
		struct offer offer;
		edit_apply(&offer, &hello->offer, &edit, 0, room);
		enum side side = side_of(settings, &offer);
		if (offer.suites_len && side != SIDE_OPEN && side != before)
			cr_assert(told(FLIP_HELLO, side), "%s: %s %04x", what,
				  drop ? "drop" : "add", *suite);
	}
}

/* One version that goes or comes in a list; a client_version that is lowered or raised. */
static void expect_complete_versions(const struct settings *settings,
				     const struct hello_offer *hello, const char *what)
{
	enum side before = side_of(settings, &hello->offer);
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
		struct offer offer = hello->offer;
		if (hello->listed)
			offer.versions ^= VERSION_BIT(v);
		else
			offer.versions = (version_set)((2u << v) - 2u);
		enum side side = side_of(settings, &offer);
		bool possible = offer.versions && (hello->listed || v <= TLS1_2);
		if (possible && side != SIDE_OPEN && side != before)
			cr_assert(told(FLIP_HELLO, side), "%s: %s", what,
				  version_name((enum version)v));
	}
}

static void expect_sound(const struct settings *settings, const struct hello_offer *hello,
			 const char *what)
{
	find(settings, hello);
	expect_true(settings, hello, what);
	expect_least(settings, hello, what);
}

static const char *const clients[] = {
	"d12-go119-tls",	  "d12-psql15-max12",	"d12-psql15-min10-max10",
	"d12-psql15-require",	  "d12-gnutls-cli-tls", "d12-psql15-cipherstring-azure4",
	"d12-psql15-min10-max11", "d12-wolfssl-tls12",	"d12-psql15-min13",
};

#define CLIENTS (sizeof(clients) / sizeof(clients[0]))

Test(hello_flip, flips_of_captured_clients_come_true_under_every_policy)
{
	for (size_t p = 0; p < builtin_policies_len; p++) {
		const char *name = builtin_policies[p].name;
		struct settings settings = policy_builtin(&arena, name);
		for (size_t i = 0; i < CLIENTS; i++) {
			struct hello_offer hello = captured(&arena, clients[i]);
			expect_sound(&settings, &hello, name);
			/* Every change is tried on one client a policy: it takes its time. */
			if (i == p % CLIENTS)
				expect_complete(&settings, &hello, name);
			expect_complete_versions(&settings, &hello, name);
		}
		arena_clear(&arena);
	}
}

Test(hello_flip, flips_of_settings_come_true)
{
	static const char *const values[] = { "TLSEnforcementDisabled", "TLS1_0", "TLS1_1",
					      "TLS1_2" };
	for (size_t v = 0; v < 4; v++) {
		struct settings settings = policy_builtin(&arena, SINGLE);
		settings_given(&settings,
			       arena_printf(&arena, "minimum_tls_version=%s", values[v]));
		for (size_t i = 0; i < CLIENTS; i++) {
			struct hello_offer hello = captured(&arena, clients[i]);
			expect_sound(&settings, &hello, values[v]);
			expect_complete(&settings, &hello, values[v]);
			expect_complete_versions(&settings, &hello, values[v]);
		}
	}
}

static const struct offer_edit *edit_to(enum ruling_kind kind)
{
	for (size_t i = 0; i < flips.len; i++)
		if (flips.at[i].kind == FLIP_HELLO && flips.at[i].ruling.kind == kind)
			return &flips.at[i].edit;
	cr_assert_fail("no change of the hello leads to %s", ruling_name(kind));
	return NULL;
}

#define MIXED                                                                                      \
	"table suite\n"                                                                            \
	" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                                          \
	" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 may\n"                                             \
	" TLS_AES_128_GCM_SHA256 may\n"                                                            \
	" TLS_AES_256_GCM_SHA384 reject\n"                                                         \
	" * reject\n"

Test(hello_flip, what_is_open_goes_for_acceptance_and_for_rejection)
{
	static const uint16_t suites[] = { GCM_128, GCM_256, CBC_128, CBC_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(TLS12, suites, 4);
	find(&settings, &hello);
	const struct offer_edit *accept = edit_to(RULING_ACCEPT), *reject = edit_to(RULING_REJECT);
	cr_assert_eq(accept->drop_len, 2);
	cr_assert_eq(accept->drop[0], GCM_256);
	cr_assert_eq(accept->drop[1], CBC_128);
	cr_assert_eq(reject->drop_len, 2);
	cr_assert_eq(reject->drop[0], GCM_128);
	cr_assert_eq(reject->drop[1], GCM_256);
}

Test(hello_flip, a_rejected_hello_is_told_what_may_come)
{
	static const uint16_t suites[] = { CBC_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(TLS12, suites, 1);
	find(&settings, &hello);
	const struct offer_edit *accept = edit_to(RULING_ACCEPT), *may = edit_to(RULING_MAY);
	cr_assert_eq(accept->drop_len, 1);
	cr_assert_eq(accept->add_len, 1);
	cr_assert_eq(accept->add[0], GCM_128);
	cr_assert_eq(may->drop_len, 0);
	cr_assert_eq(may->add_len, 2);
	cr_assert_eq(may->add[1], GCM_256);
}

/* TLS 1.3 is rejected, TLS 1.2 is open, TLS 1.1 is rejected: the one between goes. */
Test(hello_flip, any_version_of_a_list_may_go)
{
	static const uint16_t suites[] = { 0x1302, GCM_256, CBC_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(TLS13 | TLS12 | VERSION_BIT(TLS1_1), suites, 3);
	find(&settings, &hello);
	size_t found = 0;
	for (size_t i = 0; i < flips.len; i++)
		found += flips.at[i].edit.drop_versions == TLS12 &&
			 flips.at[i].ruling.kind == RULING_REJECT;
	cr_assert_eq(found, 1);
}

Test(hello_flip, a_client_version_brings_what_is_between)
{
	static const uint16_t suites[] = { GCM_128 };
	struct settings settings = policy_of(&arena, MIXED);
	version_set old = VERSION_BIT(SSLV3) | VERSION_BIT(TLS1_0);
	struct hello_offer hello = { .offer = { old, suites, 1 }, .old_versions = old };
	find(&settings, &hello);
	cr_assert_eq(edit_to(RULING_ACCEPT)->add_versions, VERSION_BIT(TLS1_1) | TLS12);
}

/* The highest version has nothing acceptable, and nothing that could come: it goes. */
Test(hello_flip, a_version_and_suites_go_together)
{
	static const uint16_t suites[] = { 0x1302, GCM_128, CBC_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(TLS13 | TLS12, suites, 3);
	find(&settings, &hello);
	const struct offer_edit *accept = edit_to(RULING_ACCEPT);
	cr_assert_eq(accept->drop_versions, TLS13);
	cr_assert_eq(accept->drop_len, 1);
	cr_assert_eq(accept->drop[0], CBC_128);
}

Test(hello_flip, an_older_version_comes_for_one_that_has_nothing_to_accept)
{
	static const uint16_t suites[] = { 0x1302 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(TLS13, suites, 1);
	find(&settings, &hello);
	const struct offer_edit *accept = edit_to(RULING_ACCEPT);
	cr_assert_eq(accept->drop_versions, TLS13);
	cr_assert_eq(accept->add_versions, TLS12);
	cr_assert_eq(accept->drop_len, 0);
	cr_assert_eq(accept->add[0], GCM_128);
}

Test(hello_flip, a_hello_without_a_version_is_told_which_may_come)
{
	static const uint16_t suites[] = { GCM_128 };
	struct settings settings = policy_of(&arena, MIXED);
	struct hello_offer hello = listed(0, suites, 1);
	find(&settings, &hello);
	cr_assert_eq(edit_to(RULING_ACCEPT)->add_versions, TLS12);
	expect_sound(&settings, &hello, "none");
}

#define BY_SETTING                                                                                 \
	"setting minimum_tls_version\n"                                                            \
	" TLS1_1\n"                                                                                \
	" TLS1_2 default\n"                                                                        \
	"table version by minimum_tls_version\n"                                                   \
	"         TLS1.1  TLS1.2\n"                                                                \
	" TLS1_1  accept  accept\n"                                                                \
	" TLS1_2  reject  accept\n"                                                                \
	"transition minimum_tls_version from TLS1_2 to TLS1_1 never cite \"x\"\n"                  \
	"table suite\n"                                                                            \
	" TLS_RSA_* accept\n"

Test(hello_flip, a_setting_that_would_accept_is_told_with_its_row)
{
	static const uint16_t suites[] = { CBC_128 };
	struct settings settings = policy_of(&arena, BY_SETTING);
	struct hello_offer hello = listed(VERSION_BIT(TLS1_1), suites, 1);
	find(&settings, &hello);
	bool found = false;
	for (size_t i = 0; i < flips.len; i++) {
		const struct flip *flip = &flips.at[i];
		if (flip->kind != FLIP_SETTING)
			continue;
		found = true;
		cr_assert_eq(flip->value, 0);
		cr_assert_eq(flip->ruling.kind, RULING_ACCEPT);
		cr_assert_str_eq(flip->ruling.rule->row, "TLS_RSA_* accept");
		cr_assert_not_null(flip->forbidden);
	}
	cr_assert(found);
	cr_assert(told(FLIP_HELLO, SIDE_FOR)); /* TLS 1.2 as well */
}

#define CONDITIONAL                                                                                \
	"table suite\n"                                                                            \
	" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept if certificate rsa, reject\n"               \
	"table suite\n"                                                                            \
	" TLS_RSA_WITH_AES_128_CBC_SHA accept\n"                                                   \
	"table suite\n"                                                                            \
	" TLS_RSA_WITH_AES_128_CBC_SHA reject\n"

Test(hello_flip, conditions_and_strictness_are_turned)
{
	static const uint16_t suites[] = { GCM_128, CBC_128 };
	struct settings settings = policy_of(&arena, CONDITIONAL);
	struct hello_offer gcm = listed(TLS12, suites, 1), cbc = listed(TLS12, suites + 1, 1);
	find(&settings, &gcm);
	cr_assert(told(FLIP_CONDITION, SIDE_FOR));
	cr_assert_not(told(FLIP_STRICT, SIDE_AGAINST));
	expect_true(&settings, &gcm, "gcm");
	find(&settings, &cbc);
	cr_assert(told(FLIP_STRICT, SIDE_AGAINST));
	expect_true(&settings, &cbc, "cbc");
}

/* SSLv2 kinds are one cell: there is nothing to drop or to add. */
Test(hello_flip, a_bare_sslv2_hello_has_no_change)
{
	struct settings settings = policy_builtin(&arena, SINGLE);
	struct hello_offer hello = { .offer = { .versions = VERSION_BIT(SSLV2) }, .sslv2 = true };
	find(&settings, &hello);
	cr_assert_not(told(FLIP_HELLO, SIDE_FOR));
	cr_assert_not(told(FLIP_HELLO, SIDE_AGAINST));
	cr_assert_not(told(FLIP_HELLO, SIDE_OPEN));
}

/* A client_version brings every older version along: it is lowered, nothing is taken out. */
Test(hello_flip, a_client_version_is_only_lowered_or_raised)
{
	struct settings settings = policy_builtin(&arena, SINGLE);
	struct hello_offer hello = captured(&arena, "d12-psql15-max12");
	find(&settings, &hello);
	for (size_t i = 0; i < flips.len; i++) {
		const struct offer_edit *edit = &flips.at[i].edit;
		version_set then = (version_set)(hello.offer.versions & ~edit->drop_versions);
		version_set up_to = (version_set)((2u << version_set_highest(then)) - 1u);
		cr_assert_eq(then, up_to & ~VERSION_BIT(SSLV2) & hello.offer.versions);
	}
}
