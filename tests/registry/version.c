/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/version.h"

#include <criterion/criterion.h>

Test(version, names_and_wire_values_are_those_of_the_contract)
{
	static const struct {
		enum version version;
		const char *name;
		uint16_t code;
	} expected[] = {
		{ SSLV2, "SSLv2", 0x0002 },   { SSLV3, "SSLv3", 0x0300 },
		{ TLS1_0, "TLS1.0", 0x0301 }, { TLS1_1, "TLS1.1", 0x0302 },
		{ TLS1_2, "TLS1.2", 0x0303 }, { TLS1_3, "TLS1.3", 0x0304 },
	};
	for (size_t i = 0; i < VERSIONS_LEN; i++) {
		cr_assert_str_eq(version_name(expected[i].version), expected[i].name);
		cr_assert_eq(version_code(expected[i].version), expected[i].code);
		cr_assert_eq(version_by_code(expected[i].code), expected[i].version);
		cr_assert_eq(version_by_name(span_text(expected[i].name)), expected[i].version);
	}
}

Test(version, stranger_is_no_version)
{
	cr_assert_eq(version_by_code(0x0305), VERSION_NONE);
	cr_assert_eq(version_by_code(0x0000), VERSION_NONE);
	cr_assert_eq(version_by_code(0x7F1C), VERSION_NONE);
	cr_assert_eq(version_by_name(span_text("TLS1_2")), VERSION_NONE);
	cr_assert_eq(version_by_name(span_text("tls1.2")), VERSION_NONE);
	cr_assert_eq(version_by_name(span_text("TLS1.")), VERSION_NONE);
	cr_assert_eq(version_by_name(span_text("-")), VERSION_NONE);
	cr_assert_str_eq(version_name(VERSION_NONE), "-");
	cr_assert_eq(version_code(VERSION_NONE), 0);
}

Test(version, set_of_all_holds_each_version_once)
{
	version_set set = 0;
	for (enum version version = SSLV2; version < VERSIONS_LEN; version++)
		set = (version_set)(set ^ VERSION_BIT(version));
	cr_assert_eq(set, VERSIONS_ALL);
}

Test(version, the_highest_of_a_set_is_the_newest)
{
	cr_assert_eq(version_set_highest(0), VERSION_NONE);
	cr_assert_eq(version_set_highest(VERSION_BIT(SSLV2)), SSLV2);
	cr_assert_eq(version_set_highest(VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_2)), TLS1_2);
	cr_assert_eq(version_set_highest(VERSIONS_ALL), TLS1_3);
}
