/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool.h"

#define POLICY	 "--policy", "azure-postgresql-single-server"

#define RUN(...) TOOL_RUN("tlsgauge", __VA_ARGS__)

static void redirect(void)
{
	cr_redirect_stdout();
	cr_redirect_stderr();
}

#define REFUSED(name, sentence, ...)                                                               \
	Test(command_line, name, .init = redirect)                                                 \
	{                                                                                          \
		cr_assert_eq(RUN(__VA_ARGS__), STATUS_USAGE);                                      \
		cr_assert_stderr_eq_str(sentence "\n");                                            \
	}

REFUSED(unknown_command_is_guessed, "tlsgauge: unknown command 'chek'; did you mean 'check'?",
	"chek")
REFUSED(unknown_option_is_guessed,
	"tlsgauge check: unknown option '--polcy'; did you mean '--policy'?", "check", "--polcy",
	"x")
REFUSED(unknown_short_option_is_refused,
	"tlsgauge check: unknown option '-z'; 'tlsgauge check --help' lists them", "check", "-qz")
REFUSED(ambiguous_abbreviation_is_refused,
	"tlsgauge check: option '--se' is ambiguous; write it in full", "check", "--se")
REFUSED(missing_value_is_named, "tlsgauge check: option '--policy' needs a value (NAME|FILE)",
	"check", "--policy")
REFUSED(value_of_a_flag_is_refused, "tlsgauge check: option '--strict' takes no value", "check",
	"--strict=yes")
REFUSED(second_target_is_refused, "tlsgauge check: one TARGET at a time: 'a' and 'b' are given",
	"check", "a", "b")
REFUSED(port_out_of_range_is_refused,
	"tlsgauge check: 'db:70000': the port '70000' is not a number from 1 to 65535", "check",
	"db:70000", POLICY)
REFUSED(misspelt_setting_is_guessed,
	"tlsgauge check: policy 'azure-postgresql-single-server' has no setting "
	"'minimum_tls_verson'; did you mean 'minimum_tls_version'?",
	"check", "--set", "minimum_tls_verson=TLS1_2")
REFUSED(misspelt_value_is_guessed,
	"tlsgauge check: setting 'ssl_enforcement' has no value 'Enable'; did you mean 'Enabled'?",
	"check", "--set", "ssl_enforcement=Enable")
REFUSED(setting_without_value_is_refused, "tlsgauge check: '--set cloud' is not NAME=VALUE",
	"check", "--set", "cloud")
REFUSED(contradicting_settings_are_refused,
	"tlsgauge check: '--set a=b' and '--set a=c' contradict each other", "check", "--set",
	"a=b", "--set", "a=c")
REFUSED(scalar_given_twice_is_refused, "tlsgauge check: '--seed' is given twice, as '1' and as '2'",
	"check", "--seed", "1", "--seed=2")
REFUSED(quiet_and_verbose_exclude_each_other,
	"tlsgauge check: '--quiet' and '--verbose' exclude each other", "check", "-q", "-v")
REFUSED(exhaustive_needs_no_audits,
	"tlsgauge check: '--audits' checks group proofs, and '--exhaustive' makes none", "check",
	"--exhaustive", "--audits", "5")
REFUSED(dry_run_has_no_report,
	"tlsgauge check: '--dry-run' prints a plan and has nothing to write to '--report'", "check",
	"--dry-run", "--report", "json")
REFUSED(connect_needs_a_target,
	"tlsgauge check: '--connect' needs a TARGET whose name it stands in for", "check",
	"--connect", "a:1")
REFUSED(connect_takes_no_scheme,
	"tlsgauge check: '--connect tls://a:1' takes HOST[:PORT], no scheme", "check", "db", POLICY,
	"--connect", "tls://a:1")
REFUSED(two_reports_cannot_share_standard_output,
	"tlsgauge check: two reports would be written to standard output", "check", "--report",
	"text", "--report", "json")
