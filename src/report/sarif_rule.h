/* sarif_rule.h - the rules that a SARIF log's results are instances of. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SARIF_RULE_H
#define REPORT_SARIF_RULE_H

#include "report/json_internal.h"
#include "report/told.h"

/* sarif_level returns the word of SARIF 3.27.10. */
const char *sarif_level(enum gravity gravity);

struct sarif_rule;

/* One rule for each name of finding_rule_name, sorted by name. */
struct sarif_rules {
	struct sarif_rule *items;
	size_t len;
};

/* sarif_rules_init collects the rules of all findings that a log tells of. Faults: NO_MEMORY. The
 * list is empty and good for every call after a fault. */
MUST_USE enum fault sarif_rules_init(struct sarif_rules *rules, const struct report *report);
void sarif_rules_release(struct sarif_rules *rules);

/* sarif_rules_index returns the place of a finding's rule. */
size_t sarif_rules_index(const struct sarif_rules *rules, const struct finding *finding);

/* sarif_rules_put adds the member "rules" to a tool's driver: each with its texts, its level, and a
 * `security-severity`. */
void sarif_rules_put(const struct sarif_rules *rules, struct object *driver);

#endif
