/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_account.h"
#include "live/hello_flip_search.h"
#include "registry/cipher_suite.h"

struct ruling flip_try(const struct flip_search *s, const struct offer_edit *edit, size_t choice)
{
	struct offer offer;
	edit_apply(&offer, &s->few, edit, choice, s->room);
	return hello_rule(s->settings, &offer);
}

static enum side pair_side(const struct flip_search *s, enum version version, uint16_t suite)
{
	struct ruling ruling = policy_suite(s->settings, version, suite);
	return ruling_side(&ruling);
}

/* A server may answer with it, and the policy says so. */
static bool pair_is_wanted(const struct flip_search *s, enum version version, uint16_t suite)
{
	enum ruling_kind kind = policy_suite(s->settings, version, suite).kind;
	return kind == RULING_ACCEPT || kind == RULING_SHOULD || kind == RULING_MAY;
}

/* How a suite is ruled in each version; where it makes no pair there is no ruling. */
struct profile {
	bool pair[VERSIONS_LEN];
	struct ruling ruling[VERSIONS_LEN];
};

static struct profile profile_of(const struct settings *settings, uint16_t suite)
{
	struct profile out = { .pair = { false } };
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
		out.pair[v] = policy_pair((enum version)v, suite);
		if (out.pair[v])
			out.ruling[v] = policy_suite(settings, (enum version)v, suite);
	}
	return out;
}

static bool is_like(const struct profile *a, const struct profile *b)
{
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++)
		if (a->pair[v] != b->pair[v] || !rulings_agree(&a->ruling[v], &b->ruling[v]))
			return false;
	return true;
}

static bool make_few(struct flip_search *s)
{
	const struct offer *offer = &s->hello->offer;
	struct profile *profiles = NULL;
	size_t len = 0, cap = 0;
	uint16_t *suites = arena_array(s->arena, offer->suites_len + 1, sizeof(*suites));
	s->room = arena_array(s->arena, offer->suites_len + 1, sizeof(*s->room));
	for (size_t i = 0; i < offer->suites_len && s->room; i++) {
		struct profile profile = profile_of(s->settings, offer->suites[i]);
		size_t like = 0;
		while (like < len && !is_like(&profiles[like], &profile))
			like++;
		if (like < len)
			continue;
		profiles = arena_grow(s->arena, profiles, len, &cap, sizeof(*profiles));
		if (!profiles)
			return false;
		suites[len] = offer->suites[i];
		profiles[len++] = profile;
	}
	s->few = (struct offer){ .versions = offer->versions, .suites = suites, .suites_len = len };
	return s->room != NULL;
}

/* At the highest version only acceptable pairs may stay: the others must go (rule 3). */
static bool bars_acceptance(const struct flip_search *s, version_set versions, uint16_t suite)
{
	enum version top = version_set_highest(versions);
	return policy_pair(top, suite) && pair_side(s, top, suite) != SIDE_FOR;
}

/* No pair may stay that is not ruled against. */
static bool bars_rejection(const struct flip_search *s, version_set versions, uint16_t suite)
{
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++)
		if (versions & VERSION_BIT(v) && policy_pair((enum version)v, suite) &&
		    pair_side(s, (enum version)v, suite) != SIDE_AGAINST)
			return true;
	return false;
}

typedef bool suite_bars(const struct flip_search *s, version_set versions, uint16_t suite);

static version_set edited_versions(const struct flip_search *s, const struct offer_edit *edit)
{
	version_set kept = (version_set)(s->hello->offer.versions & ~edit->drop_versions);
	return kept | edit->add_versions;
}

/* Puts the suites that bar it into `drop`, each once; false where that would be all, or memory is
 * short. */
static bool drop_those(struct flip_search *s, struct offer_edit *edit, suite_bars *bars)
{
	const struct offer *offer = &s->hello->offer;
	version_set versions = edited_versions(s, edit);
	uint16_t *drop = arena_array(s->arena, offer->suites_len + 1, sizeof(*drop));
	struct code_set seen = { { 0 } };
	size_t stay = 0;
	if (!drop)
		return false;
	for (size_t i = 0; i < offer->suites_len; i++) {
		uint16_t code = offer->suites[i];
		bool again = code_set_has(&seen, code);
		code_set_add(&seen, code);
		if (!bars(s, versions, code))
			stay++;
		else if (!again)
			drop[edit->drop_len++] = code;
	}
	edit->drop = drop;
	return stay > 0;
}

