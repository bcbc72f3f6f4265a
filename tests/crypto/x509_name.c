/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "crypto/x509.h"
#include "made.h"

static struct span leaf(const char *subject, struct span san)
{
	return make(&(struct recipe){ .subject = subject, .san = san }, NULL)->der;
}

#define SAN(bytes) span_of(bytes, sizeof bytes - 1)

Test(x509_name, dns_names_are_compared_without_case)
{
	struct span der = leaf("CN=other", SAN("\x82\x06"
					       "db.one"
					       "\x82\x06"
					       "DB.two"));
	cr_assert(x509_name_matches(der, "db.one"));
	cr_assert(x509_name_matches(der, "Db.Two"));
	cr_assert_not(x509_name_matches(der, "db.three"));
	cr_assert_not(x509_name_matches(der, "db.on"));
	cr_assert_not(x509_name_matches(der, ""));
}

Test(x509_name, wildcard_stands_for_one_whole_left_most_label)
{
	struct span der = leaf("CN=other", SAN("\x82\x09"
					       "*.example"));
	cr_assert(x509_name_matches(der, "db.example"));
	cr_assert_not(x509_name_matches(der, "a.db.example"));
	cr_assert_not(x509_name_matches(der, ".example"));
	cr_assert_not(x509_name_matches(der, "example"));
	der = leaf("CN=other", SAN("\x82\x0b"
				   "d*.example\x00"));
	cr_assert_not(x509_name_matches(der, "db.example"));
	der = leaf("CN=other", SAN("\x82\x0c"
				   "db.*.example"));
	cr_assert_not(x509_name_matches(der, "db.one.example"));
	der = leaf("CN=other", SAN("\x82\x01"
				   "*"));
	cr_assert_not(x509_name_matches(der, "db"));
}

Test(x509_name, zero_byte_hides_nothing)
{
	struct span der = leaf("CN=other", SAN("\x82\x08"
					       "db\0.evil"));
	cr_assert_not(x509_name_matches(der, "db"));
}

Test(x509_name, addresses_match_ip_entries_by_value)
{
	struct span der = leaf("CN=other", SAN("\x87\x04\x7f\x00\x00\x01"
					       "\x87\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
					       "\x82\x08"
					       "10.0.0.1"));
	cr_assert(x509_name_matches(der, "127.0.0.1"));
	cr_assert(x509_name_matches(der, "::1"));
	cr_assert(x509_name_matches(der, "0:0:0:0:0:0:0:1"));
	cr_assert_not(x509_name_matches(der, "10.0.0.1"));
}

Test(x509_name, common_name_counts_only_without_an_entry_of_the_kind)
{
	cr_assert(x509_name_matches(leaf("CN=db", span_of(NULL, 0)), "db"));
	cr_assert(x509_name_matches(leaf("CN=*.example", span_of(NULL, 0)), "db.example"));
	cr_assert_not(x509_name_matches(leaf("CN=db", SAN("\x82\x02"
							  "no")),
					"db"));
	cr_assert(x509_name_matches(leaf("CN=db", SAN("\x87\x04\x7f\x00\x00\x01")), "db"));
	cr_assert(x509_name_matches(leaf("CN=10.0.0.1", SAN("\x82\x02"
							    "no")),
				    "10.0.0.1"));
	cr_assert_not(x509_name_matches(leaf("CN=*.0.0.1", span_of(NULL, 0)), "10.0.0.1"));
}
