/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_account.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* The cells of a row are rules of their own. */
static bool same_row(const struct rule *a, const struct rule *b)
{
	return a == b || (a && b && a->table == b->table && a->at.line == b->at.line);
}

bool rulings_agree(const struct ruling *a, const struct ruling *b)
{
	return a->kind == b->kind && a->inferred == b->inferred && same_row(a->rule, b->rule) &&
	       same_row(a->against, b->against);
}

/* Which code points were seen; a hello may have 32767 suites. */
struct seen {
	uint8_t bits[65536 / 8];
};

static bool seen_before(struct seen *seen, uint16_t code)
{
	uint8_t bit = (uint8_t)(1u << code % 8);
	bool before = seen->bits[code / 8] & bit;
	seen->bits[code / 8] |= bit;
	return before;
}

struct accountant {
	struct hello_account *out;
	const struct settings *settings;
	const struct offer *offer;
	struct arena *arena;
	struct offer_pair *pairs;
	struct pair_group *groups;
	size_t pairs_cap, groups_cap;
};

static void add_pair(struct accountant *a, enum version version, uint16_t suite)
{
	struct hello_account *out = a->out;
	struct offer_pair *pairs =
		arena_grow(a->arena, a->pairs, out->pairs_len, &a->pairs_cap, sizeof(*pairs));
	if (!pairs)
		return;
	a->pairs = pairs;
	pairs[out->pairs_len++] =
		(struct offer_pair){ version, suite, policy_suite(a->settings, version, suite) };
}

static void add_version(struct accountant *a, enum version version)
{
	struct seen seen = { { 0 } };
	a->out->versions[version] = policy_version(a->settings, version);
	if (version == SSLV2) {
		add_pair(a, SSLV2, 0);
		return;
	}
	for (size_t i = 0; i < a->offer->suites_len; i++) {
		uint16_t code = a->offer->suites[i];
		if (policy_pair(version, code) && !seen_before(&seen, code))
			add_pair(a, version, code);
	}
}

/* The group of one version with these rows; a new one where there is none. */
static struct pair_group *group_for(struct accountant *a, size_t first,
				    const struct offer_pair *pair)
{
	struct hello_account *out = a->out;
	for (size_t i = first; i < out->groups_len; i++)
		if (rulings_agree(&a->groups[i].ruling, &pair->ruling))
			return &a->groups[i];
	struct pair_group *groups =
		arena_grow(a->arena, a->groups, out->groups_len, &a->groups_cap, sizeof(*groups));
	if (!groups)
		return NULL;
	a->groups = groups;
	groups[out->groups_len] = (struct pair_group){ .ruling = pair->ruling,
						       .versions = VERSION_BIT(pair->version) };
	return &groups[out->groups_len++];
}

static void add_to_group(struct accountant *a, size_t first, const struct offer_pair *pair)
{
	struct pair_group *group = group_for(a, first, pair);
	uint16_t *suites = group ? arena_grow(a->arena, group->suites, group->suites_len,
					      &group->suites_cap, sizeof(*suites))
				 : NULL;
	if (!suites)
		return;
	group->suites = suites;
	suites[group->suites_len++] = pair->suite;
}

static bool same_suites(const struct pair_group *a, const struct pair_group *b)
{
	return a->suites_len == b->suites_len && rulings_agree(&a->ruling, &b->ruling) &&
	       memcmp(a->suites, b->suites, a->suites_len * sizeof(*a->suites)) == 0;
}

/* Groups of this version that read like one of a higher version become part of it. */
static void merge_groups(struct accountant *a, size_t first)
{
	size_t kept = first;
	for (size_t i = first; i < a->out->groups_len; i++) {
		size_t like = 0;
		while (like < first && !same_suites(&a->groups[like], &a->groups[i]))
			like++;
		if (like < first)
			a->groups[like].versions |= a->groups[i].versions;
		else
			a->groups[kept++] = a->groups[i];
	}
	a->out->groups_len = kept;
}

