/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "live/strength.h"

enum option_key {
	OPTION_POLICY = 256,
	OPTION_GATE,
	OPTION_LEVEL,
	OPTION_DEPTH,
	OPTION_CONNECT,
	OPTION_SNI,
	OPTION_CA,
	OPTION_TIMEOUT,
	OPTION_RETRIES,
	OPTION_CONCURRENCY,
	OPTION_RATE,
	OPTION_SEED,
	OPTION_ONLY,
	OPTION_SHARD,
	OPTION_EXPECTED,
	OPTION_BASELINE,
	OPTION_KEYLOG,
	OPTION_PCAP,
	OPTION_COLOR,
	OPTION_USER,
	OPTION_DATABASE,
	OPTION_PASSWORD,
	OPTION_CERT,
	OPTION_KEY,
	OPTION_PSK,
	OPTION_PSK_IDENTITY,
	OPTION_SSLMODE,
	OPTION_REPEAT,
	OPTION_STRENGTH,
	OPTION_AUDITS,
	OPTION_AT,
	OPTION_TARGETS,
	OPTION_RESOLVER,
	OPTION_JOURNAL,
	OPTION_SCALARS_END,
	OPTION_SET,
	OPTION_REPORT,
	OPTION_CASES,
	OPTION_EDITION,
	OPTION_EXHAUSTIVE,
	OPTION_STRICT,
	OPTION_DRY_RUN,
	OPTION_ALL_CODE_POINTS,
	OPTION_EVIDENCE,
	OPTION_GATEWAY,
	OPTION_SELF_TEST,
	OPTION_STRICT_EXPECTED,
	OPTION_THOROUGH,
	OPTION_QUIET = 'q',
	OPTION_VERBOSE = 'v',
};

#define SCALARS_LEN (OPTION_SCALARS_END - OPTION_POLICY)
_Static_assert(SCALARS_LEN <= CHECK_SCALARS_MAX, "check_options.h has room for every scalar");

