/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"
#include "registry/cipher_suite.h"

#include <stdio.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* What servers of any age might agree to, so that being turned down means something. */
static const uint16_t common[] = {
	0xC013, 0xC014, 0x002F, 0x0035, 0x009C, 0x009D, 0xC02F, 0xC030, 0xC027, 0xC028, 0x003C,
	0x003D, 0x009E, 0x009F, 0x0033, 0x0039, 0xCCA8, 0xCCAA, 0x000A, 0x0005, 0x0004, 0x0041,
	0xC009, 0xC00A, 0xC02B, 0xC02C, 0x1304, 0x1305, 0x1303, 0x1302, 0x1301,
};

/* No suite of one of these exists in the other's versions. */
static const uint16_t below_tls13[] = { 0xC02F, 0xC030, 0xC013, 0x009C, 0x002F };
static const uint16_t of_tls13[] = { 0x1301, 0x1302, 0x1303 };

static bool is_admitted(const struct ruling *ruling)
{
	return ruling->kind == RULING_ACCEPT || ruling->kind == RULING_SHOULD ||
	       ruling->kind == RULING_MAY;
}

static size_t add_ruled(const struct settings *settings, enum version version, unsigned kinds,
			uint32_t *out, size_t len, size_t room)
{
	for (size_t i = 0; i < cipher_suites_len && len < room; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		if (!cipher_suite_in(suite, version) || !suite->registered)
			continue;
		if (1u << policy_suite(settings, version, suite->code).kind & kinds)
			out[len++] = suite->code;
	}
	return len;
}

/* What the policy wants before what it only admits; where it speaks of no suite, what is common. */
size_t plan_admitted(const struct settings *settings, enum version version, uint32_t *out,
		     size_t room)
{
	struct ruling ruling = policy_version(settings, version);
	size_t len = add_ruled(settings, version, 1u << RULING_ACCEPT | 1u << RULING_SHOULD, out, 0,
			       room);
	len = add_ruled(settings, version, 1u << RULING_MAY, out, len, room);
	bool none = !len && is_admitted(&ruling);
	for (size_t i = 0; none && i < LEN(common) && len < room; i++) {
		const struct cipher_suite *suite = cipher_suite_by_code(common[i]);
		bool silent = policy_suite(settings, version, common[i]).kind == RULING_SILENT;
		if (suite && cipher_suite_in(suite, version) && silent)
			out[len++] = common[i];
	}
	return len;
}

static void add_candidates(struct series *series, const uint16_t *suites, size_t len)
{
	for (size_t i = 0; i < len && series->candidates_len < CANDIDATES_MAX; i++)
		series->candidates[series->candidates_len++] = suites[i];
}

/* Suites that the policy rejects; to fill up the list of an accepted hello, those that the version
 * does not have. */
void plan_candidates(struct series *series, const struct settings *settings)
{
	enum version version = series->subject.version;
	for (size_t i = 0; i < LEN(common); i++) {
		const struct cipher_suite *suite = cipher_suite_by_code(common[i]);
		if (suite && cipher_suite_in(suite, version) &&
		    policy_suite(settings, version, common[i]).kind == RULING_REJECT)
			add_candidates(series, &common[i], 1);
	}
	if (!series->accepts && !series->candidates_len)
		return;
	if (series->candidates_len >= PARAMETER_OTHERS_MAX / 2)
		return;
	if (version == TLS1_3)
		add_candidates(series, below_tls13, LEN(below_tls13));
	else
		add_candidates(series, of_tls13, LEN(of_tls13));
}

static bool add_series(struct strength *strength, enum version version, bool accepts,
		       struct ruling ruling)
{
	const struct strength_options *options = &strength->options;
	char id[FINDING_ID_MAX];
	snprintf(id, sizeof(id), "hello/%s/%s", accepts ? "accept" : "reject",
		 version_name(version));
	if (!id_is_selected(id, options->only, options->shard, options->shards))
		return true;
	struct series *series = LIST_ADD(strength, strength->series);
	if (!series)
		return false;
	series->accepts = accepts;
	series->ruling = ruling;
	series->arena = strength->arena;
	memcpy(series->id, id, sizeof(series->id));
	series->subject = (struct hello_subject){
		.version = version,
		.shape = &strength->options.shape,
		.upgrade = options->upgrade,
		.seed = options->seed,
	};
	plan_candidates(series, &strength->settings);
	return true;
}

static bool plan_version(struct strength *strength, enum version version)
{
	struct ruling ruling = policy_version(&strength->settings, version);
	bool wanted = ruling.kind == RULING_ACCEPT || ruling.kind == RULING_SHOULD;
	if (wanted && !add_series(strength, version, true, ruling))
		return false;
	if (ruling.kind == RULING_REJECT)
		return add_series(strength, version, false, ruling);
	if (!is_admitted(&ruling))
		return true;
	for (size_t i = 0; i < LEN(common); i++) {
		const struct cipher_suite *suite = cipher_suite_by_code(common[i]);
		if (!suite || !cipher_suite_in(suite, version))
			continue;
		ruling = policy_suite(&strength->settings, version, common[i]);
		if (ruling.kind == RULING_REJECT)
			return add_series(strength, version, false, ruling);
	}
	return true;
}

bool strength_plan(struct strength *strength)
{
	for (enum version version = TLS1_0; version <= TLS1_3; version++)
		if (!plan_version(strength, version))
			return false;
	return true;
}
