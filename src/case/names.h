/* names.h - the code points that a case may call by name, over all registries. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_NAMES_H
#define CASE_NAMES_H

#include "base/arena.h"
#include "registry/registry.h"

/* Small registries of one byte that only cases speak of. */
extern const struct registry registry_case_bytes;

/*
 * code_by_name finds a suite, group, signature scheme, version (2 bytes), SSLv2 cipher kind (3),
 * compression method, point format, key exchange mode and the like (1), with its width.
 */
bool code_by_name(struct span name, uint32_t *code, uint8_t *width);

/* code_names lists all of them, and then `more` (ended by NULL), for "did you mean"; NULL when
 * memory is short. */
const char *const *code_names(struct arena *arena, const char *const *more);

/* registry_names lists a registry's names, and then `more`, likewise. */
const char *const *registry_names(struct arena *arena, const struct registry *registry,
				  const char *const *more);

/* suite_names lists the names of the cipher suites, likewise. */
const char *const *suite_names(struct arena *arena);

/* version_names lists the six versions, and then `more`, likewise. */
const char *const *version_names(struct arena *arena, const char *const *more);

#endif
