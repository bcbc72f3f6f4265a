/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <mbedtls/ecp.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>

#include "endpoint/repertoire.h"
#include "policy/preference.h"
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

static void suite_insert(struct repertoire *out, const struct policy *policy, enum version version,
			 size_t len, uint16_t suite)
{
	assert(len < REPERTOIRE_SUITES_MAX);
	int *suites = out->suites[version];
	const struct preference *preference = policy_preference(policy, version);
	unsigned rank = preference_rank(preference, suite);
	for (; len > 0 && preference_rank(preference, (uint16_t)suites[len - 1]) > rank; len--)
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

static bool group_allowed(const struct settings *settings, enum version version, uint16_t group)
{
	const char *name = registry_name(&registry_groups, group);
	return !name || !policy_has_table(settings->policy, TABLE_GROUP) ||
	       allows(policy_subject(settings, TABLE_GROUP, version, name));
}

static void group_add(struct repertoire *out, const struct settings *settings, enum version version,
		      uint16_t group)
{
	size_t len = out->groups_len[version];
	if (len < REPERTOIRE_GROUPS_MAX && !repertoire_has_group(out, version, group) &&
	    group_allowed(settings, version, group))
		out->groups[version][out->groups_len[version]++] = group;
}

/* P-256 and X25519 first, for speed; then whatever mbedTLS has. */
static void groups_fill(struct repertoire *out, const struct settings *settings,
			enum version version)
{
	group_add(out, settings, version, GROUP_SECP256R1);
	group_add(out, settings, version, GROUP_X25519);
	for (const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_list(); curve->grp_id; curve++)
		group_add(out, settings, version, curve->tls_id);
}

void repertoire_init(struct repertoire *out, const struct settings *settings,
		     enum version_refusal version_refusal)
{
	*out = (struct repertoire){ .plaintext = allows(policy_plaintext(settings)) };
	enum version lowest = VERSION_NONE;
	for (enum version v = TLS1_2; v >= TLS1_0; v--) {
		const struct preference *preference = policy_preference(settings->policy, v);
		if (preference && !preference->server)
			out->client_order |= VERSION_BIT(v);
		groups_fill(out, settings, v);
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

bool repertoire_has_group(const struct repertoire *repertoire, enum version version, uint16_t group)
{
	for (size_t i = 0; i < repertoire->groups_len[version]; i++)
		if (repertoire->groups[version][i] == group)
			return true;
	return false;
}

bool repertoire_speaks(const struct repertoire *repertoire, struct span protocol)
{
	for (size_t i = 0; repertoire->alpn[i]; i++)
		if (span_is(protocol, repertoire->alpn[i]))
			return true;
	return false;
}

/* --- defects --- */

static const struct {
	enum defect defect;
	enum version version;
	uint16_t suite;
} accepted[] = {
	{ DEFECT_ACCEPTS_TLS10, TLS1_0, 0xC013 },
	{ DEFECT_ACCEPTS_TLS10, TLS1_0, 0x002F },
	{ DEFECT_ACCEPTS_TLS11, TLS1_1, 0xC013 },
	{ DEFECT_ACCEPTS_TLS11, TLS1_1, 0x002F },
	{ DEFECT_ACCEPTS_RSA_AES_128_CBC_SHA, TLS1_2, 0x002F },
	{ DEFECT_ACCEPTS_RSA_AES_256_GCM, TLS1_2, 0x009D },
	{ DEFECT_ACCEPTS_ECDHE_AES_128_CBC_SHA, TLS1_2, 0xC013 },
	{ DEFECT_ACCEPTS_ECDHE_AES_256_CBC_SHA, TLS1_2, 0xC014 },
	{ DEFECT_ACCEPTS_DHE_AES_128_GCM, TLS1_2, 0x009E },
	{ DEFECT_ACCEPTS_CHACHA20, TLS1_2, 0xCCA8 },
	{ DEFECT_ACCEPTS_ECDSA, TLS1_2, 0xC02B },
	{ DEFECT_ACCEPTS_CAMELLIA, TLS1_2, 0x0041 },
	{ DEFECT_ACCEPTS_CCM_8, TLS1_2, 0xC0A0 },
	{ DEFECT_ACCEPTS_PSK, TLS1_2, 0x00A8 },
	{ DEFECT_ACCEPTS_ECDHE_PSK, TLS1_2, 0xC035 },
	{ DEFECT_ACCEPTS_STATIC_ECDH, TLS1_2, 0xC004 },
}, refused[] = {
	{ DEFECT_REFUSES_AES_256_GCM, TLS1_2, 0xC030 },
	{ DEFECT_REFUSES_AES_128_GCM, TLS1_2, 0xC02F },
	{ DEFECT_REFUSES_AES_256_CBC, TLS1_2, 0xC028 },
	{ DEFECT_REFUSES_AES_128_CBC, TLS1_2, 0xC027 },
};

static size_t suites_len(const struct repertoire *repertoire, enum version version)
{
	size_t len = 0;
	while (repertoire->suites[version][len])
		len++;
	return len;
}

static void suite_accept(struct repertoire *repertoire, enum version version, uint16_t suite)
{
	size_t len = suites_len(repertoire, version);
	if (repertoire_has(repertoire, version, suite) || !endpoint_supports(version, suite))
		return;
	repertoire->suites[version][len] = suite;
	repertoire->allowed[version][suite / 8] |= (uint8_t)(1u << suite % 8);
	repertoire->versions |= VERSION_BIT(version);
}

static void suite_refuse(struct repertoire *repertoire, enum version version, uint16_t suite)
{
	size_t kept = 0, len = suites_len(repertoire, version);
	int *suites = repertoire->suites[version];
	for (size_t i = 0; i < len; i++)
		if (suites[i] != suite)
			suites[kept++] = suites[i];
	suites[kept] = 0;
	repertoire->allowed[version][suite / 8] &= (uint8_t) ~(1u << suite % 8);
}

static void suites_reverse(struct repertoire *repertoire, enum version version)
{
	int *suites = repertoire->suites[version];
	size_t len = suites_len(repertoire, version);
	for (size_t i = 0; i < len / 2; i++) {
		int other = suites[i];
		suites[i] = suites[len - 1 - i];
		suites[len - 1 - i] = other;
	}
}

void repertoire_break(struct repertoire *repertoire, enum defect defect)
{
	repertoire->defect = defect;
	for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
		if (accepted[i].defect == defect)
			suite_accept(repertoire, accepted[i].version, accepted[i].suite);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (refused[i].defect == defect)
			suite_refuse(repertoire, refused[i].version, refused[i].suite);
	for (enum version v = TLS1_0; v <= TLS1_2 && defect == DEFECT_PREFERS_THE_LAST; v++)
		suites_reverse(repertoire, v);
	if (defect == DEFECT_REFUSES_TLS12)
		repertoire->versions &= (version_set)~VERSION_BIT(TLS1_2);
	if (defect == DEFECT_ACCEPTS_PLAINTEXT)
		repertoire->plaintext = true;
	if (defect == DEFECT_REFUSES_PLAINTEXT)
		repertoire->plaintext = false;
}
