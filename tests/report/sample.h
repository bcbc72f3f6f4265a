/* sample.h - run results made by hand, for the report's tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include "report/report.h"

#define SAMPLE_FINDINGS 32

/* Everything that a report of one run points into. */
struct sample {
	struct finding findings[SAMPLE_FINDINGS];
	struct run_result result;
	struct report_run run;
	struct report report;
	struct text text;
};

/* sample_init prepares a run under a small policy, with no findings yet. */
void sample_init(struct sample *sample);

/* sample_add adds a suite's finding at TLS 1.2 with the verdict; the caller changes it. */
struct finding *sample_add(struct sample *sample, const char *suite, uint16_t code,
			   enum verdict verdict);

/* sample_add_version adds a version's finding. */
struct finding *sample_add_version(struct sample *sample, enum version version,
				   enum verdict verdict);

/* sample_add_case adds a case's finding at TLS 1.2, which asks for decode_error and tolerates a
 * close. */
struct finding *sample_add_case(struct sample *sample, enum verdict verdict, enum grade grade);

/* sample_without_policy makes the run one of cases only. */
void sample_without_policy(struct sample *sample);

/* sample_write writes the report in the format and returns its text. */
const char *sample_write(struct sample *sample, const struct report_format *format);

/* sample_release frees the text. */
void sample_release(struct sample *sample);

#endif
