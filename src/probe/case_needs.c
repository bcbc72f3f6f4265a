/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

version_set case_needs_versions(const struct conformance_case *of)
{
	version_set out = of->versions;
	for (size_t i = 0; i < of->needs_len; i++) {
		const struct need *need = &of->needs[i];
		if (need->version != VERSION_NONE)
			out |= VERSION_BIT(need->version);
		else if (need->feature && need->feature != of)
			out |= case_needs_versions(need->feature);
	}
	return out;
}

enum version case_feature_version(const struct case_prover *prover,
				  const struct conformance_case *feature, enum version version)
{
	if (!feature->versions || (feature->versions & VERSION_BIT(version)))
		return version;
	for (enum version v = VERSIONS_LEN; v-- > SSLV2;)
		if ((feature->versions & VERSION_BIT(v)) && prover->accepts[v] == PRESENCE_YES)
			return v;
	return VERSION_NONE;
}

struct trial *case_feature_find(struct case_prover *prover, const struct conformance_case *feature,
				enum version version)
{
	for (size_t i = prover->cases_len; i < prover->trials.len; i++) {
		struct trial *trial = &prover->trials.at[i];
		if (trial->of == feature && trial->version == version)
			return trial;
	}
	return NULL;
}

static const char *version_why(struct case_prover *prover, enum version version)
{
	char phrase[SERVER_MESSAGE_MAX];
	const struct observation *seen = &prover->version_answer[version];
	if (prover->accepts[version] == PRESENCE_YES)
		return arena_printf(prover->arena, "the endpoint accepts %s",
				    version_name(version));
	if (prover->options.supports_version && !prover->options.supports_version(version))
		return arena_printf(prover->arena, "the built-in endpoint does not speak %s",
				    version_name(version));
	observation_describe(phrase, sizeof(phrase), seen);
	return arena_printf(prover->arena, "the endpoint does not accept the base hello at %s: %s",
			    version_name(version), phrase);
}

static enum presence feature_state(struct case_prover *prover, const struct need *need,
				   enum version version, const char **why)
{
	if (!need->feature) {
		*why = arena_printf(prover->arena, "nobody defines the feature '%s'", need->name);
		return PRESENCE_UNKNOWN;
	}
	enum version at = case_feature_version(prover, need->feature, version);
	const struct trial *trial =
		at == VERSION_NONE ? NULL : case_feature_find(prover, need->feature, at);
	if (!trial) {
		*why = "the endpoint accepts none of its versions";
		return PRESENCE_NO;
	}
	*why = trial->result.reason;
	return trial->presence;
}

static enum presence flipped(enum presence presence, bool absent)
{
	if (!absent || presence == PRESENCE_OPEN || presence == PRESENCE_UNKNOWN)
		return presence;
	return presence == PRESENCE_YES ? PRESENCE_NO : PRESENCE_YES;
}

static enum presence need_state(struct case_prover *prover, const struct need *need,
				enum version version, const char **why)
{
	const char *detail = NULL;
	if (need->version != VERSION_NONE) {
		*why = version_why(prover, need->version);
		return flipped(prover->accepts[need->version], need->absent);
	}
	enum presence presence =
		flipped(feature_state(prover, need, version, &detail), need->absent);
	const char *state = presence == PRESENCE_UNKNOWN ? "of which nothing is known"
			    : need->absent		 ? "which the endpoint has"
							 : "which the endpoint does not have";
	*why = arena_printf(prover->arena, "it needs %sfeature '%s', %s%s%s",
			    need->absent ? "no " : "", need->name, state, detail ? ": " : "",
			    detail ? detail : "");
	return presence;
}

/* What rules a case out decides, even while something else is still open. */
enum presence case_needs_state(struct case_prover *prover, struct trial *trial, const char **why)
{
	enum presence all = prover->accepts[trial->version];
	const char *one = NULL;
	*why = version_why(prover, trial->version);
	if (all != PRESENCE_YES)
		return all;
	for (size_t i = 0; i < trial->of->needs_len; i++) {
		enum presence state =
			need_state(prover, &trial->of->needs[i], trial->version, &one);
		if (state == PRESENCE_YES || (state == PRESENCE_UNKNOWN && all == PRESENCE_OPEN))
			continue;
		*why = one;
		all = state;
		if (state == PRESENCE_NO)
			break;
	}
	return all;
}

void case_capture(struct case_prover *prover, struct trial *trial)
{
	for (size_t i = 0; i < trial->of->needs_len; i++) {
		const struct conformance_case *feature = trial->of->needs[i].feature;
		enum version at = feature ? case_feature_version(prover, feature, trial->version)
					  : VERSION_NONE;
		const struct trial *from =
			at == VERSION_NONE ? NULL : case_feature_find(prover, feature, at);
		if (!from || !from->latest.answer)
			continue;
		if (from->latest.answer->ticket.len)
			trial->ticket = from->latest.answer->ticket;
		if (from->latest.answer->session_id.len)
			trial->session_id = from->latest.answer->session_id;
	}
}
