/* check_options.h - what `tlsgauge check` was asked to do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_OPTIONS_H
#define CLI_CHECK_OPTIONS_H

#include "policy/date.h"
#include "probe/case_prover.h"
#include "probe/sslmode.h"
#include "report/report.h"

#define CHECK_SETS_MAX	  64
#define CHECK_REPORTS_MAX 16
#define CHECK_AUDITS	  4
#define CHECK_CASES_MAX	  256
#define CHECK_SCALARS_MAX 48

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One --report FORMAT[=FILE]; `path` is NULL for standard output. */
struct report_request {
	const struct report_format *format;
	const char *path;
};

/* Texts point into argv; NULL where the option was not given. Numbers are 0 where that means the
 * default. */
struct check_options {
	const char *who; /* "tlsgauge check" */
	const char *target, *policy, *connect, *sni, *ca, *only, *expected, *baseline;
	const char *user, *database, *resolver;
	const char *targets;			/* of --targets */
	const char *scalars[CHECK_SCALARS_MAX]; /* as written, by option */
	const char *password, *cert, *key, *psk, *psk_identity, *keylog, *pcap, *journal;
	const char *set[CHECK_SETS_MAX];
	size_t set_len;
	const char *cases[CHECK_CASES_MAX]; /* words for case_source.h; empty: no cases */
	size_t cases_len;
	bool strict_gate;
	enum case_level level;
	const char *editions[CASE_EDITIONS_MAX];
	size_t editions_len;
	struct report_request reports[CHECK_REPORTS_MAX];
	size_t reports_len;
	bool exhaustive, strict, dry_run, quiet, verbose, all_code_points, evidence, gateway;
	bool self_test, thorough, strict_expected;
	bool depth_given;
	enum depth depth;     /* of --depth */
	enum sslmode sslmode; /* SSLMODES_LEN: not asked for */
	uint64_t timeout_ms, retries, concurrency, rate, seed, repeat, audits;
	uint64_t strength; /* of --strength; 0: not asked for */
	unsigned shard, shards;
	date at; /* DATE_NONE: today */
	enum color color;
};

/*
 * check_options_parse reads the command line, and refuses what cannot be meant together. Returns
 * STATUS_PASS, or STATUS_USAGE after one sentence.
 */
int check_options_parse(struct check_options *out, int argc, char **argv);

/*
 * check_options_parse_line reads a line of '--targets', whose words take the place of those of
 * `base`; argv[0] names the line. STATUS_PASS, or STATUS_USAGE after one sentence.
 */
int check_options_parse_line(struct check_options *out, const struct check_options *base, int argc,
			     char **argv);

struct text;

/* check_options_tell puts the name and value of everything that decides what is asked and how it is
 * taken; of secrets only that they are given. */
void check_options_tell(const struct check_options *options, struct text *out,
			void (*put)(struct text *out, const char *name, const char *value));

/* check_options_cases.c: --cases, its words separated by commas; --edition; --gate and --level,
 * which may be NULL. STATUS_PASS, or STATUS_USAGE after one sentence. */
int check_options_add_cases(struct check_options *out, char *text);
int check_options_add_edition(struct check_options *out, const char *text);
int check_options_take_cases(struct check_options *out, const char *gate, const char *level);

/*
 * check_options_report.c: --report FORMAT[=FILE], and --color, which may be NULL; also for commands
 * that have only these. STATUS_PASS, or STATUS_USAGE after one sentence.
 */
#define REPORT_OPTION_HELP                                                                         \
	"text, json, junit, sarif, tap, markdown, github, gitlab, csv or html; several"
int check_options_add_report(struct check_options *out, const char *text);
int check_options_take_color(struct check_options *out, const char *text);

/* check_options_shard.c: --shard I/N, or `auto`, which asks the environment; `text` may be NULL.
 * STATUS_PASS, or STATUS_USAGE after one sentence. */
int check_options_take_shard(struct check_options *out, const char *text);

/* check_options_conflict complains about two options that exclude each other. */
int check_options_conflict(const struct check_options *options, bool audits_given);

#endif
