/* selftest.h - `check --self-test`: the gauge tried on the reference endpoint, intact and with each
 * of its defects. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include "cli/check.h"

#define SELFTEST_CATCHES_MAX 8

/* A finding, kept beyond its run. */
struct selftest_catch {
	const char *id, *reason;
	enum verdict verdict;
};

/*
 * One endpoint. `catches` are the findings that name the defect's rule and, where none does, some
 * of those that deviate otherwise; of the intact endpoint all that should not be there.
 */
struct selftest_item {
	const struct defect_description *defect; /* NULL: intact */
	size_t habitat;
	const char *policy, *settings;
	struct selftest_catch catches[SELFTEST_CATCHES_MAX];
	size_t catches_len, named, others;
	bool asked, good; /* good: caught; or, intact, without a finding */
	uint64_t duration_ms;
};

struct selftest {
	const struct check_options *options;
	struct arena arena;
	struct selftest_item *items;
	size_t items_len;
	bool interrupted;
};

/* check_selftest runs it and returns the exit status. */
int check_selftest(const struct check_options *options);

/* selftest_rule.c: whether a text, such as a case's citation or a finding's reason, names one of
 * the rules, which have a semicolon between them. A section does not stand for its subsections. */
bool selftest_rule_is_in(const char *rules, const char *text);

/* Whether a case cites one of the rules. */
bool selftest_rule_is_cited(const char *rules, const struct conformance_case *of);

/* Whether a finding names one of them: in its reason, in its case's citations, or, where the rule
 * is the policy itself, by being about the policy. */
bool selftest_rule_is_named(const char *rules, const struct finding *finding);

/* Whether an id fits one of the globs, which have a space between them. */
bool selftest_id_fits(const char *globs, const char *id);

/* Whether findings that are no cases are among those that the globs fit. */
bool selftest_shows_beside_cases(const char *globs);

/* selftest_report.c: what --report asks for. STATUS_PASS or STATUS_FAULT. */
int selftest_tell(const struct selftest *test, struct outputs *outputs);

#endif