/* One line of --help each, in its order; NAME, the value's name, group and text. */
static const struct argp_option table[] = {
	{ NULL, 0, NULL, 0, "What is judged:", 1 },
	{ "policy", OPTION_POLICY, "NAME|FILE", 0, "the document, as a policy", 1 },
	{ "set", OPTION_SET, "NAME=VALUE", 0, "the value in force of a documented setting", 1 },
	{ "strict", OPTION_STRICT, NULL, 0, "in a contradiction, reject beats accept", 1 },
	{ "at", OPTION_AT, "YYYY-MM-DD", 0, "judge dated rows as of this day", 1 },
	{ "only", OPTION_ONLY, "ID-GLOB", 0, "only cells and cases whose id fits, 'suite/TLS1.2/*'",
	  1 },
	{ "shard", OPTION_SHARD, "I/N", 0,
	  "the I-th of N parts of the cells and cases; 'auto' or 'auto/N' takes I (and N) from "
	  "GitLab's CI_NODE_INDEX and CI_NODE_TOTAL, or a Kubernetes job's JOB_COMPLETION_INDEX "
	  "and JOB_COMPLETIONS",
	  1 },
	{ "expected", OPTION_EXPECTED, "FILE", 0, "known deviations: ID-GLOB VERDICT \"REASON\"",
	  1 },
	{ "strict-expected", OPTION_STRICT_EXPECTED, NULL, 0,
	  "a deviation of '--expected' that is gone is a failure", 1 },
	{ "baseline", OPTION_BASELINE, "FILE", 0, "a former JSON report: what failed then is known",
	  1 },
	{ "cases", OPTION_CASES, "NAME|FILE|all|none", 0,
	  "conformance cases: a case, a theme, a glob, a file; several, or with commas between",
	  1 },
	{ "gate", OPTION_GATE, "GRADE", 0,
	  "what a case must reach: tolerated (the default) or strict", 1 },
	{ "level", OPTION_LEVEL, "LEVEL", 0,
	  "rules below it only remark: MUST (the default), SHOULD, MAY, ROBUSTNESS", 1 },
	{ "edition", OPTION_EDITION, "TEXT", 0,
	  "judge what only this edition demands, 'RFC 9846'; several", 1 },
	{ "self-test", OPTION_SELF_TEST, NULL, 0,
	  "try the gauge itself: every defect of 'serve --list-defects' must be caught; --only "
	  "selects some by name",
	  1 },
	{ "thorough", OPTION_THOROUGH, NULL, 0, "in the self-test, ask everything of every defect",
	  1 },

	{ NULL, 0, NULL, 0, "How it is asked:", 2 },
	{ "targets", OPTION_TARGETS, "FILE", 0,
	  "many endpoints: a TARGET a line, with options of its own behind it", 2 },
	{ "connect", OPTION_CONNECT, "HOST[:PORT]", 0, "connect there; TARGET keeps the name", 2 },
	{ "resolver", OPTION_RESOLVER, "ADDR[:PORT]", 0, "the DNS server to ask", 2 },
	{ "sni", OPTION_SNI, "NAME", 0,
	  "server_name to send, instead of TARGET's host; '' for none", 2 },
	{ "ca", OPTION_CA, "FILE", 0, "PEM certificates to trust; without it roots are unjudged",
	  2 },
	{ "user", OPTION_USER, "NAME", 0, "user of the session (postgres)", 2 },
	{ "database", OPTION_DATABASE, "NAME", 0, "database of the session", 2 },
	{ "password", OPTION_PASSWORD, "TEXT", 0, "log in, and compare pg_stat_ssl", 2 },
	{ "cert", OPTION_CERT, "FILE", 0, "PEM chain to show when one is requested", 2 },
	{ "key", OPTION_KEY, "FILE", 0, "its private key", 2 },
	{ "psk", OPTION_PSK, "HEX", 0, "the pre-shared key of PSK suites", 2 },
	{ "psk-identity", OPTION_PSK_IDENTITY, "TEXT", 0, "its identity (Client_identity)", 2 },
	{ "gateway", OPTION_GATEWAY, NULL, 0,
	  "TLS ends before the server: pg_stat_ssl is not judged", 2 },
	{ "depth", OPTION_DEPTH, "DEPTH", 0,
	  "how far an acceptance must go: hello, finished, session (over PostgreSQL session, else "
	  "finished)",
	  2 },
	{ "exhaustive", OPTION_EXHAUSTIVE, NULL, 0, "every cell in a connection of its own", 2 },
	{ "audits", OPTION_AUDITS, "N", 0, "members of proven groups asked singly (4)", 2 },
	{ "repeat", OPTION_REPEAT, "N", 0, "ask each question N times (1)", 2 },
	{ "strength", OPTION_STRENGTH, "T", 0,
	  "ask with hellos that hold every combination of any 1, 2 or 3 of their parameters: the "
	  "ruling must stay",
	  2 },
	{ "all-code-points", OPTION_ALL_CODE_POINTS, NULL, 0,
	  "all 65,536 suites, not only known ones", 2 },
	{ "timeout", OPTION_TIMEOUT, "MS", 0, "for one probe, connecting included (5000)", 2 },
	{ "retries", OPTION_RETRIES, "N", 0, "after a timeout or an overload (2)", 2 },
	{ "concurrency", OPTION_CONCURRENCY, "N", 0, "connections at a time (32; PostgreSQL 8)",
	  2 },
	{ "rate", OPTION_RATE, "N", 0, "connections a second at most", 2 },
	{ "seed", OPTION_SEED, "N", 0, "of the random bytes and the audits (1)", 2 },
	{ "dry-run", OPTION_DRY_RUN, NULL, 0, "print the plan and send nothing", 2 },

	{ NULL, 0, NULL, 0, "What is told:", 3 },
	{ "report", OPTION_REPORT, "FORMAT[=FILE]", 0, REPORT_OPTION_HELP, 3 },
	{ "evidence", OPTION_EVIDENCE, NULL, 0,
	  "the bytes sent and received, in the JSON and the HTML report", 3 },
	{ "keylog", OPTION_KEYLOG, "FILE", 0, "append the secrets, as SSLKEYLOGFILE has them", 3 },
	{ "pcap", OPTION_PCAP, "FILE", 0, "every connection as pcapng, with the secrets inside",
	  3 },
	{ "journal", OPTION_JOURNAL, "FILE", 0,
	  "keep each answer as it comes; a run that was killed goes on from there", 3 },
	{ "sslmode", OPTION_SSLMODE, "MODE", 0, "say what libpq would do with this endpoint", 3 },
	{ "color", OPTION_COLOR, "WHEN", 0, "auto, always or never; NO_COLOR is heeded", 3 },
	{ "quiet", OPTION_QUIET, NULL, 0, "only deviations and the last line", 3 },
	{ "verbose", OPTION_VERBOSE, NULL, 0, "each attempt as it ends, and every accepted suite",
	  3 },
	{ 0 },
};

