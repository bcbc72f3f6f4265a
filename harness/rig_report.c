/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_report.h"

void rig_report_in(const struct run_result *result, uint8_t form,
		   const struct report_format *format)
{
	/* What was sent and heard, for the first probes: any bytes. */
	static const struct report_evidence evidence[] = {
		{ 1, 10, 20, { (const uint8_t *)"\x16\x03", 2 }, { (const uint8_t *)"\xff", 1 } },
		{ 2, 30, 40, { NULL, 0 }, { NULL, 0 } },
		{ 3, 50, 60, { (const uint8_t *)"?", 1 }, { NULL, 0 } },
	};
	const struct report_run run = { .target = "postgresql://127.0.0.1:5432",
					.address = "127.0.0.1:5432",
					.depth = "hello",
					.started = "2026-11-23T10:00:00Z",
					.seed = 1,
					.duration_ms = 412,
					.result = result,
					.evidence = form & 8 ? evidence : NULL,
					.evidence_len = form & 8 ? 3 : 0 };
	const struct report report = { .runs = &run,
				       .runs_len = 1,
				       .verbose = form & 2,
				       .quiet = form & 4,
				       .width = form / 8 * 6 };
	rig_formats_write(&report, format);
}

void rig_report(const struct run_result *result, uint8_t form)
{
	rig_report_in(result, form, form & 1 ? &report_json : &report_text);
}
