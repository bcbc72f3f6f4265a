/* SPDX-License-Identifier: Apache-2.0 */
/* What needs no policy file; how rulings meet is tested in tests/script, on policies as text. */
#include "policy/ruling.h"

#include <criterion/criterion.h>

static const char *printed(const char *text)
{
	static char out[11];
	date day;
	if (date_parse(&day, span_text(text)) != FAULT_NONE)
		return "refused";
	date_print(out, day);
	return out;
}

Test(date, days_survive_the_round_trip)
{
	static const char *const days[] = {
		"1970-01-01", "1969-12-31", "2000-02-29", "2022-11-30",
		"2022-12-01", "0000-01-01", "9999-12-31", "2100-03-01"
	};
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		cr_assert_str_eq(printed(days[i]), days[i]);
}

Test(date, days_are_counted_from_1970)
{
	date day;
	cr_assert_eq(date_parse(&day, span_text("1970-01-02")), FAULT_NONE);
	cr_assert_eq(day, 1);
	cr_assert_eq(date_parse(&day, span_text("2022-06-24")), FAULT_NONE);
	cr_assert_eq(day, 19167);
}

Test(date, what_is_no_day_is_refused)
{
	static const char *const bad[] = { "2022-02-29",
					   "2100-02-29",
					   "2022-13-01",
					   "2022-00-01",
					   "2022-01-00",
					   "2022-04-31",
					   "2022-1-1",
					   "2022/01/01",
					   "+022-01-01",
					   "2022-01-011",
					   "" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_str_eq(printed(bad[i]), "refused", "%s", bad[i]);
}

Test(setting, values_name_versions_as_documents_write_them)
{
	cr_assert_eq(setting_value_version("TLSv1"), TLS1_0);
	cr_assert_eq(setting_value_version("TLSv1.0"), TLS1_0);
	cr_assert_eq(setting_value_version("TLSv1.1"), TLS1_1);
	cr_assert_eq(setting_value_version("TLS1_2"), TLS1_2);
	cr_assert_eq(setting_value_version("TLS1.3"), TLS1_3);
	cr_assert_eq(setting_value_version("TLS12"), TLS1_2);
	cr_assert_eq(setting_value_version("SSLv3"), SSLV3);
	static const char *const none[] = {
		"unset", "",	 "TLS", "TLS2", "TLS1.4", "TLSv1.22", "TLSEnforcementDisabled",
		"TLSv",	 "TLS1."
	};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		cr_assert_eq(setting_value_version(none[i]), VERSION_NONE, "%s", none[i]);
}

static const char *values[] = { "TLS1_0", "TLS1_2" };
static struct setting setting = {
	.name = "minimum_tls_version", .values = values, .values_len = 2, .default_value = 1
};
static const struct policy policy = { .name = "t", .settings = &setting, .settings_len = 1 };

static const char *refusal(const char *assignment)
{
	static char why[200];
	struct settings settings;
	settings_init(&settings, &policy, 0);
	if (settings_set(&settings, span_text(assignment), why, sizeof(why)) == FAULT_USAGE)
		return why;
	return "";
}

Test(settings, defaults_are_in_force_until_one_is_given)
{
	struct settings settings;
	char why[100];
	settings_init(&settings, &policy, 0);
	cr_assert_eq(settings.value[0], 1);
	cr_assert_not(settings.given[0]);
	cr_assert_eq(
		settings_set(&settings, span_text("minimum_tls_version=TLS1_0"), why, sizeof(why)),
		FAULT_NONE);
	cr_assert_eq(settings.value[0], 0);
	cr_assert(settings.given[0]);
}

Test(settings, misspelt_names_and_values_are_refused_in_one_sentence)
{
	cr_assert_str_eq(refusal("minimum_tls_verison=TLS1_0"),
			 "policy 't' has no setting 'minimum_tls_verison'; did you mean "
			 "'minimum_tls_version'?");
	cr_assert_str_eq(refusal("minimum_tls_version=TLS1_3"),
			 "setting 'minimum_tls_version' has no value 'TLS1_3'; did you mean "
			 "'TLS1_0'?");
	cr_assert_str_eq(refusal("minimum_tls_version=best"),
			 "setting 'minimum_tls_version' has no value 'best'; there is 'TLS1_0', "
			 "'TLS1_2'");
	cr_assert_str_eq(refusal("colour"), "a setting is given as NAME=VALUE, not as 'colour'");
	cr_assert_str_eq(refusal(""), "a setting is given as NAME=VALUE, not as ''");
	cr_assert_str_eq(refusal("=x"),
			 "policy 't' has no setting ''; there is 'minimum_tls_version'");
}

Test(settings, a_short_buffer_is_never_overrun)
{
	struct settings settings;
	char why[24];
	settings_init(&settings, &policy, 0);
	cr_assert_eq(
		settings_set(&settings, span_text("minimum_tls_version=best"), why, sizeof(why)),
		FAULT_USAGE);
	cr_assert_lt(strlen(why), sizeof(why));
}

Test(ruling, an_empty_policy_is_silent_about_everything)
{
	static const uint16_t suites[] = { 0xC02F, 0xEEEE };
	struct settings settings;
	settings_init(&settings, &policy, 0);
	struct offer offer = { VERSIONS_ALL, suites, 2 };
	cr_assert_eq(policy_version(&settings, TLS1_2).kind, RULING_SILENT);
	cr_assert_eq(policy_suite(&settings, TLS1_2, 0xC02F).kind, RULING_SILENT);
	cr_assert_eq(policy_plaintext(&settings).kind, RULING_SILENT);
	cr_assert_eq(policy_hello(&settings, &offer).kind, RULING_SILENT);
	cr_assert_null(policy_version(&settings, TLS1_2).rule);
}
