/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_flip.h"

#include "live/hello_account.h"
#include "live/hello_flip_search.h"
#include "registry/cipher_suite.h"

enum side ruling_side(const struct ruling *ruling)
{
	switch (ruling->kind) {
	case RULING_ACCEPT:
	case RULING_SHOULD:
		return SIDE_FOR;
	case RULING_REJECT:
	case RULING_SHOULD_NOT:
		return SIDE_AGAINST;
	case RULING_SILENT:
	case RULING_MAY:
	case RULING_CONFLICT:
		break;
	}
	return SIDE_OPEN;
}

void edit_apply(struct offer *out, const struct offer *offer, const struct offer_edit *edit,
		size_t choice, uint16_t *suites)
{
	struct code_set dropped = { { 0 } };
	size_t len = 0;
	for (size_t i = 0; i < edit->drop_len; i++)
		code_set_add(&dropped, edit->drop[i]);
	for (size_t i = 0; i < offer->suites_len; i++)
		if (!code_set_has(&dropped, offer->suites[i]))
			suites[len++] = offer->suites[i];
	if (choice < edit->add_len)
		suites[len++] = edit->add[choice];
	version_set kept = (version_set)(offer->versions & ~edit->drop_versions);
	*out = (struct offer){ .versions = kept | edit->add_versions,
			       .suites = suites,
			       .suites_len = len };
}

struct settings flip_settings(const struct settings *settings, const struct flip *flip)
{
	struct settings out = *settings;
	if (flip->kind == FLIP_SETTING)
		out.value[flip->setting] = flip->value;
	if (flip->kind == FLIP_STRICT)
		out.strict = !out.strict;
	if (flip->kind == FLIP_CONDITION)
		settings_hold(&out, flip->condition, !settings_holds(&out, flip->condition));
	return out;
}

void flip_note(struct flip_search *s, const struct flip *flip)
{
	struct flip *flips = arena_grow(s->arena, s->flips, s->len, &s->cap, sizeof(*flips));
	if (!flips)
		return;
	s->flips = flips;
	flips[s->len++] = *flip;
	s->found_for |= flip->kind == FLIP_HELLO && ruling_side(&flip->ruling) == SIDE_FOR;
}

/* Whatever leads away from a demand is told, and whatever leads to one. */
static void try_settings(struct flip_search *s, struct flip flip)
{
	struct settings changed = flip_settings(s->settings, &flip);
	flip.ruling = hello_rule(&changed, &s->hello->offer);
	if (ruling_side(&flip.ruling) == s->side)
		return;
	flip.forbidden = policy_transition(s->settings, &changed);
	flip_note(s, &flip);
}

static void try_all_settings(struct flip_search *s)
{
	const struct policy *policy = s->settings->policy;
	for (size_t i = 0; i < policy->settings_len; i++)
		for (size_t v = 0; v < policy->settings[i].values_len; v++)
			if (v != s->settings->value[i])
				try_settings(s, (struct flip){ .kind = FLIP_SETTING,
							       .setting = i,
							       .value = v });
	try_settings(s, (struct flip){ .kind = FLIP_STRICT });
	for (unsigned c = CONDITION_NONE + 1; c <= CONDITION_CERTIFICATE_DSS; c++)
		try_settings(
			s, (struct flip){ .kind = FLIP_CONDITION, .condition = (enum condition)c });
}

enum fault flips_of(struct flips *out, const struct settings *settings,
		    const struct hello_offer *hello, struct arena *arena)
{
	struct ruling ruling = hello_rule(settings, &hello->offer);
	struct flip_search s = {
		.settings = settings, .hello = hello, .arena = arena, .side = ruling_side(&ruling)
	};
	bool is_bare = hello->sslv2 && hello->offer.versions == VERSION_BIT(SSLV2);
	if (!is_bare) {
		flip_search_suites(&s);
		flip_search_versions(&s);
	}
	try_all_settings(&s);
	*out = (struct flips){ .at = s.flips, .len = s.len };
	return arena->fault;
}

const struct setting *flip_setting(const struct settings *settings, const struct flip *flip)
{
	return flip->kind == FLIP_SETTING ? &settings->policy->settings[flip->setting] : NULL;
}
