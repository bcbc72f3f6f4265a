/* target.h - [SCHEME://]HOST[:PORT], read strictly. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "base/fault.h"
#include "base/span.h"
#include "upgrade/upgrade.h"

#define HOST_MAX   254
#define TARGET_MAX (HOST_MAX + 32)

struct target {
	const struct upgrade *upgrade;
	char host[HOST_MAX]; /* without brackets */
	uint16_t port;
	bool has_scheme;
	bool literal; /* an address, not a name */
};

/*
 * target_parse reads `text`; `fallback` is the scheme where none is written. Fault: USAGE, with one
 * sentence in `why` (of `why_len`).
 */
MUST_USE enum fault target_parse(struct target *out, const char *text,
				 const struct upgrade *fallback, char *why, size_t why_len);

/* target_print writes SCHEME://HOST:PORT into TARGET_MAX bytes. */
void target_print(char out[TARGET_MAX], const struct target *target);

#endif
