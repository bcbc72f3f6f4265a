/* rig_report.h - reports of a run, in every form. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_REPORT_H
#define HARNESS_RIG_REPORT_H

#include "report/report.h"
#include "rig_prover.h"

/* rig_report writes the run as `form` says and reads it with a reader of its own. */
void rig_report(const struct run_result *result, uint8_t form);

#endif
