/* rig_ruling.h - what policies demand under settings that the input chooses. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_RULING_H
#define HARNESS_RIG_RULING_H

#include "harness.h"
#include "policy/ruling.h"

#define RIG_RULING_SUITES 32

struct rig_ruling {
	struct settings settings, strict;
	version_set versions;
	uint16_t suites[RIG_RULING_SUITES];
	size_t suites_len;
	bool was_rejected, rejects_all;
};

/* rig_ruling_init reads policy, settings and versions; `strict` are the same settings, strictly. */
void rig_ruling_init(struct rig_ruling *rig, struct cursor *in);

/* rig_ruling_version rules a version and plaintext. Each ruling is whole: what speaks has a
 * rule, what contradicts two, and under `strict` nothing contradicts or accepts more. */
void rig_ruling_version(const struct rig_ruling *rig, enum version version);

/* rig_ruling_suite rules the suite in every version, and adds it to the offer. */
void rig_ruling_suite(struct rig_ruling *rig, uint16_t suite);

/* rig_ruling_offer rules the offer: it is rejected only if each pair is, and offering more never
 * makes a rejected hello of one that was not. */
void rig_ruling_offer(struct rig_ruling *rig);

/* rig_ruling_rises says of settings that name the least version: a higher one never turns a
 * rejection of what was offered into an acceptance. */
void rig_ruling_rises(const struct rig_ruling *rig);

#endif