/* The suites of which any one leads to a ruling. */
struct choice {
	struct ruling ruling;
	uint16_t *suites;
	size_t len;
};

/* A ruling is a kind with or without `?`. */
#define CHOICES_MAX (2 * (RULING_CONFLICT + 1))
struct choices {
	struct choice at[CHOICES_MAX];
	size_t len;
};

static void choose(struct flip_search *s, struct choices *choices, uint16_t suite,
		   const struct ruling *ruling)
{
	size_t i = 0;
	while (i < choices->len && (choices->at[i].ruling.kind != ruling->kind ||
				    choices->at[i].ruling.inferred != ruling->inferred))
		i++;
	struct choice *choice = &choices->at[i];
	if (i == choices->len) {
		choice->ruling = *ruling;
		choice->suites = arena_array(s->arena, cipher_suites_len, sizeof(uint16_t));
		choices->len++;
	}
	if (choice->suites)
		choice->suites[choice->len++] = suite;
}

static bool note_choices(struct flip_search *s, const struct choices *choices,
			 const struct offer_edit *edit)
{
	for (size_t i = 0; i < choices->len; i++) {
		struct flip flip = { .edit = *edit, .ruling = choices->at[i].ruling };
		flip.edit.add = choices->at[i].suites;
		flip.edit.add_len = choices->at[i].len;
		flip_note(s, &flip);
	}
	return choices->len > 0;
}

static bool offers(const struct offer *offer, uint16_t suite)
{
	for (size_t i = 0; i < offer->suites_len; i++)
		if (offer->suites[i] == suite)
			return true;
	return false;
}

/* Tries every registered suite that is not offered and, at some version of these, is one that the
 * policy would have answered. */
static struct choices try_suites(struct flip_search *s, struct offer_edit edit,
				 version_set versions, enum side side)
{
	struct choices out = { .len = 0 };
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		bool wanted = false;
		for (unsigned v = SSLV3; v < VERSIONS_LEN; v++)
			wanted |= versions & VERSION_BIT(v) &&
				  policy_pair((enum version)v, suite->code) &&
				  pair_is_wanted(s, (enum version)v, suite->code);
		if (!wanted || !suite->registered || offers(&s->hello->offer, suite->code))
			continue;
		edit.add = &suite->code;
		edit.add_len = 1;
		struct ruling ruling = flip_try(s, &edit, 0);
		if (ruling_side(&ruling) == side)
			choose(s, &out, suite->code, &ruling);
	}
	return out;
}

bool flip_suites_for(struct flip_search *s, const struct offer_edit *versions)
{
	struct offer_edit edit = *versions;
	version_set set = edited_versions(s, &edit);
	bool stays = drop_those(s, &edit, bars_acceptance);
	struct ruling ruling = flip_try(s, &edit, 0);
	if (stays && ruling_side(&ruling) == SIDE_FOR) {
		flip_note(s, &(struct flip){ .edit = edit, .ruling = ruling });
		return true;
	}
	version_set top = VERSION_BIT(version_set_highest(set));
	struct choices choices = try_suites(s, edit, top, SIDE_FOR);
	return note_choices(s, &choices, &edit);
}

static void flip_suites_against(struct flip_search *s)
{
	struct offer_edit edit = { .drop_len = 0 };
	if (!drop_those(s, &edit, bars_rejection))
		return;
	struct ruling ruling = flip_try(s, &edit, 0);
	if (ruling_side(&ruling) == SIDE_AGAINST)
		flip_note(s, &(struct flip){ .edit = edit, .ruling = ruling });
}

void flip_search_suites(struct flip_search *s)
{
	static const struct offer_edit none = { .drop_len = 0 };
	if (!make_few(s) || !s->few.versions)
		return;
	if (s->side != SIDE_FOR)
		flip_suites_for(s, &none);
	if (s->side != SIDE_AGAINST) {
		flip_suites_against(s);
		return;
	}
	struct choices open = try_suites(s, none, s->hello->offer.versions, SIDE_OPEN);
	note_choices(s, &open, &none);
}