REFUSED(two_reports_cannot_share_a_file,
	"tlsgauge check: two reports would be written to the same file", "check", "--report",
	"text=x", "--report", "json=x")
REFUSED(unknown_format_is_guessed,
	"tlsgauge check: unknown report format 'jsn'; did you mean 'json'?", "check", "--report",
	"jsn")
REFUSED(report_needs_a_file_name, "tlsgauge check: '--report json=' names no file", "check",
	"--report", "json=")
REFUSED(evidence_needs_a_json_report,
	"tlsgauge check: '--evidence' goes into the JSON report and the HTML report; add "
	"'--report json' or '--report html'",
	"check", "--evidence")
REFUSED(unwritable_report_is_found_first,
	"tlsgauge check: cannot write '/nonexistent/x': No such file or directory", "check",
	"--report", "json=/nonexistent/x")
REFUSED(unknown_depth_is_refused,
	"tlsgauge check: '--depth deep' is none of hello, finished and session", "check", "--depth",
	"deep")
REFUSED(session_needs_a_protocol_with_sessions,
	"tlsgauge check: '--depth session' needs a protocol with sessions, not 'tls'", "check",
	"tls://127.0.0.1:1", "--policy", "azure-postgresql-single-server", "--depth", "session")
REFUSED(sslmode_speaks_of_postgresql,
	"tlsgauge check: '--sslmode' speaks of PostgreSQL, not of 'tls'", "check",
	"tls://127.0.0.1:1", "--policy", "azure-postgresql-single-server", "--sslmode", "prefer")
REFUSED(unknown_sslmode_is_refused,
	"tlsgauge check: '--sslmode verify-all' is none of disable, allow, prefer, require, "
	"verify-ca and verify-full",
	"check", "--sslmode", "verify-all")
REFUSED(certificate_without_key_is_refused, "tlsgauge check: '--cert' and '--key' need each other",
	"check", "--cert", "x.pem")
REFUSED(psk_that_is_no_hex_is_refused,
	"tlsgauge check: '--psk' is not a run of 1 to 256 bytes in hexadecimal", "check", "--psk",
	"0g")
REFUSED(gate_has_two_words, "tlsgauge check: '--gate high' is neither strict nor tolerated",
	"check", "--cases", "all", "--gate", "high")
REFUSED(level_has_four_words,
	"tlsgauge check: '--level must' is none of MUST, SHOULD, MAY and ROBUSTNESS", "check",
	"--cases", "all", "--level", "must")
REFUSED(level_without_cases_is_refused,
	"tlsgauge check: '--level' is about conformance cases; add '--cases'", "check", "--level",
	"MAY")
REFUSED(edition_without_cases_is_refused,
	"tlsgauge check: '--edition' is about conformance cases; add '--cases'", "check",
	"--edition", "RFC 9846")
REFUSED(case_without_a_name_is_refused, "tlsgauge check: '--cases' has an empty name", "check",
	"--cases", "all,,none")
REFUSED(keylog_that_cannot_be_written_is_refused,
	"tlsgauge check: cannot write 'no/such/folder/keys': No such file or directory", "check",
	"--keylog", "no/such/folder/keys")
REFUSED(shard_beyond_its_number_is_refused,
	"tlsgauge check: '--shard 3/2' is not I/N with I from 1 to N", "check", "--shard", "3/2")
REFUSED(timeout_of_nothing_is_refused,
	"tlsgauge check: '--timeout 0' is not a number from 1 to 3600000", "check", "--timeout",
	"0")
REFUSED(day_that_is_none_is_refused,
	"tlsgauge check: '--at 2022-02-30' is no day of the calendar, YYYY-MM-DD", "check", "--at",
	"2022-02-30")
REFUSED(pattern_that_fits_nothing_is_refused, "tlsgauge check: no id fits '--only nothing/*'",
	"check", "--only", "nothing/*")
REFUSED(unreadable_authority_is_refused,
	"tlsgauge check: cannot read '/nonexistent': No such file or directory", "check", "db",
	POLICY, "--ca", "/nonexistent")
