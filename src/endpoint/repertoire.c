/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>

#include "endpoint/repertoire.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* A remark is a deviation too: the endpoint does what is best by the document. */
static bool allows(struct ruling ruling)
{
	switch (ruling.kind) {
	case RULING_SILENT:
	case RULING_ACCEPT:
	case RULING_SHOULD:
	case RULING_MAY:
		return true;
	case RULING_SHOULD_NOT:
	case RULING_REJECT:
	case RULING_CONFLICT:
		return false;
	}
	return false;
}

/* Where rows contradict each other about a version, its suite cells decide. */
static bool version_allowed(const struct settings *settings, enum version version)
{
	struct ruling ruling = policy_version(settings, version);
	return ruling.kind == RULING_CONFLICT || allows(ruling);
}

bool endpoint_supports(enum version version, uint16_t suite)
{
	const struct cipher_suite *known = cipher_suite_by_code(suite);
	if (version < TLS1_0 || version > TLS1_2 || !known || !cipher_suite_in(known, version))
		return false;
	const mbedtls_ssl_ciphersuite_t *theirs = NULL;
	for (const int *id = mbedtls_ssl_list_ciphersuites(); *id && !theirs; id++)
		if (*id == suite)
			theirs = mbedtls_ssl_ciphersuite_from_id(*id);
	int minor = version_code(version) & 0xFF;
	return theirs && theirs->min_minor_ver <= minor && minor <= theirs->max_minor_ver;
}

bool repertoire_has(const struct repertoire *repertoire, enum version version, uint16_t suite)
{
	return (repertoire->allowed[version][suite / 8] >> suite % 8 & 1) != 0;
}

/* "prefer server": a suite that no preference names comes after all that one names. */
static unsigned rank_of(const struct policy *policy, enum version version, uint16_t suite)
{
	const struct cipher_suite *known = cipher_suite_by_code(suite);
	for (size_t i = 0; i < policy->preferences_len; i++) {
		const struct preference *preference = &policy->preferences[i];
		if (!preference->server || !(preference->versions & VERSION_BIT(version)))
			continue;
		for (size_t s = 0; s < preference->suites_len; s++)
			if (strcmp(preference->suites[s], known->name) == 0)
				return preference->ranks[s];
	}
	return UINT8_MAX + 1;
}

static void suite_insert(struct repertoire *out, const struct policy *policy, enum version version,
			 size_t len, uint16_t suite)
{
	assert(len < REPERTOIRE_SUITES_MAX);
	int *suites = out->suites[version];
	unsigned rank = rank_of(policy, version, suite);
	for (; len > 0 && rank_of(policy, version, (uint16_t)suites[len - 1]) > rank; len--)
		suites[len] = suites[len - 1];
	suites[len] = suite;
	out->allowed[version][suite / 8] |= (uint8_t)(1u << suite % 8);
}

/* `all`: whatever mbedTLS can do, because the client is told no afterwards. */
static void version_fill(struct repertoire *out, const struct settings *settings,
			 enum version version, bool all)
{
	size_t len = 0;
	for (const int *id = mbedtls_ssl_list_ciphersuites(); *id; id++) {
		uint16_t suite = (uint16_t)*id;
		if (!endpoint_supports(version, suite) ||
		    (!all && !allows(policy_suite(settings, version, suite))))
			continue;
		suite_insert(out, settings->policy, version, len++, suite);
	}
	if (len)
		out->versions |= VERSION_BIT(version);
}

void repertoire_init(struct repertoire *out, const struct settings *settings,
		     enum version_refusal version_refusal)
{
	*out = (struct repertoire){ .plaintext = allows(policy_plaintext(settings)) };
	enum version lowest = VERSION_NONE;
	for (enum version v = TLS1_2; v >= TLS1_0; v--) {
		if (!version_allowed(settings, v))
			continue;
		version_fill(out, settings, v, false);
		lowest = v;
	}
	for (enum version v = TLS1_0;
	     version_refusal == REFUSE_BY_ERROR && v < lowest && v <= TLS1_2; v++) {
		version_fill(out, settings, v, true);
		out->refused |= VERSION_BIT(v);
	}
}

bool repertoire_group(const struct settings *settings, enum version version, uint16_t group)
{
	const char *name = registry_name(&registry_groups, group);
	return !name || !policy_has_table(settings->policy, TABLE_GROUP) ||
	       allows(policy_subject(settings, TABLE_GROUP, version, name));
}
