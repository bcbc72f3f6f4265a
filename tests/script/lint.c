/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <criterion/criterion.h>

static struct reading reading;

static void release(void)
{
	reading_release(&reading);
}

TestSuite(lint, .fini = release);

/* Whether the lint of a policy says exactly this, somewhere, and how much it says in all. */
static void says(const char *body, const char *expected, size_t count)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "title \"t\"\nsource \"s\"\n%s", body);
	reading_body(&reading, text_view(&text));
	text_release(&text);
	policy_lint(&reading.policy, &reading.diags);
	bool found = expected == NULL;
	size_t n = 0;
	for (; *message(&reading, n); n++)
		found |= expected && strcmp(message(&reading, n), expected) == 0;
	cr_assert(found, "not said, but '%s': %s", message(&reading, 0), expected);
	cr_assert_eq(n, count, "%s", message(&reading, n ? n - 1 : 0));
	release();
}

Test(lint, a_sound_policy_is_not_remarked_upon)
{
	says("table version cite \"v\"\n TLS1.2 accept\n * reject\n"
	     "table suite cite \"s\"\n TLS_RSA_WITH_AES_128_CBC_SHA accept\n * reject\n",
	     NULL, 0);
}

Test(lint, a_row_that_decides_nothing_is_named)
{
	says("table suite cite \"s\"\n 0xFFC0 accept\n 0xFFC0 reject\n * reject\n",
	     "6:9: no cell is decided by '0xFFC0 reject': others are more specific or stand before "
	     "it",
	     1);
	says("table suite cite \"s\"\n TLS_AES_128_GCM_SHA256 at TLS1.2 accept\n * may\n",
	     "5:35: no cell is decided by 'TLS_AES_128_GCM_SHA256 at TLS1.2 accept': others are "
	     "more "
	     "specific or stand before it",
	     1);
	says("table group cite \"s\"\n x25519 accept\n x25519 at TLS1.3 accept\n x25519 reject\n",
	     "7:9: no cell is decided by 'x25519 reject': others are more specific or stand before "
	     "it",
	     1);
}

Test(lint, conditions_and_days_keep_rows_alive)
{
	says("table suite cite \"s\"\n *_CBC_* may if encrypt_then_mac\n *_CBC_* reject\n * may\n",
	     NULL, 0);
	says("table certificate cite \"s\"\n host_name may until 2020-01-01\n"
	     " host_name accept from 2020-01-02\n",
	     NULL, 0);
}

Test(lint, a_suite_that_exists_in_no_accepted_version_is_named)
{
	says("table version cite \"v\"\n TLS1.2 accept\n * reject\n"
	     "table suite cite \"s\"\n TLS_AES_128_GCM_SHA256 accept\n *_GCM_* may\n",
	     "8:25: 'TLS_AES_128_GCM_SHA256' is accepted but exists in no version that is", 1);
	says("table suite cite \"s\"\n * accept\nprefer client\nprefer server at TLS1.2\n",
	     "7:1: 'prefer' has no effect: others before it are about its versions", 1);
	says("table suite cite \"s\"\n * reject\nprefer server TLS_AES_128_GCM_SHA256\n",
	     "6:1: 'TLS_AES_128_GCM_SHA256' is preferred but rejected in every version", 1);
}

Test(lint, gaps_and_missing_citations_are_named)
{
	says("setting a\n x default\n y\ntable plaintext by a cite \"p\"\n   startup\n x accept\n",
	     "7:1: the plaintext table says nothing of a=y", 1);
	says("setting a\n x default\n", "4:1: no table depends on the setting 'a'", 1);
	says("table plaintext\n startup accept\n",
	     "4:1: the plaintext table cites no section of its source", 1);
}

Test(lint, versions_that_two_tables_dispute_are_named)
{
	says("table version cite \"a\"\n TLS1.2 accept\ntable version cite \"b\"\n TLS1.2 reject\n",
	     "5:9: version/TLS1.2: 'TLS1.2 accept' (\"a\") says accept, but 'TLS1.2 reject' in "
	     "line "
	     "7 (\"b\") says reject",
	     1);
}
