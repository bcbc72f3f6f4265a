/* coverage.h - runs of our own must not look like coverage of the input's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_COVERAGE_H
#define HARNESS_COVERAGE_H

/* coverage_keep copies the engine's counters, and coverage_restore puts them back. */
void coverage_keep(void);
void coverage_restore(void);

#endif
