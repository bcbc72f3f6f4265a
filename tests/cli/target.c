/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include <criterion/criterion.h>

static const struct {
	const char *text, *scheme, *host;
	uint16_t port;
	bool literal;
} good[] = {
	{ "db", "postgresql", "db", 5432, false },
	{ "db.example:6432", "postgresql", "db.example", 6432, false },
	{ "tls://db", "tls", "db", 443, false },
	{ "postgres://db", "postgresql", "db", 5432, false },
	{ "postgresql-direct://db:1", "postgresql-direct", "db", 1, false },
	{ "127.0.0.1:65535", "postgresql", "127.0.0.1", 65535, true },
	{ "[::1]", "postgresql", "::1", 5432, true },
	{ "tls://[2001:db8::1]:8443", "tls", "2001:db8::1", 8443, true },
	{ "[::ffff:192.0.2.1]:5432", "postgresql", "::ffff:192.0.2.1", 5432, true },
	{ "under_score", "postgresql", "under_score", 5432, false },
};

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "the target names no host" },
	{ ":5432", "the target names no host" },
	{ "tls://", "the target names no host" },
	{ "[]:5432", "the target names no host" },
	{ "db:0", "the port '0' is not a number from 1 to 65535" },
	{ "db:65536", "the port '65536' is not a number from 1 to 65535" },
	{ "db:", "the port '' is not a number from 1 to 65535" },
	{ "db:+1", "the port '+1' is not a number from 1 to 65535" },
	{ "db:5432/app", "the port '5432/app' is not a number from 1 to 65535" },
	{ "db/app", "the host 'db/app' has a character that no host name has" },
	{ "user@db", "the host 'user@db' has a character that no host name has" },
	{ "d b", "the host 'd b' has a character that no host name has" },
	{ "::1", "an IPv6 address is written in brackets: '[::1]'" },
	{ "[::1", "a bracket is not closed in '[::1'" },
	{ "[::1]x", "only a port can follow the bracket in '[::1]x'" },
	{ "[::1]:", "the port '' is not a number from 1 to 65535" },
	{ "[db]:1", "'[db]' is no IPv6 address" },
	{ "[1:2]:1", "'[1:2]' is no IPv6 address" },
	{ "postgresq://db", "unknown scheme 'postgresq'; did you mean 'postgresql'?" },
	{ "://db", "unknown scheme ''; 'tls' and 'postgresql' are known ones" },
};

Test(target, well_formed_targets_are_taken_apart)
{
	char why[256];
	const struct upgrade *fallback = upgrade_by_name(span_text("postgresql"));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct target target;
		cr_assert_eq(target_parse(&target, good[i].text, fallback, why, sizeof(why)),
			     FAULT_NONE, "%s: %s", good[i].text, why);
		cr_assert_str_eq(target.upgrade->name, good[i].scheme, "%s", good[i].text);
		cr_assert_str_eq(target.host, good[i].host, "%s", good[i].text);
		cr_assert_eq(target.port, good[i].port, "%s", good[i].text);
		cr_assert_eq(target.literal, good[i].literal, "%s", good[i].text);
	}
}

Test(target, broken_targets_get_their_own_sentence)
{
	char why[256];
	const struct upgrade *fallback = upgrade_by_name(span_text("postgresql"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct target target;
		cr_assert_eq(target_parse(&target, bad[i].text, fallback, why, sizeof(why)),
			     FAULT_USAGE, "%s", bad[i].text);
		cr_assert_str_eq(why, bad[i].why, "%s: %s", bad[i].text, why);
	}
}

Test(target, longest_host_is_kept_and_a_longer_one_refused)
{
	char text[HOST_MAX + 1], why[256], printed[TARGET_MAX];
	struct target target;
	const struct upgrade *fallback = upgrade_by_name(span_text("postgresql"));
	memset(text, 'a', sizeof(text));
	text[HOST_MAX - 1] = '\0';
	cr_assert_eq(target_parse(&target, text, fallback, why, sizeof(why)), FAULT_NONE);
	target_print(printed, &target);
	cr_assert_eq(strlen(printed), strlen("postgresql://") + HOST_MAX - 1 + strlen(":5432"));
	text[HOST_MAX - 1] = 'a';
	text[HOST_MAX] = '\0';
	cr_assert_eq(target_parse(&target, text, fallback, why, sizeof(why)), FAULT_USAGE);
}

Test(target, ipv6_is_printed_in_brackets)
{
	char why[256], printed[TARGET_MAX];
	struct target target;
	const struct upgrade *fallback = upgrade_by_name(span_text("tls"));
	cr_assert_eq(target_parse(&target, "[::1]:8443", fallback, why, sizeof(why)), FAULT_NONE);
	target_print(printed, &target);
	cr_assert_str_eq(printed, "tls://[::1]:8443");
}