static const char doc[] =
	"Prove a policy's table against an endpoint, cell by cell, and conformance cases, case by "
	"case.\n"
	"TARGET is [SCHEME://]HOST[:PORT]; SCHEME is tls, postgresql or postgresql-direct, by "
	"default the policy's own. Without TARGET the built-in endpoint is proven, once for each "
	"documented value of each setting; with '--cases' and no '--policy' the cases are asked, "
	"once.\n"
	"Cases alone are asked over tls, unless TARGET says otherwise."
	"\v"
	"Examples:\n"
	"  tlsgauge check\n"
	"  tlsgauge check postgresql://db.example:5432 \\\n"
	"      --policy azure-postgresql-single-server --set minimum_tls_version=TLS1_2\n"
	"  tlsgauge check db:5432 --policy our.policy --report json=out.json\n"
	"  tlsgauge check web:443 --cases all --level SHOULD\n"
	"  tlsgauge check web:443 --policy our.policy --strength 2 --only 'hello/*'\n"
	"  tlsgauge check --self-test --only 'accepts-*'\n"
	"  tlsgauge check db:5432 --policy our.policy --pcap run.pcapng\n"
	"  tlsgauge check db:5432 --policy our.policy --only 'suite/*' --dry-run\n"
	"\n"
	"Exit status: 0 everything judged conforms; 1 something does not; 2 usage, nothing was "
	"sent; 3 nothing failed, but something stayed inconclusive; 4 a fault of the tool itself.";

/* Scalars are kept as written until all are known. A line of '--targets' has the command line's
 * words as its defaults: `set` says which it has given itself. */
struct scan {
	struct check_options *out;
	bool is_line, cases_set;
	bool set[SCALARS_LEN];
};

static const char *option_name(int key)
{
	const struct argp_option *option = table;
	while (option->key != key)
		option++;
	return option->name;
}

static const char *scalar(const struct scan *scan, enum option_key key)
{
	return scan->out->scalars[key - OPTION_POLICY];
}

static error_t add_set(struct check_options *out, const char *text, bool replaces)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text)
		return complain(out->who, "'--set %s' is not NAME=VALUE", text);
	size_t len = (size_t)(equals - text) + 1;
	for (size_t i = 0; i < out->set_len; i++) {
		if (strncmp(out->set[i], text, len) != 0 || strcmp(out->set[i], text) == 0)
			continue;
		if (!replaces)
			return complain(out->who, "'--set %s' and '--set %s' contradict each other",
					out->set[i], text);
		out->set[i] = text;
		return 0;
	}
	if (out->set_len == CHECK_SETS_MAX)
		return complain(out->who, "more than %d settings are given", CHECK_SETS_MAX);
	out->set[out->set_len++] = text;
	return 0;
}