REFUSED(unreadable_expectations_are_refused,
	"tlsgauge check: cannot read '/nonexistent': No such file or directory", "check",
	"--expected", "/nonexistent")
REFUSED(color_has_three_words, "tlsgauge check: '--color red' is none of auto, always and never",
	"check", "--color", "red")
REFUSED(unknown_policy_verb_is_guessed, "tlsgauge policy: unknown verb 'lnt'; did you mean 'lint'?",
	"policy", "lnt")
REFUSED(diff_needs_two_policies, "tlsgauge policy diff: say which two policies to compare",
	"policy", "diff", "a")
REFUSED(transition_needs_a_change,
	"tlsgauge policy transition: say which change is meant, with '--from' and '--to'", "policy",
	"transition", "azure-postgresql-single-server")
REFUSED(show_in_canonical_form_takes_no_settings,
	"tlsgauge policy show: '--set' and '--format policy' exclude each other: the file holds "
	"every value",
	"policy", "show", "azure-postgresql-single-server", "--format", "policy", "--set",
	"cloud=Public")

Test(command_line, target_without_policy_lists_the_policies, .init = redirect)
{
	char sentence[65536];
	cr_assert_eq(RUN("check", "db"), STATUS_USAGE);
	cr_assert_not_null(fgets(sentence, sizeof(sentence), cr_get_redirected_stderr()));
	cr_assert_not_null(strstr(sentence, "say what 'db' is to be proven against, with "
					    "'--policy': a file, or "));
	cr_assert_not_null(strstr(sentence, "azure-postgresql-flexible-server, "));
	cr_assert_not_null(strstr(sentence, "azure-postgresql-single-server"));
	cr_assert_not_null(strstr(sentence, "; or with '--cases all'"));
}

/* Writes a file of one case in two versions, whose name the caller removes. */
static void write_case(char path[32])
{
	static const char text[] = "case test.extensions-length-one-over\n"
				   "  cite   \"RFC 5246 7.4.1.2\" MUST\n"
				   "  why    \"off-by-one readers run past the end\"\n"
				   "  at     TLS1.1 TLS1.2\n"
				   "  send   client_hello { extensions +1 }\n"
				   "  expect alert decode_error\n"
				   "  allow  close\n";
	snprintf(path, 32, "./case.XXXXXX");
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, sizeof(text) - 1), (ssize_t)(sizeof(text) - 1));
	close(fd);
}

static bool says(FILE *file, const char *words)
{
	char line[4096];
	rewind(file);
	while (fgets(line, sizeof(line), file))
		if (strstr(line, words))
			return true;
	return false;
}

Test(command_line, dry_run_lists_the_ids_of_cases, .init = redirect)
{
	char path[32];
	write_case(path);
	int status = RUN("check", "db", "--cases", path, "--dry-run");
	remove(path);
	cr_assert_eq(status, STATUS_PASS);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(says(out, "plan for tls://db:443, cases only"));
	cr_assert(says(out, "case/test.extensions-length-one-over/TLS1.1: fatal alert"));
	cr_assert(says(out, "case/test.extensions-length-one-over/TLS1.2: fatal alert"));
	cr_assert(says(out, "2 cases, each with its controls"));
}

Test(command_line, cases_against_an_unreachable_host_are_inconclusive, .init = redirect)
{
	char path[32];
	write_case(path);
	int status = RUN("check", "127.0.0.1:1", "--cases", path, "--retries", "0");
	remove(path);
	cr_assert_eq(status, STATUS_INCONCLUSIVE);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(says(out, "2 inconclusive"));
	cr_assert(says(out, "nothing failed, but 2 cases could not be settled (exit status 3)"));
}

Test(command_line, settings_without_their_policy_are_refused, .init = redirect)
{
	char path[32];
	write_case(path);
	int status = RUN("check", "db", "--cases", path, "--set", "a=b");
	remove(path);
	cr_assert_eq(status, STATUS_USAGE);
	cr_assert_stderr_eq_str("tlsgauge check: '--set a=b' needs the '--policy' that documents "
				"it\n");
}

