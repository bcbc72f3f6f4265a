/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule.h"
#include "registry/registry.h"

/*
 * What the pairs seen so far say together. Of several pairs that agree, an inferred one decides:
 * the hello is not ruled more firmly than its least firm pair.
 */
struct tally {
	bool pairs, all_silent;
	bool all_rejected, all_warned; /* every pair `reject`; `reject` or `should-not` */
	struct ruling reject, warn, silent;
};

/* The same for the pairs at the highest version alone. */
struct summit {
	bool pairs, all_accepted, all_wanted; /* every pair `accept`; `accept` or `should` */
	struct ruling accept, want;
};

static void decide(struct ruling *decider, const struct ruling *ruling)
{
	if (!decider->rule || (ruling->inferred && !decider->inferred))
		*decider = *ruling;
}

static void tally_add(struct tally *tally, const struct ruling *ruling)
{
	tally->pairs = true;
	tally->all_silent &= ruling->kind == RULING_SILENT;
	tally->all_rejected &= ruling->kind == RULING_REJECT;
	tally->all_warned &= ruling->kind == RULING_REJECT || ruling->kind == RULING_SHOULD_NOT;
	if (ruling->kind == RULING_REJECT)
		decide(&tally->reject, ruling);
	if (ruling->kind == RULING_SHOULD_NOT)
		decide(&tally->warn, ruling);
	if (ruling->kind == RULING_SILENT)
		decide(&tally->silent, ruling);
}

static void summit_add(struct summit *summit, const struct ruling *ruling)
{
	summit->pairs = true;
	summit->all_accepted &= ruling->kind == RULING_ACCEPT;
	summit->all_wanted &= ruling->kind == RULING_ACCEPT || ruling->kind == RULING_SHOULD;
	if (ruling->kind == RULING_ACCEPT)
		decide(&summit->accept, ruling);
	if (ruling->kind == RULING_SHOULD)
		decide(&summit->want, ruling);
}

bool policy_pair(enum version version, uint16_t code)
{
	if (cipher_suite_is_signal(code) || code_is_grease(code))
		return false;
	const struct cipher_suite *suite = cipher_suite_by_code(code);
	return !suite || cipher_suite_in(suite, version);
}

static void add_version(const struct settings *settings, const struct offer *offer,
			enum version version, struct tally *tally, struct summit *summit)
{
	bool top = version == version_set_highest(offer->versions);
	/* The kinds of SSLv2 are all one cell: `*`. */
	size_t len = version == SSLV2 ? 1 : offer->suites_len;
	for (size_t i = 0; i < len; i++) {
		uint16_t code = version == SSLV2 ? 0 : offer->suites[i];
		if (version != SSLV2 && !policy_pair(version, code))
			continue;
		struct ruling ruling = policy_suite(settings, version, code);
		tally_add(tally, &ruling);
		if (top)
			summit_add(summit, &ruling);
	}
}

/* Nothing that could be answered: such a hello is rejected where all its versions are. */
static struct ruling without_pairs(const struct settings *settings, version_set versions)
{
	struct ruling out = { .kind = RULING_SILENT };
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
		if (!(versions & VERSION_BIT(v)))
			continue;
		struct cell cell = cell_version((enum version)v);
		struct ruling ruling = cell_rule(settings, &cell);
		if (ruling.kind != RULING_REJECT)
			return (struct ruling){ .kind = RULING_SILENT };
		decide(&out, &ruling);
	}
	return out;
}

struct ruling policy_hello(const struct settings *settings, const struct offer *offer)
{
	struct tally tally = { .all_silent = true, .all_rejected = true, .all_warned = true };
	struct summit summit = { .all_accepted = true, .all_wanted = true };
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		if (offer->versions & VERSION_BIT(v))
			add_version(settings, offer, (enum version)v, &tally, &summit);
	if (!tally.pairs)
		return without_pairs(settings, offer->versions);
	if (tally.all_rejected)
		return tally.reject;
	if (tally.all_warned)
		return tally.warn;
	if (tally.all_silent)
		return tally.silent;
	if (summit.pairs && summit.all_accepted)
		return summit.accept;
	if (summit.pairs && summit.all_wanted)
		return summit.want;
	return (struct ruling){ .kind = RULING_MAY };
}