static error_t add_scalar(struct scan *scan, int key, const char *text)
{
	const char **slot = &scan->out->scalars[key - OPTION_POLICY];
	bool *set = &scan->set[key - OPTION_POLICY];
	if (*set && strcmp(*slot, text) != 0)
		return complain(scan->out->who, "'--%s' is given twice, as '%s' and as '%s'",
				option_name(key), *slot, text);
	*slot = text;
	*set = true;
	return 0;
}

static error_t add_target(struct check_options *out, const char *text)
{
	if (out->target)
		return complain(out->who, "one TARGET at a time: '%s' and '%s' are given",
				out->target, text);
	out->target = text;
	return 0;
}

static error_t add_cases(struct scan *scan, char *text)
{
	if (scan->is_line && !scan->cases_set)
		scan->out->cases_len = 0;
	scan->cases_set = true;
	return check_options_add_cases(scan->out, text);
}

static bool *flag(struct check_options *out, int key)
{
	switch (key) {
	case OPTION_EXHAUSTIVE:
		return &out->exhaustive;
	case OPTION_STRICT:
		return &out->strict;
	case OPTION_DRY_RUN:
		return &out->dry_run;
	case OPTION_ALL_CODE_POINTS:
		return &out->all_code_points;
	case OPTION_EVIDENCE:
		return &out->evidence;
	case OPTION_GATEWAY:
		return &out->gateway;
	case OPTION_SELF_TEST:
		return &out->self_test;
	case OPTION_THOROUGH:
		return &out->thorough;
	case OPTION_STRICT_EXPECTED:
		return &out->strict_expected;
	case OPTION_QUIET:
		return &out->quiet;
	case OPTION_VERBOSE:
		return &out->verbose;
	default:
		return NULL;
	}
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct scan *scan = state->input;
	bool *set = flag(scan->out, key);
	if (set) {
		*set = true;
		return 0;
	}
	if (key >= OPTION_POLICY && key < OPTION_SCALARS_END)
		return add_scalar(scan, key, text);
	switch (key) {
	case OPTION_SET:
		return add_set(scan->out, text, scan->is_line);
	case OPTION_REPORT:
		return check_options_add_report(scan->out, text);
	case OPTION_CASES:
		return add_cases(scan, text);
	case OPTION_EDITION:
		return check_options_add_edition(scan->out, text);
	case ARGP_KEY_ARG:
		return add_target(scan->out, text);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void take_texts(struct check_options *out, const struct scan *scan)
{
	out->policy = scalar(scan, OPTION_POLICY);
	out->connect = scalar(scan, OPTION_CONNECT);
	out->sni = scalar(scan, OPTION_SNI);
	out->ca = scalar(scan, OPTION_CA);
	out->only = scalar(scan, OPTION_ONLY);
	out->expected = scalar(scan, OPTION_EXPECTED);
	out->baseline = scalar(scan, OPTION_BASELINE);
	out->user = scalar(scan, OPTION_USER);
	out->database = scalar(scan, OPTION_DATABASE);
	out->resolver = scalar(scan, OPTION_RESOLVER);
	out->password = scalar(scan, OPTION_PASSWORD);
	out->cert = scalar(scan, OPTION_CERT);
	out->key = scalar(scan, OPTION_KEY);
	out->psk = scalar(scan, OPTION_PSK);
	out->psk_identity = scalar(scan, OPTION_PSK_IDENTITY);
	out->keylog = scalar(scan, OPTION_KEYLOG);
	out->pcap = scalar(scan, OPTION_PCAP);
	out->journal = scalar(scan, OPTION_JOURNAL);
	out->targets = scalar(scan, OPTION_TARGETS);
}

static const struct {
	enum option_key key;
	size_t offset;
	uint64_t min, max, preset;
} numbers[] = {
	{ OPTION_TIMEOUT, offsetof(struct check_options, timeout_ms), 1, 3600000, 0 },
	{ OPTION_RETRIES, offsetof(struct check_options, retries), 0, 100, ENGINE_RETRIES_DEFAULT },
	{ OPTION_CONCURRENCY, offsetof(struct check_options, concurrency), 1, CONCURRENCY_MAX, 0 },
	{ OPTION_RATE, offsetof(struct check_options, rate), 1, 1000000, 0 },
	{ OPTION_SEED, offsetof(struct check_options, seed), 0, INT64_MAX, 1 },
	{ OPTION_REPEAT, offsetof(struct check_options, repeat), 1, 1000, 1 },
	{ OPTION_AUDITS, offsetof(struct check_options, audits), 0, 100000, CHECK_AUDITS },
	{ OPTION_STRENGTH, offsetof(struct check_options, strength), 1, STRENGTH_MAX, 0 },
};

static int take_numbers(struct check_options *out, const struct scan *scan)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const char *text = scalar(scan, numbers[i].key);
		uint64_t value = numbers[i].preset;
		if (text && number_parse(&value, span_text(text), numbers[i].min, numbers[i].max) !=
				    FAULT_NONE)
			return complain(out->who, "'--%s %s' is not a number from %llu to %llu",
					option_name((int)numbers[i].key), text,
					(unsigned long long)numbers[i].min,
					(unsigned long long)numbers[i].max);
		memcpy((char *)out + numbers[i].offset, &value, sizeof(value));
	}
	return STATUS_PASS;
}

