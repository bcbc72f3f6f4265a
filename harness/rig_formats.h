/* rig_formats.h - every format of reports, read by a reader that shares no code with its writer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_FORMATS_H
#define HARNESS_RIG_FORMATS_H

#include "report/report.h"

/* rig_formats_write writes the report and reads it: JSON by jansson and by oracle_json, XML by
 * expat, text for what a terminal only shows, HTML for elements that are not ours. */
void rig_formats_write(const struct report *report, const struct report_format *format);

/* rig_formats_at returns a format by number, modulo how many there are. */
const struct report_format *rig_formats_at(uint8_t which);

/*
 * rig_formats_read reads a JSON report. What is refused has a sentence; what is not, written as
 * JSON, read and written again, is the same text, and every format can write it. Tabs at its end
 * say how little memory `first` has.
 */
void rig_formats_read(struct arena *first, struct arena *second, struct span text);

#endif
