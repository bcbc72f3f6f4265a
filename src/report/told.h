/* told.h - what formats for machines say of a finding: how grave it is, where its rule stands, and
 * a sentence. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TOLD_H
#define REPORT_TOLD_H

#include "report/report.h"

/* ERROR makes the exit status 1 or 4, WARNING makes it 3, a NOTE changes nothing. */
enum gravity { GRAVITY_NONE, GRAVITY_NOTE, GRAVITY_WARNING, GRAVITY_ERROR };

/* finding_gravity weighs a verdict: fail and error are ERROR, and so is an unexpected pass where
 * the report says so; inconclusive is WARNING; what is known, repaired or only remarked is a NOTE.
 */
enum gravity finding_gravity(const struct report *report, const struct finding *finding);

/* finding_is_issue says whether a list of what is wrong has the finding: anything with a gravity
 * but what was repaired. */
bool finding_is_issue(const struct report *report, const struct finding *finding);

/* gravity_counts adds up the findings of all runs by gravity. */
void gravity_counts(size_t counts[GRAVITY_ERROR + 1], const struct report *report);

/* finding_place returns the row of the policy, or the stanza of the case, that the finding is
 * about; a NULL file where no row speaks. */
struct place finding_place(const struct finding *finding);

/* finding_rule_name writes what a finding is an instance of: "case/NAME" without version and
 * index, "suite/TLS1.2" without the suite; the id of any other. */
void finding_rule_name(struct text *out, const struct finding *finding);

/* finding_demand writes what was expected, and which row or rule says so. */
void finding_demand(struct text *out, const struct finding *finding);

/* finding_account writes the verdict's reason, what was expected, what the finding leans on, and
 * every remark: one sentence a line. */
void finding_account(struct text *out, const struct finding *finding);

/* run_title writes target, policy and settings: no two runs of a report have the same. */
void run_title(struct text *out, const struct report *report, size_t run);

/* finding_fingerprint writes 64 hexadecimal digits and a terminator: a hash of target, policy,
 * settings and id, the same in every run and every release. The built-in endpoint's port is no part
 * of it. */
#define FINGERPRINT_TEXT 65
void finding_fingerprint(char out[FINGERPRINT_TEXT], const struct report *report, size_t run,
			 const struct finding *finding);

#endif