Test(command_line, cases_and_a_policy_go_into_one_run, .init = redirect)
{
	char path[32];
	write_case(path);
	int status = RUN("check", "--policy", "azure-postgresql-single-server", "--set",
			 "minimum_tls_version=TLS1_2", "--cases", path, "--only", "*/TLS1.2*");
	remove(path);
	FILE *out = cr_get_redirected_stdout();
	cr_assert_eq(status, STATUS_PASS);
	cr_assert(says(out, "policy    azure-postgresql-single-server"));
	cr_assert(says(out, "accepted                              4  pass"));
	cr_assert(says(out, "1   1 pass"));
	cr_assert(says(out, "judged    392 pass"));
}

Test(command_line, cases_alone_are_asked_of_the_builtin_endpoint_once, .init = redirect)
{
	char path[32];
	write_case(path);
	int status = RUN("check", "--cases", path);
	remove(path);
	FILE *out = cr_get_redirected_stdout();
	cr_assert_eq(status, STATUS_PASS);
	cr_assert(says(out, "1 pass, 1 not applicable"));
	cr_assert_not(says(out, "policy"));
}

Test(command_line, version_is_printed, .init = redirect)
{
	cr_assert_eq(RUN("--version"), STATUS_PASS);
	cr_assert_stdout_eq_str("tlsgauge " TLSGAUGE_VERSION "\n");
}

Test(command_line, forbidden_transition_names_its_row, .init = redirect)
{
	cr_assert_eq(RUN("policy", "transition", "azure-postgresql-single-server", "--from",
			 "minimum_tls_version=TLS1_2", "--to",
			 "minimum_tls_version=TLSEnforcementDisabled"),
		     STATUS_FAIL);
	FILE *out = cr_get_redirected_stdout();
	char line[512];
	cr_assert_not_null(fgets(line, sizeof(line), out));
	cr_assert_str_eq(line, "forbidden: minimum_tls_version from TLS1_2 to "
			       "TLSEnforcementDisabled\n");
	cr_assert_not_null(fgets(line, sizeof(line), out));
	cr_assert_not_null(strstr(line, "policies/azure-postgresql-single-server.policy:"));
}

Test(command_line, allowed_transition_is_a_pass, .init = redirect)
{
	cr_assert_eq(RUN("policy", "transition", "azure-postgresql-single-server", "--from",
			 "minimum_tls_version=TLS1_0", "--to", "minimum_tls_version=TLS1_2"),
		     STATUS_PASS);
}

Test(command_line, dry_run_ends_by_saying_that_nothing_was_sent, .init = redirect)
{
	cr_assert_eq(RUN("check", "nowhere.invalid", POLICY, "--dry-run", "--set",
			 "minimum_tls_version=TLS1_2"),
		     STATUS_PASS);
	FILE *out = cr_get_redirected_stdout();
	char line[4096], last[4096] = "";
	while (fgets(line, sizeof(line), out))
		snprintf(last, sizeof(last), "%s", line);
	cr_assert_not_null(strstr(last, " probes in 1 run; nothing was sent\n"), "%s", last);
}

Test(command_line, unresolvable_host_is_inconclusive, .init = redirect)
{
	cr_assert_eq(RUN("check", "nowhere.invalid", POLICY, "--resolver", "127.0.0.1:1",
			 "--timeout", "300", "-q"),
		     STATUS_INCONCLUSIVE);
}

Test(command_line, unreachable_host_is_inconclusive, .init = redirect)
{
	cr_assert_eq(RUN("check", "127.0.0.1:1", POLICY, "--retries", "0", "-q"),
		     STATUS_INCONCLUSIVE);
	cr_assert_stderr_eq_str("tlsgauge check: cannot connect to '127.0.0.1:1': connection "
				"refused\n");
}
