/* ruling.h - what a policy, under given settings, demands of a cell or of a whole hello. Pure and
 * total. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_RULING_H
#define POLICY_RULING_H

#include "policy/policy.h"

/*
 * The values in force and the circumstances that conditions ask about. What is not known is
 * false, and a rule with a condition that is not known to hold does not apply.
 */
struct settings {
	const struct policy *policy;
	size_t value[POLICY_SETTINGS_MAX];
	bool given[POLICY_SETTINGS_MAX]; /* said by the operator, not a default */
	date today;
	bool strict; /* a contradiction is ruled `reject` instead of `conflict` */
	bool encrypt_then_mac, certificate_rsa, certificate_ecdsa, certificate_dss;
};

/* settings_init puts every setting at its documented default. `today` judges dated rules. */
void settings_init(struct settings *settings, const struct policy *policy, date today);

/* settings_set takes "NAME=VALUE". Faults: USAGE, with one sentence written to `why` (of
 * `why_len`). */
MUST_USE enum fault settings_set(struct settings *settings, struct span assignment, char *why,
				 size_t why_len);

/* settings_hold says that a condition holds, or that it does not; settings_holds asks. */
void settings_hold(struct settings *settings, enum condition condition, bool holds);
bool settings_holds(const struct settings *settings, enum condition condition);

/*
 * `rule` decided; `against` is the row that contradicts it, for a CONFLICT (and, under `strict`,
 * for the REJECT that replaces it). Both are NULL where no row speaks (kind SILENT).
 */
struct ruling {
	enum ruling_kind kind;
	bool inferred;
	const struct rule *rule, *against;
};

/* ruling_cite returns the section that the deciding row restates, or NULL. */
const char *ruling_cite(const struct ruling *ruling);

/*
 * policy_version rules `version/V` (DESIGN 3, rules 2 and 4): the version table's cell, and
 * CONFLICT where that cell accepts and the suite tables reject every suite that exists in V.
 */
struct ruling policy_version(const struct settings *settings, enum version version);

/*
 * policy_suite rules `suite/V/S` (rule 1): a version that is rejected rejects the cell; else the
 * most specific row of the suite tables decides; a silent version leaves the cell silent unless the
 * suite row rejects. A conflict of the version does not touch the cell (rule 4).
 */
struct ruling policy_suite(const struct settings *settings, enum version version, uint16_t suite);

/* policy_plaintext rules `plaintext`. */
struct ruling policy_plaintext(const struct settings *settings);

/* policy_subject rules a cell of any other table, by its subject ("x25519", "client_certificate").
 */
struct ruling policy_subject(const struct settings *settings, enum table_kind kind,
			     enum version version, const char *subject);

/* What a hello offers: versions and suites, GREASE and SCSVs included; they are passed over (rule
 * 6). */
struct offer {
	version_set versions;
	const uint16_t *suites;
	size_t suites_len;
};

/*
 * policy_pair says whether a server can answer with the suite at a version later than SSLv2: it
 * exists there, or nobody is known to use the code. Signals and GREASE are never answered with.
 */
bool policy_pair(enum version version, uint16_t suite);

/*
 * policy_hello rules a whole hello by its pairs (rule 3): REJECT only if all pairs are rejected,
 * ACCEPT only if every pair at its highest version is accepted, else MAY: then only the pair that
 * is answered is judged, by policy_suite. Reject beats silent beats accept; `?` comes from the
 * deciding cell.
 */
struct ruling policy_hello(const struct settings *settings, const struct offer *offer);

/* policy_transition says whether a setting may go from the values of `from` to those of `to`; the
 * rule that forbids it, or NULL. */
const struct transition *policy_transition(const struct settings *from, const struct settings *to);

#endif
