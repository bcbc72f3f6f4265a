/* case_words.h - what several formats say of a conformance case. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CASE_WORDS_H
#define REPORT_CASE_WORDS_H

#include "case/case.h"
#include "report/report.h"

/* expectation_word returns the contract's word for an outcome: "alert", "close", "server_hello". */
const char *expectation_word(const struct expectation *expectation);

/* expectation_write appends that word, and the alerts that may come: "alert decode_error". */
void expectation_write(struct text *out, const struct expectation *expectation);

/* finding_is_case says whether the finding is about a case. */
bool finding_is_case(const struct finding *finding);

/* finding_citation returns the rule that a case's finding is about, and its level; NULL without
 * one. */
const struct citation *finding_citation(const struct finding *finding);

/* report_grades counts the cases that passed strictly, and those that were tolerated. */
void report_grades(size_t counts[GRADE_TOLERATED + 1], const struct run_result *result);

#endif