static void make_groups(struct accountant *a)
{
	size_t at = 0;
	while (at < a->out->pairs_len) {
		enum version version = a->pairs[at].version;
		size_t first = a->out->groups_len;
		for (; at < a->out->pairs_len && a->pairs[at].version == version; at++)
			add_to_group(a, first, &a->pairs[at]);
		merge_groups(a, first);
	}
}

static bool exists(const struct offer *offer, uint16_t code)
{
	bool found = cipher_suite_is_signal(code) || code_is_grease(code);
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++)
		if (offer->versions & VERSION_BIT(v))
			found |= policy_pair((enum version)v, code);
	return found;
}

static void note_unusable(struct accountant *a)
{
	struct seen seen = { { 0 } };
	const struct offer *offer = a->offer;
	uint16_t *unusable = arena_array(a->arena, offer->suites_len + 1, sizeof(*unusable));
	if (!unusable)
		return;
	for (size_t i = 0; i < offer->suites_len; i++)
		if (!exists(offer, offer->suites[i]) && !seen_before(&seen, offer->suites[i]))
			unusable[a->out->unusable_len++] = offer->suites[i];
	a->out->unusable = unusable;
}

enum fault account_of(struct hello_account *out, const struct settings *settings,
		      const struct offer *offer, struct arena *arena)
{
	struct accountant a = { .out = out, .settings = settings, .offer = offer, .arena = arena };
	*out = (struct hello_account){ .ruling = hello_rule(settings, offer) };
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;)
		if (offer->versions & VERSION_BIT(v))
			add_version(&a, (enum version)v);
	make_groups(&a);
	note_unusable(&a);
	out->pairs = a.pairs;
	out->groups = a.groups;
	return arena->fault;
}

/* The ruling of the first pair where every pair is contradicted; else MAY. */
static struct ruling all_contradicted(const struct settings *settings, const struct offer *offer)
{
	struct ruling first = { .kind = RULING_MAY };
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;) {
		size_t len = v == SSLV2 ? 1 : offer->suites_len;
		for (size_t i = 0; offer->versions & VERSION_BIT(v) && i < len; i++) {
			uint16_t code = v == SSLV2 ? 0 : offer->suites[i];
			if (v != SSLV2 && !policy_pair((enum version)v, code))
				continue;
			struct ruling ruling = policy_suite(settings, (enum version)v, code);
			if (ruling.kind != RULING_CONFLICT)
				return (struct ruling){ .kind = RULING_MAY };
			if (!first.rule)
				first = ruling;
		}
	}
	return first;
}

struct ruling hello_rule(const struct settings *settings, const struct offer *offer)
{
	struct ruling ruling = policy_hello(settings, offer);
	return ruling.kind == RULING_MAY ? all_contradicted(settings, offer) : ruling;
}

enum conformity conformity_of_answer(const struct ruling *pair)
{
	switch (pair->kind) {
	case RULING_ACCEPT:
	case RULING_SHOULD:
	case RULING_MAY:
		return CONFORMS;
	case RULING_SHOULD_NOT:
		return REMARKED;
	case RULING_REJECT:
		return pair->inferred ? REMARKED : CONFORMS_NOT;
	case RULING_SILENT:
	case RULING_CONFLICT:
		break;
	}
	return UNJUDGED;
}

enum conformity conformity_of_refusal(const struct ruling *hello)
{
	switch (hello->kind) {
	case RULING_REJECT:
	case RULING_SHOULD_NOT:
	case RULING_MAY:
		return CONFORMS;
	case RULING_SHOULD:
		return REMARKED;
	case RULING_ACCEPT:
		return hello->inferred ? REMARKED : CONFORMS_NOT;
	case RULING_SILENT:
	case RULING_CONFLICT:
		break;
	}
	return UNJUDGED;
}

const char *conformity_name(enum conformity conformity)
{
	static const char *const names[] = { "conforms", "does not conform", "deviates (a remark)",
					     "is not judged" };
	return names[conformity];
}
