/* rule.h - which rows of a policy speak of a cell, and which of them decides. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_RULE_H
#define POLICY_RULE_H

#include "policy/ruling.h"
#include "registry/cipher_suite.h"

/*
 * What is asked about. `version` is VERSION_NONE where the kind knows none; then only rules without
 * `at` speak. For a suite, `has_code` is false for an SSLv2 kind, `suite` NULL where nobody is
 * known to use the code.
 */
struct cell {
	enum table_kind kind;
	enum version version;
	const char *subject;
	bool has_code;
	uint16_t code;
	const struct cipher_suite *suite;
};

/* cell_version, cell_suite and cell_subject name a cell; an SSLv2 suite is any SSLv2 kind. */
struct cell cell_version(enum version version);
struct cell cell_suite(enum version version, uint16_t code);
struct cell cell_subject(enum table_kind kind, enum version version, const char *subject);

/* rule_speaks says whether the rule is about the cell under the settings of the day. */
bool rule_speaks(const struct settings *settings, const struct rule *rule, const struct cell *cell);

/*
 * table_decide returns the rule of one table that decides the cell, or NULL: an exact subject, or
 * a comparison that holds, beats a pattern, a pattern beats `*`; then a written `at` beats none;
 * then a written value beats `*` in the column of values; then a condition beats none; then the
 * first written.
 */
const struct rule *table_decide(const struct settings *settings, const struct table *table,
				const struct cell *cell);

/*
 * cell_rule lets the decisions of all tables of the kind meet: silent ones do not speak, written
 * beats inferred, reject beats should-not beats may beats should beats accept, and a written accept
 * against a written reject is a CONFLICT (REJECT under `strict`).
 */
struct ruling cell_rule(const struct settings *settings, const struct cell *cell);

#endif
