/* hellos.h - hellos in parts, read as a server would. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LIVE_HELLOS_H
#define TESTS_LIVE_HELLOS_H

#include "live/reading.h"
#include "probe/probe.h"

/* Bodies in hexadecimal digits: extensions is a block without its length, NULL for none. What is
 * NULL otherwise is that of a usual hello; `record` is the version of its record, 0 for 0x0301. */
struct hello_parts {
	uint16_t version, record;
	const char *session_id, *suites, *compression, *extensions, *front;
};

/* hello_read makes the hello in a record and reads it; views live in `arena`. */
struct reading hello_read(struct arena *arena, struct hello_parts parts);

/* probe_read reads what a probe of `check` would send over TLS. */
struct reading probe_read(struct arena *arena, const struct shape *shape, enum version version,
			  const uint16_t *suites, size_t len);

/* stream_read reads digits. */
struct reading stream_read(struct arena *arena, const char *hex);

/* What a control has: the extensions of a client of TLS 1.2, or of TLS 1.3 alone. */
#define NAME	"0000000700050000026162"
#define GROUPS	"000a00060004001d0017"
#define SCHEMES "000d0006000404010804"
#define SECRET	"00170000"
#define SECURE	"ff01000100"
#define SHARES                                                                                     \
	"00330026"                                                                                 \
	"0024001d0020"                                                                             \
	"0102030405060708091011121314151617181920212223242526272829303132"
#define MODES	 "002d00020101"
#define ONLY_13	 "002b0003020304"
#define USUAL_12 NAME SECRET SECURE GROUPS SCHEMES
#define USUAL_13 NAME GROUPS SCHEMES ONLY_13 MODES SHARES

#endif
