/* hello_account.h - what a policy demands of a server that gets one hello, pair by pair. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_HELLO_ACCOUNT_H
#define LIVE_HELLO_ACCOUNT_H

#include "base/arena.h"
#include "policy/ruling.h"

/* What a server may answer with, and the policy's ruling of it. In SSLv2 `suite` is 0: its kinds
 * are one cell. */
struct offer_pair {
	enum version version;
	uint16_t suite;
	struct ruling ruling;
};

/* Pairs that the same rows rule alike: each of the suites in each of the versions. */
struct pair_group {
	struct ruling ruling;
	version_set versions;
	uint16_t *suites;
	size_t suites_len, suites_cap;
};

/* Pairs and groups come from the highest version down and in the order of the offer; each pair
 * once. `unusable` are the suites that exist in none of the versions. Lists belong to the arena. */
struct hello_account {
	struct ruling ruling;
	struct ruling versions[VERSIONS_LEN]; /* policy_version of those offered, the rest silent */
	const struct offer_pair *pairs;
	size_t pairs_len;
	const struct pair_group *groups;
	size_t groups_len;
	const uint16_t *unusable;
	size_t unusable_len;
};

/* rulings_agree says whether the same rows rule both, and alike. */
bool rulings_agree(const struct ruling *a, const struct ruling *b);

/*
 * hello_rule is policy_hello, but for an offer whose pairs are all contradicted: that is a
 * CONFLICT, with the rows of its first pair.
 */
struct ruling hello_rule(const struct settings *settings, const struct offer *offer);

/* account_of fills `out`. Faults: those of the arena. */
MUST_USE enum fault account_of(struct hello_account *out, const struct settings *settings,
			       const struct offer *offer, struct arena *arena);

/* What the policy says of one way for the server to react. */
enum conformity { CONFORMS, CONFORMS_NOT, REMARKED, UNJUDGED };

/* conformity_of_answer says it of an answer with a pair so ruled, conformity_of_refusal of any
 * refusal of a hello so ruled (DESIGN 3). */
enum conformity conformity_of_answer(const struct ruling *pair);
enum conformity conformity_of_refusal(const struct ruling *hello);

/* conformity_name returns "conforms", "does not conform", "deviates (a remark)", "is not judged".
 */
const char *conformity_name(enum conformity conformity);

#endif
