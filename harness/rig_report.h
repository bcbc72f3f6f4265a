/* rig_report.h - reports of a run, in every form. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_REPORT_H
#define HARNESS_RIG_REPORT_H

#include "rig_formats.h"
#include "rig_prover.h"

/* rig_report writes the run as text or JSON, as `form` says, rig_report_in in any format; what was
 * written is read with a reader of its own. */
void rig_report(const struct run_result *result, uint8_t form);
void rig_report_in(const struct run_result *result, uint8_t form,
		   const struct report_format *format);

#endif
