/* memory.h - the oracle of bounded memory: the linker sends malloc and its kin here. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_MEMORY_H
#define HARNESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* memory_begin counts from now on; the first allocation over `ceiling` bytes in all traps. */
void memory_begin(size_t ceiling);

/* memory_pause stops counting until memory_resume; pauses may lie in one another. */
void memory_pause(void);
void memory_resume(void);

/* memory_end stops counting and returns the bytes that were not given back. */
size_t memory_end(void);

#endif