static int take_words(struct check_options *out, const struct scan *scan)
{
	const char *depth = scalar(scan, OPTION_DEPTH);
	const char *at = scalar(scan, OPTION_AT), *sslmode = scalar(scan, OPTION_SSLMODE);
	int cases = check_options_take_cases(out, scalar(scan, OPTION_GATE),
					     scalar(scan, OPTION_LEVEL));
	if (cases != STATUS_PASS)
		return cases;
	out->depth_given = depth != NULL;
	if (depth && !depth_by_name(span_text(depth), &out->depth))
		return complain(out->who, "'--depth %s' is none of hello, finished and session",
				depth);
	out->sslmode = sslmode ? sslmode_by_name(span_text(sslmode)) : SSLMODES_LEN;
	if (sslmode && out->sslmode == SSLMODES_LEN)
		return complain(out->who,
				"'--sslmode %s' is none of disable, allow, prefer, require, "
				"verify-ca and verify-full",
				sslmode);
	out->at = DATE_NONE;
	if (at && date_parse(&out->at, span_text(at)) != FAULT_NONE)
		return complain(out->who, "'--at %s' is no day of the calendar, YYYY-MM-DD", at);
	int status = check_options_take_shard(out, scalar(scan, OPTION_SHARD));
	return status != STATUS_PASS ? status
				     : check_options_take_color(out, scalar(scan, OPTION_COLOR));
}

static int parse_words(struct scan *scan, int argc, char **argv)
{
	static const struct argp argp = {
		.options = table, .parser = parse, .args_doc = "[TARGET]", .doc = doc
	};
	struct check_options *out = scan->out;
	int status = options_parse(&argp, argc, argv, scan);
	if (status == STATUS_PASS)
		status = take_numbers(out, scan);
	if (status == STATUS_PASS)
		status = take_words(out, scan);
	if (status != STATUS_PASS)
		return status;
	take_texts(out, scan);
	if (out->reports_len == 0)
		out->reports[out->reports_len++] =
			(struct report_request){ .format = &report_text };
	return check_options_conflict(out, scalar(scan, OPTION_AUDITS) != NULL);
}

int check_options_parse(struct check_options *out, int argc, char **argv)
{
	struct scan scan = { .out = out };
	*out = (struct check_options){ .who = argv[0] };
	return parse_words(&scan, argc, argv);
}

