/* read_internal.h - what the files that read a report share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_READ_INTERNAL_H
#define REPORT_READ_INTERNAL_H

#include "report/reading.h"
#include "report/report.h"

#define READ_TABLES_MAX 64

/* The tables that rows come from: one for each citation, so that rows of one table are seen to be.
 */
struct report_tables {
	struct table *items[READ_TABLES_MAX];
	size_t len;
};

/* read_finding reads one finding; its evidence, where it has any, goes to `evidence` under the
 * probe number that the finding then carries. Returns whether it had. */
bool read_finding(struct reading *in, struct report_tables *tables, const json_t *object,
		  struct finding *out, struct report_evidence *evidence);

/* read_observed reads what was observed, and how it was proven. */
void read_observed(struct reading *in, const json_t *object, struct finding *out);

/* read_case reads the members that only a case has. */
void read_case(struct reading *in, const json_t *object, struct finding *out);

/* read_version returns VERSION_NONE for an absent member. */
enum version read_version(struct reading *in, const json_t *object, const char *key);

#endif
