/* coverage.h - runs of our own must not look like coverage of the input's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_COVERAGE_H
#define HARNESS_COVERAGE_H

/* Who keeps counters: one may do so inside the other. */
enum coverage_use { COVERAGE_OF_RUNS, COVERAGE_OF_SETUP, COVERAGE_OF_MEMO, COVERAGE_USES_LEN };

/* coverage_keep copies the engine's counters, and coverage_restore puts them back. */
void coverage_keep(enum coverage_use use);
void coverage_restore(enum coverage_use use);

#endif