/* What is said of one endpoint; everything else is said of the run as a whole. */
static bool is_of_endpoint(int key)
{
	static const int keys[] = {
		OPTION_POLICY,	OPTION_SET,	   OPTION_STRICT,	OPTION_AT,
		OPTION_CASES,	OPTION_GATE,	   OPTION_LEVEL,	OPTION_EDITION,
		OPTION_CONNECT, OPTION_RESOLVER,   OPTION_SNI,		OPTION_CA,
		OPTION_USER,	OPTION_DATABASE,   OPTION_PASSWORD,	OPTION_CERT,
		OPTION_KEY,	OPTION_PSK,	   OPTION_PSK_IDENTITY, OPTION_GATEWAY,
		OPTION_DEPTH,	OPTION_TIMEOUT,	   OPTION_RETRIES,	OPTION_RATE,
		OPTION_SSLMODE, OPTION_EXHAUSTIVE, OPTION_CONCURRENCY,	OPTION_STRENGTH,
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i] == key)
			return true;
	return false;
}

static const struct argp_option *option_of_word(const char *word)
{
	size_t len = strcspn(word, "=");
	for (const struct argp_option *option = table; option->name || option->doc; option++)
		if (option->name && strncmp(option->name, word, len) == 0 && !option->name[len])
			return option;
	return NULL;
}

int check_options_parse_line(struct check_options *out, const struct check_options *base, int argc,
			     char **argv)
{
	struct scan scan = { .out = out, .is_line = true };
	*out = *base;
	out->who = argv[0];
	out->targets = out->scalars[OPTION_TARGETS - OPTION_POLICY] = NULL;
	for (int i = 1; i < argc; i++) {
		const struct argp_option *option =
			strncmp(argv[i], "--", 2) == 0 ? option_of_word(argv[i] + 2) : NULL;
		bool is_short = argv[i][0] == '-' && argv[i][1] != '-';
		bool is_help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "--usage") == 0 ||
			       strcmp(argv[i], "--version") == 0;
		if (is_short || is_help || (option && !is_of_endpoint(option->key)))
			return complain(out->who,
					"'%s' is about the whole run: it stands on the command "
					"line, not in the list of targets",
					argv[i]);
	}
	return parse_words(&scan, argc, argv);
}

/* Neither who is told, nor how fast is asked, makes another run of it. */
static bool is_of_telling(int key)
{
	static const int keys[] = {
		OPTION_EXPECTED, OPTION_BASELINE, OPTION_KEYLOG,   OPTION_PCAP,
		OPTION_COLOR,	 OPTION_SSLMODE,  OPTION_TARGETS,  OPTION_JOURNAL,
		OPTION_RATE,	 OPTION_RETRIES,  OPTION_RESOLVER, OPTION_KEY,
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i] == key)
			return true;
	return false;
}

void check_options_tell(const struct check_options *options, struct text *out,
			void (*put)(struct text *out, const char *name, const char *value))
{
	char name[64];
	for (int key = OPTION_POLICY + 1; key < OPTION_SCALARS_END; key++) {
		const char *value = options->scalars[key - OPTION_POLICY];
		bool secret = key == OPTION_PASSWORD || key == OPTION_PSK;
		if (is_of_telling(key))
			continue;
		snprintf(name, sizeof(name), "'--%s'", option_name(key));
		put(out, name, value && secret ? "given" : value);
	}
	put(out, "'--exhaustive'", options->exhaustive ? "given" : "");
	put(out, "'--strict'", options->strict ? "given" : "");
	put(out, "'--all-code-points'", options->all_code_points ? "given" : "");
	put(out, "'--gateway'", options->gateway ? "given" : "");
	for (size_t i = 0; i < options->set_len; i++)
		put(out, "'--set'", options->set[i]);
	for (size_t i = 0; i < options->editions_len; i++)
		put(out, "'--edition'", options->editions[i]);
}
