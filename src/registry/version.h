/* version.h - the six protocol versions, as ids, as wire values and as small indices. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGISTRY_VERSION_H
#define REGISTRY_VERSION_H

#include "base/span.h"

/* In the order of age; also the order of every table with a column a version. */
enum version {
	SSLV2,
	SSLV3,
	TLS1_0,
	TLS1_1,
	TLS1_2,
	TLS1_3,
	VERSIONS_LEN,
	VERSION_NONE = VERSIONS_LEN
};

/* A set of versions, bit 1 << version. */
typedef uint8_t version_set;
#define VERSION_BIT(v) ((version_set)(1u << (v)))
#define VERSIONS_ALL   ((version_set)0x3F)

/* version_set_highest returns VERSION_NONE for the empty set. */
enum version version_set_highest(version_set set);

/* version_name returns the id: SSLv2 SSLv3 TLS1.0 TLS1.1 TLS1.2 TLS1.3; "-" for VERSION_NONE. */
const char *version_name(enum version version);

/* version_code returns the wire value: 0x0002, 0x0300 ... 0x0304; 0 for VERSION_NONE. */
uint16_t version_code(enum version version);

/* version_by_code returns VERSION_NONE for a value that is none of the six. */
enum version version_by_code(uint16_t code);

/* version_by_name knows the ids only, exactly as written; VERSION_NONE otherwise. */
enum version version_by_name(struct span name);

#endif
